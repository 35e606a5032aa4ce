//! `medblock-launcher vault`.

use super::say;
use clap::{Args, Subcommand};
use medblock_launcher::{Daemon, Lifetime, Program, Result, Vault};
use std::{path::PathBuf, process::ExitCode};

#[derive(Subcommand)]
pub enum Command {
	/// Start a vault, and wait until it is healthy
	Up(Up),
	/// Stop it, and wait until it has ended
	Down {
		/// Its folder
		folder: PathBuf,
	},
}

#[derive(Args)]
pub struct Up {
	/// Its folder: what it keeps is in `data`, what it writes in `log`
	folder: PathBuf,
	/// The number of its hospital
	#[arg(long)]
	hospital: u16,
	/// The node that it asks
	#[arg(long, value_name = "URL")]
	node: String,
	/// The port that it listens on
	#[arg(long)]
	port: u16,
	/// The address by which people know it, where something in front passes requests on [default: its own]
	#[arg(long)]
	url: Option<String>,
	/// The well-known account that puts the vault's address onto the chain
	#[arg(long, value_name = "PATH")]
	controller: Option<String>,
}

impl Command {
	pub async fn run(self) -> Result<ExitCode> {
		match self {
			Self::Up(up) => up.run().await?,
			Self::Down { folder } => drop(Daemon::of(&folder).stop().await),
		}
		Ok(ExitCode::SUCCESS)
	}
}

impl Up {
	async fn run(self) -> Result<()> {
		Vault::refuse_taken_port(self.port, "the vault")?;
		let Self { folder, hospital, node, port, url, controller } = self;
		let vault = Vault::new(&folder, hospital, &node, port, Lifetime::Detached)?;
		let vault = vault.known_as(url.as_deref());
		vault.start().await?;
		if let Some(path) = controller {
			let staff = Program::at(&folder.join("staff"), &[node])?;
			staff.takes_account(&path).await?;
			vault.announced_by(&staff).await?;
		}
		say(&format!("vault: runs: {}", vault.url()));
		Ok(())
	}
}
