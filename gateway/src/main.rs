//! Runs a hospital's gateway.

use clap::Parser;
use medblock_gateway::{config::Cli, logs, server};
use std::process::ExitCode;

fn main() -> ExitCode {
	let config = match Cli::parse().load() {
		Ok(config) => config,
		Err(why) => {
			eprintln!("error: {why}");
			return ExitCode::from(2);
		},
	};
	logs::start(config.log_format);
	match server::run(config) {
		Ok(()) => ExitCode::SUCCESS,
		Err(why) => {
			eprintln!("error: {why}");
			ExitCode::FAILURE
		},
	}
}
