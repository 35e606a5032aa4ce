//! Opening several records at once into a folder, and single files of those that have many.

use super::{
	away::Away,
	manifest::{ContentOf, Line, Manifest, sha256},
	opening,
	placing::keep,
	unpacking::unique,
};
use crate::{
	cli::{Destination, Records},
	exit::{Code, Failure},
	output::{Table, harmless},
	progress::{Together, Unit},
	session::Session,
};
use futures::{StreamExt, stream};
use indicatif::HumanBytes;
use medblock_client::{
	Client, Error,
	medblock_crypto::safe_file_name,
	medblock_primitives::{HospitalId, PatientId, RecordIndex},
	names::Named,
	records::{
		self, OpenChart, Opened,
		packed::{Contents, Member},
	},
};
use medblock_platform::{Destination as Place, Error as StorageError, Files, sweep, tasks};
use medblock_vault_protocol::uploads::AT_ONCE;
use serde::Serialize;
use serde_json::{Value, json};
use std::{
	collections::HashSet,
	io::ErrorKind,
	path::{Path, PathBuf},
};

/// Opens records as the command line says: one as a file, several into a folder, or what is inside of one.
pub async fn open(
	session: &Session<'_>,
	patient: Option<&Named>,
	which: &Records,
	to: &Destination,
) -> Result<(), Failure> {
	let inside = which.contents || !which.files.is_empty();
	match &which.records[..] {
		[record] if inside => {
			// A list goes to standard output.
			let place = match which.contents {
				true => None,
				false => Some(opening::check(session, to)?),
			};
			let client = session.reader().await?;
			let patient = whose(&client, patient).await?;
			let contents = client.contents(patient, *record).await?.ok_or_else(|| {
				Failure::usage(format!("record {record} is a single file: nothing is inside of it"))
			})?;
			match place {
				None => list(session, *record, &contents),
				Some(place) => {
					open_files(session, *record, &contents, &which.files, (to, place)).await
				},
			}
		},
		_ if inside => Err(Failure::usage("name one record with --contents and --file")),
		[record] if !which.unpack => opening::open(session, patient, *record, to).await,
		records => {
			if to.fhir {
				return Err(Failure::usage("--fhir is for a single record, as it is"));
			}
			ensure_folder(to)?;
			let client = session.reader().await?;
			let patient = whose(&client, patient).await?;
			let chart = client.open_chart(&client.chain().finalized().await?, patient).await?;
			let (unpack, force) = (which.unpack, to.force);
			let wanted = Wanted { folder: &to.output, unpack, force, archive: None };
			let mut manifest = Manifest::open(wanted.folder)?;
			let records = if which.all { present(&chart) } else { records.to_vec() };
			let fetched = fetch(session, &chart, &records, &wanted, &mut manifest).await?;
			let document = json!({
				"folder": wanted.folder.display().to_string(),
				"before": fetched.before,
				"items": fetched.lines,
				"problems": fetched.problems,
			});
			fetched.into_result(session, document, wanted.folder)
		},
	}
}

/// Refuses what can't become a folder of several records, before anything is fetched.
fn ensure_folder(to: &Destination) -> Result<(), Failure> {
	let is_folder = to.output.is_dir();
	if to.output == Path::new("-") || (!is_folder && to.output.symlink_metadata().is_ok()) {
		return Err(Failure::usage("several records go into a folder: name one with -o"));
	}
	// One that is not there is made.
	if is_folder {
		opening::place_at(&to.output, to.force)?;
	}
	Ok(())
}

/// The patient whose chart it is: the account's own, if no other is named.
pub async fn whose(client: &Client, patient: Option<&Named>) -> Result<PatientId, Failure> {
	let at = client.chain().finalized().await?;
	Ok(match patient {
		Some(named) => client.find_patient_of_doctor(&at, named).await?.id,
		None => client.own_chart(&at).await?.id,
	})
}

/// The records that were not withdrawn.
pub fn present(chart: &OpenChart<'_>) -> Vec<RecordIndex> {
	let there = chart.records().filter(|one| one.record.document.is_some());
	there.map(|one| one.index).collect()
}

/// The destination of several records.
pub struct Wanted<'a> {
	/// The folder, which exists.
	pub folder: &'a Path,
	/// Whether records with many files are unpacked.
	pub unpack: bool,
	/// Whether existing files are replaced.
	pub force: bool,
	/// How many files an archive of the whole folder may have, if one is made of it. A record that it has no room for is not
	/// unpacked.
	pub archive: Option<usize>,
}

/// What became of several records.
pub struct Fetched {
	/// What is in the folder now, and was not before.
	pub lines: Vec<Line>,
	/// How many were there already.
	pub before: usize,
	/// What could not be read, and why.
	pub problems: Vec<Problem>,
}

/// Something that could not be read.
#[derive(Serialize)]
pub struct Problem {
	/// The record.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub record: Option<RecordIndex>,
	/// What it is, if it is no record.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub what: Option<String>,
	/// The exit code's name.
	pub error: &'static str,
	/// The reason.
	pub message: String,
}

impl Fetched {
	/// Prints the outcome. A failure if something is missing.
	pub fn into_result(
		self,
		session: &Session<'_>,
		document: Value,
		folder: &Path,
	) -> Result<(), Failure> {
		let Self { lines, before, problems } = self;
		let there = lines.len() + before;
		let mut sentence = match there {
			1 => format!("1 record is in {}", folder.display()),
			count => format!("{count} records are in {}", folder.display()),
		};
		if before > 0 {
			sentence += &format!(", {before} of them from before");
		}
		if problems.is_empty() {
			return session.output.result(&document, format_args!("{sentence}."));
		}
		let missing = problems.len();
		let (code, more) = match problems.iter().all(|one| one.error == Code::Network.name()) {
			true => (Code::Network, ": the same command goes on, once the network is back"),
			false => (Code::Incomplete, ""),
		};
		let message = format!("{sentence}, and {missing} could not be read{more}");
		Err(Failure { found: Some(document), ..Failure::new(code, message) })
	}
}

/// Fetches records into a folder, several at a time, but for those that are there already.
pub async fn fetch(
	session: &Session<'_>,
	chart: &OpenChart<'_>,
	records: &[RecordIndex],
	wanted: &Wanted<'_>,
	manifest: &mut Manifest,
) -> Result<Fetched, Failure> {
	sweep(wanted.folder);
	let place = opening::place_at(wanted.folder, wanted.force)?;
	let patient = chart.patient().0;
	let mut left: Vec<Left> = Vec::new();
	let (mut before, mut named) = (0, HashSet::new());
	for index in records.iter().copied().filter(|index| named.insert(*index)) {
		let info = chart.record(index).ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let document = info.record.document.as_ref();
		let digest = document.map(|one| hex::encode(one.digest)).unwrap_or_default();
		match manifest.has(patient, index, &digest) {
			true => before += 1,
			false => left.push(Left {
				index,
				size: document.map_or(0, |one| one.size),
				document: digest,
				home: info.vaults.as_ref().map(|vaults| vaults.home),
			}),
		}
	}
	let bar = session.output.bar("Fetching", Unit::Bytes);
	let together = Together::of(left.iter().map(|one| one.size), bar.progress());
	let storage: &dyn Files = &place.storage(&session.home);
	let away = &Away::default();
	let mut arriving = stream::iter(left.into_iter().enumerate().map(|(place, one)| {
		let progress = together.part(place);
		async move {
			if let Some(message) = away.message(one.home) {
				return (one, Err(Failure::new(Code::Network, message)));
			}
			let opened = match chart.open(one.index, (storage, storage), &progress).await {
				Ok(opened) => digested(opened).await,
				Err(why) => Err(why),
			};
			away.note(one.home, opened.as_ref().err());
			(one, opened.map_err(Failure::from))
		}
	}))
	.buffer_unordered(AT_ONCE);
	let mut fetched = Fetched { lines: Vec::new(), before, problems: Vec::new() };
	while let Some((Left { index, document, .. }, opened)) = arriving.next().await {
		let is_fetched = opened.is_ok();
		let kept = match opened {
			Ok((opened, digest)) => {
				opening::warn_of_older_key(session, index, &opened.title);
				let headers = &opened.title.headers;
				let (title, media_type) = (headers.title.clone(), headers.media_type.clone());
				let of = ContentOf { patient, record: index, document, title, media_type };
				keep(wanted, manifest, of, opened, &digest)
			},
			Err(failure) => Err(failure),
		};
		match kept {
			Ok(line) => {
				manifest.add(line.clone())?;
				fetched.lines.push(line);
			},
			// The others would be fetched, and written down as disclosed, in vain.
			Err(failure) if is_every_records(&failure, is_fetched) => return Err(failure),
			Err(failure) => {
				session.output.warn(format_args!("record {index}: {}", failure.message));
				let (record, error) = (Some(index), failure.code.name());
				let message = failure.message;
				fetched.problems.push(Problem { record, what: None, error, message });
			},
		}
	}
	fetched.lines.sort_by(|one, other| one.file.cmp(&other.file));
	Ok(fetched)
}

/// Whether it is this device's own trouble that a record could not be fetched, or not be kept once it was, so that it is every
/// other record's, too. A length that the file system does not take, as FAT32 does not take 4 GiB, or a name, is one record's.
fn is_every_records(failure: &Failure, is_fetched: bool) -> bool {
	match failure.file {
		_ if failure.code != Code::Local => false,
		Some(ErrorKind::FileTooLarge) => false,
		Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem) => {
			true
		},
		_ => !is_fetched,
	}
}

/// A record to fetch.
struct Left {
	index: RecordIndex,
	size: u64,
	/// Its digest on the chain, in hexadecimal.
	document: String,
	home: Option<HospitalId>,
}

/// The record with its content's SHA-256.
async fn digested(opened: Opened) -> Result<(Opened, [u8; 32]), Error> {
	let file = opened.content.file.clone();
	let digesting = tasks::blocking(move || sha256(file.reader()));
	let digest = digesting.await.and_then(|digest| digest);
	Ok((opened, digest.map_err(StorageError::cannot("read", "the content"))?))
}

/// Prints what is inside of a record.
fn list(
	session: &Session<'_>,
	record: RecordIndex,
	contents: &Contents<'_>,
) -> Result<(), Failure> {
	opening::warn_of_older_key(session, record, &contents.title);
	let mut table = Table::new(["file", "size"]);
	let mut items = Vec::new();
	for Member { path, length, digest, .. } in contents.members() {
		table.row([path.clone(), HumanBytes(*length).to_string()]);
		items.push(json!({ "file": path, "bytes": length, "sha256": hex::encode(digest) }));
	}
	session.output.result(&json!({ "record": record, "items": items }), table)
}

/// Fetches single files of a record.
async fn open_files(
	session: &Session<'_>,
	record: RecordIndex,
	contents: &Contents<'_>,
	files: &[String],
	(to, place): (&Destination, Place),
) -> Result<(), Failure> {
	opening::warn_of_older_key(session, record, &contents.title);
	let mut members = Vec::new();
	for file in files {
		let found = contents.members().iter().find(|one| one.path == *file);
		members.push(found.ok_or_else(|| {
			Failure::usage(format!("record {record} has no file {file}: --contents lists them"))
		})?);
	}
	if members.len() > 1 && !matches!(place, Place::Folder { .. }) {
		return Err(Failure::usage("several files go into a folder that exists: name one with -o"));
	}
	if let Some(folder) = place.folder() {
		sweep(folder);
	}
	let storage = place.storage(&session.home);
	let bar = session.output.bar("Fetching", Unit::Bytes);
	let together = Together::of(members.iter().map(|one| one.length), bar.progress());
	let (mut items, mut names) = (Vec::new(), HashSet::new());
	for (number, member) in members.into_iter().enumerate() {
		let opened = contents.open(member, &storage, &together.part(number)).await?;
		if place == Place::Output {
			drop(bar);
			return opening::put(place, &to.output, opened, "").map(drop);
		}
		// No file of this command replaces another one of it.
		let name = unique(&last_name(member), &mut names);
		if let Some(path) = opening::put(place.clone(), &to.output, opened, &name)? {
			items.push((member, path));
		}
	}
	drop(bar);
	let document = |(member, path): &(&Member, PathBuf)| {
		json!({
			"path": member.path,
			"file": path.display().to_string(),
			"bytes": member.length,
			"sha256": hex::encode(member.digest),
		})
	};
	let documents: Vec<Value> = items.iter().map(document).collect();
	let sentence = |(member, path): &(&Member, PathBuf)| {
		let (name, length) = (harmless(&member.path), HumanBytes(member.length));
		format!("{name} of record {record} ({length}) is in {}.", path.display())
	};
	let text: Vec<String> = items.iter().map(sentence).collect();
	let document = json!({ "record": record, "items": documents });
	session.output.result(&document, text.join("\n"))
}

fn last_name(member: &Member) -> String {
	safe_file_name(member.path.rsplit('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::medblock_crypto::Error as CryptoError;

	#[test]
	fn a_full_disk_is_every_records_trouble_and_a_file_that_is_too_long_is_one_records() {
		let (fetched, folder) = (true, Path::new("records"));
		let writing = |kind: ErrorKind| Failure::file("write", folder, &kind.into());
		let fetching = |kind: ErrorKind| -> Failure {
			let why = StorageError::cannot("write", "the ciphertext")(kind.into());
			Error::File(why).into()
		};
		assert!(is_every_records(&writing(ErrorKind::StorageFull), fetched));
		assert!(!is_every_records(&writing(ErrorKind::InvalidFilename), fetched));
		assert!(!is_every_records(&opening::there(folder), fetched));
		for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
			assert!(is_every_records(&fetching(kind), !fetched));
		}
		for is_fetched in [fetched, !fetched] {
			assert!(!is_every_records(&fetching(ErrorKind::FileTooLarge), is_fetched));
		}
		let crypto = Error::Crypto(CryptoError::Writing(ErrorKind::FileTooLarge.into()));
		assert!(!is_every_records(&crypto.into(), !fetched));
		let away = Failure::new(Code::Network, "it does not answer");
		assert!(!is_every_records(&away, !fetched));
	}
}
