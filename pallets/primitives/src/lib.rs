//! The types that MedBlock's pallets, node and clients share. With them, a client needs no pallet.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod council;
mod delegation;
mod denied;
mod disclosures;
mod documents;
mod encryption_key;
mod grants;
mod ids;
mod institutions;
#[cfg(feature = "std")]
mod keys_file;
mod pages;
mod people;
mod portal;
mod profile_keys;
mod recipients;
mod roles;
mod statements;
mod text;
mod vaults;

pub use council::council_threshold;
pub use delegation::*;
pub use denied::*;
pub use disclosures::{ANCHOR_INTERVAL, DisclosureAnchor, MAX_ANCHORS, NumberedAnchor};
pub use documents::*;
pub use encryption_key::{
	EncryptionKey, InvalidKey, PublicKey, SUITE_X_WING, X_WING_PUBLIC_KEY_LENGTH, check_public_key,
};
pub use grants::*;
pub use ids::*;
pub use institutions::*;
#[cfg(feature = "std")]
pub use keys_file::{KeysFile, Validator};
pub use pages::{MAX_PAGE, MAX_SCAN, Page};
pub use people::*;
pub use portal::{MAX_PORTAL_RELEASES, PortalRelease, PortalVersion, is_version};
pub use profile_keys::*;
pub use recipients::*;
pub use roles::*;
pub use statements::{
	change_account_message, ownership_statement, recovery_message, vault_account_message,
};
pub use text::{
	BYTES_PER_CHARACTER, MAX_DETAILS, MAX_NAME, is_gateway, is_line, is_line_within, is_name,
	may_be_address,
};
pub use vaults::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How a hospital takes in new patients and doctors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RegistrationMode {
	/// Anybody may register and name this hospital.
	#[default]
	#[codec(index = 0)]
	Open,
	/// Only an account that one of the hospital's registrars has vouched for may register.
	#[codec(index = 1)]
	SponsoredOnly,
	/// No one may register for now.
	#[codec(index = 2)]
	Closed,
}
