//! `medblock`: share medical records with the doctors you choose.

mod accounts;
mod advice;
mod calls;
mod cli;
mod config;
mod describe;
mod exit;
mod outcome;
mod output;
mod passphrase;
mod progress;
mod run;
mod session;
mod wallet;

use clap::FromArgMatches;
use std::process::ExitCode;

fn main() -> ExitCode {
	let matches = cli::command().get_matches();
	match cli::Cli::from_arg_matches(&matches) {
		Ok(cli) => run::to_the_end(cli),
		Err(why) => why.format(&mut cli::command()).exit(),
	}
}
