//! Accounts' files as they are: taken along, brought in, opened without being kept, deleted.

use crate::{Account, Error, Key, Keystore, Name, interrupted, now, passkey, secret_name, secrets};
use age::secrecy::SecretString;
use medblock_crypto::Mnemonic;
use medblock_platform::tasks::blocking;
use secrets::Secrets;
use std::io::ErrorKind;

/// The name of a file that is not stored, for messages.
pub(crate) const BROUGHT: &str = "the account's file";

impl Account {
	/// An account that is not stored.
	pub fn of(name: Name, words: &Mnemonic, key: Key) -> Result<Self, Error> {
		Self::from_secrets(&Secrets::new(name, now(), &words.words(), key))
	}

	/// The account in a file, without storing it.
	pub async fn in_file(file: Vec<u8>, passphrase: SecretString) -> Result<Self, Error> {
		let opening =
			blocking(move || Self::from_secrets(&Secrets::unlock(BROUGHT, &file, passphrase)?));
		opening.await.map_err(interrupted)?
	}
}

impl Keystore {
	/// An account's file, as it is stored.
	///
	/// # Errors
	///
	/// [`Error::NotFound`].
	pub async fn file(&self, name: &Name) -> Result<Vec<u8>, Error> {
		let found = self.storage.read(&secret_name(name), secrets::MAX_LENGTH).await?;
		found.map(|bytes| bytes.to_vec()).ok_or_else(|| Error::NotFound(name.clone()))
	}

	/// Stores an account's file under the name that it says, if the passphrase opens it.
	///
	/// # Errors
	///
	/// [`Error::AlreadyThere`], and those of unlocking.
	pub async fn take_in(&self, file: Vec<u8>, passphrase: SecretString) -> Result<Account, Error> {
		let account = Account::in_file(file.clone(), passphrase).await?;
		let name = &account.entry.name;
		self.store(name, &file).await?;
		self.publish(&account.entry).await?;
		Ok(account)
	}

	/// Seals an account under another passphrase. The old one opens copies of the old file only.
	pub async fn change_passphrase(
		&self,
		name: &Name,
		old: SecretString,
		new: SecretString,
	) -> Result<(), Error> {
		let (file, place) = (self.file(name).await?, self.storage.place(&secret_name(name)));
		let work_factor = self.work_factor;
		let sealing = blocking(move || Secrets::unlock(&place, &file, old)?.lock(new, work_factor));
		let locked = sealing.await.map_err(interrupted)??;
		Ok(self.storage.replace(&secret_name(name), &locked).await?)
	}

	/// Deletes an account, and everything that unlocks it. Copies in vaults stay.
	///
	/// # Errors
	///
	/// [`Error::NotFound`].
	pub async fn remove(&self, name: &Name) -> Result<(), Error> {
		// A damaged description must not keep the account from being deleted.
		self.ensure_there(name).await?;
		self.storage.clear(&passkey::folder(name)).await?;
		self.forget_copies(name).await?;
		self.storage.remove(&secret_name(name)).await?;
		Ok(self.storage.remove(&crate::entry_name(name)).await?)
	}

	/// Stores an account's file under a free name.
	pub(crate) async fn store(&self, name: &Name, file: &[u8]) -> Result<(), Error> {
		self.storage.create(&secret_name(name), file).await.map_err(|error| {
			match error.why.kind() {
				ErrorKind::AlreadyExists => Error::AlreadyThere(name.clone()),
				_ => error.into(),
			}
		})
	}
}
