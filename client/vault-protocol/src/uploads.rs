//! Resumable uploads, in the manner of draft-ietf-httpbis-resumable-upload.
//!
//! An account uploads a file under its SHA-256, in one `PATCH` or in several. Each part says in
//! [`UPLOAD_OFFSET`] where it begins; the first also says in [`UPLOAD_LENGTH`] how long the file is, and any
//! may say [`PREPARED`](crate::headers::PREPARED). The answer to a part, and to `HEAD`, is the
//! [`UploadState`] in headers: with status 201 when the file is complete, 202 when bytes are missing. An empty
//! part at the end of a complete upload renews it.

use crate::headers::{
	UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_OFFSET, flag, parse_flag, parse_number,
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
}

impl UploadState {
	/// The headers that say so.
	pub fn headers(&self) -> [(&'static str, String); 3] {
		[
			(UPLOAD_OFFSET, self.offset.to_string()),
			(UPLOAD_LENGTH, self.length.to_string()),
			(UPLOAD_COMPLETE, flag(self.complete).to_owned()),
		]
	}

	/// Reads the headers, of which `header` gives the value by the name.
	pub fn read<'a>(header: impl Fn(&'static str) -> Option<&'a str>) -> Option<Self> {
		Some(Self {
			offset: parse_number(header(UPLOAD_OFFSET)?)?,
			length: parse_number(header(UPLOAD_LENGTH)?)?,
			complete: parse_flag(header(UPLOAD_COMPLETE)?)?,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn state_reads_back() {
		for complete in [false, true] {
			let state = UploadState { offset: 10, length: 4_096, complete };
			let headers = state.headers();
			let header = |name| {
				headers.iter().find(|(one, _)| *one == name).map(|(_, value)| value.as_str())
			};
			assert_eq!(UploadState::read(header), Some(state));
			assert_eq!(
				UploadState::read(|name| header(name).filter(|_| name != UPLOAD_OFFSET)),
				None
			);
		}
	}
}
