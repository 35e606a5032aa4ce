//! A node besides the network's four.

use crate::{Chain, Network, node_binary};
use codec::Encode;
use medblock_primitives::ownership_statement;
use medblock_runtime::{AccountId, SessionKeys};
use sp_core::{Pair, ed25519, sr25519};
use std::{
	fs::File,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A process that is killed when it is dropped, and whose log is shown when the test fails.
pub struct ExtraProcess {
	process: Child,
	log: PathBuf,
}

impl ExtraProcess {
	/// Starts it, writing what it prints to a file.
	pub fn start(mut command: Command, log: &Path) -> Self {
		let file = File::create(log).expect("a file");
		let process = command
			.stdin(Stdio::null())
			.stdout(file.try_clone().expect("a file"))
			.stderr(file)
			.spawn()
			.expect("it starts");
		Self { process, log: log.to_owned() }
	}

	/// Its number at the system.
	pub fn id(&self) -> u32 {
		self.process.id()
	}
}

impl Drop for ExtraProcess {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
		if std::thread::panicking() {
			let log = std::fs::read_to_string(&self.log).unwrap_or_default();
			let tail: Vec<_> = log.lines().rev().take(40).collect();
			let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
			eprintln!("{}:\n{tail}", self.log.display());
		}
	}
}

/// A fifth hospital's node, with `//Eve`'s keys.
pub struct ExtraNode {
	_process: ExtraProcess,
	_folder: TempDir,
	port: u16,
	/// The bytes of its peer id.
	pub peer_id: Vec<u8>,
}

impl ExtraNode {
	/// Starts the node on the network's chain.
	pub fn start(network: &Network, arguments: &[&str]) -> Self {
		let folder = TempDir::new().expect("a folder");
		let spec = network.path().join("spec.json").display().to_string();
		let base = folder.path().display().to_string();
		let node_key = ed25519::Pair::generate().0;
		let key_file = folder.path().join("node-key");
		let secret: String = node_key.seed().iter().map(|byte| format!("{byte:02x}")).collect();
		std::fs::write(&key_file, secret).expect("a file");
		for (kind, scheme) in [("aura", "sr25519"), ("gran", "ed25519")] {
			let inserted = Command::new(node_binary())
				.args(["key", "insert", "--base-path", &base, "--chain", &spec])
				.args(["--key-type", kind, "--scheme", scheme, "--suri", "//Eve"])
				.status()
				.expect("the node runs");
			assert!(inserted.success());
		}
		let port = network.base_port() + 8;
		let mut command = Command::new(node_binary());
		command
			.args(["--chain", &spec, "--base-path", &base, "--validator", "--name", "fifth"])
			.args(["--rpc-port", &port.to_string(), "--no-mdns", "--no-prometheus"])
			.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", port + 1)])
			.args(["--allow-private-ip", "--node-key-file"])
			.arg(&key_file)
			.args(arguments);
		let process = ExtraProcess::start(command, &folder.path().join("log"));
		let peer_id = medblock_runtime::genesis::peer_id(&node_key.public().0);
		Self { _process: process, _folder: folder, port, peer_id }
	}

	/// Speaks to it.
	pub async fn chain(&self) -> Chain {
		Chain::connect(&format!("ws://127.0.0.1:{}", self.port)).await
	}
}

/// The session keys of a well-known account, and the proof that `owner` may register them.
pub fn session_keys(name: &str, owner: &AccountId) -> (SessionKeys, Vec<u8>) {
	let uri = format!("//{name}");
	let aura = sr25519::Pair::from_string(&uri, None).expect("a key");
	let grandpa = ed25519::Pair::from_string(&uri, None).expect("a key");
	let statement = ownership_statement(owner);
	let proof = (aura.sign(&statement), grandpa.sign(&statement)).encode();
	(SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() }, proof)
}
