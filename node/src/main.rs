//! A hospital's node on the MedBlock chain.

#[cfg(feature = "benchmarks")]
mod benchmark;
mod chain_spec;
mod cli;
mod command;
mod consortium_spec;
mod metrics;
mod old_rounds;
mod parts;
mod peer_gate;
mod pool;
mod preflight;
mod rpc;
mod service;

use std::{
	io::{Write, stderr},
	process::ExitCode,
};
use tikv_jemallocator::Jemalloc;

/// Instead of the system's. Many threads make and drop many small values: preloaded, this one saved a tenth of the processor time
/// of a transaction, and a quarter of a node's memory (docs/performance.md).
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		// Printed as a sentence: returned from `main`, it would be printed in Rust's debug format.
		Err(why) => {
			// `eprintln!` would panic if the reader is gone, and so change the exit code.
			let _ = writeln!(stderr().lock(), "Error: {why}");
			ExitCode::FAILURE
		},
	}
}
