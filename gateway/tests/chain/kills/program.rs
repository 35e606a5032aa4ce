//! A patient's program that can be killed.

use super::Load;
use crate::common::built;
use medblock_client::medblock_crypto::Mnemonic;
use serde_json::Value;
use std::{
	fs,
	process::{Child, Command, Stdio},
	sync::Mutex,
	thread,
	time::Duration,
};
use tempfile::TempDir;

/// A patient's `medblock`, which may be killed while it runs.
pub(crate) struct Program {
	home: TempDir,
	node: String,
	running: Mutex<Option<Child>>,
}

impl Program {
	pub(crate) fn new(node: &str, words: &Mnemonic) -> Self {
		let home = tempfile::tempdir().unwrap();
		let passphrase = hex::encode(rand::random::<[u8; 24]>());
		fs::write(home.path().join("passphrase"), passphrase).unwrap();
		let file = home.path().join("words");
		fs::write(&file, words.words().as_bytes()).unwrap();
		let program = Self { home, node: node.to_owned(), running: Mutex::default() };
		program.does(&["account", "import", "own", "--words-file", file.to_str().unwrap()]);
		program
	}

	fn command(&self, words: &[&str]) -> Command {
		let mut command = Command::new(built("medblock"));
		let home = self.home.path();
		command.args(words).arg("--home").arg(home);
		command.arg("--passphrase-file").arg(home.join("passphrase"));
		command.args(["--node", &self.node, "--trust-one-node", "--quiet", "--json"]);
		for name in ["ACCOUNT", "FORMER", "HOME", "NODE", "PASSPHRASE_FILE"] {
			command.env_remove(format!("MEDBLOCK_{name}"));
		}
		command.stdin(Stdio::null());
		command
	}

	/// Runs it, and it has to succeed.
	pub(super) fn does(&self, words: &[&str]) {
		let ran = self.command(words).output().unwrap();
		assert!(ran.status.success(), "{words:?}: {ran:?}");
	}

	/// Runs it. Gives its exit code, and the document that it printed.
	pub(crate) fn runs(&self, words: &[&str]) -> (Option<i32>, Value) {
		let ran = self.command(words).output().unwrap();
		let document = serde_json::from_slice(&ran.stdout);
		(ran.status.code(), document.unwrap_or_else(|_| panic!("{words:?}: {ran:?}")))
	}

	/// A file to add, which no other is like.
	pub(super) fn letter(&self, number: usize) -> String {
		let path = self.home.path().join(format!("letter-{number}"));
		fs::write(&path, format!("letter {number}")).unwrap();
		path.to_str().unwrap().to_owned()
	}

	/// Adds one letter after another, whatever came of the one before.
	pub(super) fn adds(&self, load: &Load) {
		for number in 0.. {
			if load.is_over() {
				return;
			}
			let path = self.letter(number);
			let mut command = self.command(&["record", "add", &path]);
			let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
			*self.running.lock().unwrap() = Some(child);
			while !self.has_ended() {
				thread::sleep(Duration::from_millis(20));
			}
		}
	}

	fn has_ended(&self) -> bool {
		let mut running = self.running.lock().unwrap();
		running.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
	}

	pub(super) fn kill(&self) {
		if let Some(child) = self.running.lock().unwrap().as_mut() {
			// It may have ended by itself.
			let _ = child.kill();
		}
	}
}
