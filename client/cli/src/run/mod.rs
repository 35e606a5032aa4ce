//! What each command does.

mod account;
mod asking;
mod council;
mod doctor;
mod fhir;
mod hospital;
mod network;
mod opening;
mod pages;
mod patient;
mod record;
mod validator;

use crate::{
	cli::{Cli, Command},
	exit::{Code, Failure},
	output::Output,
	session::Session,
};
use std::{future::Future, process::ExitCode, sync::Arc, time::Duration};
use tokio::{
	runtime::Runtime,
	signal::unix::{signal, SignalKind},
	sync::Notify,
};

/// How long an interrupted command has to clean up after itself.
const GRACE: Duration = Duration::from_secs(2);

/// Runs what the command line asks for, and says how it ended.
pub fn to_the_end(cli: Cli) -> ExitCode {
	let output = Output::new(cli.global.json, cli.global.quiet);
	match run(cli, &output) {
		Ok(()) => ExitCode::SUCCESS,
		Err(failure) => {
			output.failure(&failure);
			failure.code.into()
		},
	}
}

fn run(cli: Cli, output: &Output) -> Result<(), Failure> {
	let session = || Session::new(&cli.global, &cli.network, output);
	match cli.command {
		Command::Account(command) => account::run(command, &session()?),
		Command::Patient(command) => wait(patient::run(command, &session()?)),
		Command::Record(command) => wait(record::run(command, &session()?)),
		Command::Doctor(command) => wait(doctor::run(command, &session()?)),
		Command::Hospital(command) => wait(hospital::run(command, &session()?)),
		Command::Council(council) => wait(council::run(council, &session()?)),
		Command::Network(command) => wait(network::run(command, &session()?)),
		Command::Completions { shell } => pages::completions(shell),
		Command::Man { folder } => pages::manual(&folder, output),
	}
}

/// Runs a command that speaks to the network, until it is done or somebody ends it (Ctrl-C, or
/// SIGTERM). What it has begun to write is removed then.
fn wait(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
	let unexpected = |why| Failure::new(Code::Unexpected, format!("cannot begin: {why}"));
	let runtime = Runtime::new().map_err(unexpected)?;
	let ended = runtime.block_on(async {
		// From here on, not only when they are waited for.
		let mut interrupt = signal(SignalKind::interrupt()).map_err(unexpected)?;
		let mut terminate = signal(SignalKind::terminate()).map_err(unexpected)?;
		let asked = Arc::new(Notify::new());
		let asks = asked.clone();
		tokio::spawn(async move {
			tokio::select! {
				_ = interrupt.recv() => (),
				_ = terminate.recv() => (),
			}
			asks.notify_one();
			// In case the command waits for somebody at the terminal, and doesn't notice.
			tokio::time::sleep(GRACE).await;
			std::process::exit(Code::Interrupted as i32);
		});
		tokio::select! {
			ended = command => ended,
			() = asked.notified() => Err(Failure::new(Code::Interrupted, "interrupted")),
		}
	});
	runtime.shutdown_timeout(GRACE);
	ended
}
