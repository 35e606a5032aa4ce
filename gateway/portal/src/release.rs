//! Whether the hospitals list a portal.

use crate::Digest;
use medblock_primitives::PortalRelease;

/// What the council's list on the chain says of a portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
	/// The hospitals list it, by this version.
	Listed(String),
	/// The hospitals list others, and not this one.
	Unlisted,
	/// The hospitals have not listed any portal yet.
	NoneYet,
}

impl Listing {
	/// Looks a portal up in the list that the chain gives.
	pub fn of(portal: Digest, listed: &[PortalRelease]) -> Self {
		let found = listed.iter().find(|release| release.digest == portal.0);
		match found {
			Some(release) => Self::Listed(String::from_utf8_lossy(&release.version).into_owned()),
			None if listed.is_empty() => Self::NoneYet,
			None => Self::Unlisted,
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn portal_is_looked_up_by_its_digest() {
		let release = |text: &str| PortalRelease {
			digest: Digest::of(text.as_bytes()).0,
			version: text.as_bytes().to_vec().try_into().unwrap(),
			listed_at: 0,
		};
		let (old, new) = (Digest::of(b"1.0"), Digest::of(b"1.1"));
		assert_eq!(Listing::of(new, &[]), Listing::NoneYet);
		assert_eq!(Listing::of(new, &[release("1.0")]), Listing::Unlisted);
		let both = [release("1.0"), release("1.1")];
		assert_eq!(Listing::of(old, &both), Listing::Listed("1.0".into()));
		assert_eq!(Listing::of(new, &both), Listing::Listed("1.1".into()));
	}
}
