//! What the nodes of a network know.

use crate::{Block, Hospital, Network, Result};
use futures::future::join_all;
use serde::Serialize;
use serde_json::{Value, json};

/// What each node knows, and what they agree on.
#[derive(Clone, Debug, Serialize)]
pub struct NetworkStatus {
	/// The four nodes.
	pub nodes: Vec<NodeStatus>,
	/// The highest block that all nodes that run hold for final.
	#[serde(rename = "final")]
	pub common: Common,
}

/// A block that is final on several nodes.
#[derive(Clone, Debug, Serialize)]
pub struct Common {
	/// Its number.
	pub number: u32,
	/// Its hash.
	pub hash: Option<String>,
	/// Whether it is the same block on all of them.
	pub identical: bool,
}

/// One node.
#[derive(Clone, Debug, Serialize)]
pub struct NodeStatus {
	/// The hospital that runs it.
	pub node: Hospital,
	/// Whether its process runs.
	pub running: bool,
	/// `false` if it runs and does not answer.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub answering: Option<bool>,
	/// What it answers.
	#[serde(flatten)]
	pub knows: Option<Knows>,
}

/// What a node knows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Knows {
	/// Its port for JSON-RPC.
	pub rpc_port: u16,
	/// The number of its best block.
	pub best: u32,
	/// The hash of that block.
	pub best_hash: String,
	/// The number of its last final block.
	pub finalized: u32,
	/// The hash of that block.
	pub finalized_hash: String,
	/// The number of nodes that it is connected to.
	pub peers: u32,
	/// Whether it is far behind the others.
	pub syncing: bool,
	/// The name of the hospital that authored its best block.
	pub author: Option<String>,
	/// The names of the hospitals whose validators are seated.
	pub seated: Vec<String>,
}

impl NetworkStatus {
	/// One of the nodes.
	pub fn of(&self, hospital: Hospital) -> &NodeStatus {
		&self.nodes[usize::from(hospital.number())]
	}

	/// Whether all four nodes run and answer.
	pub fn all_answer(&self) -> bool {
		self.nodes.iter().all(|node| node.knows.is_some())
	}

	/// Whether two nodes hold different blocks for final.
	pub fn differs(&self) -> bool {
		!self.common.identical && self.common.hash.is_some()
	}
}

impl Network {
	/// What each node knows, and what they agree on.
	pub async fn status(&self) -> NetworkStatus {
		let nodes = join_all(Hospital::ALL.map(|hospital| self.status_of(hospital))).await;
		let finals = nodes.iter().filter_map(|node| Some(node.knows.as_ref()?.finalized));
		let number = finals.min().unwrap_or_default();
		let answering = nodes.iter().filter(|node| node.knows.is_some());
		let asking = answering.map(async |node| {
			let hash = self.rpc(node.node).ask("chain_getBlockHash", json!([number])).await;
			hash.unwrap_or(None)
		});
		let hashes: Vec<Option<String>> = join_all(asking).await;
		let identical = hashes.first().is_some_and(|first| hashes.iter().all(|one| one == first));
		let hash = hashes.into_iter().next().flatten();
		NetworkStatus { nodes, common: Common { number, hash, identical } }
	}

	async fn status_of(&self, hospital: Hospital) -> NodeStatus {
		let running = self.daemon(hospital).pid().is_some();
		let knows = match running {
			true => self.knowledge_of(hospital).await.ok(),
			false => None,
		};
		let answering = (running && knows.is_none()).then_some(false);
		NodeStatus { node: hospital, running, answering, knows }
	}

	async fn knowledge_of(&self, hospital: Hospital) -> Result<Knows> {
		let rpc = self.rpc(hospital);
		let Block { number: best, hash: best_hash } = rpc.best().await?;
		let Block { number: finalized, hash: finalized_hash } = rpc.finalized().await?;
		let health: Value = rpc.ask("system_health", json!([])).await?;
		// The genesis has no author.
		let author: Value = rpc.ask("consortium_author", json!([best_hash])).await?;
		let hospitals: Value =
			rpc.ask("consortium_hospitals", json!([null, null, best_hash])).await?;
		let hospitals: Vec<Value> = serde_json::from_value(hospitals["items"].clone())?;
		let name = |hospital: &Value| hospital["name"].as_str().unwrap_or_default().to_owned();
		let authored = |one: &&Value| one["hospital"] == author["value"];
		let author = hospitals.iter().find(authored).map(name);
		let seated = hospitals.iter().filter(|one| one["seat"] == "seated").map(name).collect();
		Ok(Knows {
			rpc_port: self.node(hospital).rpc_port,
			best,
			best_hash,
			finalized,
			finalized_hash,
			peers: serde_json::from_value(health["peers"].clone())?,
			syncing: serde_json::from_value(health["isSyncing"].clone())?,
			author,
			seated,
		})
	}
}
