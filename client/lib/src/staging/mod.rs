//! Encrypting files and uploading them to a vault, before the chain names them.

mod copies;
mod going_on;
mod progress;
mod settling;

pub use copies::Repaired;
pub(crate) use going_on::recalled;
pub(crate) use settling::Attempt;
pub use settling::Settled;

use crate::{
	Result,
	chart::Target,
	client::{Client, Mode},
	outbox::{Source, begun::Work},
	records::AT_ONCE,
	vault::{Progress, Upload},
};
use futures::{StreamExt, TryStreamExt, stream};
use medblock_crypto::{Digest, Headers, IndexDigest, PublicKey as CryptoKey, Sealed};
use medblock_platform::{
	Error as StorageError, MaybeSend,
	files::{File, UserFile},
	tasks,
};
use medblock_primitives::*;
use progress::Together;
use sha2::{Digest as _, Sha256};
use std::io::{BufWriter, Write};

/// The number of bytes that are read, encrypted and written at a time.
const PIECE: usize = 256 * 1024;

/// A file for a new record.
#[derive(Clone, Debug)]
pub struct NewFile {
	/// The file.
	pub file: UserFile,
	/// Title, type, file name and date, which go inside the encryption.
	pub headers: Headers,
	/// The record to which this one is a note.
	pub in_reply_to: Option<RecordIndex>,
}

/// Ciphertext in flight: kept here until the chain names it and the vault has it.
pub(crate) struct Staged {
	/// Its name in the outbox.
	name: String,
	/// Its name until a transaction names it.
	unnamed: String,
	file: File,
	pub(crate) document: Document,
	patient: PatientId,
	prepared: bool,
}

impl Staged {
	fn upload(&self) -> Upload<'_> {
		Upload {
			patient: self.patient,
			file: &self.file,
			digest: self.document.digest,
			size: self.document.size,
			prepared: self.prepared,
		}
	}
}

/// The destination of ciphertext.
#[derive(Clone, Copy)]
pub(crate) struct Place {
	pub(crate) patient: PatientId,
	pub(crate) epoch: Epoch,
	pub(crate) vault: HospitalId,
}

impl Client {
	/// Encrypts under a fresh file key and uploads to a hospital's vault. If that fails, the
	/// ciphertext stays here, and the next attempt for the same source and epoch resumes with it. The
	/// source names the recipients, too.
	pub(crate) async fn stage(
		&self,
		plaintext: UserFile,
		headers: Headers,
		recipients: Vec<CryptoKey>,
		place: Place,
		source: Option<Source>,
		progress: &Progress,
	) -> Result<Staged> {
		let Place { patient, epoch, vault } = place;
		let (name, file, sealed) = match self.sealed_before(place, source).await? {
			Some(found) => found,
			None => {
				let scratch = self.outbox.scratch().await?;
				let file = scratch.file.clone();
				let target = file.clone();
				let sealed =
					blocking(move || seal(&plaintext, &headers, &recipients, &target)).await?;
				let source = source.unwrap_or(sealed.digest);
				let name = self.outbox.upload(patient, epoch, &source, &sealed.digest);
				self.outbox.keep(scratch, &name).await?;
				(name, file, sealed)
			},
		};
		let document =
			Document { digest: sealed.digest, head: sealed.head, size: sealed.size, vault };
		let prepared = self.mode == Mode::Prepare;
		let staged = Staged { unnamed: name.clone(), name, file, document, patient, prepared };
		self.vault(vault).await?.upload(&staged.upload(), progress).await?;
		Ok(staged)
	}

	/// The ciphertext of an earlier attempt, if every byte of it is still there.
	async fn sealed_before(
		&self,
		place: Place,
		source: Option<Source>,
	) -> Result<Option<(String, File, Sealed)>> {
		let Some(source) = source else { return Ok(None) };
		let found = self.outbox.encrypted(place.patient, place.epoch, &source).await?;
		let Some((name, digest)) = found else { return Ok(None) };
		let Some(file) = self.outbox.file(&name).await? else { return Ok(None) };
		let (of, about) = (file.clone(), name.clone());
		match blocking(move || digested(&of, &about)).await {
			Ok(sealed) if sealed.digest == digest => Ok(Some((name, file, sealed))),
			_ => {
				self.outbox.forget(&name).await?;
				Ok(None)
			},
		}
	}

	/// Encrypts and uploads files, some at the same time. Returns them in the order of the files. If they are a command's
	/// work, what is made of them outlives other commands meanwhile.
	pub(crate) async fn stage_all(
		&self,
		files: &[NewFile],
		target: &Target,
		work: Option<&mut Work>,
		progress: &Progress,
	) -> Result<Vec<Staged>> {
		let key = work.as_ref().map(|work| work.key);
		let source = |(number, file): (usize, &NewFile)| {
			let source = source_of(number, file, target.recipients)?;
			// Two commands that are at work on one file have ciphertext of their own.
			Some(key.map_or(source, |key| {
				Sha256::new().chain_update(key).chain_update(source).finalize().into()
			}))
		};
		let sources: Vec<Option<Source>> = files.iter().enumerate().map(source).collect();
		let staging = self.stage_each(files, &sources, target, progress);
		let Some(work) = work else { return staging.await };
		work.begun.encrypts(sources.iter().flatten().copied());
		self.outbox.note(&work.key, &work.begun).await?;
		self.outbox.renewing(work, staging).await
	}

	async fn stage_each(
		&self,
		files: &[NewFile],
		sources: &[Option<Source>],
		target: &Target,
		progress: &Progress,
	) -> Result<Vec<Staged>> {
		let together = Together::of(files, progress);
		let place =
			Place { patient: target.info.id, epoch: target.epoch, vault: target.info.vault };
		stream::iter(files.iter().zip(sources).enumerate().map(|(number, (file, source))| {
			let progress = together.part(number);
			async move {
				let (plaintext, headers) = (file.file.clone(), file.headers.clone());
				let recipients = target.keys.clone();
				self.stage(plaintext, headers, recipients, place, *source, &progress).await
			}
		}))
		.buffered(AT_ONCE)
		.try_collect()
		.await
	}
}

/// The identity of a file in its present state and at this place of a command, encrypted to these
/// doctors; nothing if the client can't tell whether the file has changed.
fn source_of(
	number: usize,
	file: &NewFile,
	recipients: Option<RecipientsDigest>,
) -> Option<Source> {
	let (place, length, changed) = file.file.version()?;
	let Headers { title, media_type, file_name, written_at } = &file.headers;
	let doctors = recipients.as_ref().map_or(&[][..], |digest| &digest[..]);
	let mut hash = Sha256::new();
	for part in [
		&place[..],
		&length.to_le_bytes(),
		&changed.to_le_bytes(),
		&(number as u64).to_le_bytes(),
		title.as_bytes(),
		media_type.as_bytes(),
		file_name.as_deref().unwrap_or_default().as_bytes(),
		&written_at.unwrap_or_default().to_le_bytes(),
		// Without this, ciphertext for a doctor who has since lost access would be used again.
		doctors,
	] {
		hash.update((part.len() as u64).to_le_bytes());
		hash.update(part);
	}
	Some(hash.finalize().into())
}

/// The chain's facts about a file of ciphertext.
fn digested(file: &File, name: &str) -> Result<Sealed> {
	let mut digest = Digest::new();
	std::io::copy(&mut file.reader(), &mut digest).map_err(StorageError::cannot("read", name))?;
	Ok(digest.finish()?)
}

/// Runs work that keeps the processor or a disk busy for a while.
async fn blocking<T: MaybeSend + 'static>(
	work: impl FnOnce() -> Result<T> + MaybeSend + 'static,
) -> Result<T> {
	tasks::blocking(work).await.map_err(StorageError::cannot("finish", "this"))?
}

fn seal(
	plaintext: &UserFile,
	headers: &Headers,
	recipients: &[CryptoKey],
	target: &File,
) -> Result<Sealed> {
	let failed = || StorageError::cannot("read", plaintext.place());
	let (length, body) = plaintext.open().map_err(failed())?;
	let mut target = BufWriter::with_capacity(PIECE, target.writer());
	let sealed = match plaintext.index() {
		None => medblock_crypto::encrypt(recipients, headers, body, length, &mut target)?,
		Some(index) => {
			let index: IndexDigest = Sha256::digest(index).into();
			medblock_crypto::encrypt_indexed(
				recipients,
				headers,
				&index,
				body,
				length,
				&mut target,
			)?
		},
	};
	target.flush().map_err(medblock_crypto::Error::Writing)?;
	Ok(sealed)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		records::packed::{Found, PACKED_TYPE, pack},
		vault::unwatched,
	};

	/// Ciphertext of an earlier attempt is found by its source. A doctor who could open that attempt may have lost
	/// access since.
	#[test]
	fn ciphertext_for_other_doctors_is_not_used_again() {
		let headers = Headers {
			title: "note".to_owned(),
			media_type: "text/plain".to_owned(),
			file_name: None,
			written_at: None,
		};
		let folder = tempfile::tempdir().expect("a folder");
		let path = folder.path().join("note.txt");
		std::fs::write(&path, "no finding").expect("a file");
		let file = NewFile { file: UserFile::Given(path), headers, in_reply_to: None };
		let source = |recipients| source_of(0, &file, recipients).expect("its state is known");
		assert_eq!(source(None), source(None));
		assert_eq!(source(Some([1; 16])), source(Some([1; 16])));
		assert_ne!(source(None), source(Some([1; 16])));
		assert_ne!(source(Some([1; 16])), source(Some([2; 16])));
		assert_ne!(source(None), source(Some([0; 16])));
	}

	/// A folder as one record is packed anew by the same command, which goes on with what an interrupted one has made.
	#[tokio::test]
	async fn folder_is_known_again_until_a_file_in_it_changes() {
		let folder = tempfile::tempdir().expect("a folder");
		let place = folder.path().join("note.txt");
		let source = async || {
			let (path, file) = ("a/note.txt".to_owned(), UserFile::Given(place.clone()));
			let found = vec![Found { path, file, written_at: None }];
			let file = pack("folder".to_owned(), found, &unwatched()).await.expect("it is read");
			let headers = Headers {
				title: "folder".to_owned(),
				media_type: PACKED_TYPE.to_owned(),
				file_name: None,
				written_at: None,
			};
			source_of(0, &NewFile { file, headers, in_reply_to: None }, None).expect("it is known")
		};
		std::fs::write(&place, "no finding").expect("a file");
		let before = source().await;
		assert_eq!(source().await, before);
		std::fs::write(&place, "a finding").expect("a file");
		assert_ne!(source().await, before);
	}
}
