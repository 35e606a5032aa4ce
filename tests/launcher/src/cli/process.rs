//! `medblock-launcher process`.

use clap::Subcommand;
use medblock_launcher::{Daemon, Lifetime, Result};
use std::{fs, path::PathBuf, process::ExitCode};

#[derive(Subcommand)]
pub enum Command {
	/// Start a program in the background
	Start {
		/// Where it runs: its number is in NAME.pid, and what it writes in NAME.log
		folder: PathBuf,
		/// What it is called there
		name: String,
		/// The program and its arguments
		#[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
		words: Vec<String>,
	},
	/// Stop it, and wait until it has ended
	Stop {
		/// Where it runs
		folder: PathBuf,
		/// What it is called there
		name: String,
	},
}

impl Command {
	pub async fn run(self) -> Result<ExitCode> {
		match self {
			Self::Start { folder, name, words } => {
				fs::create_dir_all(&folder)?;
				let (program, arguments) = words.split_first().unzip();
				let mut command = std::process::Command::new(program.map_or("", String::as_str));
				command.args(arguments.into_iter().flatten());
				Daemon::named(&folder, &name).start(command, Lifetime::Detached)?;
			},
			Self::Stop { folder, name } => drop(Daemon::named(&folder, &name).stop().await),
		}
		Ok(ExitCode::SUCCESS)
	}
}
