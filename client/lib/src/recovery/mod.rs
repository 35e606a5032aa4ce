//! Recovery: guardians, chosen by a person before, together give the person a new account, and the secret that opens
//! their data.
//!
//! The secret is a patient's root, or the seed of a doctor's encryption key. The person's device divides it, so that
//! any `threshold` guardians open it and fewer learn nothing, and seals a share to each guardian's key. Everybody can
//! check a share by the commitments on the chain: the guardian before handing it over, and the new device before
//! using it.
//!
//! 1. [`Client::set_guardians`](crate::Client::set_guardians), on the device that later is lost.
//! 2. [`Client::begin_recovery`](crate::Client::begin_recovery), on the new one: a [`Request`], which a guardian receives.
//! 3. [`Client::request_recovery`](crate::Client::request_recovery) by that guardian, and
//!    [`Client::approve_recovery`](crate::Client::approve_recovery) by others. The delay begins, in which the lost device's
//!    account can [veto](crate::Client::veto_recovery).
//! 4. [`Client::hand_over_share`](crate::Client::hand_over_share) by these guardians, after the delay.
//! 5. [`Client::finish_recovery`](crate::Client::finish_recovery), on the new device: keys of a new root.

mod device;
mod guardians;
mod guarding;
mod kept;
mod request;

pub use guardians::{Choice, OwnGuardians};
pub use guarding::{Guarded, HandOver};
pub use pallet_delegation_runtime_api::{GuardiansInfo, KeeperInfo, WardInfo};
pub use request::Request;

pub use crate::chain::RecoveryInfo;

pub(crate) use kept::{Recovered, forget};

use crate::{chain::AccountId, delegates::name_of};
use medblock_crypto::{DividedKind, DividedSecret};
use medblock_primitives::{Delegate, Moment, Person};

/// The reason why guardians can't be chosen, or why a new account can't take over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The person has no guardians.
	#[error("{} has no guardians", whom(.0))]
	NoGuardians(Person),
	/// The account is none of the person's guardians.
	#[error("this account is no guardian of {}", whom(.0))]
	NotGuardian(Person),
	/// The guardians' shares would open another secret than the present one.
	#[error(
		"the keys on the chain don't come from this account's present words yet: nothing was sent"
	)]
	NotPresentWords,
	/// The account has not been asked for.
	#[error("no guardian of {} has asked for the account {account}, or the request has ended", whom(.person))]
	NoRequest {
		/// The person.
		person: Person,
		/// The new account.
		account: AccountId,
	},
	/// A request is not one that a new device has made.
	#[error("this is not a new device's request: {0}")]
	NotARequest(&'static str),
	/// The digest is not that of the new device's key.
	#[error(
		"this is not the digest of the key that asks for {}: check it for a typing error; if the person really told this \
		one, do not approve it", whom(.0)
	)]
	OtherKeyDigest(Person),
	/// Too few guardians have approved.
	#[error("too few guardians have approved it: {approvals} of {needed}")]
	NotApproved {
		/// The number that have.
		approvals: u32,
		/// The number that have to.
		needed: u32,
	},
	/// The delay is not over.
	#[error("the time in which {} can veto is not over", whom(.person))]
	NotDue {
		/// The person.
		person: Person,
		/// Its end.
		due: Moment,
	},
	/// The own share is not one of the secret.
	#[error(
		"the share that this account was given of {} does not fit what they published: it can't help them", whom(.0)
	)]
	OwnShareWrong(Person),
	/// There are fewer right shares than are needed.
	#[error("{given} right shares have been handed over, and {needed} are needed{}", wrongs(.wrong))]
	TooFewShares {
		/// The number of right ones.
		given: usize,
		/// The number that is needed.
		needed: usize,
		/// The guardians whose shares are wrong, and who may hand others over.
		wrong: Vec<Delegate>,
	},
	/// What the shares open does not open the person's data.
	#[error("what the guardians were given of {} does not open their data: they had other words by then", whom(.0))]
	OtherSecret(Person),
}

/// The requests that go on at `now`. One that has lapsed may stay on the chain until a block has time for it, and is no
/// reason for alarm.
fn going_on(mut all: Vec<RecoveryInfo>, now: Moment) -> Vec<RecoveryInfo> {
	all.retain(|one| now < one.ends_at);
	all
}

/// A person in words.
pub(crate) fn whom(person: &Person) -> String {
	name_of((*person).into())
}

fn wrongs(wrong: &[Delegate]) -> String {
	if wrong.is_empty() {
		return String::new();
	}
	let names: Vec<String> = wrong.iter().map(|one| name_of(*one)).collect();
	format!("; what came from {} is no share of it, or is damaged", names.join(", "))
}

/// What a person's guardians open together.
pub(crate) fn divided(genesis: [u8; 32], person: Person) -> DividedSecret {
	let (kind, owner) = match person {
		Person::Patient(patient) => (DividedKind::PatientRoot, patient.0),
		Person::Doctor(doctor) => (DividedKind::DoctorKey, doctor.0),
	};
	DividedSecret { genesis, kind, owner }
}
