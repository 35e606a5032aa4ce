//! A grant as a `Consent` (R4).

use crate::{Names, codes, time, types::*};
use medblock_client::medblock_primitives::{RecordIndex, Scope};
use pallet_medical_records_runtime_api::GrantInfo;
use serde::Serialize;

/// A patient's permission for a doctor. Everything is forbidden (`OPTOUT`), except for what a
/// provision permits: one provision for reading, and one for adding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
	identifier: [Identifier; 1],
	status: &'static str,
	scope: CodeableConcept,
	category: [CodeableConcept; 1],
	pub(crate) patient: Reference,
	date_time: String,
	pub(crate) performer: [Reference; 1],
	policy_rule: CodeableConcept,
	#[serde(skip_serializing_if = "Option::is_none")]
	pub(crate) provision: Option<Provisions>,
}

/// The root provision. It permits nothing itself: R4 allows no `type` there.
#[derive(Debug, Serialize)]
pub(crate) struct Provisions {
	pub(crate) provision: Vec<Provision>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Provision {
	#[serde(rename = "type")]
	kind: &'static str,
	period: Period,
	pub(crate) actor: [Actor; 1],
	action: [CodeableConcept; 1],
	purpose: [Coding; 1],
	#[serde(skip_serializing_if = "Vec::is_empty")]
	pub(crate) data: Vec<Data>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Actor {
	role: CodeableConcept,
	pub(crate) reference: Reference,
}

#[derive(Debug, Serialize)]
pub(crate) struct Data {
	meaning: &'static str,
	pub(crate) reference: Reference,
}

impl Names {
	/// A grant. `shared` are the single records that it opens, if it is to single records.
	///
	/// It is `active` while the chain allows the doctor anything by it, and `inactive` otherwise,
	/// for whatever reason: the grant has expired, or the doctor may not practise. It ends with the
	/// grant, or with the doctor's licence if that is earlier.
	pub fn consent(&self, grant: &GrantInfo, shared: &[RecordIndex]) -> Consent {
		let patient = self.to_patient(grant.patient);
		let end = match grant.access {
			Ok(allowed) => allowed.until,
			Err(_) => grant.expires_at,
		};
		let provision = |action: Coding, data| Provision {
			kind: "permit",
			period: Period {
				start: time::instant(grant.granted_at),
				end: end.and_then(time::limit),
			},
			actor: [Actor {
				role: codes::RECIPIENT.into(),
				reference: self.to_doctor(grant.doctor),
			}],
			action: [action.into()],
			purpose: [codes::TREATMENT],
			data,
		};
		let reading = match grant.scope {
			Scope::Chart => Some(provision(codes::ACCESS, Vec::new())),
			// Without data it would be about the whole chart.
			Scope::Records if shared.is_empty() => None,
			Scope::Records => {
				let data = shared.iter().map(|index| Data {
					meaning: "instance",
					reference: self.to_record(grant.patient, *index),
				});
				Some(provision(codes::ACCESS, data.collect()))
			},
		};
		let adding = grant.may_append.then(|| provision(codes::APPEND, Vec::new()));
		let provision: Vec<Provision> = reading.into_iter().chain(adding).collect();
		Consent {
			identifier: [self.grant(grant.patient, grant.doctor)],
			status: if grant.access.is_ok() { "active" } else { "inactive" },
			scope: codes::PRIVACY.into(),
			category: [codes::PATIENT_CONSENT.into()],
			patient: patient.clone(),
			date_time: time::instant(grant.granted_at),
			performer: [patient],
			policy_rule: codes::OPT_OUT.into(),
			provision: (!provision.is_empty()).then_some(Provisions { provision }),
		}
	}
}

impl Consent {
	pub(crate) fn name(&self) -> &Identifier {
		let [name] = &self.identifier;
		name
	}
}
