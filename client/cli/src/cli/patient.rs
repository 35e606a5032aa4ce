//! `medblock patient`.

use super::{
	BirthDate, DepositCommand, ForCommand, GuardiansCommand, Kit, List, PatientEmergency,
	RepresentativesCommand, Until,
	values::{beginning, end},
};
use clap::{Args, Subcommand};
use medblock_client::names::Named;
use medblock_keystore::Name;
use std::path::PathBuf;

/// A patient's commands.
#[derive(Subcommand)]
pub enum PatientCommand {
	/// Register with a hospital, which then verifies who you are.
	Register {
		/// The hospital's number or name; see `medblock network status`.
		#[arg(long)]
		hospital: Named,
	},

	/// Show the chain's facts about you, and your encrypted profile.
	Show {
		/// Another patient's number or name, if you are their doctor or a registrar of their hospital.
		#[arg(long, value_name = "PATIENT")]
		id: Option<Named>,

		/// Print a FHIR R4 bundle with the patient.
		#[arg(long)]
		fhir: bool,
	},

	/// Write your profile: who you are, encrypted for you, your doctors and your hospital.
	///
	/// What you don't name stays as it is. The profile is never on the chain.
	Profile(ProfileText),

	/// Remove your profile: vaults stop giving it out, and delete it.
	///
	/// Readers who have fetched it before may have kept it. Your hospital can write another.
	RemoveProfile {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// List the records in your chart; the same as `medblock record list`.
	Chart(List),

	/// Let a doctor see your whole chart, and what is added to it later.
	///
	/// For a doctor who has access, what you don't name stays: when it ends, and whether the doctor may add.
	Grant(Grant),

	/// Let a doctor see single records, and only those.
	///
	/// They add to the records that you shared with this doctor before, and what you don't name stays: when it
	/// ends, and whether the doctor may add. It is refused for a doctor who may see the whole chart, unless you
	/// add --narrow.
	Share(Share),

	/// Stop sharing single records with a doctor. It takes effect at once.
	///
	/// Vaults stop giving these records to the doctor, who may have kept them. The others stay
	/// shared. If none is left, and the doctor may not add records, the doctor's access ends. It is done when
	/// two of the nodes that you name say that it is final: until then, it exits with 6.
	Unshare {
		/// The doctor's number or name.
		doctor: Named,

		/// The records' numbers.
		#[arg(required = true, value_name = "RECORD")]
		records: Vec<u32>,
	},

	/// Let a doctor add as many records again as when you granted it.
	///
	/// A doctor may add 1,000 notes and records to your chart. To grant or share again has the same
	/// effect.
	Renew {
		/// The doctor's number or name.
		doctor: Named,
	},

	/// Revoke what you have granted. It takes effect at once, for the future.
	///
	/// Vaults stop giving your records to these doctors, and none of their keys opens what is added
	/// from now on. They may have kept what they could open before. It is sent to all nodes that you
	/// name, and done when two of them say that it is final: until then, it exits with 6.
	///
	/// An emergency that is open to a doctor stays open: `patient emergency refuse` closes it.
	Revoke {
		/// The doctors' numbers or names.
		#[arg(required = true, value_name = "DOCTOR")]
		doctors: Vec<Named>,
	},

	/// Give your chart a new key, sealed to just the doctors who may see all of it.
	///
	/// A doctor whose hospital has not confirmed their own key does not get it. The program says which
	/// doctors have it then, and which do not.
	Rotate,

	/// List your grants: to which doctor, for which records, and whether each holds now.
	Grants {
		/// Only the grants that open this record.
		#[arg(long, value_name = "RECORD")]
		record: Option<u32>,

		/// Print a FHIR R4 bundle of consents.
		#[arg(long)]
		fhir: bool,
	},

	/// Let laboratories and other institutions add records to your chart, which they can't read.
	#[command(subcommand)]
	Deposit(DepositCommand),

	/// Choose guardians, who together can give you a new account if you lose yours.
	#[command(subcommand)]
	Guardians(GuardiansCommand),

	/// Print three sheets, any two of which give your words back.
	///
	/// One sheet alone says nothing. Keep them in different places. A new kit makes a lost sheet worthless, if you destroy
	/// the others of its kit. If two of one kit may be in wrong hands, replace your words: `patient new-words`. To use
	/// them, run `medblock account import NAME --sheets`.
	Kit(Kit),

	/// Let people act for you, such as parents for a child.
	#[command(subcommand)]
	Representatives(RepresentativesCommand),

	/// Act for a patient who has named you, with your own account.
	#[command(subcommand)]
	For(ForCommand),

	/// Let hospitals together open your chart in an emergency, to a doctor who asks them.
	#[command(subcommand)]
	Emergency(PatientEmergency),

	/// List everything that vaults have given out of your chart: each recipient, time and record.
	Disclosures {
		/// The part of them.
		#[command(flatten)]
		which: Which,

		/// Leave out what you were given yourself.
		#[arg(long, conflicts_with = "verify")]
		others: bool,

		/// Print a FHIR R4 bundle of audit events.
		#[arg(long)]
		fhir: bool,

		/// Check that each line is signed by its reader, that none is missing, and that the vaults' logs are those on
		/// the chain, and have only grown since you looked last. What was given out before a vault had a log is not
		/// listed then.
		#[arg(long, conflicts_with = "fhir")]
		verify: bool,
	},

	/// Write everything that there is of you into a folder or an archive: records, profile, grants, what was given out.
	///
	/// Records are files under their numbers and names. profile.json, chart.json, grants.json, acting.json and
	/// disclosures.json say the rest, and chart.fhir.json says it in FHIR R4. manifest.jsonl has the SHA-256 of each file. If
	/// the command is interrupted, the same command goes on. What could not be read is listed, and the exit code is 11.
	///
	/// Nothing of it is encrypted.
	Export {
		/// The folder, which is made if it does not exist. A name that ends in .zip makes an archive.
		folder: PathBuf,

		/// Unpack studies and folders, each into a folder of its own.
		#[arg(long)]
		unpack: bool,
	},

	/// Print the keys that open your chart, after asking whether you mean it.
	///
	/// The output has one age identity for each of the chart's epochs, as a file for age 1.3 or
	/// newer. With it, any age tool opens the encrypted files of the chart.
	AgeIdentities {
		/// Do not ask whether you mean it.
		#[arg(long)]
		yes: bool,
	},

	/// Let another account on this machine control your chart, after a delay.
	///
	/// That account needs the same words for its encryption keys: import it with --words-file. The
	/// chart keeps its content. The delay is a day, unless your consortium chose otherwise. Until it is
	/// over, you or your hospital can stop the change.
	ChangeAccount(ChangeAccount),

	/// Replace your words by those of another account on this machine.
	///
	/// Run it twice. The first time, it asks you, and then the chain to let the other account control your
	/// chart, after a delay as in `change-account`. The second time, it gives the chart keys from the new
	/// words. The old words open nothing that is added from then on. What they opened before, they still
	/// can. If something interrupts it, run it again.
	NewWords(NewWords),

	/// Stop a pending change of your account.
	KeepAccount,

	/// Ask another hospital to take you over. It may accept or not.
	///
	/// Until it accepts, your present hospital answers for you. From the request on, the registrars there can read
	/// your profile, and you see when they do. A request without an answer lapses after 14 days.
	Move(Move),

	/// Encrypt your profile anew, so that your present hospital can read it.
	///
	/// `patient move` does so for the hospital that you ask. Run this if you were moved in another way, or
	/// if your hospital has published its first key since you wrote the profile.
	ResealProfile,

	/// Let another hospital's vault keep a second copy of your records, or no longer.
	#[command(subcommand)]
	Mirror(Mirror),

	/// Move your records and your profile from one hospital's vault to another's.
	///
	/// All that this vault keeps moves at once, and who may read it stays the same. Until the new vault
	/// has fetched a file, it is read where it was. A hospital that has left is named all the same.
	MoveVault {
		/// The number or name of the hospital whose vault keeps them.
		#[arg(long, value_name = "HOSPITAL")]
		from: Named,

		/// The number or name of the hospital whose vault is to keep them.
		#[arg(long, value_name = "HOSPITAL")]
		to: Named,
	},
}

/// A part of what vaults have given out.
#[derive(Args)]
pub struct Which {
	/// Only what was given out then or later: a day (2026-12-31, by universal time), or a time (RFC 3339).
	#[arg(long, value_name = "WHEN", value_parser = beginning)]
	pub since: Option<u64>,

	/// Only what was given out then or before; as for --since.
	#[arg(long, value_name = "WHEN", value_parser = end)]
	pub until: Option<u64>,

	/// Only what this doctor was given, by number or name.
	#[arg(long)]
	pub doctor: Option<Named>,
}

/// A change of a patient's personal data, which is never on the chain. What it does not name stays.
#[derive(Args)]
pub struct ProfileText {
	/// Full name.
	#[arg(long)]
	pub name: Option<String>,

	/// Birth date: a day (1980-12-31), or a month (1980-12) or a year (1980) if no more is known.
	#[arg(long, value_name = "DATE")]
	pub birth_date: Option<BirthDate>,

	/// Remove the birth date.
	#[arg(long, conflicts_with = "birth_date")]
	pub clear_birth_date: bool,

	/// Contact details.
	#[arg(long)]
	pub contact: Option<String>,

	/// Remove the contact details.
	#[arg(long, conflicts_with = "contact")]
	pub clear_contact: bool,
}

/// A grant of the whole chart, and its terms.
#[derive(Args)]
pub struct Grant {
	/// The doctor's number or name; see `medblock doctor directory`.
	pub doctor: Named,

	/// What changes of the terms.
	#[command(flatten)]
	pub rights: Rights,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// What changes of the terms of a grant.
#[derive(Args)]
pub struct Rights {
	/// Let the doctor also add notes and records.
	#[arg(long)]
	pub append: bool,

	/// Let the doctor no longer add notes and records.
	#[arg(long, conflicts_with = "append")]
	pub no_append: bool,

	/// When this expires: a day (2030-12-31, by universal time), a time (RFC 3339), or a span (30d,
	/// 12h). A new grant without it lasts until you revoke it.
	#[arg(long, value_name = "WHEN")]
	pub until: Option<Until>,

	/// Let it last until you revoke it.
	#[arg(long, conflicts_with = "until")]
	pub clear_until: bool,
}

/// The records to share, and the doctor.
#[derive(Args)]
pub struct Share {
	/// The doctor's number or name; see `medblock doctor directory`.
	pub doctor: Named,

	/// The records' numbers. With none, a doctor can add records without seeing any.
	#[arg(value_name = "RECORD")]
	pub records: Vec<u32>,

	/// What changes of the terms.
	#[command(flatten)]
	pub rights: Rights,

	/// Also for a doctor who may see the whole chart, whose access to the rest of it ends. What was in it,
	/// the doctor may have kept.
	#[arg(long)]
	pub narrow: bool,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// The hospital to move to.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Move {
	/// The hospital's number or name; see `medblock network status`.
	#[arg(long, value_name = "HOSPITAL")]
	pub to: Option<Named>,

	/// Stay: withdraw the request.
	#[arg(long)]
	pub stay: bool,
}

/// The commands about a patient's mirror.
#[derive(Subcommand)]
pub enum Mirror {
	/// Choose the hospital that mirrors your records, in place of an earlier one.
	Set {
		/// The hospital's number or name; see `medblock network status`.
		hospital: Named,
	},

	/// Let no hospital mirror your records any more.
	Clear,
}

/// The account that takes over.
#[derive(Args)]
pub struct ChangeAccount {
	/// The new account's name on this machine.
	pub new: Name,

	/// Read the new account's passphrase from this file; otherwise it has the same source as the
	/// present account's.
	#[arg(long, value_name = "FILE")]
	pub new_passphrase_file: Option<PathBuf>,
}

/// The account whose words replace the present ones.
#[derive(Args)]
pub struct NewWords {
	/// The account.
	#[command(flatten)]
	pub change: ChangeAccount,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}
