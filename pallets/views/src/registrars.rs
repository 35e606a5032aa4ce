//! Registrars, their appointments, and the hospitals' profile keys, as JSON.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Account, Bytes, EncryptionKey, Hex};
use medblock_primitives::{self as primitives, HospitalId};
use pallet_consortium_runtime_api::{
	AppointmentInfo, HeldProfileKey as HeldProfileKeyInfo, ProfileKeyInfo, RegistrarInfo,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An account that verifies people for a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Registrar {
	/// The registrar's account.
	pub account: Account,
	/// The registrar's own key, to which profile keys are sealed; `null` if it is not published yet.
	pub key: Option<EncryptionKey>,
	/// Whether the registrar can open the hospital's current profile key.
	pub holds_profile_key: bool,
}

impl<AccountId: AsRef<[u8; 32]>> From<RegistrarInfo<AccountId>> for Registrar {
	fn from(info: RegistrarInfo<AccountId>) -> Self {
		Self {
			account: Account::new(info.account),
			key: info.key.map(Into::into),
			holds_profile_key: info.holds_profile_key,
		}
	}
}

/// A hospital's offer to an account to become its registrar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Appointment {
	/// The hospital that appoints.
	pub hospital: HospitalId,
	/// The account that can accept.
	pub registrar: Account,
	/// The first block in which the account can no longer accept.
	#[cfg_attr(feature = "schema", schemars(with = "schema::BlockNumber"))]
	pub until: u32,
}

impl<AccountId: AsRef<[u8; 32]>> From<AppointmentInfo<AccountId, u32>> for Appointment {
	fn from(info: AppointmentInfo<AccountId, u32>) -> Self {
		Self { hospital: info.hospital, registrar: Account::new(info.registrar), until: info.until }
	}
}

/// The key that patients' profiles are sealed to for a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ProfileKey {
	/// The current version; `null` if the hospital has published none.
	pub key: Option<EncryptionKey>,
	/// The number of registrars who have its secret.
	pub holders: u32,
	/// Whether a new version is due, since an account may know the secret that does not count as a holder.
	pub due: bool,
}

impl From<ProfileKeyInfo> for ProfileKey {
	fn from(info: ProfileKeyInfo) -> Self {
		Self { key: info.key.map(Into::into), holders: info.holders, due: info.due }
	}
}

/// A version of a hospital's profile key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ProfileKeyVersion {
	/// 1 for the first.
	pub version: u32,
	/// The SHA-256 of the public key.
	pub key_digest: Hex<32>,
	/// The secret of the version before, encrypted as in `EpochKey`; `null` if no registrar had it.
	pub previous: Option<Hex<60>>,
}

impl From<(u32, primitives::ProfileKeyVersion)> for ProfileKeyVersion {
	fn from((version, found): (u32, primitives::ProfileKeyVersion)) -> Self {
		Self {
			version,
			key_digest: Hex(found.key_digest),
			previous: found.previous.map(|wrapped| Hex(wrapped.0)),
		}
	}
}

/// The secret of a hospital's current profile key, sealed to a registrar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct HeldProfileKey {
	/// The hospital.
	pub hospital: HospitalId,
	/// The version of the profile key.
	pub version: u32,
	/// The version of the registrar's own key that the secret is sealed to.
	pub key_version: u32,
	/// The sealed secret: the suite, then HPKE's (RFC 9180) encapsulated key and ciphertext.
	pub key: Bytes,
}

impl From<HeldProfileKeyInfo> for HeldProfileKey {
	fn from(held: HeldProfileKeyInfo) -> Self {
		Self {
			hospital: held.hospital,
			version: held.version,
			key_version: held.key_version,
			key: held.key.into(),
		}
	}
}
