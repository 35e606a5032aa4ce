//! A doctor's entry in the directory.

use crate::{
	Error, Result,
	chain::{Call, DoctorInfo},
	client::{Client, Done},
};
use medblock_primitives::*;

/// A doctor's directory entry, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
	/// Name, up to 64 bytes.
	pub name: String,
	/// Specialty, up to 64 bytes.
	pub specialty: String,
	/// Qualification, up to 64 bytes.
	pub qualification: String,
	/// The year in which they began to practise.
	pub practising_since: u16,
}

impl Practice {
	/// The entry in the chain's types.
	pub fn profile(&self) -> Result<DoctorProfile> {
		Ok(DoctorProfile {
			name: line("the name", &self.name)?,
			specialty: line("the specialty", &self.specialty)?,
			qualification: line("the qualification", &self.qualification)?,
			practising_since: self.practising_since,
		})
	}
}

/// A value of one line that fits.
pub(crate) fn line<T: TryFrom<Vec<u8>>>(what: &'static str, text: &str) -> Result<T> {
	if !is_line(text.as_bytes()) {
		return Err(Error::BadValue { what, problem: "has to be one line of visible text" });
	}
	T::try_from(text.as_bytes().to_vec())
		.map_err(|_| Error::BadValue { what, problem: "is too long" })
}

impl Client {
	/// The whole directory, except for rejected doctors.
	pub async fn directory(&self) -> Result<Vec<DoctorInfo>> {
		Ok(self.chain().finalized().await?.all_doctors().await?)
	}

	/// Corrects a doctor's directory entry. The doctor may do this, too.
	pub async fn set_practice(&self, doctor: DoctorId, practice: &Practice) -> Result<Done> {
		self.conclude(&Call::update_doctor_profile(doctor, practice.profile()?)).await
	}

	/// Sets the hospital's details about a doctor.
	pub async fn set_details(
		&self,
		doctor: DoctorId,
		details: &str,
		licence_expires: Option<Moment>,
	) -> Result<Done> {
		let details = if details.is_empty() {
			Details::default()
		} else {
			line("the text about the doctor", details)?
		};
		self.conclude(&Call::set_doctor_details(doctor, details, licence_expires)).await
	}
}
