//! What the answers consist of.

pub use medblock_primitives::{MAX_PAGE, Page};

use alloc::vec::Vec;
use codec::{Decode, Encode};
use medblock_primitives::{HospitalId, RegistrationMode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Where a hospital's validator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SeatStatus {
	/// It takes turns to author blocks and votes on finality.
	#[codec(index = 0)]
	Seated,
	/// It will be seated in one of the next sessions.
	#[codec(index = 1)]
	Waiting,
	/// It has no session keys yet.
	#[codec(index = 2)]
	Keyless,
	/// It authored nothing for too long; the hospital can take the seat back.
	#[codec(index = 3)]
	Benched,
	/// It signed conflicting votes; the council can give the seat back.
	#[codec(index = 4)]
	Suspended,
	/// The hospital does not belong to the consortium any more.
	#[codec(index = 5)]
	Expelled,
}

/// A hospital, as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HospitalInfo<AccountId> {
	/// Its id.
	pub id: HospitalId,
	/// Its name, in UTF-8.
	pub name: Vec<u8>,
	/// The URL of its gateway.
	pub gateway: Vec<u8>,
	/// The account that acts for it.
	pub controller: AccountId,
	/// The account that its validator is known by.
	pub seat_account: AccountId,
	/// Where its validator stands.
	pub seat: SeatStatus,
	/// How it takes in people.
	pub registration: RegistrationMode,
	/// How many people verify for it.
	pub registrars: u32,
}
