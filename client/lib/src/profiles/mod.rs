//! Profiles. Only the chart's doctors and the hospital can read a patient's. A doctor's is a public
//! entry in the directory, with the encryption key for sealing records.

mod birth_date;
mod change;
mod doctor;
mod keys;
mod patient;
mod readers;

pub(crate) use keys::other_digest;

pub use birth_date::{birth_date, comes_of_age, is_fhir_date};
pub use change::{Change, Detailed, PracticeChange, ProfileChange};
pub use doctor::{Practice, profile_digest};
pub use patient::{LONGEST_PROFILE, PROFILE_TYPE, Profile};
pub use readers::ReadProfile;

use medblock_primitives::{DoctorId, HospitalId};

/// The reason why a profile, or a key published with one, can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The patient has no profile.
	#[error("the profile has not been written yet")]
	NoProfile,
	/// There is no profile yet of which the name could stay.
	#[error("there is no profile yet, so it needs a name")]
	NoName,
	/// The profile would be longer than readers take.
	#[error("the profile is too long: all of it together may have {} kB", LONGEST_PROFILE / 1_024)]
	TooLong,
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
	/// The patient has shared single records with this doctor.
	#[error(
		"the patient has shared single records with you, and only doctors who may see the whole chart can read \
		the profile"
	)]
	SingleRecords,
	/// The account belongs to neither the patient, nor a doctor, nor a registrar.
	#[error(
		"only the patient, doctors who may see the whole chart, and registrars of the patient's hospital can \
		read this profile"
	)]
	NotForYou,
	/// The digest that was given is not that of the doctor's published key.
	#[error(
		"this is not the digest of the key that doctor {} has published: check it for a typing error; if the \
		doctor really told this one, do not confirm the key",
		.0.0
	)]
	OtherKeyDigest(DoctorId),
	/// The digest that was given is not that of the doctor's directory entry, or of the proposed one.
	#[error("the words of doctor {}'s directory entry are not those that you have seen: look at them again", .0.0)]
	OtherEntryDigest(DoctorId),
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

#[cfg(test)]
mod tests {
	use super::*;

	/// The refusals that registrars and doctors read, each with its reason.
	#[test]
	fn refused_registrar_learns_why_and_what_helps() {
		let other = Error::OtherHospital(HospitalId(3)).to_string();
		assert!(other.starts_with("only registrars of hospital 3"), "{other}");
		let closed = Error::NotForHospital.to_string();
		assert!(closed.ends_with("the patient has to write it again"), "{closed}");
		let single = Error::SingleRecords.to_string();
		assert!(single.contains("single records"), "{single}");
	}
}
