//! `medblock-launcher vault`.

use super::say;
use clap::{Args, Subcommand};
use medblock_launcher::{Daemon, Error, Lifetime, Program, Result, Vault};
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
	/// Another hospital's node, which has to agree before anything is deleted
	#[arg(long, value_name = "URL")]
	witness: Option<String>,
	/// The port that it listens on
	#[arg(long)]
	port: u16,
	/// The address by which people know it, where something in front passes requests on [default: its own]
	#[arg(long)]
	url: Option<String>,
	/// The well-known account that puts the vault's address onto the chain
	#[arg(long, value_name = "PATH")]
	controller: Option<String>,
	/// The folder with the portal that it serves; the door to its node is open then, too
	#[arg(long, value_name = "FOLDER")]
	portal: Option<PathBuf>,
	/// Open the door to its node
	#[arg(long)]
	rpc_door: bool,
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
		let Self { folder, hospital, node, witness, port, url, controller, portal, rpc_door } =
			self;
		let mut vault = Vault::new(&folder, hospital, &node, port, Lifetime::Detached)?;
		vault = vault.known_as(url.as_deref());
		if let Some(witness) = witness {
			vault = vault.with(&["--witness", &witness]);
		}
		if let Some(portal) = portal {
			// It runs in a folder of its own.
			let portal = portal.canonicalize().map_err(|_| Error::NoFolder(portal))?;
			vault = vault.with(&["--portal", &portal.to_string_lossy()]);
		}
		if rpc_door {
			vault = vault.with(&["--rpc-door"]);
		}
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
