//! `medblock hospital`.

use super::{Digest, Practice, Until, ValidatorCommand, values::address};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::chain::AccountId;

/// What a hospital's staff does. Registrars verify people; the controller acts for the hospital.
#[derive(Subcommand)]
pub enum HospitalCommand {
	/// List who waits for your hospital to verify them, or to take them in.
	Pending,

	/// Confirm that a patient or doctor is who they say.
	#[command(subcommand)]
	Verify(Verify),

	/// Refuse to confirm somebody, who may then register again.
	Reject(Person),

	/// Suspend somebody: a patient can then only revoke, and a doctor sees nothing any more.
	Suspend(Person),

	/// End somebody's suspension.
	Reinstate(Person),

	/// Take in somebody who has asked to move to your hospital.
	TakeIn(Person),

	/// Show or write a patient's encrypted profile.
	Profile(Profile),

	/// Correct a doctor's entry in the public directory.
	DoctorProfile {
		/// The doctor's number.
		doctor: u32,

		/// The whole entry.
		#[command(flatten)]
		practice: Practice,
	},

	/// Set what the hospital says of a doctor, and when the licence runs out.
	Details {
		/// The doctor's number.
		doctor: u32,

		/// Department, room, hours: up to 256 bytes that everybody can read. Leave it out to say
		/// nothing.
		#[arg(long, default_value = "", hide_default_value = true)]
		text: String,

		/// When the licence runs out: a day (2030-12-31, by universal time), a time (RFC 3339), or a
		/// span (30d). Leave it out if it does not.
		#[arg(long, value_name = "WHEN")]
		licence_until: Option<Until>,
	},

	/// Confirm that a doctor's new encryption key is theirs.
	ConfirmKey {
		/// The doctor's number.
		doctor: u32,

		/// The key's digest, as the doctor told it. Without it, the published one is shown, and you
		/// are asked whether it is the same.
		#[arg(long, value_name = "HEX")]
		key_digest: Option<Digest>,
	},

	/// Vouch for an account, so that its registration need not wait for others.
	Sponsor {
		/// The account's address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,

		/// No longer vouch for it.
		#[arg(long)]
		end: bool,
	},

	/// As the controller: say who verifies people for your hospital.
	#[command(subcommand)]
	Registrar(Registrar),

	/// As the controller: publish the key that patients' profiles are encrypted to for your hospital.
	///
	/// It comes from your account's words. Registrars who are to read profiles need the same words:
	/// have them import their accounts with --words-file.
	PublishKey {
		/// Which of the keys that your words make.
		#[arg(long, value_name = "N", default_value_t = 1,
			value_parser = clap::value_parser!(u32).range(1..))]
		version: u32,
	},

	/// As the controller: say how your hospital takes in people.
	Registration {
		/// Whom it takes in.
		mode: Registration,
	},

	/// As the controller: say where your hospital's gateway is.
	Gateway {
		/// Its address.
		url: String,
	},

	/// What concerns the hospital's validator.
	#[command(flatten)]
	Validator(ValidatorCommand),
}

/// Whom to confirm.
#[derive(Subcommand)]
pub enum Verify {
	/// Confirm a patient.
	Patient {
		/// The patient's number.
		patient: u32,
	},

	/// Confirm a doctor, and that the published encryption key is theirs.
	Doctor {
		/// The doctor's number.
		doctor: u32,

		/// The key's digest, as the doctor told it. Without it, the published one is shown, and you
		/// are asked whether it is the same.
		#[arg(long, value_name = "HEX")]
		key_digest: Option<Digest>,

		/// When the licence runs out, if it does; as for `medblock hospital details`.
		#[arg(long, value_name = "WHEN")]
		licence_until: Option<Until>,
	},
}

/// Somebody.
#[derive(Args)]
pub struct Person {
	/// As what they are registered.
	pub kind: PersonKind,

	/// Their number.
	pub id: u32,
}

/// How a hospital takes in people.
#[derive(Clone, Copy, ValueEnum)]
pub enum Registration {
	/// Anybody may register.
	Open,
	/// Only those for whom a registrar has vouched; see `medblock hospital sponsor`.
	Sponsored,
	/// Nobody may register for now.
	Closed,
}

/// As what somebody is registered.
#[derive(Clone, Copy, ValueEnum)]
pub enum PersonKind {
	/// As a patient.
	Patient,
	/// As a doctor.
	Doctor,
}

/// A patient's profile; shown if no name is given.
#[derive(Args)]
pub struct Profile {
	/// The patient's number.
	#[arg(long, value_name = "NUMBER")]
	pub patient: u32,

	/// Full name. Writes the profile.
	#[arg(long)]
	pub name: Option<String>,

	/// Birth date, such as 1980-12-31.
	#[arg(long, value_name = "DATE", requires = "name")]
	pub birth_date: Option<String>,

	/// How to reach the patient.
	#[arg(long, requires = "name")]
	pub contact: Option<String>,
}

/// Who verifies people.
#[derive(Subcommand)]
pub enum Registrar {
	/// Let an account verify people.
	Add {
		/// Its address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,
	},

	/// No longer let it.
	Remove {
		/// Its address.
		#[arg(id = "address", value_name = "ADDRESS", value_parser = address)]
		account: AccountId,
	},
}
