//! The command line.

use super::{Config, ConfigError, Options};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const ENVIRONMENT: &str = "Environment:\n  \
	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION\n          \
	For --store s3://…\n  \
	PGPASSWORD, or PGPASSFILE with a file as ~/.pgpass\n          \
	For --state postgres://…\n  \
	RUST_LOG\n          \
	Log filter, such as `medblock_gateway=debug` [default: info]\n\n\
	SIGTERM and SIGINT end the gateway once requests in flight are answered, after half a minute at most. \
	SIGHUP makes it read its TLS certificate again.";

/// A hospital's vault of encrypted records: serves a record only to accounts that the chain allows to read it.
#[derive(Debug, Parser)]
#[command(name = "medblock-gateway", version, after_help = ENVIRONMENT)]
pub struct Cli {
	/// A TOML file with any of the options below, by their long names
	#[arg(long, value_name = "FILE")]
	pub config: Option<PathBuf>,

	/// Options that the file can set, too
	#[command(flatten)]
	pub options: Options,

	/// What to do instead of serving
	#[command(subcommand)]
	pub command: Option<Command>,
}

/// What the program does instead of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
	/// Look after the vault's files. The gateway may run meanwhile
	#[command(subcommand)]
	Vault(VaultCommand),
}

/// What an administrator does with the vault's files.
#[derive(Clone, Debug, Subcommand)]
pub enum VaultCommand {
	/// Hash files again, and list those whose bytes have changed or can't be read. Exits with 3 if there are any
	Verify(Verify),

	/// Say that a back-up is complete: clients then delete their copies of what was in the vault when it began
	BackedUp {
		/// When the back-up began, such as 2026-11-23T02:00:00Z
		#[arg(long, value_name = "TIME")]
		began: String,
	},
}

/// Which files to hash again, and what to do with damaged ones.
#[derive(Args, Clone, Copy, Debug)]
pub struct Verify {
	/// Percentage of the files to hash, chosen at random
	#[arg(
		long,
		value_name = "PERCENT",
		default_value_t = 100,
		value_parser = clap::value_parser!(u8).range(1..=100)
	)]
	pub sample: u8,

	/// Move damaged files to blobs/damaged, so that the vault can get them again: from a mirror once the gateway was
	/// started again, or from people. Not with a bucket
	#[arg(long)]
	pub set_aside: bool,

	/// Print the result as one JSON document
	#[arg(long)]
	pub json: bool,
}

impl Cli {
	/// Reads the file, if there is one, and checks all settings.
	pub fn load(self) -> Result<Config, ConfigError> {
		let Some(path) = self.config else { return Config::new(self.options) };
		let text = match std::fs::read_to_string(&path) {
			Ok(text) => text,
			Err(why) => return Err(ConfigError::Unreadable { path, why }),
		};
		match toml::from_str(&text) {
			Ok(file) => Config::new(self.options.over(file)),
			Err(why) => Err(ConfigError::Malformed { path, why: Box::new(why) }),
		}
	}
}
