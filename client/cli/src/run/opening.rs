//! Listing a chart and opening its records, for patients and doctors alike.

use super::{fhir, many, who::Who};
use crate::{
	advice,
	cli::{Destination, List},
	describe,
	exit::{Code, Failure},
	output::{Table, harmless},
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Error, access,
	chain::At,
	medblock_crypto::{Headers, safe_file_name},
	medblock_primitives::{Author, Page, PatientId, RecordIndex},
	names::{Named, Names},
	people::Search,
	records,
	records::{Entry, Opened, Title},
};
use medblock_platform::{Destination as Place, Error as StorageError, files::Scratch, sweep};
use medblock_views::{Record, Time};
use pallet_medical_records_runtime_api::RecordInfo;
use serde_json::{Value, json};
use std::{
	collections::BTreeMap,
	io::ErrorKind,
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
	// Of what is searched for, so many are shown.
	let limit = list.limit.filter(|_| list.search.is_none());
	let Page { items: mut entries, mut next } =
		client.list(&at, patient, list.after, limit, &bar.progress()).await?;
	drop(bar);
	// If all titles failed, and not because of the records' own state, there is nothing to show.
	if entries.iter().all(|one| one.title.is_err())
		&& let Some(place) = entries.iter().position(is_failure)
	{
		let failed = entries.into_iter().nth(place).and_then(|one| one.title.err());
		return failed.map_or(Ok(()), |why| Err(why.into()));
	}
	let authors = Authors::of(&at, &entries).await?;
	if let Some(text) = &list.search {
		(entries, next) = found(entries, &authors, &Search::new(text, None, false), list.limit);
	}
	let mut table = Table::new(["record", "added", "author", "title", "type", "note to"]);
	for one in &entries {
		table.row(row(one, authors.name(one.record.author)));
		warn(session, one);
	}
	if list.fhir {
		return fhir::print_chart(client, patient, &entries).await;
	}
	let is_empty = entries.is_empty();
	let items: Vec<_> = entries.into_iter().map(|one| entry_json(one, &authors)).collect();
	let document = medblock_views::Page { items, next, at: describe::block(&at) };
	if is_empty {
		let none = match (&list.search, list.after) {
			// A doctor may see a part of the chart only.
			(None, None) => "There is no record to show.",
			_ => "No record fits.",
		};
		return session.output.result(&document, none);
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

fn row(entry: &Entry, author: String) -> [String; 6] {
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
		author,
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

/// Warns of a record that doctors who have lost access may be able to open.
pub fn warn_of_older_key(session: &Session<'_>, index: RecordIndex, title: &Title) {
	if let Some(epoch) = title.really_sealed_to {
		session.output.warn(format_args!(
			"record {index} is sealed to epoch {epoch} and not to the one that the chain names: \
			 a doctor who lost access meanwhile may be able to open it",
		));
	}
}

/// A record of a chart, as JSON.
pub fn entry_json(entry: Entry, authors: &Authors) -> Value {
	let Entry { index, record, vaults, title } = entry;
	let name = authors.0.get(&number_of(record.author)).cloned();
	let mut document = json!(Record::from(RecordInfo { index, record, vaults }));
	let mut more = match title {
		Ok(title) => title_json(&title),
		Err(why) => json!({ "problem": advice::told(&why) }),
	};
	if let (Some(more), Some(name)) = (more.as_object_mut(), name) {
		more.insert("authorName".into(), json!(name));
	}
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

/// Authors by name, by what sets them apart.
pub struct Authors(BTreeMap<(u8, u32), String>);

/// What sets an author apart.
fn number_of(author: Author) -> (u8, u32) {
	match author {
		Author::Patient => (0, 0),
		Author::Doctor(doctor) => (1, doctor.0),
		Author::Institution(institution) => (2, institution.0),
		Author::Representative(patient) => (3, patient.0),
	}
}

impl Authors {
	/// The authors of these records.
	pub async fn of(at: &At, entries: &[Entry]) -> Result<Self, Failure> {
		let (mut names, mut found) = (Names::new(at), BTreeMap::new());
		for author in entries.iter().map(|one| one.record.author) {
			if found.contains_key(&number_of(author)) {
				continue;
			}
			let name = match author {
				Author::Patient | Author::Representative(_) => None,
				Author::Doctor(doctor) => Who::doctor(&mut names, doctor).await?.name(),
				Author::Institution(id) => {
					names.of_institution(id).await?.map(|one| harmless(&one))
				},
			};
			found.extend(name.map(|name| (number_of(author), name)));
		}
		Ok(Self(found))
	}

	/// An author with name and number.
	fn name(&self, author: Author) -> String {
		let number = match author {
			Author::Patient => "patient".to_owned(),
			Author::Doctor(doctor) => format!("doctor {}", doctor.0),
			Author::Institution(institution) => format!("institution {}", institution.0),
			Author::Representative(patient) => format!("representative {}", patient.0),
		};
		match self.0.get(&number_of(author)) {
			Some(name) => format!("{name} ({number})"),
			None => number,
		}
	}
}

/// The records that are searched for, as many as are wanted, and the last of them if there are more.
fn found(
	entries: Vec<Entry>,
	authors: &Authors,
	search: &Search,
	limit: Option<u32>,
) -> (Vec<Entry>, Option<RecordIndex>) {
	let limit = limit.map_or(usize::MAX, |limit| limit as usize);
	let fits = |one: &Entry| {
		let author = authors.name(one.record.author);
		let mut texts = vec![author.as_str()];
		if let Ok(title) = &one.title {
			let Headers { title, media_type, file_name, .. } = &title.headers;
			texts.extend([title.as_str(), media_type.as_str()]);
			texts.extend(file_name.as_deref());
		}
		search.finds_text(one.index, &texts)
	};
	let mut all: Vec<Entry> = entries.into_iter().filter(fits).collect();
	let last = all.get(limit.saturating_sub(1)).map(|one| one.index);
	let next = last.filter(|_| all.len() > limit);
	all.truncate(limit);
	(all, next)
}

/// The place at a path, if it can be written to.
pub fn place_at(path: &Path, force: bool) -> Result<Place, Failure> {
	Place::at(path, force).map_err(|why| not_put(path, why))
}

/// Writes what was opened there: in a folder under this name, or a similar one that is free. Returns where it is then, but
/// for standard output, where nothing else is printed.
pub fn put(
	place: Place,
	path: &Path,
	content: Scratch,
	name: &str,
) -> Result<Option<PathBuf>, Failure> {
	let special = matches!(place, Place::Special { .. }).then(|| path.to_owned());
	let file = place.put(content, name).map_err(|why| not_put(path, why))?;
	Ok(file.or(special))
}

fn not_put(path: &Path, why: StorageError) -> Failure {
	match why.why.kind() {
		ErrorKind::AlreadyExists => there(path),
		_ => why.into(),
	}
}

/// Checks the destination before anything is fetched, and written down as disclosed.
pub fn check(session: &Session<'_>, to: &Destination) -> Result<Place, Failure> {
	let place = place_at(&to.output, to.force)?;
	if place == Place::Output && session.output.is_json() {
		return Err(Failure::usage("standard output can't take both the record and --json"));
	}
	Ok(place)
}

/// Fetches, verifies and decrypts a record, and only then gives it a name at its destination. Until then, it has none: a
/// program that is killed leaves nothing in clear.
pub async fn open(
	session: &Session<'_>,
	patient: Option<&Named>,
	record: RecordIndex,
	to: &Destination,
) -> Result<(), Failure> {
	let place = check(session, to)?;
	let client = session.reader().await?;
	let patient = many::whose(&client, patient).await?;
	if let Some(folder) = place.folder() {
		sweep(folder);
	}
	let storage = place.storage(&session.home);
	let bar = session.output.bar("Fetching", Unit::Bytes);
	let opened = client.open(patient, record, &storage, &bar.progress()).await?;
	drop(bar);
	warn_of_older_key(session, record, &opened.title);
	let Opened { title, mut content, mut length } = opened;
	let mut name = file_name(&title.headers);
	if to.fhir {
		content = fhir::wrapped(&client, patient, record, &title, &content, &storage).await?;
		length = content.file.length().map_err(|why| Failure::new(Code::Local, why))?;
		name = fhir::file_name(patient, record);
	}
	let Some(path) = put(place, &to.output, content, &name)? else { return Ok(()) };
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
pub fn file_name(headers: &Headers) -> String {
	safe_file_name(headers.file_name.as_deref().unwrap_or(&headers.title))
}

/// The failure that a path is taken.
pub fn there(path: &Path) -> Failure {
	Failure::new(
		Code::Local,
		format!(
			"{} is there already: nothing was overwritten; --force replaces it",
			path.display()
		),
	)
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
