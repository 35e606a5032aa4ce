//! A connection to one node.

use crate::{
	At, BlockHash, Error, Result, Tokens,
	rpc::{PATIENCE, Rpc, Silence},
};
use medblock_platform::clock::Duration;
use std::sync::Arc;
use subxt::{OnlineClient, SubstrateConfig, backend::LegacyBackend, utils::H256};

/// A connection to a node, which reconnects by itself. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
	pub(crate) rpc: Rpc,
	pub(crate) client: OnlineClient<SubstrateConfig>,
	genesis: H256,
	pub(crate) url: Arc<str>,
}

impl Chain {
	/// Connects to a node's WebSocket address, such as `ws://127.0.0.1:9944`, or to the door of a
	/// hospital's gateway, such as `wss://gateway.example/v1/rpc`, which gives what a newcomer needs.
	/// Fails with [`Error::NodeUnreachable`] if the node does not answer within ten seconds.
	pub async fn connect(url: &str) -> Result<Self> {
		Self::connect_as(url, None).await
	}

	/// As [`Chain::connect`], and a connection to a door signs in with these tokens, again after it
	/// was lost or a token has ended.
	pub async fn connect_as(url: &str, tokens: Option<Arc<dyn Tokens>>) -> Result<Self> {
		Self::connect_within(PATIENCE, url, tokens).await
	}

	/// As [`Chain::connect_as`], with this much time, which each answer has from then on, too.
	pub(crate) async fn connect_within(
		patience: Duration,
		url: &str,
		tokens: Option<Arc<dyn Tokens>>,
	) -> Result<Self> {
		Self::over(Rpc::connect(url, tokens, patience).await?).await
	}

	/// The same connection, which has half a minute for each answer.
	pub(crate) fn patient(self) -> Self {
		Self { rpc: self.rpc.patient(), ..self }
	}

	/// Has told when the node does not answer for some seconds, in place of what was told of this connection before.
	pub(crate) fn on_silence(&self, listener: Silence) {
		self.rpc.on_silence(listener);
	}

	/// The chain over a connection.
	pub(crate) async fn over(rpc: Rpc) -> Result<Self> {
		let url: Arc<str> = rpc.url().into();
		let genesis = rpc.block_hash(0).await?.ok_or_else(|| rpc.incomprehensible("genesis"))?;
		let backend = Arc::new(LegacyBackend::builder().build(rpc.client()));
		let config = SubstrateConfig::builder().set_genesis_hash(genesis).build();
		let client = OnlineClient::from_backend_with_config(config, backend)
			.await
			.map_err(|why| Error::unreachable(&url, why))?;
		Ok(Self { rpc, client, genesis, url })
	}

	/// The node's address.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The hash of the chain's first block, which binds everything that is signed or sealed to this
	/// chain.
	pub fn genesis(&self) -> [u8; 32] {
		self.genesis.0
	}

	/// The hash of the last final block.
	pub async fn finalized_hash(&self) -> Result<BlockHash> {
		self.rpc.finalized_head().await
	}

	/// The hash of the best block.
	pub async fn best_hash(&self) -> Result<BlockHash> {
		self.rpc.best().await
	}

	/// The last final block.
	pub async fn finalized(&self) -> Result<At> {
		let hash = self.finalized_hash().await?;
		self.at(hash).await
	}

	/// The best block, which another may still replace.
	pub async fn best(&self) -> Result<At> {
		let hash = self.best_hash().await?;
		self.at(hash).await
	}

	/// A block by its hash.
	pub async fn at(&self, hash: BlockHash) -> Result<At> {
		let number = self.rpc.number_of(hash).await?;
		Ok(At::new(self.rpc.clone(), self.client.clone(), hash, number))
	}

	/// The block with this number in the node's best chain, if the node has reached it.
	pub async fn at_number(&self, number: u32) -> Result<Option<At>> {
		let hash = self.rpc.block_hash(number).await?;
		Ok(hash.map(|hash| At::new(self.rpc.clone(), self.client.clone(), hash, number)))
	}

	/// The node's peer id, by which other nodes know it.
	pub async fn peer_id(&self) -> Result<String> {
		self.rpc.peer_id().await
	}

	/// The node's health: whether it is still catching up, and its number of peers.
	pub async fn health(&self) -> Result<Health> {
		self.rpc.health().await
	}
}

/// A node's own report of its health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
	/// The number of connected nodes.
	pub peers: usize,
	/// Whether the node is still catching up with them.
	pub is_syncing: bool,
}
