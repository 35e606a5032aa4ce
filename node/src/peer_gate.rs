//! Who may connect: the nodes that the chain lists, and nobody else.
//!
//! The list lies in pallet-node-authorization. The pallet's own off-chain hook is not used: it never
//! disconnects a node that has left the list. Instead this task reads the list after each imported
//! best block and hands it to the network when it has changed. The network starts in the mode in
//! which it denies everybody that it was not handed, so that there is no moment in which a stranger
//! gets in.

use futures::StreamExt;
use medblock_runtime::{AccountId, Hash, OpaqueBlock as Block};
use pallet_consortium_runtime_api::ConsortiumApi;
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sc_network::{service::traits::NetworkService, PeerId};
use sp_api::ProvideRuntimeApi;
use std::{collections::HashSet, sync::Arc};

const LOG_TARGET: &str = "peer-gate";

/// Keeps the network's peers to those that the chain lists, for as long as the node runs.
pub async fn run<C>(client: Arc<C>, network: Arc<dyn NetworkService>)
where
	C: BlockchainEvents<Block> + HeaderBackend<Block> + ProvideRuntimeApi<Block>,
	C::Api: ConsortiumApi<Block, AccountId>,
{
	let own = network.local_peer_id();
	// Subscribed before the first look, so that no block is missed in between.
	let mut imports = client.import_notification_stream();
	let mut authorized = HashSet::new();
	admit(&*client, &*network, own, client.info().best_hash, &mut authorized);
	while let Some(block) = imports.next().await {
		if block.is_new_best {
			admit(&*client, &*network, own, block.hash, &mut authorized);
		}
	}
}

fn admit<C>(
	client: &C,
	network: &dyn NetworkService,
	own: PeerId,
	at: Hash,
	authorized: &mut HashSet<PeerId>,
) where
	C: ProvideRuntimeApi<Block>,
	C::Api: ConsortiumApi<Block, AccountId>,
{
	let listed = match client.runtime_api().authorized_nodes(at) {
		Ok(nodes) => nodes,
		Err(why) => {
			// While the state is being downloaded there is none to ask. Whoever was let in stays.
			log::debug!(target: LOG_TARGET, "cannot read the list of nodes at {at}: {why}");
			return;
		},
	};
	let mut peers: HashSet<PeerId> =
		listed.iter().filter_map(|bytes| PeerId::from_bytes(bytes).ok()).collect();
	if !peers.remove(&own) && authorized.is_empty() {
		log::warn!(
			target: LOG_TARGET,
			"this node ({own}) is not on the chain's list: no other node will talk to it until the \
			council adds it",
		);
	}
	if peers != *authorized {
		log::info!(target: LOG_TARGET, "{} other nodes may connect", peers.len());
		network.set_authorized_peers(peers.clone());
		*authorized = peers;
	}
}
