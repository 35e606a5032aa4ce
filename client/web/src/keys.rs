//! The accounts that a browser keeps, and what unlocks them.

use crate::{
	failure::{Advice, Failure, NO_ADDRESS},
	running::{Outcome, value},
	session::Session,
	wallet::{PageWallet, address_of, not_here},
};
use js_sys::Function;
use medblock_client::{
	Client, Keys, Mode, Told, Witnesses,
	chain::{self, Chain},
	vault::Vaults,
};
use medblock_crypto::Mnemonic;
use medblock_keystore::{
	Account, Answers, Entry, Handle, Key, Keystore, Kind, Name, Passkey, PasskeyCopy, Questions,
	SecretString, WorkFactor,
};
use medblock_platform::{Browser, Files, Memory, Storage, Within};
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
	copy: CopyState,
}

/// Whether the passkey brings the account to other devices.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum CopyState {
	/// A hospital's vault has the copy that it opens.
	Stored,
	/// The copy is yet to be sent.
	Waiting,
	/// The passkey was made without a copy.
	None,
	/// What this device noted about the copy is damaged.
	Unknown,
}

impl ShownPasskey {
	fn new(Passkey { id, added }: Passkey, copies: &[PasskeyCopy], damaged: &[String]) -> Self {
		let copy = match copies.iter().find(|copy| copy.passkey == id && copy.wanted) {
			Some(copy) if copy.at.is_empty() => CopyState::Waiting,
			Some(_) => CopyState::Stored,
			None if damaged.contains(&id) => CopyState::Unknown,
			None => CopyState::None,
		};
		Self { id, added: added.into(), copy }
	}
}

impl Shown {
	fn new(name: &Name, entry: Option<&Entry>, passkeys: Vec<ShownPasskey>) -> Self {
		Self {
			name: name.to_string(),
			address: entry.map(|entry| entry.address.clone()),
			kind: entry.map(|entry| entry.kind),
			encryption_key_digest: entry.map(|entry| format!("0x{}", entry.encryption_key_digest)),
			created: entry.map(|entry| entry.created.clone()),
			passkeys,
		}
	}
}

/// What to do where a browser keeps nothing.
const NO_STORAGE: Advice = Advice {
	code: "advice.no-storage",
	sentence: "A private window may keep nothing: use an ordinary one, or open your \
		account for this visit only, as on a public computer.",
};

/// Checks words, and stores nothing. The error says what is wrong with them.
#[wasm_bindgen(js_name = checkWords)]
pub fn check_words(words: String) -> Result<(), Failure> {
	parsed(&Zeroizing::new(words)).map(drop)
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
			let passkeys = self.shown_passkeys(&name).await?;
			// Unlocking the account writes it again.
			let entry = entry.ok().flatten();
			all.push(Shown::new(&name, entry.as_ref(), passkeys));
		}
		value(&all)
	}

	/// Keeps an account with these words under a passphrase. With a development path, such as
	/// `Alice//stash`, that publicly known key signs in place of the words'. With a wallet's address, the
	/// wallet signs, and the words open what is encrypted.
	pub async fn create(
		&self,
		name: String,
		words: String,
		passphrase: String,
		development: Option<String>,
		wallet: Option<String>,
	) -> Result<Unlocked, Failure> {
		let (words, passphrase) = (Zeroizing::new(words), SecretString::from(passphrase));
		let name: Name = name.parse()?;
		let key = key(development, wallet)?;
		let account = self.accounts.create(&name, &parsed(&words)?, key, passphrase).await?;
		self.unlocked(account)
	}

	/// Unlocks an account.
	pub async fn unlock(&self, name: String, passphrase: String) -> Result<Unlocked, Failure> {
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.unlock(&name.parse()?, passphrase).await?;
		self.unlocked(account)
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
		self.unlocked(account)
	}

	/// Lets a passkey unlock an account as well, by its results to new questions. `handle` is the user handle that
	/// it was made with.
	#[wasm_bindgen(js_name = addPasskey)]
	#[allow(clippy::too_many_arguments, reason = "JavaScript has no tuples")]
	pub async fn add_passkey(
		&self,
		name: String,
		passphrase: String,
		id: String,
		questions: PasskeyQuestions,
		first: Vec<u8>,
		second: Vec<u8>,
		handle: Vec<u8>,
	) -> Outcome {
		let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
		let (passphrase, handle) = (SecretString::from(passphrase), Zeroizing::new(handle));
		let (name, answers) = (name.parse()?, Answers::new(&first, &second)?);
		let handle = Handle::parse(&handle).ok_or_else(|| {
			let sentence = "The passkey was made with another user handle.";
			Failure::of("unexpected", Told::new("web.other-handle", sentence))
		})?;
		let keys = (questions.0, answers);
		self.accounts.add_passkey(&name, passphrase, &id, keys).await?;
		let (passkey, locator) = (id.clone(), handle.locator);
		let copy = PasskeyCopy { passkey, locator, at: Vec::new(), wanted: true };
		if let Err(why) = self.accounts.note_copy(&name, &copy).await {
			// Half of it would be a passkey that the person is told to delete, and that unlocks.
			let _ = self.accounts.remove_passkey(&name, &id).await;
			return Err(why.into());
		}
		let all = self.shown_passkeys(&name).await?;
		value(&all.into_iter().find(|one| one.id == id))
	}

	/// Forgets a passkey.
	#[wasm_bindgen(js_name = removePasskey)]
	pub async fn remove_passkey(&self, name: String, id: String) -> Result<(), Failure> {
		Ok(self.accounts.remove_passkey(&name.parse()?, &id).await?)
	}

	/// Notes that no copy of an account's is wanted any more, in any vault.
	#[wasm_bindgen(js_name = unwantCopies)]
	pub async fn unwant_copies(&self, name: String) -> Result<(), Failure> {
		Ok(self.accounts.unwant_copies(&name.parse()?).await?)
	}

	/// The words of an account.
	#[wasm_bindgen(unchecked_return_type = "string")]
	pub async fn words(&self, name: String, passphrase: String) -> Outcome {
		let passphrase = SecretString::from(passphrase);
		let account = self.accounts.unlock(&name.parse()?, passphrase).await?;
		// Straight into the browser's memory: a `String` that is returned is freed without being wiped.
		Ok(JsValue::from_str(&account.words.words()))
	}

	/// Fails unless the passphrase is the account's.
	#[wasm_bindgen(js_name = checkPassphrase)]
	pub async fn check_passphrase(&self, name: String, passphrase: String) -> Result<(), Failure> {
		let passphrase = SecretString::from(passphrase);
		Ok(self.accounts.unlock(&name.parse()?, passphrase).await.map(drop)?)
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
		self.unlocked(account)
	}

	/// Deletes an account, and what was stored for it: the keys that it knows, and files in flight.
	pub async fn remove(&self, name: String) -> Result<(), Failure> {
		let name: Name = name.parse()?;
		self.accounts.remove(&name).await?;
		Ok(self.files.clear(&own_folder(&name)).await?)
	}
}

impl Device {
	pub(crate) fn keystore(&self) -> &Keystore {
		&self.accounts
	}

	pub(crate) fn unlocked(&self, account: Account) -> Result<Unlocked, Failure> {
		let own = Within::new(self.files.clone(), own_folder(&account.entry.name));
		Unlocked::new(account, Arc::new(own))
	}

	async fn shown_passkeys(&self, name: &Name) -> Result<Vec<ShownPasskey>, Failure> {
		let copies = self.accounts.copies(name).await?;
		let damaged = self.accounts.damaged_notes(name).await?;
		let passkeys = self.accounts.passkeys(name).await?;
		Ok(passkeys.into_iter().map(|one| ShownPasskey::new(one, &copies, &damaged)).collect())
	}
}

/// The folder of what a device stores for an account beside its keys, so that it goes with the account.
fn own_folder(name: &Name) -> String {
	format!("people/{name}")
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

impl From<Questions> for PasskeyQuestions {
	fn from(questions: Questions) -> Self {
		Self(questions)
	}
}

/// An unlocked account, without a connection.
#[wasm_bindgen]
pub struct Unlocked {
	account: Account,
	pub(crate) files: Arc<dyn Files>,
	/// The sessions at gateways, which outlive a connection: a wallet's owner is not asked again.
	pub(crate) vaults: Arc<Vaults>,
}

#[wasm_bindgen]
impl Unlocked {
	/// An account in memory only, of its words.
	#[wasm_bindgen(js_name = ofWords)]
	pub fn of_words(name: String, words: String) -> Result<Unlocked, Failure> {
		let words = Zeroizing::new(words);
		let account = Account::of(name.parse()?, &parsed(&words)?, Key::Own)?;
		Self::new(account, Arc::new(Memory::new()))
	}

	/// An account in memory only, of its file.
	#[wasm_bindgen(js_name = ofFile)]
	pub async fn of_file(file: Vec<u8>, passphrase: String) -> Result<Unlocked, Failure> {
		let opening = Account::in_file(file, SecretString::from(passphrase));
		let account = opening.await.map_err(Failure::from)?;
		Self::new(account, Arc::new(Memory::new()))
	}

	/// What is public of it.
	pub fn account(&self) -> Outcome {
		let entry = &self.account.entry;
		value(&Shown::new(&entry.name, Some(entry), Vec::new()))
	}

	/// Lets hospitals that did not know the account be asked again: the person says that they may know it now.
	#[wasm_bindgen(js_name = signInAgain)]
	pub fn sign_in_again(&self) {
		self.vaults.registered();
	}

	/// Connects to two hospitals' nodes or doors of the chain with this genesis, of 0x and 64 hex digits.
	/// Without one, any chain is right. If the account's key is in a wallet, `wallet` asks it: see
	/// `src/wallet.rs`.
	pub async fn connect(
		&self,
		urls: Vec<String>,
		genesis: Option<String>,
		wallet: Option<Function>,
	) -> Result<Session, Failure> {
		let keys = Arc::new(self.keys(wallet)?);
		let expected = genesis.map(|text| chain_of(&text)).transpose()?;
		self.vaults.forget_places();
		if let (true, Some(genesis)) = (keys.are_in_wallet(), expected) {
			self.vaults.sign_in_at_doors(&urls, genesis, &keys).await?;
		}
		let (vaults, files) = (self.vaults.clone(), self.files.clone());
		let connecting =
			Client::connect_with(&urls, Witnesses::Two, keys, vaults, files, Mode::Submit);
		let client = connecting.await?;
		ensure_chain(client.chain(), expected)?;
		Ok(Session::new(client, self.files.clone()))
	}
}

impl Unlocked {
	pub(crate) fn new(account: Account, files: Arc<dyn Files>) -> Result<Self, Failure> {
		let vaults = Vaults::new().map_err(Failure::from)?.into();
		Ok(Self { account, files, vaults })
	}

	pub(crate) fn words(&self) -> &Mnemonic {
		&self.account.words
	}

	pub(crate) fn keys(&self, wallet: Option<Function>) -> Result<Keys, Failure> {
		let (id, seed) = (self.account.id, Some(self.account.words.seed("")));
		match &self.account.signer {
			Some(signer) => Ok(Keys::new(signer.clone(), seed)),
			None => {
				let wallet = PageWallet::new(id, wallet.ok_or_else(not_here)?);
				Ok(Keys::in_wallet(id, Box::new(wallet), seed))
			},
		}
	}
}

/// Fails for a node of another chain than the one with this genesis. Without one, any chain is right.
pub(crate) fn ensure_chain(node: &Chain, expected: Option<[u8; 32]>) -> Result<(), Failure> {
	if expected.is_some_and(|expected| expected != node.genesis()) {
		let first = node.url().to_owned();
		let second = "this portal's consortium.json".to_owned();
		return Err(chain::Error::OtherChain { first, second }.into());
	}
	Ok(())
}

/// The genesis hash of a chain, from 0x and 64 hex digits.
pub(crate) fn chain_of(text: &str) -> Result<[u8; 32], Failure> {
	let digits = hex::decode(text.trim_start_matches("0x")).ok();
	let hash = digits.and_then(|bytes| bytes.try_into().ok());
	hash.ok_or_else(|| Failure::invalid("this is no hash of a chain's first block"))
}

pub(crate) fn parsed(words: &str) -> Result<Mnemonic, Failure> {
	Ok(Mnemonic::parse(words)?)
}

fn key(development: Option<String>, wallet: Option<String>) -> Result<Key, Failure> {
	Ok(match (development, wallet) {
		(Some(path), _) => Key::Development { path: format!("//{}", path.trim_start_matches('/')) },
		(None, Some(text)) => {
			let wrong = || Failure::of("invalid", Told::new("web.no-address", NO_ADDRESS));
			Key::Wallet { address: address_of(&text).ok_or_else(wrong)? }
		},
		(None, None) => Key::Own,
	})
}
