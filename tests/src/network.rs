//! `scripts/network`, driven from a test.

use serde::Deserialize;
use std::{
	ffi::OsStr,
	net::TcpListener,
	path::{Path, PathBuf},
	process::{Command, Output},
};
use tempfile::TempDir;

/// What `scripts/network status --json` says of a node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
	/// north, east, south or west.
	pub node: String,
	/// Whether its process runs.
	pub running: bool,
	/// The number of its best block.
	pub best: u32,
	/// The number of the last block that it knows to be final.
	pub finalized: u32,
	/// The hash of that block.
	pub finalized_hash: String,
	/// How many nodes it is connected to.
	pub peers: u32,
	/// The names of the hospitals whose validators are seated.
	pub seated: Vec<String>,
}

/// What `scripts/network status --json` says.
#[derive(Clone, Debug, Deserialize)]
pub struct NetworkStatus {
	/// The four nodes.
	pub nodes: Vec<NodeStatus>,
	/// The highest block that all nodes that run hold for final.
	#[serde(rename = "final")]
	pub common: Common,
}

/// A block that is final on several nodes.
#[derive(Clone, Debug, Deserialize)]
pub struct Common {
	/// Its number.
	pub number: u32,
	/// Whether it is the same block on all of them.
	pub identical: bool,
}

/// A network of four in a folder of its own, on ports of its own. Ends when it is dropped.
pub struct Network {
	folder: TempDir,
	base_port: u16,
}

impl Network {
	/// A network that is not started yet.
	pub fn new() -> Self {
		Self { folder: TempDir::new().expect("a folder"), base_port: free_ports() }
	}

	/// Starts all four and waits until block 3 is final everywhere. `adjust` is applied to the
	/// specification's genesis settings first.
	pub fn started_with(settings: &[(&str, u32)], arguments: &[&str]) -> Self {
		let network = Self::new();
		let spec = network.path().join("adjusted.json");
		network.write_spec(&spec, settings);
		let spec = spec.display().to_string();
		let mut words = vec!["up", "--spec", &spec];
		for argument in arguments {
			words.extend(["--node-arg", argument]);
		}
		network.must(&words);
		network
	}

	/// Writes the `local` preset with other genesis settings.
	pub fn write_spec(&self, path: &Path, settings: &[(&str, u32)]) {
		let exported = Command::new(node_binary())
			.args(["export-chain-spec", "--chain", "local"])
			.output()
			.expect("the node runs");
		let mut spec: serde_json::Value =
			serde_json::from_slice(&exported.stdout).expect("a specification");
		for (name, value) in settings {
			let slot =
				&mut spec["genesis"]["runtimeGenesis"]["patch"]["consortium"]["settings"][*name];
			assert!(!slot.is_null(), "there is no setting {name}");
			*slot = (*value).into();
		}
		std::fs::write(path, spec.to_string()).expect("a file");
	}

	/// The network's folder.
	pub fn path(&self) -> &Path {
		self.folder.path()
	}

	/// The first of its eight ports.
	pub fn base_port(&self) -> u16 {
		self.base_port
	}

	/// The JSON-RPC address of a node, counted from 0.
	pub fn url(&self, index: u16) -> String {
		format!("ws://127.0.0.1:{}", self.base_port + index)
	}

	/// Where the gateway of a hospital listens, counted from 0.
	pub fn gateway_port(&self, hospital: u16) -> u16 {
		self.base_port + 10 + hospital
	}

	/// Where a node serves its figures, counted from 0, if it was started with `--metrics`.
	pub fn metrics_url(&self, index: u16) -> String {
		format!("http://127.0.0.1:{}/metrics", self.base_port + 14 + index)
	}

	/// Runs `scripts/network` with these words, in this network's folder.
	pub fn run(&self, words: &[&str]) -> Output {
		self.run_by(&[], words)
	}

	/// As [`Network::run`], by another program that runs it.
	pub fn run_by(&self, before: &[&str], words: &[&str]) -> Output {
		let script = root().join("scripts/network");
		let mut line: Vec<&OsStr> = before.iter().map(|word| OsStr::new(*word)).collect();
		line.push(script.as_os_str());
		let mut command = Command::new(line[0]);
		command
			.args(&line[1..])
			.args(words)
			.arg("--dir")
			.arg(self.path())
			.env("MEDBLOCK_NO_BUILD", "yes");
		if words.first() == Some(&"up") {
			command.args(["--base-port", &self.base_port.to_string()]);
		}
		command.output().expect("scripts/network runs")
	}

	/// As [`Network::run`], and it has to succeed.
	pub fn must(&self, words: &[&str]) -> String {
		self.must_by(&[], words)
	}

	/// As [`Network::run_by`], and it has to succeed.
	pub fn must_by(&self, before: &[&str], words: &[&str]) -> String {
		let output = self.run_by(before, words);
		assert!(
			output.status.success(),
			"scripts/network {} failed: {}{}",
			words.join(" "),
			String::from_utf8_lossy(&output.stdout),
			String::from_utf8_lossy(&output.stderr),
		);
		String::from_utf8_lossy(&output.stdout).into_owned()
	}

	/// What each of the four nodes knows, and what they agree on.
	pub fn status(&self) -> NetworkStatus {
		let output = self.run(&["status", "--json"]);
		serde_json::from_slice(&output.stdout).expect("status prints JSON")
	}
}

impl Default for Network {
	fn default() -> Self {
		Self::new()
	}
}

impl Drop for Network {
	fn drop(&mut self) {
		if std::thread::panicking() {
			let logs = self.run(&["logs"]);
			eprintln!("{}", String::from_utf8_lossy(&logs.stdout));
		}
		self.run(&["down"]);
	}
}

/// The node, as it was built with the tests: both lie in the same target folder.
pub fn node_binary() -> PathBuf {
	let program = std::env::current_exe().expect("a program has a path");
	program
		.ancestors()
		.map(|folder| folder.join("medblock-node"))
		.find(|path| path.is_file())
		.expect("the node was built, too")
}

fn root() -> &'static Path {
	Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// Ports in a row that nobody uses now: eight for the network, two for a fifth node, and four each for
/// gateways and figures.
fn free_ports() -> u16 {
	(21_000..60_000)
		.step_by(20)
		.map(|base| base + (std::process::id() % 97) as u16 * 20 % 2_000)
		.find(|base| (0..20).all(|offset| TcpListener::bind(("127.0.0.1", base + offset)).is_ok()))
		.expect("some ports are free")
}
