//! The notebook: what a person, or a program for them, notes on this device, such as what they have seen.
//!
//! It is one value, `notebook/ACCOUNT/CHAIN`, sealed under a key of the account's root secret, and bound to the chain and the
//! account. No other device has it, and no hospital. What its text says is the program's own matter.

use crate::{Error, Keys, Result, chain::AccountId, client::Client};
use codec::{Decode, Encode};
use medblock_crypto::CacheKey;
use medblock_platform::Files;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The folder of all of them.
const FOLDER: &str = "notebook";

/// The first of what a notebook is bound to.
const LABEL: &[u8] = b"medblock/v1/notebook";

/// The longest text, in bytes.
pub const LONGEST: usize = 256 * 1_024;

/// A notebook's length steps by so many bytes, so that it says little about what is in it.
const STEP: usize = 4 * 1_024;

/// The longest value: a full notebook with its length, rounded up, and its seal.
const LONGEST_SEALED: usize = LONGEST + 2 * STEP;

/// Deletes the notebooks of an account, of all chains. They are to go when the account is removed.
pub(crate) async fn forget(files: &dyn Files, account: AccountId) -> Result<()> {
	Ok(files.clear(&format!("{FOLDER}/{account}")).await?)
}

/// The notebook of one account of one chain.
pub(crate) struct Notebook {
	files: Arc<dyn Files>,
	name: String,
	bound: Vec<u8>,
	/// None if the account has no secret here. Nothing is kept then.
	key: Option<CacheKey>,
}

impl Notebook {
	/// The one of the account with these keys. Nothing is read yet.
	pub(crate) fn new(files: Arc<dyn Files>, keys: &Keys, genesis: [u8; 32]) -> Self {
		let account = keys.account();
		let key = keys.root().ok().map(|root| root.notebook_key(&genesis, &account.0));
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		let bound = [LABEL, &genesis[..], &account.0[..]].concat();
		Self { files, name: format!("{FOLDER}/{account}/{chain}"), bound, key }
	}

	/// What was written last; nothing if there is nothing, or nothing that opens.
	async fn read(&self) -> Result<Option<Zeroizing<String>>> {
		let Some(key) = &self.key else { return Ok(None) };
		let Some(sealed) = self.files.read(&self.name, LONGEST_SEALED).await? else {
			return Ok(None);
		};
		let Some(plain) = key.open(&self.bound, &sealed) else { return Ok(None) };
		Ok(String::decode(&mut &plain[..]).ok().map(Zeroizing::new))
	}

	/// Writes a text in place of the one before.
	async fn write(&self, text: &str) -> Result<()> {
		if text.len() > LONGEST {
			return Err(Error::BadValue { what: "the notebook", problem: "is too long" });
		}
		let Some(key) = &self.key else { return Ok(()) };
		let mut plain = Zeroizing::new(text.encode());
		let padded = plain.len().next_multiple_of(STEP);
		plain.resize(padded, 0);
		Ok(self.files.replace(&self.name, &key.seal(&self.bound, &plain)).await?)
	}
}

impl Client {
	/// What was noted on this device for the account; nothing if there is nothing that can be read.
	pub async fn notebook(&self) -> Result<Option<Zeroizing<String>>> {
		self.notebook.read().await
	}

	/// Notes a text, in place of the one before. An account without a secret on this device keeps none.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] if the text is longer than [`LONGEST`]; those of the storage.
	pub async fn write_notebook(&self, text: &str) -> Result<()> {
		self.notebook.write(text).await
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;
	use medblock_platform::{Memory, Storage};

	const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

	/// The keys of a person. Each name has other ones.
	fn keys(name: &str) -> Keys {
		Keys::from_seed(Mnemonic::parse(WORDS).unwrap().seed(name)).unwrap()
	}

	fn notebook(files: &Arc<Memory>, name: &str, chain: u8) -> Notebook {
		Notebook::new(files.clone(), &keys(name), [chain; 32])
	}

	async fn text(notebook: &Notebook) -> Option<String> {
		notebook.read().await.unwrap().map(|text| text.to_string())
	}

	#[tokio::test]
	async fn last_text_is_read_by_its_account_and_chain_only() {
		let files = Arc::new(Memory::new());
		let here = notebook(&files, "ana", 1);
		assert_eq!(text(&here).await, None);
		here.write("first").await.unwrap();
		here.write("Zyxwvut").await.unwrap();
		assert_eq!(text(&notebook(&files, "ana", 1)).await.as_deref(), Some("Zyxwvut"));
		assert_eq!(text(&notebook(&files, "ben", 1)).await, None);
		assert_eq!(text(&notebook(&files, "ana", 2)).await, None);
		// Not even under the other's name.
		let sealed = files.read(&here.name, LONGEST_SEALED).await.unwrap().unwrap();
		let other = notebook(&files, "ana", 2);
		files.replace(&other.name, &sealed).await.unwrap();
		assert_eq!(text(&other).await, None);
	}

	#[tokio::test]
	async fn stored_value_says_nothing_of_its_text() {
		let files = Arc::new(Memory::new());
		let here = notebook(&files, "ana", 1);
		here.write("Zyxwvut").await.unwrap();
		let short = files.read(&here.name, LONGEST_SEALED).await.unwrap().unwrap();
		assert!(!String::from_utf8_lossy(&short).contains("Zyxwvut"));
		here.write("Zyxwvut and more").await.unwrap();
		let longer = files.read(&here.name, LONGEST_SEALED).await.unwrap().unwrap();
		assert_eq!(short.len(), longer.len());
	}

	#[tokio::test]
	async fn damaged_notebook_is_an_empty_one_and_is_written_anew() {
		let files = Arc::new(Memory::new());
		let here = notebook(&files, "ana", 1);
		files.replace(&here.name, b"damaged").await.unwrap();
		assert_eq!(text(&here).await, None);
		here.write("new").await.unwrap();
		assert_eq!(text(&here).await.as_deref(), Some("new"));
	}

	#[tokio::test]
	async fn text_that_is_too_long_is_refused_and_the_longest_is_kept() {
		let files = Arc::new(Memory::new());
		let here = notebook(&files, "ana", 1);
		let longest = "x".repeat(LONGEST);
		here.write(&longest).await.unwrap();
		let why = here.write(&format!("{longest}x")).await.unwrap_err();
		assert!(matches!(why, Error::BadValue { what: "the notebook", .. }), "{why}");
		assert_eq!(text(&here).await, Some(longest));
	}

	#[tokio::test]
	async fn account_without_a_secret_keeps_nothing() {
		let files = Arc::new(Memory::new());
		let signer = keys("ana").signer().unwrap().clone();
		let locked = Notebook::new(files.clone(), &Keys::new(signer, None), [1; 32]);
		locked.write("text").await.unwrap();
		assert_eq!(text(&locked).await, None);
		assert!(files.find(&locked.name).await.unwrap().is_none());
	}
}
