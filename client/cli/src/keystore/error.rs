//! What goes wrong with accounts on this machine.

use super::Name;
use crate::exit::{Code, Failure};
use std::{io, path::PathBuf};

/// Why an account can't be made, read or unlocked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The name is taken.
	#[error("there is an account named {0} already: nothing was overwritten")]
	AlreadyThere(Name),
	/// The name is not known.
	#[error("there is no account named {0} here: `medblock account list` shows those that are")]
	NotFound(Name),
	/// The passphrase does not open the account's file.
	#[error("the passphrase is wrong, or the account's file is damaged")]
	WrongPassphrase,
	/// A file has been changed or cut.
	#[error("{path} is damaged ({what}): restore it from a copy, or import the words again")]
	Damaged {
		/// The file.
		path: PathBuf,
		/// What is wrong with it.
		what: &'static str,
	},
	/// The file asks for more memory and time to unlock it than is reasonable.
	#[error("{0} would take too long to unlock: this program has not made it")]
	TooMuchWork(PathBuf),
	/// The words are no mnemonic.
	#[error("{0}")]
	Words(medblock_crypto::Error),
	/// The password does not open the Polkadot.js export.
	#[error("the password of the Polkadot.js export is wrong, or the file is damaged")]
	WrongExportPassword,
	/// What Polkadot.js has exported is of another kind.
	#[error(
		"this is no Polkadot.js export of one sr25519 account: export a single account there, as JSON"
	)]
	UnknownExport,
	/// Not the name of a development account.
	#[error("no development account is named like that: try Alice or Alice//stash")]
	NotForDevelopment,
	/// A file or folder can't be used.
	#[error("cannot {what} {path}: {why}")]
	File {
		/// What was tried.
		what: &'static str,
		/// With which file.
		path: PathBuf,
		/// Why not.
		why: io::Error,
	},
	/// The keys can't be computed or the file not be encrypted, which nothing explains.
	#[error("{0}")]
	Unexpected(String),
}

impl From<Error> for Failure {
	fn from(error: Error) -> Self {
		let code = match error {
			Error::AlreadyThere(_) | Error::NotFound(_) | Error::File { .. } => Code::Local,
			Error::WrongPassphrase
			| Error::Damaged { .. }
			| Error::TooMuchWork(_)
			| Error::Words(_)
			| Error::WrongExportPassword
			| Error::UnknownExport => Code::WrongKey,
			Error::NotForDevelopment => Code::Usage,
			Error::Unexpected(_) => Code::Unexpected,
		};
		Self::new(code, error)
	}
}
