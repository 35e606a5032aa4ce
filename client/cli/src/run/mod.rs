//! The commands' actions.

mod account;
mod acting;
mod asking;
mod away;
mod charts;
mod council;
mod desk;
mod doctor;
mod emergency;
mod export;
mod fhir;
mod files;
mod following;
mod gathering;
mod granting;
mod guarded;
mod guardians;
mod hospital;
mod institution;
mod keeping;
mod kit;
mod leftover;
mod looks;
mod manifest;
mod many;
mod missed;
mod moving;
mod network;
mod new_key;
mod opening;
mod pages;
mod patient;
mod people;
mod placing;
mod portal;
mod readying;
mod receipts;
mod record;
mod recovery;
mod registrar;
mod registrar_words;
mod representatives;
mod revoking;
mod sponsoring;
mod taking_over;
mod terms;
mod unpacking;
mod validator;
mod who;
mod words;

use crate::{
	agent,
	cli::{Cli, Command},
	exit::{Code, Failure},
	output::Output,
	session::Session,
	terminal,
};
use std::{fs, future::Future, process::ExitCode, sync::Arc, time::Duration};
use tokio::{
	runtime::Runtime,
	signal::unix::{SignalKind, signal},
	sync::Notify,
};

/// The time that an interrupted command has for cleaning up.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the command, and returns the program's exit code.
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
		Command::Recovery(command) => wait(recovery::run(command, &session()?)),
		Command::Hospital(command) => wait(hospital::run(command, &session()?)),
		Command::Institution(command) => wait(institution::run(command, &session()?)),
		Command::Council(council) => wait(council::run(council, &session()?)),
		Command::Network(command) => wait(network::run(command, &session()?)),
		Command::Portal(options) => wait(portal::run(options, &session()?)),
		Command::Agent => wait(agent::serve()),
		Command::Completions { shell } => pages::completions(shell, output),
		Command::Man { folder } => pages::manual(&folder, output),
	}
}

/// Runs a command until it is done or a signal ends it (Ctrl-C, SIGTERM, or a closed terminal).
/// Partial output is then removed. A command that only asks for a passphrase needs this, too: an
/// unhandled signal would end it before the terminal shows typed text again.
fn wait(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
	let unexpected = |why| Failure::new(Code::Unexpected, format!("cannot begin: {why}"));
	let runtime = Runtime::new().map_err(unexpected)?;
	let ended = runtime.block_on(async {
		let asked = Arc::new(Notify::new());
		for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
			if kind == SignalKind::hangup() && ignores_hangup() {
				continue;
			}
			// The handler is active from here on, not only while the program waits for it.
			let mut raised = signal(kind).map_err(unexpected)?;
			let asks = asked.clone();
			tokio::spawn(async move {
				raised.recv().await;
				asks.notify_one();
				// The command may be waiting for the user at the terminal, and not notice.
				tokio::time::sleep(GRACE).await;
				terminal::restore();
				std::process::exit(Code::Interrupted as i32);
			});
		}
		tokio::select! {
			// A command that continues after the signal shows nothing any more.
			biased;
			() = asked.notified() => Err(Failure::new(Code::Interrupted, "interrupted")),
			ended = command => ended,
		}
	});
	runtime.shutdown_timeout(GRACE);
	ended
}

/// Whether the program is to continue when its terminal is closed, as `nohup` requests: a program
/// with a handler for the signal would no longer ignore it. Only Linux tells this in a file, and
/// the call for it elsewhere is unsafe.
fn ignores_hangup() -> bool {
	let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
	let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
	let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
	// Signal 1 is the lowest bit.
	ignored.is_some_and(|mask| mask & 1 == 1)
}
