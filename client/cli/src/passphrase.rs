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
};
use zeroize::Zeroizing;

/// The longest passphrase that is read from a file, in bytes.
const MAX_LENGTH: usize = 1_024;

/// The shortest passphrase for a new account, in characters.
const MIN_LENGTH: usize = 8;

/// A source of passphrases.
pub enum Source {
	/// The first line of a file.
	File(PathBuf),
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
			Some(path) => Ok(Self::File(path.to_owned())),
		}
	}

	/// Whether the person at the terminal is asked.
	pub fn is_terminal(&self) -> bool {
		matches!(self, Self::Terminal)
	}

	/// An existing passphrase. `option` names the option that gives it without a terminal.
	pub fn existing(&self, prompt: &str, option: &str) -> Result<SecretString, Failure> {
		match self {
			Self::File(path) => from_file(path),
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
	let line = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
	if line.is_empty() {
		return Err(Failure::new(Code::Local, "the passphrase file's first line is empty"));
	}
	Ok(SecretString::from(line.as_str()))
}

fn from_terminal(prompt: &str, option: &str) -> Result<SecretString, Failure> {
	if !terminal::is_there() {
		return Err(Failure::usage(format!(
			"there is no terminal to ask for it on: name a file with {option}"
		)));
	}
	let typed = rpassword::prompt_password(prompt).map_err(|why| match why.kind() {
		// The prompt reports Ctrl-C this way: the terminal leaves it to the prompt while it runs.
		ErrorKind::Interrupted => Failure::new(Code::Interrupted, "interrupted"),
		_ => Failure::new(Code::Local, format!("cannot ask for the passphrase: {why}")),
	})?;
	Ok(SecretString::from(typed))
}
