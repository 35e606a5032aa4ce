//! `medblock doctor`.

use super::{Add, ChangeAccount, Destination, List, Move, NewWords, Records};
use clap::{Args, Subcommand};

/// A doctor's commands.
#[derive(Subcommand)]
pub enum DoctorCommand {
	/// Register with a hospital, which then verifies who you are.
	///
	/// Prints the digest of your encryption key. Tell it to the registrar in person, so that they
	/// know that the key is yours.
	Register {
		/// The hospital's number; see `medblock network status`.
		#[arg(long, value_name = "NUMBER")]
		hospital: u32,

		/// Your entry in the public directory.
		#[command(flatten)]
		practice: Practice,
	},

	/// Show a doctor's entry in the public directory; your own if you name no doctor.
	Show {
		/// The doctor's number.
		doctor: Option<u32>,
	},

	/// Change your entry in the public directory; once you are verified, propose the change.
	///
	/// Patients see a change of a verified doctor's entry when the hospital has confirmed it.
	Profile(Practice),

	/// Withdraw the change to your entry that you proposed.
	KeepProfile,

	/// List all doctors.
	Directory,

	/// List what patients have granted to you, and whether it is valid now.
	Inbox {
		/// Print a FHIR R4 bundle of consents.
		#[arg(long)]
		fhir: bool,

		/// Go on, and print a line for each change: what patients grant, revoke, add or withdraw. With --json, a document
		/// on each line.
		#[arg(long, conflicts_with = "fhir")]
		follow: bool,
	},

	/// List the receipts that vaults gave you for what you have read.
	///
	/// Vaults sign that they have written down what they give. This program keeps the receipts on this machine, so that
	/// a vault that drops a line can be shown to have dropped it.
	Receipts {
		/// Check that the hospitals' logs on the chain have what the receipts promise.
		#[arg(long)]
		check: bool,
	},

	/// List the records of a patient's chart, with their titles.
	Chart {
		/// The patient's number.
		patient: u32,

		/// The part of the chart.
		#[command(flatten)]
		list: List,
	},

	/// Fetch a patient's records, verify them and decrypt them.
	///
	/// Several go into a folder, under their numbers and names, with their digests in manifest.jsonl. If the command is
	/// interrupted, the same command goes on: it fetches what is not in the folder yet.
	Open {
		/// The patient's number.
		patient: u32,

		/// The records.
		#[command(flatten)]
		records: Records,

		/// The destination.
		#[command(flatten)]
		to: Destination,
	},

	/// Encrypt files and put them into a patient's chart, as notes or records.
	Append(Append),

	/// Give up your access to patients' charts, up to 64 at once.
	Relinquish {
		/// The patients' numbers.
		#[arg(required = true, value_name = "PATIENT")]
		patients: Vec<u32>,
	},

	/// Publish a new encryption key, made from your words.
	///
	/// It can be used once your hospital has confirmed it. You can still open older grants.
	NewKey,

	/// Let another account on this machine act for you, after a delay.
	///
	/// That account needs the same words for its encryption keys: import it with --words-file. The delay
	/// is a day, unless your consortium chose otherwise. Until it is over, you or your hospital can stop
	/// the change.
	ChangeAccount(ChangeAccount),

	/// Replace your words by those of another account on this machine.
	///
	/// Run it twice. The first time, it asks you, and then the chain to let the other account act for you,
	/// after a delay as in `change-account`. The second time, it publishes an encryption key from the new
	/// words, which your hospital then has to confirm. Grants from before open with the old words until
	/// their patients renew the charts' keys: name the old account by --former to read them. If something
	/// interrupts it, run it again.
	NewWords(NewWords),

	/// Stop a pending change of your account.
	KeepAccount,

	/// Ask another hospital to take you over. It may accept or not.
	///
	/// Until it accepts, your present hospital answers for you.
	Move(Move),
}

/// A doctor's entry in the public directory, which is readable by everyone.
#[derive(Args)]
pub struct Practice {
	/// The name that patients know.
	#[arg(long)]
	pub name: String,

	/// The specialty, such as cardiology.
	#[arg(long)]
	pub specialty: String,

	/// The qualification, such as "MD, board-certified".
	#[arg(long)]
	pub qualification: String,

	/// The year in which the doctor began to practise.
	#[arg(long, value_name = "YEAR")]
	pub since: u16,
}

/// The files for a patient's chart.
#[derive(Args)]
pub struct Append {
	/// The patient's number.
	pub patient: u32,

	/// The files.
	#[command(flatten)]
	pub add: Add,
}
