//! The types that the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	BoundedVec,
	pallet_prelude::{BoundedBTreeMap, ConstU32},
};
use medblock_primitives::*;
use scale_info::TypeInfo;

/// The shortest delay of a recovery, unless genesis says otherwise: a day, in milliseconds.
pub const MIN_DELAY: Moment = 86_400_000;

/// The pallet's knowledge of the hospitals' desks.
pub trait Desks {
	/// Whether the hospital belongs to the consortium now.
	fn is_active(hospital: HospitalId) -> bool;

	/// The version of the hospital's profile key, if it has one.
	fn key_version(hospital: HospitalId) -> Option<u32>;
}

/// A patient's key for acting for others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ActingKey {
	/// The key; none since the patient was recovered.
	pub current: Option<EncryptionKey>,
	/// The number of keys that there have been.
	pub versions: u32,
}

/// A keeper of a share, as known when the share was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Keeper {
	/// The person or the desk.
	pub delegate: Delegate,
	/// The version of their key that the share is sealed to.
	pub key_version: u32,
	/// The number of times that the person had been recovered. For a desk 0, and 1 once it has given a doctor its share
	/// of an emergency plan.
	pub generation: u32,
}

/// The keepers of a secret's shares, in the shares' order.
pub type Keepers = BoundedVec<Keeper, ConstU32<MAX_DELEGATES>>;

/// A person's guardians.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct GuardianSet {
	/// The commitments, as many as guardians have to agree.
	pub commitments: Commitments,
	/// What opens the person's data, encrypted.
	pub secret: WrappedSecret,
	/// The guardians.
	pub guardians: Keepers,
	/// The time between enough approvals and the shares, in milliseconds.
	pub delay: Moment,
	/// The time at which the person chose them.
	pub set_at: Moment,
}

impl GuardianSet {
	/// The number of guardians who have to agree.
	pub fn threshold(&self) -> usize {
		self.commitments.len()
	}
}

/// A request that a person gets a new account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Recovery {
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
	pub approvals: BoundedVec<Delegate, ConstU32<MAX_DELEGATES>>,
}

/// A representative of a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Representation {
	/// What the representative may do.
	pub scopes: Scopes,
	/// The end, if there is one.
	pub until: Option<Moment>,
	/// The time at which the patient named the representative.
	pub named_at: Moment,
	/// The hospital that is asked to confirm the representative: the patient's, until it has.
	pub asked: HospitalId,
	/// Whether a hospital has confirmed the representative.
	pub confirmed: bool,
	/// The version of the representative's key that a hospital has checked; 0 if none, or none since the
	/// representative was recovered.
	pub key_version: u32,
	/// The epoch whose secret the representative was given.
	pub epoch: Option<Epoch>,
}

/// The representatives of one patient.
pub type RepresentativesOf =
	BoundedBTreeMap<PatientId, Representation, ConstU32<MAX_REPRESENTATIVES>>;

/// What a patient has planned for an emergency, apart from what it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EmergencyPlan {
	/// The commitments, as many as holders have to confirm.
	pub commitments: Commitments,
	/// The secret of the plan's key, encrypted.
	pub secret: WrappedSecret,
	/// The suite of the plan's key.
	pub suite: u8,
	/// The plan's key, to which what it opens is sealed.
	pub key: PublicKey,
	/// The holders, all of them desks.
	pub holders: Keepers,
	/// The time for which an emergency is open, in milliseconds.
	pub duration: Moment,
	/// The time at which the patient set the plan.
	pub set_at: Moment,
	/// Whether doctors may have its secret, since enough holders have given them their shares.
	pub used: bool,
}

impl EmergencyPlan {
	/// Whether the hospital is a holder.
	pub fn is_held_by(&self, hospital: HospitalId) -> bool {
		self.holders.iter().any(|holder| holder.delegate == Delegate::Desk(hospital))
	}

	/// Notes that these hospitals have given a doctor their shares. The end of a request takes none of them back.
	pub fn note_given(&mut self, by: &[HospitalId]) {
		for holder in self.holders.iter_mut() {
			if matches!(holder.delegate, Delegate::Desk(hospital) if by.contains(&hospital)) {
				holder.generation = 1;
			}
		}
	}

	/// Whether the hospital has given a doctor its share.
	pub fn is_given_by(&self, hospital: HospitalId) -> bool {
		let desk = Delegate::Desk(hospital);
		self.holders.iter().any(|holder| holder.delegate == desk && holder.generation > 0)
	}

	/// Whether enough holders have given their shares to doctors, be it in several requests. Doctors may put theirs
	/// together.
	pub fn is_given(&self) -> bool {
		let given = self.holders.iter().filter(|holder| holder.generation > 0).count();
		given >= self.commitments.len()
	}
}

/// The holders who have confirmed an emergency.
pub type Confirmations = BoundedVec<HospitalId, ConstU32<MAX_DELEGATES>>;

/// A doctor's request for an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EmergencyRequest {
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
	pub confirmed: Confirmations,
}

/// An emergency that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Emergency {
	/// The doctor who could see the chart.
	pub doctor: DoctorId,
	/// The doctor's reason.
	pub reason: EmergencyReason,
	/// The SHA-256 of what the hospital has written down.
	pub details: [u8; 32],
	/// The holders who confirmed it.
	pub confirmed: Confirmations,
	/// The time at which it was opened.
	pub opened_at: Moment,
	/// The time at which it closes, or was closed.
	pub until: Moment,
	/// What the patient says of it.
	pub review: Option<Review>,
}

impl Emergency {
	/// Whether it is open.
	pub fn is_open(&self, now: Moment) -> bool {
		now < self.until
	}
}

/// The emergencies of one chart, the oldest first.
pub type EmergenciesOf = BoundedVec<Emergency, ConstU32<MAX_EMERGENCIES>>;

/// Something that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Ending<AccountId> {
	/// The recovery of a person by a new account.
	#[codec(index = 0)]
	Recovery(Person, AccountId),
	/// The representation of a patient by a person.
	#[codec(index = 1)]
	Representation(PatientId, PatientId),
	/// A doctor's request for an emergency, or what is left of the emergency.
	#[codec(index = 2)]
	Emergency(PatientId, DoctorId),
}

/// Why a person no longer acts for a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum RepresentationEnd {
	/// The patient ended it.
	#[codec(index = 0)]
	ByPatient,
	/// The representative ended it.
	#[codec(index = 1)]
	ByRepresentative,
	/// The patient's hospital refused it.
	#[codec(index = 2)]
	Refused,
	/// Its end has come.
	#[codec(index = 3)]
	Over,
	/// The hospital has not confirmed it in time.
	#[codec(index = 4)]
	Unconfirmed,
}

/// Whether an end has come. It comes in the very millisecond that it names.
pub(crate) fn has_come(end: Option<Moment>, now: Moment) -> bool {
	end.is_some_and(|end| end <= now)
}
