//! The command line. Scripts are its callers, and keep what they promise in their own help.

mod machines;
mod network;
mod process;
mod service;
mod vault;

pub use network::base_port;

use crate::demo::Demo;
use clap::{
	Parser, Subcommand,
	error::{ContextKind, ErrorKind},
};
use medblock_launcher::{Error, Result};
use std::{error::Error as _, process::ExitCode};

/// Start and watch hospitals' nodes, vaults and machines on this machine, for trials and tests.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// The nodes of four hospitals; `scripts/network` explains them
	#[command(subcommand)]
	Network(network::Command),
	/// A hospital's vault
	#[command(subcommand)]
	Vault(vault::Command),
	/// The machines of a drill
	Machines(machines::Machines),
	/// What a program of the system is on a drill's machine
	#[command(subcommand)]
	Service(service::Program),
	/// Any program in the background
	#[command(subcommand)]
	Process(process::Command),
	/// The whole story, on real records; `scripts/demo` explains it
	Demo(Demo),
}

impl Cli {
	/// Does what was asked for.
	pub async fn run(self) -> Result<ExitCode> {
		match self.command {
			Command::Network(command) => command.run().await,
			Command::Vault(command) => command.run().await,
			Command::Machines(machines) => machines.run().await,
			Command::Service(program) => program.run().await,
			Command::Process(command) => command.run().await,
			Command::Demo(demo) => demo.run().await,
		}
	}
}

/// Tells people what happens.
pub fn say(line: &str) {
	eprintln!("{line}");
}

/// What to type, or to do, about an error.
pub fn advice(why: &Error) -> &'static str {
	match why {
		Error::NotBuilt(_) => ": build it, or say with CARGO_TARGET_DIR where it is",
		Error::NoFolder(_) => ": choose another folder with --dir",
		Error::PortTaken { .. } => {
			": stop that one, or start another network with --dir and --base-port"
		},
		Error::OtherPort { .. } => "; leave --base-port out, or choose another --dir",
		Error::TimedOut(_) => "; see scripts/network logs",
		Error::Differ => ": stop, keep the logs, and report this",
		Error::NotAll => ": scripts/network up starts the others",
		Error::Ended { .. } | Error::NoHospital(_) | Error::Other(_) => "",
	}
}

/// Shows help, or says why the command line is not understood.
pub fn not_understood(why: &clap::Error, command: &mut clap::Command) -> ExitCode {
	let named = |kind| why.get(kind).map(ToString::to_string).unwrap_or_default();
	let argument = || named(ContextKind::InvalidArg);
	let line = match why.kind() {
		ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
			// A closed pipe is not worth a word.
			let _ = why.print();
			return ExitCode::SUCCESS;
		},
		ErrorKind::UnknownArgument => format!("unknown option {}", argument()),
		ErrorKind::InvalidSubcommand => {
			format!("unknown command {}", named(ContextKind::InvalidSubcommand))
		},
		ErrorKind::InvalidValue if named(ContextKind::InvalidValue).is_empty() => {
			format!("{} wants a value", argument().split(' ').next().unwrap_or_default())
		},
		ErrorKind::ValueValidation if why.source().is_some() => {
			why.source().map(ToString::to_string).unwrap_or_default()
		},
		ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
			say(&command.render_help().to_string());
			return ExitCode::FAILURE;
		},
		_ => {
			let text = why.to_string();
			let first = text.lines().next().unwrap_or_default();
			first.trim_start_matches("error: ").to_owned()
		},
	};
	let script = match std::env::args().nth(1).as_deref() {
		Some("network") => "scripts/network",
		Some("demo") => "scripts/demo",
		_ => "medblock-launcher",
	};
	say(&format!("error: {line}; see {script} --help"));
	ExitCode::FAILURE
}
