//! Moving to another hospital, and the profile that the new one has to be able to read.

use super::who;
use crate::{advice, cli::Move, exit::Failure, outcome, progress::Unit, session::Session};
use medblock_client::{
	Client,
	medblock_primitives::{Capacity, HospitalId, PatientId},
	profiles::ReadProfile,
};
use serde_json::{Value, json};

/// What encrypts a patient's profile anew.
const RESEAL: &str = "medblock patient reseal-profile";

/// Asks to move to another hospital, or to stay.
pub async fn request_move(
	session: &Session<'_>,
	capacity: Capacity,
	whereto: &Move,
) -> Result<(), Failure> {
	let client = session.actor().await?;
	let to = match &whereto.to {
		Some(to) => Some(who::meant_hospital(session, &client, to).await?.0),
		None => None,
	};
	let done = client.request_move(capacity, to.map(HospitalId)).await?;
	let sentence = match to {
		Some(hospital) => {
			let place = who::hospital_if_known(&client, HospitalId(hospital)).await;
			format!("You have asked {place} to take you in.")
		},
		None => "You stay where you are.".to_owned(),
	};
	let mut more = json!({ "to": to });
	if capacity == Capacity::Patient && to.is_some() {
		let profile = match done.receipt() {
			Some(_) => resealed(session, &client).await,
			None => {
				session.output.note(format_args!(
					"Once your wallet has signed this, run `{RESEAL} --prepare`, so that the hospital can read \
					 your profile."
				));
				Value::Null
			},
		};
		if let Some(fields) = more.as_object_mut() {
			fields.insert("profile".into(), profile);
		}
	}
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// Lets the hospital that was asked read the profile. If that fails, the hospital is asked all the same.
async fn resealed(session: &Session<'_>, client: &Client) -> Value {
	let bar = session.output.bar("Profile", Unit::Bytes);
	let outcome = client.reseal_profile(&bar.progress()).await;
	drop(bar);
	match outcome {
		Ok(Some(done)) => {
			let sentence = "Your profile is encrypted for that hospital, too.";
			session.output.note(outcome::text(client, &done, sentence));
			outcome::document(client, &done)
		},
		Ok(None) => Value::Null,
		Err(why) => {
			session.output.warn(format_args!(
				"that hospital can't read your profile yet ({}): run `{RESEAL}` later",
				advice::told(&why),
			));
			Value::Null
		},
	}
}

/// `medblock patient reseal-profile`.
pub async fn reseal_profile(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.actor().await?;
	let bar = session.output.bar("Profile", Unit::Bytes);
	let done = client.reseal_profile(&bar.progress()).await?;
	drop(bar);
	let Some(done) = done else {
		let sentence = "Nothing to do: your hospital can read your profile, or there is none, or the hospital has \
			no key.";
		return session.output.result(&json!({ "resealed": false }), sentence);
	};
	let sentence = "Your hospital can read your profile now.";
	outcome::print(session.output, &client, &done, sentence, json!({ "resealed": true }))
}

/// Tells patients that their hospital can't open the profile that was read. Not knowing is no reason to show nothing.
pub async fn warn_if_unreachable(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	read: &ReadProfile,
) {
	if let Ok(Some(HospitalId(hospital))) = client.hospital_without_profile(patient, read).await {
		session.output.warn(format_args!(
			"hospital {hospital} can't open your profile: you wrote it before you were moved there, or before the \
			 hospital had a key. Run `{RESEAL}`"
		));
	}
}
