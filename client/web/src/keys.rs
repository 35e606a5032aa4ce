//! The accounts that a browser keeps, and what unlocks them.

use crate::{
	failure::Failure,
	running::{Outcome, value},
	session::Session,
};
use medblock_client::{Client, Keys, Mode, Witnesses, chain};
use medblock_crypto::Mnemonic;
use medblock_keystore::{
	Account, Answers, Entry, Key, Keystore, Kind, Name, Passkey, Questions, SecretString,
	WorkFactor,
};
use medblock_platform::{Browser, Files, Memory};
use medblock_views::Time;
use serde::Serialize;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// An account, as far as it is public.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
	name: String,
	address: Option<String>,
	kind: Option<Kind>,
	encryption_key_digest: Option<String>,
	created: Option<String>,
	passkeys: Vec<ShownPasskey>,
}

/// A passkey that unlocks an account.
#[derive(Serialize)]
struct ShownPasskey {
	id: String,
	added: Time,
}

impl Shown {
	fn new(name: &Name, entry: Option<&Entry>, passkeys: Vec<Passkey>) -> Self {
		Self {
			name: name.to_string(),
			address: entry.map(|entry| entry.address.clone()),
			kind: entry.map(|entry| entry.kind),
			encryption_key_digest: entry.map(|entry| format!("0x{}", entry.encryption_key_digest)),
			created: entry.map(|entry| entry.created.clone()),
			passkeys: passkeys
				.into_iter()
				.map(|Passkey { id, added }| ShownPasskey { id, added: added.into() })
				.collect(),
		}
	}
}

/// What to do where a browser keeps nothing.
const NO_STORAGE: &str = "A private window may keep nothing: use an ordinary one, or open your \
	account for this visit only, as on a public computer.";

/// Checks words, and stores nothing. The error says what is wrong with them.
#[wasm_bindgen(js_name = checkWords)]
pub fn check_words(words: &str) -> Result<(), Failure> {
	parsed(words).map(drop)
}

/// The accounts that this browser keeps for the page's origin. Works in a dedicated Worker only.
#[wasm_bindgen]
pub struct Device {
	files: Arc<Browser>,
	accounts: Keystore,
}

#[wasm_bindgen]
impl Device {
	/// Opens the browser's storage of this name.
	pub async fn open(name: String) -> Result<Device, Failure> {
		let opened = Browser::open(&name).await;
		let files = Arc::new(opened.map_err(|why| Failure::from(why).with(Some(NO_STORAGE)))?);
		let accounts = Keystore::new(files.clone(), WorkFactor::BROWSER);
		Ok(Self { files, accounts })
	}

	/// All accounts, in order of their names.
	pub async fn accounts(&self) -> Outcome {
		let mut all = Vec::new();
		for (name, entry) in self.accounts.list().await? {
			let passkeys = self.accounts.passkeys(&name).await?;
			all.push(Shown::new(&name, entry.as_ref(), passkeys));
		}
		value(&all)
	}

	/// Keeps an account with these words under a passphrase. With a development path, such as
	/// `Alice//stash`, that publicly known key signs in place of the words'.
	pub async fn create(
		&self,
		name: String,
		words: String,
		passphrase: String,
		development: Option<String>,
	) -> Result<Unlocked, Failure> {
		let (words, passphrase) = (Zeroizing::new(words), SecretString::from(passphrase));
		let name: Name = name.parse()?;
		let account =
			self.accounts.create(&name, &parsed(&words)?, key(development), passphrase).await?;
		Ok(self.unlocked(account))
	}

	/// Unlocks an account.
	pub async fn unlock(&self, name: String, passphrase: String) -> Result<Unlocked, Failure> {
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.unlock(&name.parse()?, passphrase).await?;
		Ok(self.unlocked(account))
	}

	/// The inputs `[first, second]` of WebAuthn's `prf` extension for a passkey of an account.
	pub async fn questions(&self, name: String, id: String) -> Result<PasskeyQuestions, Failure> {
		Ok(PasskeyQuestions(self.accounts.questions(&name.parse()?, &id).await?))
	}

	/// Unlocks an account with a passkey's results `first` and `second`.
	#[wasm_bindgen(js_name = unlockByPasskey)]
	pub async fn unlock_by_passkey(
		&self,
		name: String,
		id: String,
		first: Vec<u8>,
		second: Vec<u8>,
	) -> Result<Unlocked, Failure> {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let answers = Answers::new(&first, &second)?;
		let account = self.accounts.unlock_by_passkey(&name.parse()?, &id, &answers).await?;
		Ok(self.unlocked(account))
	}

	/// Lets a passkey unlock an account as well, by its results to new questions.
	#[wasm_bindgen(js_name = addPasskey)]
	pub async fn add_passkey(
		&self,
		name: String,
		passphrase: String,
		id: String,
		questions: PasskeyQuestions,
		first: Vec<u8>,
		second: Vec<u8>,
	) -> Outcome {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let passphrase = SecretString::from(passphrase);
		let (name, answers) = (name.parse()?, Answers::new(&first, &second)?);
		let keys = (questions.0, answers);
		self.accounts.add_passkey(&name, passphrase, &id, keys).await?;
		let all = self.accounts.passkeys(&name).await?;
		let added = all.into_iter().find(|one| one.id == id);
		value(&added.map(|Passkey { id, added }| ShownPasskey { id, added: added.into() }))
	}

	/// Forgets a passkey.
	#[wasm_bindgen(js_name = removePasskey)]
	pub async fn remove_passkey(&self, name: String, id: String) -> Result<(), Failure> {
		Ok(self.accounts.remove_passkey(&name.parse()?, &id).await?)
	}

	/// The words of an account.
	pub async fn words(&self, name: String, passphrase: String) -> Result<String, Failure> {
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.unlock(&name.parse()?, passphrase).await?;
		Ok(String::clone(&account.words.words()))
	}

	/// Seals an account under another passphrase.
	#[wasm_bindgen(js_name = changePassphrase)]
	pub async fn change_passphrase(
		&self,
		name: String,
		old: String,
		new: String,
	) -> Result<(), Failure> {
		let (old, new) = (SecretString::from(old), SecretString::from(new));
		Ok(self.accounts.change_passphrase(&name.parse()?, old, new).await?)
	}

	/// An account's file.
	pub async fn file(&self, name: String) -> Result<Vec<u8>, Failure> {
		Ok(self.accounts.file(&name.parse()?).await?)
	}

	/// Keeps the account of a file under its own name, and unlocks it.
	#[wasm_bindgen(js_name = takeIn)]
	pub async fn take_in(&self, file: Vec<u8>, passphrase: String) -> Result<Unlocked, Failure> {
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.take_in(file, passphrase).await?;
		Ok(self.unlocked(account))
	}

	/// Deletes an account.
	pub async fn remove(&self, name: String) -> Result<(), Failure> {
		Ok(self.accounts.remove(&name.parse()?).await?)
	}

	fn unlocked(&self, account: Account) -> Unlocked {
		Unlocked { account, files: self.files.clone() }
	}
}

/// What a passkey is asked.
#[wasm_bindgen]
pub struct PasskeyQuestions(Questions);

#[wasm_bindgen]
impl PasskeyQuestions {
	/// New questions, for a passkey that is to be added.
	#[wasm_bindgen(constructor)]
	#[allow(clippy::new_without_default)]
	pub fn new() -> Self {
		Self(Questions::new())
	}

	/// The input `first`.
	pub fn first(&self) -> Vec<u8> {
		let [first, _] = self.0.inputs();
		first
	}

	/// The input `second`.
	pub fn second(&self) -> Vec<u8> {
		let [_, second] = self.0.inputs();
		second
	}
}

/// An unlocked account, without a connection.
#[wasm_bindgen]
pub struct Unlocked {
	account: Account,
	files: Arc<dyn Files>,
}

#[wasm_bindgen]
impl Unlocked {
	/// An account in memory only, of its words.
	#[wasm_bindgen(js_name = ofWords)]
	pub fn of_words(name: String, words: String) -> Result<Unlocked, Failure> {
		let words = Zeroizing::new(words);
		let account = Account::of(name.parse()?, &parsed(&words)?, Key::Own)?;
		Ok(Self { account, files: Arc::new(Memory::new()) })
	}

	/// An account in memory only, of its file.
	#[wasm_bindgen(js_name = ofFile)]
	pub async fn of_file(file: Vec<u8>, passphrase: String) -> Result<Unlocked, Failure> {
		let opening = Account::in_file(file, SecretString::from(passphrase));
		let account = opening.await.map_err(Failure::from)?;
		Ok(Self { account, files: Arc::new(Memory::new()) })
	}

	/// What is public of it.
	pub fn account(&self) -> Outcome {
		let entry = &self.account.entry;
		value(&Shown::new(&entry.name, Some(entry), Vec::new()))
	}

	/// Connects to two hospitals' nodes or doors of the chain with this genesis, of 0x and 64 hex digits.
	/// Without one, any chain is right.
	pub async fn connect(
		&self,
		urls: Vec<String>,
		genesis: Option<String>,
	) -> Result<Session, Failure> {
		let keys = self.keys()?;
		let files = self.files.clone();
		let client = Client::connect(&urls, Witnesses::Two, keys, files, Mode::Submit).await?;
		let expected = genesis.map(|genesis| genesis.trim_start_matches("0x").to_lowercase());
		if expected.is_some_and(|expected| expected != hex::encode(client.chain().genesis())) {
			let first = client.chain().url().to_owned();
			let second = "this portal's consortium.json".to_owned();
			return Err(chain::Error::OtherChain { first, second }.into());
		}
		Ok(Session::new(client, self.files.clone()))
	}
}

impl Unlocked {
	fn keys(&self) -> Result<Keys, Failure> {
		let seed = self.account.words.seed("");
		match &self.account.signer {
			Some(signer) => Ok(Keys::new(signer.clone(), Some(seed))),
			None => Err(Failure::new(
				"unsupported",
				"This account's key is in a wallet, which this page can't ask to sign.",
			)),
		}
	}
}

fn parsed(words: &str) -> Result<Mnemonic, Failure> {
	Ok(Mnemonic::parse(words)?)
}

fn key(development: Option<String>) -> Key {
	match development {
		Some(path) => Key::Development { path: format!("//{}", path.trim_start_matches('/')) },
		None => Key::Own,
	}
}
