//! The command line: every command, its options, and its help.

mod account;
mod council;
mod doctor;
mod emergency;
mod hospital;
mod institution;
mod kinds;
mod numbers;
mod patient;
mod portal;
mod record;
mod recovery;
mod registrar;
mod representatives;
mod validator;
mod values;

pub use account::{AccountCommand, Export, Import, NewPassphrase, Remove, Unlock};
pub use council::{Council, CouncilCommand, Proposal, Vote};
pub use doctor::{DoctorCommand, Practice, PracticeChange};
pub use emergency::{
	DoctorEmergency, EmergencyRequest, HospitalEmergency, NewEmergencyPlan, PatientEmergency,
};
pub use hospital::{
	Decided, DetailsChange, Doctors, HospitalCommand, Patients, Person, Profile, Sponsor,
	StandingOf, Verify,
};
pub use institution::{Deposit, DepositCommand, Institution, InstitutionCommand};
pub use kinds::{DecisionKind, PersonKind, Registration};
pub use numbers::command;
pub use patient::{
	ChangeAccount, Grant, Mirror, Move, NewWords, PatientCommand, ProfileText, Rights, Share, Which,
};
pub use portal::{Portal, PortalCommand};
pub use record::{Add, Destination, Folders, List, RecordCommand, Records};
pub use recovery::{Acting, Guardians, GuardiansCommand, Kit, NewAccount, RecoveryCommand};
pub use registrar::{Registrar, RegistrarStanding, Registrars};
pub use representatives::{
	ForCommand, HospitalRepresentatives, NameRepresentative, RepresentativesCommand,
};
pub use validator::{Sending, ValidatorCommand};
pub use values::{BirthDate, Digest, Until, address};

use crate::{agent, exit};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use medblock_keystore::Name;
use std::path::PathBuf;

/// Share medical records with the doctors you choose, and revoke their access.
///
/// The program encrypts records on this machine before they leave it. The keys come from the 24
/// words of an account: these words open everything.
#[derive(Parser)]
#[command(
	name = "medblock",
	version,
	after_help = exit::HELP,
	max_term_width = 100,
	disable_help_subcommand = true
)]
pub struct Cli {
	/// Options of all commands.
	#[command(flatten)]
	pub global: Global,

	/// Options of commands that talk to nodes.
	#[command(flatten)]
	pub network: Network,

	/// The command.
	#[command(subcommand)]
	pub command: Command,
}

/// Options of all commands.
#[derive(Args)]
#[command(next_help_heading = "Options for every command")]
pub struct Global {
	/// The acting account; otherwise the one that config.toml names, or the only one on this
	/// machine.
	#[arg(
		long,
		global = true,
		value_name = "NAME",
		env = "MEDBLOCK_ACCOUNT",
		hide_env_values = true
	)]
	pub account: Option<Name>,

	/// Another account on this machine, whose words the acting account's replace: they open what the
	/// present words don't open yet.
	#[arg(
		long,
		global = true,
		value_name = "NAME",
		env = "MEDBLOCK_FORMER",
		hide_env_values = true
	)]
	pub former: Option<Name>,

	/// The folder with accounts and settings; otherwise medblock in your data folder.
	#[arg(
		long,
		global = true,
		value_name = "FOLDER",
		env = "MEDBLOCK_HOME",
		hide_env_values = true
	)]
	pub home: Option<PathBuf>,

	/// Read the account's passphrase from this file's first line instead of asking for it.
	#[arg(
		long,
		global = true,
		value_name = "FILE",
		env = "MEDBLOCK_PASSPHRASE_FILE",
		hide_env_values = true
	)]
	pub passphrase_file: Option<PathBuf>,

	/// Print the result as one JSON document.
	#[arg(long, global = true)]
	pub json: bool,

	/// Print only the result, warnings and errors.
	#[arg(long, short, global = true)]
	pub quiet: bool,
}

/// Options of commands that talk to nodes.
#[derive(Args)]
#[command(next_help_heading = "Options for the network")]
pub struct Network {
	/// A hospital's node to ask, such as ws://127.0.0.1:9944, or the door of its gateway, such as
	/// wss://gateway.example/v1/rpc; name three of different hospitals: two check each other, and the
	/// third takes the place of one that is away. Otherwise those that config.toml names, or
	/// ws://127.0.0.1:9944 and ws://127.0.0.1:9945.
	#[arg(
		long,
		global = true,
		value_name = "URL",
		value_delimiter = ',',
		env = "MEDBLOCK_NODE",
		hide_env_values = true
	)]
	pub node: Vec<String>,

	/// Trust the first node alone. Only for the operator of that node.
	#[arg(long, global = true)]
	pub trust_one_node: bool,

	/// Sign nothing: encrypt and upload as usual, but print the call for a wallet to sign, and a link
	/// that opens it in Polkadot.js Apps. Reading is not affected.
	#[arg(long, global = true)]
	pub prepare: bool,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
	/// Make, import and show accounts; they are kept on this machine, encrypted.
	#[command(subcommand)]
	Account(AccountCommand),

	/// As a patient: register, and decide who sees your chart.
	#[command(subcommand)]
	Patient(PatientCommand),

	/// As a patient: the records in your chart.
	#[command(subcommand)]
	Record(RecordCommand),

	/// As a doctor: register, and see the charts that patients have granted to you.
	#[command(subcommand)]
	Doctor(DoctorCommand),

	/// Give people who have lost their accounts new ones, as guardians, or get one yourself.
	#[command(subcommand)]
	Recovery(RecoveryCommand),

	/// As a hospital's registrar or controller: verify people, and maintain their entries.
	#[command(subcommand)]
	Hospital(HospitalCommand),

	/// As a laboratory or another institution: add records where patients allow it.
	#[command(subcommand)]
	Institution(InstitutionCommand),

	/// As a hospital's controller: decide with the other hospitals.
	Council(Council),

	/// See how nodes and hospitals are doing.
	#[command(subcommand)]
	Network(NetworkCommand),

	/// Serve the web portal on this machine, or check a hospital's.
	Portal(Portal),

	/// Keep accounts unlocked: the process that `medblock account unlock` starts.
	#[command(name = agent::COMMAND, hide = true)]
	Agent,

	/// Print a completion script for a shell.
	Completions {
		/// The shell.
		shell: Shell,
	},

	/// Write the manual pages into a folder.
	Man {
		/// The folder. Existing pages are replaced.
		folder: PathBuf,
	},
}

/// The network's commands.
#[derive(Subcommand)]
pub enum NetworkCommand {
	/// Ask every node for its last block and whether the nodes agree, and list the hospitals.
	Status,
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn command_line_is_consistent() {
		Cli::command().debug_assert();
	}

	/// What the person who signs can't undo alone is asked about, so that scripts have to say that they mean it.
	#[test]
	fn what_can_t_be_undone_is_asked_about() {
		for line in [
			"account remove",
			"doctor emergency end",
			"doctor new-key",
			"doctor relinquish",
			"hospital begin-log",
			"hospital hand-over",
			"hospital institution close",
			"hospital institution remove",
			"hospital registrar remove",
			"hospital registrar resign",
			"institution resign",
			"patient emergency judge",
			"patient emergency remove",
			"patient for key",
			"patient for resign",
			"patient guardians remove",
			"patient remove-profile",
			"patient representatives end",
			"record withdraw",
			"recovery cancel",
		] {
			let mut command = &Cli::command();
			for word in line.split(' ') {
				let inner = command.find_subcommand(word);
				command = inner.unwrap_or_else(|| panic!("there is no {line}"));
			}
			assert!(command.get_arguments().any(|one| one.get_id().as_str() == "yes"), "{line}");
		}
	}

	/// A command's own argument must not have the name of an option for every command, because clap
	/// would take it for that option.
	#[test]
	fn no_command_has_an_argument_named_like_an_option_of_all() {
		fn arguments(command: &clap::Command, of_all: &[&str]) {
			for argument in command.get_arguments().filter(|one| !one.is_global_set()) {
				let name = argument.get_id().as_str();
				assert!(!of_all.contains(&name), "{}: {name}", command.get_name());
			}
			for inner in command.get_subcommands() {
				arguments(inner, of_all);
			}
		}
		let command = Cli::command();
		let of_all: Vec<&str> = (command.get_arguments())
			.filter(|one| one.is_global_set())
			.map(|one| one.get_id().as_str())
			.collect();
		assert!(of_all.contains(&"account") && of_all.contains(&"node"));
		arguments(&command, &of_all);
	}
}
