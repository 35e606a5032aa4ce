//! `medblock-launcher service`: what runs in place of the system's programs on a drill's machine.

use clap::{Args, Subcommand};
use medblock_launcher::{Machines, Result, chown, journalctl, systemctl};
use std::{path::PathBuf, process::ExitCode};

#[derive(Subcommand)]
pub enum Program {
	/// For the machine's node and gateway
	Systemctl(Called),
	/// The end of a log
	Journalctl(Called),
	/// With the user who runs the drill in place of the services' users
	Chown(Called),
}

#[derive(Args)]
pub struct Called {
	/// The folder of all machines
	folder: PathBuf,
	/// The machine
	machine: String,
	/// What it was called with
	#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
	words: Vec<String>,
}

impl Program {
	pub async fn run(self) -> Result<ExitCode> {
		match self {
			Self::Systemctl(Called { folder, machine, words }) => {
				systemctl(&Machines::open(&folder)?.machine(&machine)?, &words).await?;
			},
			Self::Journalctl(Called { folder, machine, words }) => {
				println!("{}", journalctl(&Machines::open(&folder)?.machine(&machine)?, &words)?);
			},
			Self::Chown(Called { words, .. }) => {
				return Ok(u8::try_from(chown(&words)?).map_or(ExitCode::FAILURE, ExitCode::from));
			},
		}
		Ok(ExitCode::SUCCESS)
	}
}
