//! The subcommands.

use crate::{
	chain_spec,
	cli::{Cli, Command},
	consortium_spec, parts,
	pool::Limits,
	preflight, service,
};
use clap::CommandFactory;
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_cli::{
	CliConfiguration, Error, KeySubcommand, Result, RpcMethods, SubstrateCli, TransactionPoolType,
};
use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
use sc_service::PartialComponents;
use sp_core::crypto::set_default_ss58_version;

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"MedBlock Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn executable_name() -> String {
		"medblock-node".into()
	}

	fn description() -> String {
		"The node that a hospital runs to take part in a MedBlock chain.".into()
	}

	fn author() -> String {
		"the MedBlock developers".into()
	}

	fn support_url() -> String {
		"the SUPPORT section of the README that came with this node".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		Ok(Box::new(chain_spec::load(id)?))
	}
}

/// Runs the command line.
pub fn run() -> Result<()> {
	let mut cli = Cli::from_args();
	match &cli.subcommand {
		Some(Command::Consortium(command)) => consortium_spec::run(command),
		Some(Command::Key(command)) => {
			if let KeySubcommand::Insert(insert) = command {
				preflight::key_type(&key_type_argument(), insert.scheme)?;
			}
			command.run(&cli)
		},
		Some(Command::ExportChainSpec(command)) => {
			let spec = cli.load_spec(&command.chain)?;
			command.run(spec)
		},
		#[allow(deprecated)]
		Some(Command::BuildSpec(command)) => {
			let runner = cli.create_runner(command)?;
			runner.sync_run(|config| command.run(config.chain_spec, config.network))
		},
		Some(Command::CheckBlock(command)) => {
			let runner = cli.create_runner(command)?;
			runner.async_run(|config| {
				let PartialComponents { client, task_manager, import_queue, .. } =
					parts::assemble(&config, Limits::default(), None)?;
				Ok((command.run(client, import_queue), task_manager))
			})
		},
		Some(Command::ExportBlocks(command)) => {
			let runner = cli.create_runner(command)?;
			runner.async_run(|config| {
				let PartialComponents { client, task_manager, .. } =
					parts::assemble(&config, Limits::default(), None)?;
				Ok((command.run(client, config.database), task_manager))
			})
		},
		Some(Command::ExportState(command)) => {
			let runner = cli.create_runner(command)?;
			runner.async_run(|config| {
				let PartialComponents { client, task_manager, .. } =
					parts::assemble(&config, Limits::default(), None)?;
				Ok((command.run(client, config.chain_spec), task_manager))
			})
		},
		Some(Command::ImportBlocks(command)) => {
			let runner = cli.create_runner(command)?;
			runner.async_run(|config| {
				let PartialComponents { client, task_manager, import_queue, .. } =
					parts::assemble(&config, Limits::default(), None)?;
				Ok((command.run(client, import_queue), task_manager))
			})
		},
		Some(Command::PurgeChain(command)) => {
			let runner = cli.create_runner(command)?;
			runner.sync_run(|config| command.run(config.database))
		},
		Some(Command::Revert(command)) => {
			let runner = cli.create_runner(command)?;
			runner.async_run(|config| {
				let PartialComponents { client, task_manager, backend, .. } =
					parts::assemble(&config, Limits::default(), None)?;
				let revert_finality = Box::new(|client, _, blocks| {
					sc_consensus_grandpa::revert(client, blocks)?;
					Ok(())
				});
				Ok((command.run(client, backend, Some(revert_finality)), task_manager))
			})
		},
		Some(Command::ChainInfo(command)) => {
			let runner = cli.create_runner(command)?;
			runner.sync_run(|config| command.run::<Block>(&config))
		},
		#[cfg(feature = "benchmarks")]
		Some(Command::Benchmark(command)) => crate::benchmark::run(&cli, command),
		None => {
			// Unsafe methods stay off even on loopback, where a proxy usually speaks for others.
			if matches!(cli.run.rpc_params.rpc_methods, RpcMethods::Auto) {
				cli.run.rpc_params.rpc_methods = RpcMethods::Safe;
			}
			start(&cli)
		},
	}
}

/// The `--key-type` of `key insert`, which the SDK keeps private.
fn key_type_argument() -> String {
	let matches = Cli::command().get_matches();
	let insert = matches.subcommand_matches("key").and_then(|m| m.subcommand_matches("insert"));
	insert.and_then(|m| m.get_one::<String>("key_type").cloned()).unwrap_or_default()
}

fn start(cli: &Cli) -> Result<()> {
	let minimum_free = cli.minimum_free_space;
	let compiled_runtimes = cli.compiled_runtimes.clone();
	let given = &cli.run.pool_config;
	if !matches!(given.pool_type, TransactionPoolType::ForkAware) {
		return Err(Error::Input("this node has no pool but the fork-aware one".into()));
	}
	let limits = Limits::from(given);
	// Before the runner creates any folder.
	if let Some(base_path) = cli.run.base_path()? {
		preflight::free_space(base_path.path(), minimum_free)?;
	}
	let runner = cli.create_runner(&cli.run)?;
	preflight::old_blocks(runner.config())?;
	preflight::ports(runner.config())?;
	// Addresses in answers and logs are this chain's.
	let prefix = chain_spec::address_prefix(&*runner.config().chain_spec);
	set_default_ss58_version(prefix.into());
	runner.run_node_until_exit(|config| async move {
		match config.network.network_backend {
			NetworkBackendType::Libp2p => service::start::<NetworkWorker<Block, Hash>>(
				config,
				limits,
				minimum_free,
				compiled_runtimes,
			),
			NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(
				config,
				limits,
				minimum_free,
				compiled_runtimes,
			),
		}
		.map_err(sc_cli::Error::Service)
	})
}
