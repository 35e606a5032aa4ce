//! The contents of an account's file, and the file itself.

use crate::{Error, Kind, Name};
use age::{
	DecryptError, Decryptor, Encryptor, scrypt,
	secrecy::{ExposeSecret, SecretString},
};
use serde::{Deserialize, Serialize};
use std::{
	io::{self, Read, Write},
	iter,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The version of the contents.
const VERSION: u32 = 1;

/// The longest file, in bytes.
pub const MAX_LENGTH: usize = 64 * 1_024;

/// The cost of trying a passphrase: scrypt's N, as a power of two.
///
/// It is fixed. Measuring it on a machine that is busy at the moment would choose a weak one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkFactor(pub(crate) u8);

impl WorkFactor {
	/// 2^18, as the age tools choose it: about a second and 256 MiB.
	pub const NATIVE: Self = Self(18);

	/// 2^16, for browsers, where a tab on a phone has less memory: 64 MiB.
	pub const BROWSER: Self = Self(16);

	/// The highest cost that is accepted: natively four times as much as its own, in browsers as much as
	/// natively made files have.
	const MAX: Self = Self(if cfg!(target_family = "wasm") { 18 } else { 20 });
}

/// The contents of an account's file. They are erased from memory when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrets {
	#[zeroize(skip)]
	version: u32,
	/// The account's name, so that a file can't be passed off as another's.
	#[zeroize(skip)]
	pub name: Name,
	/// The time when the account was made or imported (RFC 3339).
	#[zeroize(skip)]
	pub created: String,
	/// The recovery phrase (BIP-39, English).
	pub words: String,
	/// The signing key.
	pub key: Key,
}

/// An account's signing key.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Key {
	/// Derived from the words.
	Own,
	/// A Polkadot.js export. It is kept as it is, since the library does not give out the key that it decrypts.
	PolkadotJs {
		/// The JSON that Polkadot.js wrote.
		export: String,
		/// The password that opens it.
		password: String,
	},
	/// Kept in a wallet.
	Wallet {
		/// The account's SS58 address.
		address: String,
	},
	/// Derived from the development phrase that every Substrate tool knows.
	Development {
		/// The derivation path, such as `//Alice//stash`.
		path: String,
	},
}

impl Key {
	/// A key exported from Polkadot.js.
	pub fn polkadot_js(export: &str, password: &SecretString) -> Self {
		Self::PolkadotJs {
			export: export.to_owned(),
			password: password.expose_secret().to_owned(),
		}
	}

	/// The kind of key.
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
	/// The secrets of a new account.
	pub fn new(name: Name, created: String, words: &str, key: Key) -> Self {
		Self { version: VERSION, name, created, words: words.to_owned(), key }
	}

	/// Encrypts the secrets into an age v1 file under a passphrase.
	pub fn lock(
		&self,
		passphrase: SecretString,
		WorkFactor(factor): WorkFactor,
	) -> Result<Vec<u8>, Error> {
		let mut recipient = scrypt::Recipient::new(passphrase);
		recipient.set_work_factor(factor);
		self.seal(&recipient)
	}

	/// Encrypts the secrets into an age v1 file for one recipient.
	pub fn seal(&self, recipient: &dyn age::Recipient) -> Result<Vec<u8>, Error> {
		let failed = |why: &dyn ToString| Error::Unexpected(why.to_string());
		// With enough capacity: growing would leave a copy behind that is not erased.
		let mut plain = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
		serde_json::to_writer(&mut *plain, self).map_err(|why| failed(&why))?;
		let encryptor =
			Encryptor::with_recipients(iter::once(recipient)).map_err(|why| failed(&why))?;
		let mut locked = Vec::new();
		let mut writer = encryptor.wrap_output(&mut locked).map_err(|why| failed(&why))?;
		writer.write_all(&plain).map_err(|why| failed(&why))?;
		writer.finish().map_err(|why| failed(&why))?;
		Ok(locked)
	}

	/// Decrypts a file. Errors name `place`.
	pub fn unlock(place: &str, locked: &[u8], passphrase: SecretString) -> Result<Self, Error> {
		let mut identity = scrypt::Identity::new(passphrase);
		identity.set_max_work_factor(WorkFactor::MAX.0);
		Self::open(place, locked, &identity, true)
	}

	/// Decrypts a file whose key the identity has, which is a passphrase's or not. Errors name
	/// `place`.
	pub fn open(
		place: &str,
		locked: &[u8],
		identity: &dyn age::Identity,
		by_passphrase: bool,
	) -> Result<Self, Error> {
		let damaged = |what| Error::Damaged { place: place.to_owned(), what };
		let other = match by_passphrase {
			true => "it is no age file that a passphrase opens",
			false => "it is no age file that a passkey opens",
		};
		let wrong = |why: DecryptError| match why {
			// For age, a wrong passphrase is a key that it does not decrypt.
			DecryptError::DecryptionFailed
			| DecryptError::KeyDecryptionFailed
			| DecryptError::NoMatchingKeys => match by_passphrase {
				true => Error::WrongPassphrase,
				false => Error::WrongPasskey,
			},
			DecryptError::ExcessiveWork { .. } => Error::TooMuchWork(place.to_owned()),
			DecryptError::InvalidMac => damaged("its header was changed"),
			_ => damaged(other),
		};
		let decryptor = Decryptor::new(locked).map_err(wrong)?;
		if decryptor.is_scrypt() != by_passphrase {
			return Err(damaged(other));
		}
		let mut reader = decryptor.decrypt(iter::once(identity)).map_err(wrong)?;
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
