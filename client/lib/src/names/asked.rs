//! Public names at a block.

use super::text;
use crate::{
	Result,
	chain::{At, DoctorInfo},
};
use medblock_primitives::*;
use std::collections::BTreeMap;

/// Doctors', hospitals' and institutions' names at a block, each asked for once.
pub struct Names<'a> {
	at: &'a At,
	doctors: BTreeMap<DoctorId, Option<DoctorInfo>>,
	hospitals: BTreeMap<HospitalId, Option<String>>,
	institutions: BTreeMap<InstitutionId, Option<String>>,
}

impl<'a> Names<'a> {
	/// Those at a block. Nothing is asked yet.
	pub fn new(at: &'a At) -> Self {
		let (doctors, hospitals, institutions) = Default::default();
		Self { at, doctors, hospitals, institutions }
	}

	/// What the directory says of a doctor.
	pub async fn doctor(&mut self, doctor: DoctorId) -> Result<Option<&DoctorInfo>> {
		let known = match self.doctors.remove(&doctor) {
			Some(known) => known,
			None => self.at.doctor(doctor).await?,
		};
		Ok(self.doctors.entry(doctor).or_insert(known).as_ref())
	}

	/// A doctor's name; none if the directory has none.
	pub async fn of_doctor(&mut self, doctor: DoctorId) -> Result<Option<String>> {
		let profile = self.doctor(doctor).await?.and_then(|info| info.profile.as_ref());
		Ok(profile.map(|profile| text(&profile.name)))
	}

	/// A hospital's name; none if there is no such hospital.
	pub async fn of_hospital(&mut self, hospital: HospitalId) -> Result<Option<String>> {
		if let Some(name) = self.hospitals.get(&hospital) {
			return Ok(name.clone());
		}
		let name = self.at.hospital(hospital).await?.map(|info| text(&info.name));
		self.hospitals.insert(hospital, name.clone());
		Ok(name)
	}

	/// An institution's name; none if there is no such institution.
	pub async fn of_institution(&mut self, institution: InstitutionId) -> Result<Option<String>> {
		if let Some(name) = self.institutions.get(&institution) {
			return Ok(name.clone());
		}
		let name = self.at.institution(institution).await?.map(|info| text(&info.name));
		self.institutions.insert(institution, name.clone());
		Ok(name)
	}
}
