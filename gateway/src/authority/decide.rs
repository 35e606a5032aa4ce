//! Access decisions: what an account may do, given the facts of a block. Pure functions.

use super::facts::{Facts, Patient};
use crate::errors::Refusal;
use medblock_primitives::*;

/// An action on a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
	/// Read a record.
	Record(RecordIndex),
	/// Read the profile.
	Profile,
	/// Upload a file for it.
	Upload,
	/// List its disclosures.
	Disclosures,
}

/// The role in which an account may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
	/// The patient.
	Patient,
	/// A person who acts for the patient, by the number of their own chart, and may do this.
	Representative(PatientId),
	/// A doctor with a grant that allows it.
	Doctor(DoctorId),
	/// A doctor with an open emergency. It allows reading alone.
	Emergency(DoctorId),
	/// A registrar of the patient's hospital, or of the one that the patient has asked to move to.
	Registrar(HospitalId),
	/// An operator of an institution that may add records. It reads nothing.
	Institution(InstitutionId),
}

/// A decision that allows the action.
#[derive(Debug, PartialEq)]
pub struct Decision<'a> {
	/// The role in which it is allowed.
	pub role: Role,
	/// The document to read, for a question about one.
	pub document: Option<&'a Document>,
	/// The vaults that may give it out, by the chain's decision.
	pub vaults: Option<&'a Vaults>,
	/// The patient's standing.
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
	let kept = match question {
		Question::Record(_) => {
			let found = facts.record.as_ref().ok_or(Refusal::Denied(Denied::RecordNotFound))?;
			let kept = found.record.document.as_ref().zip(found.vaults.as_ref());
			Some(kept.ok_or(Refusal::Denied(Denied::RecordWithdrawn))?)
		},
		Question::Profile => {
			let kept = patient.profile.as_ref().zip(patient.profile_vaults.as_ref());
			Some(kept.ok_or(Refusal::NoProfile)?)
		},
		Question::Upload | Question::Disclosures => None,
	};
	let (document, vaults) = kept.unzip();
	Ok(Decision { role, document, vaults, standing: patient.standing })
}

/// The role of an account that may read a record: the patient, one who acts for the patient, or a doctor with
/// access to it.
fn reader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return Ok(Role::Patient);
	}
	if let Some(representative) = representative(facts, now) {
		return Ok(representative);
	}
	let (doctor, _) = allowed(facts, now)?;
	Ok(as_doctor(facts, doctor))
}

/// The role of a doctor who may read.
fn as_doctor(facts: &Facts, doctor: DoctorId) -> Role {
	match facts.is_emergency {
		true => Role::Emergency(doctor),
		false => Role::Doctor(doctor),
	}
}

/// The role of an account that may read the profile: the patient, one who acts for the patient and sees the chart,
/// a doctor with access to the whole chart, or a registrar of the patient's hospital, or of the one that the patient
/// has asked to move to. That one decides about a person, and so has to see which one.
fn profile_reader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return Ok(Role::Patient);
	}
	if let Some(representative) = representative(facts, now) {
		return Ok(representative);
	}
	if let Some(registrar) = registrar(facts, patient).or_else(|| taking_in(facts, patient)) {
		return Ok(registrar);
	}
	match allowed(facts, now)? {
		(doctor, Allowed { scope: Scope::Chart, .. }) => Ok(as_doctor(facts, doctor)),
		(_, Allowed { scope: Scope::Records, .. }) => Err(Refusal::Denied(Denied::RecordNotShared)),
	}
}

/// The role of an account that may upload: the patient, one who acts for the patient and may add, a registrar of the
/// patient's hospital, an operator of an institution that may add records, or a doctor who may.
fn uploader(facts: &Facts, patient: &Patient, now: Moment) -> Result<Role, Refusal> {
	if patient.is_account {
		return match patient.standing {
			Standing::Pending | Standing::Verified => Ok(Role::Patient),
			Standing::Suspended | Standing::Rejected => Err(Refusal::PatientNotVerified),
		};
	}
	if let Some(representative) = representative(facts, now) {
		return match patient.standing {
			Standing::Verified => Ok(representative),
			Standing::Pending | Standing::Suspended | Standing::Rejected => {
				Err(Refusal::PatientNotVerified)
			},
		};
	}
	if let Some(registrar) = registrar(facts, patient) {
		return Ok(registrar);
	}
	// The permission may have run out by another clock than the chain's.
	if let Some((institution, until)) = facts.deposit
		&& until.is_none_or(|until| until > now)
	{
		return Ok(Role::Institution(institution));
	}
	match allowed(facts, now)? {
		(doctor, Allowed { may_append: true, .. }) => Ok(Role::Doctor(doctor)),
		(_, Allowed { may_append: false, .. }) => Err(Refusal::AppendNotAllowed),
	}
}

/// The person who acts for the patient, unless that has ended by any clock.
fn representative(facts: &Facts, now: Moment) -> Option<Role> {
	let (representative, until) = facts.representative?;
	let is_over = until.is_some_and(|until| until <= now);
	(!is_over).then_some(Role::Representative(representative))
}

fn registrar(facts: &Facts, patient: &Patient) -> Option<Role> {
	facts.registrar.filter(|hospital| *hospital == patient.hospital).map(Role::Registrar)
}

/// A registrar of the hospital that the patient has asked to move to.
fn taking_in(facts: &Facts, patient: &Patient) -> Option<Role> {
	facts.registrar.filter(|own| patient.moving_to == Some(*own)).map(Role::Registrar)
}

/// The doctor's access, unless it has expired by any clock.
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
