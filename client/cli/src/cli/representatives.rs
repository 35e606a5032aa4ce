//! `medblock patient representatives`, `medblock patient for`, and what a hospital's desk says about both.

use super::{Add, Destination, Digest, Grant, List, Records, Until};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{medblock_primitives::Scopes, names::Named};

/// A patient's commands about those who act for them.
#[derive(Subcommand)]
pub enum RepresentativesCommand {
	/// Name a person who may act for you, once your hospital has confirmed it.
	///
	/// The person needs a chart of their own, and a key from `medblock patient for key`. Go to your hospital together.
	Name(NameRepresentative),

	/// List the people who act for you, or are named to, and what they lack.
	List,

	/// Give a representative your chart's present key.
	///
	/// This program does so by itself when you add records, and after each new key. Run it for one who has a new
	/// key of their own.
	Seal {
		/// The number of the person's own chart.
		representative: u32,
	},

	/// No longer let a person act for you. It takes effect at once.
	///
	/// Your chart then gets a new key, which the person does not get. They may have kept what they could open before.
	End {
		/// The number of the person's own chart.
		representative: u32,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// A person, and what they may do.
#[derive(Args)]
pub struct NameRepresentative {
	/// The number of the person's own chart.
	pub representative: u32,

	/// What they may do, such as see,add. To grant takes to see, too.
	#[arg(long, required = true, value_delimiter = ',', value_name = "RIGHTS")]
	pub may: Vec<Right>,

	/// When it ends: a day (2030-12-31, by universal time), a time (RFC 3339), or a span (30d). Without it, it
	/// lasts until you end it.
	#[arg(long, value_name = "WHEN")]
	pub until: Option<Until>,

	/// It ends when you are so old, by the birth date in your profile.
	#[arg(long, value_name = "YEARS", conflicts_with = "until", value_parser = clap::value_parser!(u8).range(1..=120))]
	pub until_age: Option<u8>,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// Something that a representative may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Right {
	/// See the whole chart.
	See,
	/// Add records.
	Add,
	/// Give doctors access to the whole chart.
	Grant,
	/// Take doctors' access back.
	Revoke,
}

impl From<Right> for Scopes {
	fn from(right: Right) -> Self {
		match right {
			Right::See => Self::SEE,
			Right::Add => Self::ADD,
			Right::Grant => Self::GRANT,
			Right::Revoke => Self::REVOKE,
		}
	}
}

/// A patient's commands for another patient, as their representative.
#[derive(Subcommand)]
pub enum ForCommand {
	/// Publish your key for acting for others, and print its digest, which you show at the hospital.
	///
	/// If you have one of these words already, it stays.
	Key {
		/// Publish another key, for example since a device was lost. Hospitals have to confirm it, and patients to
		/// give you their charts' keys again.
		#[arg(long)]
		new: bool,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// List the patients that you represent, and what you may do.
	List,

	/// List the records of a patient's chart, with their titles.
	Chart {
		/// The patient's number; see `medblock patient for list`.
		patient: u32,

		/// The part of the chart.
		#[command(flatten)]
		list: List,
	},

	/// Fetch a patient's records, verify them and decrypt them.
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

	/// Encrypt files and put them into a patient's chart. The records name you.
	Add {
		/// The patient's number.
		patient: u32,

		/// The files.
		#[command(flatten)]
		add: Add,
	},

	/// List a patient's grants.
	Grants {
		/// The patient's number.
		patient: u32,
	},

	/// Let a doctor see a patient's whole chart, and what is added to it later.
	///
	/// For a doctor who has access, what you don't name stays.
	Grant {
		/// The patient's number.
		patient: u32,

		/// The grant.
		#[command(flatten)]
		grant: Grant,
	},

	/// Revoke what a patient has granted. It takes effect at once, for the future.
	///
	/// The chart then needs a new key, which only the patient's own device can give it.
	Revoke {
		/// The patient's number.
		patient: u32,

		/// The doctors' numbers or names.
		#[arg(required = true, value_name = "DOCTOR")]
		doctors: Vec<Named>,
	},

	/// No longer act for a patient.
	Resign {
		/// The patient's number.
		patient: u32,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// A registrar's commands about representatives.
#[derive(Subcommand)]
pub enum HospitalRepresentatives {
	/// List the representatives who wait for your hospital to confirm them.
	Pending,

	/// Confirm a representative, or their new key. See both people, and the papers.
	Confirm {
		/// The patient's number.
		patient: u32,

		/// The number of the representative's own chart.
		representative: u32,

		/// The key's digest, as the representative told it. Without it, the program shows what is to be confirmed,
		/// and asks.
		#[arg(long, value_name = "HEX")]
		key_digest: Option<Digest>,
	},

	/// Refuse a representative, before your hospital has confirmed them.
	Refuse {
		/// The patient's number.
		patient: u32,

		/// The number of the representative's own chart.
		representative: u32,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn rights_are_the_chains_scopes() {
		let sum = |rights: &[Right]| rights.iter().map(|one| Scopes::from(*one).0).sum::<u8>();
		assert_eq!(sum(&[Right::See, Right::Add, Right::Grant, Right::Revoke]), 15);
		assert_eq!(sum(&[Right::Revoke]), 8);
	}
}
