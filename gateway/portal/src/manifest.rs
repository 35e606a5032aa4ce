//! The list of the portal's files.

use crate::files::{INDEX, MAX_FILES, NotAPortal};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The name of the list. It lists every file but itself.
pub const MANIFEST: &str = "manifest.json";

/// Paths that the gateway answers itself.
const RESERVED: [&str; 2] = ["v1", "health"];
/// The longest name of a file.
const MAX_NAME: usize = 200;

/// The list of the portal's files: `{"files": {"index.html": "sha256-…", …}}`. The SHA-256 of the list itself
/// stands for the whole portal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manifest {
	/// The digest of each file, by its path below the folder.
	pub files: BTreeMap<String, Digest>,
}

impl Manifest {
	/// Fails if the list names something that can't be a file of the portal, no first page, or too many files.
	pub fn check(&self) -> Result<(), NotAPortal> {
		if self.files.len() > MAX_FILES {
			return Err(NotAPortal::TooLarge);
		}
		if let Some(bad) = self.files.keys().find(|name| !is_name(name)) {
			return Err(NotAPortal::BadName(bad.clone()));
		}
		if !self.files.contains_key(INDEX) {
			return Err(NotAPortal::NoIndex);
		}
		Ok(())
	}
}

/// A SHA-256, as text in the form of Subresource Integrity: `sha256-` and base64.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
	/// The digest of bytes.
	pub fn of(bytes: &[u8]) -> Self {
		Self(Sha256::digest(bytes).into())
	}
}

impl fmt::Display for Digest {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(formatter, "sha256-{}", STANDARD.encode(self.0))
	}
}

impl fmt::Debug for Digest {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, formatter)
	}
}

impl FromStr for Digest {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		let wrong = "a digest has to be sha256- and 32 bytes in base64";
		let encoded = text.strip_prefix("sha256-").ok_or(wrong)?;
		let bytes = STANDARD.decode(encoded).map_err(|_| wrong)?;
		bytes.try_into().map(Self).map_err(|_| wrong)
	}
}

impl TryFrom<String> for Digest {
	type Error = &'static str;

	fn try_from(text: String) -> Result<Self, Self::Error> {
		text.parse()
	}
}

/// Whether a list may have this name: a plain relative path, which is none of the gateway's own.
pub(crate) fn is_name(name: &str) -> bool {
	let mut parts = name.split('/');
	let is_reserved = parts.next().is_some_and(|first| RESERVED.contains(&first));
	let is_plain = |part: &str| {
		let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
		!part.is_empty() && !part.starts_with('.') && part.bytes().all(letter)
	};
	name.len() <= MAX_NAME && name != MANIFEST && !is_reserved && name.split('/').all(is_plain)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn digest_is_written_as_browsers_have_it() {
		let text = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
		assert_eq!(Digest::of(b"").to_string(), text);
		assert_eq!(text.parse(), Ok(Digest::of(b"")));
		for bad in ["", "sha256-", "sha256-AAAA", &text[7..], "sha512-AAAA", &text[..50]] {
			assert!(bad.parse::<Digest>().is_err(), "{bad}");
		}
	}

	#[test]
	fn list_has_plain_names_and_a_first_page() {
		let of = |names: &[&str]| Manifest {
			files: names.iter().map(|name| ((*name).to_owned(), Digest::of(b""))).collect(),
		};
		of(&["index.html", "a.js"]).check().unwrap();
		assert!(matches!(of(&["a.js"]).check(), Err(NotAPortal::NoIndex)));
		let strange = of(&["index.html", "a\u{1b}[2J"]).check().unwrap_err();
		assert!(!strange.to_string().contains('\u{1b}'), "it may be printed");
	}

	#[test]
	fn name_is_a_plain_relative_path() {
		for good in ["index.html", "assets/app-ABCDEFG2.js", "preview/frame.html", "a_b/c.d/e-f"] {
			assert!(is_name(good), "{good}");
		}
		for bad in [
			"",
			"/",
			"/index.html",
			"a//b",
			"a/",
			"..",
			"../a",
			"a/../b",
			"a/./b",
			".hidden",
			"a\\b",
			"a b",
			"ä",
			"a\0b",
			"%2e%2e/a",
			"manifest.json",
			"v1",
			"v1/rpc",
			"health",
			"a?b",
			"a#b",
		] {
			assert!(!is_name(bad), "{bad}");
		}
		assert!(!is_name(&"a".repeat(201)));
	}
}
