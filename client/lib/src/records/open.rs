//! Opening a record: fetched, verified and decrypted.

use super::Title;
use crate::{
	Error, Result, access,
	chart::Opener,
	client::Client,
	records,
	vault::{Arriving, Follower, Item, Progress},
};
use medblock_crypto::{Error as CryptoError, Headers, Key};
use medblock_primitives::*;
use std::{
	io::{BufReader, Read, Write},
	path::Path,
};
use tempfile::NamedTempFile;

/// Bytes that are decrypted at a time.
const PIECE: usize = 256 * 1024;

/// A record that was fetched, verified and decrypted.
#[derive(Debug)]
pub struct Opened {
	/// What it says of itself.
	pub title: Title,
	/// The content, in a temporary file.
	pub file: NamedTempFile,
	/// Its length in bytes.
	pub length: u64,
}

impl Client {
	/// Fetches a record, verifies it and decrypts it into a temporary file in `folder`.
	///
	/// # Errors
	///
	/// Why it can't be seen ([`access::Error::Denied`], [`access::Error::AwaitingPatient`], [`records::Error::Withdrawn`]), or
	/// what is wrong with what came; nothing is left behind then.
	pub async fn open(
		&self,
		patient: PatientId,
		index: RecordIndex,
		folder: &Path,
		progress: &Progress,
	) -> Result<Opened> {
		let at = self.chain().finalized().await?;
		let opener = self.opener(&at, patient).await?;
		let record = at
			.record(patient, index)
			.await?
			.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let document = record.document.ok_or(Error::Record(records::Error::Withdrawn(index)))?;
		if let Opener::Shared(keys) = &opener {
			if !keys.contains_key(&index) {
				return Err(Error::Access(access::Error::Denied(Denied::RecordNotShared)));
			}
		}
		if !opener.may_open(index, record.sealed_to) {
			return Err(Error::Access(access::Error::AwaitingPatient));
		}
		let vault = self.vault(document.vault).await?;
		let mut ciphertext = NamedTempFile::new_in(folder).map_err(Error::file(folder))?;
		let arriving = Arriving::new();
		let (follower, path) = (arriving.follower(), ciphertext.path().to_owned());
		let target = folder.to_owned();
		// Decrypted as it comes, and given to nobody before all of it is known to be right.
		let decrypting = tokio::task::spawn_blocking(move || {
			let open = |key: Key<'_>| decrypt(key, &follower, &path, &target);
			opener.with_key(index, record.sealed_to, open)
		});
		let item = Item::Record(index);
		let fetched =
			vault.download_to(patient, item, &document, &mut ciphertext, &arriving, progress).await;
		drop(arriving);
		let decrypted = decrypting.await.map_err(|_| Error::File {
			path: folder.to_owned(),
			why: std::io::Error::other("decrypting was interrupted"),
		})?;
		fetched?;
		let ((headers, file, length), really_sealed_to) = decrypted?;
		Ok(Opened { title: Title { headers, really_sealed_to }, file, length })
	}
}

/// Decrypts a file that is arriving into a temporary file, which is gone again if anything is wrong.
fn decrypt(
	key: Key<'_>,
	arriving: &Follower,
	path: &Path,
	folder: &Path,
) -> std::result::Result<(Headers, NamedTempFile, u64), CryptoError> {
	let input = arriving.open(path).map_err(CryptoError::Reading)?;
	let input = BufReader::with_capacity(PIECE, input);
	let (headers, mut body) = medblock_crypto::open(key, input)?;
	let mut file = NamedTempFile::new_in(folder).map_err(CryptoError::Writing)?;
	let mut piece = zeroize::Zeroizing::new(vec![0; PIECE]);
	let mut length = 0u64;
	loop {
		match body.read(&mut piece).map_err(CryptoError::from_read)? {
			0 => break,
			some => {
				file.write_all(&piece[..some]).map_err(CryptoError::Writing)?;
				length = length.saturating_add(some as u64);
			},
		}
	}
	file.as_file().sync_all().map_err(CryptoError::Writing)?;
	Ok((headers, file, length))
}
