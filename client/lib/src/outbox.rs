//! Ciphertext on its way, kept on this machine until the chain names it and the vault has it.
//!
//! Each chain has a folder of its own, since patients' numbers are. A file in it has one of two names:
//!
//! - `PATIENT-EPOCH-SOURCE-DIGEST.upload` before any transaction names it. SOURCE says what was
//!   encrypted, so that the same command goes on with it as long as the chart's epoch is the same.
//!   Forgotten after a day.
//! - `PATIENT-DIGEST-UNTIL.age` from then on. UNTIL is a block after which no transaction that names it
//!   can be included any more. A clock would not do: the chain may stand still for days.

use crate::{Error, Result};
use medblock_primitives::*;
use std::{
	fs,
	path::{Path, PathBuf},
};

const UPLOAD: &str = "upload";
const SENT: &str = "age";

/// Seconds for which ciphertext is kept that nothing names.
const A_DAY: u64 = 24 * 60 * 60;

/// What was encrypted: a digest of it, or of what tells it from everything else.
pub(crate) type Source = [u8; 32];

/// A folder for ciphertext on its way to vaults.
pub(crate) struct Outbox {
	folder: PathBuf,
}

/// Ciphertext that a transaction may name.
pub(crate) struct Waiting {
	pub(crate) path: PathBuf,
	pub(crate) digest: [u8; 32],
	/// After this block, no transaction that names it can come any more.
	pub(crate) until: u32,
}

impl Outbox {
	/// The folder for a chain, made if need be. What is left there of attempts long past is deleted.
	pub(crate) fn open(home: &Path, genesis: &[u8; 32]) -> Result<Self> {
		let name: String = hex::encode(genesis).chars().take(16).collect();
		let folder = home.join("outbox").join(name);
		fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
		let outbox = Self { folder };
		for path in outbox.files()? {
			if extension(&path) != SENT && is_old(&path) {
				fs::remove_file(&path).map_err(Error::file(&path))?;
			}
		}
		Ok(outbox)
	}

	/// Where it is: also for what is being made, or fetched to be looked at.
	pub(crate) fn folder(&self) -> &Path {
		&self.folder
	}

	/// What an earlier attempt encrypted of this for the same epoch, and its digest.
	pub(crate) fn encrypted(
		&self,
		patient: PatientId,
		epoch: Epoch,
		source: &Source,
	) -> Result<Option<(PathBuf, [u8; 32])>> {
		let prefix = format!("{}-{epoch}-{}-", patient.0, hex::encode(source));
		for path in self.files()? {
			let digest = stem(&path).strip_prefix(&prefix).and_then(digest_of);
			if let (UPLOAD, Some(digest)) = (extension(&path), digest) {
				return Ok(Some((path, digest)));
			}
		}
		Ok(None)
	}

	/// The path for what was encrypted and is about to be uploaded.
	pub(crate) fn upload(
		&self,
		patient: PatientId,
		epoch: Epoch,
		source: &Source,
		digest: &[u8; 32],
	) -> PathBuf {
		let (source, digest) = (hex::encode(source), hex::encode(digest));
		self.folder.join(format!("{}-{epoch}-{source}-{digest}.{UPLOAD}", patient.0))
	}

	/// The path for what a transaction is about to name.
	pub(crate) fn sent(&self, patient: PatientId, digest: &[u8; 32], until: u32) -> PathBuf {
		self.folder.join(format!("{}-{}-{until}.{SENT}", patient.0, hex::encode(digest)))
	}

	/// What transactions about a chart may name.
	pub(crate) fn waiting(&self, patient: PatientId) -> Result<Vec<Waiting>> {
		let prefix = format!("{}-", patient.0);
		let mut waiting = Vec::new();
		for path in self.files()? {
			if extension(&path) != SENT {
				continue;
			}
			let parts = stem(&path).strip_prefix(&prefix).and_then(|rest| rest.split_once('-'));
			let Some((digest, until)) = parts else { continue };
			if let (Some(digest), Ok(until)) = (digest_of(digest), until.parse()) {
				waiting.push(Waiting { path, digest, until });
			}
		}
		Ok(waiting)
	}

	fn files(&self) -> Result<Vec<PathBuf>> {
		let failed = || Error::file(&self.folder);
		let entries = fs::read_dir(&self.folder).map_err(failed())?;
		entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed())).collect()
	}
}

fn extension(path: &Path) -> &str {
	path.extension().and_then(|name| name.to_str()).unwrap_or_default()
}

fn stem(path: &Path) -> &str {
	path.file_stem().and_then(|name| name.to_str()).unwrap_or_default()
}

fn digest_of(text: &str) -> Option<[u8; 32]> {
	let mut digest = [0; 32];
	hex::decode_to_slice(text, &mut digest).ok().map(|()| digest)
}

fn is_old(path: &Path) -> bool {
	let age = fs::metadata(path).and_then(|found| found.modified()).map(|at| at.elapsed());
	matches!(age, Ok(Ok(age)) if age.as_secs() > A_DAY)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use std::time::{Duration, SystemTime};

	const ANA: PatientId = PatientId(3);
	const BEN: PatientId = PatientId(31);

	fn touch(path: &Path, hours_ago: u64) {
		let file = fs::File::create(path).unwrap();
		file.set_modified(SystemTime::now() - Duration::from_secs(hours_ago * 3_600)).unwrap();
	}

	#[test]
	fn earlier_attempt_is_found_for_the_same_source_chart_and_epoch_only() {
		let home = tempfile::tempdir().unwrap();
		let outbox = Outbox::open(home.path(), &[1; 32]).unwrap();
		let path = outbox.upload(ANA, 4, &[7; 32], &[9; 32]);
		touch(&path, 1);
		assert_eq!(outbox.encrypted(ANA, 4, &[7; 32]).unwrap(), Some((path, [9; 32])));
		assert_eq!(outbox.encrypted(ANA, 5, &[7; 32]).unwrap(), None, "sealed to another key");
		assert_eq!(outbox.encrypted(ANA, 4, &[8; 32]).unwrap(), None, "of another file");
		assert_eq!(outbox.encrypted(BEN, 4, &[7; 32]).unwrap(), None, "of another chart");
		let elsewhere = Outbox::open(home.path(), &[2; 32]).unwrap();
		assert_eq!(elsewhere.encrypted(ANA, 4, &[7; 32]).unwrap(), None, "on another chain");
		assert_eq!(outbox.waiting(ANA).unwrap().len(), 0, "nothing names it");
	}

	#[test]
	fn what_a_transaction_may_name_outlives_every_clock() {
		let home = tempfile::tempdir().unwrap();
		let outbox = Outbox::open(home.path(), &[1; 32]).unwrap();
		touch(&outbox.sent(ANA, &[9; 32], 700), 24 * 30);
		touch(&outbox.upload(ANA, 4, &[7; 32], &[8; 32]), 25);
		touch(&outbox.folder().join(".tmp1234"), 25);
		touch(&outbox.folder().join(".tmp5678"), 23);
		let outbox = Outbox::open(home.path(), &[1; 32]).unwrap();
		let waiting = outbox.waiting(ANA).unwrap();
		assert_eq!(
			waiting.iter().map(|one| (one.digest, one.until)).collect::<Vec<_>>(),
			[([9; 32], 700)]
		);
		assert_eq!(outbox.waiting(BEN).unwrap().len(), 0);
		assert_eq!(outbox.files().unwrap().len(), 2, "what was left behind long ago is gone");
	}
}
