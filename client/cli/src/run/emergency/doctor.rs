//! `medblock doctor emergency`.

use super::{emergency, reason, request};
use crate::{
	advice,
	cli::{DoctorEmergency, EmergencyRequest},
	describe,
	exit::Failure,
	outcome,
	run::{asking::Asking, many, who},
	session::Session,
};
use medblock_client::{
	emergency::{DoctorsEmergency, Error, Requested},
	medblock_primitives::PatientId,
	names::{Named, Names},
};
use serde_json::json;

/// Runs a doctor's command.
pub async fn run(command: DoctorEmergency, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		DoctorEmergency::Request(typed) => ask(session, typed).await,
		DoctorEmergency::Show { patient } => show(session, PatientId(patient)).await,
		DoctorEmergency::Open { patient, records, to } => {
			many::open(session, Some(&Named::Number(patient)), &records, &to).await
		},
		DoctorEmergency::End { patient, yes } => {
			let asking = Asking::new(session, yes)?;
			end(session, PatientId(patient), Some(asking)).await
		},
		DoctorEmergency::Withdraw { patient } => end(session, PatientId(patient), None).await,
	}
}

async fn ask(session: &Session<'_>, typed: EmergencyRequest) -> Result<(), Failure> {
	let EmergencyRequest { patient, reason: kind, text, yes } = typed;
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let kind = kind.into();
	asking.confirm(
		"You are about to ask hospitals to open a patient's chart in an emergency:",
		&format!(
			"Patient    {patient}\nReason     {}\nThe patient, and every hospital, see that you have asked. The patient judges \
			 it afterwards.",
			reason(kind),
		),
	)?;
	let Requested { done, told, untold } =
		client.request_emergency(PatientId(patient), kind, &text).await?;
	for (hospital, why) in &untold {
		session.output.warn(format_args!(
			"hospital {hospital} did not get what you said ({}): call its emergency desk",
			advice::told(why),
		));
	}
	let at = client.chain().finalized().await?;
	let mut names = Names::new(&at);
	let mut desks = Vec::new();
	for hospital in &told {
		desks.push(who::hospital(&mut names, *hospital).await?);
	}
	let sentence = match desks.is_empty() {
		true => "The hospitals that the patient has chosen are asked.".to_owned(),
		false => format!(
			"Asked, with what you said: {}. `medblock doctor emergency show {patient}` tells what has become of it.",
			desks.join(", "),
		),
	};
	let untold: Vec<_> = untold
		.iter()
		.map(|(hospital, why)| json!({ "hospital": hospital, "why": advice::told(why) }))
		.collect();
	let more = json!({ "patient": patient, "reason": kind, "told": told, "untold": untold });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn show(session: &Session<'_>, patient: PatientId) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let mut names = Names::new(&at);
	let (state, shown, fields) = match client.emergency_state(&at, patient).await? {
		DoctorsEmergency::None => {
			let shown = format!("You have no emergency of patient {patient}, and ask for none.");
			("none", shown, json!(null))
		},
		DoctorsEmergency::Asked(info) => {
			let (shown, fields) = request(session, &client, &mut names, info).await?;
			("asked", shown, fields)
		},
		DoctorsEmergency::Open(info) => {
			let (shown, fields) = emergency(session, &client, &mut names, info).await?;
			let list = format!("`medblock doctor chart {patient}` lists what is open.");
			("open", format!("{shown}\n{list}"), fields)
		},
	};
	let document = json!({ "state": state, "value": fields, "at": describe::block(&at) });
	session.output.result(&document, shown)
}

/// Ends what is open, after a question, or takes the request back: the one that was meant, and not the other.
async fn end(
	session: &Session<'_>,
	patient: PatientId,
	asking: Option<Asking>,
) -> Result<(), Failure> {
	let is_open = asking.is_some();
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let fits = match client.emergency_state(&at, patient).await? {
		DoctorsEmergency::None => false,
		DoctorsEmergency::Asked(_) => !is_open,
		DoctorsEmergency::Open(_) => is_open,
	};
	if !fits {
		return Err(medblock_client::Error::from(Error::NotOpen(patient)).into());
	}
	if let Some(asking) = asking {
		asking.confirm(
			&format!("You are about to end your emergency of patient {patient}."),
			"Vaults then give you nothing more of the chart. Only the patient's hospitals together can open it again.",
		)?;
	}
	let done = client.withdraw_emergency(patient).await?;
	let sentence = match is_open {
		true => {
			format!("Your emergency of patient {patient} is closed: vaults give you nothing more.")
		},
		false => format!("Your request for an emergency of patient {patient} is taken back."),
	};
	outcome::print(session.output, &client, &done, &sentence, json!({ "patient": patient }))
}
