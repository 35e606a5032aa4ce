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
use std::{fs, future::Future, process::ExitCode, sync::Arc, time::Duration};
use tokio::{
	runtime::Runtime,
	signal::unix::{SignalKind, signal},
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
		Command::Account(command) => wait(account::run(command, &session()?)),
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

/// Runs a command until it is done or somebody ends it (Ctrl-C, SIGTERM, or its terminal is closed). What
/// it has begun to write is removed then. One that only asks for a passphrase needs this, too: a signal that
/// nobody takes would end it before the terminal shows again what is typed.
fn wait(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
	let unexpected = |why| Failure::new(Code::Unexpected, format!("cannot begin: {why}"));
	let runtime = Runtime::new().map_err(unexpected)?;
	let ended = runtime.block_on(async {
		let asked = Arc::new(Notify::new());
		for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
			if kind == SignalKind::hangup() && ignores_hangup() {
				continue;
			}
			// From here on, not only when it is waited for.
			let mut raised = signal(kind).map_err(unexpected)?;
			let asks = asked.clone();
			tokio::spawn(async move {
				raised.recv().await;
				asks.notify_one();
				// In case the command waits for somebody at the terminal, and doesn't notice.
				tokio::time::sleep(GRACE).await;
				std::process::exit(Code::Interrupted as i32);
			});
		}
		tokio::select! {
			// A command that goes on after the signal shows nothing any more.
			biased;
			() = asked.notified() => Err(Failure::new(Code::Interrupted, "interrupted")),
			ended = command => ended,
		}
	});
	runtime.shutdown_timeout(GRACE);
	ended
}

/// Whether the program is to go on when its terminal is closed, as `nohup` has it: whoever takes a signal
/// would no longer ignore it. Only Linux says so in a file, and what asks elsewhere is unsafe.
fn ignores_hangup() -> bool {
	let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
	let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
	let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
	// Signal 1 is the lowest bit.
	ignored.is_some_and(|mask| mask & 1 == 1)
}
