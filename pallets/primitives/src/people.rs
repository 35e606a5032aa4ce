//! Patients and doctors, as the chain describes them.

use crate::{BYTES_PER_CHARACTER, DoctorId, MAX_DETAILS, MAX_NAME, PatientId};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of people or accounts that a hospital's desk decides about in one call.
pub const MAX_DESK_BATCH: u32 = 128;

/// The patients that a hospital's desk verifies in one call.
pub type PatientBatch = BoundedVec<PatientId, ConstU32<MAX_DESK_BATCH>>;

/// The accounts that a hospital's desk sponsors in one call.
pub type AccountBatch<AccountId> = BoundedVec<AccountId, ConstU32<MAX_DESK_BATCH>>;

/// Where a person stands with their hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Standing {
	/// Registered; the hospital has not decided yet.
	#[codec(index = 0)]
	Pending,
	/// The hospital knows who this is.
	#[codec(index = 1)]
	Verified,
	/// Verified once, and for now not treated as such.
	#[codec(index = 2)]
	Suspended,
	/// The hospital does not know this person. They may register again.
	#[codec(index = 3)]
	Rejected,
}

/// A registered person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Person {
	/// A patient.
	#[codec(index = 0)]
	Patient(PatientId),
	/// A doctor.
	#[codec(index = 1)]
	Doctor(DoctorId),
}

impl From<PatientId> for Person {
	fn from(patient: PatientId) -> Self {
		Self::Patient(patient)
	}
}

impl From<DoctorId> for Person {
	fn from(doctor: DoctorId) -> Self {
		Self::Doctor(doctor)
	}
}

/// The reason why a pending change of a person's account was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChangeStop {
	/// The person's present account took it back.
	#[codec(index = 0)]
	TakenBack,
	/// The person's hospital refused it.
	#[codec(index = 1)]
	Refused,
	/// The person's hospital suspended the person.
	#[codec(index = 2)]
	Suspended,
	/// When it was due, the new account belonged to another person, or the person's hospital had left.
	#[codec(index = 3)]
	Impossible,
	/// The person's guardians have given the person to a new account.
	#[codec(index = 4)]
	Recovered,
}

/// The capacity in which an account acts, since it may be both a patient's and a doctor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Capacity {
	/// The account acts as a patient.
	#[codec(index = 0)]
	Patient,
	/// The account acts as a doctor.
	#[codec(index = 1)]
	Doctor,
}

/// A kind of a hospital's decisions about its people that have a pace: the hospital makes only so many in a
/// day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Paced {
	/// A suspension, or an end of a licence that comes as suddenly.
	#[codec(index = 0)]
	Suspension,
	/// A verification. Each verified person has an allowance of their own.
	#[codec(index = 1)]
	Verification,
	/// A profile, or details, in place of what a verified person's entry had.
	#[codec(index = 2)]
	Correction,
}

/// A name in UTF-8, up to [`MAX_NAME`] characters. The chain counts them.
pub type PersonName = BoundedVec<u8, ConstU32<{ MAX_NAME * BYTES_PER_CHARACTER }>>;
/// A specialty or qualification in UTF-8, up to [`MAX_NAME`] characters.
pub type Skill = BoundedVec<u8, ConstU32<{ MAX_NAME * BYTES_PER_CHARACTER }>>;
/// A hospital's addition to a doctor's entry: department, room, hours. Up to [`MAX_DETAILS`] characters.
pub type Details = BoundedVec<u8, ConstU32<{ MAX_DETAILS * BYTES_PER_CHARACTER }>>;

/// A doctor's entry in the public directory, in the doctor's own words. A hospital confirms it by the
/// SHA-256 of its SCALE encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct DoctorProfile {
	/// The name by which patients know the doctor.
	pub name: PersonName,
	/// The specialty, for instance `cardiology`.
	pub specialty: Skill,
	/// The qualification, for instance `MD, board-certified`.
	pub qualification: Skill,
	/// The year in which the doctor began to practise.
	pub practising_since: u16,
}
