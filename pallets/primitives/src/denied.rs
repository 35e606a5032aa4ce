//! The answer to "may this doctor see that" when it is no, for programs and for people.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A reason why a doctor may not see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Denied {
	/// There is no such patient.
	#[codec(index = 0)]
	PatientNotFound,
	/// There is no such doctor.
	#[codec(index = 1)]
	DoctorNotFound,
	/// The doctor is not verified, or is suspended.
	#[codec(index = 2)]
	DoctorNotVerified,
	/// The doctor's licence has run out.
	#[codec(index = 3)]
	LicenceExpired,
	/// The doctor's hospital does not belong to the consortium any more.
	#[codec(index = 4)]
	HospitalNotActive,
	/// The patient has granted nothing to this doctor, or has taken it back.
	#[codec(index = 5)]
	NotGranted,
	/// The grant has run out.
	#[codec(index = 6)]
	GrantExpired,
	/// The chart has no such record. Only told to those who may see the whole chart.
	#[codec(index = 7)]
	RecordNotFound,
	/// The patient has withdrawn the record. Only told to those who may see the whole chart.
	#[codec(index = 8)]
	RecordWithdrawn,
	/// The grant is to single records, and this is none of them, whether there is one or not.
	#[codec(index = 9)]
	RecordNotShared,
}

impl Denied {
	/// All of them.
	pub const ALL: [Self; 10] = [
		Self::PatientNotFound,
		Self::DoctorNotFound,
		Self::DoctorNotVerified,
		Self::LicenceExpired,
		Self::HospitalNotActive,
		Self::NotGranted,
		Self::GrantExpired,
		Self::RecordNotFound,
		Self::RecordWithdrawn,
		Self::RecordNotShared,
	];

	/// The name by which programs know it, in JSON and over HTTP. It never changes.
	pub fn code(self) -> &'static str {
		match self {
			Self::PatientNotFound => "patient-not-found",
			Self::DoctorNotFound => "doctor-not-found",
			Self::DoctorNotVerified => "doctor-not-verified",
			Self::LicenceExpired => "licence-expired",
			Self::HospitalNotActive => "hospital-not-active",
			Self::NotGranted => "not-granted",
			Self::GrantExpired => "grant-expired",
			Self::RecordNotFound => "record-not-found",
			Self::RecordWithdrawn => "record-withdrawn",
			Self::RecordNotShared => "record-not-shared",
		}
	}

	/// The English sentence for people, without its first capital and full stop.
	pub fn sentence(self) -> &'static str {
		match self {
			Self::PatientNotFound => "there is no such patient",
			Self::DoctorNotFound => "there is no such doctor",
			Self::DoctorNotVerified => {
				"the doctor's hospital has not verified them, or has suspended them"
			},
			Self::LicenceExpired => "the doctor's licence has run out",
			Self::HospitalNotActive => {
				"the doctor's hospital does not belong to the consortium any more"
			},
			Self::NotGranted => {
				"the patient has granted nothing to this doctor, or has taken it back"
			},
			Self::GrantExpired => "the patient's grant has run out",
			Self::RecordNotFound => "the chart has no such record",
			Self::RecordWithdrawn => "the patient has withdrawn the record",
			Self::RecordNotShared => "this record is none of those that the patient has shared",
		}
	}
}
