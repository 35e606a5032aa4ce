//! The `medblock` program, run as people run it.

use crate::{Network, binary, urls};
use medblock_client::medblock_crypto::Mnemonic;
use serde_json::Value;
use std::{
	path::{Path, PathBuf},
	process::{Command, Stdio},
};
use tempfile::TempDir;

/// What the program may read its options from, besides its command line.
const ENVIRONMENT: [&str; 4] =
	["MEDBLOCK_ACCOUNT", "MEDBLOCK_HOME", "MEDBLOCK_NODE", "MEDBLOCK_PASSPHRASE_FILE"];

/// Somebody's `medblock`, with one account, at the first two nodes of a network.
pub struct Program {
	home: TempDir,
	nodes: String,
}

/// What came of running it.
#[derive(Debug)]
pub struct Ran {
	/// What it exited with.
	pub code: i32,
	/// What it printed on standard output.
	pub printed: String,
	/// What it said on standard error.
	pub said: String,
}

impl Ran {
	/// The one JSON document that it printed.
	pub fn json(&self) -> Value {
		serde_json::from_str(&self.printed).unwrap_or_else(|why| panic!("{why}: {self:?}"))
	}
}

impl Program {
	/// Whoever has these words imports their account.
	pub async fn with_words(network: &Network, words: &Mnemonic) -> Self {
		let program = Self::new(network);
		let file = program.home().join("words");
		std::fs::write(&file, words.words().as_bytes()).expect("a file");
		program.imports(&["--words-file", &file.display().to_string()]).await;
		program
	}

	/// Whoever acts with a well-known account of the presets, such as Alice//stash.
	pub async fn known(network: &Network, path: &str) -> Self {
		let program = Self::new(network);
		program.imports(&["--dev", path]).await;
		program
	}

	fn new(network: &Network) -> Self {
		let program =
			Self { home: TempDir::new().expect("a folder"), nodes: urls(network).join(",") };
		std::fs::write(program.passphrase_file(), "correct horse\n").expect("a file");
		program
	}

	async fn imports(&self, from: &[&str]) {
		let ran = self.run(&[&["account", "import", "own"], from].concat()).await;
		assert_eq!(ran.code, 0, "{ran:?}");
	}

	/// Where it keeps things. Somebody's words are in `words`.
	pub fn home(&self) -> &Path {
		self.home.path()
	}

	fn passphrase_file(&self) -> PathBuf {
		self.home().join("passphrase")
	}

	/// Runs it with these words and those that say where its account and the nodes are. After three
	/// minutes it is ended, with 124.
	pub async fn run(&self, words: &[&str]) -> Ran {
		let mut command = Command::new("timeout");
		command.arg("180").arg(binary("medblock")).args(words);
		command.arg("--home").arg(self.home.path());
		command.arg("--passphrase-file").arg(self.passphrase_file());
		command.args(["--node", &self.nodes]).stdin(Stdio::null());
		for name in ENVIRONMENT {
			command.env_remove(name);
		}
		// What it speaks to may be served by this very thread.
		let running = tokio::task::spawn_blocking(move || command.output());
		let output = running.await.expect("it is waited for").expect("it runs");
		let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
		Ran {
			code: output.status.code().expect("it was not killed"),
			printed: text(output.stdout),
			said: text(output.stderr),
		}
	}
}
