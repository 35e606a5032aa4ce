//! The whole story, on real records: a patient shares them with a doctor, and takes that back.

mod stage;
mod story;

use crate::cli::say;
use clap::Args;
use medblock_launcher::{Error, Hospital, Lifetime, Network, Result, Up, Vault};
use serde::Deserialize;
use stage::Stage;
use std::{
	fs,
	path::{Path, PathBuf},
	process::ExitCode,
};
use tokio::{
	process::Command,
	signal::unix::{SignalKind, signal},
};

/// The port of the first vault; the second one's is the next.
const VAULTS: u16 = 8_440;

/// How it is told. `scripts/demo` prepares everything else.
#[derive(Args)]
pub struct Demo {
	/// Leave the network and the vaults running at the end, and print their addresses
	#[arg(long)]
	keep: bool,
	/// Where everything is kept: keys, chains, vaults, records
	#[arg(long, value_name = "FOLDER")]
	dir: PathBuf,
	/// The first of eight ports for the nodes
	#[arg(long, value_name = "PORT", value_parser = crate::cli::base_port)]
	base_port: u16,
	/// What makes the records in the folder that is its last argument, and prints a line of JSON for each
	#[arg(last = true, required = true)]
	maker: Vec<String>,
}

/// One of the records that are shared.
#[derive(Deserialize)]
struct Record {
	file: PathBuf,
	r#type: String,
	title: String,
}

impl Demo {
	/// Tells it from the beginning. Fails with the first step that is not as it should be.
	pub async fn run(self) -> Result<ExitCode> {
		if self.dir.exists() {
			fs::remove_dir_all(&self.dir)?;
		}
		fs::create_dir_all(&self.dir).map_err(|_| Error::NoFolder(self.dir.clone()))?;
		let folder = self.dir.canonicalize()?;
		let lifetime = if self.keep { Lifetime::Detached } else { Lifetime::Attached };
		let network = Network::open(&folder.join("network"), Some(self.base_port), lifetime)?;
		let vaults = vaults(&folder, &network, lifetime)?;
		let outcome = tokio::select! {
			outcome = self.tell(&folder, &network, &vaults) => outcome,
			interrupted = interruption() => interrupted.and(Err(Error::other("interrupted"))),
		};
		if outcome.is_err() {
			say(&format!("demo: FAILED; logs are in {}", folder.display()));
		}
		if outcome.is_err() || !self.keep {
			for vault in &vaults {
				vault.daemon().stop().await;
			}
			network.down().await;
		}
		outcome.map(|()| ExitCode::SUCCESS)
	}

	async fn tell(&self, folder: &Path, network: &Network, vaults: &[Vault; 2]) -> Result<()> {
		let mut stage = Stage::new(folder, network);
		stage.step("Making records of a person who never lived");
		let records = self.make_records(folder).await?;
		stage.step("Starting the chain of four hospitals, and two vaults");
		network.up(&Up::default()).await?;
		for (vault, hospital) in vaults.iter().zip(Hospital::ALL) {
			vault.start().await?;
			say(&format!("  the vault of {hospital} runs: {}", vault.url()));
		}
		story::tell(&mut stage, &records, &vaults[0].data().join("blobs")).await?;
		stage.print_summary();
		if self.keep {
			show_what_runs(folder, network, vaults);
		}
		Ok(())
	}

	async fn make_records(&self, folder: &Path) -> Result<Vec<Record>> {
		let (program, arguments) = self.maker.split_first().unzip();
		let mut command = Command::new(program.map_or("", String::as_str));
		command.args(arguments.into_iter().flatten()).arg(folder.join("records"));
		let output = command.kill_on_drop(true).output().await?;
		let said = String::from_utf8_lossy(&output.stderr);
		if !output.status.success() {
			return Err(Error::other(format!("the records can't be made: {said}")));
		}
		let printed = String::from_utf8_lossy(&output.stdout);
		let records = printed.lines().map(serde_json::from_str);
		let records: Vec<Record> = records.collect::<std::result::Result<_, _>>()?;
		if records.len() != 3 {
			return Err(Error::other(format!(
				"three records were expected, not {}",
				records.len()
			)));
		}
		for Record { file, r#type, title } in &records {
			let name = file.file_name().unwrap_or_default().display();
			say(&format!("  {title}: {name}, {type}"));
		}
		Ok(records)
	}
}

/// Those of the first two hospitals, each of which asks its own node, and the other's before it deletes anything.
fn vaults(folder: &Path, network: &Network, lifetime: Lifetime) -> Result<[Vault; 2]> {
	let vault = |hospital: Hospital, other: Hospital| -> Result<Vault> {
		let port = VAULTS + hospital.number();
		Vault::refuse_taken_port(port, &format!("the vault of {hospital}"))?;
		let folder = folder.join(format!("vault-{hospital}"));
		let node = network.node(hospital).url();
		let vault = Vault::new(&folder, hospital.number(), &node, port, lifetime)?;
		Ok(vault.with(&["--witness", &network.node(other).url()]))
	};
	Ok([vault(Hospital::North, Hospital::East)?, vault(Hospital::East, Hospital::North)?])
}

/// Returns when the program is told to end.
async fn interruption() -> Result<()> {
	let mut terminated = signal(SignalKind::terminate())?;
	tokio::select! {
		interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
		_ = terminated.recv() => Ok(()),
	}
}

fn show_what_runs(folder: &Path, network: &Network, vaults: &[Vault; 2]) {
	let (folder, first) = (folder.display(), network.base_port());
	let [north, east] = vaults.each_ref().map(Vault::url);
	say("");
	say(&format!(
		"Still running; scripts/network down --dir {folder}/network and \
		 kill $(cat {folder}/vault-*/pid) end it."
	));
	say(&format!("  nodes   ws://127.0.0.1:{first} to ws://127.0.0.1:{}", first + 3));
	say(&format!("  vaults  {north} and {east}"));
	say(&format!(
		"  wallet  https://polkadot.js.org/apps/?rpc=ws%3A%2F%2F127.0.0.1%3A{first}#/explorer"
	));
	say(&format!(
		"  people  medblock --home {folder}/home/ana --passphrase-file {folder}/passphrase \
		 patient show"
	));
}
