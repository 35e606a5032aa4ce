//! One node.

use crate::{Error, Result, Rpc, binary, printed_by};
use std::{fs, path::PathBuf, process::Command};

/// A node on this machine: where it keeps things, which chain it follows, and its ports.
#[derive(Clone, Debug)]
pub struct Node {
	/// The folder with its chain and its keys.
	pub folder: PathBuf,
	/// The chain's specification.
	pub specification: PathBuf,
	/// The port for JSON-RPC.
	pub rpc_port: u16,
	/// The port for other nodes.
	pub peer_port: u16,
}

impl Node {
	/// The program with the options of every node that is alone on this machine with others.
	pub fn command(&self) -> Result<Command> {
		let mut command = self.bare_command()?;
		command.arg("--allow-private-ip");
		Ok(command)
	}

	fn bare_command(&self) -> Result<Command> {
		let program = binary("medblock-node")?;
		let mut command = Command::new(&program);
		command.arg("--chain").arg(&self.specification).arg("--base-path").arg(&self.folder);
		// All nodes of all networks run one runtime: the first compiles it for the others.
		command.arg("--compiled-runtimes").arg(program.with_file_name("compiled-runtimes"));
		command.arg("--no-mdns");
		command.args(["--rpc-port", &self.rpc_port.to_string()]);
		command.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", self.peer_port)]);
		Ok(command)
	}

	/// As [`Node::command`], for a validator with the node key that [`Node::make_key`] made.
	pub fn validator(&self, name: &str) -> Result<Command> {
		let mut command = self.command()?;
		self.be_validator(&mut command, name);
		Ok(command)
	}

	/// As [`Node::validator`], for one that calls others at these addresses alone. Others tell it more, which are of this
	/// machine, too: libp2p leaves private addresses out that its operator has not named, and litep2p calls all.
	pub fn validator_calling(&self, name: &str, addresses: &[String]) -> Result<Command> {
		let mut command = self.bare_command()?;
		command.args(["--network-backend", "libp2p", "--no-private-ip"]);
		for address in addresses {
			command.args(["--bootnodes", address]);
		}
		self.be_validator(&mut command, name);
		Ok(command)
	}

	fn be_validator(&self, command: &mut Command, name: &str) {
		command.args(["--validator", "--name", name, "--node-key-file"]).arg(self.key_file());
	}

	/// Questions to it.
	pub fn rpc(&self) -> Rpc {
		Rpc::at(self.rpc_port)
	}

	/// Its address for JSON-RPC.
	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.rpc_port)
	}

	/// Its address for other nodes.
	pub fn address(&self) -> Result<String> {
		Ok(format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.peer_port, self.peer_id()?))
	}

	/// Makes its node key, once. Half a key must not pass for one, and a key that is in a specification
	/// has to stay.
	pub async fn make_key(&self) -> Result<()> {
		if self.key_file().exists() && self.peer_id().is_ok() {
			return Ok(());
		}
		let folder = self.folder.display();
		let problem = || {
			let why = "is the disk full, or the folder another user's?";
			Error::other(format!("cannot write keys to {folder}: {why}"))
		};
		fs::create_dir_all(&self.folder).map_err(|_| problem())?;
		let part = self.folder.join("node-key.new");
		let mut command = tokio::process::Command::new(binary("medblock-node")?);
		command.args(["key", "generate-node-key", "--file"]).arg(&part);
		let output = command.kill_on_drop(true).output().await?;
		// The program says the peer id on standard error.
		let peer_id = String::from_utf8_lossy(&output.stderr).trim().to_owned();
		if !output.status.success() || bytes_of(&peer_id).is_err() {
			return Err(problem());
		}
		let written = fs::write(self.peer_id_file(), peer_id)
			.and_then(|()| fs::rename(&part, self.key_file()));
		written.map_err(|_| problem())
	}

	/// Puts the session keys of a secret into its keystore, once.
	pub async fn insert_session_keys(&self, name: &str, secret: &str) -> Result<()> {
		let done = self.folder.join("ready");
		if done.exists() {
			return Ok(());
		}
		for (kind, scheme) in [("aura", "sr25519"), ("gran", "ed25519")] {
			let mut command = tokio::process::Command::new(binary("medblock-node")?);
			command.args(["key", "insert", "--base-path"]).arg(&self.folder);
			command.arg("--chain").arg(&self.specification);
			command.args(["--key-type", kind, "--scheme", scheme, "--suri", secret]);
			printed_by(command, &format!("cannot insert {name}'s keys")).await?;
		}
		Ok(fs::write(done, "yes\n")?)
	}

	/// Its peer id, as nodes write it.
	pub fn peer_id(&self) -> Result<String> {
		let text = fs::read_to_string(self.peer_id_file())?;
		Ok(text.trim().to_owned())
	}

	/// The bytes of its peer id, as the chain has them.
	pub fn peer_id_bytes(&self) -> Result<Vec<u8>> {
		bytes_of(&self.peer_id()?)
	}

	/// The file with its node key.
	pub fn key_file(&self) -> PathBuf {
		self.folder.join("node-key")
	}

	fn peer_id_file(&self) -> PathBuf {
		self.folder.join("peer-id")
	}
}

fn bytes_of(peer_id: &str) -> Result<Vec<u8>> {
	let bytes = bs58::decode(peer_id).into_vec();
	bytes.ok().filter(|bytes| !bytes.is_empty()).ok_or_else(|| Error::other("no peer id"))
}
