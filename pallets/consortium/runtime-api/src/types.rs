//! The types of the answers.

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
	/// The hospital's id.
	pub id: HospitalId,
	/// The name, in UTF-8.
	pub name: Vec<u8>,
	/// The URL of its gateway.
	pub gateway: Vec<u8>,
	/// The account that acts for the hospital.
	pub controller: AccountId,
	/// The account by which the chain knows the hospital's validator.
	pub seat_account: AccountId,
	/// The state of the hospital's validator.
	pub seat: SeatStatus,
	/// The hospital's way of accepting registrations.
	pub registration: RegistrationMode,
	/// The number of the hospital's registrars.
	pub registrars: u32,
}
