//! What can go wrong, in sentences that say what to do about it.

use crate::{
	chain::{AccountId, Refusal},
	council::Problem,
};
use medblock_primitives::*;
use medblock_vault_protocol::Reason;
use std::{fmt::Display, path::PathBuf};
use subxt::utils::H256;

/// What operations give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Not a WebSocket address.
	#[error("{0} is no address of a node: it has to begin with ws:// or wss://")]
	BadAddress(String),
	/// No answer, however often it was tried.
	#[error("the node at {url} can't be reached ({why}): check the address and your connection")]
	NodeUnreachable {
		/// Which node.
		url: String,
		/// What the connection says.
		why: String,
	},
	/// The account has used what it may.
	#[error(
		"your allowance is spent for now ({left} of {capacity} units are left, and this takes more): \
		try again in {}",
		in_words(*.seconds)
	)]
	AllowanceSpent {
		/// Units that are left.
		left: u64,
		/// Units that there are at most.
		capacity: u64,
		/// After how long there will be enough.
		seconds: u64,
	},
	/// Registrations come last in blocks, and a few at a time.
	#[error(
		"many people are registering just now: try again in a minute, or ask the hospital to \
		sponsor your account"
	)]
	TooManyNewcomers,
	/// A transaction was sent, and nobody can be asked any more what became of it.
	#[error(
		"the node at {url} can't be asked any more ({why}), after the transaction had been sent: \
		whether it took effect can be seen later, with the same command's `show`"
	)]
	Unsettled {
		/// Which node.
		url: String,
		/// What the connection says.
		why: String,
	},
	/// The node does not do what it was asked.
	#[error("the node at {url} refused ({why})")]
	NodeRefused {
		/// Which node.
		url: String,
		/// Its code (JSON-RPC 2.0, §5.1), or 0.
		code: i32,
		/// Its words.
		why: String,
	},
	/// An answer in another form than this client knows.
	#[error(
		"the node at {url} answered {what} in a way that this client doesn't understand: \
		get the client that belongs to the chain's present version"
	)]
	Incomprehensible {
		/// Which node.
		url: String,
		/// What was asked for.
		what: &'static str,
	},
	/// The chain was upgraded beyond this client.
	#[error(
		"the chain has been upgraded (transactions of version {found}, and this client makes \
		version {known}): get the newer client; nothing was sent"
	)]
	NewerClientNeeded {
		/// The chain's version.
		found: u32,
		/// This client's version.
		known: u32,
	},
	/// The node does not have this block.
	#[error("the node doesn't have block {0:?}: it may have pruned it, or follow another chain")]
	UnknownBlock(H256),
	/// The call was executed, and failed.
	#[error("{0}")]
	Refused(#[from] Refusal),
	/// A transaction is in no final block, and can't come into one any more.
	#[error("the transaction was not included in time, and will never be: do it again")]
	Expired,
	/// No final block came for so long that whether the transaction will be included is open.
	#[error(
		"no block has become final for {0} seconds, so that nobody can tell yet whether this \
		took effect: look again later, with the same command's `show`"
	)]
	Stalled(u64),
	/// Nothing becomes final, so that a transaction could not name a block that is both final and
	/// recent.
	#[error(
		"no block has become final since block {0}, and the newest is block {1}: the node is still \
		catching up, or finality has stopped; try again when `medblock network status` shows that its \
		final block goes on"
	)]
	FinalityStopped(u32, u32),
	/// A node does not come to a block that is final on another.
	#[error(
		"the node at {url} stays behind: its last final block is {reached}, and {number} at {other}. \
		Wait until it has caught up, or name another node. If it has, {other} claims a block that is not \
		there: tell both hospitals"
	)]
	NodeBehind {
		/// Which node.
		url: String,
		/// Its last final block.
		reached: u32,
		/// The other node.
		other: String,
		/// Its last final block.
		number: u32,
	},
	/// Nodes that should know the same don't.
	#[error(
		"the nodes at {first} and {second} don't agree on {what}: one of them may be lying; \
		nothing was sent. Tell both hospitals"
	)]
	NodesDisagree {
		/// One.
		first: String,
		/// The other.
		second: String,
		/// On what.
		what: String,
	},
	/// Two addresses, one node.
	#[error(
		"{first} and {second} are the same node: the second one has to be another hospital's, or \
		nothing is compared"
	)]
	SameNode {
		/// One address.
		first: String,
		/// The other.
		second: String,
	},
	/// Two nodes of one hospital.
	#[error(
		"the nodes at {first} and {second} are both hospital {}'s: the second one has to be \
		another hospital's, or nothing is compared",
		.hospital.0
	)]
	SameHospital {
		/// One address.
		first: String,
		/// The other.
		second: String,
		/// Whose.
		hospital: HospitalId,
	},
	/// Nodes that were started with different specifications.
	#[error(
		"the nodes at {first} and {second} follow different chains: one was started with another \
		specification (--chain), or an address is wrong; nothing was sent"
	)]
	OtherChain {
		/// One address.
		first: String,
		/// The other.
		second: String,
	},
	/// A key was sealed to a doctor, and the transaction that carried it did not succeed.
	#[error("{why}; {}", aftermath(.rotation))]
	KeyWasOut {
		/// Why it did not.
		why: Box<Error>,
		/// Why the chart could not be given a new key, if it could not.
		rotation: Option<Box<Error>>,
	},
	/// Only one node to ask.
	#[error(
		"a second hospital's node is needed to compare keys with: give another --node, or, if \
		you run the only one yourself, --trust-one-node"
	)]
	OneNode,
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
		"hospital {} takes in nobody who registers: choose another one, or ask it when it will \
		(`medblock network status` lists them)",
		.0.0
	)]
	RegistrationClosed(HospitalId),
	/// The hospital takes in only whom it has invited.
	#[error(
		"hospital {} takes in only people whom it has invited: ask it to run \
		`medblock hospital sponsor {account}`, and register then",
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
	/// There is no such hospital.
	#[error("there is no hospital {}", .0.0)]
	NoSuchHospital(HospitalId),
	/// There is no such patient.
	#[error("there is no patient {}", .0.0)]
	NoSuchPatient(PatientId),
	/// There is no such doctor.
	#[error("there is no doctor {}", .0.0)]
	NoSuchDoctor(DoctorId),
	/// There is no such record.
	#[error("the chart has no record {0}")]
	NoSuchRecord(RecordIndex),
	/// The record was withdrawn.
	#[error("record {0} was withdrawn by the patient")]
	Withdrawn(RecordIndex),
	/// The account is no patient's.
	#[error("the account {0} is no patient's: register first with `medblock patient register`")]
	NotPatient(AccountId),
	/// The account is no doctor's.
	#[error("the account {0} is no doctor's: register first with `medblock doctor register`")]
	NotDoctor(AccountId),
	/// The account verifies for no hospital.
	#[error("the account {0} is no registrar of a hospital")]
	NotRegistrar(AccountId),
	/// The account acts for no hospital.
	#[error("the account {0} acts for no active hospital: name one with --hospital")]
	NotController(AccountId),
	/// The account's key is in a wallet.
	#[error("this account's key is in a wallet: use --prepare, and sign there")]
	NotHere,
	/// The account has no encryption secret here.
	#[error(
		"this account has no secret words here, so that nothing can be encrypted or opened with it"
	)]
	NoSecret,
	/// A registrar wants to read a profile that is not encrypted to the hospital.
	#[error(
		"this hospital has published no key to encrypt profiles to, so that it can't read any: \
		see `medblock hospital publish-key`"
	)]
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
		matches!(
			self,
			Self::NodeUnreachable { .. }
				| Self::VaultUnreachable { .. }
				| Self::Stalled(_)
				| Self::Unsettled { .. }
				| Self::FinalityStopped(..)
				| Self::NodeBehind { .. }
		)
	}

	/// Whether the chain refused the call with this error of a pallet.
	pub fn is_refusal(&self, name: &str) -> bool {
		matches!(self, Self::Refused(refusal) if refusal.name == name)
	}

	pub(crate) fn unreachable(url: &str, why: impl Display) -> Self {
		Self::NodeUnreachable { url: url.to_owned(), why: why.to_string() }
	}

	pub(crate) fn refused(url: &str, why: impl Display) -> Self {
		Self::NodeRefused { url: url.to_owned(), code: 0, why: why.to_string() }
	}

	pub(crate) fn from_rpc(url: &str, why: subxt_rpcs::Error) -> Self {
		match why {
			subxt_rpcs::Error::User(refusal) => {
				let data = refusal.data.map(|data| data.get().trim_matches('"').to_owned());
				Self::NodeRefused {
					url: url.to_owned(),
					code: refusal.code,
					why: match data.as_deref() {
						Some(ANCIENT) => BEHIND.to_owned(),
						Some(UNEXPECTED) => NOBODY.to_owned(),
						_ => data.unwrap_or(refusal.message),
					},
				}
			},
			subxt_rpcs::Error::Client(why) => Self::unreachable(url, why),
			subxt_rpcs::Error::DisconnectedWillReconnect(why) => Self::unreachable(url, why),
			other => Self::refused(url, other),
		}
	}

	pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
		let path = path.into();
		move |why| Self::File { path, why }
	}
}

/// What a node says of a transaction that names a block which it does not know yet, or not any more
/// (`InvalidTransaction::AncientBirthBlock` of `sp_runtime`). This client names a recent one.
const ANCIENT: &str = "Transaction has an ancient birth block";
/// What that means then.
const BEHIND: &str = "it is still catching up: try again in a moment, or when `medblock network status` \
	shows it with the others";

/// What a node says of a transaction that this account can't begin with (`InvalidTransaction::Call`).
/// This client makes no others that the chain never takes.
const UNEXPECTED: &str = "Transaction call is not expected";
/// What that means then.
const NOBODY: &str = "this account is nobody on the chain yet: patients and doctors register first, with a hospital that \
	takes them in, and a hospital's controller names who verifies people for it";

/// A duration as people say it, rounded up.
fn in_words(seconds: u64) -> String {
	match seconds {
		0..=1 => "a second".to_owned(),
		2..=119 => format!("{seconds} seconds"),
		120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
		_ => format!("{} hours", seconds.div_ceil(3_600)),
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
			({why}): run `medblock patient rotate`"
		),
	}
}

/// Why a doctor may not see something, as a sentence.
pub fn explain(why: Denied) -> &'static str {
	why.sentence()
}
