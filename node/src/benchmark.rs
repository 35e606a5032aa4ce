//! Measuring weights: what `scripts/benchmark` calls.

use crate::cli::Cli;
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use medblock_runtime::OpaqueBlock as Block;
use sc_cli::{Error, Result, SubstrateCli};
use sp_runtime::traits::HashingFor;

/// Runs a `benchmark` subcommand. `pallet` wants a runtime that was built with its benchmarks, as a
/// file (`--runtime`): the node's own has none.
pub fn run(cli: &Cli, command: &BenchmarkCmd) -> Result<()> {
	let runner = cli.create_runner(command)?;
	runner.sync_run(|config| match command {
		BenchmarkCmd::Pallet(pallet) => {
			pallet.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec))
		},
		BenchmarkCmd::Machine(machine) => {
			machine.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone())
		},
		_ => {
			Err(Error::Input("only `benchmark pallet` and `benchmark machine` are offered".into()))
		},
	})
}
