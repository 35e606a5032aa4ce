//! Uploading ciphertext to a vault, and resuming after a lost connection.

use super::{ATTEMPTS, NO_VAULT, Progress, Vault, is_passing, pause, status_of};
use crate::{Error, Result, vault};
use medblock_platform::{
	Error as StorageError,
	files::File,
	http::{self, LONGEST_BODY},
};
use medblock_primitives::PatientId;
use medblock_vault_protocol::{UploadState, headers, paths};
use reqwest::{
	StatusCode,
	header::{CONTENT_LENGTH, CONTENT_TYPE},
};

/// A file to upload.
pub struct Upload<'a> {
	/// The patient whose chart it is for.
	pub patient: PatientId,
	/// The ciphertext.
	pub file: &'a File,
	/// The ciphertext's SHA-256.
	pub digest: [u8; 32],
	/// The ciphertext's length in bytes.
	pub size: u64,
	/// Whether the transaction that names it is signed elsewhere, perhaps days later.
	pub prepared: bool,
}

impl Upload<'_> {
	fn path(&self) -> String {
		paths::upload(self.patient, &self.digest)
	}
}

impl Vault<'_> {
	/// Uploads a file, unless the vault has it from this account already. When this returns, every byte is
	/// on the vault's disk.
	///
	/// # Errors
	///
	/// [`vault::Error::Unreachable`] after several attempts; what arrived stays there for the next.
	pub async fn upload(&self, upload: &Upload<'_>, progress: &Progress) -> Result<()> {
		let mut attempt = 0;
		let (mut furthest, mut offset) = (0, 0);
		let mut was_damaged = false;
		loop {
			let problem = match self.upload_rest(upload, &mut offset, progress).await {
				Ok(true) => return Ok(()),
				// The connection ended before the vault had all of it.
				Ok(false) => None,
				Err(why) if is_passing(&why) => Some(why),
				// Another connection of this account sends it, or has sent more of it.
				Err(why) if status_of(&why) == Some(409) => Some(why),
				// After a power failure the vault may have other bytes than were sent. It has discarded
				// them, so that all are sent again.
				Err(why) if status_of(&why) == Some(422) && !was_damaged => {
					was_damaged = true;
					Some(why)
				},
				Err(why) => return Err(why),
			};
			// Patience is for a vault that gets no further.
			attempt = if offset > furthest { 1 } else { attempt + 1 };
			furthest = furthest.max(offset);
			if attempt >= ATTEMPTS {
				return Err(problem.unwrap_or_else(|| {
					Error::Vault(vault::Error::Unreachable {
						url: self.server.address.to_string(),
						why: "the connection keeps ending early".to_owned(),
					})
				}));
			}
			pause(attempt).await;
		}
	}

	/// Makes one attempt, and says whether the upload is complete. Sets `offset` to the bytes that the vault
	/// had before the last request. Where a body can't be streamed, the file goes in slices.
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
		loop {
			// Natively there is no limit.
			#[allow(clippy::unnecessary_min_or_max)]
			let slice = upload.size.saturating_sub(*offset).min(LONGEST_BODY);
			if self.upload_slice(upload, *offset, slice, progress).await? {
				progress(upload.size, upload.size);
				return Ok(true);
			}
			let sent = offset.saturating_add(slice);
			if sent >= upload.size {
				return Ok(false);
			}
			*offset = sent;
			progress(sent, upload.size);
		}
	}

	/// Sends a part of the file, and says whether the vault has all of it now.
	async fn upload_slice(
		&self,
		upload: &Upload<'_>,
		offset: u64,
		length: u64,
		progress: &Progress,
	) -> Result<bool> {
		let token = self.token(false).await?;
		let body = http::body(upload.file, offset, length, upload.size, progress)
			.await
			.map_err(StorageError::cannot("read", "the ciphertext"))?;
		let mut request = self
			.server
			.http
			.patch(self.server.at(&upload.path()))
			.bearer_auth(token)
			.header(headers::UPLOAD_OFFSET, offset)
			.header(headers::UPLOAD_LENGTH, upload.size)
			.header(CONTENT_LENGTH, length)
			.header(CONTENT_TYPE, headers::PARTIAL_UPLOAD);
		if upload.prepared {
			request = request.header(headers::PREPARED, headers::flag(true));
		}
		let answer = self.server.sent(request.body(body)).await?;
		let answer = self.server.checked(answer).await?;
		Ok(answer.status() == StatusCode::CREATED)
	}

	/// The state of this account's upload.
	async fn uploaded(&self, upload: &Upload<'_>) -> Result<Option<UploadState>> {
		let answer = match self.send(|http, url| http.head(url), &upload.path()).await {
			// The answer to HEAD has no body, and so no code.
			Err(Error::Vault(vault::Error::Refused { status: 404, .. })) => return Ok(None),
			other => other?,
		};
		let header = |name| answer.headers().get(name)?.to_str().ok();
		UploadState::read(header).map(Some).ok_or_else(|| self.server.strange(NO_VAULT))
	}

	/// Whether the vault has the whole file.
	pub async fn has(&self, upload: &Upload<'_>) -> Result<bool> {
		Ok(self.uploaded(upload).await?.is_some_and(|state| state.complete))
	}

	/// Discards an upload that nothing on the chain names. Succeeds if there is none.
	pub async fn discard(&self, patient: PatientId, digest: [u8; 32]) -> Result<()> {
		let path = paths::upload(patient, &digest);
		match self.send(|http, url| http.delete(url), &path).await {
			Ok(_) => Ok(()),
			Err(why) if status_of(&why) == Some(404) => Ok(()),
			Err(why) => {
				tracing::debug!("an upload was not discarded: {}", why);
				Err(why)
			},
		}
	}
}
