//! Sessions whose requests are signed, by the key that the sign-in has named.

use crate::errors::Refusal;
use medblock_primitives::Moment;
use medblock_receipts::{Lie, MAX_APART, Session, SignedRequest, Signer};
use std::{
	collections::HashSet,
	sync::{Mutex, PoisonError},
};

/// A session's key, and the requests that it has signed so far.
pub struct Reader {
	session: Session,
	signer: Signer,
	/// The nonces. Each is of a download, and an account's downloads are counted.
	used: Mutex<HashSet<[u8; 16]>>,
}

impl Reader {
	/// The one of a sign-in that the account has signed; none if it names no key.
	pub fn of(genesis: &[u8; 32], challenge: &str, signature: [u8; 64]) -> Option<Self> {
		let session = Session { challenge: challenge.to_owned(), signature };
		let signer = session.check(genesis).ok()?;
		Some(Self { session, signer, used: Mutex::default() })
	}

	/// The sign-in.
	pub fn session(&self) -> &Session {
		&self.session
	}

	/// Refuses a request that is not signed by the session's key, or not about now.
	pub fn check(&self, asked: &SignedRequest, now: Moment) -> Result<(), Refusal> {
		self.signer.check(asked).map_err(|why| match why {
			Lie::OtherTime => Refusal::RequestExpired,
			_ => Refusal::RequestNotSigned,
		})?;
		match asked.request.time.abs_diff(now) <= MAX_APART {
			true => Ok(()),
			false => Err(Refusal::RequestExpired),
		}
	}

	/// Uses a request up. It is answered once.
	pub fn use_up(&self, asked: &SignedRequest) -> Result<(), Refusal> {
		let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
		match used.insert(asked.request.nonce) {
			true => Ok(()),
			false => Err(Refusal::RequestUsed),
		}
	}
}
