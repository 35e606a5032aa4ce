//! Profiles: a patient's, which only the chart's doctors and the hospital read, and a doctor's public
//! entry in the directory, with the encryption key that records are sealed to.

mod doctor;
mod keys;
mod patient;

pub use doctor::Practice;
pub use patient::{PROFILE_TYPE, Profile};

use medblock_primitives::DoctorId;

/// What is wrong with a profile, or with a key that is published with one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The patient has no profile.
	#[error("the profile has not been written yet")]
	NoProfile,
	/// The profile is not what profiles are.
	#[error("the profile is damaged: have it written anew")]
	Damaged,
	/// The hospital has no key, so that its registrars can read no profile.
	#[error("this hospital has published no key to encrypt profiles to, so that it can't read any")]
	NoHospitalKey,
	/// The hospital has yet to confirm the doctor's key.
	#[error(
		"doctor {} has an encryption key that their hospital hasn't confirmed yet: nothing can \
		be sealed to it; try again when it has",
		.0.0
	)]
	KeyNotConfirmed(DoctorId),
}
