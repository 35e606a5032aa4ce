//! Unlocked accounts that another process holds for a while, so that their owner need not type the passphrase for
//! each command.

use crate::{
	Account, Error, Keystore, Name, interrupted, secret_name,
	secrets::{MAX_LENGTH, Secrets},
};
use age::secrecy::SecretString;
use medblock_platform::tasks::blocking;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The length of the digest of an account's file.
const DIGEST: usize = 32;

/// An account's secrets in clear, and the digest of the file that they were in. They open the account only as long as it has
/// this file: with another passphrase, or a removed account, they are of no use here.
///
/// They are erased from memory when dropped.
pub struct Held(Zeroizing<Vec<u8>>);

impl Held {
	/// The longest form, in bytes.
	pub const LONGEST: usize = DIGEST + MAX_LENGTH;

	/// What [`Self::bytes`] gave.
	pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
		Self(bytes)
	}

	/// The form in which it goes to the process that holds it. Everyone who has this has the account.
	pub fn bytes(&self) -> &[u8] {
		&self.0
	}

	fn of(secrets: &Secrets, file: &[u8]) -> Result<Self, Error> {
		// With enough capacity: growing would leave a copy behind that is not erased.
		let mut bytes = Zeroizing::new(Vec::with_capacity(Self::LONGEST));
		bytes.extend_from_slice(&Sha256::digest(file));
		serde_json::to_writer(&mut *bytes, secrets)
			.map_err(|why| Error::Unexpected(why.to_string()))?;
		Ok(Self(bytes))
	}

	/// The secrets, if they were in this file.
	fn secrets_in(&self, file: &[u8]) -> Option<Secrets> {
		let (digest, secrets) = self.0.split_at_checked(DIGEST)?;
		let is_of_file = digest == &Sha256::digest(file)[..];
		is_of_file.then(|| serde_json::from_slice(secrets).ok()).flatten()
	}
}

impl Keystore {
	/// Unlocks an account, to be held.
	///
	/// # Errors
	///
	/// Those of [`Keystore::unlock`].
	pub async fn hold(&self, name: &Name, passphrase: SecretString) -> Result<Held, Error> {
		let (account, secrets, file) = self.opened(name, passphrase).await?;
		self.described(account).await?;
		Held::of(&secrets, &file)
	}

	/// Opens an account with what is held of it; nothing if that is of another file than the account has now.
	///
	/// # Errors
	///
	/// Those of [`Keystore::unlock`].
	pub async fn unlock_held(&self, name: &Name, held: Held) -> Result<Option<Account>, Error> {
		let file = match self.storage.read(&secret_name(name), MAX_LENGTH).await? {
			Some(file) => file,
			None => return Err(Error::NotFound(name.clone())),
		};
		let wanted = name.clone();
		let opening = blocking(move || {
			let secrets = held.secrets_in(&file).filter(|secrets| secrets.name == wanted);
			secrets.map(|secrets| Account::from_secrets(&secrets)).transpose()
		});
		match opening.await.map_err(interrupted)?? {
			Some(account) => self.described(account).await.map(Some),
			None => Ok(None),
		}
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{Key, WorkFactor};
	use medblock_crypto::Mnemonic;
	use medblock_platform::{Memory, Storage};
	use std::sync::Arc;

	const PASSPHRASE: &str = "correct horse battery";

	async fn with_account(name: &Name) -> (Arc<Memory>, Keystore) {
		let storage = Arc::new(Memory::new());
		let keystore = Keystore::new(storage.clone(), WorkFactor(10));
		let words = Mnemonic::generate();
		keystore.create(name, &words, Key::Own, PASSPHRASE.into()).await.unwrap();
		(storage, keystore)
	}

	/// As another process has it.
	async fn held(keystore: &Keystore, name: &Name) -> Vec<u8> {
		keystore.hold(name, PASSPHRASE.into()).await.unwrap().bytes().to_vec()
	}

	fn again(bytes: &[u8]) -> Held {
		Held::from_bytes(Zeroizing::new(bytes.to_vec()))
	}

	#[tokio::test]
	async fn held_account_opens_without_its_passphrase() {
		let name: Name = "maria".parse().unwrap();
		let (_, keystore) = with_account(&name).await;
		let bytes = held(&keystore, &name).await;
		let opened = keystore.unlock_held(&name, again(&bytes)).await.unwrap().unwrap();
		let unlocked = keystore.unlock(&name, PASSPHRASE.into()).await.unwrap();
		assert_eq!(*opened.words.words(), *unlocked.words.words());
		assert!(keystore.hold(&name, "another passphrase".into()).await.is_err());
	}

	#[tokio::test]
	async fn what_is_held_is_of_no_use_after_a_new_passphrase_or_a_removal() {
		let name: Name = "maria".parse().unwrap();
		let (_, keystore) = with_account(&name).await;
		let bytes = held(&keystore, &name).await;
		let new = "staple of another";
		keystore.change_passphrase(&name, PASSPHRASE.into(), new.into()).await.unwrap();
		assert!(keystore.unlock_held(&name, again(&bytes)).await.unwrap().is_none());
		keystore.remove(&name).await.unwrap();
		let gone = keystore.unlock_held(&name, again(&bytes)).await.err().unwrap();
		assert!(matches!(gone, Error::NotFound(_)), "{gone}");
	}

	#[tokio::test]
	async fn account_of_another_name_or_damaged_bytes_open_nothing() {
		let (maria, jan): (Name, Name) = ("maria".parse().unwrap(), "jan".parse().unwrap());
		let (storage, keystore) = with_account(&maria).await;
		let bytes = held(&keystore, &maria).await;
		let file = storage.read("accounts/maria.age", MAX_LENGTH).await.unwrap().unwrap();
		storage.create("accounts/jan.age", &file).await.unwrap();
		assert!(keystore.unlock_held(&jan, again(&bytes)).await.unwrap().is_none());
		for damaged in [&[][..], &bytes[..20], &bytes[..40]] {
			assert!(keystore.unlock_held(&maria, again(damaged)).await.unwrap().is_none());
		}
	}
}
