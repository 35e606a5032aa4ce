//! The network settings in which this chain's nodes differ from the SDK's.

use sc_network::{PeerId, config::NonReservedPeerMode};
use sc_service::Configuration;
use std::collections::HashSet;

/// The peers that the operator and the chain's specification name.
pub fn named_peers(config: &Configuration) -> HashSet<PeerId> {
	let network = &config.network;
	let named = network.boot_nodes.iter().chain(&network.default_peers_set.reserved_nodes);
	named.map(|node| node.peer_id).collect()
}

/// Restricts the network to this chain's rules.
pub fn restrict(config: &mut Configuration) {
	// Only peers admitted by the peer gate may connect.
	config.network.default_peers_set.non_reserved_mode = NonReservedPeerMode::Deny;
	// Most hospitals reach each other by private addresses, in a VPN. On a live chain the SDK does not
	// pass these on: each node would know the boot nodes alone, and no block would be final without
	// them. ADR 19.
	config.network.allow_non_globals_in_dht = true;
	// The SDK adds an endpoint for IPv6 to the one for IPv4. If their ports collide, it would listen on
	// a random port instead, of which no firewall knows.
	for endpoint in config.rpc.addr.iter_mut().flatten() {
		endpoint.retry_random_port = false;
	}
}
