//! How much of a file its title needs.

use super::Vault;
use crate::{blob::BlobId, errors::Refusal};
use medblock_crypto::{MAX_HEADER, PEEK_LENGTH, check_header, peek_length};

/// The bytes in which most headers end: those of a chart that is not due.
const USUAL_HEADER: u64 = 4 * 1024;

impl Vault {
	/// How many of the first bytes of a file of this length hold its title and prove it.
	pub async fn head_length(&self, blob: &BlobId, length: u64) -> Result<u64, Refusal> {
		let usual = USUAL_HEADER.min(length);
		let mut beginning = self.beginning(blob, usual).await?;
		if usual < length && check_header(&beginning).is_err() {
			beginning = self.beginning(blob, (MAX_HEADER as u64 + 1).min(length)).await?;
		}
		// A file with another header is given as far as any: its reader finds out.
		Ok(peek_length(&beginning).unwrap_or(PEEK_LENGTH).min(length))
	}

	async fn beginning(&self, blob: &BlobId, length: u64) -> Result<Vec<u8>, Refusal> {
		let mut segment = self.read(blob, 0..length).await?;
		let mut all = Vec::new();
		while let Some(piece) = self.next(&mut segment).await? {
			all.extend_from_slice(&piece);
		}
		Ok(all)
	}
}
