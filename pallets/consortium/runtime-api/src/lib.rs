//! The runtime's answers to nodes and clients about the consortium.
//!
//! Hospitals come in pages, in the order of their ids: ask with no cursor first, then with `next` of
//! the previous page, until that is `None`. A page holds at most [`MAX_PAGE`] of them, whatever the
//! limit.
//!
//! Wallets show a function's doc comment on one line and cut it at about 80 characters, so each comment
//! is one short sentence.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro repeats the bound on `AccountId` for each function that takes one.
#![allow(clippy::multiple_bound_locations)]

extern crate alloc;

mod types;

pub use types::*;

#[cfg(feature = "runtime-api")]
use {
	alloc::vec::Vec,
	codec::Codec,
	medblock_primitives::{
		EncryptionKey, HospitalId, InstitutionId, NumberedAnchor, PortalRelease, ProfileKeyVersion,
	},
};

#[cfg(feature = "runtime-api")]
sp_api::decl_runtime_apis! {
	/// The hospitals, their registrars and profile keys, their vaults' logs, the authors of blocks, the
	/// nodes that may join, and the portal's releases.
	#[api_version(3)]
	pub trait ConsortiumApi<AccountId: Codec> {
		/// Hospitals with ids greater than `after`, expelled ones included.
		fn hospitals(
			after: Option<HospitalId>,
			limit: u32,
		) -> Page<HospitalInfo<AccountId>, HospitalId>;

		/// A hospital, expelled or not.
		fn hospital(hospital: HospitalId) -> Option<HospitalInfo<AccountId>>;

		/// The active hospital for which an account verifies people.
		fn registrar_of(account: AccountId) -> Option<HospitalId>;

		/// The key to which patients' profiles are encrypted for a hospital.
		fn encryption_key(hospital: HospitalId) -> Option<EncryptionKey>;

		/// A hospital's registrars, in order of their accounts, with their own keys.
		fn registrars(hospital: HospitalId) -> Vec<RegistrarInfo<AccountId>>;

		/// A hospital's appointments that wait to be accepted.
		fn appointments(hospital: HospitalId) -> Vec<AppointmentInfo<AccountId, u32>>;

		/// The appointments that an account can accept.
		fn appointments_of(account: AccountId) -> Vec<AppointmentInfo<AccountId, u32>>;

		/// The state of a hospital's profile key.
		fn profile_key(hospital: HospitalId) -> ProfileKeyInfo;

		/// Versions of a hospital's profile key after `after`; each wraps the one before.
		fn profile_key_versions(
			hospital: HospitalId,
			after: Option<u32>,
			limit: u32,
		) -> Page<(u32, ProfileKeyVersion), u32>;

		/// The secret of the current profile key, as sealed to a registrar.
		fn held_profile_key(registrar: AccountId) -> Option<HeldProfileKey>;

		/// Institutions with ids greater than `after`, closed ones included.
		fn institutions(
			after: Option<InstitutionId>,
			limit: u32,
		) -> Page<InstitutionInfo, InstitutionId>;

		/// An institution, closed or not.
		fn institution(institution: InstitutionId) -> Option<InstitutionInfo>;

		/// The open institution that an account adds records for.
		fn operator_of(account: AccountId) -> Option<InstitutionId>;

		/// The accounts that add records for each open institution of a hospital.
		fn operators(hospital: HospitalId) -> Vec<OperatorsInfo<AccountId, u32>>;

		/// The first block in which an account can no longer join an institution.
		fn operator_appointment(institution: InstitutionId, account: AccountId) -> Option<u32>;

		/// The vault account of a hospital, and the log that it keeps.
		fn disclosure_log(hospital: HospitalId) -> DisclosureLogInfo<AccountId>;

		/// The last anchors of a hospital's logs, with numbers greater than `after`.
		fn disclosure_anchors(
			hospital: HospitalId,
			after: Option<u32>,
			limit: u32,
		) -> Page<NumberedAnchor, u32>;

		/// The active hospital whose vault's account this is.
		fn vault_of(account: AccountId) -> Option<HospitalId>;

		/// The hospital that authored this block; none for the genesis.
		fn author() -> Option<HospitalId>;

		/// The nodes that may join, as the bytes of their libp2p peer ids.
		fn authorized_nodes() -> Vec<Vec<u8>>;

		/// The releases of the portal that hospitals may serve, the oldest first.
		fn portal_releases() -> Vec<PortalRelease>;
	}
}
