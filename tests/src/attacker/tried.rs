//! What an attacker has tried already.

use medblock_client::medblock_crypto::{Identity, SealContext, SecretShare, unseal, unseal_share};
use sp_io::hashing::blake2_256;
use std::{cell::RefCell, collections::HashMap};

/// What keys open. Each is tried once on each sealed secret in each context: that takes a third of a millisecond, and what
/// did not open once never does.
#[derive(Default)]
pub(super) struct Tried {
	secrets: RefCell<HashMap<[u8; 32], Option<[u8; 32]>>>,
	shares: RefCell<HashMap<[u8; 32], Option<SecretShare>>>,
}

impl Tried {
	/// The secret, if the key opens it in this context.
	pub(super) fn unseal(
		&self,
		with: &Identity,
		context: &SealContext,
		sealed: &[u8],
	) -> Option<[u8; 32]> {
		let mut secrets = self.secrets.borrow_mut();
		let attempt = secrets.entry(attempt(with, context, sealed));
		*attempt.or_insert_with(|| unseal(with, context, sealed).ok().map(|secret| *secret))
	}

	/// As [`Tried::unseal`], of a share.
	pub(super) fn unseal_share(
		&self,
		with: &Identity,
		context: &SealContext,
		sealed: &[u8],
	) -> Option<SecretShare> {
		let mut shares = self.shares.borrow_mut();
		let attempt = shares.entry(attempt(with, context, sealed));
		attempt.or_insert_with(|| unseal_share(with, context, sealed).ok()).clone()
	}
}

/// The name of an attempt. No two have the same.
fn attempt(with: &Identity, context: &SealContext, sealed: &[u8]) -> [u8; 32] {
	let context = format!("{context:?}");
	blake2_256(&[&with.seed()[..], context.as_bytes(), sealed].concat())
}
