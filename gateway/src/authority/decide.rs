//! Who may do what, given what a block says. Asks nobody.

use super::facts::{Facts, Patient};
use crate::errors::Refusal;
use medblock_primitives::*;

/// What somebody wants to do with a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
	/// Read a record.
	Record(RecordIndex),
	/// Read the profile.
	Profile,
	/// Upload something for it.
	Upload,
	/// See who has read it.
	Disclosures,
}

/// As what somebody may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
	/// As the patient.
	Patient,
	/// As a doctor whom the patient allowed it.
	Doctor(DoctorId),
	/// For the patient's hospital.
	Registrar(HospitalId),
}

/// A decision in somebody's favour.
#[derive(Debug, PartialEq)]
pub struct Decision<'a> {
	/// As what.
	pub role: Role,
	/// What is to be read, if something is.
	pub document: Option<&'a Document>,
	/// Where the patient stands.
	pub standing: Standing,
}

/// Decides a question at `now`, the latest time that any clock shows.
pub fn decide(question: Question, facts: &Facts, now: Moment) -> Result<Decision<'_>, Refusal> {
	let Some(patient) = &facts.patient else {
		return Err(Refusal::Denied(Denied::PatientNotFound));
	};
	let role = match question {
		Question::Record(_) => reader(facts, patient, now)?,
		Question::Profile => profile_reader(facts, patient, now)?,
		Question::Upload => uploader(facts, patient, now)?,
		Question::Disclosures if patient.is_account => Role::Patient,
		Question::Disclosures => return Err(Refusal::PatientOnly),
	};
	let document = match question {
		Question::Record(_) => {
			let record = facts.record.as_ref().ok_or(Refusal::Denied(Denied::RecordNotFound))?;
			let document = record.document.as_ref();
			Some(document.ok_or(Refusal::Denied(Denied::RecordWithdrawn))?)
		},
		Question::Profile => Some(patient.profile.as_ref().ok_or(Refusal::NoProfile)?),
		Question::Upload | Question::Disclosures => None,
	};
	Ok(Decision { role, document, standing: patient.standing })
}

/// The patient, or a doctor with access to what was asked for.
fn reader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return Ok(Role::Patient);
	}
	let (doctor, _) = allowed(facts, now)?;
	Ok(Role::Doctor(doctor))
}

/// The patient, a doctor with access to the whole chart, or a registrar of the patient's hospital.
fn profile_reader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return Ok(Role::Patient);
	}
	if let Some(registrar) = registrar(facts, patient) {
		return Ok(registrar);
	}
	match allowed(facts, now)? {
		(doctor, Allowed { scope: Scope::Chart, .. }) => Ok(Role::Doctor(doctor)),
		(_, Allowed { scope: Scope::Records, .. }) => Err(Refusal::Denied(Denied::RecordNotShared)),
	}
}

/// The patient, a doctor who may append, or a registrar of the patient's hospital.
fn uploader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return match patient.standing {
			Standing::Pending | Standing::Verified => Ok(Role::Patient),
			Standing::Suspended | Standing::Rejected => Err(Refusal::PatientNotVerified),
		};
	}
	if let Some(registrar) = registrar(facts, patient) {
		return Ok(registrar);
	}
	match allowed(facts, now)? {
		(doctor, Allowed { may_append: true, .. }) => Ok(Role::Doctor(doctor)),
		(_, Allowed { may_append: false, .. }) => Err(Refusal::AppendNotAllowed),
	}
}

fn registrar(facts: &Facts, patient: &Patient) -> Option<Role> {
	facts.registrar.filter(|hospital| *hospital == patient.hospital).map(Role::Registrar)
}

/// What the doctor may do, unless its time has run out by any clock.
fn allowed(facts: &Facts, now: Moment) -> Result<(DoctorId, Allowed), Refusal> {
	let Some((doctor, access)) = facts.doctor else {
		return Err(Refusal::Denied(Denied::NotGranted));
	};
	let allowed = access.map_err(Refusal::Denied)?;
	match allowed.until {
		Some(until) if until <= now => Err(Refusal::Denied(Denied::GrantExpired)),
		_ => Ok((doctor, allowed)),
	}
}

#[cfg(test)]
mod tests;
