//! Runs a hospital's gateway.

use clap::Parser;
use medblock_gateway::{
	config::{Cli, Command},
	logs, server, verify,
};
use std::{
	fmt::Display,
	io::{Write, stderr},
	process::ExitCode,
};

fn main() -> ExitCode {
	let mut cli = Cli::parse();
	let command = cli.command.take();
	let config = match cli.load() {
		Ok(config) => config,
		Err(why) => {
			say(why);
			return ExitCode::from(2);
		},
	};
	logs::start(config.log_format);
	let ended = match command {
		None => server::run(config).map(|()| ExitCode::SUCCESS),
		Some(Command::Vault(command)) => verify::run(&config, &command),
	};
	ended.unwrap_or_else(|why| {
		say(why);
		ExitCode::FAILURE
	})
}

/// Prints why the gateway ends. If standard error is closed, `eprintln!` would panic and change the exit
/// code.
fn say(why: impl Display) {
	let _ = writeln!(stderr().lock(), "error: {why}");
}
