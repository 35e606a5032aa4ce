//! Profiles. Only the chart's doctors and the hospital can read a patient's. A doctor's is a public
//! entry in the directory, with the encryption key for sealing records.

mod doctor;
mod keys;
mod patient;
mod readers;

pub use doctor::{Practice, profile_digest};
pub use patient::{PROFILE_TYPE, Profile};
pub use readers::ReadProfile;

use medblock_primitives::{DoctorId, HospitalId};

/// The reason why a profile, or a key published with one, can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The patient has no profile.
	#[error("the profile has not been written yet")]
	NoProfile,
	/// The profile's content is not valid.
	#[error("the profile is damaged: have it written anew")]
	Damaged,
	/// The hospital has no key, so its registrars can't read profiles.
	#[error("this hospital has published no key to encrypt profiles to, so it can't read any")]
	NoHospitalKey,
	/// The patient is with another hospital than this registrar.
	#[error("only registrars of hospital {}, the patient's present one, can read this profile", .0.0)]
	OtherHospital(HospitalId),
	/// The profile was written before the hospital had a key, or its key was lost since.
	#[error(
		"this profile is not encrypted to any version of the hospital's key that this account can open: \
		the patient has to write it again"
	)]
	NotForHospital,
	/// The doctor has proposed no change of the directory entry, or it has been decided.
	#[error("doctor {} proposes no change of the directory entry", .0.0)]
	NothingProposed(DoctorId),
	/// The hospital has yet to confirm the doctor's key.
	#[error(
		"doctor {} has an encryption key that their hospital hasn't confirmed yet: nothing can \
		be sealed to it; try again when it has",
		.0.0
	)]
	KeyNotConfirmed(DoctorId),
}
