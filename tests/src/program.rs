//! The `medblock` program, run as people run it.

use crate::{Network, urls};
use age::{Decryptor, Encryptor, scrypt, secrecy::SecretString};
use medblock_client::medblock_crypto::Mnemonic;
use medblock_launcher::Ran;
use serde_json::{Value, json};
use std::{
	ffi::OsStr,
	fs,
	io::{Read, Write},
	iter,
	path::Path,
	time::Duration,
};
use tempfile::TempDir;

/// The cost of trying a passphrase in a story: scrypt's N, as a power of two.
const WORK: u8 = 10;

/// The highest cost that the program accepts.
const MOST_WORK: u8 = 20;

/// The number of further runs of a command that is not confirmed.
const AGAIN: usize = 4;

/// The `medblock` of one person, with one account, at the first two nodes of a network.
pub struct Program {
	inner: medblock_launcher::Program,
	_home: TempDir,
}

impl Program {
	/// The program of the person with these words.
	pub async fn with_words(network: &Network, words: &Mnemonic) -> Self {
		Self::at_nodes(&urls(network), words).await
	}

	/// As [`Program::with_words`], at nodes of these addresses.
	pub async fn at_nodes(nodes: &[String], words: &Mnemonic) -> Self {
		let home = TempDir::new().expect("a folder");
		let inner = medblock_launcher::Program::at(home.path(), nodes).expect("a folder");
		let program = Self { inner, _home: home };
		let file = program.home().join("words");
		fs::write(&file, words.words().as_bytes()).expect("a file");
		program.has_account(words, &json!({ "kind": "own" }));
		program
	}

	/// The program of a well-known account of the presets, such as Alice//stash.
	pub async fn known(network: &Network, path: &str) -> Self {
		let program = Self::new(network);
		let key =
			json!({ "kind": "development", "path": format!("//{}", path.trim_start_matches('/')) });
		program.has_account(&Mnemonic::generate(), &key);
		program
	}

	/// A program without accounts.
	pub fn new(network: &Network) -> Self {
		let home = TempDir::new().expect("a folder");
		let inner = medblock_launcher::Program::at(home.path(), &urls(network)).expect("a folder");
		Self { inner, _home: home }
	}

	/// Writes the file of an account with this signing key, as `medblock account import own` does, but locked lightly. To lock it
	/// at the full cost first takes the processor for seconds. The program adds what is public of it when it unlocks it.
	fn has_account(&self, words: &Mnemonic, key: &Value) {
		let secrets = json!({
			"version": 1,
			"name": "own",
			"created": "2026-01-01T00:00:00Z",
			"words": words.words().as_str(),
			"key": key,
		});
		let passphrase = passphrase_in(self.inner.passphrase_file());
		let locked = locked_lightly(secrets.to_string().as_bytes(), passphrase);
		let folder = self.home().join("accounts");
		fs::create_dir_all(&folder).expect("a folder");
		fs::write(folder.join("own.age"), locked).expect("the account's file");
	}

	/// Locks an account lightly, too, that the program has made: each command would take the processor for a second to unlock it.
	pub async fn lightens(&self, account: &str) {
		let file = self.home().join(format!("accounts/{account}.age"));
		let passphrase = self.inner.passphrase_file().to_owned();
		let locking = tokio::task::spawn_blocking(move || lock_lightly(&file, &passphrase));
		locking.await.expect("it is an account's file");
	}

	/// Where it keeps things. The person's words are in `words`.
	pub fn home(&self) -> &Path {
		self.inner.home()
	}

	/// As [`medblock_launcher::Program::follow`].
	pub async fn follow(&self, words: &[&str], text: &str) -> String {
		self.inner.follow(words, text).await.unwrap_or_else(|why| panic!("{why}"))
	}

	/// The command with these words and those that say where its account and the nodes are.
	pub fn command(&self, words: &[&str]) -> tokio::process::Command {
		self.inner.command(words).expect("it was built")
	}

	/// Runs it with these words and those that say where its account and the nodes are. After three
	/// minutes it is ended, with 124. A command that [`is_unconfirmed`] is run again.
	pub async fn run(&self, words: &[&str]) -> Ran {
		self.run_in::<&str, &str>(words, &[]).await
	}

	/// As [`Program::run`], with these environment variables.
	pub async fn run_in<Name: AsRef<OsStr>, Content: AsRef<OsStr>>(
		&self,
		words: &[&str],
		environment: &[(Name, Content)],
	) -> Ran {
		let mut ran = self.inner.run_in(words, environment).await.expect("it was built");
		for _ in 0..AGAIN {
			if !is_unconfirmed(&ran) {
				break;
			}
			ran = self.inner.run_in(words, environment).await.expect("it was built");
		}
		ran
	}

	/// As [`Program::run`], and kills it after this time.
	pub async fn run_for(&self, words: &[&str], time: Duration) -> Ran {
		self.inner.run_for(words, time).await.expect("it was built")
	}
}

/// Whether a command has taken access back, and no second node has confirmed that in time: on a busy machine, one may be some
/// seconds behind. The program asks people to run the command again then.
pub fn is_unconfirmed(ran: &Ran) -> bool {
	[&ran.said, &ran.printed].iter().any(|text| text.contains("no second one has confirmed it"))
}

/// Locks an account under its passphrase anew, so that trying it takes little work. Otherwise each command takes the processor
/// for a second only to unlock the account, which is more than everything else that it does.
fn lock_lightly(file: &Path, passphrase: &Path) {
	let locked = fs::read(file).expect("an account");
	let mut key = scrypt::Identity::new(passphrase_in(passphrase));
	key.set_max_work_factor(MOST_WORK);
	let key: &dyn age::Identity = &key;
	let opened = Decryptor::new(&locked[..]).expect("an age file").decrypt(iter::once(key));
	let mut plain = Vec::new();
	opened.expect("its passphrase").read_to_end(&mut plain).expect("all of it");
	let locked = locked_lightly(&plain, passphrase_in(passphrase));
	fs::write(file, locked).expect("the account's file");
}

/// The passphrase in a file.
fn passphrase_in(file: &Path) -> SecretString {
	let passphrase = fs::read_to_string(file).expect("a passphrase");
	SecretString::from(passphrase.trim_end().to_owned())
}

fn locked_lightly(plain: &[u8], passphrase: SecretString) -> Vec<u8> {
	let mut to = scrypt::Recipient::new(passphrase);
	to.set_work_factor(WORK);
	let to: &dyn age::Recipient = &to;
	let sealing = Encryptor::with_recipients(iter::once(to)).expect("one recipient");
	let mut locked = Vec::new();
	let mut writer = sealing.wrap_output(&mut locked).expect("memory");
	writer.write_all(plain).expect("memory");
	writer.finish().expect("memory");
	locked
}
