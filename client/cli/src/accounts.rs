//! Advice about an account that can't be used.

use crate::exit::{Code, Failure};
use medblock_keystore::Error;

impl From<Error> for Failure {
	fn from(error: Error) -> Self {
		Self::new(
			code_of(&error),
			match advice(&error) {
				Some(advice) => format!("{error}: {advice}"),
				None => error.to_string(),
			},
		)
	}
}

/// Without a wildcard, so that every new error gets a code of its own.
fn code_of(error: &Error) -> Code {
	match error {
		Error::AlreadyThere(_) | Error::NotFound(_) | Error::Storage(_) => Code::Local,
		Error::WrongPassphrase
		| Error::WrongPasskey
		| Error::Damaged { .. }
		| Error::BadEntry(_)
		| Error::TooMuchWork(_)
		| Error::Words(_)
		| Error::WrongExportPassword
		| Error::UnknownExport => Code::WrongKey,
		Error::NotForDevelopment | Error::NoSuchPasskey(_) | Error::BadPasskey => Code::Usage,
		Error::Unexpected(_) => Code::Unexpected,
	}
}

fn advice(error: &Error) -> Option<&'static str> {
	Some(match error {
		Error::NotFound(_) => "`medblock account list` shows those that are",
		Error::Damaged { .. } => "restore it from a copy, or import the words again",
		Error::BadEntry(_) => {
			"delete it. It holds no secret, and unlocking the account, as `medblock account show NAME` then does, writes it again"
		},
		Error::UnknownExport => "export a single account there, as JSON",
		Error::NotForDevelopment => "try Alice or Alice//stash",
		_ => return None,
	})
}
