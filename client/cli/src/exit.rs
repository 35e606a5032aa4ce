//! How the program ends: codes that scripts can rely on, and one sentence for people.

use crate::advice;
use medblock_client::{Error, Kind, chain, medblock_crypto::Error as CryptoError};
use medblock_platform::Error as StorageError;
use serde_json::Value;
use std::{fmt, io, path::Path, process::ExitCode};

/// The help text for the proxy, and for the codes below.
pub const HELP: &str = "Environment:
  HTTPS_PROXY  the proxy for vaults and nodes at https:// and wss:// addresses, such as
               http://proxy.example:3128; otherwise ALL_PROXY
  NO_PROXY     hosts that are reached without it. This machine always is

Exit codes:
  0    done
  1    something unexpected
  2    wrong use of this program
  3    refused by the chain, or by a vault's limits
  4    access denied
  5    wrong passphrase or key, or damaged data
  6    network: a node or gateway cannot be reached, or no second node confirms a revocation
  7    a problem with a file on this machine
  8    keys disagree between nodes or with known ones; nothing was sent
  9    the hospitals do not list this portal
  10   a vault does not stand by what it signed, or gave out
  11   not all of several records could be read
  130  interrupted";

/// An exit code. The numbers never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
	/// An unforeseen problem.
	Unexpected = 1,
	/// The command line makes no sense. The number is clap's.
	Usage = 2,
	/// The chain, or a vault's limits, do not allow it.
	Refused = 3,
	/// The account has no access.
	Denied = 4,
	/// A passphrase or key does not fit, or data is damaged.
	WrongKey = 5,
	/// A node or a vault can't be reached, or can't answer now.
	Network = 6,
	/// A file on this machine can't be read or written.
	Local = 7,
	/// Nodes disagree, or a key is not the known one.
	KeysDisagree = 8,
	/// A hospital serves a portal that the hospitals do not list.
	Unlisted = 9,
	/// A vault contradicts what it has signed, or what the chain has of it.
	Contradicted = 10,
	/// Of several records, some could not be read.
	Incomplete = 11,
	/// A signal has interrupted the program. The number is the shell's for it.
	Interrupted = 130,
}

impl Code {
	/// The code's name in JSON output.
	pub fn name(self) -> &'static str {
		match self {
			Self::Unexpected => "unexpected",
			Self::Usage => "usage",
			Self::Refused => "refused",
			Self::Denied => "access-denied",
			Self::WrongKey => "wrong-key",
			Self::Network => "network",
			Self::Local => "local-file",
			Self::KeysDisagree => "keys-disagree",
			Self::Unlisted => "portal-not-listed",
			Self::Contradicted => "vault-contradicted",
			Self::Incomplete => "incomplete",
			Self::Interrupted => "interrupted",
		}
	}
}

impl From<Code> for ExitCode {
	fn from(code: Code) -> Self {
		Self::from(code as u8)
	}
}

/// The reason why a command failed.
#[derive(Debug)]
pub struct Failure {
	/// The program's exit code.
	pub code: Code,
	/// One sentence for people, or two if there is advice.
	pub message: String,
	/// The facts that the command found all the same, for JSON output: an object's fields.
	pub found: Option<Value>,
	/// What the system says of a file, if that is the reason.
	pub file: Option<io::ErrorKind>,
}

impl Failure {
	/// A failure with a code of its own.
	pub fn new(code: Code, message: impl fmt::Display) -> Self {
		Self { code, message: message.to_string(), found: None, file: None }
	}

	/// The command line makes no sense.
	pub fn usage(message: impl fmt::Display) -> Self {
		Self::new(Code::Usage, message)
	}

	/// A file could not be used; `what` is the attempt, such as `read the configuration`.
	pub fn file(what: &str, path: &Path, why: &io::Error) -> Self {
		let message = format!("cannot {what} {}: {why}", path.display());
		Self { file: Some(why.kind()), ..Self::new(Code::Local, message) }
	}
}

impl From<StorageError> for Failure {
	fn from(error: StorageError) -> Self {
		Self { file: Some(error.why.kind()), ..Self::new(Code::Local, error) }
	}
}

impl From<chain::Error> for Failure {
	fn from(error: chain::Error) -> Self {
		Error::from(error).into()
	}
}

impl From<Error> for Failure {
	fn from(error: Error) -> Self {
		let file = match &error {
			Error::File(failed) => Some(failed.why.kind()),
			Error::Crypto(CryptoError::Reading(why) | CryptoError::Writing(why)) => {
				Some(why.kind())
			},
			_ => None,
		};
		Self { file, ..Self::new(code_of(&error), advice::told(&error)) }
	}
}

/// The kind of a library's error decides.
fn code_of(error: &Error) -> Code {
	match error.kind() {
		Kind::Unexpected => Code::Unexpected,
		Kind::Invalid => Code::Usage,
		Kind::NotRegistered | Kind::Refused => Code::Refused,
		Kind::Denied | Kind::AwaitingPatient => Code::Denied,
		Kind::WrongKey => Code::WrongKey,
		Kind::Network => Code::Network,
		Kind::Storage => Code::Local,
		Kind::KeysDisagree => Code::KeysDisagree,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::{
		access, grants, institutions, keys,
		medblock_primitives::{Denied, DoctorId, HospitalId},
		profile_keys, profiles, records, registrars, trust, vault,
		vault::{Reason, Refused},
	};

	fn refused_by_vault(status: u16) -> Error {
		let (url, message) = (String::new(), String::new());
		let code = Reason::Unknown(String::new());
		Error::Vault(vault::Error::Refused { url, status, code, message, retry_after: None })
	}

	fn refused_by_door(refused: Refused) -> Error {
		let (url, code) = (String::new(), refused.code());
		let why = chain::Reason::Said(refused.sentence().to_owned());
		chain::Error::NodeRefused { url, code, why }.into()
	}

	#[test]
	fn every_kind_of_failure_has_its_code() {
		let url = || "ws://a".to_owned();
		let nodes = chain::Error::NodesDisagree { first: url(), second: url(), what: url() };
		let expired = || Box::new(chain::Error::Expired.into());
		for (error, code) in [
			(chain::Error::BadAddress(url()).into(), 2),
			(keys::Error::InWallet.into(), 2),
			(Error::Crypto(CryptoError::InvalidTitle), 2),
			(chain::Error::Expired.into(), 3),
			(profiles::Error::NoHospitalKey.into(), 3),
			(profiles::Error::OtherHospital(HospitalId(1)).into(), 4),
			(profiles::Error::NotForHospital.into(), 5),
			(profiles::Error::SingleRecords.into(), 4),
			(profiles::Error::NotForYou.into(), 4),
			(profiles::Error::OtherKeyDigest(DoctorId(1)).into(), 3),
			(profiles::Error::OtherEntryDigest(DoctorId(1)).into(), 3),
			(records::Error::PatientWithdraws.into(), 4),
			(profile_keys::Error::KeyNotHeld(HospitalId(1)).into(), 4),
			(profile_keys::Error::KeyMismatch(HospitalId(1)).into(), 5),
			(profile_keys::Error::NotShown([1; 32].into()).into(), 3),
			(profile_keys::Error::KeyUnwitnessed([1; 32].into()).into(), 8),
			(registrars::Error::NotAppointed([1; 32].into()).into(), 3),
			(registrars::Error::SeveralAppointments(vec![]).into(), 2),
			(institutions::Error::NotOperator([1; 32].into()).into(), 3),
			(institutions::Error::CannotAnswer.into(), 2),
			(profiles::Error::NoProfile.into(), 3),
			(profiles::Error::NothingProposed(DoctorId(1)).into(), 3),
			(grants::Error::KeyWasOut { why: expired(), rotation: None }.into(), 3),
			(refused_by_vault(507), 3),
			(access::Error::Denied(Denied::NotGranted).into(), 4),
			(access::Error::AwaitingPatient.into(), 4),
			(access::Error::MayNotAppend.into(), 4),
			(access::Error::BudgetSpent(3).into(), 3),
			(records::Error::Withdrawn(3).into(), 4),
			(refused_by_vault(401), 4),
			(refused_by_vault(403), 4),
			(refused_by_vault(410), 4),
			(trust::Error::ChartKeyMismatch(0).into(), 5),
			(Error::Vault(vault::Error::WrongBytes(url())), 5),
			(Error::Crypto(CryptoError::Damaged), 5),
			(Error::Crypto(CryptoError::NotForThisKey), 5),
			(chain::Error::NodeUnreachable { url: url(), why: url() }.into(), 6),
			(Error::Vault(vault::Error::Unreachable { url: url(), why: url() }), 6),
			(refused_by_vault(503), 6),
			(refused_by_vault(429), 6),
			(refused_by_door(Refused::NotPassedOn), 3),
			(refused_by_door(Refused::NotSignedIn), 4),
			(refused_by_door(Refused::PatientOnly), 4),
			(refused_by_door(Refused::AuthorsOnly), 4),
			(refused_by_door(Refused::Denied(Denied::NotGranted)), 4),
			(refused_by_door(Refused::TooManyRequests), 6),
			(refused_by_door(Refused::NodeUnreachable), 6),
			(refused_by_door(Refused::NodeBehind), 6),
			(chain::Error::Unsettled { url: url(), why: url() }.into(), 6),
			(StorageError::cannot("write", url())(io::ErrorKind::StorageFull.into()).into(), 7),
			(nodes.into(), 8),
			(trust::Error::PinMismatch { whose: url() }.into(), 8),
			(trust::Error::RecipientKeyMismatch(DoctorId(3)).into(), 8),
			(trust::Error::StandbyKeyMismatch.into(), 8),
			(chain::Error::OneNode.into(), 8),
			(chain::Error::SameNode { first: url(), second: url() }.into(), 8),
		] {
			assert_eq!(Failure::from(error).code as u8, code);
		}
	}
}
