//! Grants, and what they are good for.

use crate::Time;
#[cfg(feature = "schema")]
use crate::schema;
use medblock_primitives::{
	self as primitives, Denied, DoctorId, Epoch, KeyStatus, PatientId, Scope,
};
use pallet_medical_records_runtime_api::GrantInfo;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A refusal, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Denial {
	/// The reason.
	pub reason: Denied,
	/// The reason as an English sentence, without its first capital and full stop.
	pub message: String,
}

impl From<Denied> for Denial {
	fn from(reason: Denied) -> Self {
		Self { reason, message: reason.sentence().into() }
	}
}

/// What a doctor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Allowed {
	/// The part of the chart that is open.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The time at which this ends by itself: with the grant or with the licence, whichever is first.
	pub until: Option<Time>,
	/// Whether the doctor can read what is added now.
	pub key: KeyStatus,
}

/// Whether a doctor may see something: one of the two is there, and the other is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Access {
	/// What the doctor may do.
	pub allowed: Option<Allowed>,
	/// The reason why the doctor may do nothing.
	pub denied: Option<Denial>,
}

impl From<Result<primitives::Allowed, Denied>> for Access {
	fn from(access: Result<primitives::Allowed, Denied>) -> Self {
		match access {
			Ok(allowed) => {
				let allowed = Allowed {
					scope: allowed.scope,
					may_append: allowed.may_append,
					until: allowed.until.map(Into::into),
					key: allowed.key,
				};
				Self { allowed: Some(allowed), denied: None }
			},
			Err(denied) => Self { allowed: None, denied: Some(denied.into()) },
		}
	}
}

/// A grant, and whether it is of use now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Grant {
	/// The patient whose chart it opens.
	pub patient: PatientId,
	/// The doctor who has it.
	pub doctor: DoctorId,
	/// The part of the chart that it opens.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The end that the patient has set.
	pub expires_at: Option<Time>,
	/// The time at which the patient last gave or changed it.
	pub granted_at: Time,
	/// The number of records and notes that the doctor may still add, until the patient renews it.
	pub appends_left: u32,
	/// For a whole chart: the newest epoch whose secret the doctor was given.
	#[cfg_attr(feature = "schema", schemars(with = "Option<schema::Epoch>"))]
	pub epoch: Option<Epoch>,
	/// For a whole chart: the version of the doctor's key that this is sealed to.
	pub key_version: Option<u32>,
	/// What the doctor may do now.
	pub access: Access,
}

impl From<GrantInfo> for Grant {
	fn from(info: GrantInfo) -> Self {
		Self {
			patient: info.patient,
			doctor: info.doctor,
			scope: info.scope,
			may_append: info.may_append,
			expires_at: info.expires_at.map(Into::into),
			granted_at: info.granted_at.into(),
			appends_left: info.appends_left,
			epoch: info.epoch,
			key_version: info.key_version,
			access: info.access.into(),
		}
	}
}
