//! Grants, and what they are good for.

use super::Denial;
use crate::{scalars::shown, schema};
use medblock_primitives::{self as primitives, Denied, DoctorId, Epoch, Moment, PatientId};
use pallet_medical_records_runtime_api::GrantInfo;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of a chart a grant opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Scope {
	/// Everything, also what is added later.
	#[serde(rename = "whole chart")]
	Chart,
	/// The records that were shared singly.
	#[serde(rename = "single records")]
	Records,
}

impl From<primitives::Scope> for Scope {
	fn from(scope: primitives::Scope) -> Self {
		match scope {
			primitives::Scope::Chart => Self::Chart,
			primitives::Scope::Records => Self::Records,
		}
	}
}

/// Whether a doctor has what it takes to read what is added now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStatus {
	/// The doctor has the current epoch's secret.
	Current,
	/// The chart has moved on to an epoch that was not sealed to the doctor yet: what was added since
	/// can be fetched, but not opened.
	AwaitingPatient,
	/// The grant is to single records, each of which comes with its own key.
	Shared,
}

/// What a doctor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
	/// How much of the chart is open.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// When this ends by itself: the earlier of the grant's and the licence's end.
	#[schemars(with = "Option<schema::Moment>")]
	pub until: Option<Moment>,
	/// Whether the doctor can read what is added now.
	pub key: KeyStatus,
}

/// Whether a doctor may see something: one of the two is there, and the other is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Access {
	/// What the doctor may do.
	pub allowed: Option<Allowed>,
	/// Or why nothing.
	pub denied: Option<Denial>,
}

impl From<Result<primitives::Allowed, Denied>> for Access {
	fn from(access: Result<primitives::Allowed, Denied>) -> Self {
		match access {
			Ok(allowed) => {
				let allowed = Allowed {
					scope: allowed.scope.into(),
					may_append: allowed.may_append,
					until: shown(allowed.until),
					key: match allowed.key {
						primitives::KeyStatus::Current => KeyStatus::Current,
						primitives::KeyStatus::AwaitingPatient => KeyStatus::AwaitingPatient,
						primitives::KeyStatus::Shared => KeyStatus::Shared,
					},
				};
				Self { allowed: Some(allowed), denied: None }
			},
			Err(denied) => Self { allowed: None, denied: Some(denied.into()) },
		}
	}
}

/// A grant, and whether it is of use now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
	/// Whose chart.
	#[schemars(with = "schema::PatientId")]
	pub patient: PatientId,
	/// Who may see it.
	#[schemars(with = "schema::DoctorId")]
	pub doctor: DoctorId,
	/// How much of it.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// When the patient has it end.
	#[schemars(with = "Option<schema::Moment>")]
	pub expires_at: Option<Moment>,
	/// When the patient last gave or changed it.
	#[schemars(with = "schema::Moment")]
	pub granted_at: Moment,
	/// For a whole chart: the newest epoch whose secret the doctor was given.
	#[schemars(with = "Option<schema::Epoch>")]
	pub epoch: Option<Epoch>,
	/// For a whole chart: the version of the doctor's key that this is sealed to.
	pub key_version: Option<u32>,
	/// What the doctor may do now, or why not.
	pub access: Access,
}

impl From<GrantInfo> for Grant {
	fn from(info: GrantInfo) -> Self {
		Self {
			patient: info.patient,
			doctor: info.doctor,
			scope: info.scope.into(),
			may_append: info.may_append,
			expires_at: shown(info.expires_at),
			granted_at: info.granted_at,
			epoch: info.epoch,
			key_version: info.key_version,
			access: info.access.into(),
		}
	}
}
