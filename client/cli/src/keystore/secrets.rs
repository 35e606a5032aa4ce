//! What an account's file holds, once its passphrase has opened it.

use super::{Error, Kind, Name};
use age::{
	DecryptError, Decryptor, Encryptor, scrypt,
	secrecy::{ExposeSecret, SecretString},
};
use serde::{Deserialize, Serialize};
use std::{
	io::{self, Read, Write},
	iter,
	path::Path,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The format of what is inside the file.
const VERSION: u32 = 1;

/// The longest file, in bytes.
pub const MAX_LENGTH: usize = 64 * 1_024;

/// scrypt's cost as a power of two, as the age tools choose it: about a second and 256 MiB. Fixed,
/// because measuring it on a machine that is busy at the moment would choose a weak one.
const WORK_FACTOR: u8 = 18;

/// The highest cost that is accepted: four times as much.
const MAX_WORK_FACTOR: u8 = 20;

/// The contents of an account's file. All of it is erased from memory when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrets {
	#[zeroize(skip)]
	version: u32,
	/// The account's name, so that a file can't pass for another one.
	#[zeroize(skip)]
	pub name: Name,
	/// When the account was made or imported (RFC 3339).
	#[zeroize(skip)]
	pub created: String,
	/// The mnemonic (BIP-39, English).
	pub words: String,
	/// What the account signs with.
	pub key: Key,
}

/// Where an account's own key comes from.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Key {
	/// From the words.
	Own,
	/// From an export. Kept as it is, since the library gives no key away that it has decrypted.
	PolkadotJs {
		/// The JSON that Polkadot.js has written.
		export: String,
		/// The password that opens it.
		password: String,
	},
	/// It is not here.
	Wallet {
		/// The account's SS58 address.
		address: String,
	},
	/// From the development phrase that every Substrate tool knows.
	Development {
		/// Like `//Alice//stash`.
		path: String,
	},
}

impl Key {
	/// A key that Polkadot.js has exported.
	pub fn polkadot_js(export: &str, password: &SecretString) -> Self {
		Self::PolkadotJs {
			export: export.to_owned(),
			password: password.expose_secret().to_owned(),
		}
	}

	/// Which of them it is.
	pub fn kind(&self) -> Kind {
		match self {
			Self::Own => Kind::Own,
			Self::PolkadotJs { .. } => Kind::PolkadotJs,
			Self::Wallet { .. } => Kind::Wallet,
			Self::Development { .. } => Kind::Development,
		}
	}
}

impl Secrets {
	/// Secrets of a new account.
	pub fn new(name: Name, created: String, words: &str, key: Key) -> Self {
		Self { version: VERSION, name, created, words: words.to_owned(), key }
	}

	/// As an age v1 file under a passphrase.
	pub fn lock(&self, passphrase: SecretString) -> Result<Vec<u8>, Error> {
		let failed = |why: &dyn ToString| Error::Unexpected(why.to_string());
		// Room from the beginning, so that no copy is left behind where it was before it grew.
		let mut plain = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
		serde_json::to_writer(&mut *plain, self).map_err(|why| failed(&why))?;
		let mut recipient = scrypt::Recipient::new(passphrase);
		recipient.set_work_factor(WORK_FACTOR);
		let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
			.map_err(|why| failed(&why))?;
		let mut locked = Vec::new();
		let mut writer = encryptor.wrap_output(&mut locked).map_err(|why| failed(&why))?;
		writer.write_all(&plain).map_err(|why| failed(&why))?;
		writer.finish().map_err(|why| failed(&why))?;
		Ok(locked)
	}

	/// Opens what [`Secrets::lock`] made. `path` is named in errors.
	pub fn unlock(path: &Path, locked: &[u8], passphrase: SecretString) -> Result<Self, Error> {
		let damaged = |what| Error::Damaged { path: path.to_owned(), what };
		let wrong = |why: DecryptError| match why {
			// age tells a wrong passphrase by the key that it does not decrypt.
			DecryptError::DecryptionFailed
			| DecryptError::KeyDecryptionFailed
			| DecryptError::NoMatchingKeys => Error::WrongPassphrase,
			DecryptError::ExcessiveWork { .. } => Error::TooMuchWork(path.to_owned()),
			DecryptError::InvalidMac => damaged("its header was changed"),
			_ => damaged("it is no age file that a passphrase opens"),
		};
		let decryptor = Decryptor::new(locked).map_err(wrong)?;
		if !decryptor.is_scrypt() {
			return Err(damaged("it is no age file that a passphrase opens"));
		}
		let mut identity = scrypt::Identity::new(passphrase);
		identity.set_max_work_factor(MAX_WORK_FACTOR);
		let mut reader =
			decryptor.decrypt(iter::once(&identity as &dyn age::Identity)).map_err(wrong)?;
		let mut plain = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
		let read: io::Result<usize> = reader.read_to_end(&mut plain);
		read.map_err(|_| damaged("its contents were changed or cut"))?;
		let secrets: Self =
			serde_json::from_slice(&plain).map_err(|_| damaged("it holds no account"))?;
		if secrets.version != VERSION {
			return Err(damaged("a newer version of this program has made it"));
		}
		Ok(secrets)
	}
}
