//! What the vault keeps, and how it is named.

use medblock_primitives::PatientId;
use std::fmt;

/// SHA-256 (FIPS 180-4) of an encrypted file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
	/// Reads 64 lower-case hex digits, and nothing else.
	pub fn parse(text: &str) -> Option<Self> {
		let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
		if text.len() != 64 || !text.bytes().all(plain) {
			return None;
		}
		let mut bytes = [0; 32];
		hex::decode_to_slice(text, &mut bytes).ok()?;
		Some(Self(bytes))
	}
}

impl fmt::Display for Digest {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&hex::encode(self.0))
	}
}

/// Digests identify records, so they stay out of logs.
impl fmt::Debug for Digest {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Digest")
	}
}

/// One chart's encrypted file. The same bytes in two charts are two blobs, since a digest is public
/// and must open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobId {
	/// Whose chart.
	pub patient: PatientId,
	/// Which bytes.
	pub digest: Digest,
}

impl BlobId {
	/// Where it is stored, below the store's root: made of a number and hex digits only.
	pub fn path(&self) -> String {
		let digest = self.digest.to_string();
		format!("{}/{}/{digest}", self.patient.0, &digest[..2])
	}

	/// The blob that is stored at this path.
	pub fn at_path(path: &str) -> Option<Self> {
		let mut parts = path.split('/');
		let patient = parse_id(parts.next()?)?;
		let short = parts.next()?;
		let digest = parts.next()?;
		let whole = parts.next().is_none() && digest.get(..2) == Some(short);
		whole.then_some(())?;
		Some(Self { patient: PatientId(patient), digest: Digest::parse(digest)? })
	}
}

/// Reads a number as it is written without signs, spaces and leading zeros.
pub fn parse_id(text: &str) -> Option<u32> {
	let number: u32 = text.parse().ok()?;
	(number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn only_plain_numbers_and_lower_case_digests_are_names() {
		for text in ["", "+1", "01", " 1", "1 ", "-1", "4294967296", "..", "1/..", "0x1"] {
			assert_eq!(parse_id(text), None, "{text}");
		}
		let good = "ab".repeat(32);
		assert_eq!(Digest::parse(&good).unwrap().to_string(), good);
		let upper = good.to_uppercase();
		let long = format!("{good}0");
		let dots = format!("../{}", &good[3..]);
		for text in ["", &good[1..], &upper, &long, &dots] {
			assert_eq!(Digest::parse(text), None, "{text}");
		}
	}

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
