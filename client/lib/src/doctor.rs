//! What doctors do.

use crate::{
	Error, Result,
	chain::{Call, DoctorInfo},
	client::{Client, Done},
	rotation::public,
	sealing::NewFile,
	vault::Progress,
};
use medblock_crypto::key_digest;
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{GrantInfo, MAX_PAGE};

/// A doctor's directory entry, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
	/// Name, up to 64 bytes.
	pub name: String,
	/// Specialty, up to 64 bytes.
	pub specialty: String,
	/// Qualification, up to 64 bytes.
	pub qualification: String,
	/// The year since which they practise.
	pub practising_since: u16,
}

impl Practice {
	/// In the chain's types.
	pub fn profile(&self) -> Result<DoctorProfile> {
		Ok(DoctorProfile {
			name: line("the name", &self.name)?,
			specialty: line("the specialty", &self.specialty)?,
			qualification: line("the qualification", &self.qualification)?,
			practising_since: self.practising_since,
		})
	}
}

/// One line of text that fits.
pub(crate) fn line<T: TryFrom<Vec<u8>>>(what: &'static str, text: &str) -> Result<T> {
	if !is_line(text.as_bytes()) {
		return Err(Error::BadValue { what, problem: "has to be one line of visible text" });
	}
	T::try_from(text.as_bytes().to_vec())
		.map_err(|_| Error::BadValue { what, problem: "is too long" })
}

impl Client {
	/// Registers as a doctor of a hospital, and publishes the first encryption key.
	pub async fn register_doctor(&self, hospital: HospitalId, practice: &Practice) -> Result<Done> {
		let key = public(&self.keys.identity(1)?.public_key());
		let profile = practice.profile()?;
		let call = Call::register_doctor(hospital, profile, SUITE_X_WING, key);
		self.register(hospital, &call).await
	}

	/// Publishes the next encryption key, which the hospital then has to confirm. Gives its digest.
	pub async fn renew_encryption_key(&self) -> Result<(Done, [u8; 32])> {
		let at = self.chain().finalized().await?;
		let own = at.known_doctor(self.own_practice(&at).await?).await?;
		let version = own.key_version.saturating_add(1);
		let key = self.keys.identity(version)?.public_key();
		let done = self.conclude(&Call::set_encryption_key(SUITE_X_WING, public(&key))).await?;
		Ok((done, key_digest(&key)))
	}

	/// The whole directory, rejected doctors left out.
	pub async fn directory(&self) -> Result<Vec<DoctorInfo>> {
		let at = self.chain().finalized().await?;
		let mut all = Vec::new();
		let mut after: Option<DoctorId> = None;
		loop {
			let page = at.doctors(after, MAX_PAGE).await?;
			all.extend(page.items);
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(all),
			}
		}
	}

	/// Everything that this doctor was granted, with what it is good for now.
	pub async fn inbox(&self) -> Result<Vec<GrantInfo>> {
		let at = self.chain().finalized().await?;
		let doctor = self.own_practice(&at).await?;
		let mut all: Vec<GrantInfo> = Vec::new();
		let mut after = None;
		loop {
			let page = at.grants_to_doctor(doctor, after, MAX_PAGE).await?;
			let came = page.items.len();
			all.extend(page.items);
			match page.next {
				Some(next) if came > 0 && Some(next) != after => after = Some(next),
				_ => return Ok(all),
			}
		}
	}

	/// Puts notes and records into a patient's chart.
	pub async fn append_records(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		// Refused here before gigabytes are encrypted and sent.
		let at = self.chain().finalized().await?;
		let doctor = self.own_practice(&at).await?;
		let allowed = at.access(patient, doctor, None).await?.map_err(Error::Denied)?;
		if !allowed.may_append {
			return Err(Error::MayNotAppend);
		}
		self.put(patient, files, progress, |epoch, records| {
			Call::append_records(patient, epoch, records)
		})
		.await
	}

	/// Gives up access to a chart.
	pub async fn relinquish(&self, patient: PatientId) -> Result<Done> {
		self.conclude(&Call::relinquish_access(patient)).await
	}
}
