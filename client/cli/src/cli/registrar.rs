//! `medblock hospital registrar` and `registrars`.

use super::values::address;
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{chain::AccountId, names::Named};

/// Which of the hospital's registrars.
#[derive(Args)]
pub struct Registrars {
	/// Only those in whose address, or name on this machine, each of these words is.
	#[arg(long, value_name = "TEXT")]
	pub search: Option<String>,

	/// Only those of this standing.
	#[arg(long)]
	pub standing: Option<RegistrarStanding>,
}

/// A registrar's standing with the hospital.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegistrarStanding {
	/// The account verifies people.
	Registrar,
	/// The account can accept to.
	Appointed,
}

/// A hospital's registrars.
#[derive(Subcommand)]
pub enum Registrar {
	/// List your hospital's registrars and appointments, and who holds the key of profiles.
	List,

	/// As the controller: offer an account to verify people. It has about two weeks to accept.
	Appoint {
		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,
	},

	/// As the controller: take back an offer that the account has not accepted.
	Withdraw {
		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,
	},

	/// As the controller: end an account's permission to verify people.
	Remove {
		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,

		/// Remove it even if no other registrar holds the key of profiles.
		#[arg(long)]
		lose_key: bool,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Accept a hospital's offer to verify people for it.
	Accept {
		/// The hospital's number or name, if several have appointed you.
		#[arg(long)]
		hospital: Option<Named>,
	},

	/// Stop verifying people for your hospital.
	Resign {
		/// Resign even if no other registrar holds the key of profiles.
		#[arg(long)]
		lose_key: bool,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// As a founding hospital's registrar, or with new words: publish a key of your own.
	OwnKey {
		/// Replace your key even if no other registrar holds the key of profiles.
		#[arg(long)]
		lose_key: bool,
	},
}
