//! Putting ciphertext into a vault, and going on where a lost connection left off.

use super::{ATTEMPTS, Progress, Vault, describe, pause};
use crate::{Error, Result};
use futures::StreamExt;
use medblock_primitives::PatientId;
use reqwest::StatusCode;
use std::{io::SeekFrom, path::Path};
use tokio::{
	fs::File,
	io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

/// Bytes that are read and sent at a time.
const PIECE: usize = 256 * 1024;

/// Something to upload.
pub struct Upload<'a> {
	/// Into whose chart.
	pub patient: PatientId,
	/// The ciphertext.
	pub file: &'a Path,
	/// Its SHA-256.
	pub digest: [u8; 32],
	/// Its length.
	pub size: u64,
	/// Whether the transaction that names it is signed elsewhere, perhaps days later.
	pub prepared: bool,
}

impl Upload<'_> {
	fn path(&self) -> String {
		format!("v1/patients/{}/uploads/{}", self.patient.0, hex::encode(self.digest))
	}
}

impl Vault<'_> {
	/// Uploads a file, unless the vault has it from this account already. When this returns, the
	/// vault has every byte on its disk.
	///
	/// # Errors
	///
	/// [`Error::VaultUnreachable`] after several attempts; what arrived stays there for the next.
	pub async fn upload(&self, upload: &Upload<'_>, progress: &Progress) -> Result<()> {
		let mut attempt = 0;
		let (mut furthest, mut offset) = (0, 0);
		let mut was_damaged = false;
		loop {
			let problem = match self.upload_rest(upload, &mut offset, progress).await {
				Ok(true) => return Ok(()),
				// The connection ended before the vault had all of it.
				Ok(false) => None,
				Err(why @ Error::VaultUnreachable { .. }) => Some(why),
				// Another connection of ours holds it, or the vault is busy or catching up.
				Err(why @ Error::VaultRefused { status: 408 | 409 | 429 | 503, .. }) => Some(why),
				// What it had before its machine lost power may be other bytes than were sent. It has
				// thrown them away, so that all is sent again.
				Err(why @ Error::VaultRefused { status: 422, .. }) if !was_damaged => {
					was_damaged = true;
					Some(why)
				},
				Err(why) => return Err(why),
			};
			// Patience is for a vault that gets no further.
			attempt = if offset > furthest { 1 } else { attempt + 1 };
			furthest = furthest.max(offset);
			if attempt >= ATTEMPTS {
				return Err(problem.unwrap_or_else(|| Error::VaultUnreachable {
					url: self.url.to_string(),
					why: "the connection keeps ending early".to_owned(),
				}));
			}
			pause(attempt).await;
		}
	}

	/// One attempt; whether it is complete. Sets `offset` to how much the vault had before.
	async fn upload_rest(
		&self,
		upload: &Upload<'_>,
		offset: &mut u64,
		progress: &Progress,
	) -> Result<bool> {
		*offset = match self.uploaded(upload).await? {
			Some(state) if state.complete => {
				progress(upload.size, upload.size);
				return Ok(true);
			},
			Some(state) => state.offset.min(upload.size),
			None => 0,
		};
		let offset = *offset;
		let token = self.token(false).await?;
		let mut file = File::open(upload.file).await.map_err(Error::file(upload.file))?;
		file.seek(SeekFrom::Start(offset)).await.map_err(Error::file(upload.file))?;
		let rest = upload.size.saturating_sub(offset);
		let (watched, total, mut done) = (progress.clone(), upload.size, offset);
		let body = ReaderStream::with_capacity(file.take(rest), PIECE).inspect(move |piece| {
			if let Ok(piece) = piece {
				done = done.saturating_add(piece.len() as u64);
				watched(done, total);
			}
		});
		let mut request = self
			.vaults
			.http
			.patch(self.at(&upload.path())?)
			.bearer_auth(token)
			.header("Upload-Offset", offset)
			.header("Upload-Length", upload.size)
			.header("Content-Length", rest)
			.header("Content-Type", "application/partial-upload");
		if upload.prepared {
			request = request.header("Prepared", "?1");
		}
		let answer = request
			.body(reqwest::Body::wrap_stream(body))
			.send()
			.await
			.map_err(|why| self.unreachable(why))?;
		let answer = self.checked(answer).await?;
		Ok(answer.status() == StatusCode::CREATED)
	}

	/// How far an upload of this account is.
	async fn uploaded(&self, upload: &Upload<'_>) -> Result<Option<State>> {
		let answer = match self.send(|http, url| http.head(url), &upload.path()).await {
			Err(Error::VaultRefused { status: 404, .. }) => return Ok(None),
			other => other?,
		};
		let header = |name: &str| {
			answer.headers().get(name).and_then(|value| value.to_str().ok().map(str::to_owned))
		};
		Ok(Some(State {
			offset: header("Upload-Offset").and_then(|text| text.parse().ok()).unwrap_or(0),
			complete: header("Upload-Complete").as_deref() == Some("?1"),
		}))
	}

	/// Whether the vault has all of it.
	pub async fn has(&self, upload: &Upload<'_>) -> Result<bool> {
		Ok(self.uploaded(upload).await?.is_some_and(|state| state.complete))
	}

	/// Takes back an upload that nothing on the chain names. That it isn't there is as good.
	pub async fn discard(&self, patient: PatientId, digest: [u8; 32]) -> Result<()> {
		let path = format!("v1/patients/{}/uploads/{}", patient.0, hex::encode(digest));
		match self.send(|http, url| http.delete(url), &path).await {
			Ok(_) | Err(Error::VaultRefused { status: 404, .. }) => Ok(()),
			Err(why) => {
				tracing::debug!("an upload was not discarded: {}", describe(&why));
				Err(why)
			},
		}
	}
}

struct State {
	offset: u64,
	complete: bool,
}
