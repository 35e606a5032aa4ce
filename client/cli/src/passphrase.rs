//! Passphrases, from a file or from the terminal.

use crate::{
	exit::{Code, Failure},
	terminal,
};
use medblock_keystore::{ExposeSecret, SecretString};
use medblock_platform::{disk, text};
use std::{
	io::ErrorKind,
	path::{Path, PathBuf},
	sync::OnceLock,
};

/// The longest passphrase that is read from a file, in bytes.
const MAX_LENGTH: usize = 1_024;

/// The shortest passphrase for a new account, in characters.
const MIN_LENGTH: usize = 8;

/// A source of passphrases.
pub enum Source {
	/// The first line of a file, and the passphrase once it was read: from a pipe, such as `<(pass show medblock)`, it comes
	/// only once, and some commands need it for two accounts.
	File(PathBuf, OnceLock<SecretString>),
	/// The person at the terminal.
	Terminal,
}

impl Source {
	/// The file if there is one, otherwise the terminal. Standard input is never used: it is for
	/// records.
	pub fn new(file: Option<&Path>) -> Result<Self, Failure> {
		match file {
			None => Ok(Self::Terminal),
			Some(path) if path == Path::new("-") => {
				Err(Failure::usage("a passphrase is not read from standard input: name a file"))
			},
			Some(path) => Ok(Self::File(path.to_owned(), OnceLock::new())),
		}
	}

	/// Whether the person at the terminal is asked.
	pub fn is_terminal(&self) -> bool {
		matches!(self, Self::Terminal)
	}

	/// An existing passphrase. `option` names the option that gives it without a terminal.
	pub fn existing(&self, prompt: &str, option: &str) -> Result<SecretString, Failure> {
		match self {
			Self::File(path, known) => match known.get() {
				Some(passphrase) => Ok(passphrase.clone()),
				None => {
					let passphrase = from_file(path)?;
					Ok(known.get_or_init(|| passphrase).clone())
				},
			},
			Self::Terminal => from_terminal(prompt, option),
		}
	}

	/// A new passphrase: long enough, and typed twice.
	pub fn chosen(&self, prompt: &str, option: &str) -> Result<SecretString, Failure> {
		let first = self.existing(prompt, option)?;
		if first.expose_secret().chars().count() < MIN_LENGTH {
			return Err(Failure::usage(format!(
				"the passphrase is too short: it needs {MIN_LENGTH} characters or more"
			)));
		}
		if matches!(self, Self::Terminal) {
			let second = from_terminal("The same again: ", option)?;
			if first.expose_secret() != second.expose_secret() {
				return Err(Failure::usage("the two passphrases differ: nothing was written"));
			}
		}
		Ok(first)
	}
}

fn from_file(path: &Path) -> Result<SecretString, Failure> {
	let bytes = disk::read(path, MAX_LENGTH)
		.map_err(|why| Failure::file("read the passphrase file", path, &why))?;
	let text = text::decoded(&bytes)
		.map_err(|_| Failure::new(Code::Local, "the passphrase file is not UTF-8 text"))?;
	let line = first_line(&text);
	if line.is_empty() {
		return Err(Failure::new(Code::Local, "the passphrase file's first line is empty"));
	}
	Ok(SecretString::from(line))
}

/// The first line, whatever ends it (Unicode, §5.8): no terminal takes these in a passphrase.
fn first_line(text: &str) -> &str {
	let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
	text.split(ends).next().unwrap_or_default()
}

fn from_terminal(prompt: &str, option: &str) -> Result<SecretString, Failure> {
	if !terminal::is_there() {
		return Err(Failure::usage(format!(
			"there is no terminal to ask for it on: name a file with {option}"
		)));
	}
	let typed = terminal::changing(|| rpassword::prompt_password(prompt));
	let typed = typed.map_err(|why| match why.kind() {
		// The prompt reports Ctrl-C this way: the terminal leaves it to the prompt while it runs.
		ErrorKind::Interrupted => Failure::new(Code::Interrupted, "interrupted"),
		_ => Failure::new(Code::Local, format!("cannot ask for the passphrase: {why}")),
	})?;
	Ok(SecretString::from(typed))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn first_line_ends_as_any_system_ends_it() {
		for end in ["", "\n", "\r\n", "\r", "\r\r", "\u{85}", "\u{2028}x", "\nanother line\n"] {
			assert_eq!(first_line(&format!("correct horse{end}")), "correct horse", "{end:?}");
		}
		// Blanks are a part of it, as they are where it is typed.
		assert_eq!(first_line(" correct horse \n"), " correct horse ");
	}

	#[test]
	fn file_is_read_once_so_that_it_may_be_a_pipe() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("passphrase");
		std::fs::write(&path, "correct horse\n").unwrap();
		let source = Source::new(Some(&path)).unwrap();
		for _ in 0..2 {
			let passphrase = source.existing("", "").unwrap();
			assert_eq!(passphrase.expose_secret(), "correct horse");
			// As good as empty then.
			let _ = std::fs::remove_file(&path);
		}
	}

	#[test]
	fn what_no_one_can_type_is_no_passphrase() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("passphrase");
		let utf16: Vec<u8> = "correct horse".encode_utf16().flat_map(u16::to_le_bytes).collect();
		for bytes in [&utf16[..], b"correct horse\0", b"Gr\xfc\xdfe", b"", b"\ncorrect horse"] {
			std::fs::write(&path, bytes).unwrap();
			let refused = Source::new(Some(&path)).unwrap().existing("", "");
			assert_eq!(refused.unwrap_err().code, Code::Local, "{bytes:?}");
		}
	}
}
