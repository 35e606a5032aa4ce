//! Encrypting files and bringing them to a vault, before the chain names them.

use crate::{
	Error, Result,
	chain::{self, Call, LIFETIME},
	chart::Target,
	client::{Client, Done, Mode},
	outbox::{Source, Waiting},
	records::{self, AT_ONCE},
	vault::{Progress, Upload},
};
use futures::{StreamExt, TryStreamExt, stream};
use medblock_crypto::{Digest, Headers, PublicKey as CryptoKey, Sealed};
use medblock_primitives::*;
use sha2::{Digest as _, Sha256};
use std::{
	fs::File,
	io::{BufWriter, Read, Write},
	path::{Path, PathBuf},
	sync::{Arc, Mutex},
	time::UNIX_EPOCH,
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
	path: PathBuf,
	/// Its name until a transaction names it.
	unnamed: PathBuf,
	pub(crate) document: Document,
	patient: PatientId,
	prepared: bool,
}

impl Staged {
	fn upload(&self) -> Upload<'_> {
		Upload {
			patient: self.patient,
			file: &self.path,
			digest: self.document.digest,
			size: self.document.size,
			prepared: self.prepared,
		}
	}

	/// Forgets the copy here.
	fn forget(self) {
		// What can't be deleted now is deleted later, by its name.
		let _ = std::fs::remove_file(&self.path);
	}
}

/// Where ciphertext is to go.
#[derive(Clone, Copy)]
pub(crate) struct Place {
	pub(crate) patient: PatientId,
	pub(crate) epoch: Epoch,
	pub(crate) vault: HospitalId,
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
	/// Encrypts under a fresh file key and uploads to a hospital's vault. If that fails, what was
	/// encrypted stays here, and the next attempt for the same source and epoch goes on with it.
	pub(crate) async fn stage(
		&self,
		plaintext: Plaintext,
		headers: Headers,
		recipients: Vec<CryptoKey>,
		place: Place,
		source: Option<Source>,
		progress: &Progress,
	) -> Result<Staged> {
		let Place { patient, epoch, vault } = place;
		let (path, sealed) = match self.sealed_before(place, source).await? {
			Some(found) => found,
			None => {
				let folder = self.outbox.folder();
				let file = NamedTempFile::new_in(folder).map_err(Error::file(folder))?;
				let target = file.reopen().map_err(Error::file(file.path()))?;
				let sealed =
					blocking(folder, move || seal(&plaintext, &headers, &recipients, target))
						.await?;
				let source = source.unwrap_or(sealed.digest);
				let path = self.outbox.upload(patient, epoch, &source, &sealed.digest);
				file.persist(&path).map_err(|failed| Error::file(&path)(failed.error))?;
				(path, sealed)
			},
		};
		let document =
			Document { digest: sealed.digest, head: sealed.head, size: sealed.size, vault };
		let prepared = self.mode == Mode::Prepare;
		let staged = Staged { unnamed: path.clone(), path, document, patient, prepared };
		self.vault(vault).await?.upload(&staged.upload(), progress).await?;
		Ok(staged)
	}

	/// What an earlier attempt left, if every byte of it is still there.
	async fn sealed_before(
		&self,
		place: Place,
		source: Option<Source>,
	) -> Result<Option<(PathBuf, Sealed)>> {
		let Some(source) = source else { return Ok(None) };
		let Some((path, digest)) = self.outbox.encrypted(place.patient, place.epoch, &source)?
		else {
			return Ok(None);
		};
		let of = path.clone();
		match blocking(&path, move || digested(&of)).await {
			Ok(sealed) if sealed.digest == digest => Ok(Some((path, sealed))),
			_ => {
				std::fs::remove_file(&path).map_err(Error::file(&path))?;
				Ok(None)
			},
		}
	}

	/// Encrypts and uploads files, some at the same time. In the order of the files.
	pub(crate) async fn stage_all(
		&self,
		files: &[NewFile],
		target: &Target,
		progress: &Progress,
	) -> Result<Vec<Staged>> {
		let together = Together::of(files, progress);
		let place =
			Place { patient: target.info.id, epoch: target.epoch, vault: target.info.hospital };
		stream::iter(files.iter().enumerate().map(|(number, file)| {
			let progress = together.part(number);
			async move {
				let (plaintext, headers) = (Plaintext::File(file.path.clone()), &file.headers);
				let (recipients, source) = (vec![target.key], source_of(number, file));
				self.stage(plaintext, headers.clone(), recipients, place, source, &progress).await
			}
		}))
		.buffered(AT_ONCE)
		.try_collect()
		.await
	}

	/// Concludes a call that names what was staged. Ciphertext stays here until the call is final and
	/// the vault has all of it; if the call failed, the vault is told to forget it; if one or the other
	/// is unknown, it stays in the outbox, for [`Client::settle_outbox`].
	pub(crate) async fn conclude_with(
		&self,
		call: &Call,
		mut staged: Vec<Staged>,
	) -> Result<Attempt> {
		// Named before anything is sent, so that it is kept even if this program or machine ends now.
		let until = self.chain().finalized().await?.number().saturating_add(INCLUDED_WITHIN);
		for one in &mut staged {
			let path = self.outbox.sent(one.patient, &one.document.digest, until);
			std::fs::rename(&one.path, &path).map_err(Error::file(&one.path))?;
			one.path = path;
		}
		match self.conclude(call).await {
			Ok(done) => {
				// Whatever the vault says now, the call has taken effect.
				for one in staged {
					let (vault, progress) = (one.document.vault, crate::vault::unwatched());
					match self.ensure_stored(vault, &one.upload(), &progress).await {
						Ok(_) => one.forget(),
						Err(why) => tracing::debug!("kept in the outbox: {why}"),
					}
				}
				Ok(Attempt::Done(done))
			},
			// The same command goes on with it when there is enough, or finality goes on.
			Err(
				why @ Error::Chain(
					chain::Error::AllowanceSpent { .. } | chain::Error::FinalityStopped(..),
				),
			) => {
				for one in staged {
					let _ = std::fs::rename(&one.path, &one.unnamed);
				}
				Err(why)
			},
			Err(why) if will_never_be(&why) => {
				stream::iter(staged)
					.for_each_concurrent(AT_ONCE, |one| async move {
						// What is not discarded is collected by the vault after a day.
						if let Ok(vault) = self.vault(one.document.vault).await {
							let _ = vault.discard(one.patient, one.document.digest).await;
						}
						one.forget();
					})
					.await;
				if why.is_refusal("StaleEpoch") {
					return Ok(Attempt::Stale);
				}
				Err(why)
			},
			Err(why) => Err(why),
		}
	}

	/// Uploads a file unless the vault has all of it. Whether it had to be.
	async fn ensure_stored(
		&self,
		vault: HospitalId,
		upload: &Upload<'_>,
		progress: &Progress,
	) -> Result<bool> {
		let vault = self.vault(vault).await?;
		if vault.has(upload).await? {
			return Ok(false);
		}
		vault.upload(upload, progress).await?;
		Ok(true)
	}

	/// How many files of a chart wait in the outbox.
	pub fn waiting(&self, patient: PatientId) -> Result<usize> {
		Ok(self.outbox.waiting(patient)?.len())
	}

	/// Looks after ciphertext whose transaction was not known to be final, or of which the vault could
	/// not be asked: what the chart names is uploaded again if the vault lacks it; what was never named
	/// and can't be any more is forgotten. A vault that can't be reached holds up its own files alone.
	pub async fn settle_outbox(&self, patient: PatientId, progress: &Progress) -> Result<Settled> {
		let mut settled = Settled::default();
		let waiting = self.outbox.waiting(patient)?;
		if waiting.is_empty() {
			return Ok(settled);
		}
		let at = self.chain().finalized().await?;
		let named = records::documents(&at, patient).await?;
		for Waiting { path, digest, until } in waiting {
			let forget = || std::fs::remove_file(&path).map_err(Error::file(&path));
			match named.iter().find(|document| document.digest == digest) {
				Some(document) => {
					let size = document.size;
					let upload = Upload { patient, file: &path, digest, size, prepared: false };
					match self.ensure_stored(document.vault, &upload, progress).await {
						Ok(sent) => {
							settled.sent += usize::from(sent);
							forget()?;
						},
						Err(why) => {
							settled.waiting += 1;
							settled.problem = Some(why);
						},
					}
				},
				None if at.number() > until => forget()?,
				None => settled.waiting += 1,
			}
		}
		Ok(settled)
	}
}

/// Blocks after the last final one within which a transaction that is signed next can come: its
/// lifetime, and what passes until it is signed.
const INCLUDED_WITHIN: u32 = LIFETIME as u32 + 600;

/// Whether the transaction is known to have had no effect, now and for ever.
pub(crate) fn will_never_be(why: &Error) -> bool {
	matches!(why, Error::Chain(why) if why.is_final())
}

/// What tells a file, as it is now and at this place of a command, from everything else; nothing if it
/// can't be told whether it has changed.
fn source_of(number: usize, file: &NewFile) -> Option<Source> {
	let path = std::fs::canonicalize(&file.path).ok()?;
	let found = std::fs::metadata(&path).ok()?;
	let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
	let Headers { title, media_type, file_name, written_at } = &file.headers;
	let mut hash = Sha256::new();
	for part in [
		path.as_os_str().as_encoded_bytes(),
		&found.len().to_le_bytes(),
		&changed.as_nanos().to_le_bytes(),
		&number.to_le_bytes(),
		title.as_bytes(),
		media_type.as_bytes(),
		file_name.as_deref().unwrap_or_default().as_bytes(),
		&written_at.unwrap_or_default().to_le_bytes(),
	] {
		hash.update(part.len().to_le_bytes());
		hash.update(part);
	}
	Some(hash.finalize().into())
}

/// What the chain has to keep of a file of ciphertext.
fn digested(path: &Path) -> Result<Sealed> {
	let mut file = File::open(path).map_err(Error::file(path))?;
	let mut digest = Digest::new();
	std::io::copy(&mut file, &mut digest).map_err(Error::file(path))?;
	Ok(digest.finish()?)
}

/// Does something that takes the processor or a disk for a while.
pub(crate) async fn blocking<T: Send + 'static>(
	about: &Path,
	work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
	tokio::task::spawn_blocking(work).await.map_err(|_| Error::File {
		path: about.to_owned(),
		why: std::io::Error::other("this was interrupted"),
	})?
}

/// What became of the outbox.
#[derive(Debug, Default)]
pub struct Settled {
	/// Files that the vault had lost, or had never got whole, and has now.
	pub sent: usize,
	/// Files that still wait.
	pub waiting: usize,
	/// Why a vault did not take one, if that is why it waits.
	pub problem: Option<Error>,
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
