//! Releases of the web portal, which the council lists.

use crate::Moment;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The maximum number of releases that are listed at the same time.
pub const MAX_PORTAL_RELEASES: u32 = 16;

/// The name of a release, for people: 1 to 32 of the characters that [`is_version`] accepts.
pub type PortalVersion = BoundedVec<u8, ConstU32<32>>;

/// A release of the portal that hospitals may serve.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PortalRelease {
	/// The SHA-256 (FIPS 180-4) of the release's `manifest.json`, which names every file's digest.
	pub digest: [u8; 32],
	/// The release's name, such as `1.4.0`. Two releases may have the same one, for instance with
	/// different lists of hospitals: only the digest identifies a release.
	pub version: PortalVersion,
	/// The time of the block in which the council listed the release.
	pub listed_at: Moment,
}

/// Whether this can name a release: ASCII letters, digits and `.`, `-`, `+`, `_`, at least one. Does not
/// check the length.
pub fn is_version(version: &[u8]) -> bool {
	let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b".-+_".contains(byte);
	!version.is_empty() && version.iter().all(allowed)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn versions_are_plain_words() {
		for version in ["1", "1.4.0", "2026-11-29", "1.0.0-rc.1+north_2"] {
			assert!(is_version(version.as_bytes()), "{version}");
		}
		for version in ["", " ", "1.0 ", "1\n", "v1/2", "\u{1b}[2J", "1.0\u{202e}", "é", "\u{ff11}"]
		{
			assert!(!is_version(version.as_bytes()), "{version:?}");
		}
	}
}
