//! Listing a chart and opening its records, for patients and doctors alike.

use super::fhir;
use crate::{
	advice,
	cli::{Destination, List},
	describe,
	exit::{Code, Failure},
	output::{Table, harmless},
	progress::Unit,
	session::{Session, made},
};
use medblock_client::{
	Client, Error, access,
	medblock_crypto::{Headers, safe_file_name},
	medblock_primitives::{Author, Page, PatientId, RecordIndex},
	records,
	records::{Entry, Opened, Title},
};
use medblock_platform::Folder;
use medblock_views::{Record, Time};
use pallet_medical_records_runtime_api::RecordInfo;
use serde_json::{Value, json};
use std::{
	fs::File,
	io::{self, ErrorKind, Write, stdout},
	path::{Path, PathBuf},
};

/// Prints a chart's records.
pub async fn list(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	list: &List,
) -> Result<(), Failure> {
	let bar = session.output.bar("Titles", Unit::Records);
	let at = client.chain().finalized().await?;
	let Page { items: entries, next } =
		client.list(&at, patient, list.after, list.limit, &bar.progress()).await?;
	drop(bar);
	// If all titles failed, and not because of the records' own state, there is nothing to show.
	if entries.iter().all(|one| one.title.is_err())
		&& let Some(at) = entries.iter().position(is_failure)
	{
		let failed = entries.into_iter().nth(at).and_then(|one| one.title.err());
		return failed.map_or(Ok(()), |why| Err(why.into()));
	}
	let mut table = Table::new(["record", "added", "author", "title", "type", "note to"]);
	for one in &entries {
		table.row(row(one));
		warn(session, one);
	}
	if list.fhir {
		return fhir::print_chart(client, patient, &entries).await;
	}
	let is_empty = entries.is_empty();
	let items: Vec<_> = entries.into_iter().map(entry_json).collect();
	let document = medblock_views::Page { items, next, at: describe::block(&at) };
	if is_empty {
		return session.output.result(&document, "No record.");
	}
	session.output.result(&document, table)
}

/// Whether a title is missing for another reason than the record's own state.
fn is_failure(entry: &Entry) -> bool {
	match &entry.title {
		Ok(_)
		| Err(
			Error::Record(records::Error::Withdrawn(_))
			| Error::Access(access::Error::AwaitingPatient),
		) => false,
		Err(_) => true,
	}
}

fn row(entry: &Entry) -> [String; 6] {
	let (title, media_type) = match &entry.title {
		Ok(title) => (title.headers.title.clone(), title.headers.media_type.clone()),
		Err(Error::Record(records::Error::Withdrawn(_))) => ("(withdrawn)".into(), String::new()),
		Err(Error::Access(access::Error::AwaitingPatient)) => {
			("(awaiting the patient's key)".into(), String::new())
		},
		Err(_) => ("(can't be read)".into(), String::new()),
	};
	[
		entry.index.to_string(),
		describe::time(u64::from(entry.record.recorded_at.0) * 60_000),
		author(entry.record.author),
		title,
		media_type,
		entry.record.in_reply_to.map(|to| to.to_string()).unwrap_or_default(),
	]
}

fn warn(session: &Session<'_>, entry: &Entry) {
	match &entry.title {
		Ok(title) => warn_of_older_key(session, entry.index, title),
		Err(why) if is_failure(entry) => {
			let told = advice::told(why);
			session.output.warn(format_args!("record {}: {told}", entry.index));
		},
		Err(_) => (),
	}
}

fn warn_of_older_key(session: &Session<'_>, index: RecordIndex, title: &Title) {
	if let Some(epoch) = title.really_sealed_to {
		session.output.warn(format_args!(
			"record {index} is sealed to epoch {epoch} and not to the one that the chain names: \
			 a doctor who lost access meanwhile may be able to open it",
		));
	}
}

fn entry_json(entry: Entry) -> Value {
	let Entry { index, record, vaults, title } = entry;
	let mut document = json!(Record::from(RecordInfo { index, record, vaults }));
	let more = match title {
		Ok(title) => title_json(&title),
		Err(why) => json!({ "problem": advice::told(&why) }),
	};
	if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
		document.extend(more);
	}
	document
}

fn title_json(title: &Title) -> Value {
	let Headers { title: text, media_type, file_name, written_at } = &title.headers;
	let written = written_at.and_then(|seconds| u64::try_from(seconds).ok());
	json!({
		"title": text,
		"mediaType": media_type,
		"fileName": file_name,
		"writtenAt": written.map(|seconds| Time::from(seconds.saturating_mul(1_000))),
		"reallySealedTo": title.really_sealed_to,
	})
}

fn author(author: Author) -> String {
	match author {
		Author::Patient => "patient".into(),
		Author::Doctor(doctor) => format!("doctor {}", doctor.0),
		Author::Institution(institution) => format!("institution {}", institution.0),
		Author::Representative(patient) => format!("representative {}", patient.0),
	}
}

/// The destination of a decrypted record.
enum Target {
	/// Standard output.
	Output,
	/// A folder, in which the author's name for the file applies.
	Folder(PathBuf),
	/// This file.
	File(PathBuf),
}

impl Target {
	fn new(to: &Destination) -> Self {
		match to.output.as_path() {
			path if path == Path::new("-") => Self::Output,
			path if path.is_dir() => Self::Folder(path.to_owned()),
			path => Self::File(path.to_owned()),
		}
	}

	/// The folder for decryption, before the file gets its name.
	fn folder<'a>(&'a self, home: &'a Path) -> &'a Path {
		let folder = match self {
			Self::Output => home,
			Self::Folder(folder) => folder,
			Self::File(file) => file.parent().unwrap_or(home),
		};
		if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
	}
}

/// Checks the destination before anything is fetched.
pub fn check(session: &Session<'_>, to: &Destination) -> Result<(), Failure> {
	match Target::new(to) {
		Target::Output if session.output.is_json() => {
			Err(Failure::usage("standard output can't take both the record and --json"))
		},
		Target::File(path) if !to.force && path.symlink_metadata().is_ok() => Err(there(&path)),
		_ => Ok(()),
	}
}

/// Fetches, verifies and decrypts a record, and only then moves it to its destination.
pub async fn open(
	session: &Session<'_>,
	patient: Option<PatientId>,
	record: RecordIndex,
	to: &Destination,
) -> Result<(), Failure> {
	check(session, to)?;
	let client = session.reader().await?;
	let patient = match patient {
		Some(patient) => patient,
		None => client.own_chart(&client.chain().finalized().await?).await?.id,
	};
	let target = Target::new(to);
	let folder = target.folder(made(&session.home)?);
	let bar = session.output.bar("Fetching", Unit::Bytes);
	let opened = client.open(patient, record, &Folder::new(folder), &bar.progress()).await?;
	drop(bar);
	warn_of_older_key(session, record, &opened.title);
	let Opened { title, content, mut length } = opened;
	let mut file = content.into_path().map_err(|why| Failure::file("write into", folder, &why))?;
	if to.fhir {
		(file, length) = fhir::wrapped(&client, patient, record, &title, &file, folder).await?;
	}
	let path = match target {
		Target::Output => return copy(&file),
		Target::Folder(folder) if to.fhir => folder.join(fhir::file_name(patient, record)),
		Target::Folder(folder) => folder.join(file_name(&title.headers)),
		Target::File(path) => path,
	};
	let kept = if to.force { file.persist(&path) } else { file.persist_noclobber(&path) };
	kept.map_err(|failed| match failed.error.kind() {
		ErrorKind::AlreadyExists => there(&path),
		_ => Failure::file("write", &path, &failed.error),
	})?;
	let mut document = title_json(&title);
	if let Some(fields) = document.as_object_mut() {
		fields.insert("record".into(), json!(record));
		fields.insert("file".into(), json!(path.display().to_string()));
		fields.insert("bytes".into(), json!(length));
		if to.fhir {
			fields.insert("fhirVersion".into(), json!(medblock_fhir::FHIR_VERSION));
		}
	}
	let Headers { title: text, media_type, .. } = &title.headers;
	let kind = if to.fhir { "a FHIR R4 bundle" } else { media_type };
	session.output.result(
		&document,
		format_args!(
			"Record {record}, \"{}\" ({}, {length} bytes), is in {}.",
			harmless(text),
			harmless(kind),
			path.display(),
		),
	)
}

/// The file's name: the author's, or the record's, and always a harmless one.
fn file_name(headers: &Headers) -> String {
	safe_file_name(headers.file_name.as_deref().unwrap_or(&headers.title))
}

fn there(path: &Path) -> Failure {
	Failure::new(
		Code::Local,
		format!(
			"{} is there already: nothing was overwritten; --force replaces it",
			path.display()
		),
	)
}

/// Writes a file to standard output.
fn copy(path: &Path) -> Result<(), Failure> {
	let copied = File::open(path).and_then(|mut file| {
		let mut out = stdout().lock();
		io::copy(&mut file, &mut out)?;
		out.flush()
	});
	match copied {
		Err(why) if why.kind() != ErrorKind::BrokenPipe => {
			Err(Failure::new(Code::Local, format!("cannot write the output: {why}")))
		},
		_ => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn named(file_name: Option<&str>, title: &str) -> String {
		let headers = Headers {
			title: title.into(),
			media_type: "text/plain".into(),
			file_name: file_name.map(str::to_owned),
			written_at: None,
		};
		file_name_of(&headers)
	}

	fn file_name_of(headers: &Headers) -> String {
		super::file_name(headers)
	}

	#[test]
	fn no_name_leaves_the_folder() {
		assert_eq!(named(Some("letter.pdf"), "x"), "letter.pdf");
		for hostile in
			["../../.ssh/id", "/etc/passwd", "..", ".bashrc", "a\u{202e}fdp.exe", "\u{1b}[2J"]
		{
			for name in [named(Some(hostile), "x"), named(None, hostile)] {
				let path = Path::new("folder").join(&name);
				assert_eq!(path.parent(), Some(Path::new("folder")), "{hostile:?}: {name:?}");
				assert!(!name.starts_with('.') && harmless(&name) == name, "{hostile:?}: {name:?}");
			}
		}
	}
}
