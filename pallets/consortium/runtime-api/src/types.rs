//! The types of the answers.

pub use medblock_primitives::{MAX_PAGE, Page};

use alloc::vec::Vec;
use codec::{Decode, Encode};
use medblock_primitives::{
	DisclosureAnchor, EncryptionKey, HospitalId, InstitutionId, InstitutionKind, RegistrationMode,
	SealedKey,
};
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

/// A registrar of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RegistrarInfo<AccountId> {
	/// The registrar's account.
	pub account: AccountId,
	/// The registrar's own key, to which profile keys are sealed; none if it is not published yet.
	pub key: Option<EncryptionKey>,
	/// Whether the secret of the hospital's current profile key is sealed to that key.
	pub holds_profile_key: bool,
}

/// An appointment that waits for the account to accept it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AppointmentInfo<AccountId, BlockNumber> {
	/// The hospital that appoints.
	pub hospital: HospitalId,
	/// The account that can accept.
	pub registrar: AccountId,
	/// The first block in which it can no longer accept.
	pub until: BlockNumber,
}

/// An institution of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct InstitutionInfo {
	/// The institution's id.
	pub id: InstitutionId,
	/// The hospital to which it belongs.
	pub hospital: HospitalId,
	/// Its kind.
	pub kind: InstitutionKind,
	/// Its name, as UTF-8.
	pub name: Vec<u8>,
	/// Whether it may add records where patients allow it. A closed institution never opens again.
	pub open: bool,
}

/// The accounts that add records for an institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OperatorsInfo<AccountId, BlockNumber> {
	/// The institution.
	pub institution: InstitutionId,
	/// The accounts, in order.
	pub operators: Vec<AccountId>,
	/// The accounts that can accept their appointment, each with the first block in which it no longer
	/// can.
	pub appointed: Vec<(AccountId, BlockNumber)>,
}

/// The state of a hospital's profile key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProfileKeyInfo {
	/// The current version, if the hospital has published one.
	pub key: Option<EncryptionKey>,
	/// The number of registrars who have its secret.
	pub holders: u32,
	/// Whether a new version is due, since an account may know the secret that does not count as a holder.
	pub due: bool,
}

/// The log of what a hospital's vault gave out, as far as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DisclosureLogInfo<AccountId> {
	/// The vault's account, whose key signs receipts. None if the hospital has not named any.
	pub vault_account: Option<AccountId>,
	/// The number of the hospital's logs before this one.
	pub number: u32,
	/// The last anchor of this log, with its number.
	pub last: Option<(u32, DisclosureAnchor)>,
}

/// The secret of a hospital's current profile key, sealed to a registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HeldProfileKey {
	/// The hospital.
	pub hospital: HospitalId,
	/// The version of the profile key.
	pub version: u32,
	/// The version of the registrar's own key that the secret is sealed to.
	pub key_version: u32,
	/// The sealed secret.
	pub key: SealedKey,
}
