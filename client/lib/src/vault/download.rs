//! Downloading ciphertext from a vault.

use super::{ATTEMPTS, Item, Progress, Reading, Vault, arriving::Arriving, is_passing};
use crate::{Error, Result, vault};
use futures::StreamExt;
use medblock_crypto::{Digest, USUAL_PEEK_LENGTH, head_of, peek_length};
use medblock_platform::{Error as StorageError, files::File, http};
use medblock_primitives::{Document, PatientId};
use medblock_vault_protocol::{paths, ranges};
use reqwest::header::RANGE;
use std::{io::Write, ops::Range};

impl Vault<'_> {
	/// The beginning of a document, which holds its title: in two pieces, if the header is long. The
	/// client compares it with the head that the chain names.
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
		let wrong = |_| Error::Vault(vault::Error::WrongBytes(self.server.address.to_string()));
		let usual = document.size.min(USUAL_PEEK_LENGTH);
		let reading = Reading::of(patient, item, document);
		let mut bytes = self.piece(patient, item, &reading, 0..usual).await?;
		let needed = peek_length(&bytes).map_err(wrong)?.min(document.size);
		if needed > usual {
			bytes.extend(self.piece(patient, item, &reading, usual..needed).await?);
		}
		match head_of(&bytes).map_err(wrong)? == document.head {
			true => Ok(bytes),
			false => Err(Error::Vault(vault::Error::WrongBytes(self.server.address.to_string()))),
		}
	}

	/// Some bytes of a document, exactly as many as asked for. They are not compared with anything.
	pub(crate) async fn part(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		range: Range<u64>,
	) -> Result<Vec<u8>> {
		self.piece(patient, item, &Reading::of(patient, item, document), range).await
	}

	/// Some bytes of a document, exactly as many as asked for.
	async fn piece(
		&self,
		patient: PatientId,
		item: Item,
		reading: &Reading,
		range: Range<u64>,
	) -> Result<Vec<u8>> {
		let mut attempt = 0;
		loop {
			match self.fetch_piece(patient, item, reading, &range).await {
				Err(why)
					if is_passing(&why)
						&& attempt + 1 < self.server.patience.attempts(ATTEMPTS / 2) =>
				{
					attempt += 1;
					self.wait(attempt, Some(&why)).await;
				},
				outcome => return outcome,
			}
		}
	}

	async fn fetch_piece(
		&self,
		patient: PatientId,
		item: Item,
		reading: &Reading,
		range: &Range<u64>,
	) -> Result<Vec<u8>> {
		let wrong = || Error::Vault(vault::Error::WrongBytes(self.server.address.to_string()));
		let length = range.end.saturating_sub(range.start);
		let header = ranges::header(range);
		let request = |http: &reqwest::Client, url| http.get(url).header(RANGE, &header);
		let path = paths::document(patient, item);
		let (answer, mut came) = self.send_to(request, &path, reading, range.start).await?;
		// Without ranges, the file would come from its beginning.
		if range.start > 0 && answer.status() != reqwest::StatusCode::PARTIAL_CONTENT {
			return Err(wrong());
		}
		let mut bytes = Vec::new();
		let mut stream = http::pieces(answer);
		while let Some(piece) = stream.next().await {
			let piece = piece.map_err(|why| self.server.unreachable(why))?;
			came.add(piece.len());
			bytes.extend_from_slice(&piece);
			if bytes.len() as u64 > length {
				return Err(wrong());
			}
		}
		match bytes.len() as u64 == length {
			true => Ok(bytes),
			false => Err(wrong()),
		}
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
			let problem = match fetched {
				Ok(()) => None,
				Err(why) if is_passing(&why) => Some(why),
				Err(why) => return Err(why),
			};
			attempt = if done > before { 0 } else { attempt + 1 };
			// Another vault would begin anew.
			let most = match done {
				0 => self.server.patience.attempts(ATTEMPTS),
				_ => ATTEMPTS,
			};
			if attempt >= most {
				return Err(problem.unwrap_or_else(|| self.server.strange("no more bytes come")));
			}
			if attempt > 0 {
				self.wait(attempt, problem.as_ref()).await;
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
		let reading = Reading::of(patient, item, document);
		let path = paths::document(patient, item);
		let (answer, mut came) = self.send_to(request, &path, &reading, *done).await?;
		// Without ranges, the whole file would come again from the beginning.
		if *done > 0 && answer.status() != reqwest::StatusCode::PARTIAL_CONTENT {
			return Err(Error::Vault(vault::Error::WrongBytes(self.server.address.to_string())));
		}
		let mut stream = http::pieces(answer);
		while let Some(piece) = stream.next().await {
			let piece = piece.map_err(|why| self.server.unreachable(why))?;
			came.add(piece.len());
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
