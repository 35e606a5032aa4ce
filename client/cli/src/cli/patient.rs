//! `medblock patient`.

use super::{List, Until};
use clap::{Args, Subcommand};
use medblock_keystore::Name;
use std::path::PathBuf;

/// What a patient does.
#[derive(Subcommand)]
pub enum PatientCommand {
	/// Register with a hospital, which then verifies who you are.
	Register {
		/// The hospital's number; see `medblock network status`.
		#[arg(long, value_name = "NUMBER")]
		hospital: u32,
	},

	/// Show what the chain knows of you, and your encrypted profile.
	Show {
		/// Another patient, as their doctor or as a registrar of their hospital.
		#[arg(long, value_name = "NUMBER")]
		id: Option<u32>,

		/// Print a FHIR R4 bundle with the patient.
		#[arg(long)]
		fhir: bool,
	},

	/// Write your profile: who you are, encrypted for you, your doctors and your hospital.
	///
	/// It replaces the one before. It never lies on the chain.
	Profile(ProfileText),

	/// List the records in your chart; the same as `medblock record list`.
	Chart(List),

	/// Let a doctor see your whole chart, and what is added to it later.
	Grant(Grant),

	/// Let a doctor see single records, and no more than those.
	///
	/// They come on top of those that were shared with this doctor before. A doctor who could see the
	/// whole chart no longer can, but may have kept what was in it.
	Share(Share),

	/// Take back what you have granted. It takes effect at once, for what comes.
	///
	/// Nobody is given a record any more who was allowed before, and what is added from now on can't
	/// be opened with any key that they hold. What they could open before, they may have kept.
	Revoke {
		/// The doctors' numbers.
		#[arg(required = true, value_name = "DOCTOR")]
		doctors: Vec<u32>,
	},

	/// Give your chart a new key, sealed to just the doctors who may see all of it.
	Rotate,

	/// List to whom you have granted what, and whether it holds now.
	Grants {
		/// Print a FHIR R4 bundle of consents.
		#[arg(long)]
		fhir: bool,
	},

	/// List everything that vaults have given out of your chart: to whom, when, and which record.
	Disclosures {
		/// Print a FHIR R4 bundle of audit events.
		#[arg(long)]
		fhir: bool,
	},

	/// Print the keys that open your chart, after asking whether you mean it.
	///
	/// One age identity for each of the chart's epochs, as a file that age 1.3 or newer takes: with it,
	/// any age tool opens the encrypted files of the chart.
	AgeIdentities {
		/// Do not ask whether you mean it.
		#[arg(long)]
		yes: bool,
	},

	/// Let another account on this machine control your chart.
	///
	/// It has to have the same words for its encryption keys: import it with --words-file. What you
	/// have in the chart stays as it is.
	ChangeAccount(ChangeAccount),

	/// Ask to move to another hospital, which then takes you in or does not.
	///
	/// Until it does, your hospital stays the one that answers for you.
	Move(Move),
}

/// What is said of a patient. Never on the chain.
#[derive(Args)]
pub struct ProfileText {
	/// Full name.
	#[arg(long)]
	pub name: String,

	/// Birth date, such as 1980-12-31.
	#[arg(long, value_name = "DATE")]
	pub birth_date: Option<String>,

	/// How to reach the patient.
	#[arg(long)]
	pub contact: Option<String>,
}

/// Whom to let see the chart, and how.
#[derive(Args)]
pub struct Grant {
	/// The doctor's number; see `medblock doctor directory`.
	pub doctor: u32,

	/// Let the doctor also add notes and records.
	#[arg(long)]
	pub append: bool,

	/// When this ends by itself: a day (2030-12-31, by universal time), a time (RFC 3339), or a span
	/// (30d, 12h).
	#[arg(long, value_name = "WHEN")]
	pub until: Option<Until>,
}

/// Which records to share with whom.
#[derive(Args)]
pub struct Share {
	/// The doctor's number; see `medblock doctor directory`.
	pub doctor: u32,

	/// The records' numbers; none lets a laboratory add records without seeing any.
	#[arg(value_name = "RECORD")]
	pub records: Vec<u32>,

	/// Let the doctor also add notes and records.
	#[arg(long)]
	pub append: bool,

	/// When this ends by itself; as for `medblock patient grant`.
	#[arg(long, value_name = "WHEN")]
	pub until: Option<Until>,
}

/// Where to move.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Move {
	/// The hospital's number; see `medblock network status`.
	#[arg(long, value_name = "NUMBER")]
	pub to: Option<u32>,

	/// Stay: take the request back.
	#[arg(long)]
	pub stay: bool,
}

/// Which account takes over.
#[derive(Args)]
pub struct ChangeAccount {
	/// The new account's name on this machine.
	pub new: Name,

	/// Read the new account's passphrase from this file; otherwise it comes from where the present
	/// account's comes from.
	#[arg(long, value_name = "FILE")]
	pub new_passphrase_file: Option<PathBuf>,
}
