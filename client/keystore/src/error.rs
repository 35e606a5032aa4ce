//! Errors of accounts.

use crate::Name;
use medblock_platform::told::Told;

/// The public part of an account is there, and can't be used: it was changed or cut, is another program's, or can't be read.
/// It holds no secret, and the account has all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} can't be used ({what})")]
pub struct BadEntry {
	/// The file.
	pub place: String,
	/// What is wrong with it.
	pub what: String,
}

/// Why an account can't be made, read or unlocked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The name is taken.
	#[error("there is an account named {0} already: nothing was overwritten")]
	AlreadyThere(Name),
	/// The name is unknown.
	#[error("there is no account named {0} here")]
	NotFound(Name),
	/// The passphrase does not open the account's file.
	#[error("the passphrase is wrong, or the account's file is damaged")]
	WrongPassphrase,
	/// The passkey's answer does not open the account's file for it.
	#[error("the passkey does not open this account")]
	WrongPasskey,
	/// The account has no such passkey.
	#[error("the account {0} has no such passkey")]
	NoSuchPasskey(Name),
	/// The passkey's identifier can't be one.
	#[error("this is no identifier of a passkey")]
	BadPasskey,
	/// A file was changed or cut.
	#[error("{place} is damaged ({what})")]
	Damaged {
		/// The file.
		place: String,
		/// The damage.
		what: &'static str,
	},
	/// An account's public part can't be used. Unlocking the account writes one again that says nothing; one that says something
	/// false is left as it is.
	#[error(transparent)]
	BadEntry(#[from] BadEntry),
	/// The file asks for more memory and time than any file that this crate makes.
	#[error("{0} would take too long to unlock: this program has not made it")]
	TooMuchWork(String),
	/// The words are no recovery phrase.
	#[error("{0}")]
	Words(medblock_crypto::Error),
	/// The password does not open the Polkadot.js export.
	#[error("the password of the Polkadot.js export is wrong, or the file is damaged")]
	WrongExportPassword,
	/// The Polkadot.js export is of another kind.
	#[error("this is no Polkadot.js export of one sr25519 account")]
	UnknownExport,
	/// The name is not that of a development account.
	#[error("no development account is named like that")]
	NotForDevelopment,
	/// A file or folder can't be used.
	#[error(transparent)]
	Storage(#[from] medblock_platform::Error),
	/// The keys can't be computed, or the file can't be encrypted, for no known reason.
	#[error("{0}")]
	Unexpected(String),
}

impl Error {
	/// What the error says, with its code. `portal/check-locales.mjs` reads the codes from here.
	// Without wildcards, so that every new error gets a code.
	pub fn told(&self) -> Told {
		let new = |code: &'static str| Told::new(code, self);
		match self {
			Self::AlreadyThere(name) => new("keystore.already-there").with("name", name),
			Self::NotFound(name) => new("keystore.not-found").with("name", name),
			Self::WrongPassphrase => new("keystore.wrong-passphrase"),
			Self::WrongPasskey => new("keystore.wrong-passkey"),
			Self::NoSuchPasskey(name) => new("keystore.no-such-passkey").with("name", name),
			Self::BadPasskey => new("keystore.bad-passkey"),
			Self::Damaged { place, .. } | Self::BadEntry(BadEntry { place, .. }) => {
				new("keystore.damaged").with("place", place)
			},
			Self::TooMuchWork(place) => new("keystore.too-much-work").with("place", place),
			Self::Words(_) => new("keystore.words"),
			Self::WrongExportPassword => new("keystore.wrong-export-password"),
			Self::UnknownExport => new("keystore.unknown-export"),
			Self::NotForDevelopment => new("keystore.not-for-development"),
			Self::Storage(why) => why.told(),
			Self::Unexpected(why) => new("keystore.unexpected").with("why", why),
		}
	}
}
