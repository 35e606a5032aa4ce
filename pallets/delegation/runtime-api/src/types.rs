//! What the answers consist of. No answer is a pair: @polkadot/api mixes up pages of different pairs.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use medblock_primitives::*;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A keeper of a share.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KeeperInfo {
	/// The person or the desk.
	pub delegate: Delegate,
	/// The version of their key that the share is sealed to.
	pub key_version: u32,
	/// Whether they can act now: the person is verified and was not recovered since, or the hospital is active.
	pub able: bool,
}

/// A person's guardians.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct GuardiansInfo {
	/// The person whose guardians they are.
	pub person: Person,
	/// The commitments, as many as guardians have to agree.
	pub commitments: Vec<Commitment>,
	/// What opens the person's data, encrypted.
	pub secret: WrappedSecret,
	/// The guardians, in the order of their shares.
	pub guardians: Vec<KeeperInfo>,
	/// The time in which the person can veto, in milliseconds.
	pub delay: Moment,
	/// The time at which the person chose them.
	pub set_at: Moment,
}

/// A person, as their guardians see them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct WardInfo {
	/// The person.
	pub person: Person,
	/// The number of guardians who have to agree.
	pub threshold: u32,
	/// The number of new accounts that ask to take the person over.
	pub recoveries: u32,
}

/// A request that a person gets a new account.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RecoveryInfo<AccountId> {
	/// The person.
	pub person: Person,
	/// The new account.
	pub new: AccountId,
	/// The suite of the new device's key.
	pub suite: u8,
	/// The new device's key, to which shares are sealed.
	pub key: PublicKey,
	/// The time of the request.
	pub requested_at: Moment,
	/// The end of the delay; none before enough guardians have approved.
	pub due: Option<Moment>,
	/// The time at which the request lapses.
	pub ends_at: Moment,
	/// The guardians who have approved.
	pub approvals: Vec<Delegate>,
	/// The guardians who have handed over their shares.
	pub handed_over: Vec<Delegate>,
}

/// A patient, and a person who acts for them. The cursor of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Representing {
	/// The patient.
	pub patient: PatientId,
	/// The person.
	pub representative: PatientId,
}

/// A person who acts for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RepresentativeInfo {
	/// The patient.
	pub patient: PatientId,
	/// The person who acts.
	pub representative: PatientId,
	/// What they may do.
	pub scopes: Scopes,
	/// The end, if there is one.
	pub until: Option<Moment>,
	/// The time at which the patient named them.
	pub named_at: Moment,
	/// Whether a hospital has confirmed them.
	pub confirmed: bool,
	/// The version of their key that a hospital has checked; 0 if none.
	pub key_version: u32,
	/// The even epoch whose secret they were given.
	pub epoch: Option<Epoch>,
	/// Whether they may act now.
	pub live: bool,
}

/// What a patient has planned for an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EmergencyPlanInfo {
	/// The patient.
	pub patient: PatientId,
	/// The commitments, as many as holders have to confirm.
	pub commitments: Vec<Commitment>,
	/// The secret of the plan's key, encrypted.
	pub secret: WrappedSecret,
	/// The suite of the plan's key.
	pub suite: u8,
	/// The plan's key, to which what it opens is sealed.
	pub key: PublicKey,
	/// The holders, in the order of their shares.
	pub holders: Vec<KeeperInfo>,
	/// The records that it opens; none for the whole chart.
	pub records: Option<Vec<RecordIndex>>,
	/// The even epoch whose secret it opens; none if it opens records.
	pub epoch: Option<Epoch>,
	/// The time for which an emergency is open, in milliseconds.
	pub duration: Moment,
	/// The time at which the patient set it, which is its name in `renew_emergency_key`.
	pub set_at: Moment,
	/// Whether doctors may have its key, so that it should be replaced.
	pub used: bool,
}

/// A patient, and a doctor who asks for an emergency. The cursor of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmergencyOf {
	/// The patient.
	pub patient: PatientId,
	/// The doctor.
	pub doctor: DoctorId,
}

/// A doctor's request for an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EmergencyRequestInfo {
	/// The patient.
	pub patient: PatientId,
	/// The doctor who asks.
	pub doctor: DoctorId,
	/// The doctor's reason.
	pub reason: EmergencyReason,
	/// The SHA-256 of what the hospital has written down.
	pub details: [u8; 32],
	/// The version of the doctor's key, to which holders seal their shares.
	pub key_version: u32,
	/// The time of the request.
	pub asked_at: Moment,
	/// The time at which it lapses.
	pub ends_at: Moment,
	/// The holders who have confirmed it.
	pub confirmed: Vec<HospitalId>,
	/// The number of holders who have to.
	pub threshold: u32,
}

/// An emergency that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EmergencyInfo {
	/// The patient.
	pub patient: PatientId,
	/// The doctor who could see the chart.
	pub doctor: DoctorId,
	/// The doctor's reason.
	pub reason: EmergencyReason,
	/// The SHA-256 of what the hospital has written down.
	pub details: [u8; 32],
	/// The holders who confirmed it.
	pub confirmed: Vec<HospitalId>,
	/// The time at which it was opened.
	pub opened_at: Moment,
	/// The time at which it closes, or was closed.
	pub until: Moment,
	/// Whether it is open.
	pub open: bool,
	/// What the patient says of it.
	pub review: Option<Review>,
}
