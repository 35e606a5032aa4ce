//! `medblock hospital emergency`.

use super::{emergency, request};
use crate::{
	cli::HospitalEmergency,
	describe,
	exit::Failure,
	outcome,
	run::{
		asking::Asking,
		who::{self, Who},
	},
	session::Session,
};
use medblock_client::{
	Client,
	chain::At,
	emergency::{EmergencyOf, EmergencyRequestInfo},
	medblock_primitives::{DoctorId, PatientId},
	names::Names,
};
use serde_json::json;

/// Runs a registrar's command.
pub async fn of_hospital(command: HospitalEmergency, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		HospitalEmergency::Pending => pending(session).await,
		HospitalEmergency::Confirm { patient, doctor, yes } => {
			let of = EmergencyOf { patient: PatientId(patient), doctor: DoctorId(doctor) };
			confirm(session, of, yes).await
		},
		HospitalEmergency::Review { patient } => review(session, PatientId(patient)).await,
	}
}

/// The requests that the account's hospital can confirm; none if that can't be found out.
pub async fn asked(client: &Client) -> Vec<EmergencyRequestInfo> {
	client.emergencies_asked().await.unwrap_or_default()
}

async fn pending(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let mut names = Names::new(&at);
	let (mut parts, mut items) = (Vec::new(), Vec::new());
	for info in client.emergencies_asked().await? {
		let (patient, doctor) = (info.patient, info.doctor);
		let (shown, fields) = request(session, &client, &mut names, info).await?;
		parts.push(format!(
			"{shown}\nTo confirm `medblock hospital emergency confirm {patient} {doctor}`"
		));
		items.push(fields);
	}
	let document = describe::list(items, &at);
	if parts.is_empty() {
		return session.output.result(&document, "No doctor asks for an emergency.");
	}
	session.output.result(&document, parts.join("\n\n"))
}

async fn confirm(session: &Session<'_>, of: EmergencyOf, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	if asking.asks() {
		let info = client.emergency_request(of).await?;
		let at = client.chain().finalized().await?;
		let (mut shown, _) = request(session, &client, &mut Names::new(&at), info).await?;
		shown.push_str(&entry(&at, of.doctor).await?);
		asking.confirm("You are about to confirm this emergency for your hospital:", &shown)?;
	}
	let done = client.confirm_emergency(of).await?;
	let who = Who::doctor_if_known(&client, of.doctor).await;
	let is_open = done.receipt().map(|sent| sent.event("EmergencyOpened").is_some());
	let until = outcome::moment(&done, "EmergencyOpened", "until");
	let sentence = match until {
		Some(until) => format!(
			"Confirmed. The emergency of patient {} is open to {who}, until {}.",
			of.patient,
			describe::time(until),
		),
		None => format!("Confirmed. The emergency of {who} needs other hospitals, too."),
	};
	let more = json!({ "patient": of.patient, "doctor": of.doctor, "open": is_open });
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// The doctor's entry, which the desk compares with what it knows of the doctor.
async fn entry(at: &At, doctor: DoctorId) -> Result<String, Failure> {
	let info = at.known_doctor(doctor).await?;
	let hospital = who::hospital(&mut Names::new(at), info.hospital).await?;
	Ok(format!("\n\n{}", describe::doctor(&info, &hospital, None)))
}

async fn review(session: &Session<'_>, patient: PatientId) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let mut names = Names::new(&at);
	let (mut parts, mut items) = (Vec::new(), Vec::new());
	for info in client.emergencies_of(patient).await? {
		let (shown, fields) = emergency(session, &client, &mut names, info).await?;
		parts.push(shown);
		items.push(fields);
	}
	let document = describe::list(items, &at);
	if parts.is_empty() {
		let none =
			format!("There was no emergency of patient {patient}, as far as the chain keeps them.");
		return session.output.result(&document, none);
	}
	session.output.result(&document, parts.join("\n\n"))
}
