//! `medblock record`, and what doctors and institutions add.

use super::{asking::Asking, gathering, many, opening, readying, who::Who};
use crate::{
	advice,
	cli::{List, RecordCommand},
	describe,
	exit::{Code, Failure},
	outcome,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Done, NewFile, Repaired,
	medblock_primitives::{PatientId, RecordIndex},
	vault::Item,
};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::BTreeSet};

/// Runs a command about a patient's own records.
pub async fn run(command: RecordCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		RecordCommand::Add(add) => {
			let files = gathering::new_files(session, &add).await?;
			let client = session.actor().await?;
			let at = client.chain().finalized().await?;
			let patient = client.own_chart(&at).await?.id;
			put(session, &client, patient, None, &files, As::Patient).await
		},
		RecordCommand::List(list) => own(session, &list).await,
		RecordCommand::Open { records, to } => many::open(session, None, &records, &to).await,
		RecordCommand::Repair => repair(session).await,
		RecordCommand::Withdraw { records, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			ask_to_withdraw(&client, &asking, &records).await?;
			let done = client.withdraw(&records).await?;
			let sentence = match &records[..] {
				[record] => format!(
					"Record {record} is withdrawn: vaults stop giving it out. Readers who fetched it \
					 before may have kept it.",
				),
				_ => format!(
					"Records {} are withdrawn: vaults stop giving them out. Readers who fetched them \
					 before may have kept them.",
					describe::numbers(&records),
				),
			};
			outcome::print(session.output, &client, &done, &sentence, json!({ "records": records }))
		},
	}
}

/// Lists the patient's own chart.
pub async fn own(session: &Session<'_>, list: &List) -> Result<(), Failure> {
	let client = session.reader().await?;
	let patient = client.own_chart(&client.chain().finalized().await?).await?.id;
	settle(session, &client, patient).await?;
	opening::list(session, &client, patient, list).await
}

/// The author of new records.
#[derive(Clone, Copy)]
pub enum As {
	/// The chart's patient.
	Patient,
	/// A person who acts for the patient.
	Representative,
	/// A doctor.
	Doctor,
	/// An institution.
	Institution,
}

/// Encrypts files, puts them into a chart, and prints the outcome.
pub async fn put(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	who: Option<&Who>,
	files: &[NewFile],
	author: As,
) -> Result<(), Failure> {
	let waiting = match (author, settle(session, client, patient).await) {
		// A door does not tell an institution, or one who may only add, what the chart names. The copies stay here
		// until they are old.
		(As::Institution | As::Representative, Err(_)) => client.waiting(patient).await?,
		(_, settled) => settled?,
	};
	let (files, too_large) = taken(session, client, patient, files).await?;
	let left_out = readying::before(session, client, author).await?;
	// If this is killed before it has printed the outcome, the same command prints it, and adds nothing again.
	client.will_report().await;
	let bar = session.output.bar("Sending", Unit::Bytes);
	let done = match author {
		As::Patient => client.add_records(&files, &bar.progress()).await?,
		As::Representative => client.add_records_for(patient, &files, &bar.progress()).await?,
		As::Doctor => client.append_records(patient, &files, &bar.progress()).await?,
		As::Institution => client.deposit(patient, &files, &bar.progress()).await?,
	};
	drop(bar);
	let first = outcome::number(&done, "RecordsAdded", "first");
	let count = outcome::number(&done, "RecordsAdded", "count").unwrap_or(1);
	let last = first.map(|first| first.saturating_add(count.saturating_sub(1)));
	let to = who.map_or_else(String::new, |who| format!(" to the chart of {who},"));
	let sentence = match (first, last) {
		(Some(first), Some(last)) if first < last => {
			format!("Added{to} as records {first} to {last}.")
		},
		(Some(first), _) => format!("Added{to} as record {first}."),
		_ => "Added.".into(),
	};
	if matches!(done, Done::Prepared(_)) {
		session
			.output
			.note("The files are encrypted and in the vault, which keeps them for 14 days.");
	}
	warn_if_kept(session, client, patient, waiting).await;
	readying::after(session, client, patient, author).await;
	let records: Vec<u32> =
		first.zip(last).map_or(Vec::new(), |(first, last)| (first..=last).collect());
	let more = json!({ "patient": patient.0, "records": records, "cannotOpen": left_out });
	let more = who.map_or_else(|| more.clone(), |who| who.with(more.clone()));
	if too_large.is_empty() {
		outcome::print(session.output, client, &done, &sentence, more)?;
		client.reported().await;
		return Ok(());
	}
	let mut found = outcome::document(client, &done);
	if let (Some(found), Value::Object(more)) = (found.as_object_mut(), more) {
		found.extend(more);
		found.insert("tooLarge".into(), json!(too_large));
	}
	if !session.output.is_json() {
		session.output.result(&found, outcome::text(client, &done, &sentence))?;
	}
	client.reported().await;
	let message = format!("not all files were added: {}", too_large.join("; "));
	Err(Failure { found: Some(found), ..Failure::new(Code::Refused, message) })
}

/// The files that the chart's vault takes, and what is said of those that are too large for it. Fails if all of them are.
async fn taken<'a>(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	files: &'a [NewFile],
) -> Result<(Cow<'a, [NewFile]>, Vec<String>), Failure> {
	let mut refused = client.too_large(patient, files).await?;
	if refused.is_empty() {
		return Ok((files.into(), Vec::new()));
	}
	if refused.len() == files.len() {
		return Err(refused.swap_remove(0).1.into());
	}
	let said: Vec<String> = refused.iter().map(|(_, why)| advice::told(why)).collect();
	for one in &said {
		session.output.warn(format_args!("left out: {one}"));
	}
	let places: BTreeSet<usize> = refused.into_iter().map(|(place, _)| place).collect();
	let kept = files.iter().enumerate().filter(|(place, _)| !places.contains(place));
	let kept: Vec<NewFile> = kept.map(|(_, file)| file.clone()).collect();
	Ok((kept.into(), said))
}

/// Shows the titles of records before they are withdrawn for ever.
async fn ask_to_withdraw(
	client: &Client,
	asking: &Asking,
	records: &[RecordIndex],
) -> Result<(), Failure> {
	if !asking.asks() {
		return Ok(());
	}
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let entries = client.entries(&at, patient, records).await?;
	let lines: Vec<String> = entries.iter().map(describe::entry_line).collect();
	asking.confirm(
		"You are about to withdraw these from your chart, for ever. Vaults delete them:",
		&lines.join("\n"),
	)
}

/// Settles the uploads that an earlier run could not finish. Returns how many files are still
/// pending.
pub async fn settle(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
) -> Result<usize, Failure> {
	let bar = session.output.bar("Sending again", Unit::Bytes);
	let settled = client.settle_outbox(patient, &bar.progress()).await?;
	drop(bar);
	if settled.sent > 0 {
		session.output.note(format_args!(
			"{} encrypted files from an earlier run were not in the vault; they are now.",
			settled.sent,
		));
	}
	let waiting = settled.waiting;
	match (waiting, settled.problem) {
		(0, _) => {},
		(waiting, Some(why)) => session.output.warn(format_args!(
			"{waiting} encrypted files from an earlier run are still pending here: {}",
			advice::told(&why),
		)),
		(waiting, None) => session.output.note(format_args!(
			"{waiting} encrypted files from an earlier run are still pending: whether the chain has them is \
			 not known yet.",
		)),
	}
	Ok(waiting)
}

/// Sends again what vaults have lost, of all charts of which this machine has something.
async fn repair(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let own = at.patient_of(client.keys().account()).await?;
	let mut patients = client.patients_with_copies().await?;
	if let Some(own) = own
		&& !patients.contains(&own)
	{
		patients.push(own);
	}
	let (mut all, mut lost) = (Repaired::default(), Vec::new());
	for patient in patients {
		let bar = session.output.bar("Sending again", Unit::Bytes);
		let repaired = client.repair_records(patient, Some(patient) == own, &bar.progress()).await;
		drop(bar);
		match repaired {
			Ok(Repaired { sent, waiting, problem, lost: items, unknown }) => {
				all.sent += sent;
				all.waiting += waiting;
				all.unknown += unknown;
				all.problem = all.problem.or(problem);
				lost.extend(items);
			},
			// Another account on this machine has sent that, or the chart is no longer open to this one.
			Err(why) if Some(patient) != own => {
				session.output.warn(format_args!(
					"patient {}'s files can't be looked after by this account: {}",
					patient.0,
					advice::told(&why),
				));
			},
			Err(why) => return Err(why.into()),
		}
	}
	all.lost = lost;
	let (document, sentence, failure) = told(all);
	match failure {
		None => session.output.result(&document, sentence),
		Some(failure) => {
			if !session.output.is_json() {
				session.output.result(&document, sentence)?;
			}
			Err(Failure { found: Some(document), ..failure })
		},
	}
}

/// What a repair has done: for scripts, for people, and the failure if something could not be sent. A script must not take that
/// for done.
fn told(all: Repaired) -> (Value, String, Option<Failure>) {
	let Repaired { sent, waiting, problem, lost, unknown } = all;
	let records: Vec<u32> = lost.iter().filter_map(record_of).collect();
	let no_profile = lost.contains(&Item::Profile);
	let mut sentence = match (sent, waiting) {
		(0, 0) => "No vault lacked anything that this machine has.".to_owned(),
		(0, waiting) => format!("{waiting} encrypted files are still pending here."),
		(sent, _) => format!("{sent} encrypted files were not in their vault; they are now."),
	};
	if !records.is_empty() {
		sentence += &format!(
			" No vault has your records {}: add them again, or run this where they were added.",
			describe::numbers(&records),
		);
	}
	if no_profile {
		sentence += " No vault has your profile: write it again.";
	}
	if unknown > 0 {
		sentence += &format!(" Of {unknown} files that is not known: a vault could not be asked.");
	}
	let document = json!({
		"sent": sent,
		"waiting": waiting,
		"lostRecords": records,
		"lostProfile": no_profile,
		"unknown": unknown,
	});
	let failure = problem.map(|why| {
		let Failure { code, message, .. } = why.into();
		Failure::new(code, format!("{waiting} encrypted files could not be sent: {message}"))
	});
	(document, sentence, failure)
}

fn record_of(item: &Item) -> Option<u32> {
	match item {
		Item::Record(index) => Some(*index),
		Item::Profile => None,
	}
}

/// Warns if more files are pending than `before`: the vault has not confirmed everything.
pub async fn warn_if_kept(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	before: usize,
) {
	// The call has succeeded, even if this can't be found out.
	if client.waiting(patient).await.is_ok_and(|waiting| waiting > before) {
		session.output.warn(
			"the vault could not be asked whether it has all of that: a copy stays here, and the next \
			 `medblock record add` or `patient chart` asks again",
		);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::{Error, vault};

	#[test]
	fn repair_that_could_not_send_everything_is_not_done() {
		let (url, why) = ("https://a.example".to_owned(), "refused".to_owned());
		let away = Error::Vault(vault::Error::Unreachable { url, why });
		let all = Repaired { waiting: 3, problem: Some(away), ..Repaired::default() };
		let (document, sentence, failure) = told(all);
		assert_eq!((&document["sent"], &document["waiting"]), (&json!(0), &json!(3)));
		assert_eq!(sentence, "3 encrypted files are still pending here.");
		let failure = failure.map(|failure| (failure.code, failure.message));
		assert!(
			failure.as_ref().is_some_and(|(code, message)| *code == Code::Network
				&& message.starts_with("3 encrypted files could not be sent: ")),
			"{failure:?}"
		);
	}

	#[test]
	fn repair_says_what_no_vault_has() {
		let (_, sentence, failure) = told(Repaired::default());
		assert_eq!(sentence, "No vault lacked anything that this machine has.");
		assert!(failure.is_none());
		let lost = vec![Item::Record(2), Item::Record(5), Item::Profile];
		let (document, sentence, failure) = told(Repaired { sent: 1, lost, ..Repaired::default() });
		assert_eq!(document["lostRecords"], json!([2, 5]));
		assert!(
			sentence.starts_with(
				"1 encrypted files were not in their vault; they are now. No vault has"
			)
		);
		assert!(sentence.contains("records 2, 5") && failure.is_none());
	}
}
