//! The peer gate: only the nodes that the chain lists may connect.
//!
//! The list lies in pallet-node-authorization. The node does not use the pallet's own off-chain hook,
//! which never disconnects a node that has left the list. Instead this task reads the list after each
//! imported best block, and every few seconds, and hands a changed list to the network. The network
//! starts in the mode that denies all other peers, so a stranger can connect at no time.
//!
//! A node that has fallen behind knows an old list, and a new node knows only the list of the genesis;
//! the nodes on it may be long gone. A node that was stopped while it downloaded the state can read no
//! list at all. Therefore a node that catches up also talks to the nodes that its operator and the
//! chain's specification name (`--reserved-nodes`, `--bootnodes`). Their own gates still decide about
//! it.
//!
//! A node that is not listed, or is listed and alone, says so in its log: from the outside, both look
//! like a network that is down.

use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use medblock_runtime::{AccountId, Hash, OpaqueBlock as Block};
use pallet_consortium_runtime_api::ConsortiumApi;
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sc_network::{PeerId, service::traits::NetworkService};
use sp_api::ProvideRuntimeApi;
use sp_consensus::SyncOracle;
use std::{
	collections::HashSet,
	sync::Arc,
	time::{Duration, Instant},
};

const LOG_TARGET: &str = "peer-gate";

/// The time in which the gate notices a change of the list, even if no block is announced.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The time after which a listed node that is alone warns.
const ALONE: Duration = Duration::from_secs(30);

/// Restricts the network's peers to the chain's list, for as long as the node runs.
pub async fn run<C, S>(
	client: Arc<C>,
	network: Arc<dyn NetworkService>,
	sync: S,
	named: HashSet<PeerId>,
) where
	C: BlockchainEvents<Block> + HeaderBackend<Block> + ProvideRuntimeApi<Block>,
	C::Api: ConsortiumApi<Block, AccountId>,
	S: SyncOracle,
{
	let own = network.local_peer_id();
	// The subscription precedes the first look, so that no block is missed in between.
	let mut imports = client.import_notification_stream().fuse();
	let mut admitted = HashSet::new();
	let mut alone = Alone::default();
	loop {
		let best = client.info();
		// Before its first connection, a node cannot know that it is behind.
		let catching_up = best.best_number == 0 || sync.is_offline() || sync.is_major_syncing();
		let trusted = if catching_up { named.clone() } else { HashSet::new() };
		let is_listed = admit(&*client, &*network, own, best.best_hash, trusted, &mut admitted);
		let is_alone = is_listed && !admitted.is_empty() && sync.is_offline();
		if alone.is_strange(is_alone, Instant::now()) {
			log::warn!(
				target: LOG_TARGET,
				"this node ({own}) is on the chain's list, and no other node talks to it: another \
				machine runs with this node's key, or nothing gets through to the others",
			);
		}
		// Blocks that arrive in bulk are not announced here, hence the timer.
		futures::select! {
			import = imports.next() => if import.is_none() { return },
			() = Delay::new(LOOK_AGAIN).fuse() => {},
		}
	}
}

/// The time since which no node talks to this one, although it is listed.
#[derive(Default)]
struct Alone {
	since: Option<Instant>,
	was_said: bool,
}

impl Alone {
	/// Whether this has lasted for so long that the node has to warn. True only once.
	fn is_strange(&mut self, is_alone: bool, now: Instant) -> bool {
		if !is_alone {
			*self = Self::default();
			return false;
		}
		let since = *self.since.get_or_insert(now);
		let is_strange = !self.was_said && now.saturating_duration_since(since) >= ALONE;
		self.was_said |= is_strange;
		is_strange
	}
}

/// Hands the list to the network if it has changed. Returns whether this node is known to be on the
/// list.
fn admit<C>(
	client: &C,
	network: &dyn NetworkService,
	own: PeerId,
	at: Hash,
	trusted: HashSet<PeerId>,
	admitted: &mut HashSet<PeerId>,
) -> bool
where
	C: ProvideRuntimeApi<Block>,
	C::Api: ConsortiumApi<Block, AccountId>,
{
	let listed: Option<HashSet<PeerId>> = match client.runtime_api().authorized_nodes(at) {
		Ok(nodes) => {
			Some(nodes.iter().filter_map(|bytes| PeerId::from_bytes(bytes).ok()).collect())
		},
		Err(why) => {
			// There is no state to ask while the node downloads it.
			log::debug!(target: LOG_TARGET, "cannot read the list of nodes at {at}: {why}");
			None
		},
	};
	let is_listed = listed.as_ref().map(|listed| listed.contains(&own));
	let peers = to_admit(listed, own, trusted, admitted);
	if is_listed == Some(false) && admitted.is_empty() {
		log::warn!(
			target: LOG_TARGET,
			"this node ({own}) is not on the chain's list: no other node will talk to it until the \
			council adds it",
		);
	}
	if peers != *admitted {
		log::info!(target: LOG_TARGET, "{} other nodes may connect", peers.len());
		network.set_authorized_peers(peers.clone());
		*admitted = peers;
	}
	is_listed == Some(true)
}

/// The peers to admit: those on the list, if it can be read, and those that this node trusts meanwhile.
fn to_admit(
	listed: Option<HashSet<PeerId>>,
	own: PeerId,
	trusted: HashSet<PeerId>,
	admitted: &HashSet<PeerId>,
) -> HashSet<PeerId> {
	let mut peers = match listed {
		Some(listed) => listed,
		None if !admitted.is_empty() => return admitted.clone(),
		// The node restarted before it had downloaded the state, and needs peers for the download.
		None => HashSet::new(),
	};
	peers.extend(trusted);
	peers.remove(&own);
	peers
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn trusted_peers_are_admitted_while_the_list_cannot_be_read_and_none_is_admitted() {
		let [own, listed, named] = [(); 3].map(|()| PeerId::random());
		let (trusted, none) = (HashSet::from([own, named]), HashSet::new());
		let at_first = to_admit(None, own, trusted.clone(), &none);
		assert_eq!(at_first, HashSet::from([named]));
		let list = HashSet::from([own, listed]);
		let later = to_admit(Some(list.clone()), own, trusted, &at_first);
		assert_eq!(later, HashSet::from([listed, named]));
		// Admitted peers stay until the list can be read.
		assert_eq!(to_admit(None, own, HashSet::new(), &later), later);
		assert_eq!(to_admit(Some(list), own, HashSet::new(), &later), HashSet::from([listed]));
	}

	#[test]
	fn node_that_stays_alone_says_so_once() {
		let (mut alone, start) = (Alone::default(), Instant::now());
		let after = |seconds| start + Duration::from_secs(seconds);
		assert!(!alone.is_strange(true, after(0)));
		assert!(!alone.is_strange(true, after(29)));
		assert!(alone.is_strange(true, after(30)));
		assert!(!alone.is_strange(true, after(300)), "not again and again");
		// A peer has come, and gone.
		assert!(!alone.is_strange(false, after(301)));
		assert!(!alone.is_strange(true, after(302)));
		assert!(alone.is_strange(true, after(332)));
	}
}
