//! Runs a hospital's gateway.

use clap::Parser;
use medblock_gateway::{config::Cli, logs, server};
use std::{
	fmt::Display,
	io::{Write, stderr},
	process::ExitCode,
};

fn main() -> ExitCode {
	let config = match Cli::parse().load() {
		Ok(config) => config,
		Err(why) => {
			say(why);
			return ExitCode::from(2);
		},
	};
	logs::start(config.log_format);
	match server::run(config) {
		Ok(()) => ExitCode::SUCCESS,
		Err(why) => {
			say(why);
			ExitCode::FAILURE
		},
	}
}

/// Prints why the gateway ends. If standard error is closed, `eprintln!` would panic and change the exit
/// code.
fn say(why: impl Display) {
	let _ = writeln!(stderr().lock(), "error: {why}");
}
