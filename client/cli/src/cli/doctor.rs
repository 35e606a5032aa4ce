//! `medblock doctor`.

use super::{Add, ChangeAccount, Destination, List, Move};
use clap::{Args, Subcommand};

/// What a doctor does.
#[derive(Subcommand)]
pub enum DoctorCommand {
	/// Register with a hospital, which then verifies who you are.
	///
	/// Prints the digest of your encryption key. Tell it to the registrar, in person: it is how they
	/// know that the key is yours.
	Register {
		/// The hospital's number; see `medblock network status`.
		#[arg(long, value_name = "NUMBER")]
		hospital: u32,

		/// Your entry in the public directory.
		#[command(flatten)]
		practice: Practice,
	},

	/// Show a doctor's entry in the public directory; your own if you name none.
	Show {
		/// The doctor's number.
		doctor: Option<u32>,
	},

	/// Change your entry in the public directory.
	Profile(Practice),

	/// List all doctors.
	Directory,

	/// List what patients have granted to you, and whether it holds now.
	Inbox {
		/// Print a FHIR R4 bundle of consents.
		#[arg(long)]
		fhir: bool,
	},

	/// List the records of a patient's chart, with their titles.
	Chart {
		/// The patient's number.
		patient: u32,

		/// Which part.
		#[command(flatten)]
		list: List,
	},

	/// Fetch a patient's record, verify it and decrypt it.
	Open {
		/// The patient's number.
		patient: u32,

		/// The record's number.
		record: u32,

		/// Where to.
		#[command(flatten)]
		to: Destination,
	},

	/// Encrypt files and put them into a patient's chart, as notes or records.
	Append(Append),

	/// Give up your access to a patient's chart.
	Relinquish {
		/// The patient's number.
		patient: u32,
	},

	/// Publish a new encryption key, made from your words.
	///
	/// Nothing can be sealed to it before your hospital has confirmed it. Older grants can still be
	/// opened.
	NewKey,

	/// Let another account on this machine act for you.
	///
	/// It has to have the same words for its encryption keys: import it with --words-file.
	ChangeAccount(ChangeAccount),

	/// Ask to move to another hospital, which then takes you in or does not.
	///
	/// Until it does, your hospital stays the one that answers for you.
	Move(Move),
}

/// A doctor's entry in the public directory. Everybody can read it.
#[derive(Args)]
pub struct Practice {
	/// The name that patients know.
	#[arg(long)]
	pub name: String,

	/// Such as cardiology.
	#[arg(long)]
	pub specialty: String,

	/// Such as "MD, board-certified".
	#[arg(long)]
	pub qualification: String,

	/// The year since which the doctor practises.
	#[arg(long, value_name = "YEAR")]
	pub since: u16,
}

/// What to put into whose chart.
#[derive(Args)]
pub struct Append {
	/// The patient's number.
	pub patient: u32,

	/// What.
	#[command(flatten)]
	pub add: Add,
}
