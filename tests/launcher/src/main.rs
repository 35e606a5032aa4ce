//! `medblock-launcher`: starts and watches hospitals' programs on this machine.

mod cli;
mod demo;

use clap::{CommandFactory, Parser};
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
	let cli = match cli::Cli::try_parse() {
		Ok(cli) => cli,
		Err(why) => return cli::not_understood(&why, &mut cli::Cli::command()),
	};
	match cli.run().await {
		Ok(code) => code,
		Err(why) => {
			cli::say(&format!("error: {why}{}", cli::advice(&why)));
			ExitCode::FAILURE
		},
	}
}
