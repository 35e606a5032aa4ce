//! `medblock patient for`: acting for a patient as their representative.

use super::{
	asking::Asking,
	gathering, many,
	missed::Missed,
	opening, patient as patients,
	record::{self, As},
	representatives::with_state,
	revoking::{self, word},
	terms,
	who::{self, Who},
};
use crate::{
	cli::{ForCommand, Grant},
	describe::{self, representatives as described},
	exit::Failure,
	outcome,
	output::{Table, harmless},
	session::Session,
};
use medblock_client::{
	Client, NewFile,
	medblock_primitives::{DoctorId, PatientId, Person, Scopes},
	names::{self, Named, Names},
	representatives::{ActingKey, GrantedFor, RevokedFor},
};
use medblock_views::{Hex, Time};
use serde_json::json;

/// Runs a representative's command.
pub async fn run(command: ForCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		ForCommand::Key { new, yes } => key(session, new, yes).await,
		ForCommand::List => list(session).await,
		ForCommand::Chart { patient, list } => {
			let client = session.reader().await?;
			opening::list(session, &client, PatientId(patient), &list).await
		},
		ForCommand::Open { patient, records, to } => {
			many::open(session, Some(&Named::Number(patient)), &records, &to).await
		},
		ForCommand::Add { patient, add } => {
			let patient = PatientId(patient);
			let files = gathering::new_files(session, &add).await?;
			let asking = Asking::new(session, add.folders.yes)?;
			let client = session.actor().await?;
			let who = whose(session, &client, &asking, patient, &files).await?;
			record::put(session, &client, patient, Some(&who), &files, As::Representative).await
		},
		ForCommand::Grants { patient } => {
			patients::grants(session, Some(PatientId(patient)), None, false).await
		},
		ForCommand::Grant { patient, grant } => give(session, PatientId(patient), grant).await,
		ForCommand::Revoke { patient, doctors } => {
			revoke(session, PatientId(patient), &doctors).await
		},
		ForCommand::Resign { patient, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			asking.confirm(
				&format!("You are about to act no longer for patient {patient}."),
				"Only the patient and their hospital can let you again.",
			)?;
			let done = client.resign_representation(PatientId(patient)).await?;
			let sentence = format!("You no longer act for patient {patient}.");
			outcome::print(session.output, &client, &done, &sentence, json!({ "patient": patient }))
		},
	}
}

async fn key(session: &Session<'_>, new: bool, yes: bool) -> Result<(), Failure> {
	// The first key replaces none.
	let asking = Asking::new(session, yes || !new)?;
	let client = session.actor().await?;
	asking.confirm(
		"You are about to publish another key for acting for others.",
		"You can't act for any of them until their hospitals have confirmed it and they have given you their charts' keys again.",
	)?;
	let done = match new {
		true => Some(client.set_acting_key().await?),
		false => client.ensure_acting_key().await?,
	};
	let at = client.chain().finalized().await?;
	let present = client.own_acting_key(&at).await?;
	let digest = present.map(|ActingKey { digest, .. }| digest);
	let shown = digest.map_or_else(String::new, hex::encode);
	let more = json!({
		"keyDigest": digest.map(Hex),
		"version": present.map(|key| key.version),
	});
	let show = "Show this digest at the hospital of the person that you act for:";
	match done {
		Some(done) => {
			let sentence = format!("You have a key for acting for others. {show}\n{shown}");
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		None => session.output.result(
			&more,
			format!("You have a key for acting for others already. {show}\n{shown}"),
		),
	}
}

async fn list(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let headings = ["patient", "may", "until", "now"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	for one in client.represented(&at).await? {
		table.row([
			one.info.patient.0.to_string(),
			described::rights(one.info.scopes),
			one.info.until.map_or("the patient ends it".into(), describe::time),
			described::of_representative(one.state).into(),
		]);
		items.push(with_state(one.info, described::word(one.state)));
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "You act for no one.");
	}
	session.output.result(&document, table)
}

/// The patient, once the user has seen whose chart it is.
async fn whose(
	session: &Session<'_>,
	client: &Client,
	asking: &Asking,
	patient: PatientId,
	files: &[NewFile],
) -> Result<Who, Failure> {
	let at = client.chain().finalized().await?;
	let acts = client.ensure_acts_for(&at, patient, Scopes::ADD).await?;
	if !asking.asks() {
		return Ok(Who::numbered(Person::Patient(patient)));
	}
	let info = at.known_patient(patient).await?;
	// Reading the name is a look that the patient sees.
	let is_shown = acts.scopes.include(Scopes::SEE) && info.profile.is_some();
	let profile = match is_shown {
		true => patients::read_profile(session, client, patient).await.ok(),
		false => None,
	};
	let who = Who::patient(&mut Names::new(&at), &info, profile.as_ref()).await?;
	let titles: Vec<String> =
		files.iter().map(|file| format!("\"{}\"", file.headers.title)).collect();
	let about = match &profile {
		Some(profile) => describe::profile(profile),
		None => format!("Patient    {}", patient.0),
	};
	asking.confirm(
		&format!("You are about to add to the chart of {who}: {}", harmless(&titles.join(", "))),
		&about,
	)?;
	Ok(who)
}

async fn give(session: &Session<'_>, patient: PatientId, grant: Grant) -> Result<(), Failure> {
	let asking = Asking::new(session, grant.yes)?;
	let client = session.actor().await?;
	let mut wanted = terms::of_grant(&client, grant.rights).await?;
	let at = client.chain().finalized().await?;
	let doctor = asking.certain(names::doctor_to_grant(&at, &grant.doctor).await?)?;
	let info = client.doctors_entry(doctor).await?;
	let hospital = Names::new(&at).of_hospital(info.hospital).await?;
	let who = Who::of_doctor(&info, hospital);
	if asking.asks() {
		let after = client.terms_for(patient, doctor, wanted).await?;
		let adds = if after.may_append { "notes and records" } else { "nothing" };
		let until = after.expires_at.map_or("it is revoked".into(), describe::time);
		let shown = format!(
			"{}\n\nMay see        the whole chart of patient {}\nMay add        {adds}\nUntil          {until}",
			describe::doctor(
				&info,
				&who::hospital(&mut Names::new(&at), info.hospital).await?,
				None
			),
			patient.0,
		);
		asking.confirm(&format!("You are about to give access to {who}:"), &shown)?;
		wanted = after.into();
	}
	let GrantedFor { done, terms, is_due } = client.grant_for(patient, doctor, wanted).await?;
	if is_due {
		session.output.warn(format_args!(
			"the chart of patient {} waits for a new key from their own device. Until then, the doctor can't open \
			 what was added since someone lost access",
			patient.0,
		));
	}
	let sentence = format!(
		"{} may see the whole chart of patient {}, and what is added to it later. {}",
		who.begins(),
		patient.0,
		terms::told(terms),
	);
	let more = who.with(json!({
		"patient": patient.0,
		"granted": true,
		"mayAppend": terms.may_append,
		"expiresAt": terms.expires_at.map(Time::from),
		"due": is_due,
	}));
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn revoke(session: &Session<'_>, patient: PatientId, named: &[Named]) -> Result<(), Failure> {
	let client = session.actor().await?;
	let mut doctors = Vec::new();
	for named in named {
		// A number needs no node, so that none can delay a revocation.
		doctors.push(match named {
			Named::Number(number) => DoctorId(*number),
			Named::Name(_) => {
				let at = client.chain().finalized().await?;
				let found = names::doctor(&at, named).await?;
				let who = revoking::known(&client, found.id);
				Asking::of_names(session).meant(found, who).await?
			},
		});
	}
	let RevokedFor { done, confirmed } = client.revoke_for(patient, &doctors).await?;
	let missed = Missed::of(&client, &done).await;
	let whom: Vec<String> = doctors
		.iter()
		.filter(|id| !missed.has(id.0))
		.map(|id| format!("doctor {}", id.0))
		.collect();
	let mut sentence = String::new();
	if !whom.is_empty() {
		sentence = format!(
			"Vaults give nothing more of the chart of patient {} to: {}, unless an emergency is open, which the patient \
			 can close. What they could open before, they may have kept. The chart needs a new key, which the patient's own \
			 device gives it.",
			patient.0,
			whom.join("; "),
		);
	}
	let sentence = missed.added_to(&sentence, done.receipt().is_some());
	let more = json!({
		"patient": patient.0,
		"doctors": doctors,
		"hadNoAccess": missed.numbers(),
		"confirmed": word(confirmed),
	});
	revoking::print(session, &client, &done, confirmed, &sentence, more)
}
