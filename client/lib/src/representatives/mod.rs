//! People who act for a patient: parents, and others that the patient has named and the patient's hospital has
//! confirmed.
//!
//! A representative acts with the own account and the own keys, and never has the patient's words. The *acting
//! key*, which each of them publishes, opens nothing of the own chart. The patient's device seals the chart's key
//! to it, and does so again after each new key: see `resealing`. Reading and adding need nothing else
//! here: the chart's keys are found as for doctors, and [`Client::add_records_for`](crate::Client::add_records_for)
//! names who acted.

mod acting;
mod desk;
mod key;
mod naming;

pub(crate) use acting::ensure_verified;
pub use acting::{GrantedFor, RevokedFor};
pub use desk::ToConfirm;
pub use key::ActingKey;
pub(crate) use naming::named;
pub use naming::{Ended, Representative, SealedTo, State};
pub use pallet_delegation_runtime_api::RepresentativeInfo;

use medblock_primitives::{PatientId, Scopes};

/// The reason why a person can't act for a patient, or can't be named to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The account's patient does not act for this one.
	#[error(
		"you don't act for patient {}: they have not named you, or their hospital has not confirmed it, or it has \
		ended",
		.0.0
	)]
	NotRepresentative(PatientId),
	/// The patient has named no such person.
	#[error("patient {} is not named to act for this patient", .0.0)]
	NotNamed(PatientId),
	/// The patient has not given the representative this scope.
	#[error("patient {} has not let you {}", .patient.0, deed(*.scope))]
	OutOfScope {
		/// The patient.
		patient: PatientId,
		/// What the act needs.
		scope: Scopes,
	},
	/// The patient is suspended, so that no one adds or grants for them.
	#[error(
		"the hospital of patient {} has suspended them: until it ends that, no one can add or grant for them",
		.0.0
	)]
	PatientSuspended(PatientId),
	/// The patient's device has yet to give the representative the chart's present key.
	#[error("patient {} hasn't given you the chart's present key yet: their own device has to", .0.0)]
	AwaitingKey(PatientId),
	/// The person has no key for acting for others.
	#[error("patient {} has published no key for acting for others yet", .0.0)]
	NoActingKey(PatientId),
	/// The hospital has to confirm the representative, or the representative's new key.
	#[error("the hospital has not confirmed representative {}, or their present key, yet", .0.0)]
	NotConfirmed(PatientId),
	/// The representative was given no sight of the chart.
	#[error("representative {} may not see the chart, so that they need no key of it", .0.0)]
	SeesNothing(PatientId),
	/// The digest that was given is not that of the representative's key.
	#[error(
		"this is not the digest of the key that patient {} has published: check it for a typing error; if they \
		really told this one, do not confirm it",
		.0.0
	)]
	OtherKeyDigest(PatientId),
	/// The patient has named other scopes, or another end, than those that were shown.
	#[error("patient {} has named other rights, or another end, since: look at them again", .0.0)]
	NamingChanged(PatientId),
	/// These scopes can't be given.
	#[error("a representative may do one thing at least, and grant only with seeing")]
	BadScopes,
	/// The chart's key was sealed to a representative, and the transaction with it failed.
	#[error("{why}; {}", aftermath(.rotation))]
	KeyWasOut {
		/// The reason.
		why: Box<crate::Error>,
		/// The reason why the chart could not be given a new key, if there is one.
		rotation: Option<Box<crate::Error>>,
	},
	/// The key of a patient's chart was sealed to a doctor, and the transaction with it failed. Only the patient
	/// can give it a new one.
	#[error("{why}; the doctor's key had been sent, so the chart of patient {} needs a new one: tell them", .patient.0)]
	PatientsKeyWasOut {
		/// The patient.
		patient: PatientId,
		/// The reason.
		why: Box<crate::Error>,
	},
}

/// What a scope lets one do.
fn deed(scope: Scopes) -> &'static str {
	match scope {
		Scopes::ADD => "add records",
		Scopes::GRANT => "give doctors access",
		Scopes::REVOKE => "take doctors' access back",
		_ => "see their chart",
	}
}

/// The state of a chart after its key was sealed to a representative who then got nothing.
fn aftermath(rotation: &Option<Box<crate::Error>>) -> String {
	match rotation {
		None => {
			"since the representative's key had been sent, the chart was given a new one".to_owned()
		},
		Some(why) => format!(
			"the representative's key had been sent, so the chart needs a new one, and has none yet ({why})"
		),
	}
}
