//! Downloading ciphertext from a vault.

use super::{ATTEMPTS, Item, Progress, Vault, arriving::Arriving, is_passing, pause};
use crate::{Error, Result, vault};
use futures::StreamExt;
use medblock_crypto::{Digest, PEEK_LENGTH};
use medblock_platform::{Error as StorageError, files::File, http};
use medblock_primitives::{Document, PatientId};
use medblock_vault_protocol::{paths, ranges};
use reqwest::header::RANGE;
use std::io::Write;

impl Vault<'_> {
	/// The beginning of a document, which holds its title. The client compares it with the head that
	/// the chain names.
	///
	/// # Errors
	///
	/// [`vault::Error::WrongBytes`] if the bytes are another file's.
	pub async fn beginning(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
	) -> Result<Vec<u8>> {
		let length = document.size.min(PEEK_LENGTH);
		let range = ranges::header(&(0..length));
		let mut attempt = 0;
		loop {
			match self.fetch_beginning(patient, item, document, length, &range).await {
				Err(why) if is_passing(&why) && attempt + 1 < ATTEMPTS / 2 => {
					attempt += 1;
					pause(attempt).await;
				},
				outcome => return outcome,
			}
		}
	}

	async fn fetch_beginning(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		length: u64,
		range: &str,
	) -> Result<Vec<u8>> {
		let request = |http: &reqwest::Client, url| http.get(url).header(RANGE, range);
		let answer = self.send(request, &paths::document(patient, item)).await?;
		let mut bytes = Vec::new();
		let mut stream = http::pieces(answer);
		while let Some(piece) = stream.next().await {
			bytes.extend_from_slice(&piece.map_err(|why| self.server.unreachable(why))?);
			if bytes.len() as u64 > length {
				return Err(Error::Vault(vault::Error::WrongBytes(
					self.server.address.to_string(),
				)));
			}
		}
		let head = medblock_crypto::head_of(&bytes);
		if bytes.len() as u64 != length || head.ok() != Some(document.head) {
			return Err(Error::Vault(vault::Error::WrongBytes(self.server.address.to_string())));
		}
		Ok(bytes)
	}

	/// A whole document, into an empty file. Resumes after a lost connection. Every byte is compared with
	/// what the chain names.
	///
	/// # Errors
	///
	/// [`vault::Error::Refused`] with status 403 if access was lost, even in the middle;
	/// [`vault::Error::WrongBytes`] if the digest is another one.
	pub async fn download(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		file: &File,
		progress: &Progress,
	) -> Result<()> {
		self.download_to(patient, item, document, file, &Arriving::new(), progress).await
	}

	/// Like [`Self::download`], into a file that others may read while it grows. They learn from
	/// `arriving` how far it has grown. Its bytes are known to be the right ones only when this has
	/// returned.
	pub(crate) async fn download_to(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		file: &File,
		arriving: &Arriving,
		progress: &Progress,
	) -> Result<()> {
		let mut target = file.writer();
		let mut digest = Digest::new();
		let mut done = 0;
		let mut attempt = 0;
		while done < document.size {
			let before = done;
			let fetched = self
				.fetch(
					patient,
					item,
					document,
					&mut done,
					&mut |piece: &[u8]| {
						target
							.write_all(piece)
							.map_err(StorageError::cannot("write", "the ciphertext"))?;
						digest.update(piece);
						arriving.add(piece.len());
						Ok(())
					},
					progress,
				)
				.await;
			match fetched {
				Ok(()) => {},
				Err(why) if is_passing(&why) && attempt + 1 < ATTEMPTS => {},
				Err(why) => return Err(why),
			}
			attempt = if done > before { 0 } else { attempt + 1 };
			if attempt > 0 {
				if attempt >= ATTEMPTS {
					return Err(Error::Vault(vault::Error::Unreachable {
						url: self.server.address.to_string(),
						why: "no more bytes come".to_owned(),
					}));
				}
				pause(attempt).await;
			}
		}
		let found = digest.finish()?;
		if (found.digest, found.head, found.size) != (document.digest, document.head, document.size)
		{
			return Err(Error::Vault(vault::Error::WrongBytes(self.server.address.to_string())));
		}
		arriving.end();
		Ok(())
	}

	/// Sends one request for the bytes that are missing. The vault checks access again as it sends them.
	async fn fetch(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		done: &mut u64,
		keep: &mut impl FnMut(&[u8]) -> Result<()>,
		progress: &Progress,
	) -> Result<()> {
		let end = document.size;
		let range = ranges::header(&(*done..end));
		let request = |http: &reqwest::Client, url| http.get(url).header(RANGE, &range);
		let answer = self.send(request, &paths::document(patient, item)).await?;
		// Without ranges, the whole file would come again from the beginning.
		if *done > 0 && answer.status() != reqwest::StatusCode::PARTIAL_CONTENT {
			return Err(Error::Vault(vault::Error::WrongBytes(self.server.address.to_string())));
		}
		let mut stream = http::pieces(answer);
		while let Some(piece) = stream.next().await {
			let piece = piece.map_err(|why| self.server.unreachable(why))?;
			let so_far = done.saturating_add(piece.len() as u64);
			if so_far > end {
				return Err(Error::Vault(vault::Error::WrongBytes(
					self.server.address.to_string(),
				)));
			}
			keep(&piece)?;
			*done = so_far;
			progress(*done, document.size);
		}
		Ok(())
	}
}
