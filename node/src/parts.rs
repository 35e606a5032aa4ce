//! The parts that a node and its subcommands have in common: the chain, the database, the transaction
//! pool and the import queue.

use crate::{
	pool::{self, Limits, Pool},
	preflight,
};
use medblock_runtime::{Hash, OpaqueBlock as Block, apis::RuntimeApi};
use sc_consensus_aura::{CheckForEquivocation, ImportQueueParams};
use sc_consensus_grandpa::{GrandpaBlockImport, LinkHalf};
use sc_executor::{DEFAULT_HEAP_ALLOC_STRATEGY, HeapAllocStrategy, WasmExecutor};
use sc_service::{
	Configuration, PartialComponents, TaskManager, config::ExecutorConfiguration,
	error::Error as ServiceError,
};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::{AuraApi, SlotDuration, sr25519::AuthorityPair as AuraPair};
use std::{path::PathBuf, sync::Arc};

type HostFunctions = sp_io::SubstrateHostFunctions;

/// The executor of the runtime.
pub type Executor = WasmExecutor<HostFunctions>;
/// The chain as this node knows it.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The node's database.
pub type Backend = sc_service::TFullBackend<Block>;
/// The choice of the best chain.
pub type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// The import of blocks into the database, through GRANDPA.
pub type Import = GrandpaBlockImport<Backend, Block, Client, SelectChain>;
/// GRANDPA's end of the import.
pub type Link = LinkHalf<Block, Client, SelectChain>;
/// The blocks that wait to be imported.
pub type ImportQueue = sc_consensus::DefaultImportQueue<Block>;
/// All the parts.
pub type Parts = PartialComponents<
	Client,
	Backend,
	SelectChain,
	ImportQueue,
	Pool,
	(Import, Link, Option<Telemetry>),
>;

/// The number of blocks between justifications that are kept, for nodes that catch up.
pub const JUSTIFICATION_PERIOD: u32 = 512;

/// Assembles the parts. Refuses a database of another chain. Compiled runtimes are kept in a folder if
/// there is one: only for the node itself, since subcommands may run as another user, who should run no
/// native code of the node's.
pub fn assemble(
	config: &Configuration,
	limits: Limits,
	compiled_runtimes: Option<PathBuf>,
) -> Result<Parts, ServiceError> {
	let telemetry = telemetry(config)?;
	let executor = executor(&config.executor, compiled_runtimes);
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
	let handle = telemetry.as_ref().map(Telemetry::handle);

	let select_chain = SelectChain::new(backend.clone());
	let transaction_pool = pool::start(config, limits, &client, &task_manager);
	let (import, link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		handle.clone(),
	)?;
	let import_queue = import_queue(config, &client, &import, &task_manager, handle)?;
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

/// The SDK's executor, which also keeps what it compiles: to compile a runtime takes seconds.
fn executor(config: &ExecutorConfiguration, compiled_runtimes: Option<PathBuf>) -> Executor {
	let heap = config.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
		HeapAllocStrategy::Static { extra_pages: u32::try_from(pages).unwrap_or(u32::MAX) }
	});
	let builder = Executor::builder()
		.with_execution_method(config.wasm_method)
		.with_onchain_heap_alloc_strategy(heap)
		.with_offchain_heap_alloc_strategy(heap)
		.with_max_runtime_instances(config.max_runtime_instances)
		.with_runtime_cache_size(config.runtime_cache_size);
	match compiled_runtimes {
		Some(folder) => builder.with_cache_path(folder).build(),
		None => builder.build(),
	}
}

/// The connection to telemetry servers, if the operator names some.
fn telemetry(
	config: &Configuration,
) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
	let endpoints = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty());
	let Some(endpoints) = endpoints else { return Ok(None) };
	let worker = TelemetryWorker::new(16)?;
	let telemetry = worker.handle().new_telemetry(endpoints);
	Ok(Some((worker, telemetry)))
}

fn import_queue(
	config: &Configuration,
	client: &Arc<Client>,
	import: &Import,
	tasks: &TaskManager,
	telemetry: Option<TelemetryHandle>,
) -> Result<ImportQueue, ServiceError> {
	let slots = client.clone();
	let queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
		block_import: import.clone(),
		justification_import: Some(Box::new(import.clone())),
		client: client.clone(),
		create_inherent_data_providers: move |parent, ()| {
			let slot_duration = slot_duration_at(&slots, parent);
			async move { Ok(inherents(slot_duration?)) }
		},
		spawner: &tasks.spawn_essential_handle(),
		registry: config.prometheus_registry(),
		check_for_equivocation: CheckForEquivocation::Yes,
		telemetry,
		compatibility_mode: Default::default(),
	})?;
	Ok(queue)
}

fn slot_duration_at(
	client: &Client,
	at: Hash,
) -> Result<SlotDuration, Box<dyn std::error::Error + Send + Sync>> {
	Ok(client.runtime_api().slot_duration(at)?)
}

/// The sources of the data that each block begins with.
pub type Inherents =
	(sp_consensus_aura::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider);

/// The slot and the time, by this machine's clock.
pub fn inherents(slot_duration: SlotDuration) -> Inherents {
	let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
	let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
		*timestamp,
		slot_duration,
	);
	(slot, timestamp)
}
