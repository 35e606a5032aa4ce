//! What can go wrong, in sentences that say what to do about it.

use crate::{chain::AccountId, council::Problem};
use medblock_primitives::*;
use crate::{chain::AccountId, council::Problem};
use medblock_primitives::*;
use medblock_vault_protocol::Reason;
use std::path::PathBuf;

/// What operations give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A node, or what two nodes say.
	#[error(transparent)]
	Chain(#[from] medblock_chain::Error),
	/// A key was sealed to a doctor, and the transaction that carried it did not succeed.
	#[error("{why}; {}", aftermath(.rotation))]
	KeyWasOut {
		/// Why it did not.
		why: Box<Error>,
		/// Why the chart could not be given a new key, if it could not.
		rotation: Option<Box<Error>>,
	},
	/// A key that was seen before is another one now.
	#[error(
		"{whose} had another encryption key when you last gave them something, and no new \
		version has been announced: a node may be lying; nothing was sent. Ask them for the key's digest"
	)]
	PinMismatch {
		/// Whose.
		whose: String,
	},
	/// The chart's public key on chain is not what the patient's own secret gives.
	#[error(
		"epoch {0} of your chart has another key on the chain than your secret words give: the \
		node is lying, or these are another account's words; nothing was sent"
	)]
	ChartKeyMismatch(Epoch),
	/// The standby key is not vouched for by the distributed epoch.
	#[error(
		"the chart's standby key was not made by the patient: the node is lying; nothing was sent"
	)]
	StandbyKeyMismatch,
	/// A doctor's key that their hospital has not confirmed.
	#[error(
		"doctor {} has an encryption key that their hospital hasn't confirmed yet: nothing can \
		be sealed to it; try again when it has",
		.0.0
	)]
	KeyNotVouched(DoctorId),
	/// A doctor to whom nothing can be granted.
	#[error("doctor {} can't be given access: {}", .doctor.0, explain(*.why))]
	NotPractising {
		/// Who.
		doctor: DoctorId,
		/// Why not.
		why: Denied,
	},
	/// No access.
	#[error("{}", explain(*.0))]
	Denied(Denied),
	/// The patient has yet to seal the newer epoch.
	#[error(
		"the record is sealed to a newer key of the chart, which the patient hasn't given you \
		yet: ask them to renew your access"
	)]
	AwaitingPatient,
	/// The hospital takes nobody in.
	#[error(
		"hospital {} takes in nobody who registers",
		.0.0
	)]
	RegistrationClosed(HospitalId),
	/// The hospital takes in only whom it has invited.
	#[error(
		"hospital {} takes in only people whom it has invited, and {account} is not among them",
		.hospital.0
	)]
	NotInvited {
		/// Which hospital.
		hospital: HospitalId,
		/// Who would have to be invited.
		account: AccountId,
	},
	/// A patient who can neither add nor grant, at least for now.
	#[error("{}", not_verified(*.standing, *.hospital))]
	NotVerified {
		/// How the patient stands.
		standing: Standing,
		/// With which hospital.
		hospital: HospitalId,
	},
	/// A grant to read only.
	#[error("the patient's grant does not include adding notes and records")]
	MayNotAppend,
	/// The patient has no profile.
	#[error("the profile has not been written yet")]
	NoProfile,
	/// The profile is not what profiles are.
	#[error("the profile is damaged: have it written anew")]
	DamagedProfile,
	/// There is no such record.
	#[error("the chart has no record {0}")]
	NoSuchRecord(RecordIndex),
	/// The record was withdrawn.
	#[error("record {0} was withdrawn by the patient")]
	Withdrawn(RecordIndex),
	/// The account is no patient's.
	#[error("the account {0} is no patient's")]
	NotPatient(AccountId),
	/// The account is no doctor's.
	#[error("the account {0} is no doctor's")]
	NotDoctor(AccountId),
	/// The account verifies for no hospital.
	#[error("the account {0} is no registrar of a hospital")]
	NotRegistrar(AccountId),
	/// The account acts for no hospital.
	#[error("the account {0} acts for no active hospital")]
	NotController(AccountId),
	/// The account's key is in a wallet.
	#[error("this account's key is in a wallet")]
	NotHere,
	/// The account has no encryption secret here.
	#[error(
		"this account has no secret words here, so that nothing can be encrypted or opened with it"
	)]
	NoSecret,
	/// A registrar wants to read a profile that is not encrypted to the hospital.
	#[error("this hospital has published no key to encrypt profiles to, so that it can't read any")]
	NoHospitalKey,
	/// The vault said no.
	#[error("the vault at {url} refused ({code}): {message}")]
	VaultRefused {
		/// Which vault.
		url: String,
		/// The HTTP status.
		status: u16,
		/// The refusal's code.
		code: Reason,
		/// Its sentence.
		message: String,
		/// Seconds after which it wants to be asked again.
		retry_after: Option<u64>,
	},
	/// The vault can't be reached.
	#[error("the vault at {url} can't be reached ({why}): nothing is lost; do it again later")]
	VaultUnreachable {
		/// Which vault.
		url: String,
		/// What the connection says.
		why: String,
	},
	/// The vault's sign-in text is not what it has to be.
	#[error(
		"the vault at {0} asks to sign something else than a sign-in to itself: nothing was signed"
	)]
	BadChallenge(String),
	/// The vault's address can't be used.
	#[error("{0} can't be used as a vault's address: it has to be https, or on this machine")]
	BadVault(String),
	/// What came is not what the chain names.
	#[error("the vault at {0} gave other bytes than the chain names: nothing was kept")]
	WrongBytes(String),
	/// A key or a file does not fit.
	#[error(transparent)]
	Crypto(#[from] medblock_crypto::Error),
	/// A local file.
	#[error("{}: {why}", .path.display())]
	File {
		/// Which.
		path: PathBuf,
		/// What the system says.
		why: std::io::Error,
	},
	/// A value that the chain would refuse.
	#[error("{what} {problem}")]
	BadValue {
		/// Which value.
		what: &'static str,
		/// What is wrong with it.
		problem: &'static str,
	},
	/// The council can't do that, or not now.
	#[error(transparent)]
	Council(#[from] Problem),
	/// More than fits.
	#[error("{0}")]
	TooMany(&'static str),
}

impl Error {
	/// Whether the node or the vault could not be asked, so that trying later may help.
	pub fn is_unreachable(&self) -> bool {
		match self {
			Self::Chain(why) => why.is_unreachable(),
			why => matches!(why, Self::VaultUnreachable { .. }),
		}
	}

	/// Whether the chain refused the call with this error of a pallet.
	pub fn is_refusal(&self, name: &str) -> bool {
		matches!(self, Self::Chain(why) if why.is_refusal(name))
	}

	pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
		let path = path.into();
		move |why| Self::File { path, why }
	}
}

/// Why a patient can neither add nor grant.
fn not_verified(standing: Standing, hospital: HospitalId) -> String {
	let hospital = hospital.0;
	match standing {
		Standing::Pending => format!(
			"hospital {hospital} has not verified you yet: from then on you can add records and grant"
		),
		Standing::Suspended => format!(
			"hospital {hospital} has suspended you: until it ends that, you can revoke and withdraw, and \
			neither add records nor grant"
		),
		Standing::Rejected | Standing::Verified => {
			format!("hospital {hospital} has not confirmed who you are: register again")
		},
	}
}

/// What became of a chart whose key may be known to somebody who has no access.
fn aftermath(rotation: &Option<Box<Error>>) -> String {
	match rotation {
		None => "since the doctor's key had been sent, the chart was given a new one".to_owned(),
		Some(why) => format!(
			"the doctor's key had been sent, so that the chart needs a new one, and has none yet \
			({why})"
		),
	}
}

/// Why a doctor may not see something, as a sentence.
pub fn explain(why: Denied) -> &'static str {
	why.sentence()
}
