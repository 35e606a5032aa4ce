//! Uploading ciphertext to a vault, and resuming after a lost connection.

use super::{ATTEMPTS, Item, NO_VAULT, Progress, Vault, is_passing, slices::Slices, status_of};
use crate::{Error, Result, vault};
use medblock_platform::{
	Error as StorageError,
	clock::{self, Duration, Instant},
	files::File,
	http,
};
use medblock_primitives::PatientId;
use medblock_vault_protocol::{UploadState, headers, paths};
use reqwest::{
	StatusCode,
	header::{CONTENT_LENGTH, CONTENT_TYPE},
};

/// The time between two questions whether a file is stored by now.
const STORING: Duration = Duration::from_secs(2);

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
	/// in the vault's store.
	///
	/// # Errors
	///
	/// [`vault::Error::Unreachable`] after several attempts; what arrived stays there for the next.
	pub async fn upload(&self, upload: &Upload<'_>, progress: &Progress) -> Result<()> {
		let mut attempt = 0;
		let (mut furthest, mut offset) = (0, 0);
		let mut was_damaged = false;
		let mut slices = Slices::new();
		loop {
			let problem = match self.upload_rest(upload, &mut offset, &mut slices, progress).await {
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
			self.wait(attempt, problem.as_ref()).await;
		}
	}

	/// Makes one attempt, and says whether the upload is complete. Sets `offset` to the bytes that the vault
	/// had before the last request. The file goes in slices.
	async fn upload_rest(
		&self,
		upload: &Upload<'_>,
		offset: &mut u64,
		slices: &mut Slices,
		progress: &Progress,
	) -> Result<bool> {
		*offset = match self.uploaded(upload).await? {
			Some(state) if state.complete => {
				progress(upload.size, upload.size);
				return Ok(true);
			},
			Some(state) if state.storing => {
				progress(state.offset.min(upload.size), upload.size);
				return self.is_stored(upload).await;
			},
			Some(state) => state.offset.min(upload.size),
			None => 0,
		};
		loop {
			let slice = slices.next(upload.size.saturating_sub(*offset));
			let began = Instant::now();
			match self.upload_slice(upload, *offset, slice, progress).await {
				Ok(true) => {
					progress(upload.size, upload.size);
					return Ok(true);
				},
				Ok(false) => slices.passed(slice, began.elapsed()),
				// Nothing of it has reached the vault.
				Err(why) if is_proxys_limit(&why) => match slices.refused(slice) {
					true => continue,
					false => {
						let url = self.server.address.to_string();
						return Err(vault::Error::ProxyLimit(url).into());
					},
				},
				Err(why) => {
					if matches!(why, Error::Vault(vault::Error::Unreachable { .. })) {
						slices.broke();
					}
					return Err(why);
				},
			}
			let sent = offset.saturating_add(slice);
			if sent >= upload.size {
				progress(upload.size, upload.size);
				return self.is_stored(upload).await;
			}
			*offset = sent;
			progress(sent, upload.size);
		}
	}

	/// Waits while the vault moves the file, of which it has all bytes, into its store, or fetches what another of its gateways
	/// has, and says whether the file is there then.
	/// There is no limit: the vault says in each answer that it is still at it.
	async fn is_stored(&self, upload: &Upload<'_>) -> Result<bool> {
		let mut attempt = 0;
		loop {
			match self.uploaded(upload).await {
				Ok(Some(state)) if state.complete => return Ok(true),
				Ok(Some(state)) if state.storing => {
					attempt = 0;
					clock::sleep(STORING).await;
				},
				Ok(_) => return Ok(false),
				Err(why) if is_passing(&why) && attempt + 1 < ATTEMPTS => {
					attempt += 1;
					self.wait(attempt, Some(&why)).await;
				},
				Err(why) => return Err(why),
			}
		}
	}

	/// Sends a part of the file, and says whether the vault has all of it now. Signs in once more if the session has
	/// ended: between two parts, the vault may have started again.
	async fn upload_slice(
		&self,
		upload: &Upload<'_>,
		offset: u64,
		length: u64,
		progress: &Progress,
	) -> Result<bool> {
		let (total, mut renewed) = (upload.size, false);
		loop {
			let token = self.token(renewed).await?;
			let mut request = self
				.server
				.http
				.patch(self.server.at(&upload.path()))
				.bearer_auth(token)
				.header(headers::UPLOAD_OFFSET, offset)
				.header(headers::UPLOAD_LENGTH, total)
				.header(CONTENT_LENGTH, length)
				.header(CONTENT_TYPE, headers::PARTIAL_UPLOAD);
			if upload.prepared {
				request = request.header(headers::PREPARED, headers::flag(true));
			}
			let part = http::Part { file: upload.file, from: offset, length, total, progress };
			let sent = http::send_file(request, part).await;
			let sent = sent.map_err(StorageError::cannot("read", "the ciphertext"))?;
			let answer = sent.map_err(|why| self.server.unreachable(why))?;
			if answer.status() == StatusCode::UNAUTHORIZED && !renewed {
				renewed = true;
				continue;
			}
			let answer = self.server.checked(answer).await?;
			return Ok(answer.status() == StatusCode::CREATED);
		}
	}

	/// The state of this account's upload.
	async fn uploaded(&self, upload: &Upload<'_>) -> Result<Option<UploadState>> {
		let answer = match self.send(|http, url| http.head(url), &upload.path()).await {
			// The answer to HEAD has no body, and so no code.
			Err(Error::Vault(vault::Error::Refused { status: 404, .. })) => return Ok(None),
			other => other?,
		};
		let header = |name| answer.headers().get(name)?.to_str().ok();
		let state = UploadState::read(header).ok_or_else(|| self.server.strange(NO_VAULT))?;
		// A file of the vault's that was cut short is none.
		Ok(Some(state).filter(|state| !state.complete || state.length == upload.size))
	}

	/// Whether the vault has the whole file.
	pub async fn has(&self, upload: &Upload<'_>) -> Result<bool> {
		Ok(self.uploaded(upload).await?.is_some_and(|state| state.complete))
	}

	/// Whether the vault has a document that this account may read. Nothing is given out, and nothing written down.
	pub async fn holds(&self, patient: PatientId, item: Item) -> Result<bool> {
		match self.send(|http, url| http.head(url), &paths::document(patient, item)).await {
			Ok(_) => Ok(true),
			// The answer to HEAD has no body, and so no code.
			Err(why) if status_of(&why) == Some(404) => Ok(false),
			Err(why) => Err(why),
		}
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

/// Whether a proxy before the vault refused a request for its size. The vault itself says so with a code.
fn is_proxys_limit(why: &Error) -> bool {
	matches!(
		why,
		Error::Vault(vault::Error::Refused { status: 413, code, .. }) if code.code().is_none()
	)
}
