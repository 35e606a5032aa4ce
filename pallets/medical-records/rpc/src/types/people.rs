//! Patients and doctors.

use super::SealedDocument;
use crate::{Account, scalars::shown, schema};
use medblock_primitives::{
	self as primitives, Denied, DoctorId, Epoch, HospitalId, Moment, PatientId,
};
use pallet_medical_records_runtime_api::{DoctorInfo, PatientInfo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sp_runtime::AccountId32;

/// Where a person stands with their hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
	/// Registered; the hospital has not decided yet.
	Pending,
	/// The hospital knows who this is.
	Verified,
	/// Verified once, and for now not treated as such.
	Suspended,
	/// The hospital does not know this person.
	Rejected,
}

impl From<primitives::Standing> for Standing {
	fn from(standing: primitives::Standing) -> Self {
		match standing {
			primitives::Standing::Pending => Self::Pending,
			primitives::Standing::Verified => Self::Verified,
			primitives::Standing::Suspended => Self::Suspended,
			primitives::Standing::Rejected => Self::Rejected,
		}
	}
}

/// Why a doctor may not see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DenialReason {
	/// There is no such patient.
	PatientNotFound,
	/// There is no such doctor.
	DoctorNotFound,
	/// The doctor is not verified, or is suspended.
	DoctorNotVerified,
	/// The doctor's licence has run out.
	LicenceExpired,
	/// The doctor's hospital does not belong to the consortium any more.
	HospitalNotActive,
	/// The patient has granted nothing to this doctor, or has taken it back.
	NotGranted,
	/// The grant has run out.
	GrantExpired,
	/// The chart has no such record.
	RecordNotFound,
	/// The patient has withdrawn the record.
	RecordWithdrawn,
	/// The grant is to single records, and this is none of them.
	RecordNotShared,
}

/// Why not, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Denial {
	/// The reason.
	pub reason: DenialReason,
	/// The same as an English sentence, without its first capital and full stop.
	pub message: String,
}

impl From<Denied> for Denial {
	fn from(denied: Denied) -> Self {
		let (reason, message) = match denied {
			Denied::PatientNotFound => (DenialReason::PatientNotFound, "there is no such patient"),
			Denied::DoctorNotFound => (DenialReason::DoctorNotFound, "there is no such doctor"),
			Denied::DoctorNotVerified => (
				DenialReason::DoctorNotVerified,
				"the doctor's hospital has not verified them, or has suspended them",
			),
			Denied::LicenceExpired => {
				(DenialReason::LicenceExpired, "the doctor's licence has run out")
			},
			Denied::HospitalNotActive => (
				DenialReason::HospitalNotActive,
				"the doctor's hospital does not belong to the consortium any more",
			),
			Denied::NotGranted => (
				DenialReason::NotGranted,
				"the patient has granted nothing to this doctor, or has taken it back",
			),
			Denied::GrantExpired => (DenialReason::GrantExpired, "the patient's grant has run out"),
			Denied::RecordNotFound => {
				(DenialReason::RecordNotFound, "the chart has no such record")
			},
			Denied::RecordWithdrawn => {
				(DenialReason::RecordWithdrawn, "the patient has withdrawn the record")
			},
			Denied::RecordNotShared => (
				DenialReason::RecordNotShared,
				"this record is none of those that the patient has shared",
			),
		};
		Self { reason, message: message.into() }
	}
}

/// A patient, as the chain knows them: no name, no birth date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
	/// Their id.
	#[schemars(with = "schema::PatientId")]
	pub patient: PatientId,
	/// The account that controls the chart.
	pub account: Account,
	/// What keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	#[schemars(with = "schema::HospitalId")]
	pub hospital: HospitalId,
	/// What it says.
	pub standing: Standing,
	/// When they registered.
	#[schemars(with = "schema::Moment")]
	pub registered_at: Moment,
	/// The hospital that they have asked to move to.
	#[schemars(with = "Option<schema::HospitalId>")]
	pub moving_to: Option<HospitalId>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// How many records the chart has, withdrawn ones included.
	pub records: u32,
	/// How many doctors have a grant, expired ones included.
	pub grants: u32,
	/// How many share keys there have been.
	pub shares: u32,
	/// The epoch whose secret doctors have.
	#[schemars(with = "schema::Epoch")]
	pub epoch: Epoch,
	/// The epoch that records have to be sealed to now.
	#[schemars(with = "schema::Epoch")]
	pub sealing_epoch: Epoch,
	/// Whether somebody has lost access, so that the chart needs a new key.
	pub due_for_rotation: bool,
}

impl From<PatientInfo<AccountId32>> for Patient {
	fn from(info: PatientInfo<AccountId32>) -> Self {
		Self {
			patient: info.id,
			account: Account(info.account),
			generation: info.generation,
			hospital: info.hospital,
			standing: info.standing.into(),
			registered_at: info.registered_at,
			moving_to: info.moving_to,
			profile: info.profile.map(Into::into),
			records: info.records,
			grants: info.grants,
			shares: info.shares,
			epoch: info.epoch,
			sealing_epoch: info.sealing_epoch,
			due_for_rotation: info.sealing_epoch != info.epoch,
		}
	}
}

/// A doctor's entry in the public directory, in the doctor's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DoctorProfile {
	/// The name patients know.
	pub name: String,
	/// For instance `cardiology`.
	pub specialty: String,
	/// For instance `MD, board-certified`.
	pub qualification: String,
	/// The year in which they began to practise.
	pub practising_since: u16,
}

/// A doctor, as the chain knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Doctor {
	/// Their id.
	#[schemars(with = "schema::DoctorId")]
	pub doctor: DoctorId,
	/// The account that acts for them.
	pub account: Account,
	/// What keys are bound to, together with the id.
	pub generation: u32,
	/// The hospital that answers for who this is.
	#[schemars(with = "schema::HospitalId")]
	pub hospital: HospitalId,
	/// What it says.
	pub standing: Standing,
	/// Whether patients can grant something to this doctor now.
	pub practises: bool,
	/// If not, why.
	pub problem: Option<Denial>,
	/// When they registered.
	#[schemars(with = "schema::Moment")]
	pub registered_at: Moment,
	/// The hospital that they have asked to move to.
	#[schemars(with = "Option<schema::HospitalId>")]
	pub moving_to: Option<HospitalId>,
	/// When the licence runs out, if it does.
	#[schemars(with = "Option<schema::Moment>")]
	pub licence_expires: Option<Moment>,
	/// The directory entry; none if the doctor was rejected.
	pub profile: Option<DoctorProfile>,
	/// What the hospital adds to it.
	pub details: String,
	/// The version of the encryption key that is published.
	pub key_version: u32,
	/// The last version that the hospital has confirmed; 0 if none.
	pub vouched_version: u32,
}

impl From<DoctorInfo<AccountId32>> for Doctor {
	fn from(info: DoctorInfo<AccountId32>) -> Self {
		let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
		Self {
			doctor: info.id,
			account: Account(info.account),
			generation: info.generation,
			hospital: info.hospital,
			standing: info.standing.into(),
			practises: info.practises.is_ok(),
			problem: info.practises.err().map(Into::into),
			registered_at: info.registered_at,
			moving_to: info.moving_to,
			licence_expires: shown(info.licence_expires),
			profile: info.profile.map(|profile| DoctorProfile {
				name: text(&profile.name),
				specialty: text(&profile.specialty),
				qualification: text(&profile.qualification),
				practising_since: profile.practising_since,
			}),
			details: text(&info.details),
			key_version: info.key_version,
			vouched_version: info.vouched_version,
		}
	}
}
