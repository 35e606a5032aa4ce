//! `medblock record`, and what doctors and institutions add.

use super::{gathering, many, opening};
use crate::{
	advice,
	cli::{Add, List, RecordCommand},
	describe,
	exit::Failure,
	outcome,
	output::harmless,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Done, NewFile, Repaired,
	medblock_crypto::{Headers, MAX_TITLE},
	medblock_primitives::PatientId,
	records::{BEGINNING, FACTS, dicom_title, media_type},
	vault::Item,
};
use medblock_platform::files::UserFile;
use serde_json::json;
use std::{fs, io::Read, path::Path, time::UNIX_EPOCH};

/// Runs a command about a patient's own records.
pub async fn run(command: RecordCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		RecordCommand::Add(add) => {
			let files = gathering::new_files(session, &add).await?;
			let client = session.actor().await?;
			let at = client.chain().finalized().await?;
			let patient = client.own_chart(&at).await?.id;
			put(session, &client, patient, &files, As::Patient).await
		},
		RecordCommand::List(list) => own(session, &list).await,
		RecordCommand::Open { records, to } => many::open(session, None, &records, &to).await,
		RecordCommand::Repair => repair(session).await,
		RecordCommand::Withdraw { records } => {
			let client = session.actor().await?;
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
	files: &[NewFile],
	author: As,
) -> Result<(), Failure> {
	let waiting = match (author, settle(session, client, patient).await) {
		// A door does not tell an institution what the chart names. The copies stay here until they are old.
		(As::Institution, Err(_)) => client.waiting(patient).await?,
		(_, settled) => settled?,
	};
	// If this is killed before it has printed the outcome, the same command prints it, and adds nothing again.
	client.will_report().await;
	let bar = session.output.bar("Sending", Unit::Bytes);
	let done = match author {
		As::Patient => client.add_records(files, &bar.progress()).await?,
		As::Doctor => client.append_records(patient, files, &bar.progress()).await?,
		As::Institution => client.deposit(patient, files, &bar.progress()).await?,
	};
	drop(bar);
	let first = outcome::number(&done, "RecordsAdded", "first");
	let count = outcome::number(&done, "RecordsAdded", "count").unwrap_or(1);
	let last = first.map(|first| first.saturating_add(count.saturating_sub(1)));
	let sentence = match (first, last) {
		(Some(first), Some(last)) if first < last => format!("Added as records {first} to {last}."),
		(Some(first), _) => format!("Added as record {first}."),
		_ => "Added.".into(),
	};
	if matches!(done, Done::Prepared(_)) {
		session
			.output
			.note("The files are encrypted and in the vault, which keeps them for 14 days.");
	}
	warn_if_kept(session, client, patient, waiting).await;
	let records: Vec<u32> =
		first.zip(last).map_or(Vec::new(), |(first, last)| (first..=last).collect());
	outcome::print(
		session.output,
		client,
		&done,
		&sentence,
		json!({ "patient": patient.0, "records": records }),
	)?;
	client.reported().await;
	Ok(())
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
	if let Some(why) = &all.problem {
		session.output.warn(format_args!(
			"{} encrypted files could not be sent: {}",
			all.waiting,
			advice::told(why),
		));
	}
	let Repaired { sent, waiting, unknown, .. } = all;
	let records: Vec<u32> = lost.iter().filter_map(record_of).collect();
	let no_profile = lost.contains(&Item::Profile);
	let mut sentence = match sent {
		0 => "No vault lacked anything that this machine has.".to_owned(),
		sent => format!("{sent} encrypted files were not in their vault; they are now."),
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
	session.output.result(
		&json!({
			"sent": sent,
			"waiting": waiting,
			"lostRecords": records,
			"lostProfile": no_profile,
			"unknown": unknown,
		}),
		sentence,
	)
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

/// The files that the command line names, checked before anything else happens.
pub fn new_files(add: &Add) -> Result<Vec<NewFile>, Failure> {
	if add.title.is_some() && add.files.len() > 1 {
		return Err(Failure::usage("--title is for a single file"));
	}
	add.files.iter().map(|path| new_file(path, add)).collect()
}

/// The file at a path, with a title and a type.
pub fn new_file(path: &Path, add: &Add) -> Result<NewFile, Failure> {
	let failed = |why: &std::io::Error| Failure::file("read", path, why);
	let found = fs::metadata(path).map_err(|why| failed(&why))?;
	if !found.is_file() {
		return Err(failed(&std::io::Error::other("this is no file")));
	}
	// This checks that the program may read it.
	fs::File::open(path).map_err(|why| failed(&why))?;
	let media_type = match &add.media_type {
		Some(named) => named.clone(),
		None => {
			let mut beginning = Vec::new();
			let file = fs::File::open(path).map_err(|why| failed(&why))?;
			file.take(BEGINNING).read_to_end(&mut beginning).map_err(|why| failed(&why))?;
			let name = path.file_name().unwrap_or_default().to_string_lossy();
			media_type(&name, &beginning).to_owned()
		},
	};
	let lossy =
		|part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
	let title = match &add.title {
		Some(title) => title.clone(),
		None => dicom_title_at(path, &media_type)
			.unwrap_or_else(|| title_of(&lossy(path.file_stem()).unwrap_or_default())),
	};
	let written = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
	let written_at = written.and_then(|since| i64::try_from(since.as_secs()).ok());
	let headers = Headers { title, media_type, file_name: lossy(path.file_name()), written_at };
	Ok(NewFile { file: UserFile::Given(path.to_owned()), headers, in_reply_to: add.in_reply_to })
}

/// What a DICOM file says of its study.
fn dicom_title_at(path: &Path, media_type: &str) -> Option<String> {
	if media_type != "application/dicom" {
		return None;
	}
	let mut beginning = Vec::new();
	fs::File::open(path).ok()?.take(FACTS).read_to_end(&mut beginning).ok()?;
	dicom_title(&beginning).map(|title| title_of(&title))
}

/// A file's name as a title.
pub fn title_of(name: &str) -> String {
	let mut title = harmless(name);
	while title.len() > MAX_TITLE {
		title.pop();
	}
	if title.trim().is_empty() { "record".into() } else { title }
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{cli::Folders, exit::Code};

	fn add(files: &[&Path], title: Option<&str>) -> Add {
		Add {
			files: files.iter().map(|path| path.to_path_buf()).collect(),
			title: title.map(str::to_owned),
			media_type: None,
			in_reply_to: Some(4),
			folders: Folders::default(),
		}
	}

	#[test]
	fn file_is_called_as_it_is_unless_said_otherwise() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("Blood test.pdf");
		fs::write(&path, "content").unwrap();
		let files = new_files(&add(&[&path], None)).unwrap();
		assert_eq!(files[0].headers.title, "Blood test");
		assert_eq!(files[0].headers.file_name.as_deref(), Some("Blood test.pdf"));
		assert_eq!(files[0].headers.media_type, "application/pdf");
		assert_eq!(files[0].in_reply_to, Some(4));
		assert!(files[0].headers.written_at.unwrap() > 0);
		let files = new_files(&add(&[&path], Some("Result"))).unwrap();
		assert_eq!(files[0].headers.title, "Result");
		assert_eq!(new_files(&add(&[&path, &path], Some("x"))).unwrap_err().code, Code::Usage);
	}

	#[test]
	fn what_is_no_file_is_refused_at_once() {
		let folder = tempfile::tempdir().unwrap();
		for path in [folder.path(), &folder.path().join("missing"), Path::new("/dev/null")] {
			let failure = new_files(&add(&[path], None)).unwrap_err();
			assert_eq!(failure.code, Code::Local, "{}", path.display());
		}
	}

	#[test]
	fn every_name_makes_a_title() {
		assert_eq!(title_of(""), "record");
		assert_eq!(title_of("a\nb"), "a\u{fffd}b");
		assert_eq!(title_of(&"ü".repeat(200)).len(), MAX_TITLE);
	}
}
