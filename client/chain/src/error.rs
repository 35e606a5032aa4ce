//! Errors between a client and its nodes. Each sentence says what happened. The advice on what to
//! do depends on the program, which adds its own.

use crate::{NotSigned, Refusal};
use medblock_primitives::{DoctorId, HospitalId, InstitutionId, PatientId};
use medblock_vault_protocol::door::Refused;
use std::{
	fmt::{self, Display},
	ops::RangeInclusive,
};
use subxt::utils::H256;

/// The result of asking a node.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The reason why a node gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The text is not a WebSocket address.
	#[error("{0} is no address of a node: it has to begin with ws:// or wss://")]
	BadAddress(String),
	/// The node gave no answer, over several attempts.
	#[error("the node at {url} can't be reached ({why})")]
	NodeUnreachable {
		/// The node's address.
		url: String,
		/// The connection's own words.
		why: String,
	},
	/// The account has used up its allowance, or its hospital's.
	#[error(
		"{} is spent for now ({left} of {capacity} units are left, and this takes more): try again in {}",
		whose_allowance(*.is_shared),
		in_words(*.seconds)
	)]
	AllowanceSpent {
		/// The remaining units.
		left: u64,
		/// The units of a full allowance.
		capacity: u64,
		/// The seconds until the allowance suffices.
		seconds: u64,
		/// Whether it is a hospital's, which all accounts that act for it share.
		is_shared: bool,
	},
	/// The next blocks have no room for another registration: registrations come last in blocks,
	/// and only a few fit.
	#[error("many people are registering just now, and the next blocks have no room for another")]
	TooManyNewcomers,
	/// The transaction was sent, and its outcome is unknown because the node can't be asked any
	/// more.
	#[error(
		"the node at {url} can't be asked any more ({why}), after the transaction had been sent: it \
		may have taken effect"
	)]
	Unsettled {
		/// The node's address.
		url: String,
		/// The connection's own words.
		why: String,
	},
	/// The node refused the request.
	#[error("the node at {url} refused ({why})")]
	NodeRefused {
		/// The node's address.
		url: String,
		/// The error's code (JSON-RPC 2.0, §5.1), or 0.
		code: i32,
		/// The reason.
		why: Reason,
	},
	/// The node's answer has another form than this client knows.
	#[error("the node at {url} answered {what} in a way that this client doesn't understand")]
	Incomprehensible {
		/// The node's address.
		url: String,
		/// The question.
		what: &'static str,
	},
	/// The node gives a list that the chain can't have.
	#[error(
		"the node at {url} gives a list of {of} that is longer than the chain lets it become, or does not go on: its \
		answers are wrong. Name another node, and tell this one's hospital"
	)]
	Endless {
		/// The node's address.
		url: String,
		/// What the list is of.
		of: &'static str,
	},
	/// The chain was upgraded beyond this client.
	#[error(
		"the chain has been upgraded (transactions of version {found}, and this client makes \
		version {known}); nothing was sent"
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
	/// The transaction was not signed, and not sent.
	#[error(transparent)]
	NotSigned(#[from] NotSigned),
	/// The transaction is in no final block, and can't come into one any more.
	#[error("the transaction was not included in time, and will never be")]
	Expired,
	/// Each time, another transaction of the account took the place of this one, or the chain was upgraded after this one
	/// had been signed.
	#[error(
		"it was not included: other transactions of this account took its place each time. Another device, or another person \
		who has the account's key, keeps sending them"
	)]
	Overtaken,
	/// No block became final for so long that the transaction's outcome is still open.
	#[error(
		"no block has become final for {0} seconds, so that it is open whether this took effect"
	)]
	Stalled(u64),
	/// Blocks have stopped becoming final, and a transaction has to name a block that is both final
	/// and recent. The fields are the last final block and the newest one.
	#[error(
		"no block has become final since block {0}, and the newest is block {1}: the node is still \
		catching up, or finality has stopped"
	)]
	FinalityStopped(u32, u32),
	/// One node does not reach a block that is final on another.
	#[error(
		"the node at {url} stays behind: its last final block is {reached}, and {number} at {other}. \
		Wait until it has caught up, or name another node. If it has, {other} claims a block that is not \
		there: tell both hospitals"
	)]
	NodeBehind {
		/// The address of the node that stays behind.
		url: String,
		/// The number of its last final block.
		reached: u32,
		/// The other node's address.
		other: String,
		/// The number of the other node's last final block.
		number: u32,
	},
	/// Two nodes that should give the same answer differ.
	#[error(
		"the nodes at {first} and {second} don't agree on {what}: one of them may be lying; \
		nothing was sent. Tell both hospitals"
	)]
	NodesDisagree {
		/// The first node's address.
		first: String,
		/// The second node's address.
		second: String,
		/// The question.
		what: String,
	},
	/// Two addresses lead to one node.
	#[error(
		"{first} and {second} are the same node: the second one has to be another hospital's, or \
		nothing is compared"
	)]
	SameNode {
		/// The first address.
		first: String,
		/// The second address.
		second: String,
	},
	/// Both nodes belong to one hospital.
	#[error(
		"the nodes at {first} and {second} are both hospital {}'s: the second one has to be \
		another hospital's, or nothing is compared",
		.hospital.0
	)]
	SameHospital {
		/// The first node's address.
		first: String,
		/// The second node's address.
		second: String,
		/// The hospital that owns both.
		hospital: HospitalId,
	},
	/// The nodes were started with different specifications.
	#[error(
		"the nodes at {first} and {second} follow different chains: one was started with another \
		specification (--chain), or an address is wrong; nothing was sent"
	)]
	OtherChain {
		/// The first node's address.
		first: String,
		/// The second node's address.
		second: String,
	},
	/// There is only one node to ask.
	#[error("a second hospital's node is needed to compare keys with")]
	OneNode,
	/// There is no such hospital.
	#[error("there is no hospital {}", .0.0)]
	NoSuchHospital(HospitalId),
	/// There is no such patient.
	#[error("there is no patient {}", .0.0)]
	NoSuchPatient(PatientId),
	/// There is no such doctor.
	#[error("there is no doctor {}", .0.0)]
	NoSuchDoctor(DoctorId),
	/// There is no such institution.
	#[error("there is no institution {}", .0.0)]
	NoSuchInstitution(InstitutionId),
	/// The text is no peer id.
	#[error("the node's id has to be a peer id, which begins with 12D3Koo")]
	BadPeerId,
}

/// The reason why a node refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
	/// The node has yet to catch up: it does not know the recent block that a transaction names
	/// (`AncientBirthBlock` of `sp_runtime`).
	CatchingUp,
	/// No hospital vouches for the account (`InvalidTransaction::Call`). It can register, and then
	/// correct its profile. This crate makes no other transaction that the chain always refuses.
	UnknownAccount,
	/// So many transactions wait already that the node takes none but revocations.
	Full,
	/// The node's own words.
	Said(String),
}

impl Display for Reason {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str(match self {
			Self::CatchingUp => "it is still catching up",
			Self::UnknownAccount => {
				"no hospital vouches for this account: it is no registrar, doctor or patient of one. Patients and \
				doctors register first, with a hospital that accepts them, and until it has verified them they \
				can only correct their profile; a hospital's controller appoints its registrars"
			},
			Self::Full => "so many transactions wait that it takes only revocations for now",
			Self::Said(words) => words,
		})
	}
}

/// The numbers of doors' own refusals.
const DOORS: RangeInclusive<i32> = -32_029..=-32_020;

/// The node's words for the first two reasons.
const ANCIENT: &str = "Transaction has an ancient birth block";
const UNEXPECTED: &str = "Transaction call is not expected";

/// The code of a node that has no room for more transactions.
const POOL_FULL: i32 = 1016;
/// The code of a node that has refused the same transaction a moment ago, and does not look at it again yet.
const BANNED: i32 = 1012;
/// The code, and some of the words, of a node of the last release that asked a block whose state it no longer has.
const UNVERIFIED: i32 = 1002;
const DISCARDED: &str = "State already discarded";
/// The node's words for a transaction of an account of which too many wait.
const EARLY: &str = "Transaction will be valid in the future";

/// The code with which a node refuses a transaction while one with the same nonce is pending, whose priority is not lower.
const TOO_LOW_PRIORITY: i32 = 1014;
/// The node's words for a transaction whose nonce is in a block.
const STALE: &str = "Transaction is outdated";
/// The node's words for a transaction that was signed for another chain, or for another version of this one.
const BAD_PROOF: &str = "Transaction has a bad signature";

impl Error {
	/// Whether the node could not be asked. A later attempt may then succeed.
	pub fn is_unreachable(&self) -> bool {
		matches!(
			self,
			Self::NodeUnreachable { .. }
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

	/// Whether the block's runtime has no such function, in the words of the SDK's executor.
	pub(crate) fn is_lack_of(&self, function: &str) -> bool {
		let words = format!("Exported method {function} is not found");
		matches!(self, Self::NodeRefused { why: Reason::Said(said), .. } if said.contains(&words))
	}

	/// Whether the transaction certainly has no effect, now and for ever.
	pub fn is_final(&self) -> bool {
		matches!(
			self,
			Self::Refused(_)
				| Self::NodeRefused { .. }
				| Self::AllowanceSpent { .. }
				| Self::TooManyNewcomers
				| Self::Expired
				| Self::Overtaken
		)
	}

	/// The refusal of a gateway's door, if it was one that refused and not a node. All refusals because of who asks
	/// have one number, and are the first of them here.
	pub fn of_door(&self) -> Option<Refused> {
		match self {
			Self::NodeRefused { code, .. } if DOORS.contains(code) => {
				Refused::all().find(|one| one.code() == *code)
			},
			_ => None,
		}
	}

	/// Whether the node, or the door before it, could not take a transaction. Another one may.
	pub(crate) fn is_of_the_node(&self) -> bool {
		match self {
			Self::NodeUnreachable { .. } => true,
			Self::NodeRefused { why: Reason::CatchingUp, .. } => true,
			_ => matches!(
				self.of_door(),
				Some(Refused::NodeUnreachable | Refused::NodeBehind | Refused::TooManyRequests)
			),
		}
	}

	/// Whether this node can't tell what becomes of a transaction that was sent. Another one may know it. A node that
	/// missed the transaction holds it for expired.
	pub(crate) fn leaves_it_open(&self) -> bool {
		matches!(self, Self::Unsettled { .. } | Self::Stalled(_) | Self::Expired)
	}

	/// Whether a node refuses a transaction because of another one with its nonce, which is pending or in a block.
	pub(crate) fn is_about_a_rival(&self) -> bool {
		match self {
			Self::NodeRefused { code: TOO_LOW_PRIORITY, .. } => true,
			Self::NodeRefused { why: Reason::Said(words), .. } => words == STALE,
			_ => false,
		}
	}

	/// Whether the node may take the very same transaction after the next block.
	pub(crate) fn is_for_now(&self) -> bool {
		match self {
			Self::NodeRefused { code: BANNED, .. } => true,
			Self::NodeRefused { why: Reason::Full, .. } => true,
			Self::NodeRefused { code: UNVERIFIED, why: Reason::Said(words), .. } => {
				words.contains(DISCARDED)
			},
			Self::NodeRefused { why: Reason::Said(words), .. } => words == EARLY,
			_ => false,
		}
	}

	/// Whether the node takes a transaction's signature for a bad one. The chain may have been upgraded since.
	pub(crate) fn is_about_the_signature(&self) -> bool {
		matches!(self, Self::NodeRefused { why: Reason::Said(words), .. } if words == BAD_PROOF)
	}

	/// Whether a door wants a sign-in that the account can't have.
	pub(crate) fn is_not_signed_in(&self) -> bool {
		self.of_door() == Some(Refused::NotSignedIn)
	}

	pub(crate) fn unreachable(url: &str, why: impl Display) -> Self {
		Self::NodeUnreachable { url: url.to_owned(), why: why.to_string() }
	}

	pub(crate) fn refused(url: &str, why: impl Display) -> Self {
		Self::NodeRefused { url: url.to_owned(), code: 0, why: Reason::Said(why.to_string()) }
	}

	pub(crate) fn from_rpc(url: &str, why: subxt_rpcs::Error) -> Self {
		match why {
			subxt_rpcs::Error::User(refusal) => {
				let data = refusal.data.filter(|_| !DOORS.contains(&refusal.code));
				let data = data.map(|data| data.get().trim_matches('"').to_owned());
				let why = match data.as_deref() {
					Some(ANCIENT) => Reason::CatchingUp,
					Some(UNEXPECTED) => Reason::UnknownAccount,
					_ if refusal.code == POOL_FULL => Reason::Full,
					_ => Reason::Said(data.unwrap_or(refusal.message)),
				};
				Self::NodeRefused { url: url.to_owned(), code: refusal.code, why }
			},
			subxt_rpcs::Error::Client(why) => Self::unreachable(url, why),
			subxt_rpcs::Error::DisconnectedWillReconnect(why) => Self::unreachable(url, why),
			other => Self::refused(url, other),
		}
	}
}

fn whose_allowance(is_shared: bool) -> &'static str {
	match is_shared {
		true => "the allowance of your hospital, which all who act for it share,",
		false => "your allowance",
	}
}

/// A duration in words, rounded up.
fn in_words(seconds: u64) -> String {
	match seconds {
		0..=1 => "a second".to_owned(),
		2..=119 => format!("{seconds} seconds"),
		120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
		_ => format!("{} hours", seconds.div_ceil(3_600)),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn refusal_because_of_another_transaction_with_the_nonce_is_told_from_others() {
		let refused = |code, said: &str| Error::NodeRefused {
			url: "ws://one".to_owned(),
			code,
			why: Reason::Said(said.to_owned()),
		};
		let low = "The transaction has too low priority to replace another transaction already in the pool.";
		assert!(refused(1014, low).is_about_a_rival());
		assert!(refused(1010, "Transaction is outdated").is_about_a_rival());
		for (code, said) in [
			(1010, "Transaction will be valid in the future"),
			(1010, "Transaction would exhaust the block limits"),
			(1010, "Transaction has a bad signature"),
			(1012, "Transaction is temporarily banned"),
			(1016, "Immediately Dropped"),
		] {
			assert!(!refused(code, said).is_about_a_rival(), "{said}");
			assert_eq!(
				refused(code, said).is_about_the_signature(),
				said == "Transaction has a bad signature"
			);
		}
		assert!(!Error::Expired.is_about_a_rival());
		assert!(Error::Overtaken.is_final());
	}

	#[test]
	fn refusal_for_now_is_told_from_others() {
		let refused = |code, why| Error::NodeRefused { url: "ws://one".to_owned(), code, why };
		let said = |words: &str| Reason::Said(words.to_owned());
		let discarded =
			"Verification Error: Runtime error: UnknownBlock: State already discarded for 0x01";
		for (code, why) in [
			(1010, said("Transaction will be valid in the future")),
			(1012, said("Transaction is temporarily banned")),
			(1016, Reason::Full),
			(1002, said(discarded)),
		] {
			assert!(refused(code, why.clone()).is_for_now(), "{why}");
		}
		for (code, why) in [
			(1010, said("Transaction is outdated")),
			(1010, said("Transaction would exhaust the block limits")),
			(1010, Reason::UnknownAccount),
			(1002, said("Verification Error: Runtime error: Execution failed")),
			(1014, said("The transaction has too low priority to replace another")),
		] {
			assert!(!refused(code, why.clone()).is_for_now(), "{why}");
		}
	}

	#[test]
	fn runtime_without_a_function_is_told_from_other_refusals() {
		let refused = |said: &str| Error::NodeRefused {
			url: "ws://one".to_owned(),
			code: 4_003,
			why: Reason::Said(said.to_owned()),
		};
		let function = "ConsortiumApi_operator_of";
		let lacks = "Client error: Execution failed: Other error happened while constructing the runtime: \
			Exported method ConsortiumApi_operator_of is not found";
		assert!(refused(lacks).is_lack_of(function));
		assert!(!refused(lacks).is_lack_of("ConsortiumApi_operator"));
		assert!(!refused("Client error: UnknownBlock").is_lack_of(function));
	}
}
