//! The command line.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// The maximum number of requests in one JSON-RPC batch. The SDK has no limit.
const MAX_BATCH: &str = "100";

/// The maximum number of JSON-RPC subscriptions on one connection. Each costs little, but with every
/// finalized block. Requests and answers keep the SDK's limit of 15 MiB: the largest block of 5 MiB, in
/// hex, has to fit.
const MAX_SUBSCRIPTIONS: &str = "256";

const POOL_LIMIT: &str =
	"The number of transactions that may wait. A full pool takes revocations only";

/// The default of `--pool-limit`: about four full blocks of single records. The SDK's 8,192 cost each block twice as much
/// work, and what is accepted would only wait longer. ADR 53.
const MAX_WAITING: &str = "4096";

/// The default of `--trie-cache-size`, in bytes. The SDK has 1 GiB, which a busy chain fills whatever the size of its state:
/// each block leaves its changed nodes of the trie there. ADR 53.
const TRIE_CACHE: &str = "268435456";

const BAN: &str = "The time for which the node does not look again at a transaction that it has refused \
	[default: until the next block]";

/// The node that a hospital runs to take part in a MedBlock chain.
#[derive(Debug, Parser)]
#[command(
	args_conflicts_with_subcommands = true,
	propagate_version = true,
	mut_arg("rpc_max_batch_request_len", |arg| arg.default_value(MAX_BATCH)),
	mut_arg("rpc_max_subscriptions_per_connection", |arg| arg.default_value(MAX_SUBSCRIPTIONS)),
	mut_arg("pool_limit", |arg| arg.help(POOL_LIMIT).default_value(MAX_WAITING)),
	mut_arg("trie_cache_size", |arg| arg.default_value(TRIE_CACHE)),
	mut_arg("tx_ban_seconds", |arg| arg.help(BAN).long_help(BAN)),
	mut_arg("pool_type", |arg| arg.hide(true)),
)]
pub struct Cli {
	#[command(subcommand)]
	pub subcommand: Option<Command>,

	#[command(flatten)]
	pub run: sc_cli::RunCmd,

	/// Stop the node when fewer than this many MiB are free on its data's disk. 0 never stops it.
	#[arg(long, value_name = "MIB", default_value_t = 1024)]
	pub minimum_free_space: u64,

	/// Keep compiled runtimes in this folder, so that the next start need not compile them [default: a
	/// folder in the node's data]. The node runs what lies there: no other user may write to it.
	#[arg(long, value_name = "FOLDER")]
	pub compiled_runtimes: Option<PathBuf>,
}

/// The node's subcommands.
// clap builds this once, so boxing it would gain nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
pub enum Command {
	/// Found a consortium: make a hospital's keys, and the chain's specification.
	#[command(subcommand)]
	Consortium(ConsortiumCommand),

	/// Make, inspect and insert keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Write a chain specification to a file.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Write a chain specification (older form of export-chain-spec).
	#[allow(deprecated)]
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Check blocks again.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write the state at a block as a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Read blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Delete this node's copy of the chain. Its keys stay.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Remove blocks that are not final.
	Revert(sc_cli::RevertCmd),

	/// Show the chain that the database holds.
	ChainInfo(sc_cli::ChainInfoCmd),

	/// Measure the runtime's weights.
	#[cfg(feature = "benchmarks")]
	#[command(subcommand)]
	Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}

/// The subcommands that found a consortium.
#[derive(Debug, Subcommand)]
pub enum ConsortiumCommand {
	/// Make a validator's session keys and node key, and print the hospital's entry for the
	/// hospitals file. Secrets stay in the folder; the printed entry is public.
	Keys {
		/// The node's folder, as given to the node with --base-path.
		#[arg(long, short = 'd', value_name = "FOLDER")]
		base_path: PathBuf,
		/// The id of the chain, as in the hospitals file.
		#[arg(long, value_name = "ID")]
		chain_id: String,
		/// The account that will act for the hospital, as an SS58 address. A wallet on another machine
		/// holds its key.
		#[arg(long, value_name = "ADDRESS")]
		controller: String,
		/// The hospital's name.
		#[arg(long)]
		name: String,
		/// The URL of the hospital's gateway.
		#[arg(long, value_name = "URL")]
		gateway: String,
	},
	/// Make the chain's specification from a hospitals file. Checks first that each hospital holds
	/// its keys, and that none of them is well known.
	Spec {
		/// The hospitals file; see the runbook found-a-consortium.md.
		#[arg(long, value_name = "FILE")]
		hospitals: PathBuf,
		/// The file to write, which must not exist yet; standard output if left out.
		#[arg(long, value_name = "FILE")]
		output: Option<PathBuf>,
	},
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::pool::Limits;
	use std::time::Duration;

	fn limits(arguments: &[&str]) -> (Option<u32>, u32) {
		let cli = Cli::try_parse_from([&["medblock-node"], arguments].concat()).unwrap();
		let params = cli.run.rpc_params;
		(params.rpc_max_batch_request_len, params.rpc_max_subscriptions_per_connection)
	}

	#[test]
	fn requests_are_limited_unless_the_operator_says_otherwise() {
		assert_eq!(limits(&[]), (Some(100), 256));
		let own =
			["--rpc-max-batch-request-len", "5", "--rpc-max-subscriptions-per-connection", "9"];
		assert_eq!(limits(&own), (Some(5), 9));
	}

	#[test]
	fn pool_bans_nothing_unless_the_operator_says_otherwise() {
		let limits = |arguments: &[&str]| {
			let cli = Cli::try_parse_from([&["medblock-node"], arguments].concat()).unwrap();
			Limits::from(&cli.run.pool_config)
		};
		assert_eq!(limits(&[]), Limits::default());
		let own = limits(&["--pool-limit", "5", "--pool-kbytes", "3", "--tx-ban-seconds", "9"]);
		let ban = Duration::from_secs(9);
		assert_eq!(own, Limits { transactions: 5, bytes: 3 * 1024, ban });
	}

	#[test]
	fn memory_for_the_trie_is_a_quarter_of_the_sdks() {
		let size = |arguments: &[&str]| {
			let cli = Cli::try_parse_from([&["medblock-node"], arguments].concat()).unwrap();
			cli.run.import_params.trie_cache_maximum_size()
		};
		assert_eq!(size(&[]), Some(256 * 1024 * 1024));
		assert_eq!(size(&["--trie-cache-size", "1000"]), Some(1_000));
		assert_eq!(size(&["--trie-cache-size", "0"]), None);
	}

	#[test]
	fn batches_can_still_be_turned_off() {
		let cli = Cli::try_parse_from(["medblock-node", "--rpc-disable-batch-requests"]).unwrap();
		assert!(cli.run.rpc_params.rpc_disable_batch_requests);
	}
}
