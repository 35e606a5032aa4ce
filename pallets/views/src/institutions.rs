//! Institutions, their operators, and patients' deposits, as JSON.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Account, Time, text};
use medblock_primitives::{HospitalId, InstitutionId, InstitutionKind, PatientId};
use pallet_consortium_runtime_api::{InstitutionInfo, OperatorsInfo};
use pallet_medical_records_runtime_api::DepositInfo;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A laboratory, an imaging or a records department of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Institution {
	/// The institution's id.
	pub institution: InstitutionId,
	/// The hospital to which it belongs.
	pub hospital: HospitalId,
	/// Its kind.
	pub kind: InstitutionKind,
	/// Its name.
	pub name: String,
	/// Whether it may add records where patients allow it. A closed institution never opens again.
	pub open: bool,
}

impl From<InstitutionInfo> for Institution {
	fn from(info: InstitutionInfo) -> Self {
		Self {
			institution: info.id,
			hospital: info.hospital,
			kind: info.kind,
			name: text(&info.name),
			open: info.open,
		}
	}
}

/// The accounts that add records for an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Operators {
	/// The institution.
	pub institution: InstitutionId,
	/// The accounts, in order.
	pub operators: Vec<Account>,
	/// The accounts that have not accepted yet.
	pub appointed: Vec<OperatorAppointment>,
}

/// A hospital's offer to an account to add records for an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct OperatorAppointment {
	/// The account that can accept.
	pub operator: Account,
	/// The first block in which the account can no longer accept.
	#[cfg_attr(feature = "schema", schemars(with = "schema::BlockNumber"))]
	pub until: u32,
}

impl<AccountId: AsRef<[u8; 32]>> From<OperatorsInfo<AccountId, u32>> for Operators {
	fn from(info: OperatorsInfo<AccountId, u32>) -> Self {
		let appointed =
			|(operator, until)| OperatorAppointment { operator: Account::new(operator), until };
		Self {
			institution: info.institution,
			operators: info.operators.into_iter().map(Account::new).collect(),
			appointed: info.appointed.into_iter().map(appointed).collect(),
		}
	}
}

/// A patient's permission to an institution to add records to the chart. It opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Deposit {
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The institution that may add records.
	pub institution: InstitutionId,
	/// The end that the patient has set.
	pub expires_at: Option<Time>,
	/// The time at which the patient last gave it.
	pub allowed_at: Time,
	/// The number of records that the institution may still add, until the patient allows it again.
	pub appends_left: u32,
	/// Whether it holds now: it has not run out, and the institution is open.
	pub live: bool,
}

impl From<DepositInfo> for Deposit {
	fn from(info: DepositInfo) -> Self {
		Self {
			patient: info.patient,
			institution: info.institution,
			expires_at: info.expires_at.map(Into::into),
			allowed_at: info.allowed_at.into(),
			appends_left: info.appends_left,
			live: info.live,
		}
	}
}
