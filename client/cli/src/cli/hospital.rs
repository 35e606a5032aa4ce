//! `medblock hospital`.

use super::{
	DecisionKind, Digest, HospitalEmergency, HospitalRepresentatives, Institution, NewWords,
	PersonKind, PracticeChange, ProfileText, Registrar, Registrars, Registration, Until,
	ValidatorCommand, values::address,
};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::{chain::AccountId, names::Named};
use std::path::PathBuf;

/// A hospital's commands. Registrars verify people; the controller acts for the hospital.
#[derive(Subcommand)]
pub enum HospitalCommand {
	/// List the people who wait for your hospital, and the changes that it can confirm or stop.
	///
	/// To show names, the program reads patients' profiles, and each of them sees that your hospital has
	/// looked. What was read is kept on this machine, encrypted.
	Pending {
		/// Read no names. No passphrase is needed then.
		#[arg(long)]
		no_names: bool,
	},

	/// List your hospital's patients, and find one by number, name, birth date or contact.
	///
	/// The chain knows no names. With --names, or to search for a name, the program reads the
	/// patients' profiles, and each of them sees that your hospital has looked.
	Patients(Patients),

	/// List your hospital's doctors, and find one by what the directory says of them.
	Doctors(Doctors),

	/// List your hospital's registrars and appointments, and find one by address or name on this
	/// machine.
	Registrars(Registrars),

	/// Confirm that a patient or doctor is who they say they are.
	#[command(subcommand)]
	Verify(Verify),

	/// Refuse to confirm a person, who may then register again.
	///
	/// The program shows who it is, and asks.
	Reject(Decided),

	/// Suspend a person. A suspended patient can read, take back access and renew the chart's key, and
	/// nothing else. A suspended doctor sees no chart.
	///
	/// The program shows who it is, and asks.
	Suspend(Decided),

	/// End a person's suspension.
	Reinstate(Person),

	/// Take in a person who has asked to move to your hospital.
	///
	/// The program shows who it is, and asks.
	TakeIn(Decided),

	/// Decline a person's request to move to your hospital. They may ask again.
	///
	/// The program shows who it is, and asks.
	Decline(Decided),

	/// Show a patient's encrypted profile, or change what you name of it.
	Profile(Profile),

	/// Correct what you name of a doctor's entry in the public directory.
	DoctorProfile {
		/// The doctor's number or name.
		doctor: Named,

		/// The corrections.
		#[command(flatten)]
		practice: PracticeChange,
	},

	/// Confirm the change that a doctor proposes to the entry in the public directory.
	ConfirmProfile {
		/// The doctor's number or name.
		doctor: Named,

		/// The proposed entry's digest, for scripts. Without it, the program shows the entry and asks
		/// you.
		#[arg(long, value_name = "HEX")]
		profile_digest: Option<Digest>,
	},

	/// Discard the change that a doctor proposes to the entry in the public directory.
	DiscardProfile {
		/// The doctor's number or name.
		doctor: Named,
	},

	/// Stop a pending change of a person's account.
	KeepAccount(Person),

	/// Set your hospital's details about a doctor, or when the licence expires.
	///
	/// What you don't name stays as it is.
	Details {
		/// The doctor's number or name.
		doctor: Named,

		/// What changes.
		#[command(flatten)]
		details: DetailsChange,
	},

	/// Confirm that a doctor's new encryption key is theirs.
	ConfirmKey {
		/// The doctor's number or name.
		doctor: Named,

		/// The key's digest, as the doctor told it. Without it, the program shows the published
		/// digest and asks you whether it is the same.
		#[arg(long, value_name = "HEX")]
		key_digest: Option<Digest>,
	},

	/// Sponsor accounts, so that their registrations need not wait for others.
	///
	/// Several are sent together, 128 at a time. Accounts that your hospital sponsors already are passed over, so that the
	/// same command goes on after an interruption.
	Sponsor(Sponsor),

	/// As the controller: let your registrars decide about more people than usual.
	///
	/// A stolen registrar's key can't do harm to all people at once, because a hospital decides about so many
	/// a day: it verifies 1,000 patients and 100 doctors, suspends a hundredth of each, and up to ten, and
	/// replaces the profiles of a hundredth, and up to 50 patients' and ten doctors'. This allows more:
	/// verifications for a week, and others for a day. 0 takes it back.
	Allow {
		/// The kind of decisions.
		what: DecisionKind,

		/// The kind of people.
		kind: PersonKind,

		/// The number of people, beyond the usual number.
		number: u32,
	},

	/// Appoint, list and remove registrars, who verify people for your hospital; or become one.
	#[command(subcommand)]
	Registrar(Registrar),

	/// Add, list and close institutions such as laboratories, and appoint the accounts that add records for
	/// them.
	#[command(subcommand)]
	Institution(Institution),

	/// Publish a new version of the key to which patients' profiles are encrypted for your hospital.
	///
	/// Its secret is random, and sealed to all registrars who have keys of their own: they open
	/// profiles with their own words. A new version is due when a registrar has left. Registrars who
	/// hold the version before can publish, so that the new one opens older profiles too. While there
	/// is none, any registrar or the controller can.
	///
	/// The program shows the accounts that will receive the key, and asks.
	PublishKey {
		/// Don't ask, for scripts: the key goes to all registrars who have keys of their own.
		#[arg(long)]
		yes: bool,
	},

	/// Give the key of patients' profiles to the registrars who do not have it yet.
	ShareKey {
		/// Don't ask, for scripts: the key goes to all registrars who wait for it.
		#[arg(long)]
		yes: bool,
	},

	/// Replace a registrar's words by those of another account on this machine.
	///
	/// It goes as far as it can, and says what is to be done before you run it again: your controller
	/// appoints the other account, which then accepts, is given the key of patients' profiles, and publishes
	/// a new version of it once the present account has resigned. The old words open no profile that is
	/// written from then on. A controller's account is replaced by `hand-over`.
	NewWords(NewWords),

	/// As the controller: set your hospital's registration mode.
	Registration {
		/// The registration mode.
		mode: Registration,
	},

	/// As the controller: set the address of your hospital's gateway.
	Gateway {
		/// The gateway's address.
		url: String,
	},

	/// As the controller: name the account of your gateway, which then gives receipts of what it gives out.
	///
	/// The gateway has made the account when it started, and does nothing with it but sign receipts, and put the
	/// size and root of its log on the chain. From then on, it gives out only what readers ask for with a
	/// signature, which older programs don't make.
	VaultAccount,

	/// As the controller: give up your vault's log of disclosures, because it is lost, and begin another.
	///
	/// Patients and doctors see it, and can no longer check what was in the log before.
	BeginLog {
		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// As a registrar: confirm the people who act for your hospital's patients, such as parents.
	#[command(subcommand)]
	Representatives(HospitalRepresentatives),

	/// As a registrar: confirm emergencies of patients who have chosen your hospital for that.
	#[command(subcommand)]
	Emergency(HospitalEmergency),

	/// The validator's commands.
	#[command(flatten)]
	Validator(ValidatorCommand),
}

/// Which of the hospital's patients.
#[derive(Args)]
pub struct Patients {
	/// Only patients in whose number, name, birth date or contact each of these words is. A number alone is a patient's
	/// number.
	#[arg(long, value_name = "TEXT")]
	pub search: Option<String>,

	/// Only patients of this standing.
	#[arg(long)]
	pub standing: Option<StandingOf>,

	/// Read the names of all who are listed.
	#[arg(long)]
	pub names: bool,
}

/// Which of the hospital's doctors.
#[derive(Args)]
pub struct Doctors {
	/// Only doctors in whose number, name, specialty, qualification or details each of these words is.
	#[arg(long, value_name = "TEXT")]
	pub search: Option<String>,

	/// Only doctors of this standing. The directory leaves out rejected ones.
	#[arg(long)]
	pub standing: Option<StandingOf>,
}

/// A person's standing with the hospital.
#[derive(Clone, Copy, ValueEnum)]
pub enum StandingOf {
	/// The hospital has not decided yet.
	Pending,
	/// The hospital has confirmed the person.
	Verified,
	/// The hospital has suspended the person.
	Suspended,
	/// The hospital has not confirmed the person.
	Rejected,
}

/// The person to confirm.
#[derive(Subcommand)]
pub enum Verify {
	/// Confirm patients, up to 128 at once.
	///
	/// The program shows all of them, and asks once. A patient who can't be confirmed keeps none of the others from it.
	Patient {
		/// The patients' numbers or names.
		#[arg(required = true, value_name = "PATIENT")]
		patients: Vec<Named>,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Confirm a doctor, and that the published encryption key and directory entry are theirs.
	Doctor {
		/// The doctor's number or name.
		doctor: Named,

		/// The key's digest, as the doctor told it. Without it, the program shows the published
		/// digest and asks you whether it is the same.
		#[arg(long, value_name = "HEX")]
		key_digest: Option<Digest>,

		/// The directory entry's digest, for scripts. Without it, the program shows the entry and asks
		/// you.
		#[arg(long, value_name = "HEX")]
		profile_digest: Option<Digest>,

		/// When the licence expires, if it does; as for `medblock hospital details`.
		#[arg(long, value_name = "WHEN")]
		licence_until: Option<Until>,
	},
}

/// The accounts to sponsor.
#[derive(Args)]
pub struct Sponsor {
	/// The accounts' addresses.
	#[arg(
		id = "address",
		value_name = "ADDRESS",
		value_parser = address,
		required_unless_present = "file"
	)]
	pub accounts: Vec<AccountId>,

	/// A file with more addresses, one on each line. Empty lines, and what comes after a #, do not count.
	#[arg(long, value_name = "FILE")]
	pub file: Option<PathBuf>,

	/// End the sponsorship of one account.
	#[arg(long, conflicts_with = "file")]
	pub end: bool,
}

/// A hospital's details about a doctor. What is not named stays.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct DetailsChange {
	/// Department, room, hours: up to 256 characters, readable by everyone.
	#[arg(long)]
	pub text: Option<String>,

	/// Publish no details any more.
	#[arg(long, conflicts_with = "text")]
	pub clear_text: bool,

	/// When the licence expires: a day (2030-12-31, by universal time), a time (RFC 3339), or a
	/// span (30d).
	#[arg(long, value_name = "WHEN")]
	pub licence_until: Option<Until>,

	/// The licence does not expire.
	#[arg(long, conflicts_with = "licence_until")]
	pub clear_licence: bool,
}

/// A registered person.
#[derive(Args)]
pub struct Person {
	/// The kind of person.
	pub kind: PersonKind,

	/// The person's number or name.
	pub id: Named,
}

/// The person that a decision is about.
#[derive(Args)]
pub struct Decided {
	/// The person.
	#[command(flatten)]
	pub person: Person,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// A patient's profile. The program shows it if you name nothing that changes.
#[derive(Args)]
pub struct Profile {
	/// The patient's number or name.
	#[arg(long)]
	pub patient: Named,

	/// What changes.
	#[command(flatten)]
	pub text: ProfileText,
}
