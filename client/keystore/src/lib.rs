#![doc = include_str!("../README.md")]

mod account;
mod copies;
mod error;
mod held;
mod moving;
mod name;
mod passkey;
mod secrets;
#[cfg(test)]
mod tests;

pub use account::{Account, Entry, Kind};
pub use age::secrecy::{ExposeSecret, SecretString};
pub use copies::{Handle, PasskeyCopy, Step};
pub use error::{BadEntry, Error};
pub use held::Held;
pub use name::{InvalidName, Name};
pub use passkey::{Answers, Passkey, Questions};
pub use secrets::{Key, WorkFactor};

use futures::lock::Mutex;
use jiff::Timestamp;
use medblock_crypto::Mnemonic;
use medblock_platform::{Storage, clock, tasks::blocking};
use secrets::Secrets;
use std::{io, sync::Arc};

/// An account's name, and its public part, unless that is missing or can't be used.
pub type Listed = (Name, Result<Option<Entry>, BadEntry>);

/// The folder of all accounts.
const FOLDER: &str = "accounts/";

/// The longest public part of an account, in bytes.
const MAX_ENTRY: usize = 4 * 1_024;

/// The accounts in one storage.
#[derive(Clone)]
pub struct Keystore {
	storage: Arc<dyn Storage>,
	work_factor: WorkFactor,
	/// Held while a note about a copy is read and written.
	notes: Arc<Mutex<()>>,
}

impl Keystore {
	/// The accounts in this storage. `work_factor` is the cost of the passphrases of new accounts.
	pub fn new(storage: Arc<dyn Storage>, work_factor: WorkFactor) -> Self {
		Self { storage, work_factor, notes: Arc::default() }
	}

	/// Checks that a name is free.
	///
	/// # Errors
	///
	/// [`Error::AlreadyThere`].
	pub async fn ensure_free(&self, name: &Name) -> Result<(), Error> {
		match self.storage.find(&secret_name(name)).await? {
			Some(_) => Err(Error::AlreadyThere(name.clone())),
			None => Ok(()),
		}
	}

	/// Makes an account, and stores it.
	///
	/// # Errors
	///
	/// [`Error::AlreadyThere`], and those of the key.
	pub async fn create(
		&self,
		name: &Name,
		words: &Mnemonic,
		key: Key,
		passphrase: SecretString,
	) -> Result<Account, Error> {
		let secrets = Secrets::new(name.clone(), now(), &words.words(), key);
		let work_factor = self.work_factor;
		let making = blocking(move || {
			// Before anything is written: the account must be usable.
			let account = Account::from_secrets(&secrets)?;
			Ok::<_, Error>((account, secrets.lock(passphrase, work_factor)?))
		});
		let (account, locked) = making.await.map_err(interrupted)??;
		self.store(name, &locked).await?;
		self.publish(&account.entry).await?;
		Ok(account)
	}

	/// Opens an account.
	///
	/// # Errors
	///
	/// [`Error::NotFound`], [`Error::WrongPassphrase`], and those of files that were changed.
	pub async fn unlock(&self, name: &Name, passphrase: SecretString) -> Result<Account, Error> {
		let (account, _, _) = self.opened(name, passphrase).await?;
		self.described(account).await
	}

	/// An account, its secrets, and its file. Nothing is compared with the public part yet.
	async fn opened(
		&self,
		name: &Name,
		passphrase: SecretString,
	) -> Result<(Account, Secrets, Vec<u8>), Error> {
		let (file, place) = (self.file(name).await?, self.storage.place(&secret_name(name)));
		let name = name.clone();
		let unlocking = blocking(move || {
			let secrets = Secrets::unlock(&place, &file, passphrase)?;
			if secrets.name != name {
				let what = "it belongs to an account of another name";
				return Err(Error::Damaged { place, what });
			}
			Ok((Account::from_secrets(&secrets)?, secrets, file))
		});
		unlocking.await.map_err(interrupted)?
	}

	/// The account, once its public part says the same. One that is missing, or says nothing, is written, as far as that is
	/// possible.
	async fn described(&self, account: Account) -> Result<Account, Error> {
		let name = &account.entry.name;
		match self.entry(name).await {
			Ok(Some(entry)) if entry == account.entry => (),
			Ok(Some(_)) => {
				let what = "it does not say what the account's secret file says";
				return Err(self.bad_entry(name, what).into());
			},
			// In a home that can't be written to, the account can be read all the same.
			Ok(None) => drop(self.publish(&account.entry).await),
			// What could write nonsense could also delete it. Where nothing can be written, the reason is what is there.
			Err(Error::BadEntry(bad)) => self.publish(&account.entry).await.map_err(|_| bad)?,
			Err(why) => return Err(why),
		}
		Ok(account)
	}

	/// The accounts' names, in order.
	pub async fn names(&self) -> Result<Vec<Name>, Error> {
		let found = self.storage.list(FOLDER).await?;
		let secrets = found.iter().filter_map(|found| found.base().strip_suffix(".age"));
		let mut names: Vec<Name> = secrets.filter_map(|name| name.parse().ok()).collect();
		names.sort();
		Ok(names)
	}

	/// The accounts' names in order, each with its public part unless that is missing. One that can't be used hides none of
	/// the others.
	pub async fn list(&self) -> Result<Vec<Listed>, Error> {
		let names = self.names().await?;
		let mut accounts = Vec::with_capacity(names.len());
		for name in names {
			match self.entry(&name).await {
				Ok(entry) => accounts.push((name, Ok(entry))),
				Err(Error::BadEntry(bad)) => accounts.push((name, Err(bad))),
				// It was removed meanwhile.
				Err(Error::NotFound(_)) => (),
				Err(why) => return Err(why),
			}
		}
		Ok(accounts)
	}

	/// Checks that an account is here, whatever its public part says.
	///
	/// # Errors
	///
	/// [`Error::NotFound`].
	pub async fn ensure_there(&self, name: &Name) -> Result<(), Error> {
		match self.storage.find(&secret_name(name)).await? {
			Some(_) => Ok(()),
			None => Err(Error::NotFound(name.clone())),
		}
	}

	/// An account's public part, unless that is missing.
	///
	/// # Errors
	///
	/// [`Error::NotFound`] if there is no such account, and [`Error::BadEntry`].
	pub async fn entry(&self, name: &Name) -> Result<Option<Entry>, Error> {
		self.ensure_there(name).await?;
		let bytes = match self.storage.read(&entry_name(name), MAX_ENTRY).await {
			Ok(Some(bytes)) => bytes,
			Ok(None) => return Ok(None),
			// It may be a folder, or another user's.
			Err(failed) => return Err(self.bad_entry(name, failed.why).into()),
		};
		match serde_json::from_slice::<Entry>(&bytes) {
			Ok(entry) if entry.name == *name => Ok(Some(entry)),
			_ => Err(self.bad_entry(name, "it is no description of this account").into()),
		}
	}

	fn bad_entry(&self, name: &Name, what: impl ToString) -> BadEntry {
		BadEntry { place: self.storage.place(&entry_name(name)), what: what.to_string() }
	}

	/// Writes the public part, in place of one that was left behind by an account deleted since.
	async fn publish(&self, entry: &Entry) -> Result<(), Error> {
		let text =
			serde_json::to_vec_pretty(entry).map_err(|why| Error::Unexpected(why.to_string()))?;
		Ok(self.storage.replace(&entry_name(&entry.name), &text).await?)
	}
}

fn secret_name(name: &Name) -> String {
	format!("{FOLDER}{name}.age")
}

fn entry_name(name: &Name) -> String {
	format!("{FOLDER}{name}.json")
}

/// The time in whole seconds, in RFC 3339.
fn now() -> String {
	let seconds = i64::try_from(clock::now() / 1_000).unwrap_or_default();
	Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

fn interrupted(why: io::Error) -> Error {
	Error::Unexpected(why.to_string())
}
