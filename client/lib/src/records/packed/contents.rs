//! The files inside a record, listed and fetched without the rest of it.

use super::{Member, Sums, zip};
use crate::{
	Error, Result,
	client::Client,
	records::{
		self, Title,
		open::{Readable, readable},
	},
	vault::{self, Item, Progress, Vault},
};
use medblock_crypto::{Error as CryptoError, IndexDigest, Key, Parts, peek, peek_index};
use medblock_platform::{Error as StorageError, Files, files::Scratch};
use medblock_primitives::{PatientId, RecordIndex};
use sha2::{Digest as _, Sha256};
use std::{io::Write, ops::Range, sync::Arc};
use zeroize::Zeroizing;

/// The most bytes of a file that one request asks for: they pass through memory.
const AT_ONCE: u64 = 8 * 1024 * 1024;

/// The files inside one record.
pub struct Contents<'a> {
	/// The record's own description.
	pub title: Title,
	client: &'a Client,
	place: Inside,
	/// Where the container begins in the plaintext.
	base: u64,
	members: Vec<Member>,
}

/// A record, and what opens parts of it.
struct Inside {
	patient: PatientId,
	record: Readable,
	parts: Parts,
}

impl Client {
	/// The files inside a record, from its beginning and its end. Nothing if it has no index.
	///
	/// # Errors
	///
	/// As of [`Client::open`]; [`vault::Error::WrongBytes`] if the index is not the one whose digest the record's beginning
	/// names.
	pub async fn contents(
		&self,
		patient: PatientId,
		index: RecordIndex,
	) -> Result<Option<Contents<'_>>> {
		let at = self.chain().finalized().await?;
		let opener = Arc::new(self.reading_opener(&at, patient).await?);
		let info = at
			.record_info(patient, index)
			.await?
			.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let record = readable(info, opener)?;
		let (document, item) = (&record.document, Item::Record(index));
		let beginning = self.fetch_beginning(patient, item, document, &record.vaults).await?;
		let look = |key: Key<'_>| -> std::result::Result<_, CryptoError> {
			let headers = peek(key, &beginning)?;
			let digest = peek_index(key, &beginning)?;
			Ok((headers, digest, Parts::new(key, &beginning, document.size)?))
		};
		let ((headers, digest, parts), really_sealed_to) =
			record.opener.with_key(index, record.sealed_to, look)?;
		let Some(digest) = digest else { return Ok(None) };
		let title = Title { headers, really_sealed_to };
		let place = Inside { patient, record, parts };
		let (members, whole) = self.index_of(&place, &digest).await?;
		let base = place.parts.length().checked_sub(whole).ok_or(CryptoError::Damaged)?;
		Ok(Some(Contents { title, client: self, place, base, members }))
	}

	/// A record's index, and the length of the container that it ends, from the first of its vaults that gives it out.
	async fn index_of(&self, of: &Inside, digest: &IndexDigest) -> Result<(Vec<Member>, u64)> {
		let mut places = self.places(&of.record.vaults);
		loop {
			let place = places.now();
			let asking = async { of.index_at(&self.vault_at(place).await?, digest).await };
			let outcome = asking.await;
			self.keep_receipts().await;
			match outcome {
				Ok(found) => {
					places.answered();
					return Ok(found);
				},
				Err(why) => places.go_on(why)?,
			}
		}
	}
}

impl Contents<'_> {
	/// The files, in their order.
	pub fn members(&self) -> &[Member] {
		&self.members
	}

	/// Fetches one of the files, verifies it and decrypts it into a scratch file of `target`.
	///
	/// # Errors
	///
	/// As of [`Client::open`].
	pub async fn open(
		&self,
		member: &Member,
		target: &dyn Files,
		progress: &Progress,
	) -> Result<Scratch> {
		let mut places = self.client.places(&self.place.record.vaults);
		loop {
			let (place, scratch) = (places.now(), target.scratch("").await?);
			let asking = async {
				let vault = self.client.vault_at(place).await?;
				self.open_at(&vault, member, &scratch, progress).await
			};
			let outcome = asking.await;
			self.client.keep_receipts().await;
			match outcome {
				Ok(()) => {
					places.answered();
					return Ok(scratch);
				},
				Err(why) => places.go_on(why)?,
			}
		}
	}

	async fn open_at(
		&self,
		vault: &Vault<'_>,
		member: &Member,
		scratch: &Scratch,
		progress: &Progress,
	) -> Result<()> {
		let from = self.base.saturating_add(member.at);
		let end = from.saturating_add(member.length);
		let (mut writer, mut sums, mut at) = (scratch.file.writer(), Sums::default(), from);
		while at < end {
			let to = at.saturating_add(AT_ONCE).min(end);
			let bytes = self.place.plain(vault, &(at..to)).await?;
			sums.take(&bytes);
			writer.write_all(&bytes).map_err(StorageError::cannot("write", "the content"))?;
			at = to;
			progress(at.saturating_sub(from), member.length);
		}
		match sums.are_of(member) {
			true => Ok(()),
			false => Err(wrong(vault)),
		}
	}
}

impl Inside {
	/// The index, as this vault has it, once it has the digest.
	async fn index_at(
		&self,
		vault: &Vault<'_>,
		digest: &IndexDigest,
	) -> Result<(Vec<Member>, u64)> {
		let length = self.parts.length();
		let end = self.plain(vault, &(length.saturating_sub(zip::ENDING)..length)).await?;
		let index_length = zip::index_length(&end).map_err(|_| wrong(vault))?;
		let from = length.checked_sub(index_length).ok_or_else(|| wrong(vault))?;
		let index = self.plain(vault, &(from..length)).await?;
		let found: IndexDigest = Sha256::digest(&*index).into();
		if found != *digest {
			return Err(wrong(vault));
		}
		// It is its author's own index: no other vault has another.
		Ok(zip::read_index(&index).map_err(|_| CryptoError::Damaged)?)
	}

	/// A part of the plaintext. Every holder of the record's key could have made it.
	async fn plain(&self, vault: &Vault<'_>, part: &Range<u64>) -> Result<Zeroizing<Vec<u8>>> {
		let held = self.parts.holding(part).ok_or(CryptoError::Damaged)?;
		let Readable { index, document, .. } = &self.record;
		let bytes = vault.part(self.patient, Item::Record(*index), document, held).await?;
		self.parts.open(part, &bytes).map_err(|_| wrong(vault))
	}
}

fn wrong(vault: &Vault<'_>) -> Error {
	vault::Error::WrongBytes(vault.url().to_string()).into()
}
