//! A node besides the network's four.

use crate::{Chain, Network, Running};
use codec::Encode;
use medblock_launcher::Node;
use medblock_primitives::ownership_statement;
use medblock_runtime::{AccountId, SessionKeys};
use sp_core::{Pair, ed25519, sr25519};
use tempfile::TempDir;

/// A fifth hospital's node, with `//Eve`'s keys.
pub struct ExtraNode {
	_process: Running,
	_folder: TempDir,
	url: String,
	/// The bytes of its peer id.
	pub peer_id: Vec<u8>,
}

impl ExtraNode {
	/// Starts the node on the network's chain.
	pub async fn start(network: &Network, arguments: &[&str]) -> Self {
		let folder = TempDir::new().expect("a folder");
		let port = network.base_port() + 8;
		let node = Node {
			folder: folder.path().to_owned(),
			specification: network.path().join("spec.json"),
			rpc_port: port,
			peer_port: port + 1,
		};
		node.make_key().await.expect("a key");
		node.insert_session_keys("fifth", "//Eve").await.expect("keys");
		let mut command = node.validator("fifth").expect("the node was built");
		command.arg("--no-prometheus").args(arguments);
		let process = Running::start(command, folder.path());
		let peer_id = node.peer_id_bytes().expect("a peer id");
		Self { _process: process, _folder: folder, url: node.url(), peer_id }
	}

	/// Speaks to it.
	pub async fn chain(&self) -> Chain {
		Chain::connect(&self.url).await
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
