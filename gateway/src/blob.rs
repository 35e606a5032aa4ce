//! The files that the vault keeps, and their names.

use medblock_primitives::PatientId;
use medblock_vault_protocol::paths::{parse_digest, parse_number};
use std::fmt;

/// SHA-256 (FIPS 180-4) of an encrypted file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
	/// Reads 64 lower-case hexadecimal digits, and nothing else.
	pub fn parse(text: &str) -> Option<Self> {
		parse_digest(text).map(Self)
	}
}

impl fmt::Display for Digest {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&hex::encode(self.0))
	}
}

/// A digest identifies a record, so it stays out of logs.
impl fmt::Debug for Digest {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Digest")
	}
}

/// One chart's encrypted file. The same bytes in two charts are two blobs, since a digest is public
/// and must open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobId {
	/// The patient whose chart it belongs to.
	pub patient: PatientId,
	/// The digest of its bytes.
	pub digest: Digest,
}

impl BlobId {
	/// The path below the store's root, made of a number and hexadecimal digits only.
	pub fn path(&self) -> String {
		let digest = self.digest.to_string();
		format!("{}/{}/{digest}", self.patient.0, &digest[..2])
	}

	/// The blob that has this path.
	pub fn at_path(path: &str) -> Option<Self> {
		let mut parts = path.split('/');
		let patient = parse_number(parts.next()?)?;
		let short = parts.next()?;
		let digest = parts.next()?;
		let whole = parts.next().is_none() && digest.get(..2) == Some(short);
		whole.then_some(())?;
		Some(Self { patient: PatientId(patient), digest: Digest::parse(digest)? })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	proptest! {
		#[test]
		fn a_path_names_its_blob_and_leaves_its_folder_never(patient: u32, digest: [u8; 32]) {
			let blob = BlobId { patient: PatientId(patient), digest: Digest(digest) };
			let path = blob.path();
			prop_assert!(path.split('/').all(|part| part.bytes().all(|b| b.is_ascii_alphanumeric())));
			prop_assert_eq!(BlobId::at_path(&path), Some(blob));
		}

		#[test]
		fn no_other_path_names_a_blob(path in "[0-9a-f./]{0,80}") {
			if let Some(blob) = BlobId::at_path(&path) {
				prop_assert_eq!(blob.path(), path);
			}
		}
	}
}
