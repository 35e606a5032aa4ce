//! Asking a node, and sending transactions to it.
//!
//! [`Chain`] is a connection, [`At`] a block of which questions are asked, [`Call`] what a transaction
//! is to do, and [`Receipt`] what came of it in a *final* block.

mod allowance;
mod at;
mod call;
mod council;
mod decoded;
mod outcome;
mod rpc;
mod submit;

pub use at::{At, DoctorInfo, HospitalInfo, PatientInfo};
pub use call::{Call, EncodedCall, Prepared, SessionKeys};
pub use council::{Motion, Waiting, blake2_256};
pub use decoded::{Argument, Decoded, peer_id_bytes};
pub use outcome::{Event, Refusal};
pub(crate) use submit::{LIFETIME, STOPPED};
pub use submit::{Receipt, Until};

use crate::{Error, Result};
use rpc::Rpc;
use std::sync::Arc;
use subxt::{
	OnlineClient, SubstrateConfig,
	backend::LegacyBackend,
	utils::{AccountId32, H256},
};

/// An account: a public key, shown in SS58 with prefix 42.
pub type AccountId = AccountId32;

/// What a block is known by: the Blake2-256 of its header.
pub type BlockHash = H256;

/// The `transaction_version` of the runtimes that this client encodes calls for. The chain changes it
/// when a call's encoding changes.
pub const TRANSACTION_VERSION: u32 = 1;

/// A connection to a node, which is restored when it gets lost. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
	rpc: Rpc,
	client: OnlineClient<SubstrateConfig>,
	genesis: H256,
	url: Arc<str>,
}

impl Chain {
	/// Connects to a node's WebSocket address, such as `ws://127.0.0.1:9944`. Fails with
	/// [`Error::NodeUnreachable`] if nobody answers within ten seconds.
	pub async fn connect(url: &str) -> Result<Self> {
		let rpc = Rpc::connect(url).await?;
		let genesis = rpc.block_hash(0).await?.ok_or_else(|| rpc.incomprehensible("genesis"))?;
		let backend = Arc::new(LegacyBackend::builder().build(rpc.client()));
		let config = SubstrateConfig::builder().set_genesis_hash(genesis).build();
		let client = OnlineClient::from_backend_with_config(config, backend)
			.await
			.map_err(|why| Error::unreachable(url, why))?;
		Ok(Self { rpc, client, genesis, url: url.into() })
	}

	/// The address that was connected to.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The hash of the chain's first block, which everything that is signed or sealed is bound to.
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

	/// The best block, which may yet be given up for another.
	pub async fn best(&self) -> Result<At> {
		let hash = self.best_hash().await?;
		self.at(hash).await
	}

	/// A block by its hash.
	pub async fn at(&self, hash: BlockHash) -> Result<At> {
		let number = self.rpc.number_of(hash).await?;
		Ok(At::new(self.rpc.clone(), self.client.clone(), hash, number))
	}

	/// The block with this number in the node's best chain, if it has come to it.
	pub async fn at_number(&self, number: u32) -> Result<Option<At>> {
		let hash = self.rpc.block_hash(number).await?;
		Ok(hash.map(|hash| At::new(self.rpc.clone(), self.client.clone(), hash, number)))
	}

	/// The node's peer id: what other nodes know it by.
	pub async fn peer_id(&self) -> Result<String> {
		self.rpc.peer_id().await
	}

	/// What the node says of itself: whether it is still catching up, and how many it is connected
	/// to.
	pub async fn health(&self) -> Result<Health> {
		self.rpc.health().await
	}
}

/// A node's own account of how it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
	/// Nodes that it is connected to.
	pub peers: usize,
	/// Whether it is still catching up with them.
	pub is_syncing: bool,
}
