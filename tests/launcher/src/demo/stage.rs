//! What the story is told with: people, checks, and a summary of what came about.

use crate::cli::say;
use medblock_launcher::{Error, Hospital, Network, Program, Result, binary};
use serde_json::Value;
use std::{
	env,
	fmt::Display,
	fs,
	io::{IsTerminal, stderr},
	path::{Path, PathBuf},
	process::Stdio,
};
use tokio::{io::AsyncWriteExt, process::Command};

/// Where it happens, and what has happened so far.
pub struct Stage {
	folder: PathBuf,
	nodes: Vec<String>,
	summary: Vec<[String; 3]>,
}

impl Stage {
	pub fn new(folder: &Path, network: &Network) -> Self {
		let nodes = [Hospital::North, Hospital::East].map(|hospital| network.node(hospital).url());
		Self { folder: folder.to_owned(), nodes: nodes.into(), summary: Vec::new() }
	}

	/// The `medblock` of the person with this name.
	pub fn person(&self, name: &str) -> Result<Program> {
		let home = self.folder.join("home").join(name);
		fs::create_dir_all(&home)?;
		Program::sharing(&self.folder.join("passphrase"), &home, &self.nodes)
	}

	/// Writes a file that a person then adds.
	pub fn file(&self, name: &str, text: &str) -> Result<PathBuf> {
		let path = self.folder.join(name);
		fs::write(&path, text)?;
		Ok(path)
	}

	/// The folder for the records that a person opens.
	pub fn folder(&self, name: &str) -> Result<PathBuf> {
		let folder = self.folder.join(name);
		fs::create_dir_all(&folder)?;
		Ok(folder)
	}

	/// Says what is about to happen.
	pub fn step(&self, what: &str) {
		let is_colored =
			stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
		match is_colored {
			true => say(&format!("\n\x1b[1m{what}\x1b[0m")),
			false => say(&format!("\n{what}")),
		}
	}

	/// Does what gives a receipt, and says in which block it became final, and after what time.
	pub async fn does(&mut self, what: &str, who: &Program, words: &[&str]) -> Result<Value> {
		let receipt = who.does(words).await?;
		let (block, took) = (receipt["block"]["number"].as_u64(), receipt["finalityMs"].as_u64());
		let (Some(block), Some(took)) = (block, took) else {
			return Err(Error::other(format!("{what}: this is no receipt: {receipt}")));
		};
		let took = format!("{}.{} s", took / 1_000, took % 1_000 / 100);
		say(&format!("  final in block {block} after {took}"));
		self.summary.push([what.to_owned(), block.to_string(), took]);
		Ok(receipt)
	}

	/// Notes a check that held.
	pub fn held(&mut self, what: &str) {
		say(&format!("  checked: {what}"));
		self.summary.push([what.to_owned(), "-".to_owned(), "-".to_owned()]);
	}

	/// A command that has to be refused with an exit code.
	pub async fn refused(&self, who: &Program, code: i32, words: &[&str]) -> Result<()> {
		let ran = who.run(&[words, &["--json", "--quiet"]].concat()).await?;
		let wrong =
			|| format!("{words:?}: exit code {} where {code} was expected: {ran:?}", ran.code);
		ensure(ran.code == code, wrong)?;
		say(&format!("  refused: {}", ran.json()?["message"].as_str().unwrap_or_default()));
		Ok(())
	}

	/// What a doctor who kept everything can open of a vault's disk, and what the vault says to them.
	pub async fn former(
		&self,
		who: &Program,
		patient: &str,
		doctor: &str,
		blobs: &Path,
	) -> Result<Value> {
		let words = who.does(&["account", "export", "me", "--words", "--yes"]).await?;
		let mut command = Command::new(binary("medblock-e2e")?);
		command.arg("former-doctor");
		command.args([self.nodes.join(",").as_str(), patient, doctor]).arg(blobs);
		command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
		let mut child = command.spawn()?;
		if let Some(mut input) = child.stdin.take() {
			input.write_all(words["words"].as_str().unwrap_or_default().as_bytes()).await?;
		}
		let output = child.wait_with_output().await?;
		ensure(output.status.success(), || "former-doctor failed; what it said is above")?;
		Ok(serde_json::from_slice(&output.stdout)?)
	}

	/// Prints all that has happened.
	pub fn print_summary(&self) {
		self.step("Summary");
		let heading = ["STEP", "BLOCK", "FINAL AFTER"].map(str::to_owned);
		for [step, block, took] in [&heading].into_iter().chain(&self.summary) {
			println!("  {step:<45} {block:>6}  {took}");
		}
	}
}

/// An error unless something is so.
pub fn ensure<W: Display>(holds: bool, otherwise: impl FnOnce() -> W) -> Result<()> {
	if holds { Ok(()) } else { Err(Error::other(otherwise())) }
}

/// An error unless two files have the same bytes.
pub fn same(one: &Path, other: &Path, what: &str) -> Result<()> {
	let are_same = fs::read(one)? == fs::read(other)?;
	ensure(are_same, || format!("{what} came back different"))
}
