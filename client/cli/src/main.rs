//! `medblock`: share medical records with the doctors you choose.

mod accounts;
mod advice;
mod agent;
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
mod terminal;
mod usage;
mod wallet;

use std::process::ExitCode;

fn main() -> ExitCode {
	match usage::read() {
		Ok(cli) => run::to_the_end(cli),
		Err(code) => code,
	}
}
