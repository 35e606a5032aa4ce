//! Resumable uploads, in the manner of draft-ietf-httpbis-resumable-upload.
//!
//! An account uploads a file under its SHA-256, in one `PATCH` or in several. Each part says in
//! [`UPLOAD_OFFSET`] where it begins; the first also says in [`UPLOAD_LENGTH`] how long the file is, and any
//! may say [`PREPARED`](crate::headers::PREPARED). The answer to a part, and to `HEAD`, is the
//! [`UploadState`] in headers: with status 201 when the file is complete, 202 when bytes are missing. An empty
//! part at the end of a complete upload renews it.
//!
//! A vault that keeps its files in a bucket may need long to move a file there. Then it answers with 202 when it has
//! all bytes, and [`UPLOAD_STORING`] says so: `HEAD` tells when the file is complete. If it is neither
//! complete nor storing then, the move has failed, and an empty part at the end has it tried again. The same header says
//! that a gateway fetches what another one of its vault has received, before it takes more.

use crate::headers::{
	UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_OFFSET, UPLOAD_STORING, flag, parse_flag, parse_number,
};

/// How many uploads a client sends at a time, and how many a vault takes of one account unless it is
/// configured otherwise.
pub const AT_ONCE: usize = 8;

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadState {
	/// Bytes that are at the vault.
	pub offset: u64,
	/// Bytes in all.
	pub length: u64,
	/// Whether the vault has the whole file in its store, checked.
	pub complete: bool,
	/// Whether the vault is at work with the bytes that it has, and takes none: it moves the whole file into its store, or
	/// fetches what another one of its gateways has received.
	pub storing: bool,
}

impl UploadState {
	/// So many bytes of an upload are at the vault.
	pub fn partial(offset: u64, length: u64) -> Self {
		Self { offset, length, complete: false, storing: false }
	}

	/// The vault is moving a file into its store.
	pub fn storing(length: u64) -> Self {
		Self { storing: true, ..Self::partial(length, length) }
	}

	/// The vault has a file in its store.
	pub fn complete(length: u64) -> Self {
		Self { complete: true, ..Self::partial(length, length) }
	}

	/// The headers that say so.
	pub fn headers(&self) -> [(&'static str, String); 4] {
		[
			(UPLOAD_OFFSET, self.offset.to_string()),
			(UPLOAD_LENGTH, self.length.to_string()),
			(UPLOAD_COMPLETE, flag(self.complete).to_owned()),
			(UPLOAD_STORING, flag(self.storing).to_owned()),
		]
	}

	/// Reads the headers, of which `header` gives the value by the name.
	pub fn read<'a>(header: impl Fn(&'static str) -> Option<&'a str>) -> Option<Self> {
		Some(Self {
			offset: parse_number(header(UPLOAD_OFFSET)?)?,
			length: parse_number(header(UPLOAD_LENGTH)?)?,
			complete: parse_flag(header(UPLOAD_COMPLETE)?)?,
			// Vaults of earlier versions don't say it: they answer when they have stored the file.
			storing: header(UPLOAD_STORING).is_some_and(|text| parse_flag(text) == Some(true)),
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn state_reads_back() {
		for state in [
			UploadState::partial(10, 4_096),
			UploadState::storing(4_096),
			UploadState::complete(4_096),
		] {
			let headers = state.headers();
			let header = |name| {
				headers.iter().find(|(one, _)| *one == name).map(|(_, value)| value.as_str())
			};
			assert_eq!(UploadState::read(header), Some(state));
			assert_eq!(
				UploadState::read(|name| header(name).filter(|_| name != UPLOAD_OFFSET)),
				None
			);
			let earlier = UploadState::read(|name| header(name).filter(|_| name != UPLOAD_STORING));
			assert_eq!(earlier, Some(UploadState { storing: false, ..state }));
		}
	}
}
