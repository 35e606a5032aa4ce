//! Opening a record: the client fetches, verifies and decrypts it.

use super::Title;
use crate::{
	Error, Result, access,
	chart::Opener,
	client::Client,
	records,
	vault::{Arriving, Follower, Item, Place, Progress},
};
use medblock_crypto::{Error as CryptoError, Headers, Key};
use medblock_platform::{
	Error as StorageError, Files,
	files::{File, Scratch},
	tasks,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::RecordInfo;
use std::{
	io::{self, BufReader, ErrorKind, Read, Write},
	sync::Arc,
};

/// The number of bytes that are decrypted at a time.
const PIECE: usize = 256 * 1024;

/// A record that was downloaded, verified and decrypted.
pub struct Opened {
	/// The record's own description.
	pub title: Title,
	/// The content.
	pub content: Scratch,
	/// Its length in bytes.
	pub length: u64,
}

/// A record that the reader may open.
struct Wanted {
	patient: PatientId,
	index: RecordIndex,
	sealed_to: Epoch,
	document: Document,
	opener: Arc<Opener>,
}

/// A record that the reader may open, and what opens it.
pub(super) struct Readable {
	pub(super) index: RecordIndex,
	pub(super) sealed_to: Epoch,
	pub(super) document: Document,
	pub(super) vaults: Vaults,
	pub(super) opener: Arc<Opener>,
}

/// The record, if it is there and the reader may open it.
pub(super) fn readable(info: RecordInfo, opener: Arc<Opener>) -> Result<Readable> {
	let RecordInfo { index, record, vaults } = info;
	let sealed_to = record.sealed_to;
	let kept = record.document.zip(vaults);
	let (document, vaults) = kept.ok_or(Error::Record(records::Error::Withdrawn(index)))?;
	if let Opener::Shared(keys) = &*opener
		&& !keys.contains_key(&index)
	{
		return Err(Error::Access(access::Error::Denied(Denied::RecordNotShared)));
	}
	if !opener.may_open(index, sealed_to) {
		return Err(Error::Access(access::Error::AwaitingPatient));
	}
	Ok(Readable { index, sealed_to, document, vaults, opener })
}

impl Client {
	/// Downloads a record, verifies it and decrypts it into a scratch file of `target`.
	///
	/// # Errors
	///
	/// The reason why the account can't see it ([`access::Error`], [`records::Error::Withdrawn`]),
	/// or the defect of the bytes that came. Nothing is left behind then.
	pub async fn open(
		&self,
		patient: PatientId,
		index: RecordIndex,
		target: &dyn Files,
		progress: &Progress,
	) -> Result<Opened> {
		self.open_between(patient, index, (target, target), progress).await
	}

	/// Like [`Client::open`], with the ciphertext in a scratch file of one storage, and the content
	/// in one of another: plaintext may have to stay in memory.
	pub async fn open_between(
		&self,
		patient: PatientId,
		index: RecordIndex,
		storages: (&dyn Files, &dyn Files),
		progress: &Progress,
	) -> Result<Opened> {
		let at = self.chain().finalized().await?;
		let opener = Arc::new(self.reading_opener(&at, patient).await?);
		let info = at
			.record_info(patient, index)
			.await?
			.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		self.open_named(patient, readable(info, opener)?, storages, progress).await
	}

	/// Downloads, verifies and decrypts a record that the reader may open.
	pub(super) async fn open_named(
		&self,
		patient: PatientId,
		record: Readable,
		storages: (&dyn Files, &dyn Files),
		progress: &Progress,
	) -> Result<Opened> {
		let Readable { index, sealed_to, document, vaults, opener } = record;
		let item = Item::Record(index);
		ensure_room(storages, document.size)?;
		if opener.needs_own_key(index, sealed_to) {
			// This check comes before gigabytes are fetched that do not open.
			let beginning = self.fetch_beginning(patient, item, &document, &vaults).await?;
			let peek = |key: Key<'_>| medblock_crypto::peek(key, &beginning);
			opener.with_key(index, sealed_to, peek)?;
		}
		let wanted = Wanted { patient, index, sealed_to, document, opener };
		let mut places = self.places(&vaults);
		loop {
			match self.open_at(places.now(), &wanted, storages, progress).await {
				Ok(opened) => {
					places.answered();
					return Ok(opened);
				},
				Err(why) => places.go_on(why)?,
			}
		}
	}

	/// The record, from one of its vaults.
	async fn open_at(
		&self,
		place: Place,
		wanted: &Wanted,
		(from, target): (&dyn Files, &dyn Files),
		progress: &Progress,
	) -> Result<Opened> {
		let Wanted { patient, index, sealed_to, document, opener } = wanted;
		let (patient, index, sealed_to) = (*patient, *index, *sealed_to);
		let (vault, opener) = (self.vault_at(place).await?, opener.clone());
		let (ciphertext, content) = (from.scratch("").await?, target.scratch("").await?);
		let arriving = Arriving::new();
		let (follower, from, to) =
			(arriving.follower(), ciphertext.file.clone(), content.file.clone());
		// With threads, decryption runs while bytes arrive. The caller gets the content only after
		// all of it has been verified.
		let decrypting = tasks::blocking(move || {
			let open = |key: Key<'_>| decrypt(key, &follower, &from, &to);
			opener.with_key(index, sealed_to, open)
		});
		let (item, to) = (Item::Record(index), &ciphertext.file);
		let fetched = vault.download_to(patient, item, document, to, &arriving, progress).await;
		drop(arriving);
		self.keep_receipts().await;
		let decrypted = decrypting.await.map_err(StorageError::cannot("decrypt", "the record"))?;
		fetched?;
		let ((headers, length), really_sealed_to) = decrypted?;
		Ok(Opened { title: Title { headers, really_sealed_to }, content, length })
	}
}

/// Fails if there is no room for a record: fetching it would be written down as a disclosure, and fail.
fn ensure_room((from, target): (&dyn Files, &dyn Files), size: u64) -> Result<()> {
	// Both files lie there for a while.
	let needed = if std::ptr::addr_eq(from, target) { size.saturating_mul(2) } else { size };
	for files in [from, target] {
		if files.room().is_some_and(|room| room < needed) {
			let why = io::Error::new(
				ErrorKind::StorageFull,
				format!("there is no room for the record: it takes {needed} bytes"),
			);
			return Err(StorageError::cannot("write into", files.place(""))(why).into());
		}
	}
	Ok(())
}

/// Decrypts a file while it arrives.
fn decrypt(
	key: Key<'_>,
	arriving: &Follower,
	from: &File,
	to: &File,
) -> std::result::Result<(Headers, u64), CryptoError> {
	let input = BufReader::with_capacity(PIECE, arriving.follow(from));
	let (headers, mut body) = medblock_crypto::open(key, input)?;
	let mut target = to.writer();
	let mut piece = zeroize::Zeroizing::new(vec![0; PIECE]);
	let mut length = 0u64;
	loop {
		match body.read(&mut piece).map_err(CryptoError::from_read)? {
			0 => break,
			some => {
				target.write_all(&piece[..some]).map_err(CryptoError::Writing)?;
				length = length.saturating_add(some as u64);
			},
		}
	}
	to.sync().map_err(CryptoError::Writing)?;
	Ok((headers, length))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_platform::{Folder, Memory};

	#[test]
	fn record_for_which_there_is_no_room_is_refused() {
		let home = tempfile::tempdir().unwrap();
		let (folder, memory) = (Folder::new(home.path()), Memory::new());
		ensure_room((&folder, &folder), 1).unwrap();
		// How much memory there is, is not known.
		ensure_room((&memory, &memory), u64::MAX).unwrap();
		for storages in [(&folder as &dyn Files, &folder as &dyn Files), (&memory, &folder)] {
			let refused = ensure_room(storages, u64::MAX).unwrap_err();
			let Error::File(why) = &refused else { panic!("{refused}") };
			assert_eq!(why.why.kind(), ErrorKind::StorageFull);
		}
		let room = folder.room().unwrap();
		assert!(ensure_room((&folder, &folder), room / 4 * 3).is_err(), "it lies there twice");
	}
}
