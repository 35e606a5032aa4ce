//! Acting for others: guardians who recover, representatives, and emergencies.
//!
//! Two pallets take part. One has the charts, the other the rules by which people may act for each other. Each
//! knows the other through a trait of this module: [`Charts`] and [`Delegates`].

use crate::{
	Capacity, DoctorId, DoctorIds, Epoch, HospitalId, KeyForDoctor, Moment, NewRecords, PatientId,
	Person, PublicKey, RecipientsDigest, RecordIndex, Rotation, SUITE_X_WING, SealedKey, Standing,
	WrappedFileKey, WrappedSecret,
};
use alloc::vec::Vec;
use bounded_collections::{BoundedBTreeMap, BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of delegates who have a share of one secret: a person's guardians, or the holders
/// of an emergency's key.
pub const MAX_DELEGATES: u32 = 8;

/// The smallest number of shares that may open a secret. With one, each delegate could act alone.
pub const MIN_THRESHOLD: u32 = 2;

/// The maximum number of people who represent one patient at the same time.
pub const MAX_REPRESENTATIVES: u32 = 4;

/// The maximum number of patients that one person represents, as their hospitals have confirmed.
pub const MAX_REPRESENTED: u32 = 16;

/// The maximum number of single records that an emergency opens.
pub const MAX_EMERGENCY_RECORDS: u32 = 64;

/// The maximum number of doctors who wait for an emergency to be confirmed, for one chart.
pub const MAX_EMERGENCY_REQUESTS: u32 = 8;

/// The number of emergencies of one chart that the chain keeps.
pub const MAX_EMERGENCIES: u32 = 16;

/// A public commitment to one coefficient of the polynomial by which a secret was divided, and to its blinding
/// (Pedersen, 1991): a compressed element of ristretto255 (RFC 9496).
pub type Commitment = [u8; 32];

/// The commitments to a divided secret. As many shares open it.
pub type Commitments = BoundedVec<Commitment, ConstU32<MAX_DELEGATES>>;

/// A keeper of a share. As JSON, `{ "patient": 5 }`, `{ "doctor": 3 }` or `{ "desk": 0 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Delegate {
	/// A patient, by a key of their own for acting for others.
	#[codec(index = 0)]
	Patient(PatientId),
	/// A doctor, by the key that the doctor's hospital has confirmed.
	#[codec(index = 1)]
	Doctor(DoctorId),
	/// A hospital's desk: any of its registrars, by the hospital's profile key.
	#[codec(index = 2)]
	Desk(HospitalId),
}

impl Delegate {
	/// The delegate, if it is a person.
	pub fn person(self) -> Option<Person> {
		match self {
			Self::Patient(patient) => Some(Person::Patient(patient)),
			Self::Doctor(doctor) => Some(Person::Doctor(doctor)),
			Self::Desk(_) => None,
		}
	}
}

impl From<Person> for Delegate {
	fn from(person: Person) -> Self {
		match person {
			Person::Patient(patient) => Self::Patient(patient),
			Person::Doctor(doctor) => Self::Doctor(doctor),
		}
	}
}

/// The capacity in which an account acts for another, since it may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum ActingAs {
	/// As a patient.
	#[codec(index = 0)]
	Patient,
	/// As a doctor.
	#[codec(index = 1)]
	Doctor,
	/// As a registrar at a hospital's desk.
	#[codec(index = 2)]
	Desk,
}

/// The number of bytes in a sealed share: as in a sealed key, with 64 sealed bytes in place of 32.
pub const SEALED_SHARE_LENGTH: u32 = 1_201;

/// A share of a divided secret, two scalars of ristretto255 of 32 bytes each (the share's value and its blinding), sealed
/// to the key of its keeper, or of who receives it from the keeper.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SealedShare(pub BoundedVec<u8, ConstU32<SEALED_SHARE_LENGTH>>);

impl SealedShare {
	/// The share in the chain's type.
	pub fn new(bytes: [u8; SEALED_SHARE_LENGTH as usize]) -> Self {
		Self(BoundedVec::truncate_from(bytes.to_vec()))
	}

	/// Whether the share has the form that its suite prescribes. Only its receiver can check the content.
	pub fn is_well_formed(&self) -> bool {
		self.0.len() == SEALED_SHARE_LENGTH as usize && self.0.first() == Some(&SUITE_X_WING)
	}
}

/// One delegate's share of a divided secret. Its number is its place in the list, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ShareFor {
	/// The delegate who receives the share.
	pub delegate: Delegate,
	/// The version of the delegate's key that the share is sealed to.
	pub key_version: u32,
	/// The sealed share.
	pub share: SealedShare,
}

/// The shares of a divided secret.
pub type SharesFor = BoundedVec<ShareFor, ConstU32<MAX_DELEGATES>>;

/// A divided secret: the scalar that the shares give, and what a key derived from it encrypts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Divided {
	/// The commitments, by which shares are checked. As many shares open the secret.
	pub commitments: Commitments,
	/// The secret of 32 bytes, encrypted under a key that is derived from the scalar: a patient's root, the
	/// secret of a doctor's key, or that of an emergency's key.
	pub secret: WrappedSecret,
	/// The shares, in their order.
	pub shares: SharesFor,
}

/// What a representative may do for a patient. A sum of [`Scopes::SEE`], [`Scopes::ADD`],
/// [`Scopes::GRANT`] and [`Scopes::REVOKE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scopes(pub u8);

impl Scopes {
	/// Seeing the whole chart.
	pub const SEE: Self = Self(1);
	/// Adding records.
	pub const ADD: Self = Self(2);
	/// Giving doctors access to the whole chart. Only with [`Self::SEE`], since people can't seal what they don't have.
	pub const GRANT: Self = Self(4);
	/// Taking doctors' access back.
	pub const REVOKE: Self = Self(8);

	/// Whether these include all of the others.
	pub fn include(self, others: Self) -> bool {
		self.0 & others.0 == others.0
	}

	/// Whether these can be given: at least one, none that is unknown, and granting only with seeing.
	pub fn are_valid(self) -> bool {
		let may_seal = !self.include(Self::GRANT) || self.include(Self::SEE);
		self.0 != 0 && self.0 < 16 && may_seal
	}
}

/// What a representative did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Act {
	/// Added records.
	#[codec(index = 0)]
	Added,
	/// Gave a doctor access.
	#[codec(index = 1)]
	Granted,
	/// Took doctors' access back.
	#[codec(index = 2)]
	Revoked,
}

/// An epoch's secret, sealed to a representative, or to an emergency's key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SealedEpoch {
	/// The chart's even epoch whose secret it is.
	pub epoch: Epoch,
	/// The sealed secret.
	pub key: SealedKey,
}

/// The records that an emergency opens, with their file keys wrapped under a key of its own.
pub type EmergencyRecords =
	BoundedBTreeMap<RecordIndex, WrappedFileKey, ConstU32<MAX_EMERGENCY_RECORDS>>;

/// The part of a chart that an emergency opens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum EmergencySet {
	/// The whole chart, by an epoch's secret that is sealed to the emergency's key.
	#[codec(index = 0)]
	Chart(SealedEpoch),
	/// Chosen records, such as a summary.
	#[codec(index = 1)]
	Records {
		/// The key under which the file keys are wrapped, sealed to the emergency's key.
		key: SealedKey,
		/// The records.
		records: EmergencyRecords,
	},
}

/// The reason for which a doctor asks for an emergency. Details are with the hospital, by their digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EmergencyReason {
	/// The patient is unconscious.
	#[codec(index = 0)]
	Unconscious,
	/// The patient is conscious, and can't use a device.
	#[codec(index = 1)]
	Unable,
	/// The patient's life is in danger, and there is no time.
	#[codec(index = 2)]
	LifeThreatening,
	/// Another reason, which the details name.
	#[codec(index = 3)]
	Other,
}

/// A patient's judgement of an emergency that has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Review {
	/// It was one.
	#[codec(index = 0)]
	Justified,
	/// It was none.
	#[codec(index = 1)]
	Unjustified,
}

/// Why a request for recovery or for an emergency ended without effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RequestEnd {
	/// The person in control refused.
	#[codec(index = 0)]
	Refused,
	/// The one who asked took it back.
	#[codec(index = 1)]
	TakenBack,
	/// No guardian supports it any more.
	#[codec(index = 2)]
	Unsupported,
	/// It was not carried out in time.
	#[codec(index = 3)]
	Lapsed,
	/// Another request was carried out, or what it asked for has been replaced.
	#[codec(index = 4)]
	Overtaken,
}

/// The new secrets of a person who was recovered.
// One at a time is in memory, and a box would show in no program's type.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum NewSecrets {
	/// A patient's next chart keys, of a new root, for exactly the doctors who may see the whole chart.
	#[codec(index = 0)]
	Patient(Rotation),
	/// A doctor's new encryption key, which the hospital has to confirm.
	#[codec(index = 1)]
	Doctor {
		/// The key's suite.
		suite: u8,
		/// The key.
		key: PublicKey,
	},
}

/// A person, as far as others need to know who may act for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts<AccountId> {
	/// The account in control.
	pub account: AccountId,
	/// The hospital that answers for the person.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// The number of times that control was recovered.
	pub generation: u32,
	/// The version of a doctor's confirmed encryption key; none for a patient, and while it is not confirmed.
	pub key_version: Option<u32>,
}

/// The numbers of grants that an act for a patient looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
	/// To find out whether the chart is due.
	pub settling: u32,
	/// To find the doctors to whose own keys its files may be encrypted. Includes the former.
	pub recipients: u32,
}

/// People and charts, as the rules about acting for others know them.
pub trait Charts<AccountId> {
	/// The reason for which an act is refused.
	type Error;

	/// The person, if there is one.
	fn person(person: Person) -> Option<PersonFacts<AccountId>>;

	/// The person that the account controls in this capacity.
	fn controlled_by(who: &AccountId, capacity: Capacity) -> Option<Person>;

	/// The even epoch of a patient's chart, whose secret its doctors have.
	fn epoch(patient: PatientId) -> Option<Epoch>;

	/// Whether someone who had that secret has lost access, so that files are sealed past it.
	fn is_due(patient: PatientId) -> bool;

	/// Whether the doctor practises.
	fn practises(doctor: DoctorId) -> bool;

	/// Whether the doctor may see the patient's whole chart already.
	fn sees_chart(patient: PatientId, doctor: DoctorId) -> bool;

	/// Whether the chart has this record, and it was not withdrawn.
	fn has_record(patient: PatientId, record: RecordIndex) -> bool;

	/// Gives the person to another account, with new secrets. What was sealed to the former ones has been lost.
	fn recover(person: Person, new: AccountId, with: NewSecrets) -> Result<(), Self::Error>;

	/// Notes that someone who was given this epoch's secret has lost access. It is of no account if the chart has
	/// another epoch by now.
	fn lose(patient: PatientId, epoch: Epoch);

	/// Notes that someone was given the secret of the current epoch, and when their access ends.
	fn note_end(patient: PatientId, until: Option<Moment>);

	/// Adds records to the patient's chart, by a representative.
	fn add_for(
		patient: PatientId,
		representative: PatientId,
		sealed_to: Epoch,
		recipients: Option<RecipientsDigest>,
		records: NewRecords,
	) -> Result<Looked, Self::Error>;

	/// Grants a doctor access to the patient's whole chart, by this account. Second, whether an expired grant had to
	/// make room.
	fn grant_for(
		patient: PatientId,
		by: &AccountId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<(u32, bool), Self::Error>;

	/// Takes doctors' access to the patient's chart back. Returns the number of grants looked at.
	fn revoke_for(patient: PatientId, doctors: DoctorIds) -> Result<u32, Self::Error>;
}

/// The hold of representatives on a chart's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
	/// None of them has it.
	No,
	/// Those who have it have access, and the first of these accesses ends then.
	Until(Option<Moment>),
	/// One who has it has lost access.
	Lost,
}

/// The part of a chart that is open to a doctor in an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEmergency {
	/// The time at which it closes.
	pub until: Moment,
	/// The records; none for the whole chart.
	pub records: Option<Vec<RecordIndex>>,
}

/// The rules about acting for others, as the charts know them.
pub trait Delegates {
	/// The hold of a chart's representatives on this epoch's secret.
	fn hold(patient: PatientId, epoch: Epoch, now: Moment) -> Hold;

	/// The representatives who see the whole chart, in order of their ids, with the versions of their keys. At most
	/// [`MAX_REPRESENTATIVES`].
	fn recipients(patient: PatientId, now: Moment) -> Vec<(PatientId, u32)>;

	/// The SHA-256 of a representative's key.
	fn key_digest(representative: PatientId) -> Option<[u8; 32]>;

	/// What an emergency opens to this doctor now.
	fn emergency(patient: PatientId, doctor: DoctorId, now: Moment) -> Option<OpenEmergency>;

	/// The hospital has suspended the patient, who loses access to the charts of others.
	fn suspended(patient: PatientId);

	/// Whether a representative that the patient has named waits for the patient's hospital.
	fn awaits_hospital(patient: PatientId) -> bool;

	/// The patient moves to this hospital, which from now on confirms the representatives that the patient has named.
	fn moved(patient: PatientId, to: HospitalId);

	/// The patient has withdrawn these records, so that no key to them is kept.
	fn withdrawn(patient: PatientId, records: &[RecordIndex]);
}

impl Delegates for () {
	fn hold(_: PatientId, _: Epoch, _: Moment) -> Hold {
		Hold::No
	}

	fn recipients(_: PatientId, _: Moment) -> Vec<(PatientId, u32)> {
		Vec::new()
	}

	fn key_digest(_: PatientId) -> Option<[u8; 32]> {
		None
	}

	fn emergency(_: PatientId, _: DoctorId, _: Moment) -> Option<OpenEmergency> {
		None
	}

	fn suspended(_: PatientId) {}

	fn awaits_hospital(_: PatientId) -> bool {
		false
	}

	fn moved(_: PatientId, _: HospitalId) {}

	fn withdrawn(_: PatientId, _: &[RecordIndex]) {}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn scopes_are_a_sum_of_known_ones_and_grant_only_what_they_see() {
		let valid: Vec<u8> = (0..=u8::MAX).filter(|sum| Scopes(*sum).are_valid()).collect();
		assert_eq!(valid, [1, 2, 3, 5, 7, 8, 9, 10, 11, 13, 15]);
		assert!(Scopes(11).include(Scopes::REVOKE) && !Scopes(11).include(Scopes::GRANT));
	}
}
