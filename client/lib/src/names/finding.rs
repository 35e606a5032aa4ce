//! Finding those whose names are public.

use super::{
	Found, Named, What,
	matching::{Person, chosen},
	text,
};
use crate::{
	Result,
	chain::{At, DoctorInfo},
	client::Client,
	profiles::Profile,
};
use medblock_primitives::*;
use std::collections::{BTreeMap, BTreeSet};

/// The one among these who is named.
pub(super) fn among<T>(
	what: What,
	named: &Named,
	people: &[Person],
	are_all: bool,
	id: impl FnOnce(u32) -> T,
) -> Result<Found<T>> {
	Ok(chosen(what, named, people, are_all)?.map(id))
}

/// A patient who may be meant.
pub(super) fn patient(id: PatientId, profile: &Profile) -> Person {
	let born = profile.birth_date.as_ref().map(|date| format!(", born {date}"));
	Person { number: id.0, name: profile.name.clone(), more: born.unwrap_or_default() }
}

/// A hospital by number or by name.
///
/// # Errors
///
/// [`super::Error`].
pub async fn hospital(at: &At, named: &Named) -> Result<Found<HospitalId>> {
	if let Named::Number(number) = named {
		return Ok(Found::by_number(HospitalId(*number)));
	}
	let all = at.hospitals().await?.into_iter();
	let people: Vec<Person> = all
		.map(|info| Person { number: info.id.0, name: text(&info.name), more: String::new() })
		.collect();
	among(What::Hospital, named, &people, true, HospitalId)
}

/// An institution by number or by name.
///
/// # Errors
///
/// [`super::Error`].
pub async fn institution(at: &At, named: &Named) -> Result<Found<InstitutionId>> {
	if let Named::Number(number) = named {
		return Ok(Found::by_number(InstitutionId(*number)));
	}
	let hospitals = hospital_names(at).await?;
	let all = at.institutions().await?.into_iter().filter(|info| info.open);
	let person = |info: pallet_consortium_runtime_api::InstitutionInfo| Person {
		number: info.id.0,
		name: text(&info.name),
		more: of_hospital(info.hospital, &hospitals),
	};
	let people: Vec<Person> = all.map(person).collect();
	among(What::Institution, named, &people, true, InstitutionId)
}

/// A doctor of the directory by number or by name.
///
/// # Errors
///
/// [`super::Error`].
pub async fn doctor(at: &At, named: &Named) -> Result<Found<DoctorId>> {
	of_directory(at, named, |_| true).await
}

/// A doctor who can be given access, by number or by name. Others who call themselves so don't count.
///
/// # Errors
///
/// [`super::Error`].
pub async fn doctor_to_grant(at: &At, named: &Named) -> Result<Found<DoctorId>> {
	of_directory(at, named, |info| info.practises.is_ok()).await
}

/// The same, among those who are wanted.
async fn of_directory(
	at: &At,
	named: &Named,
	is_wanted: impl Fn(&DoctorInfo) -> bool,
) -> Result<Found<DoctorId>> {
	if let Named::Number(number) = named {
		return Ok(Found::by_number(DoctorId(*number)));
	}
	let all = at.all_doctors().await?;
	of_doctors(at, named, all.into_iter().filter(|info| is_wanted(info)).collect()).await
}

async fn of_doctors(at: &At, named: &Named, all: Vec<DoctorInfo>) -> Result<Found<DoctorId>> {
	let hospitals = hospital_names(at).await?;
	let people: Vec<Person> = all.iter().filter_map(|info| person(info, &hospitals)).collect();
	among(What::Doctor, named, &people, true, DoctorId)
}

fn person(info: &DoctorInfo, hospitals: &BTreeMap<HospitalId, String>) -> Option<Person> {
	let profile = info.profile.as_ref()?;
	let (specialty, hospital) = (text(&profile.specialty), of_hospital(info.hospital, hospitals));
	Some(Person {
		number: info.id.0,
		name: text(&profile.name),
		more: format!(", {specialty}{hospital}"),
	})
}

async fn hospital_names(at: &At) -> Result<BTreeMap<HospitalId, String>> {
	let all = at.hospitals().await?.into_iter();
	Ok(all.map(|info| (info.id, text(&info.name))).collect())
}

fn of_hospital(hospital: HospitalId, names: &BTreeMap<HospitalId, String>) -> String {
	match names.get(&hospital) {
		Some(name) => format!(", {name}"),
		None => format!(", hospital {}", hospital.0),
	}
}

impl Client {
	/// A doctor with a grant of this patient, by number or by name.
	///
	/// # Errors
	///
	/// [`super::Error`].
	pub async fn find_granted_doctor(&self, at: &At, named: &Named) -> Result<Found<DoctorId>> {
		if let Named::Number(number) = named {
			return Ok(Found::by_number(DoctorId(*number)));
		}
		let patient = self.own_chart(at).await?.id;
		let mut doctors = Vec::new();
		for grant in at.all_grants(patient).await? {
			doctors.extend(at.doctor(grant.doctor).await?);
		}
		of_doctors(at, named, doctors).await
	}

	/// A doctor who asks for an emergency of this patient, or had one, by number or by name.
	///
	/// # Errors
	///
	/// [`super::Error`].
	pub async fn find_emergency_doctor(&self, at: &At, named: &Named) -> Result<Found<DoctorId>> {
		if let Named::Number(number) = named {
			return Ok(Found::by_number(DoctorId(*number)));
		}
		let own = self.own_emergencies(at).await?;
		let asking = own.requests.iter().map(|one| one.doctor);
		let ids: BTreeSet<_> = asking.chain(own.emergencies.iter().map(|one| one.doctor)).collect();
		let mut doctors = Vec::new();
		for id in ids {
			doctors.extend(at.doctor(id).await?);
		}
		of_doctors(at, named, doctors).await
	}

	/// A doctor of the own hospital, or one who waits for it, by number or by name.
	///
	/// # Errors
	///
	/// [`super::Error`].
	pub async fn find_doctor_at_desk(&self, at: &At, named: &Named) -> Result<Found<DoctorId>> {
		if let Named::Number(number) = named {
			return Ok(Found::by_number(DoctorId(*number)));
		}
		let hospital = self.own_hospital().await?;
		of_directory(at, named, |info| {
			info.hospital == hospital || info.moving_to == Some(hospital)
		})
		.await
	}

	/// A doctor's entry, as two hospitals' nodes have it: a single lying node could give one doctor another one's name.
	pub async fn doctors_entry(&self, doctor: DoctorId) -> Result<DoctorInfo> {
		let agreed = self.nodes.agreed().await?;
		let entry = |at: At| async move { Ok::<_, crate::Error>(at.known_doctor(doctor).await?) };
		agreed.read("the doctor's entry", entry).await
	}
}
