//! Accounts on this machine: one encrypted file for each, and what is public about it beside.
//!
//! `accounts/NAME.age` is an age v1 file under a passphrase (scrypt) and holds the secrets;
//! `accounts/NAME.json` says what anybody may know, so that listing needs no passphrase. The latter is
//! written anew from the former when it is missing. Whatever is there is never overwritten.

mod error;
pub mod file;
mod material;
mod name;
mod secrets;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use material::{Account, Entry, Kind};
pub use name::Name;
pub use secrets::Key;

use age::secrecy::SecretString;
use jiff::{Timestamp, Unit};
use medblock_crypto::Mnemonic;
use secrets::Secrets;
use std::{
	fs,
	io::{self, ErrorKind},
	path::{Path, PathBuf},
};

/// The longest public part of an account, in bytes.
const MAX_ENTRY: usize = 4 * 1_024;

/// The accounts in one folder.
pub struct Keystore {
	folder: PathBuf,
}

impl Keystore {
	/// The accounts of the client that lives in this folder.
	pub fn new(home: &Path) -> Self {
		Self { folder: home.join("accounts") }
	}

	/// Fails if the name is taken.
	pub fn ensure_free(&self, name: &Name) -> Result<(), Error> {
		match fs::symlink_metadata(self.secret_path(name)) {
			Ok(_) => Err(Error::AlreadyThere(name.clone())),
			Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
			Err(why) => Err(failed("look into", &self.folder, why)),
		}
	}

	/// Makes an account and writes it down.
	pub fn create(
		&self,
		name: &Name,
		words: &Mnemonic,
		key: Key,
		passphrase: SecretString,
	) -> Result<Account, Error> {
		let now = Timestamp::now();
		let created = now.round(Unit::Second).unwrap_or(now).to_string();
		let secrets = Secrets::new(name.clone(), created, &words.words(), key);
		// Before anything is written: whether it can be used at all.
		let account = Account::from_secrets(&secrets)?;
		let locked = secrets.lock(passphrase)?;
		file::create_folder(&self.folder)
			.map_err(|why| failed("make the folder", &self.folder, why))?;
		let path = self.secret_path(name);
		file::create(&path, &locked).map_err(|why| match why.kind() {
			ErrorKind::AlreadyExists => Error::AlreadyThere(name.clone()),
			_ => failed("write", &path, why),
		})?;
		self.publish(&account.entry)?;
		Ok(account)
	}

	/// Opens an account.
	pub fn unlock(&self, name: &Name, passphrase: SecretString) -> Result<Account, Error> {
		let path = self.secret_path(name);
		let locked =
			file::read(&path, secrets::MAX_LENGTH).map_err(|why| unreadable(name, &path, why))?;
		let secrets = Secrets::unlock(&path, &locked, passphrase)?;
		if secrets.name != *name {
			let what = "it belongs to an account of another name";
			return Err(Error::Damaged { path, what });
		}
		let account = Account::from_secrets(&secrets)?;
		match self.entry(name)? {
			None => self.publish(&account.entry)?,
			Some(entry) if entry != account.entry => {
				let what = "it does not say what the account's secret file says";
				return Err(Error::Damaged { path: self.entry_path(name), what });
			},
			Some(_) => (),
		}
		Ok(account)
	}

	/// The accounts' names in order, and what is public about each; nothing if that part is missing.
	pub fn list(&self) -> Result<Vec<(Name, Option<Entry>)>, Error> {
		let files = match fs::read_dir(&self.folder) {
			Ok(files) => files,
			Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
			Err(why) => return Err(failed("look into", &self.folder, why)),
		};
		let mut names = Vec::new();
		for one in files {
			let file = one.map_err(|why| failed("look into", &self.folder, why))?;
			let name = file.file_name();
			let stem = name.to_str().and_then(|name| name.strip_suffix(".age"));
			names.extend(stem.and_then(|stem| stem.parse::<Name>().ok()));
		}
		names.sort();
		names.into_iter().map(|name| self.entry(&name).map(|entry| (name, entry))).collect()
	}

	/// What is public about an account; nothing if that part is missing.
	pub fn entry(&self, name: &Name) -> Result<Option<Entry>, Error> {
		let secret = self.secret_path(name);
		fs::metadata(&secret).map_err(|why| unreadable(name, &secret, why))?;
		let path = self.entry_path(name);
		let bytes = match file::read(&path, MAX_ENTRY) {
			Ok(bytes) => bytes,
			Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
			Err(why) => return Err(failed("read", &path, why)),
		};
		match serde_json::from_slice::<Entry>(&bytes) {
			Ok(entry) if entry.name == *name => Ok(Some(entry)),
			_ => Err(Error::Damaged { path, what: "it is no description of this account" }),
		}
	}

	fn publish(&self, entry: &Entry) -> Result<(), Error> {
		let path = self.entry_path(&entry.name);
		let text = serde_json::to_string_pretty(entry)
			.map_err(|why| Error::Unexpected(why.to_string()))?;
		match file::create(&path, text.as_bytes()) {
			// A leftover of an account whose secrets somebody has deleted.
			Err(why) if why.kind() == ErrorKind::AlreadyExists => fs::remove_file(&path)
				.and_then(|()| file::create(&path, text.as_bytes()))
				.map_err(|why| failed("write", &path, why)),
			other => other.map_err(|why| failed("write", &path, why)),
		}
	}

	fn secret_path(&self, name: &Name) -> PathBuf {
		self.folder.join(format!("{name}.age"))
	}

	fn entry_path(&self, name: &Name) -> PathBuf {
		self.folder.join(format!("{name}.json"))
	}
}

fn failed(what: &'static str, path: &Path, why: io::Error) -> Error {
	Error::File { what, path: path.to_owned(), why }
}

fn unreadable(name: &Name, path: &Path, why: io::Error) -> Error {
	match why.kind() {
		ErrorKind::NotFound => Error::NotFound(name.clone()),
		_ => failed("read", path, why),
	}
}
