//! What is told about a chart that is due for a new key, before and after records are added to it.

use super::{record::As, who::Who};
use crate::{advice, exit::Failure, outcome, session::Session};
use medblock_client::{
	Client,
	emergency::Renewal,
	grants::{LeftOut, Reach, Ready},
	medblock_primitives::{DoctorId, PatientId},
};

/// Gives a patient's own chart the keys that its doctors need for what is added next, and tells what was done and
/// what was not. Returns the numbers of the doctors who can't open it.
pub async fn before(
	session: &Session<'_>,
	client: &Client,
	author: As,
) -> Result<Vec<u32>, Failure> {
	let As::Patient = author else { return Ok(Vec::new()) };
	let Ready { rotation, problem, renewed, resealed, left_out } = client.make_ready().await?;
	if let Some(done) = &rotation {
		let sentence = "The chart got a new key first, since a doctor had lost access.";
		session.output.note(outcome::text(client, done, sentence));
	}
	if !renewed.is_empty() {
		let doctors: Vec<DoctorId> = renewed.iter().map(|(doctor, _)| *doctor).collect();
		session.output.note(format_args!(
			"Doctors who may see your whole chart had not got its present key, and have it now: {}.",
			named(client, &doctors).await,
		));
	}
	for (representative, _) in &resealed.given {
		session.output.note(format_args!(
			"Representative {} had not got your chart's present key, and has it now.",
			representative.0,
		));
	}
	for (representative, why) in &resealed.problems {
		session.output.warn(format_args!(
			"representative {} could not be given your chart's present key ({})",
			representative.0,
			advice::told(why),
		));
	}
	match &resealed.emergency {
		Some(Ok(Renewal::Replace(_))) => session.output.warn(
			"your plan for emergencies opens nothing of what you add now: see `medblock patient emergency show`",
		),
		Some(Err(why) | Ok(Renewal::Refused(why))) => session.output.warn(format_args!(
			"your plan for emergencies could not be given your chart's present key ({})",
			advice::told(why),
		)),
		Some(Ok(Renewal::Renewed(_))) => {
			session.output.note("Your plan for emergencies has your chart's present key now.");
		},
		Some(Ok(Renewal::NotNeeded)) | None => {},
	}
	if let Some(why) = &problem {
		session.output.warn(format_args!(
			"the chart needs a new key, and could not get one ({}): what you add is encrypted to you and to \
			 the doctors' own keys; run `medblock patient rotate` later",
			advice::told(why),
		));
	}
	for LeftOut { doctor, why } in &left_out {
		let why = why.as_ref().map_or(String::new(), |why| format!(" ({})", advice::told(why)));
		let who = Who::doctor_if_known(client, *doctor).await;
		session.output.warn(format_args!(
			"{who} may see your whole chart, and CAN'T OPEN what you add now{why}: run `medblock patient \
			 rotate` once their hospital has confirmed their key",
		));
	}
	Ok(left_out.iter().map(|one| one.doctor.0).collect())
}

/// Tells a doctor, a representative or an institution who can open what they have added, if the chart needs a new key.
pub async fn after(session: &Session<'_>, client: &Client, patient: PatientId, author: As) {
	if let As::Patient = author {
		return;
	}
	// It is added, even if this can't be found out.
	let Ok(Some(Reach { doctors, is_own })) = client.reach(patient).await else { return };
	let who = match doctors.is_empty() {
		true => "only the patient can open what was added now".to_owned(),
		false => format!(
			"only the patient and these can open what was added now: {}",
			named(client, &doctors).await
		),
	};
	let own = match is_own {
		Some(false) => " You are not among them.",
		Some(true) | None => "",
	};
	session.output.warn(format_args!(
		"the chart of patient {} waits for a new key from the patient. Until then, {who}.{own}",
		patient.0,
	));
}

/// Doctors by name, for a sentence.
async fn named(client: &Client, doctors: &[DoctorId]) -> String {
	let mut all = Vec::new();
	for doctor in doctors {
		all.push(Who::doctor_if_known(client, *doctor).await.to_string());
	}
	all.join("; ")
}
