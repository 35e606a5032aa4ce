//! `medblock recovery`, and the guardians of patients and doctors.

use super::{
	Digest, Person,
	values::{address, span},
};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{chain::AccountId, medblock_primitives::ActingAs, names::Named};
use std::path::PathBuf;

/// The commands about a person's own guardians.
#[derive(Subcommand)]
pub enum GuardiansCommand {
	/// Choose the people and hospitals who together can give you a new account.
	///
	/// Each gets a share of what opens your data, sealed to their key; one alone learns nothing. If you lose this machine
	/// and your words, they give your new device an account, and what opens your data. You can veto that until it is
	/// done. Choose people who don't depend on each other. They replace the guardians that you have now.
	Set(Guardians),

	/// Show your guardians, and whether their shares still fit.
	Show,

	/// Give the same guardians new shares, sealed to their present keys.
	///
	/// Run it when `guardians show` says so: after new words, or when a guardian has another key. Earlier shares open
	/// nothing together with new ones.
	Renew {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// No longer have guardians.
	///
	/// Without your words, no one can then give you your data back.
	Remove {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// The guardians to choose.
#[derive(Args)]
pub struct Guardians {
	/// A patient, by number. They run `medblock patient for key` first.
	#[arg(long = "patient", value_name = "PATIENT")]
	pub patients: Vec<u32>,

	/// A doctor, by number or name.
	#[arg(long = "doctor", value_name = "DOCTOR")]
	pub doctors: Vec<Named>,

	/// A hospital's desk, by the hospital's number or name.
	#[arg(long = "desk", value_name = "HOSPITAL")]
	pub desks: Vec<Named>,

	/// The number of guardians who have to agree: two at least.
	#[arg(long, value_name = "NUMBER", default_value_t = 2)]
	pub threshold: u32,

	/// The time in which you can veto, such as 36h or 7d.
	#[arg(long, value_name = "SPAN", default_value = "3d", value_parser = span)]
	pub delay: u64,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// A kit of printed sheets.
#[derive(Args)]
pub struct Kit {
	/// A folder for three pictures to print (SVG). Without it, the sheets are shown on the terminal.
	#[arg(value_name = "FOLDER")]
	pub folder: Option<PathBuf>,

	/// Do not ask whether you mean it.
	#[arg(long)]
	pub yes: bool,
}

/// The commands about new accounts for people who have lost theirs.
#[derive(Subcommand)]
pub enum RecoveryCommand {
	/// On a new device: write the request with which a guardian asks for you.
	///
	/// Make an account first, with `medblock account new`. Take the file to one of your guardians, and tell each of them,
	/// in person, the digest that this prints. Nothing is sent.
	Begin {
		/// The person who you are.
		#[command(flatten)]
		person: Person,

		/// The file to write.
		#[arg(long, value_name = "FILE")]
		into: PathBuf,
	},

	/// As a guardian: ask that a person gets a new account, and approve it.
	///
	/// Only when you have met the person, and they have told you the digest that their new device shows. Their present
	/// account can veto.
	Request {
		/// The file that the new device wrote.
		file: PathBuf,

		/// The digest that the person told you.
		#[arg(long, value_name = "DIGEST")]
		key_digest: Digest,

		/// What you act as.
		#[command(flatten)]
		acting: Acting,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// As a guardian: approve that a person gets a new account.
	///
	/// Only when you have met the person, and they have told you the digest that their new device shows. When enough
	/// guardians have approved, the time begins in which the present account can veto.
	Approve {
		/// The account.
		#[command(flatten)]
		new: NewAccount,

		/// The digest that the person told you.
		#[arg(long, value_name = "DIGEST")]
		key_digest: Digest,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// As a guardian: take your approval back.
	///
	/// If too few are left, the time to veto begins anew with the next one.
	Withdraw {
		/// The account.
		#[command(flatten)]
		new: NewAccount,
	},

	/// As a guardian: hand your shares over to new devices, once the time to veto is over.
	///
	/// It hands over all that you have approved and that is due. Each share is checked first, and sealed to the new
	/// device's key.
	HandOver,

	/// On the new device: take over, with the shares that the guardians have handed over.
	///
	/// A patient's chart gets keys from the words of this account, and what was in it stays. A doctor gets a new
	/// encryption key, which the hospital has to confirm. Your guardians end, so choose them anew.
	Finish {
		/// The person who you are.
		#[command(flatten)]
		person: Person,
	},

	/// Stop another account from taking you over.
	///
	/// It is sent to all nodes that you name, before all else that this account has sent.
	Veto {
		/// The account that asks; otherwise all that ask.
		#[arg(value_name = "ADDRESS", value_parser = address)]
		new: Option<AccountId>,
	},

	/// On the new device: take your request back.
	///
	/// Your present account stays in control.
	Cancel {
		/// The person who you are.
		#[command(flatten)]
		person: Person,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// List who asks to take you over, whose guardian you are, and who asks to take them over.
	///
	/// With --check, opens each share that you keep, and checks that it is a right one.
	List {
		/// Check your shares.
		#[arg(long)]
		check: bool,
	},
}

/// A new account that is to take a person over.
#[derive(Args)]
pub struct NewAccount {
	/// The person.
	#[command(flatten)]
	pub person: Person,

	/// The new account's address; needed if several ask.
	#[arg(long = "new", value_name = "ADDRESS", value_parser = address)]
	pub address: Option<AccountId>,

	/// What you act as.
	#[command(flatten)]
	pub acting: Acting,
}

/// The capacity in which a guardian acts.
#[derive(Args)]
pub struct Acting {
	/// What you act as, if you are a guardian in several ways.
	#[arg(long = "as", value_name = "WHAT")]
	pub what: Option<ActingChoice>,
}

/// The ways in which an account can be a guardian.
#[derive(Clone, Copy, ValueEnum)]
pub enum ActingChoice {
	/// As a patient.
	Patient,
	/// As a doctor.
	Doctor,
	/// As a registrar at a hospital's desk.
	Desk,
}

impl From<ActingChoice> for ActingAs {
	fn from(choice: ActingChoice) -> Self {
		match choice {
			ActingChoice::Patient => Self::Patient,
			ActingChoice::Doctor => Self::Doctor,
			ActingChoice::Desk => Self::Desk,
		}
	}
}
