//! Encrypting files and bringing them to a vault, before the chain names them.

use crate::{
	chain::Call,
	client::{Client, Done, Mode},
	records::AT_ONCE,
	target::Target,
	vault::{Progress, Upload},
	Error, Result,
};
use futures::{stream, StreamExt, TryStreamExt};
use medblock_crypto::{Headers, PublicKey as CryptoKey, Sealed};
use medblock_primitives::*;
use std::{
	fs::File,
	io::{BufWriter, Read, Write},
	path::{Path, PathBuf},
	sync::{Arc, Mutex},
};
use tempfile::NamedTempFile;

/// A file that is to become a record.
#[derive(Clone, Debug)]
pub struct NewFile {
	/// Where it is.
	pub path: PathBuf,
	/// What is said of it, inside the encryption.
	pub headers: Headers,
	/// The record that it is a note to.
	pub in_reply_to: Option<RecordIndex>,
}

/// What is encrypted: a file, or bytes that are at hand.
pub(crate) enum Plaintext {
	File(PathBuf),
	Bytes(zeroize::Zeroizing<Vec<u8>>),
}

impl Plaintext {
	fn open(&self) -> std::io::Result<(u64, Box<dyn Read + '_>)> {
		Ok(match self {
			Self::File(path) => {
				let file = File::open(path)?;
				let found = file.metadata()?;
				if !found.is_file() {
					return Err(std::io::Error::other("this is no file"));
				}
				(found.len(), Box::new(file))
			},
			Self::Bytes(bytes) => (bytes.len() as u64, Box::new(&bytes[..])),
		})
	}

	fn path(&self) -> &Path {
		match self {
			Self::File(path) => path,
			Self::Bytes(_) => Path::new("the profile"),
		}
	}
}

/// Ciphertext on its way: here until the chain names it and the vault has it.
pub(crate) struct Staged {
	file: NamedTempFile,
	pub(crate) document: Document,
	patient: PatientId,
	prepared: bool,
}

impl Staged {
	fn upload(&self) -> Upload<'_> {
		Upload {
			patient: self.patient,
			file: self.file.path(),
			digest: self.document.digest,
			size: self.document.size,
			prepared: self.prepared,
		}
	}
}

/// The progress of several files as one.
struct Together {
	parts: Arc<Mutex<Vec<(u64, u64)>>>,
	whole: Progress,
}

impl Together {
	/// Nothing is done of any. How long a file is before it is encrypted is near enough at first.
	fn of(files: &[NewFile], whole: &Progress) -> Self {
		let length = |file: &NewFile| std::fs::metadata(&file.path).map_or(0, |found| found.len());
		let parts = files.iter().map(|file| (0, length(file))).collect();
		Self { parts: Arc::new(Mutex::new(parts)), whole: whole.clone() }
	}

	/// What the file at this place reports to.
	fn part(&self, place: usize) -> Progress {
		let (parts, whole) = (self.parts.clone(), self.whole.clone());
		Arc::new(move |done, total| {
			// Nothing in here panics while it holds the lock.
			let Ok(mut parts) = parts.lock() else { return };
			if let Some(part) = parts.get_mut(place) {
				*part = (done, total);
			}
			let sum = |values: &mut dyn Iterator<Item = u64>| values.fold(0, u64::saturating_add);
			whole(
				sum(&mut parts.iter().map(|part| part.0)),
				sum(&mut parts.iter().map(|part| part.1)),
			);
		})
	}
}

/// What becomes of a call that names uploads.
pub(crate) enum Attempt {
	Done(Done),
	/// The chart's epoch changed meanwhile, so that everything has to be encrypted anew.
	Stale,
}

impl Client {
	/// Encrypts under a fresh file key and uploads to a hospital's vault.
	pub(crate) async fn stage(
		&self,
		plaintext: Plaintext,
		headers: Headers,
		recipients: Vec<CryptoKey>,
		patient: PatientId,
		vault: HospitalId,
		progress: &Progress,
	) -> Result<Staged> {
		let prefix = format!("{}-", patient.0);
		let file = tempfile::Builder::new()
			.prefix(&prefix)
			.suffix(".age")
			.tempfile_in(&self.outbox)
			.map_err(Error::file(&self.outbox))?;
		let target = file.reopen().map_err(Error::file(file.path()))?;
		let sealing = move || seal(&plaintext, &headers, &recipients, target);
		let sealed = tokio::task::spawn_blocking(sealing).await.map_err(|_| Error::File {
			path: self.outbox.clone(),
			why: std::io::Error::other("encrypting was interrupted"),
		})??;
		let document =
			Document { digest: sealed.digest, head: sealed.head, size: sealed.size, vault };
		let prepared = self.mode == Mode::Prepare;
		let staged = Staged { file, document, patient, prepared };
		self.vault(vault).await?.upload(&staged.upload(), progress).await?;
		Ok(staged)
	}

	/// Encrypts and uploads files, some at the same time. In the order of the files.
	pub(crate) async fn stage_all(
		&self,
		files: &[NewFile],
		target: &Target,
		progress: &Progress,
	) -> Result<Vec<Staged>> {
		let together = Together::of(files, progress);
		stream::iter(files.iter().enumerate().map(|(place, file)| {
			let progress = together.part(place);
			async move {
				let (patient, vault) = (target.info.id, target.info.hospital);
				let (plaintext, headers) = (Plaintext::File(file.path.clone()), &file.headers);
				let recipients = vec![target.key];
				self.stage(plaintext, headers.clone(), recipients, patient, vault, &progress).await
			}
		}))
		.buffered(AT_ONCE)
		.try_collect()
		.await
	}

	/// Concludes a call that names what was staged. Ciphertext stays here until the call is final and
	/// the vault has all of it; if the call failed, the vault is told to forget it; if that is
	/// unknown, it stays in the outbox.
	pub(crate) async fn conclude_with(&self, call: &Call, staged: Vec<Staged>) -> Result<Attempt> {
		match self.conclude(call).await {
			Ok(done) => {
				for one in &staged {
					let vault = self.vault(one.document.vault).await?;
					if !vault.has(&one.upload()).await? {
						vault.upload(&one.upload(), &crate::vault::unwatched()).await?;
					}
				}
				Ok(Attempt::Done(done))
			},
			Err(why @ (Error::Refused(_) | Error::NodeRefused { .. } | Error::Expired)) => {
				for one in &staged {
					let vault = self.vault(one.document.vault).await?;
					// What is not discarded is collected by the vault after a day.
					let _ = vault.discard(one.patient, one.document.digest).await;
				}
				if why.is_refusal("StaleEpoch") {
					return Ok(Attempt::Stale);
				}
				Err(why)
			},
			Err(why) => {
				for one in staged {
					let name =
						format!("{}-{}.age", one.patient.0, hex::encode(one.document.digest));
					// Losing the copy here loses nothing that the vault does not have.
					let _ = one.file.persist_noclobber(self.outbox.join(name));
				}
				Err(why)
			},
		}
	}

	/// Looks after ciphertext whose transaction was not known to be final: what the chart names is
	/// uploaded again if the vault lacks it; what is older than a day and was never named is
	/// forgotten. Gives how many files are still waiting.
	pub async fn settle_outbox(&self, patient: PatientId, progress: &Progress) -> Result<usize> {
		let waiting = outbox(&self.outbox, patient)?;
		if waiting.is_empty() {
			return Ok(0);
		}
		let at = self.chain().finalized().await?;
		let named = crate::records::documents(&at, patient).await?;
		let mut left = 0;
		for (path, digest) in waiting {
			match named.iter().find(|document| document.digest == digest) {
				Some(document) => {
					let (digest, size) = (document.digest, document.size);
					let upload = Upload { patient, file: &path, digest, size, prepared: false };
					self.vault(document.vault).await?.upload(&upload, progress).await?;
					std::fs::remove_file(&path).map_err(Error::file(&path))?;
				},
				None if is_old(&path) => std::fs::remove_file(&path).map_err(Error::file(&path))?,
				None => left += 1,
			}
		}
		Ok(left)
	}
}

fn seal(
	plaintext: &Plaintext,
	headers: &Headers,
	recipients: &[CryptoKey],
	target: File,
) -> Result<Sealed> {
	let (length, body) = plaintext.open().map_err(Error::file(plaintext.path()))?;
	let mut target = BufWriter::with_capacity(256 * 1024, target);
	let sealed = medblock_crypto::encrypt(recipients, headers, body, length, &mut target)?;
	target.flush().map_err(Error::file(plaintext.path()))?;
	Ok(sealed)
}

/// Files in the outbox for a chart, and the digests that their names are.
fn outbox(folder: &Path, patient: PatientId) -> Result<Vec<(PathBuf, [u8; 32])>> {
	let prefix = format!("{}-", patient.0);
	let mut found = Vec::new();
	for entry in std::fs::read_dir(folder).map_err(Error::file(folder))? {
		let path = entry.map_err(Error::file(folder))?.path();
		let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
		let middle = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".age"));
		let Some(middle) = middle else { continue };
		let mut digest = [0; 32];
		if hex::decode_to_slice(middle, &mut digest).is_ok() {
			found.push((path, digest));
		} else if is_old(&path) {
			// Left by a client that was killed before it had sent anything that names it.
			std::fs::remove_file(&path).map_err(Error::file(&path))?;
		}
	}
	Ok(found)
}

/// Whether no transaction that names it can still be included, by a wide margin.
fn is_old(path: &Path) -> bool {
	let age = std::fs::metadata(path).and_then(|found| found.modified()).map(|at| at.elapsed());
	matches!(age, Ok(Ok(age)) if age.as_secs() > 24 * 60 * 60)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn several_files_make_one_progress() {
		let folder = tempfile::tempdir().unwrap();
		let file = |name: &str, length: usize| {
			let path = folder.path().join(name);
			std::fs::write(&path, vec![0; length]).unwrap();
			let headers = Headers {
				title: name.into(),
				media_type: "text/plain".into(),
				file_name: None,
				written_at: None,
			};
			NewFile { path, headers, in_reply_to: None }
		};
		let seen = Arc::new(Mutex::new(Vec::new()));
		let note = seen.clone();
		let whole: Progress = Arc::new(move |done, total| note.lock().unwrap().push((done, total)));
		let together = Together::of(&[file("one", 10), file("two", 20)], &whole);
		let (one, two) = (together.part(0), together.part(1));
		two(5, 24);
		one(12, 12);
		two(24, 24);
		assert_eq!(*seen.lock().unwrap(), [(5, 34), (17, 36), (36, 36)]);
	}
}
