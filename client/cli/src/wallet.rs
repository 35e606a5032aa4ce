//! Accounts whose key is in a wallet: the user carries the sign-in text to the wallet, and the
//! signature back.

use crate::terminal;
use futures::{
	FutureExt,
	future::{BoxFuture, ready},
};
use medblock_client::{Error, Wallet, chain::AccountId, keys, medblock_crypto::Challenge};
use medblock_platform::Error as StorageError;
use std::{
	io::{BufRead, Read, stdin},
	sync::atomic::{AtomicBool, Ordering},
};
use subxt_signer::sr25519::{PublicKey, Signature, verify};

/// Shows the text to sign, and reads the signature from standard input. It does not ask again after
/// a wrong signature.
pub struct AskingWallet {
	account: AccountId,
	failed: AtomicBool,
}

impl AskingWallet {
	/// The wallet of an account.
	pub fn new(account: AccountId) -> Self {
		Self { account, failed: AtomicBool::new(false) }
	}
}

impl Wallet for AskingWallet {
	fn sign<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<[u8; 64], Error>> {
		ready(self.ask(text)).boxed()
	}
}

impl AskingWallet {
	fn ask(&self, text: &str) -> Result<[u8; 64], Error> {
		if self.failed.load(Ordering::Relaxed) {
			return Err(Error::BadValue { what: "the signature", problem: "was wrong before" });
		}
		terminal::show(format_args!(
			// The field there takes one line, so line breaks would be lost.
			"A vault asks you to sign in. In Polkadot.js Apps, open Developer > Sign and verify, choose \
			 the account {}, and sign this one line: the text below, in hexadecimal.\n\n0x{}\n\nIn a \
			 wallet that takes several lines, sign exactly this:\n\n{text}\n\nSignature (0x...):",
			self.account,
			hex::encode(text),
		));
		let mut line = String::new();
		// This is longer than any signature, and limits endless input.
		let mut input = stdin().lock().take(1_024);
		input.read_line(&mut line).map_err(StorageError::cannot("read", "standard input"))?;
		checked(line.trim(), text, &self.account)
			.inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
	}
}

/// The signature, if the account has signed this text with it.
fn checked(line: &str, text: &str, account: &AccountId) -> Result<[u8; 64], Error> {
	let wrong = |problem| Error::BadValue { what: "the signature", problem };
	let bytes = hex::decode(line.trim_start_matches("0x"))
		.map_err(|_| wrong("has to be 0x and 128 hex digits"))?;
	// Some wallets put the kind of key in front: 1 is sr25519.
	let bytes = match bytes.as_slice() {
		[1, rest @ ..] if rest.len() == 64 => rest,
		all => all,
	};
	let bytes: [u8; 64] = bytes.try_into().map_err(|_| wrong("has to be 0x and 128 hex digits"))?;
	let signed = Challenge::signed_bytes(text);
	if !verify(&Signature(bytes), signed, &PublicKey(account.0)) {
		return Err(wrong("is not this account's, or is of another text"));
	}
	Ok(bytes)
}

/// The wallet for questions that need no signature.
pub struct NoWallet;

impl Wallet for NoWallet {
	fn sign<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<[u8; 64], Error>> {
		ready(Err(Error::Keys(keys::Error::InWallet))).boxed()
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use subxt_signer::sr25519::dev;

	#[test]
	fn signature_has_to_be_the_accounts_and_of_the_text() {
		let alice = AccountId::from(dev::alice().public_key().0);
		let Signature(good) = dev::alice().sign(&Challenge::signed_bytes("sign in"));
		let line = format!("0x{}", hex::encode(good));
		assert_eq!(checked(&line, "sign in", &alice).unwrap(), good);
		assert_eq!(checked(&line.replace("0x", "0x01"), "sign in", &alice).unwrap(), good);
		let Signature(bare) = dev::alice().sign(b"sign in");
		let Signature(of_bob) = dev::bob().sign(&Challenge::signed_bytes("sign in"));
		for bad in [hex::encode(bare), hex::encode(of_bob), "0x".into(), "ab".into(), "zz".into()] {
			assert!(checked(&bad, "sign in", &alice).is_err(), "{bad}");
		}
		assert!(checked(&line, "sign in too", &alice).is_err());
	}
}
