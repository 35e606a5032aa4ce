//! Hospitals, as JSON.

use crate::{Account, text};
use medblock_primitives::{HospitalId, RegistrationMode};
use pallet_consortium_runtime_api::{HospitalInfo, SeatStatus};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hospital, as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Hospital {
	/// The hospital's id.
	pub hospital: HospitalId,
	/// The hospital's name.
	pub name: String,
	/// The URL of the hospital's gateway.
	pub gateway: String,
	/// The account that acts for the hospital.
	pub controller: Account,
	/// The account that the hospital's validator is known by.
	pub seat_account: Account,
	/// The state of the hospital's validator.
	pub seat: SeatStatus,
	/// The people that the hospital accepts.
	pub registration: RegistrationMode,
	/// The number of people who verify others for the hospital. Without any, the hospital verifies no one.
	pub registrars: u32,
}

impl<AccountId: AsRef<[u8; 32]>> From<HospitalInfo<AccountId>> for Hospital {
	fn from(info: HospitalInfo<AccountId>) -> Self {
		Self {
			hospital: info.id,
			name: text(&info.name),
			gateway: text(&info.gateway),
			controller: Account::new(info.controller),
			seat_account: Account::new(info.seat_account),
			seat: info.seat,
			registration: info.registration,
			registrars: info.registrars,
		}
	}
}
