//! Permissions as a `Consent` (R4): a grant here, and what others may do for a patient in [`crate::acting`].

use crate::{Names, codes, time, types::*};
use medblock_client::medblock_primitives::{Moment, PatientId, RecordIndex, Scope};
use pallet_medical_records_runtime_api::GrantInfo;
use serde::Serialize;

/// A patient's permission for others. Everything is forbidden (`OPTOUT`), except for what a provision permits: one
/// provision for each action.
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
	pub(crate) actor: Vec<Actor>,
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

impl Actor {
	/// A recipient of information.
	pub(crate) fn recipient(reference: Reference) -> Self {
		Self { role: codes::RECIPIENT.into(), reference }
	}
}

impl Data {
	/// Single records.
	pub(crate) fn records(names: &Names, patient: PatientId, records: &[RecordIndex]) -> Vec<Self> {
		let data = |index: &RecordIndex| Self {
			meaning: "instance",
			reference: names.to_record(patient, *index),
		};
		records.iter().map(data).collect()
	}
}

/// The time from one moment to another, if there is an end.
pub(crate) fn period(start: Moment, end: Option<Moment>) -> Period {
	Period { start: time::instant(start), end: end.and_then(time::limit) }
}

impl Provision {
	/// A permission for some actors, about the whole chart.
	pub(crate) fn permit(
		period: Period,
		actor: Vec<Actor>,
		action: Coding,
		purpose: Coding,
	) -> Self {
		let (action, purpose) = ([action.into()], [purpose]);
		Self { kind: "permit", period, actor, action, purpose, data: Vec::new() }
	}

	/// About single records alone.
	pub(crate) fn about(self, data: Vec<Data>) -> Self {
		Self { data, ..self }
	}
}

impl Names {
	/// A grant. `shared` are the single records that it opens, if it is to single records.
	///
	/// It is `active` while the chain allows the doctor anything by it, and `inactive` otherwise,
	/// for whatever reason: the grant has expired, or the doctor may not practise. It ends with the
	/// grant, or with the doctor's licence if that is earlier.
	pub fn consent(&self, grant: &GrantInfo, shared: &[RecordIndex]) -> Consent {
		let end = match grant.access {
			Ok(allowed) => allowed.until,
			Err(_) => grant.expires_at,
		};
		let permit = |action| {
			let doctor = vec![Actor::recipient(self.to_doctor(grant.doctor))];
			Provision::permit(period(grant.granted_at, end), doctor, action, codes::TREATMENT)
		};
		let reading = match grant.scope {
			Scope::Chart => Some(permit(codes::ACCESS)),
			// Without data it would be about the whole chart.
			Scope::Records if shared.is_empty() => None,
			Scope::Records => {
				Some(permit(codes::ACCESS).about(Data::records(self, grant.patient, shared)))
			},
		};
		let adding = grant.may_append.then(|| permit(codes::APPEND));
		Consent::new(
			self.grant(grant.patient, grant.doctor),
			if grant.access.is_ok() { "active" } else { "inactive" },
			(self.to_patient(grant.patient), grant.granted_at),
			reading.into_iter().chain(adding).collect(),
		)
	}
}

impl Consent {
	/// A patient's permissions of that time.
	pub(crate) fn new(
		identifier: Identifier,
		status: &'static str,
		(patient, given_at): (Reference, Moment),
		provision: Vec<Provision>,
	) -> Self {
		Self {
			identifier: [identifier],
			status,
			scope: codes::PRIVACY.into(),
			category: [codes::PATIENT_CONSENT.into()],
			patient: patient.clone(),
			date_time: time::instant(given_at),
			performer: [patient],
			policy_rule: codes::OPT_OUT.into(),
			provision: (!provision.is_empty()).then_some(Provisions { provision }),
		}
	}

	pub(crate) fn name(&self) -> &Identifier {
		let [name] = &self.identifier;
		name
	}
}
