//! Names of accounts, which are also names of files.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An account's name on this machine: 1 to 32 ASCII letters, digits, `-` and `_`, beginning with a letter or
/// digit. Such a name is a safe file name on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// The error for a text that is no account's name.
#[derive(Debug, thiserror::Error)]
#[error("a name has 1 to 32 letters (a-z), digits, - and _, and begins with a letter or digit")]
pub struct InvalidName;

impl Name {
	/// The name as text.
	pub fn as_str(&self) -> &str {
		&self.0
	}
}

impl FromStr for Name {
	type Err = InvalidName;

	fn from_str(text: &str) -> Result<Self, InvalidName> {
		let fits = (1..=32).contains(&text.len())
			&& text.starts_with(|first: char| first.is_ascii_alphanumeric())
			&& text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
		fits.then(|| Self(text.to_owned())).ok_or(InvalidName)
	}
}

impl TryFrom<String> for Name {
	type Error = InvalidName;

	fn try_from(text: String) -> Result<Self, InvalidName> {
		text.parse()
	}
}

impl From<Name> for String {
	fn from(name: Name) -> Self {
		name.0
	}
}

impl fmt::Display for Name {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str(&self.0)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn plain_names_are_names() {
		for name in ["maria", "Dr_Ada", "7", "north-1", &"a".repeat(32)] {
			assert!(name.parse::<Name>().is_ok(), "{name}");
		}
	}

	#[test]
	fn hostile_names_are_refused() {
		let endless = "a".repeat(33);
		for name in [
			"",
			".",
			"..",
			"../up",
			"a/b",
			"a\\b",
			"/etc/passwd",
			".hidden",
			"-rf",
			"_a",
			"a b",
			"a\nb",
			"a\0b",
			"\u{1b}[2J",
			"a\u{202e}b",
			"märia",
			"a.json",
			&endless,
		] {
			assert!(name.parse::<Name>().is_err(), "{name:?}");
		}
	}
}
