//! Passkeys that unlock an account beside its passphrase.
//!
//! A passkey with WebAuthn's `prf` extension answers questions, each with 32 bytes that it alone can
//! compute. The file for a passkey is an age v1 file with the stanza `age-encryption.org/fido2prf`,
//! as npm's `age-encryption` makes it: its argument is a nonce of 16 bytes (base64 without padding),
//! and its body is the file key under HKDF-Extract (SHA-256) of both answers, with the stanza's name
//! as the salt, by ChaCha20-Poly1305.

use crate::{Account, Error, Keystore, Name, interrupted, moving::BROUGHT, secret_name, secrets};
use age::{DecryptError, EncryptError, secrecy::SecretString};
use age_core::{
	format::{FILE_KEY_BYTES, FileKey, Stanza},
	primitives::{aead_decrypt, aead_encrypt},
	secrecy::ExposeSecret,
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use hkdf::Hkdf;
use medblock_platform::tasks::blocking;
use rand::{RngCore, rngs::OsRng};
use secrets::Secrets;
use sha2::Sha256;
use std::collections::HashSet;
use zeroize::Zeroizing;

/// The stanza's name.
const KIND: &str = "age-encryption.org/fido2prf";

/// The longest identifier of a credential, in characters of base64url: WebAuthn allows 1,023 bytes.
const MAX_ID: usize = 1_364;

type Nonce = [u8; 16];

/// A passkey that unlocks an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
	/// The credential's identifier, in base64url without padding.
	pub id: String,
	/// The time when it was added, in milliseconds since 1970.
	pub added: u64,
}

/// What a passkey is asked: the inputs of WebAuthn's `prf` extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
	nonce: Nonce,
}

impl Questions {
	/// New questions, which no passkey was ever asked.
	pub fn new() -> Self {
		let mut nonce = [0; 16];
		OsRng.fill_bytes(&mut nonce);
		Self { nonce }
	}

	/// The inputs `first` and `second`.
	pub fn inputs(&self) -> [Vec<u8>; 2] {
		[1, 2].map(|number| [KIND.as_bytes(), &[number], &self.nonce].concat())
	}
}

impl Default for Questions {
	fn default() -> Self {
		Self::new()
	}
}

/// A passkey's answers to the inputs `first` and `second`.
pub struct Answers(Zeroizing<[u8; 64]>);

impl Answers {
	/// From both answers, of 32 bytes each.
	///
	/// # Errors
	///
	/// [`Error::WrongPasskey`] if they have another length.
	pub fn new(first: &[u8], second: &[u8]) -> Result<Self, Error> {
		let both = Zeroizing::new([first, second].concat());
		match (first.len(), <[u8; 64]>::try_from(&both[..])) {
			(32, Ok(both)) => Ok(Self(Zeroizing::new(both))),
			_ => Err(Error::WrongPasskey),
		}
	}

	/// The key under which the file key lies.
	fn key(&self) -> Zeroizing<[u8; 32]> {
		let (key, _) = Hkdf::<Sha256>::extract(Some(KIND.as_bytes()), &*self.0);
		Zeroizing::new(key.into())
	}
}

/// Seals to a passkey.
struct Recipient<'a>(&'a Questions, &'a Answers);

impl age::Recipient for Recipient<'_> {
	fn wrap_file_key(
		&self,
		file_key: &FileKey,
	) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
		let args = vec![BASE64_STANDARD_NO_PAD.encode(self.0.nonce)];
		let body = aead_encrypt(&self.1.key(), file_key.expose_secret());
		Ok((vec![Stanza { tag: KIND.to_owned(), args, body }], HashSet::new()))
	}
}

/// Opens with a passkey's answers.
struct Identity<'a>(&'a Answers);

impl age::Identity for Identity<'_> {
	fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
		nonce_of(stanza)?;
		let opened = aead_decrypt(&self.0.key(), FILE_KEY_BYTES, &stanza.body).ok()?;
		let opened = Zeroizing::new(opened);
		Some(Ok(FileKey::init_with_mut(|file_key| file_key.copy_from_slice(&opened))))
	}
}

/// The nonce of a passkey's stanza.
fn nonce_of(stanza: &Stanza) -> Option<Nonce> {
	let [argument] = stanza.args.as_slice() else { return None };
	let nonce = BASE64_STANDARD_NO_PAD.decode(argument).ok()?;
	(stanza.tag == KIND).then(|| nonce.try_into().ok())?
}

/// Reads the nonce out of a file's header, and opens nothing.
#[derive(Default)]
struct Peek(std::cell::Cell<Option<Nonce>>);

impl age::Identity for Peek {
	fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
		if let Some(nonce) = nonce_of(stanza) {
			self.0.set(Some(nonce));
		}
		None
	}
}

impl Keystore {
	/// The passkeys that unlock an account, the oldest first.
	pub async fn passkeys(&self, name: &Name) -> Result<Vec<Passkey>, Error> {
		let found = self.storage.list(&format!("{}/", folder(name))).await?;
		let mut all: Vec<Passkey> = found
			.iter()
			.filter_map(|one| Some((one.base().strip_suffix(".age")?, one.modified)))
			.map(|(id, added)| Passkey { id: id.to_owned(), added })
			.collect();
		all.sort_by(|one, other| (one.added, &one.id).cmp(&(other.added, &other.id)));
		Ok(all)
	}

	/// The questions for a passkey that is to unlock an account.
	///
	/// # Errors
	///
	/// [`Error::NoSuchPasskey`], and [`Error::Damaged`] if its file is no such file.
	pub async fn questions(&self, name: &Name, id: &str) -> Result<Questions, Error> {
		let file = self.passkey_file(name, id).await?;
		asked_by(&self.storage.place(&passkey_name(name, id)?), &file)
	}

	/// Lets a passkey unlock an account as well, by its answers to new questions. The passphrase
	/// stays.
	pub async fn add_passkey(
		&self,
		name: &Name,
		passphrase: SecretString,
		id: &str,
		(questions, answers): (Questions, Answers),
	) -> Result<(), Error> {
		let target = passkey_name(name, id)?;
		let (file, place) = (self.file(name).await?, self.storage.place(&secret_name(name)));
		let sealing = blocking(move || {
			Secrets::unlock(&place, &file, passphrase)?.seal(&Recipient(&questions, &answers))
		});
		let sealed = sealing.await.map_err(interrupted)??;
		Ok(self.storage.replace(&target, &sealed).await?)
	}

	/// Opens an account with a passkey's answers to its [`questions`](Self::questions).
	///
	/// # Errors
	///
	/// [`Error::WrongPasskey`], and those of files that were changed.
	///
	/// The account may have another name in the passkey's file: that of the device which made the passkey.
	pub async fn unlock_by_passkey(
		&self,
		name: &Name,
		id: &str,
		answers: &Answers,
	) -> Result<Account, Error> {
		let file = self.passkey_file(name, id).await?;
		let place = self.storage.place(&passkey_name(name, id)?);
		let mut secrets = Secrets::open(&place, &file, &Identity(answers), false)?;
		let entry = match self.entry(name).await {
			Err(Error::BadEntry(_)) => None,
			found => found?,
		};
		// Without the public part, only the name says which account it is.
		if entry.is_none() && secrets.name != *name {
			let what = "it belongs to an account of another name";
			return Err(Error::Damaged { place, what });
		}
		secrets.name = name.clone();
		let account = Account::from_secrets(&secrets)?;
		if entry.is_some_and(|entry| entry != account.entry) {
			let what = "it belongs to another account";
			return Err(Error::Damaged { place, what });
		}
		Ok(account)
	}

	/// Forgets a passkey. One that is forgotten already is no error. Its copy in a vault is to be removed.
	pub async fn remove_passkey(&self, name: &Name, id: &str) -> Result<(), Error> {
		let file = passkey_name(name, id)?;
		// First the copy: without the passkey's file, no device would look for it any more.
		self.unwant_copy(name, id).await?;
		Ok(self.storage.remove(&file).await?)
	}

	/// Stores the account of a passkey's file that was not made here, under a passphrase for this device, and lets
	/// the passkey unlock it. It gets the name that the file says, or `name`: on another device it may be taken.
	///
	/// # Errors
	///
	/// [`Error::AlreadyThere`], [`Error::WrongPasskey`], and those of files that were changed.
	pub async fn take_in_by_passkey(
		&self,
		(file, name): (Vec<u8>, Option<Name>),
		id: &str,
		answers: Answers,
		passphrase: SecretString,
	) -> Result<Account, Error> {
		check_id(id)?;
		let work_factor = self.work_factor;
		let opening = blocking(move || {
			let mut secrets = Secrets::open(BROUGHT, &file, &Identity(&answers), false)?;
			if let Some(name) = name {
				secrets.name = name;
			}
			let locked = secrets.lock(passphrase, work_factor)?;
			Ok::<_, Error>((Account::from_secrets(&secrets)?, locked, file))
		});
		let (account, locked, file) = opening.await.map_err(interrupted)??;
		let name = &account.entry.name;
		self.store(name, &locked).await?;
		self.publish(&account.entry).await?;
		self.storage.replace(&passkey_name(name, id)?, &file).await?;
		Ok(account)
	}

	/// A passkey's file, as it is stored.
	///
	/// # Errors
	///
	/// [`Error::NoSuchPasskey`].
	pub async fn passkey_file(&self, name: &Name, id: &str) -> Result<Vec<u8>, Error> {
		let found = self.storage.read(&passkey_name(name, id)?, secrets::MAX_LENGTH).await?;
		found.map(|bytes| bytes.to_vec()).ok_or_else(|| Error::NoSuchPasskey(name.clone()))
	}
}

impl Account {
	/// The account in a passkey's file, without storing it.
	pub fn in_passkey_file(file: &[u8], answers: &Answers) -> Result<Self, Error> {
		Self::from_secrets(&Secrets::open(BROUGHT, file, &Identity(answers), false)?)
	}
}

impl Questions {
	/// The questions for the passkey that opens this file.
	///
	/// # Errors
	///
	/// [`Error::Damaged`] if it is no such file.
	pub fn of_file(file: &[u8]) -> Result<Self, Error> {
		asked_by(BROUGHT, file)
	}
}

/// The questions for the passkey that opens a file. Errors name `place`.
fn asked_by(place: &str, file: &[u8]) -> Result<Questions, Error> {
	let peek = Peek::default();
	match Secrets::open(place, file, &peek, false) {
		Err(damaged @ Error::Damaged { .. }) => Err(damaged),
		_ => peek.0.get().map(|nonce| Questions { nonce }).ok_or(Error::Damaged {
			place: place.to_owned(),
			what: "it is no age file that a passkey opens",
		}),
	}
}

/// The folder of an account's passkeys.
pub(crate) fn folder(name: &Name) -> String {
	format!("passkeys/{name}")
}

fn passkey_name(name: &Name, id: &str) -> Result<String, Error> {
	check_id(id)?;
	Ok(format!("{}/{id}.age", folder(name)))
}

/// Refuses what can't be a credential's identifier.
pub(crate) fn check_id(id: &str) -> Result<(), Error> {
	let is_id = (1..=MAX_ID).contains(&id.len())
		&& id.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
	is_id.then_some(()).ok_or(Error::BadPasskey)
}
