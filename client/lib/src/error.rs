//! What can go wrong, in sentences that say what to do about it.

use crate::{
	chain::{AccountId, Refusal},
	council::Problem,
};
use medblock_primitives::*;
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
		/// Its stable word for it.
		code: String,
		/// Its sentence.
		message: String,
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
			Self::NodeUnreachable { .. } | Self::VaultUnreachable { .. } | Self::Stalled(_)
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
					why: data.unwrap_or(refusal.message),
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

/// Why a doctor may not see something, as a sentence.
pub fn explain(why: Denied) -> &'static str {
	match why {
		Denied::PatientNotFound => "there is no such patient",
		Denied::DoctorNotFound => "there is no such doctor",
		Denied::DoctorNotVerified => {
			"the doctor's hospital has not verified them, or has suspended them"
		},
		Denied::LicenceExpired => "the doctor's licence has run out",
		Denied::HospitalNotActive => {
			"the doctor's hospital does not belong to the consortium any more"
		},
		Denied::NotGranted => {
			"the patient has granted nothing to this doctor, or has taken it back"
		},
		Denied::GrantExpired => "the patient's grant has run out",
		Denied::RecordNotFound => "the chart has no such record",
		Denied::RecordWithdrawn => "the patient has withdrawn the record",
		Denied::RecordNotShared => "this record is none of those that the patient has shared",
	}
}
