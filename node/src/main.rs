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
mod preflight;
mod rpc;
mod service;

use std::{
	io::{Write, stderr},
	process::ExitCode,
};

fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		// As a sentence: returned from here, it would be printed as Rust writes it down.
		Err(why) => {
			// Whoever read that may be gone: `eprintln!` would panic, and the exit code be another.
			let _ = writeln!(stderr().lock(), "Error: {why}");
			ExitCode::FAILURE
		},
	}
}
