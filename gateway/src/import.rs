//! What a data folder has of a vault whose state is now elsewhere, taken over at the first start: folders of earlier
//! versions of the gateway, and SQLite's file when there is a server.
//!
//! Each patient's files, each upload and each chart's disclosures are one change. What was taken over moves into the
//! folder `imported`, so that a start that was cut off goes on where it was. Nothing is deleted.

mod sqlite;

use crate::{
	blob::{BlobId, Digest},
	config::STATE,
	disclosures::{self, Line},
	files,
	state::{Place, State, values},
	vault::{
		ledger::{Former, Ledger, Upload},
		staging::UploadId,
	},
};
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::{Disclosure, paths::parse_number};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
	fs::{self, File},
	io::{self, BufRead, BufReader},
	path::{Path, PathBuf},
};

/// The folder for what was taken over.
const DONE: &str = "imported";
/// The folders of earlier versions.
const FOLDERS: [&str; 2] = ["uploads", "disclosures"];
/// The lines of a chart that are taken over in one change.
const LINES: usize = 1_000;
/// The longest line that is read, in bytes: a challenge has at most 1 KiB.
const MAX_LINE: u64 = 16 * 1024;

/// A file's entry, as earlier versions wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
	size: u64,
	uploaders: Vec<String>,
	keep_until: Moment,
	settled: bool,
	quarantined: Option<Moment>,
}

/// The facts about an upload, as earlier versions wrote them.
#[derive(Deserialize)]
struct Sidecar {
	length: u64,
	prepared: bool,
	active: Moment,
}

/// Takes over what is in a data folder. Refuses to mix it with what another gateway has put into the database.
pub async fn take_over(data: &Path, state: &State) -> io::Result<()> {
	let has_file = state.is_shared() && data.join(STATE).exists();
	let has_folders = FOLDERS.iter().any(|name| data.join(name).is_dir());
	if !has_file && !has_folders {
		return Ok(());
	}
	let gateway = files::name_of(data)?;
	begin(state, &gateway).await?;
	if has_file {
		tracing::info!("the file with the vault's state is taken over into the database");
		sqlite::take_over(&data.join(STATE), state).await?;
		// A log that is there already is another file's, and SQLite would take it for this one's.
		for end in ["-wal", "-shm"] {
			files::remove_if_there(&data.join(DONE).join(format!("{STATE}{end}")))?;
		}
		move_to(&data.join(STATE), &data.join(DONE))?;
	}
	if has_folders {
		tracing::info!("what an earlier version kept in folders is taken over into the database");
		take_folders(data, state, &gateway).await?;
	}
	tracing::info!("all of it is in the database; the folder `imported` is not needed any more");
	Ok(())
}

/// Refuses to begin anew in a folder whose state a server has taken over.
pub fn ensure_here(data: &Path, place: &Place) -> io::Result<()> {
	match !place.is_shared() && data.join(DONE).join(STATE).exists() {
		true => Err(io::Error::new(
			io::ErrorKind::InvalidData,
			"a server has taken it over: --state has to name that",
		)),
		false => Ok(()),
	}
}

async fn take_folders(data: &Path, state: &State, gateway: &str) -> io::Result<()> {
	let (ledger, done) = (Ledger::new(state.clone()), data.join(DONE));
	let uploads = data.join("uploads");
	for (patient, folder) in of_patients(&uploads, parse_number)? {
		take_files(&ledger, patient, &folder).await?;
		move_to(&folder, &done.join("uploads"))?;
	}
	let staging = data.join("staging");
	for (patient, folder) in of_patients(&staging, parse_number)? {
		take_uploads(&ledger, gateway, patient, &folder, &done.join("staging")).await?;
	}
	let charts = data.join("disclosures");
	for (patient, file) in of_patients(&charts, |name| parse_number(name.strip_suffix(".jsonl")?))?
	{
		take_disclosures(state, patient, &file).await?;
		move_to(&file, &done.join("disclosures"))?;
	}
	// Whatever else is in them stays beside.
	for folder in [uploads, charts].iter().filter(|folder| folder.is_dir()) {
		match fs::remove_dir(folder) {
			Err(why) if why.kind() == io::ErrorKind::DirectoryNotEmpty => {
				move_to(folder, &done.join("rest"))?
			},
			removed => removed?,
		}
	}
	Ok(())
}

/// Notes that this gateway's folders are taken over.
async fn begin(state: &State, gateway: &str) -> io::Result<()> {
	let mut change = state.change().await?;
	let own = "SELECT folder FROM imported WHERE gateway = $1";
	if change.run(own, values![gateway]).await?.is_some() {
		return Ok(());
	}
	for used in [
		"SELECT gateway FROM imported",
		"SELECT patient FROM files",
		"SELECT patient FROM disclosed",
	] {
		if change.run(&format!("{used} LIMIT 1"), values![]).await?.is_some() {
			return Err(io::Error::new(
				io::ErrorKind::InvalidData,
				"the data folder has a vault of its own, and the database has another one already: give this gateway an \
				 empty folder, or an empty database",
			));
		}
	}
	let statement = "INSERT INTO imported (gateway, folder) VALUES ($1, $2)";
	change.run(statement, values![gateway, "data"]).await?;
	// This gateway may hold the vault's bucket already.
	change.run("UPDATE vault SET holder = $1", values![gateway]).await?;
	change.commit().await
}

/// What a folder has of each patient, by the names in it.
fn of_patients(
	folder: &Path,
	parse: impl Fn(&str) -> Option<u32>,
) -> io::Result<Vec<(PatientId, PathBuf)>> {
	let entries = match fs::read_dir(folder) {
		Ok(entries) => entries,
		Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
		Err(why) => return Err(why),
	};
	let mut all = Vec::new();
	for entry in entries {
		let entry = entry?;
		let patient = entry.file_name().to_str().and_then(&parse).map(PatientId);
		all.extend(patient.map(|patient| (patient, entry.path())));
	}
	Ok(all)
}

/// Takes over the entries of a patient's files.
async fn take_files(ledger: &Ledger, patient: PatientId, folder: &Path) -> io::Result<()> {
	let mut files = Vec::new();
	for file in fs::read_dir(folder)? {
		let path = file?.path();
		let digest = name_of(&path).and_then(|name| Digest::parse(name.strip_suffix(".json")?));
		let Some(digest) = digest else { continue };
		// Without its entry, garbage collection finds the file, and makes a new one.
		let Some(entry) = read::<Entry>(&path) else { continue };
		files.push(Former {
			digest,
			size: entry.size,
			uploaders: entry
				.uploaders
				.iter()
				.filter_map(|one| Some(Digest::parse(one)?.0))
				.collect(),
			keep_until: entry.keep_until,
			settled: entry.settled,
			quarantined: entry.quarantined,
		});
	}
	ledger.take_over(patient, &files).await
}

/// Takes over a patient's incomplete uploads. Their bytes stay where they are.
async fn take_uploads(
	ledger: &Ledger,
	gateway: &str,
	patient: PatientId,
	folder: &Path,
	done: &Path,
) -> io::Result<()> {
	for file in fs::read_dir(folder)? {
		let path = file?.path();
		let id = name_of(&path).and_then(|name| {
			let (digest, account) = name.strip_suffix(".json")?.split_once('.')?;
			let blob = BlobId { patient, digest: Digest::parse(digest)? };
			Some(UploadId { blob, account: Digest::parse(account)?.0 })
		});
		let Some(id) = id else { continue };
		if let Some(Sidecar { length, prepared, active }) = read(&path) {
			let upload = Upload { length, prepared, active, gateway: gateway.to_owned() };
			ledger.take_over_upload(&id, &upload).await?;
		}
		move_to(&path, &done.join(patient.0.to_string()))?;
	}
	Ok(())
}

/// Takes over a chart's disclosures. A damaged line keeps its place.
async fn take_disclosures(state: &State, patient: PatientId, file: &Path) -> io::Result<()> {
	let mut reader = BufReader::new(File::open(file)?);
	let (mut line, mut next, mut last, mut is_over) = (Vec::new(), 0_u64, 0, false);
	while !is_over {
		let mut lines = Vec::new();
		while lines.len() < LINES && !is_over {
			is_over = !read_line(&mut reader, &mut line)?;
			if is_over {
				break;
			}
			let (number, time, text) = match parse(&line) {
				Ok(entry) => (entry.number, entry.time, serde_json::to_string(&entry)?),
				Err(_) => (next, last, String::from_utf8_lossy(&line).replace('\0', "\u{fffd}")),
			};
			(next, last) = (number.saturating_add(1), time);
			lines.push(Line { patient, number, time, text });
		}
		let mut change = state.change().await?;
		disclosures::insert(&mut change, &lines).await?;
		let statement = "INSERT INTO disclosed (patient, next) VALUES ($1, $2) \
			ON CONFLICT (patient) DO UPDATE SET next = CASE WHEN disclosed.next > excluded.next \
			THEN disclosed.next ELSE excluded.next END";
		change.run(statement, values![patient.0, next]).await?;
		change.commit().await?;
	}
	Ok(())
}

/// Reads the next whole line. A line without an end was torn by a crash: no bytes were sent for it.
fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
	line.clear();
	loop {
		let read = io::Read::take(&mut *lines, MAX_LINE).read_until(b'\n', line)?;
		match line.last() {
			Some(b'\n') => {
				line.pop();
				return Ok(true);
			},
			_ if read == 0 => return Ok(false),
			// Damaged, and too long to keep: only its end matters.
			_ if line.len() as u64 >= MAX_LINE => line.clear(),
			_ => (),
		}
	}
}

/// Reads an entry. The first versions wrote its time as `at`, in milliseconds since 1970.
fn parse(line: &[u8]) -> serde_json::Result<Disclosure> {
	serde_json::from_slice(line).or_else(|why| {
		let mut old: Value = serde_json::from_slice(line)?;
		let Some(time) = old["at"].as_u64() else { return Err(why) };
		old["time"] = "1970-01-01T00:00:00Z".into();
		Ok(Disclosure { time, ..serde_json::from_value(old)? })
	})
}

/// What a file has, unless it is damaged.
fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
	let read = fs::read(path).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
	read.inspect_err(|why| tracing::error!(%why, "a file of an earlier version is damaged")).ok()
}

fn name_of(path: &Path) -> Option<&str> {
	path.file_name()?.to_str()
}

/// Moves a file or a folder below another one, durably.
fn move_to(path: &Path, folder: &Path) -> io::Result<()> {
	files::create_folder(folder)?;
	match path.file_name() {
		Some(name) => files::rename(path, &folder.join(name)),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests;
