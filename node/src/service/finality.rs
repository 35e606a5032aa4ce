//! Finality: every node follows the votes, and validators cast them.

use crate::{
	old_rounds,
	parts::{Client, JUSTIFICATION_PERIOD, Link},
	pool::Pool,
};
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_client_api::BlockBackend;
use sc_consensus_grandpa::{Config, GrandpaParams, SharedVoterState, VotingRulesBuilder};
use sc_network::{
	NetworkBackend, NotificationMetrics, NotificationService, ProtocolName,
	config::FullNetworkConfiguration, service::traits::NetworkService,
};
use sc_network_sync::SyncingService;
use sc_service::{Configuration, Role, TaskManager, error::Error as ServiceError};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// The time that a vote is given to cross the network. The SDK's 333 ms suit the whole internet; with
/// 100 ms a block is final about 0.4 s after it was made. ADR 4.
const GOSSIP_DURATION: Duration = Duration::from_millis(100);

/// The protocol by which votes travel.
pub struct Protocol {
	name: ProtocolName,
	notifications: Box<dyn NotificationService>,
}

/// Adds the protocol of votes to the network's.
pub fn protocol<N: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	client: &Client,
	net_config: &mut FullNetworkConfiguration<Block, Hash, N>,
	metrics: NotificationMetrics,
) -> Result<Protocol, ServiceError> {
	let genesis = client
		.block_hash(0)?
		.ok_or_else(|| ServiceError::Other("the database has no genesis block".into()))?;
	let name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let (grandpa, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
		name.clone(),
		metrics,
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(grandpa);
	Ok(Protocol { name, notifications })
}

/// The parts that follow and cast votes.
pub struct Voting {
	pub client: Arc<Client>,
	pub pool: Arc<Pool>,
	pub link: Link,
	pub protocol: Protocol,
	pub network: Arc<dyn NetworkService>,
	pub sync: Arc<SyncingService<Block>>,
	pub keystore: KeystorePtr,
	pub state: SharedVoterState,
	/// The node's name, for telemetry.
	pub name: String,
	pub role: Role,
	pub registry: Option<Registry>,
	pub telemetry: Option<TelemetryHandle>,
}

impl Voting {
	/// Starts to follow the votes, and to cast them where the node is a validator.
	pub fn spawn(self, tasks: &TaskManager) -> Result<(), ServiceError> {
		let old_rounds = old_rounds::run(self.client, self.state.clone());
		tasks.spawn_handle().spawn_blocking("old-rounds", None, old_rounds);
		let grandpa = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
			config: Config {
				gossip_duration: GOSSIP_DURATION,
				justification_generation_period: JUSTIFICATION_PERIOD,
				name: Some(self.name),
				observer_enabled: false,
				keystore: self.role.is_authority().then_some(self.keystore),
				local_role: self.role,
				telemetry: self.telemetry.clone(),
				protocol_name: self.protocol.name,
			},
			link: self.link,
			network: self.network,
			sync: self.sync,
			notification_service: self.protocol.notifications,
			// No rules: every validator votes for the best block that it sees. ADR 4.
			voting_rule: VotingRulesBuilder::<Block, Client>::new().build(),
			prometheus_registry: self.registry,
			shared_voter_state: self.state,
			telemetry: self.telemetry,
			offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(self.pool),
		})?;
		tasks.spawn_essential_handle().spawn_blocking("grandpa-voter", None, grandpa);
		Ok(())
	}
}
