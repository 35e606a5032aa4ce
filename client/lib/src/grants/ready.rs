//! A chart before records are added to it: every doctor who may see all of it should be able to open them.
//!
//! A doctor can have lost the present key without any deed of the patient's: a licence lapsed and was renewed, a new
//! key was confirmed late. What is added then would be there, and neither would know that it stays closed to them.

use super::extend::{grants_of, waits};
use crate::{
	Error, Result,
	client::{Client, Done, Mode},
	resealing::Resealed,
	rotation::sees_all,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;

/// What was done for a chart, and what is left.
#[derive(Debug, Default)]
pub struct Ready {
	/// The chart's new key, if it needed one.
	pub rotation: Option<Done>,
	/// Why the chart has no new key, though it needs one.
	pub problem: Option<Error>,
	/// The doctors who got the present key.
	pub renewed: Vec<(DoctorId, Done)>,
	/// The people who act for the patient and got the present key, or did not get it.
	pub resealed: Resealed,
	/// The doctors who may see the whole chart, and will not be able to open what is added now.
	pub left_out: Vec<LeftOut>,
}

/// A doctor who may see the whole chart, and can't open what is added.
#[derive(Debug)]
pub struct LeftOut {
	/// The doctor.
	pub doctor: DoctorId,
	/// Why they could not be given the present key, if that was tried.
	pub why: Option<Error>,
}

/// The doctors who can open what is added to a chart that needs a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
	/// The doctors who can.
	pub doctors: Vec<DoctorId>,
	/// Whether this client's account is one of theirs, or of a representative who can; nothing if it is neither.
	pub is_own: Option<bool>,
}

impl Client {
	/// Gives one's own chart a new key if it needs one, and then the present key to all doctors and representatives
	/// who may see the whole chart and have not got it, so that they can open what is added next. What can't be
	/// done is told, and keeps nothing from being added. Sends nothing if calls are only prepared.
	///
	/// # Errors
	///
	/// Those of reading the chart from two nodes, and that a node can't be reached.
	pub async fn make_ready(&self) -> Result<Ready> {
		let own = self.own_agreed_chart().await?;
		let mut grants = grants_of(&own).await?;
		let is_due = own.info.sealing_epoch != own.info.epoch;
		let mut ready = Ready::default();
		if !is_due && !grants.iter().any(|one| sees_all(one) && waits(one)) {
			ready.resealed = self.reseal().await?;
			return Ok(ready);
		}
		let mut problems = Vec::new();
		if self.mode != Mode::Prepare {
			match self.rotate_if_due().await {
				Ok(rotation) => ready.rotation = rotation,
				Err(why) if why.is_unreachable() => return Err(why),
				Err(why) => ready.problem = Some(why),
			}
			// A grant would give the chart a new key first, too.
			if ready.problem.is_none() {
				let repaired = self.renew(|one| sees_all(one) && waits(one)).await?;
				(ready.renewed, problems) = (repaired.renewed, repaired.problems);
				ready.resealed = self.reseal().await?;
			}
			grants = grants_of(&self.own_agreed_chart().await?).await?;
		}
		for grant in grants {
			if sees_all(&grant) && awaits(&grant) {
				let doctor = grant.doctor;
				let at = problems.iter().position(|(one, _)| *one == doctor);
				let why = at.map(|at| problems.swap_remove(at).1);
				ready.left_out.push(LeftOut { doctor, why });
			}
		}
		Ok(ready)
	}

	/// Finds out which doctors can open what is added to another's chart now, if it needs a new key; nothing if it
	/// has the key that its doctors were given.
	pub async fn reach(&self, patient: PatientId) -> Result<Option<Reach>> {
		let at = self.chain().finalized().await?;
		let info = at.known_patient(patient).await?;
		if info.sealing_epoch == info.epoch {
			return Ok(None);
		}
		let recipients = at.recipients(patient).await?;
		let doctors: Vec<DoctorId> = recipients.doctors.iter().map(|one| one.doctor).collect();
		let representatives: Vec<PatientId> =
			recipients.representatives.iter().map(|one| one.representative).collect();
		let account = self.keys.account();
		let own = (at.doctor_of(account).await?, at.patient_of(account).await?);
		let is_own = is_among(own, &doctors, &representatives);
		Ok(Some(Reach { doctors, is_own }))
	}
}

/// Whether an account's doctor is one of these, or its patient one of these representatives; nothing if it has neither.
fn is_among(
	own: (Option<DoctorId>, Option<PatientId>),
	doctors: &[DoctorId],
	representatives: &[PatientId],
) -> Option<bool> {
	let as_doctor = own.0.map(|own| doctors.contains(&own));
	let as_patient = own.1.map(|own| representatives.contains(&own));
	match (as_doctor, as_patient) {
		(Some(one), Some(other)) => Some(one || other),
		(one, other) => one.or(other),
	}
}

/// Whether the doctor can't open what is added now.
fn awaits(grant: &GrantInfo) -> bool {
	matches!(grant.access, Ok(Allowed { key: KeyStatus::AwaitingPatient, .. }))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn account_is_among_the_readers_as_a_doctor_or_as_a_representative() {
		let (doctors, representatives) = ([DoctorId(1)], [PatientId(5)]);
		let among = |doctor: Option<u32>, patient: Option<u32>| {
			let own = (doctor.map(DoctorId), patient.map(PatientId));
			is_among(own, &doctors, &representatives)
		};
		assert_eq!(among(Some(1), None), Some(true));
		assert_eq!(among(Some(1), Some(6)), Some(true), "a doctor who is a patient somewhere");
		assert_eq!(among(Some(2), Some(5)), Some(true), "a representative who is a doctor");
		assert_eq!(among(None, Some(5)), Some(true));
		for (doctor, patient) in [(Some(2), None), (Some(2), Some(6)), (None, Some(6))] {
			assert_eq!(among(doctor, patient), Some(false));
		}
		assert_eq!(among(None, None), None, "an institution");
	}
}
