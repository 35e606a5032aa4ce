//! `medblock patient emergency`, `medblock doctor emergency` and `medblock hospital emergency`.

mod desk;
mod doctor;
mod patient;

pub use desk::{asked, of_hospital};
pub use doctor::run as of_doctor;
pub use patient::{open_to, run as of_patient, warn_if_urgent, warn_of_open};

use super::who::{self, Who};
use crate::{advice, describe, exit::Failure, output::harmless, session::Session};
use medblock_client::{
	Client,
	emergency::{EmergencyInfo, EmergencyOf, EmergencyRequestInfo},
	medblock_primitives::{EmergencyReason, HospitalId, Review},
	names::Names,
};
use medblock_views::{Emergency, EmergencyRequest};
use serde_json::{Value, json};

/// The kind of a reason, in words.
fn reason(reason: EmergencyReason) -> &'static str {
	match reason {
		EmergencyReason::Unconscious => "the patient is unconscious",
		EmergencyReason::Unable => "the patient can't use a device",
		EmergencyReason::LifeThreatening => "the patient's life is in danger",
		EmergencyReason::Other => "another reason",
	}
}

/// A patient's judgement, in words.
fn judgement(review: Option<Review>) -> &'static str {
	match review {
		Some(Review::Justified) => "justified",
		Some(Review::Unjustified) => "NOT justified",
		None => "not judged",
	}
}

/// Hospitals by name.
async fn hospitals(names: &mut Names<'_>, all: &[HospitalId]) -> Result<String, Failure> {
	let mut named = Vec::new();
	for hospital in all {
		named.push(who::hospital(names, *hospital).await?);
	}
	Ok(if named.is_empty() { "none".to_owned() } else { named.join(", ") })
}

/// What the doctor has said; nothing if it can't be had, with a warning if that is not because there is none.
async fn words(
	session: &Session<'_>,
	client: &Client,
	of: EmergencyOf,
	details: [u8; 32],
) -> Option<String> {
	match client.emergency_text(of, details).await {
		Ok(words) => words.map(|words| harmless(&words)),
		Err(why) => {
			let (doctor, told) = (of.doctor, advice::told(&why));
			session
				.output
				.warn(format_args!("what doctor {doctor} has said can't be read: {told}"));
			None
		},
	}
}

/// A request with what the doctor has said, for people and in JSON.
async fn request(
	session: &Session<'_>,
	client: &Client,
	names: &mut Names<'_>,
	info: EmergencyRequestInfo,
) -> Result<(String, Value), Failure> {
	let of = EmergencyOf { patient: info.patient, doctor: info.doctor };
	let said = words(session, client, of, info.details).await;
	let doctor = Who::doctor(names, info.doctor).await?;
	let shown = format!(
		"Patient    {}\nDoctor     {doctor}\nReason     {}\nSays       {}\nAsked      {}, until {}\nConfirmed  {} of {}: {}",
		info.patient,
		reason(info.reason),
		said.as_deref().unwrap_or("(nothing that can be read here)"),
		describe::time(info.asked_at),
		describe::time(info.ends_at),
		info.confirmed.len(),
		info.threshold,
		hospitals(names, &info.confirmed).await?,
	);
	let fields = with(json!(EmergencyRequest::from(info)), &doctor, said);
	Ok((shown, fields))
}

/// An emergency with what the doctor has said, for people and in JSON.
async fn emergency(
	session: &Session<'_>,
	client: &Client,
	names: &mut Names<'_>,
	info: EmergencyInfo,
) -> Result<(String, Value), Failure> {
	let of = EmergencyOf { patient: info.patient, doctor: info.doctor };
	let said = words(session, client, of, info.details).await;
	let doctor = Who::doctor(names, info.doctor).await?;
	let state = match info.open {
		true => format!("OPEN until {}", describe::time(info.until)),
		false => format!("closed {}", describe::time(info.until)),
	};
	let shown = format!(
		"Patient    {}\nDoctor     {doctor}\nReason     {}\nSays       {}\nOpened     {}, {state}\nConfirmed  {}\nPatient's  {}",
		info.patient,
		reason(info.reason),
		said.as_deref().unwrap_or("(nothing that can be read here)"),
		describe::time(info.opened_at),
		hospitals(names, &info.confirmed).await?,
		judgement(info.review),
	);
	let fields = with(json!(Emergency::from(info)), &doctor, said);
	Ok((shown, fields))
}

/// Fields, with the doctor's name and words.
fn with(mut fields: Value, doctor: &Who, said: Option<String>) -> Value {
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("doctorName".into(), json!(doctor.name()));
		fields.insert("text".into(), json!(said));
	}
	fields
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn judgement_against_a_doctor_can_t_be_overlooked() {
		assert!(judgement(Some(Review::Unjustified)).contains("NOT"));
		assert_eq!(judgement(None), "not judged");
	}
}
