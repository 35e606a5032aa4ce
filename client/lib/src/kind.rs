//! Kinds of errors, for which a program may have a way out.

#[cfg(not(target_family = "wasm"))]
use crate::council::Problem;
use crate::{
	Error, access, accounts, chain, emergency, grants, institutions, keys,
	medblock_crypto::Error as CryptoError, names, profile_keys, profiles, records, recovery,
	registrars, registration, representatives, rotation, trust, vault,
};
use medblock_vault_protocol::door::{NOT_YOURS, Refused};

/// A kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	/// An unforeseen problem.
	Unexpected,
	/// A value, or the whole request, makes no sense.
	Invalid,
	/// The account has not the capacity that this takes: it is no patient, doctor or registrar.
	NotRegistered,
	/// The chain, or a vault's limits, do not allow it.
	Refused,
	/// The account has no access.
	Denied,
	/// The patient has yet to give the doctor the present key.
	AwaitingPatient,
	/// A key does not fit, or data is damaged.
	WrongKey,
	/// A node or a vault can't be reached, or can't answer now.
	Network,
	/// This device's storage can't be read or written.
	Storage,
	/// Nodes disagree, or a key is not the known one.
	KeysDisagree,
}

impl Error {
	/// The error's kind.
	// Without wildcards, so that every new error needs a decision about its kind.
	pub fn kind(&self) -> Kind {
		match self {
			Self::Chain(why) => kind_of_chain(why),
			Self::Account(
				accounts::Error::NotPatient(_)
				| accounts::Error::NotDoctor(_)
				| accounts::Error::NotRegistrar(_)
				| accounts::Error::NotController(_),
			) => Kind::NotRegistered,
			Self::Registration(
				registration::Error::Closed(_)
				| registration::Error::NotInvited { .. }
				| registration::Error::AlreadyRegistered(_)
				| registration::Error::Decided { .. },
			) => Kind::Refused,
			Self::Registration(registration::Error::TooManyNamed) => Kind::Invalid,
			Self::Access(why) => match why {
				access::Error::AwaitingPatient => Kind::AwaitingPatient,
				access::Error::Denied(_) | access::Error::MayNotAppend => Kind::Denied,
				access::Error::BudgetSpent(_)
				| access::Error::NotPractising { .. }
				| access::Error::NotVerified { .. } => Kind::Refused,
			},
			Self::Grant(why) => match why {
				grants::Error::KeyWasOut { why, .. } => why.kind(),
				grants::Error::SeesAll(_)
				| grants::Error::TooManyShared
				| grants::Error::TooManyRevoked
				| grants::Error::TooManyRelinquished
				| grants::Error::NoGrant(_) => Kind::Invalid,
			},
			Self::Rotation(
				rotation::Error::NoMoreEpochs
				| rotation::Error::TooManyDoctors
				| rotation::Error::KeepsChanging,
			) => Kind::Invalid,
			Self::Name(names::Error::Nobody { .. } | names::Error::Several { .. }) => Kind::Invalid,
			Self::Record(why) => match why {
				records::Error::NoSuchRecord(_)
				| records::Error::TooManyFiles
				| records::Error::TooManyNamed => Kind::Invalid,
				records::Error::Withdrawn(_) | records::Error::PatientWithdraws => Kind::Denied,
				records::Error::BeingAdded => Kind::Refused,
			},
			Self::Recovery(why) => match why {
				recovery::Error::NotGuardian(_) => Kind::Denied,
				recovery::Error::NotARequest(_) => Kind::Invalid,
				recovery::Error::NoGuardians(_)
				| recovery::Error::NotPresentWords
				| recovery::Error::NoRequest { .. }
				| recovery::Error::OtherKeyDigest(_)
				| recovery::Error::NotApproved { .. }
				| recovery::Error::NotDue { .. }
				| recovery::Error::TooFewShares { .. } => Kind::Refused,
				recovery::Error::OwnShareWrong(_) | recovery::Error::OtherSecret(_) => {
					Kind::WrongKey
				},
			},
			Self::Emergency(why) => match why {
				emergency::Error::NotHolder(_) | emergency::Error::NotOpen(_) => Kind::Denied,
				emergency::Error::BadThreshold { .. }
				| emergency::Error::HolderTwice(_)
				| emergency::Error::NoRecords
				| emergency::Error::TooManyRecords
				| emergency::Error::BadDuration
				| emergency::Error::NoText
				| emergency::Error::TextTooLong => Kind::Invalid,
				emergency::Error::NoPlan(_)
				| emergency::Error::NoHolderKey(_)
				| emergency::Error::NotAsked(_)
				| emergency::Error::AskedWithOtherKey(_)
				| emergency::Error::NothingToEnd(_) => Kind::Refused,
				emergency::Error::BadShare(_)
				| emergency::Error::DamagedPlan
				| emergency::Error::DamagedText => Kind::WrongKey,
			},
			Self::Representative(why) => match why {
				representatives::Error::NotRepresentative(_)
				| representatives::Error::OutOfScope { .. } => Kind::Denied,
				representatives::Error::AwaitingKey(_) => Kind::AwaitingPatient,
				representatives::Error::PatientSuspended(_)
				| representatives::Error::NoActingKey(_)
				| representatives::Error::NotConfirmed(_)
				| representatives::Error::OtherKeyDigest(_)
				| representatives::Error::NamingChanged(_) => Kind::Refused,
				representatives::Error::NotNamed(_)
				| representatives::Error::SeesNothing(_)
				| representatives::Error::BadScopes => Kind::Invalid,
				representatives::Error::KeyWasOut { why, .. }
				| representatives::Error::PatientsKeyWasOut { why, .. } => why.kind(),
			},
			Self::Profile(why) => match why {
				profiles::Error::NoProfile
				| profiles::Error::NoHospitalKey
				| profiles::Error::NothingProposed(_)
				| profiles::Error::KeyNotConfirmed(_) => Kind::Refused,
				profiles::Error::NoName | profiles::Error::TooLong => Kind::Invalid,
				profiles::Error::OtherKeyDigest(_) | profiles::Error::OtherEntryDigest(_) => {
					Kind::Refused
				},
				profiles::Error::OtherHospital(_)
				| profiles::Error::SingleRecords
				| profiles::Error::NotForYou => Kind::Denied,
				profiles::Error::Damaged | profiles::Error::NotForHospital => Kind::WrongKey,
			},
			Self::Registrar(why) => match why {
				registrars::Error::NotAppointed(_) | registrars::Error::NotAppointedBy { .. } => {
					Kind::Refused
				},
				registrars::Error::SeveralAppointments(_) => Kind::Invalid,
			},
			Self::Institution(why) => match why {
				institutions::Error::NotOperator(_) => Kind::NotRegistered,
				institutions::Error::NotAppointed { .. } => Kind::Refused,
				institutions::Error::NotAllowed { .. } => Kind::Denied,
				institutions::Error::TooManyNamed | institutions::Error::CannotAnswer => {
					Kind::Invalid
				},
			},
			Self::ProfileKey(why) => match why {
				profile_keys::Error::KeyNotHeld(_) => Kind::Denied,
				profile_keys::Error::NoRegistrarKey(_) | profile_keys::Error::NotShown(_) => {
					Kind::Refused
				},
				profile_keys::Error::KeyUnwitnessed(_) => Kind::KeysDisagree,
				profile_keys::Error::KeyMismatch(_) => Kind::WrongKey,
				profile_keys::Error::KeyWasOut { why, .. } => why.kind(),
			},
			Self::Keys(
				keys::Error::InWallet | keys::Error::NotSigned(_) | keys::Error::NoSecret,
			) => Kind::Invalid,
			Self::Trust(why) => match why {
				trust::Error::PinMismatch { .. }
				| trust::Error::RecipientKeyMismatch(_)
				| trust::Error::RepresentativeKeyMismatch(_)
				| trust::Error::StandbyKeyMismatch => Kind::KeysDisagree,
				trust::Error::ChartKeyMismatch(_) => Kind::WrongKey,
			},
			#[cfg(not(target_family = "wasm"))]
			Self::Council(Problem::NoSuchMotion(_) | Problem::NothingWaits(_)) => Kind::Invalid,
			#[cfg(not(target_family = "wasm"))]
			Self::Council(_) => Kind::Refused,
			Self::Vault(why) => kind_of_vault(why),
			Self::Crypto(why) => match why {
				CryptoError::InvalidTitle
				| CryptoError::InvalidMediaType
				| CryptoError::InvalidTime
				| CryptoError::ShareCount { .. }
				| CryptoError::OtherKit
				| CryptoError::SameSheet => Kind::Invalid,
				CryptoError::Reading(_) | CryptoError::Writing(_) | CryptoError::BodyLength => {
					Kind::Storage
				},
				_ => Kind::WrongKey,
			},
			Self::File(_) => Kind::Storage,
			Self::BadValue { .. } => Kind::Invalid,
		}
	}
}

fn kind_of_vault(error: &vault::Error) -> Kind {
	match error {
		vault::Error::Unreachable { .. }
		| vault::Error::WrongClock { .. }
		| vault::Error::BadAddress(_) => Kind::Network,
		vault::Error::ProxyLimit(_) => Kind::Refused,
		vault::Error::BadChallenge(_) => Kind::KeysDisagree,
		vault::Error::WrongBytes(_) => Kind::WrongKey,
		vault::Error::Refused { status, .. } => match status {
			401 | 403 | 410 => Kind::Denied,
			404 | 416 | 422 => Kind::WrongKey,
			413 | 507 => Kind::Refused,
			408 | 409 | 429 | 500.. => Kind::Network,
			_ => Kind::Unexpected,
		},
	}
}

/// The kind of a refusal by a gateway's door; without one, a node itself has refused.
fn kind_of_door(refused: Option<Refused>) -> Kind {
	match refused {
		Some(
			Refused::TooManyRequests
			| Refused::TooManySubscriptions
			| Refused::NodeUnreachable
			| Refused::NodeBehind,
		) => Kind::Network,
		Some(Refused::NotSignedIn) => Kind::Denied,
		Some(other) if other.code() == NOT_YOURS => Kind::Denied,
		Some(_) | None => Kind::Refused,
	}
}

/// The kind of an error of one node, or of two.
fn kind_of_chain(error: &chain::Error) -> Kind {
	use chain::Error;
	match error {
		Error::BadAddress(_)
		| Error::BadPeerId
		| Error::NotSigned(_)
		| Error::NoSuchHospital(_)
		| Error::NoSuchPatient(_)
		| Error::NoSuchDoctor(_)
		| Error::NoSuchInstitution(_) => Kind::Invalid,
		Error::NodeRefused { .. } => kind_of_door(error.of_door()),
		Error::AllowanceSpent { .. }
		| Error::TooManyNewcomers
		| Error::NewerClientNeeded { .. }
		| Error::Incomprehensible { .. }
		| Error::Endless { .. }
		| Error::Refused(_)
		| Error::Expired
		| Error::Overtaken => Kind::Refused,
		Error::NodeUnreachable { .. }
		| Error::UnknownBlock(_)
		| Error::Stalled(_)
		| Error::Unsettled { .. }
		| Error::FinalityStopped(..)
		| Error::NodeBehind { .. } => Kind::Network,
		Error::NodesDisagree { .. }
		| Error::OtherChain { .. }
		| Error::SameNode { .. }
		| Error::SameHospital { .. }
		| Error::OneNode => Kind::KeysDisagree,
	}
}
