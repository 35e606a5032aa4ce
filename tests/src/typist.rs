//! A person who types commands, and counts them.

use crate::{Network, Program};
use medblock_client::medblock_crypto::Mnemonic;
use medblock_launcher::Ran;
use serde_json::Value;
use std::{
	path::Path,
	sync::atomic::{AtomicUsize, Ordering},
};

/// A person at a machine of their own, on which `medblock` is all that they use.
pub struct Typist {
	program: Program,
	typed: AtomicUsize,
}

impl Typist {
	/// A person with a new account.
	pub async fn newcomer(network: &Network) -> Self {
		Self::with_words(network, &Mnemonic::generate()).await
	}

	/// The person with these words.
	pub async fn with_words(network: &Network, words: &Mnemonic) -> Self {
		Self::at(Program::with_words(network, words).await)
	}

	/// A well-known account of the presets, such as Alice//stash.
	pub async fn known(network: &Network, path: &str) -> Self {
		Self::at(Program::known(network, path).await)
	}

	/// People import the account, by a command.
	fn at(program: Program) -> Self {
		Self { program, typed: AtomicUsize::new(1) }
	}

	/// As [`Program::lightens`].
	pub async fn lightens(&self, account: &str) {
		self.program.lightens(account).await;
	}

	/// Where the program keeps things.
	pub fn home(&self) -> &Path {
		self.program.home()
	}

	/// The commands so far.
	pub fn typed(&self) -> usize {
		self.typed.load(Ordering::Relaxed)
	}

	/// What comes of a command.
	pub async fn runs(&self, words: &[&str]) -> Ran {
		self.typed.fetch_add(1, Ordering::Relaxed);
		self.program.run(words).await
	}

	/// What a command prints for people, which has to succeed.
	pub async fn reads(&self, words: &[&str]) -> String {
		let ran = self.runs(words).await;
		assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
		ran.printed
	}

	/// The JSON that a command prints, which has to succeed.
	pub async fn does(&self, words: &[&str]) -> Value {
		let ran = self.runs(&[words, &["--json"]].concat()).await;
		assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
		ran.json().unwrap_or_else(|why| panic!("{why}"))
	}

	/// A command that has to fail with this exit code, and say why.
	pub async fn is_refused(&self, words: &[&str], code: i32, why: &str) {
		let ran = self.runs(words).await;
		assert_eq!(ran.code, code, "{words:?}: {ran:?}");
		assert!(ran.said.contains(why), "{words:?}: {ran:?}");
	}

	/// The first line with this text that a command prints which goes on by itself, and is ended then.
	pub async fn follows(&self, words: &[&str], text: &str) -> String {
		self.typed.fetch_add(1, Ordering::Relaxed);
		self.program.follow(words, text).await
	}

	/// A file in the person's folder; its path.
	pub fn file(&self, name: &str, content: &[u8]) -> String {
		let path = self.home().join(name);
		std::fs::create_dir_all(path.parent().unwrap_or(self.home())).expect("a folder");
		std::fs::write(&path, content).expect("a file");
		path.display().to_string()
	}
}
