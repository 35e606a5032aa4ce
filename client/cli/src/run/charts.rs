//! The charts that are open to a doctor, and whose they are.

use super::{
	asking::Asking,
	fhir, guarded,
	who::{self, Who},
};
use crate::{
	describe,
	exit::Failure,
	outcome,
	output::{Table, harmless},
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, NewFile,
	chain::At,
	medblock_primitives::{PatientId, Person},
	names::{Charted, Named},
	people::Search,
	profiles::Profile,
};
use medblock_views::Grant;
use serde_json::{Value, json};

/// `medblock doctor inbox`.
pub async fn inbox(session: &Session<'_>, as_fhir: bool, no_names: bool) -> Result<(), Failure> {
	let client = match no_names || as_fhir {
		true => session.watcher().await?,
		false => session.reader().await?,
	};
	let at = client.chain().finalized().await?;
	let grants = client.inbox(&at).await?;
	if as_fhir {
		return fhir::print_grants(&client, &at, &grants).await;
	}
	let charted = match no_names {
		true => {
			let unnamed = |grant| Charted { grant, info: None, profile: None };
			grants.into_iter().map(unnamed).collect()
		},
		false => {
			let bar = session.output.bar("Names", Unit::Records);
			client.named_charts(&at, grants, &bar.progress()).await
		},
	};
	warn_of_unread(session, &charted);
	guarded::warn(session, &client, &at).await;
	let own = at.known_doctor(client.own_practice(&at).await?).await?;
	let headings = ["patient", "name", "born", "may see", "may add", "granted", "until", "now"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	for one in charted {
		let (name, born) = name_of(&one);
		table.row([
			one.grant.patient.0.to_string(),
			name,
			born,
			describe::scope(one.grant.scope).into(),
			if one.grant.may_append { "yes" } else { "no" }.into(),
			describe::time(one.grant.granted_at),
			one.grant.expires_at.map_or(describe::grants::UNTIL_REVOKED.into(), describe::time),
			describe::grants::to_doctor(&one.grant, &own).into(),
		]);
		items.push(document(one));
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "No patient has granted you anything.");
	}
	session.output.result(&document, table)
}

/// `medblock doctor patients`: those to whose charts the doctor has access now.
pub async fn patients(session: &Session<'_>, search: Option<String>) -> Result<(), Failure> {
	let search = Search::new(&search.unwrap_or_default(), None, true);
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let mut grants = client.inbox(&at).await?;
	grants.retain(|grant| grant.access.is_ok());
	let bar = session.output.bar("Names", Unit::Records);
	let mut charted = client.named_charts(&at, grants, &bar.progress()).await;
	drop(bar);
	warn_of_unread(session, &charted);
	charted.retain(|one| search.finds_person(one.grant.patient.0, profile_of(one)));
	let headings = ["patient", "name", "born", "contact", "may see", "may add", "records"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	for one in charted {
		let (name, born) = name_of(&one);
		table.row([
			one.grant.patient.0.to_string(),
			name,
			born,
			profile_of(&one)
				.and_then(|own| own.contact.as_deref())
				.map(describe::in_one_line)
				.unwrap_or_default(),
			describe::scope(one.grant.scope).into(),
			if one.grant.may_append { "yes" } else { "no" }.into(),
			one.info.as_ref().map_or_else(String::new, |info| info.records.to_string()),
		]);
		items.push(document(one));
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "There is no such patient of yours.");
	}
	session.output.result(&document, table)
}

/// The patient who is named, once the user has seen whose chart it is.
pub async fn ask(
	client: &Client,
	asking: &Asking,
	named: &Named,
	files: &[NewFile],
) -> Result<(PatientId, Who), Failure> {
	let at = client.chain().finalized().await?;
	let patient = asking.certain(client.find_patient_of_doctor(&at, named).await?)?;
	if !asking.asks() {
		return Ok((patient, if_known(client, &at, patient, false).await));
	}
	let (who, about) = who::in_chart(client, &at, patient, true).await?;
	asking.confirm(
		&format!("You are about to add to the chart of {who}: {}", titles(files)),
		&about,
	)?;
	Ok((patient, who))
}

/// The titles of what is added, for the question.
pub fn titles(files: &[NewFile]) -> String {
	let titled = |file: &NewFile| match file.in_reply_to {
		Some(record) => format!("\"{}\", a note to record {record}", file.headers.title),
		None => format!("\"{}\"", file.headers.title),
	};
	harmless(&files.iter().map(titled).collect::<Vec<_>>().join(", "))
}

/// `medblock doctor relinquish`.
pub async fn relinquish(session: &Session<'_>, named: &[Named], yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let mut ids: Vec<PatientId> = Vec::new();
	for named in named {
		ids.push(asking.certain(client.find_patient_of_doctor(&at, named).await?)?);
	}
	let mut people = Vec::new();
	for patient in &ids {
		people.push(if_known(&client, &at, *patient, asking.asks()).await);
	}
	let shown: Vec<String> = people.iter().map(ToString::to_string).collect();
	asking.confirm(
		"You are about to give up access to these charts. Only their patients can give it back:",
		&shown.join("\n"),
	)?;
	let done = client.relinquish(&ids).await?;
	let numbers: Vec<u32> = ids.iter().map(|id| id.0).collect();
	let had_access = done.receipt().is_none_or(|sent| sent.event("AccessRelinquished").is_some());
	let have = if had_access { "You no longer have" } else { "You had no" };
	let sentence = match &people[..] {
		[patient] => format!("{have} access to the chart of {patient}."),
		_ => format!("{have} access to the charts of {}.", shown.join("; ")),
	};
	outcome::print(session.output, &client, &done, &sentence, json!({ "patients": numbers }))
}

/// A patient, as far as it can be found out. Of a chart that has closed, only the number can.
pub async fn if_known(client: &Client, at: &At, patient: PatientId, reads: bool) -> Who {
	let known = who::in_chart(client, at, patient, reads).await;
	known.map_or_else(|_| Who::numbered(Person::Patient(patient)), |(who, _)| who)
}

fn profile_of(one: &Charted) -> Option<&Profile> {
	one.profile.as_ref().and_then(|read| read.as_ref().ok())
}

fn name_of(one: &Charted) -> (String, String) {
	let profile = profile_of(one);
	let name = profile.map_or_else(String::new, |own| own.name.clone());
	(name, profile.and_then(|own| own.birth_date.clone()).unwrap_or_default())
}

fn document(one: Charted) -> Value {
	let profile = profile_of(&one).map(describe::profile_json);
	let mut fields = json!(Grant::from(one.grant));
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("profile".into(), json!(profile));
	}
	fields
}

fn warn_of_unread(session: &Session<'_>, all: &[Charted]) {
	let unread = all.iter().filter(|one| matches!(one.profile, Some(Err(_)))).count();
	if unread > 0 {
		session.output.warn(format_args!(
			"{unread} patients' profiles can't be read, so their names are missing here"
		));
	}
}
