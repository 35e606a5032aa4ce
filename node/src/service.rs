//! How a node is put together.

use crate::{metrics, old_rounds, peer_gate, preflight, rpc};
use medblock_runtime::{BlockNumber, Hash, OpaqueBlock as Block, apis::RuntimeApi};
use pallet_medical_records_rpc::Inbox;
use sc_client_api::BlockBackend;
use sc_consensus_aura::{CheckForEquivocation, ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState,
	VotingRulesBuilder,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_executor::WasmExecutor;
use sc_network::config::{FullNetworkConfiguration, NonReservedPeerMode};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{
	Configuration, PartialComponents, TaskManager, WarpSyncConfig, error::Error as ServiceError,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::{AuraApi, SlotDuration, sr25519::AuthorityPair as AuraPair};
use std::{
	sync::{Arc, OnceLock},
	time::Duration,
};

type HostFunctions = sp_io::SubstrateHostFunctions;

/// What runs the runtime.
pub type Executor = WasmExecutor<HostFunctions>;
/// The chain as this node knows it.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The node's database.
pub type Backend = sc_service::TFullBackend<Block>;

type SelectChain = sc_consensus::LongestChain<Backend, Block>;
type Import = GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type Link = LinkHalf<Block, Client, SelectChain>;
type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;
type Partial = PartialComponents<
	Client,
	Backend,
	SelectChain,
	sc_consensus::DefaultImportQueue<Block>,
	Pool,
	(Import, Link, Option<Telemetry>),
>;

/// How long a vote is given to cross the network. The SDK's 333 ms suit the whole internet; with
/// 100 ms a block is final about 0.4 s after it was made. ADR 4.
const GOSSIP_DURATION: Duration = Duration::from_millis(100);

/// Blocks between justifications that are kept, for nodes that catch up.
const JUSTIFICATION_PERIOD: u32 = 512;

/// Seconds between two looks at the disk.
const DISK_CHECK: Duration = Duration::from_secs(10);

/// The parts that every subcommand needs.
pub fn partial(config: &Configuration) -> Result<Partial, ServiceError> {
	let telemetry = config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
		.map(|endpoints| -> Result<_, sc_telemetry::Error> {
			let worker = TelemetryWorker::new(16)?;
			let telemetry = worker.handle().new_telemetry(endpoints);
			Ok((worker, telemetry))
		})
		.transpose()?;

	let executor: Executor = sc_service::new_wasm_executor(&config.executor);
	let (client, backend, keystore_container, task_manager) =
		sc_service::new_full_parts::<Block, RuntimeApi, _>(
			config,
			telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
			executor.clone(),
			Vec::new(),
		)?;
	let client = Arc::new(client);
	preflight::same_genesis(config, &*client, backend.clone(), executor)
		.map_err(|why| ServiceError::Other(why.to_string()))?;

	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});
	let select_chain = SelectChain::new(backend.clone());
	let transaction_pool = Arc::from(
		sc_transaction_pool::Builder::new(
			task_manager.spawn_essential_handle(),
			client.clone(),
			config.role.is_authority().into(),
		)
		.with_options(config.transaction_pool.clone())
		.with_prometheus(config.prometheus_registry())
		.build(),
	);
	let (import, link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		telemetry.as_ref().map(Telemetry::handle),
	)?;
	let import_queue =
		sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
			block_import: import.clone(),
			justification_import: Some(Box::new(import.clone())),
			client: client.clone(),
			create_inherent_data_providers: {
				let client = client.clone();
				move |parent, ()| {
					let slot_duration = slot_duration_at(&client, parent);
					async move { Ok(inherents(slot_duration?)) }
				}
			},
			spawner: &task_manager.spawn_essential_handle(),
			registry: config.prometheus_registry(),
			check_for_equivocation: CheckForEquivocation::Yes,
			telemetry: telemetry.as_ref().map(Telemetry::handle),
			compatibility_mode: Default::default(),
		})?;

	Ok(PartialComponents {
		client,
		backend,
		task_manager,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool,
		other: (import, link, telemetry),
	})
}

type Inherents =
	(sp_consensus_aura::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider);

fn inherents(slot_duration: SlotDuration) -> Inherents {
	let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
	let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
		*timestamp,
		slot_duration,
	);
	(slot, timestamp)
}

fn slot_duration_at(
	client: &Client,
	at: Hash,
) -> Result<SlotDuration, Box<dyn std::error::Error + Send + Sync>> {
	Ok(client.runtime_api().slot_duration(at)?)
}

/// Starts the node.
pub fn full<N>(
	mut config: Configuration,
	minimum_free_mib: u64,
) -> Result<TaskManager, ServiceError>
where
	N: sc_network::NetworkBackend<Block, Hash>,
{
	let named_peers = (config.network.boot_nodes.iter())
		.chain(&config.network.default_peers_set.reserved_nodes)
		.map(|node| node.peer_id)
		.collect();
	// Nobody gets in whom the peer gate has not let in.
	config.network.default_peers_set.non_reserved_mode = NonReservedPeerMode::Deny;
	// Hospitals mostly reach each other by private addresses, in a VPN. The SDK passes none on for a live
	// chain: each node would know the boot nodes alone, and nothing would be final without them. ADR 19.
	config.network.allow_non_globals_in_dht = true;
	// The SDK adds an endpoint for IPv6 to the one for IPv4. Where their ports collide it would listen on any
	// other port instead, of which no firewall knows.
	for endpoint in config.rpc.addr.iter_mut().flatten() {
		endpoint.retry_random_port = false;
	}

	let PartialComponents {
		client,
		backend,
		mut task_manager,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool,
		other: (block_import, grandpa_link, mut telemetry),
	} = partial(&config)?;

	let mut net_config = FullNetworkConfiguration::<_, _, N>::new(
		&config.network,
		config.prometheus_registry().cloned(),
	);
	let metrics = N::register_notification_metrics(config.prometheus_registry());
	let genesis_hash = client
		.block_hash(0)?
		.ok_or_else(|| ServiceError::Other("the database has no genesis block".into()))?;
	let grandpa_protocol =
		sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
	let (grandpa_config, grandpa_notifications) =
		sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
			grandpa_protocol.clone(),
			metrics.clone(),
			net_config.peer_store_handle(),
		);
	net_config.add_notification_protocol(grandpa_config);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));

	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: transaction_pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	task_manager.spawn_essential_handle().spawn(
		"peer-gate",
		None,
		peer_gate::run(client.clone(), network.clone(), sync_service.clone(), named_peers),
	);
	if minimum_free_mib > 0 {
		task_manager.spawn_essential_handle().spawn_blocking(
			"free-space",
			None,
			stop_when_full(config.base_path.path().to_owned(), minimum_free_mib),
		);
	}

	let figures = metrics::Figures::new()?;
	if let Some(registry) = config.prometheus_registry() {
		figures.register(registry)?;
		figures.disk_minimum.set(minimum_free_mib.saturating_mul(1024 * 1024));
		let path = config.base_path.path().to_owned();
		let follower = metrics::Follower::new(client.clone(), figures.clone(), path);
		task_manager.spawn_handle().spawn_blocking("metrics", None, follower.run());
	}

	let role = config.role;
	let name = config.network.node_name.clone();
	let prometheus_registry = config.prometheus_registry().cloned();
	let enable_grandpa = !config.disable_grandpa;
	let force_authoring = config.force_authoring;
	let voter_state = SharedVoterState::empty();

	let rpc_builder = {
		let client = client.clone();
		let pool = transaction_pool.clone();
		let voter_state = voter_state.clone();
		let authority_set = grandpa_link.shared_authority_set().clone();
		let justifications = grandpa_link.justification_stream();
		let proofs =
			FinalityProofProvider::new_for_service(backend.clone(), Some(authority_set.clone()));
		// The SDK builds the methods twice, for the server and for use within the process.
		let inbox = OnceLock::new();
		Box::new(move |executor: SubscriptionTaskExecutor| {
			let inbox = inbox.get_or_init(|| Inbox::start(client.clone(), executor.clone()));
			let finality = rpc::Finality {
				voter_state: voter_state.clone(),
				authority_set: authority_set.clone(),
				justifications: justifications.clone(),
				executor,
				proofs: proofs.clone(),
			};
			rpc::module(client.clone(), pool.clone(), finality, inbox.clone()).map_err(Into::into)
		})
	};
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		network: network.clone(),
		client: client.clone(),
		keystore: keystore_container.keystore(),
		task_manager: &mut task_manager,
		transaction_pool: Arc::new(metrics::CountingPool::new(transaction_pool.clone(), figures)),
		rpc_builder,
		backend,
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync_service.clone(),
		config,
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	if role.is_authority() {
		let proposer = sc_basic_authorship::ProposerFactory::new(
			task_manager.spawn_handle(),
			client.clone(),
			transaction_pool.clone(),
			prometheus_registry.as_ref(),
			telemetry.as_ref().map(Telemetry::handle),
		);
		let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
		let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
			StartAuraParams {
				slot_duration,
				client: client.clone(),
				select_chain,
				block_import,
				proposer_factory: proposer,
				create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
				force_authoring,
				// When finality lags, blocks come slower: fewer to catch up with, fewer to undo.
				backoff_authoring_blocks: Some(
					BackoffAuthoringOnFinalizedHeadLagging::<BlockNumber>::default(),
				),
				keystore: keystore_container.keystore(),
				sync_oracle: sync_service.clone(),
				justification_sync_link: sync_service.clone(),
				block_proposal_slot_portion: SlotProportion::new(2f32 / 3f32),
				max_block_proposal_slot_portion: None,
				telemetry: telemetry.as_ref().map(Telemetry::handle),
				compatibility_mode: Default::default(),
			},
		)?;
		task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
	}

	if enable_grandpa {
		task_manager.spawn_handle().spawn_blocking(
			"old-rounds",
			None,
			old_rounds::run(client.clone(), voter_state.clone()),
		);
		let grandpa = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
			config: sc_consensus_grandpa::Config {
				gossip_duration: GOSSIP_DURATION,
				justification_generation_period: JUSTIFICATION_PERIOD,
				name: Some(name),
				observer_enabled: false,
				keystore: role.is_authority().then(|| keystore_container.keystore()),
				local_role: role,
				telemetry: telemetry.as_ref().map(Telemetry::handle),
				protocol_name: grandpa_protocol,
			},
			link: grandpa_link,
			network,
			sync: sync_service,
			notification_service: grandpa_notifications,
			// No rules: every validator votes for the best block that it sees. ADR 4.
			voting_rule: VotingRulesBuilder::<Block, Client>::new().build(),
			prometheus_registry,
			shared_voter_state: voter_state,
			telemetry: telemetry.as_ref().map(Telemetry::handle),
			offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
		})?;
		task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, grandpa);
	}
	Ok(task_manager)
}

/// Ends, and with it the node, when the disk is about to fill up.
async fn stop_when_full(path: std::path::PathBuf, minimum_mib: u64) {
	loop {
		if let Err(why) = preflight::free_space(&path, minimum_mib) {
			log::error!("stopping before the disk is full: {why}");
			return;
		}
		futures_timer::Delay::new(DISK_CHECK).await;
	}
}
