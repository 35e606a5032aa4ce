//! `medblock institution`, and what patients and controllers say about institutions.

use super::{Folders, Until, values::address};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{chain::AccountId, medblock_primitives::InstitutionKind, names::Named};
use std::path::PathBuf;

/// An institution's commands.
#[derive(Subcommand)]
pub enum InstitutionCommand {
	/// List the open institutions of all hospitals.
	List,

	/// Accept a hospital's offer to add records for its institution.
	Accept {
		/// The institution's number or name.
		institution: Named,
	},

	/// Encrypt files and put them into the chart of a patient who allows it.
	///
	/// You can't open them afterwards, nor anything else in the chart. The program shows the patient's number, and asks.
	Deposit(Deposit),

	/// Stop adding records for your institution.
	Resign {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// The files for a patient's chart.
#[derive(Args)]
pub struct Deposit {
	/// The patient's number.
	#[arg(long, value_name = "NUMBER")]
	pub patient: u32,

	/// The files, and folders; up to 128 records.
	#[arg(required = true, value_name = "FILE")]
	pub files: Vec<PathBuf>,

	/// The record's title; otherwise the file's name, or what a DICOM file says of its study. For a single record.
	#[arg(long)]
	pub title: Option<String>,

	/// The media type, such as application/pdf; otherwise guessed from the file's content and name.
	#[arg(long = "type", value_name = "TYPE")]
	pub media_type: Option<String>,

	/// What becomes of folders.
	#[command(flatten)]
	pub folders: Folders,
}

/// A hospital's institutions.
#[derive(Subcommand)]
pub enum Institution {
	/// As the controller: add a laboratory, an imaging or a records department.
	Add {
		/// The kind of institution.
		kind: Kind,

		/// The name that patients know, up to 64 characters.
		name: String,
	},

	/// List your hospital's institutions, the accounts that add records for them, and those that are
	/// appointed to.
	List,

	/// As the controller: close an institution, for ever. What it has added stays.
	Close {
		/// The institution's number or name.
		institution: Named,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// As the controller: offer an account to add records for an institution. It has about two weeks to
	/// accept.
	Appoint {
		/// The institution's number or name.
		institution: Named,

		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,
	},

	/// As the controller: stop an account from adding records for an institution, or take back an offer.
	Remove {
		/// The institution's number or name.
		institution: Named,

		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// The kind of an institution.
#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
	/// A laboratory.
	Laboratory,
	/// A department for X-rays, scans and other pictures.
	Imaging,
	/// A department that keeps the hospital's records.
	Records,
}

impl From<Kind> for InstitutionKind {
	fn from(kind: Kind) -> Self {
		match kind {
			Kind::Laboratory => Self::Laboratory,
			Kind::Imaging => Self::Imaging,
			Kind::Records => Self::RecordsDepartment,
		}
	}
}

/// A patient's permissions to institutions.
#[derive(Subcommand)]
pub enum DepositCommand {
	/// Let an institution add records to your chart. It reads nothing.
	///
	/// It may add 1,000 records. To allow it again has it add as many again.
	Allow {
		/// The institution's number or name; see `medblock institution list`.
		institution: Named,

		/// When this expires; as for `medblock patient grant`. If you allowed it before, its end stays unless
		/// you name another.
		#[arg(long, value_name = "WHEN")]
		until: Option<Until>,

		/// Let it last until you end it.
		#[arg(long, conflicts_with = "until")]
		clear_until: bool,
	},

	/// No longer let institutions add records. What they have added stays.
	End {
		/// The institutions' numbers or names.
		#[arg(required = true, value_name = "INSTITUTION")]
		institutions: Vec<Named>,
	},

	/// List the institutions that may add records to your chart.
	List,
}
