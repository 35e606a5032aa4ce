//! A doctor's entry in the directory.

use crate::{
	Error, Result,
	chain::{self, At, Call, DoctorInfo},
	client::{Client, Done},
	profiles,
};
use codec::Encode;
use medblock_primitives::*;
use sha2::{Digest, Sha256};

/// A doctor's directory entry, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
	/// Name, up to 64 characters.
	pub name: String,
	/// Specialty, up to 64 characters.
	pub specialty: String,
	/// Qualification, up to 64 characters.
	pub qualification: String,
	/// The year in which they began to practise.
	pub practising_since: u16,
}

impl Practice {
	/// The entry in the chain's types.
	pub fn profile(&self) -> Result<DoctorProfile> {
		Ok(DoctorProfile {
			name: line("the name", &self.name, MAX_NAME)?,
			specialty: line("the specialty", &self.specialty, MAX_NAME)?,
			qualification: line("the qualification", &self.qualification, MAX_NAME)?,
			practising_since: self.practising_since,
		})
	}
}

/// The digest by which a registrar confirms a directory entry: SHA-256 of its SCALE encoding.
pub fn profile_digest(profile: &DoctorProfile) -> [u8; 32] {
	profile.using_encoded(|bytes| Sha256::digest(bytes).into())
}

/// A value of one line of at most so many characters.
fn line<T: TryFrom<Vec<u8>>>(what: &'static str, text: &str, longest: u32) -> Result<T> {
	let text = text.trim();
	if !is_line(text.as_bytes()) {
		return Err(Error::BadValue { what, problem: "has to be one line of visible text" });
	}
	let fits = is_line_within(text.as_bytes(), longest).then(|| text.as_bytes().to_vec());
	fits.and_then(|bytes| T::try_from(bytes).ok()).ok_or(Error::BadValue {
		what,
		problem: match longest {
			MAX_NAME => "is too long: it may have 64 characters",
			_ => "is too long: it may have 256 characters",
		},
	})
}

impl Client {
	/// The whole directory, except for rejected doctors.
	pub async fn directory(&self) -> Result<Vec<DoctorInfo>> {
		Ok(self.chain().finalized().await?.all_doctors().await?)
	}

	/// A doctor's directory entry as it is published, the same on two nodes.
	pub async fn published_profile(&self, doctor: DoctorId) -> Result<DoctorProfile> {
		let agreed = self.nodes.agreed().await?;
		let info = agreed
			.read("the doctor's entry", |at| async move { at.known_doctor(doctor).await })
			.await?;
		Ok(info.profile.ok_or(chain::Error::NoSuchDoctor(doctor))?)
	}

	/// The change that a doctor of this registrar's hospital proposes to the directory entry.
	pub async fn proposal_of(&self, doctor: DoctorId) -> Result<DoctorProfile> {
		let hospital = self.own_hospital().await?;
		let at = self.chain().finalized().await?;
		let all = at.proposed_profiles(hospital).await?;
		let found = all.into_iter().find(|proposal| proposal.doctor == doctor);
		let found = found.ok_or(Error::Profile(profiles::Error::NothingProposed(doctor)))?;
		Ok(found.profile)
	}

	/// The change that this doctor proposes to the own directory entry, if any.
	pub async fn own_proposal(&self, at: &At) -> Result<Option<DoctorProfile>> {
		let doctor = self.own_practice(at).await?;
		Ok(at.proposed_profile(doctor).await?)
	}

	/// Confirms the change that a doctor proposes, by the digest of the words that the registrar has
	/// seen; see [`profile_digest`].
	pub async fn confirm_profile(&self, doctor: DoctorId, digest: [u8; 32]) -> Result<Done> {
		let done = self.conclude(&Call::confirm_doctor_profile(doctor, digest)).await;
		done.map_err(|why| profiles::other_digest(doctor, why))
	}

	/// Discards the change that a doctor proposes. The doctor may do this, too.
	pub async fn discard_profile(&self, doctor: DoctorId) -> Result<Done> {
		self.conclude(&Call::discard_doctor_profile(doctor)).await
	}

	/// Changes a doctor's directory entry. A registrar's change counts at once. That of a verified doctor
	/// is a proposal, which patients see once a registrar has confirmed it.
	pub async fn set_practice(&self, doctor: DoctorId, practice: &Practice) -> Result<Done> {
		self.conclude(&Call::update_doctor_profile(doctor, practice.profile()?)).await
	}

	/// Sets the hospital's details about a doctor, all of them: see [`Client::change_details`] to keep a part.
	pub async fn set_details(
		&self,
		doctor: DoctorId,
		details: &str,
		licence_expires: Option<Moment>,
	) -> Result<Done> {
		let details = if details.trim().is_empty() {
			Details::default()
		} else {
			line("the text about the doctor", details, MAX_DETAILS)?
		};
		self.conclude(&Call::set_doctor_details(doctor, details, licence_expires)).await
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn names_have_so_many_characters_in_any_script() {
		let practice = |name: String| Practice {
			name,
			specialty: "โรคหัวใจ".into(),
			qualification: "MD".into(),
			practising_since: 2001,
		};
		for letter in ["a", "ж", "ก", "\u{20bb7}"] {
			assert!(practice(letter.repeat(64)).profile().is_ok(), "{letter}");
			let why = practice(letter.repeat(65)).profile().unwrap_err();
			assert!(why.to_string().contains("64 characters"), "{why}");
		}
		assert_eq!(practice(" Ada ".into()).profile().unwrap().name.to_vec(), b"Ada");
	}

	/// As the pallet computes it; it has a test with the same bytes.
	#[test]
	fn digest_is_of_the_scale_encoding() {
		let practice = Practice {
			name: "Ada".into(),
			specialty: "cardiology".into(),
			qualification: "MD".into(),
			practising_since: 2001,
		};
		let encoded = b"\x0cAda\x28cardiology\x08MD\xd1\x07";
		let expected: [u8; 32] = Sha256::digest(encoded).into();
		assert_eq!(profile_digest(&practice.profile().unwrap()), expected);
	}
}
