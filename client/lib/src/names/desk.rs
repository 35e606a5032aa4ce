//! Patients' names at a hospital's desk.

use super::{Found, Named, Read, What, finding, matching::Person};
use crate::{
	Error, Result,
	chain::{At, PatientInfo},
	client::Client,
	people::{AT_ONCE, Listed},
	profiles::{self, Profile},
	vault::{Progress, unwatched},
};
use futures::{StreamExt, stream};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::MAX_PAGE;
use std::collections::BTreeSet;

impl Client {
	/// A patient's profile: as it was read before, or, if `reads`, read now. Nothing if there is none, or it was not read.
	/// The caller may read it in this block, in the given capacity.
	pub(crate) async fn profile_of(
		&self,
		info: &PatientInfo,
		read: Read,
		reads: bool,
	) -> Option<Result<Profile>> {
		let source = info.profile.as_ref()?;
		if let Some(known) = self.names.of(info.id, source).await {
			return Some(Ok(known));
		}
		if !reads {
			return None;
		}
		match self.profile(info.id, &unwatched()).await {
			Ok(profile) => {
				self.names.keep(info.id, source, read, &profile).await;
				Some(Ok(profile))
			},
			// It has been withdrawn meanwhile.
			Err(Error::Profile(profiles::Error::NoProfile)) => None,
			Err(why) => Some(Err(why)),
		}
	}

	/// The profile of a patient of the own hospital, or of one who asks to move there: as it was read before, or else read
	/// now, which the patient sees.
	///
	/// # Errors
	///
	/// Those of [`Client::profile`].
	pub async fn profile_at_desk(&self, info: &PatientInfo) -> Result<Profile> {
		if is_for(info, self.own_hospital().await?)
			&& let Some(profile) = self.profile_of(info, Read::AtDesk, true).await
		{
			return profile;
		}
		// This says why it can't be read.
		self.profile(info.id, &unwatched()).await
	}

	/// A patient for the desk: of the own hospital, or on the way there, with the profile, as it was read before or, if
	/// `reads`, read now.
	pub async fn patient_at_desk(
		&self,
		at: &At,
		patient: PatientId,
		reads: bool,
	) -> Result<Listed> {
		let hospital = self.own_hospital().await?;
		let info = at.known_patient(patient).await?;
		if !is_for(&info, hospital) {
			return Ok(Listed { info, profile: None });
		}
		// Without the right key, the patient would see a look that told nothing.
		if reads
			&& info.profile.is_some()
			&& let Err(why) = self.held_profile_secrets(at, hospital).await
		{
			return Ok(Listed { info, profile: Some(Err(why)) });
		}
		Ok(self.listed(info, reads).await)
	}

	/// These patients, who are with the own hospital or wait for it, with their profiles, in the same order. Each that was
	/// not read before is a look that the patient sees.
	///
	/// # Errors
	///
	/// [`crate::profile_keys::Error::KeyNotHeld`] if this client's keys don't open them.
	pub async fn named_at_desk(
		&self,
		at: &At,
		patients: Vec<PatientInfo>,
		progress: &Progress,
	) -> Result<Vec<Listed>> {
		let hospital = self.own_hospital().await?;
		if patients.iter().any(|info| is_for(info, hospital) && info.profile.is_some()) {
			// Without the right key, each patient would see a look that told nothing.
			self.held_profile_secrets(at, hospital).await?;
		}
		let total = patients.len() as u64;
		let mut reading = stream::iter(patients)
			.map(|info| async move {
				match is_for(&info, hospital) {
					true => self.listed(info, true).await,
					// The profile is for another hospital.
					false => Listed { info, profile: None },
				}
			})
			.buffered(AT_ONCE);
		let mut all = Vec::new();
		while let Some(listed) = reading.next().await {
			all.push(listed);
			progress(all.len() as u64, total);
		}
		Ok(all)
	}

	/// A patient of the own hospital, or one who waits for it, by number or by name.
	///
	/// By name, the profiles of those who wait are read; of all others, only names that this device has read before are
	/// compared. If some were not, the one who is found is not certain.
	///
	/// # Errors
	///
	/// [`super::Error`], and [`crate::profile_keys::Error::KeyNotHeld`] if this client's keys open no profiles.
	pub async fn find_patient_at_desk(&self, at: &At, named: &Named) -> Result<Found<PatientId>> {
		if let Named::Number(number) = named {
			return Ok(Found::by_number(PatientId(*number)));
		}
		let hospital = self.own_hospital().await?;
		let waiting = at.awaiting_patients(hospital).await?;
		let mut listed = self.named_at_desk(at, waiting, &unwatched()).await?;
		let known: BTreeSet<PatientId> = listed.iter().map(|one| one.info.id).collect();
		let mut paging = at.paging_patients(None);
		loop {
			let page = at.patients_of_hospital(hospital, paging.after(), MAX_PAGE).await?;
			let goes_on = paging.goes_on(&page)?;
			for info in page.items {
				if !known.contains(&info.id) {
					listed.push(self.listed(info, false).await);
				}
			}
			if !goes_on {
				break;
			}
		}
		// Those who have no profile have no name that could be meant.
		let is_unread =
			|one: &Listed| one.info.profile.is_some() && !matches!(one.profile, Some(Ok(_)));
		let are_all = !listed.iter().any(is_unread);
		let people: Vec<Person> = listed.iter().filter_map(person).collect();
		finding::among(What::Patient, named, &people, are_all, PatientId)
	}
}

/// Whether a patient is with a hospital, or asks to move there: its registrars may read the profile.
fn is_for(info: &PatientInfo, hospital: HospitalId) -> bool {
	info.hospital == hospital || info.moving_to == Some(hospital)
}

fn person(listed: &Listed) -> Option<Person> {
	let profile = listed.profile.as_ref()?.as_ref().ok()?;
	Some(finding::patient(listed.info.id, profile))
}
