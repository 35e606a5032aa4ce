//! A patient as a `Patient` (R4).

use crate::{Names, types::*};
use medblock_client::{
	chain::PatientInfo,
	medblock_primitives::Standing,
	profiles::{Profile, is_fhir_date},
};
use serde::Serialize;

/// A patient: the chain's facts, and the profile if it could be opened.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
	identifier: [Identifier; 1],
	active: bool,
	#[serde(skip_serializing_if = "Option::is_none")]
	name: Option<[Name; 1]>,
	#[serde(skip_serializing_if = "Option::is_none")]
	telecom: Option<[Contact; 1]>,
	#[serde(skip_serializing_if = "Option::is_none")]
	birth_date: Option<String>,
	pub(crate) managing_organization: Reference,
}

/// A name as its owner writes it. MedBlock does not ask which part is the family's.
#[derive(Debug, Serialize)]
struct Name {
	text: String,
}

#[derive(Debug, Serialize)]
struct Contact {
	system: &'static str,
	value: String,
}

impl Names {
	/// A patient. They are `active` while their hospital says that it knows them.
	pub fn patient_resource(&self, info: &PatientInfo, profile: Option<&Profile>) -> Patient {
		let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
		Patient {
			identifier: [self.patient(info.id)],
			active: info.standing == Standing::Verified,
			name: profile.and_then(|own| said(&own.name)).map(|text| [Name { text }]),
			telecom: profile
				.and_then(|own| own.contact.as_ref().and_then(said))
				.map(|value| [Contact { system: "other", value }]),
			// A year or a month is a date, too. Any other text, of an earlier client, is none.
			birth_date: profile
				.and_then(|own| own.birth_date.as_deref())
				.map(|text| text.trim().to_owned())
				.filter(|text| is_fhir_date(text)),
			managing_organization: self.to_hospital(info.hospital),
		}
	}
}

impl Patient {
	pub(crate) fn name(&self) -> &Identifier {
		let [name] = &self.identifier;
		name
	}
}
