//! A hospital's node on the MedBlock chain.

#[cfg(feature = "benchmarks")]
mod benchmark;
mod chain_spec;
mod cli;
mod command;
mod consortium_spec;
mod metrics;
mod peer_gate;
mod preflight;
mod rpc;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
