//! Starts a node, from the network to blocks and votes.

mod authoring;
mod finality;
mod network;
mod timely;

use crate::{
	metrics,
	parts::{self, Parts},
	peer_gate,
	pool::{Door, Gossip, Limits, kinds},
	preflight, rpc,
};
use authoring::Authoring;
use finality::Voting;
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_consensus_grandpa::{SharedVoterState, warp_proof::NetworkProvider};
use sc_network::{NetworkBackend, config::FullNetworkConfiguration};
use sc_service::{Configuration, TaskManager, WarpSyncConfig, error::Error as ServiceError};
use sc_telemetry::Telemetry;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// The time between two looks at the disk.
const DISK_CHECK: Duration = Duration::from_secs(10);

/// Starts the node.
pub fn start<N: NetworkBackend<Block, Hash>>(
	mut config: Configuration,
	limits: Limits,
	minimum_free_mib: u64,
	compiled_runtimes: Option<PathBuf>,
) -> Result<TaskManager, ServiceError> {
	let compiled_runtimes =
		compiled_runtimes.unwrap_or_else(|| config.data_path.join("compiled-runtimes"));
	let named_peers = network::named_peers(&config);
	network::restrict(&mut config);

	let Parts {
		client,
		backend,
		task_manager: mut tasks,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool: pool,
		other: (block_import, link, mut telemetry),
	} = parts::assemble(&config, limits, Some(compiled_runtimes))?;
	let door = Arc::new(Door::new(pool.clone(), limits).knowing(kinds(&client)));
	let keystore = keystore_container.keystore();
	let registry = config.prometheus_registry().cloned();
	let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);

	let mut net_config =
		FullNetworkConfiguration::<_, _, N>::new(&config.network, registry.clone());
	let notification_metrics = N::register_notification_metrics(registry.as_ref());
	let protocol =
		finality::protocol(&config, &client, &mut net_config, notification_metrics.clone())?;
	let warp_sync =
		NetworkProvider::new(backend.clone(), link.shared_authority_set().clone(), Vec::new());
	let (network, system_rpc_tx, tx_handler_controller, sync, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: Arc::new(Gossip(door.clone())),
			spawn_handle: tasks.spawn_handle(),
			spawn_essential_handle: tasks.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
			block_relay: None,
			metrics: notification_metrics,
			gap_sync_body_policy: None,
		})?;

	let gate = peer_gate::run(client.clone(), network.clone(), sync.clone(), named_peers);
	tasks.spawn_essential_handle().spawn("peer-gate", None, gate);
	let base_path = config.base_path.path().to_owned();
	if minimum_free_mib > 0 {
		let watch = stop_when_full(base_path.clone(), minimum_free_mib);
		tasks.spawn_essential_handle().spawn_blocking("free-space", None, watch);
	}
	let figures =
		metrics::start(registry.as_ref(), &tasks, client.clone(), base_path, minimum_free_mib)?;

	let voter_state = SharedVoterState::empty();
	let authoring = config.role.is_authority().then(|| Authoring {
		client: client.clone(),
		pool: pool.clone(),
		select_chain,
		block_import,
		keystore: keystore.clone(),
		sync: sync.clone(),
		force: config.force_authoring,
		registry: registry.clone(),
		telemetry: telemetry_handle.clone(),
	});
	let rpc_builder = rpc::builder(
		client.clone(),
		pool.clone(),
		rpc::Finality::new(backend.clone(), &link, voter_state.clone()),
	);
	let voting = (!config.disable_grandpa).then(|| Voting {
		client: client.clone(),
		pool,
		link,
		protocol,
		network: network.clone(),
		sync: sync.clone(),
		keystore: keystore.clone(),
		state: voter_state,
		name: config.network.node_name.clone(),
		role: config.role,
		registry,
		telemetry: telemetry_handle,
	});

	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		network,
		client,
		keystore,
		task_manager: &mut tasks,
		transaction_pool: Arc::new(metrics::CountingPool::new(door, figures)),
		rpc_builder,
		backend,
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync,
		config,
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	if let Some(authoring) = authoring {
		authoring.spawn(&tasks)?;
	}
	if let Some(voting) = voting {
		voting.spawn(&tasks)?;
	}
	Ok(tasks)
}

/// Ends, and with it the node, when the disk is about to fill up.
async fn stop_when_full(path: PathBuf, minimum_mib: u64) {
	loop {
		if let Err(why) = preflight::free_space(&path, minimum_mib) {
			log::error!("stopping before the disk is full: {why}");
			return;
		}
		futures_timer::Delay::new(DISK_CHECK).await;
	}
}
