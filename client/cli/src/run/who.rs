//! The person that a command is about: shown before anything is signed, and named in what is printed.

use super::asking::Asking;
use crate::{describe, exit::Failure, output::harmless, session::Session};
use medblock_client::{
	Client, Error,
	chain::{At, DoctorInfo, PatientInfo},
	medblock_primitives::{DoctorId, HospitalId, InstitutionId, PatientId, Person, Scope},
	names::{self, Found, Named, Names},
	people::Listed,
	profiles::Profile,
};
use serde_json::{Map, Value, json};
use std::fmt::{self, Display, Formatter};

/// A person, with what the caller may read of them.
pub struct Who {
	kind: &'static str,
	number: u32,
	name: Option<String>,
	specialty: Option<String>,
	hospital: Option<(HospitalId, Option<String>)>,
}

/// Such as `Dr. Bones (doctor 3, cardiology, Northern General)`.
impl Display for Who {
	fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
		let mut about: Vec<String> = Vec::new();
		about.extend(self.specialty.clone());
		about.extend(self.hospital());
		let number = format!("{} {}", self.kind, self.number);
		let text = match (&self.name, about.is_empty()) {
			(Some(name), true) => format!("{name} ({number})"),
			(Some(name), false) => format!("{name} ({number}, {})", about.join(", ")),
			(None, true) => number,
			(None, false) => format!("{number} ({})", about.join(", ")),
		};
		formatter.write_str(&harmless(&text))
	}
}

/// A doctor who could read because of an emergency, and not by a grant.
pub fn in_emergency(who: &str) -> String {
	format!("{who}, in an emergency")
}

impl Who {
	fn new(kind: &'static str, number: u32) -> Self {
		Self { kind, number, name: None, specialty: None, hospital: None }
	}

	/// A person without a known name.
	pub fn numbered(person: Person) -> Self {
		match person {
			Person::Patient(patient) => Self::new("patient", patient.0),
			Person::Doctor(doctor) => Self::new("doctor", doctor.0),
		}
	}

	/// A doctor of the directory.
	pub async fn doctor(names: &mut Names<'_>, doctor: DoctorId) -> Result<Self, Failure> {
		let Some(info) = names.doctor(doctor).await?.cloned() else {
			return Ok(Self::numbered(Person::Doctor(doctor)));
		};
		let hospital = names.of_hospital(info.hospital).await?;
		Ok(Self::of_doctor(&info, hospital))
	}

	/// A doctor, as far as a node says now. Nothing fails for want of a name.
	pub async fn doctor_if_known(client: &Client, doctor: DoctorId) -> Self {
		let found = async {
			let at = client.chain().finalized().await?;
			Self::doctor(&mut Names::new(&at), doctor).await
		};
		found.await.unwrap_or_else(|_: Failure| Self::numbered(Person::Doctor(doctor)))
	}

	/// A doctor with this entry.
	pub fn of_doctor(info: &DoctorInfo, hospital: Option<String>) -> Self {
		let profile = info.profile.as_ref();
		Self {
			name: profile.map(|own| describe::words(&own.name)),
			specialty: profile.map(|own| describe::words(&own.specialty)),
			hospital: Some((info.hospital, hospital)),
			..Self::new("doctor", info.id.0)
		}
	}

	/// A patient, and the profile if it could be read.
	pub async fn patient(
		names: &mut Names<'_>,
		info: &PatientInfo,
		profile: Option<&Profile>,
	) -> Result<Self, Failure> {
		Ok(Self {
			name: profile.map(|own| own.name.clone()),
			hospital: Some((info.hospital, names.of_hospital(info.hospital).await?)),
			..Self::new("patient", info.id.0)
		})
	}

	/// The name.
	pub fn name(&self) -> Option<String> {
		self.name.clone()
	}

	/// A doctor's specialty.
	pub fn specialty(&self) -> Option<String> {
		self.specialty.clone()
	}

	/// The hospital's name, or its number.
	pub fn hospital(&self) -> Option<String> {
		let (id, name) = self.hospital.as_ref()?;
		Some(name.clone().unwrap_or_else(|| format!("hospital {}", id.0)))
	}

	/// The same at the beginning of a sentence.
	pub fn begins(&self) -> String {
		let text = self.to_string();
		let mut letters = text.chars();
		match (&self.name, letters.next()) {
			(None, Some(first)) => first.to_uppercase().chain(letters).collect(),
			_ => text,
		}
	}

	/// What is known, in JSON: beside the number, any of `name`, `specialty`, `hospital` and `hospitalName`.
	pub fn fields(&self) -> Value {
		let mut fields = Map::new();
		fields.insert(self.kind.to_owned(), json!(self.number));
		let mut text = |key: &str, value: &Option<String>| {
			fields.extend(value.as_ref().map(|value| (key.to_owned(), json!(value))));
		};
		text("name", &self.name);
		text("specialty", &self.specialty);
		if let Some((hospital, name)) = &self.hospital {
			text("hospitalName", name);
			fields.insert("hospital".to_owned(), json!(hospital));
		}
		Value::Object(fields)
	}

	/// The same, and more.
	pub fn with(&self, more: Value) -> Value {
		let mut all = self.fields();
		if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
			all.extend(more);
		}
		all
	}
}

/// A hospital by name, with its number.
pub async fn hospital(names: &mut Names<'_>, hospital: HospitalId) -> Result<String, Failure> {
	let number = format!("hospital {}", hospital.0);
	Ok(match names.of_hospital(hospital).await? {
		Some(name) => harmless(&format!("{name} ({number})")),
		None => number,
	})
}

/// The same, as far as a node says now. Nothing fails for want of a name.
pub async fn hospital_if_known(client: &Client, id: HospitalId) -> String {
	let found = async {
		let at = client.chain().finalized().await?;
		hospital(&mut Names::new(&at), id).await
	};
	found.await.unwrap_or_else(|_: Failure| format!("hospital {}", id.0))
}

/// The hospital that is named, in a command that asks about nothing else.
pub async fn meant_hospital(
	session: &Session<'_>,
	client: &Client,
	named: &Named,
) -> Result<HospitalId, Failure> {
	let at = client.chain().finalized().await?;
	let found = names::hospital(&at, named).await?;
	Asking::of_names(session).meant(found, hospital_if_known(client, found.id)).await
}

/// An institution by name, with its number, in the same way. Begins a sentence.
pub async fn institution_if_known(client: &Client, id: InstitutionId) -> String {
	let found = async {
		let at = client.chain().finalized().await?;
		let name = Names::new(&at).of_institution(id).await?;
		Ok::<_, Failure>(name.map(|name| harmless(&format!("{name} (institution {})", id.0))))
	};
	found.await.unwrap_or_default().unwrap_or_else(|| format!("Institution {}", id.0))
}

/// A registrar. Only the hospital has a name.
pub async fn registrar(names: &mut Names<'_>, of: HospitalId) -> Result<String, Failure> {
	Ok(format!("registrar of {}", hospital(names, of).await?))
}

/// A person who acts for a patient. Only their hospital and their doctors may read the name.
pub fn representative(representative: PatientId) -> String {
	format!("representative {}", representative.0)
}

/// A patient whose name this account may read, as their doctor or as a registrar of their hospital.
pub async fn patient(client: &Client, at: &At, named: &Named) -> Result<Found<PatientId>, Failure> {
	if let Named::Number(_) = named {
		return Ok(client.find_patient_at_desk(at, named).await?);
	}
	let account = client.keys().account();
	if at.doctor_of(account).await?.is_some() {
		match client.find_patient_of_doctor(at, named).await {
			Err(Error::Name(names::Error::Nobody { .. }))
				if at.registrar_of(account).await?.is_some() => {},
			found => return Ok(found?),
		}
	}
	Ok(client.find_patient_at_desk(at, named).await?)
}

/// A patient at the desk, for people: the profile beside what the chain knows.
pub async fn at_desk(at: &At, listed: &Listed) -> Result<(Who, String), Failure> {
	let profile = listed.profile.as_ref().and_then(|read| read.as_ref().ok());
	let mut names = Names::new(at);
	let who = Who::patient(&mut names, &listed.info, profile).await?;
	let home = hospital(&mut names, listed.info.hospital).await?;
	let about = match (&listed.profile, &listed.info.profile) {
		(Some(Ok(profile)), _) => describe::profile(profile),
		(Some(Err(why)), _) => format!("The profile can't be read: {}.", crate::advice::told(why)),
		(None, None) => "The patient has written no profile.".to_owned(),
		(None, Some(_)) => {
			"The profile is for the patient's present hospital, so you can't read the name."
				.to_owned()
		},
	};
	Ok((who, format!("{}\n{about}", describe::patient(&listed.info, &home))))
}

/// A patient of a doctor, for the question before something is added to the chart. The profile is as it was read before
/// or, if `reads`, read now.
pub async fn in_chart(
	client: &Client,
	at: &At,
	patient: PatientId,
	reads: bool,
) -> Result<(Who, String), Failure> {
	let doctor = client.own_practice(at).await?;
	let info = at.known_patient(patient).await?;
	let grant = at.grant(patient, doctor).await?;
	let (mut read, mut about) = (None, "This patient has granted you nothing.".to_owned());
	if let Some(grant) = grant {
		let scope = grant.scope;
		read = client.charted(at, grant, reads).await.profile;
		about = match (&read, scope) {
			(Some(Ok(profile)), _) => describe::profile(profile),
			(Some(Err(why)), _) => {
				format!("The profile can't be read: {}.", crate::advice::told(why))
			},
			(None, Scope::Records) => {
				"Only single records are open to you, so you can't read the name.".to_owned()
			},
			(None, Scope::Chart) => "The patient has written no profile.".to_owned(),
		};
	}
	let profile = read.as_ref().and_then(|read| read.as_ref().ok());
	let who = Who::patient(&mut Names::new(at), &info, profile).await?;
	let registered = describe::time(info.registered_at);
	let about = format!("Patient    {}\nRegistered {registered}\n{about}", info.id.0);
	Ok((who, about))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_come_with_what_tells_people_apart() {
		let mut who = Who::numbered(Person::Doctor(DoctorId(3)));
		assert_eq!((who.to_string(), who.begins()), ("doctor 3".into(), "Doctor 3".into()));
		who.hospital = Some((HospitalId(0), None));
		assert_eq!(who.begins(), "Doctor 3 (hospital 0)");
		who.name = Some("dr. \u{202e}Bones".into());
		who.specialty = Some("cardiology".into());
		who.hospital = Some((HospitalId(0), Some("Northern General".into())));
		assert_eq!(who.begins(), "dr. \u{fffd}Bones (doctor 3, cardiology, Northern General)");
		let fields = who.with(json!({ "granted": true }));
		assert_eq!(fields["doctor"], 3);
		assert_eq!(fields["hospitalName"], "Northern General");
		assert_eq!(fields["granted"], true);
	}
}
