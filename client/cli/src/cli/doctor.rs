//! `medblock doctor`.

use super::{
	Add, ChangeAccount, Destination, DoctorEmergency, GuardiansCommand, Kit, List, Move, NewWords,
	Records, values::year,
};
use clap::{Args, Subcommand};
use medblock_client::names::Named;

/// A doctor's commands.
#[derive(Subcommand)]
pub enum DoctorCommand {
	/// Register with a hospital, which then verifies who you are.
	///
	/// Prints the digest of your encryption key. Tell it to the registrar in person, so that they
	/// know that the key is yours.
	Register {
		/// The hospital's number or name; see `medblock network status`.
		#[arg(long)]
		hospital: Named,

		/// Your entry in the public directory.
		#[command(flatten)]
		practice: Practice,
	},

	/// Show a doctor's entry in the public directory; your own if you name no doctor.
	Show {
		/// The doctor's number or name.
		doctor: Option<Named>,
	},

	/// Change your entry in the public directory; once you are verified, propose the change.
	///
	/// What you don't name stays as it is. Patients see a change of a verified doctor's entry when the
	/// hospital has confirmed it.
	Profile(PracticeChange),

	/// Withdraw the change to your entry that you proposed.
	KeepProfile,

	/// List all doctors.
	Directory,

	/// List what patients have granted to you, and whether it is valid now.
	///
	/// To show names, the program reads the profiles of patients whose whole charts are open to you, and
	/// each of them sees that you have looked. What was read is kept on this machine, encrypted.
	Inbox {
		/// Print a FHIR R4 bundle of consents.
		#[arg(long)]
		fhir: bool,

		/// Go on, and print a line for each change: what patients grant, revoke, add or withdraw. With --json, a document
		/// on each line. If the connection is lost, the program asks again until it is back, and leaves nothing out.
		#[arg(long, conflicts_with = "fhir")]
		follow: bool,

		/// Read no names. No passphrase is needed then.
		#[arg(long)]
		no_names: bool,
	},

	/// List your patients by name, and find one by number, name, birth date or contact.
	///
	/// Only those whose whole charts are open to you have a name here. Each of them sees that you have
	/// looked, once for each profile that they write.
	Patients {
		/// Only patients in whose number, name, birth date or contact each of these words is.
		#[arg(long, value_name = "TEXT")]
		search: Option<String>,
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
		/// The patient's number or name.
		patient: Named,

		/// The part of the chart.
		#[command(flatten)]
		list: List,
	},

	/// Fetch a patient's records, verify them and decrypt them.
	///
	/// Several go into a folder, under their numbers and names, with their digests in manifest.jsonl. If the command is
	/// interrupted, the same command goes on: it fetches what is not in the folder yet.
	Open {
		/// The patient's number or name.
		patient: Named,

		/// The records.
		#[command(flatten)]
		records: Records,

		/// The destination.
		#[command(flatten)]
		to: Destination,
	},

	/// Encrypt files and put them into a patient's chart, as notes or records.
	///
	/// The program shows whose chart it is, and asks: you can't take them out again.
	Append(Append),

	/// Ask hospitals to open a patient's chart in an emergency, as the patient has planned.
	#[command(subcommand)]
	Emergency(DoctorEmergency),

	/// Give up your access to patients' charts, up to 64 at once.
	Relinquish {
		/// The patients' numbers or names.
		#[arg(required = true, value_name = "PATIENT")]
		patients: Vec<Named>,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Publish a new encryption key, made from your words.
	///
	/// It can be used once your hospital has confirmed it, and the present one no longer. You can still
	/// open older grants. The program asks first.
	NewKey {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Choose guardians, who together can give you a new account if you lose yours.
	#[command(subcommand)]
	Guardians(GuardiansCommand),

	/// Print three sheets, any two of which give your words back.
	///
	/// One sheet alone says nothing. Keep them in different places. A new kit makes a lost sheet worthless, if you destroy
	/// the others of its kit. If two of one kit may be in wrong hands, replace your words: `doctor new-words`. To use
	/// them, run `medblock account import NAME --sheets`.
	Kit(Kit),

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
	/// Until it accepts, your present hospital answers for you. A request without an answer lapses after 14 days.
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
	#[arg(long, value_name = "YEAR", value_parser = year)]
	pub since: u16,
}

/// A change of a doctor's entry in the public directory. What it does not name stays.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct PracticeChange {
	/// The name that patients know.
	#[arg(long)]
	pub name: Option<String>,

	/// The specialty, such as cardiology.
	#[arg(long)]
	pub specialty: Option<String>,

	/// The qualification, such as "MD, board-certified".
	#[arg(long)]
	pub qualification: Option<String>,

	/// The year in which the doctor began to practise.
	#[arg(long, value_name = "YEAR", value_parser = year)]
	pub since: Option<u16>,
}

/// The files for a patient's chart.
#[derive(Args)]
pub struct Append {
	/// The patient's number or name.
	pub patient: Named,

	/// The files.
	#[command(flatten)]
	pub add: Add,
}
