//! An administrator's commands for the vault's files, beside the gateway that serves them.

use crate::{
	authority::wall_clock,
	blob::BlobId,
	config::{Config, StoreConfig, VaultCommand, Verify},
	vault::{backed_up, store::Store},
};
use futures::TryStreamExt;
use rand::Rng;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::{
	error::Error,
	io::{Write, stdout},
	process::ExitCode,
};

type Failure = Box<dyn Error + Send + Sync>;

/// The exit code if files are damaged.
const DAMAGED: u8 = 3;

/// What was found.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
	/// The number of files.
	pub files: u64,
	/// The number of those that were hashed.
	pub checked: u64,
	/// The bytes that were hashed.
	pub checked_bytes: u64,
	/// Those whose bytes are not those of their digest.
	pub damaged: Vec<Name>,
	/// Those that can't be read.
	pub unreadable: Vec<Name>,
	/// Whether these were moved out of the way.
	pub set_aside: bool,
}

/// A file's name.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Name {
	/// The patient whose chart it belongs to.
	pub patient: u32,
	/// The SHA-256 that its bytes are to have, in hexadecimal.
	pub digest: String,
}

impl From<BlobId> for Name {
	fn from(blob: BlobId) -> Self {
		Self { patient: blob.patient.0, digest: blob.digest.to_string() }
	}
}

/// Carries out a command.
pub fn run(config: &Config, command: &VaultCommand) -> Result<ExitCode, Failure> {
	match command {
		VaultCommand::BackedUp { began } => {
			let began = backed_up::write(&config.data, began, wall_clock())?;
			writeln!(stdout(), "What the vault had at {began} is in its back-up.")?;
			Ok(ExitCode::SUCCESS)
		},
		VaultCommand::Verify(verify) => {
			let _ = rustls::crypto::ring::default_provider().install_default();
			let store = match &config.store {
				StoreConfig::Folder => Store::used_folder(&config.data.join("blobs"))?,
				StoreConfig::Bucket { .. } if verify.set_aside => {
					return Err("--set-aside is for a folder: of an object in a bucket, restore an earlier version".into());
				},
				StoreConfig::Bucket { url, endpoint } => Store::bucket(url, endpoint.as_ref())?,
			};
			let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
			let report = runtime.block_on(check(&store, verify))?;
			print(&report, verify.json)?;
			let is_sound = report.damaged.is_empty() && report.unreadable.is_empty();
			Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
		},
	}
}

/// Hashes files again.
pub async fn check(store: &Store, verify: &Verify) -> Result<Report, Failure> {
	let mut report = Report { set_aside: verify.set_aside, ..Report::default() };
	for patient in store.patients().await? {
		let mut files = store.blobs(patient);
		while let Some((blob, size)) = files.try_next().await? {
			report.files += 1;
			if rand::thread_rng().gen_range(0..100) >= verify.sample {
				continue;
			}
			let is_sound = hash_of(store, &blob, size).await.map(|found| found == blob.digest.0);
			// The gateway may have deleted it meanwhile.
			if is_sound.is_err() && store.size(&blob).await.is_ok_and(|size| size.is_none()) {
				continue;
			}
			report.checked += 1;
			report.checked_bytes += size;
			let list = match is_sound {
				Ok(true) => continue,
				Ok(false) => &mut report.damaged,
				Err(_) => &mut report.unreadable,
			};
			// What the gateway has deleted by now needs no repair.
			if !verify.set_aside || store.set_aside(&blob).await? {
				list.push(blob.into());
			}
		}
	}
	Ok(report)
}

/// The SHA-256 of a file's bytes.
async fn hash_of(
	store: &Store,
	blob: &BlobId,
	size: u64,
) -> Result<[u8; 32], crate::vault::store::Error> {
	let mut hash = Sha256::new();
	if size > 0 {
		let mut segment = store.read(blob, 0..size).await?;
		while let Some(piece) = segment.next().await? {
			hash.update(&piece);
		}
	}
	Ok(hash.finalize().into())
}

fn print(report: &Report, as_json: bool) -> Result<(), Failure> {
	let mut out = stdout().lock();
	if as_json {
		serde_json::to_writer_pretty(&mut out, report)?;
		writeln!(out)?;
		return Ok(());
	}
	for (what, names) in [("damaged", &report.damaged), ("unreadable", &report.unreadable)] {
		for Name { patient, digest } in names {
			writeln!(out, "{what}: {patient}/{}/{digest}", &digest[..2])?;
		}
	}
	let Report { files, checked, checked_bytes, damaged, unreadable, .. } = report;
	let (damaged, unreadable) = (damaged.len(), unreadable.len());
	writeln!(
		out,
		"{checked} of {files} files hashed, {checked_bytes} bytes: {damaged} damaged, {unreadable} unreadable"
	)?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::blob::Digest;
	use medblock_primitives::PatientId;
	use std::path::PathBuf;

	/// A file of a patient in a folder, with a digest that may be another file's.
	fn put(folder: &std::path::Path, patient: u32, bytes: &[u8], named: &[u8]) -> PathBuf {
		let digest = Digest(Sha256::digest(named).into());
		let path = folder.join(BlobId { patient: PatientId(patient), digest }.path());
		std::fs::create_dir_all(path.parent().unwrap()).unwrap();
		std::fs::write(&path, bytes).unwrap();
		path
	}

	fn whole(set_aside: bool) -> Verify {
		Verify { sample: 100, set_aside, json: false }
	}

	#[tokio::test]
	async fn damaged_files_are_found_and_set_aside() {
		let folder = tempfile::tempdir().unwrap();
		put(folder.path(), 1, b"as it was", b"as it was");
		let long = vec![7; 300_000];
		put(folder.path(), 2, &long, &long);
		let flipped = put(folder.path(), 2, b"as it iz", b"as it is");
		let cut = put(folder.path(), 3, b"", b"something");
		let store = Store::used_folder(folder.path()).unwrap();
		let report = check(&store, &whole(false)).await.unwrap();
		assert_eq!((report.files, report.checked, report.damaged.len()), (4, 4, 2));
		assert_eq!(report.checked_bytes, 9 + 300_000 + 8);
		assert!(report.unreadable.is_empty());
		assert!(flipped.exists() && cut.exists());

		let report = check(&store, &whole(true)).await.unwrap();
		assert_eq!(report.damaged.len(), 2);
		assert!(!flipped.exists() && !cut.exists());
		assert_eq!(std::fs::read_dir(folder.path().join("damaged")).unwrap().count(), 2);
		let report = check(&store, &whole(true)).await.unwrap();
		assert_eq!((report.files, report.damaged.len()), (2, 0));
	}

	#[tokio::test]
	async fn a_file_that_is_deleted_before_it_is_set_aside_is_no_failure() {
		let folder = tempfile::tempdir().unwrap();
		let damaged = put(folder.path(), 1, b"as it iz", b"as it is");
		let store = Store::used_folder(folder.path()).unwrap();
		let blob =
			BlobId { patient: PatientId(1), digest: Digest(Sha256::digest(b"as it is").into()) };
		std::fs::remove_file(&damaged).unwrap();
		assert!(!store.set_aside(&blob).await.unwrap());
		put(folder.path(), 1, b"as it iz", b"as it is");
		assert!(store.set_aside(&blob).await.unwrap() && !damaged.exists());
	}

	#[tokio::test]
	async fn a_sample_is_a_part_of_the_files() {
		let folder = tempfile::tempdir().unwrap();
		for number in 0..400_u32 {
			let bytes = number.to_le_bytes();
			put(folder.path(), number % 7, &bytes, &bytes);
		}
		let store = Store::used_folder(folder.path()).unwrap();
		let report = check(&store, &Verify { sample: 50, ..whole(false) }).await.unwrap();
		assert_eq!(report.files, 400);
		// Far beyond what chance brings.
		assert!((100..=300).contains(&report.checked), "{}", report.checked);
	}

	#[test]
	fn the_report_is_camel_case() {
		let damaged = vec![Name { patient: 7, digest: "ab".repeat(32) }];
		let report =
			Report { files: 2, checked: 1, checked_bytes: 9, damaged, ..Report::default() };
		let json = serde_json::to_value(report).unwrap();
		assert_eq!(json["checkedBytes"], 9);
		assert_eq!(json["damaged"][0]["patient"], 7);
		assert_eq!(
			(&json["unreadable"], &json["setAside"]),
			(&serde_json::json!([]), &false.into())
		);
	}
}
