//! Grants, and the keys that travel with them.

use crate::{
	DoctorId, Epoch, InvalidKey, Moment, PatientId, PublicKey, RecordIndex, SUITE_X_WING,
	encryption_key::check_public_key,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of doctors who hold a grant to one chart at the same time.
pub const MAX_GRANTS: u32 = 64;

/// The maximum number of records that are shared singly with one doctor.
pub const MAX_SHARED: u32 = 64;

/// The maximum number of charts to which a doctor gives up access in one call.
pub const MAX_RELINQUISHED: u32 = 64;

/// The number of bytes in a sealed key: the suite, then HPKE's (RFC 9180) encapsulated key of 1,120
/// bytes and the 32 sealed bytes with their tag of 16.
pub const SEALED_KEY_LENGTH: u32 = 1_169;

/// A secret of 32 bytes sealed to a doctor's encryption key (an epoch's, or a share key), or to a
/// registrar's (a profile key's).
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SealedKey(pub BoundedVec<u8, ConstU32<SEALED_KEY_LENGTH>>);

impl SealedKey {
	/// The key in the chain's type.
	pub fn new(bytes: [u8; SEALED_KEY_LENGTH as usize]) -> Self {
		Self(BoundedVec::truncate_from(bytes.to_vec()))
	}

	/// Whether the key has the form that its suite prescribes. Only its receiver can check the content.
	pub fn is_well_formed(&self) -> bool {
		self.0.len() == SEALED_KEY_LENGTH as usize && self.0.first() == Some(&SUITE_X_WING)
	}
}

/// The secret of an epoch, or of a profile key's version, encrypted under a key of the next one: nonce
/// (12 bytes), ciphertext (32), tag (16) of ChaCha20-Poly1305 (RFC 8439).
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct WrappedSecret(pub [u8; 60]);

/// A file's 16-byte age key, encrypted under a share key: nonce (12 bytes), ciphertext (16), tag
/// (16) of ChaCha20-Poly1305 (RFC 8439).
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct WrappedFileKey(pub [u8; 44]);

/// The random salt from which, with the patient's root secret, an epoch's secret is derived.
pub type Salt = [u8; 16];

/// The public half of one epoch, and the wrapped secret of the epoch before it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct EpochKey {
	/// The key to which records of this epoch are encrypted.
	pub key: PublicKey,
	/// The salt with which the patient derives the secret.
	pub salt: Salt,
	/// The wrapped secret of the epoch before; only epoch 0 has none.
	pub previous: Option<WrappedSecret>,
}

/// A distributed epoch and its standby, which always come together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ChartKeys {
	/// The suite of algorithms that the keys are for; see [`SUITE_X_WING`].
	pub suite: u8,
	/// The even epoch, whose secret the chart's doctors get.
	pub distributed: EpochKey,
	/// The odd epoch, whose secret the patient alone has.
	pub standby: EpochKey,
	/// The HMAC-SHA-256 (RFC 2104) of the standby's public key under a key of the distributed epoch, by
	/// which that epoch's holders recognize the standby.
	pub standby_tag: [u8; 32],
}

/// The reason why chart keys are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidChartKeys {
	/// One of the public keys is unusable.
	Key(InvalidKey),
	/// Epoch 0 wraps a secret, or a later epoch does not.
	Chain,
}

impl ChartKeys {
	/// Checks the keys of `epoch`, an even one, and of the standby after it.
	pub fn check(&self, epoch: Epoch) -> Result<(), InvalidChartKeys> {
		if self.distributed.previous.is_some() != (epoch > 0) || self.standby.previous.is_none() {
			return Err(InvalidChartKeys::Chain);
		}
		check_public_key(self.suite, &self.distributed.key).map_err(InvalidChartKeys::Key)?;
		check_public_key(self.suite, &self.standby.key).map_err(InvalidChartKeys::Key)
	}
}

/// The remainder of an epoch that was followed by another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PastEpoch {
	/// The SHA-256 of its public key.
	pub key_digest: [u8; 32],
	/// Its salt.
	pub salt: Salt,
	/// The wrapped secret of the epoch before it.
	pub previous: Option<WrappedSecret>,
	/// The number of records in the chart when the epoch ended: no later record is sealed to it.
	pub records_until: RecordIndex,
}

/// An epoch's secret for one doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct KeyForDoctor {
	/// The doctor who receives the secret.
	pub doctor: DoctorId,
	/// The version of the doctor's encryption key that the secret is sealed to.
	pub key_version: u32,
	/// The sealed secret.
	pub key: SealedKey,
}

/// The doctors that one call names.
pub type DoctorIds = BoundedVec<DoctorId, ConstU32<MAX_GRANTS>>;

/// The patients that one call names.
pub type PatientIds = BoundedVec<PatientId, ConstU32<MAX_RELINQUISHED>>;

/// The secret of one epoch, for all doctors who receive it.
pub type KeysForDoctors = BoundedVec<KeyForDoctor, ConstU32<MAX_GRANTS>>;

/// A chart's next keys, and the even epoch's secret for exactly the doctors who may see the whole
/// chart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Rotation {
	/// The new even epoch: two more than the current one.
	pub epoch: Epoch,
	/// Its keys and its standby's.
	pub keys: ChartKeys,
	/// Its secret, once for each doctor.
	pub sealed: KeysForDoctors,
}

/// The reason why a rotation does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum RotationMisfit {
	/// The rotation does not follow the chart's current epoch: another rotation came first.
	#[codec(index = 0)]
	WrongEpoch,
	/// A public key of the rotation is unusable, or the chain of wrapped secrets is broken.
	#[codec(index = 1)]
	InvalidKeys,
	/// A sealed key is malformed.
	#[codec(index = 2)]
	InvalidSealedKey,
	/// A doctor is named twice.
	#[codec(index = 3)]
	DoctorTwice,
	/// A doctor who may see the whole chart is left out.
	#[codec(index = 4)]
	DoctorMissing,
	/// A doctor is named who may not see the whole chart.
	#[codec(index = 5)]
	DoctorUnexpected,
	/// A doctor has another encryption key now.
	#[codec(index = 6)]
	KeyChanged,
}

/// How much of a chart a grant opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Scope {
	/// Everything, also what is added later.
	#[codec(index = 0)]
	Chart,
	/// The records that were shared singly.
	#[codec(index = 1)]
	Records,
}

/// A new key for single records, sealed to a doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ShareKey {
	/// The number of the key among the chart's share keys: 1 for the first.
	pub generation: u32,
	/// The version of the doctor's encryption key that the share key is sealed to.
	pub key_version: u32,
	/// The sealed share key.
	pub key: SealedKey,
}

/// The share key under which records are shared. Naming it keeps records that two devices have wrapped
/// from being mixed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum ShareUnder {
	/// No key, since no record is added.
	#[codec(index = 0)]
	Nothing,
	/// A new key. The records replace those that were shared under the one before.
	#[codec(index = 1)]
	New(ShareKey),
	/// The key of this generation, which the doctor has. The records are added to those that are shared.
	#[codec(index = 2)]
	Present(u32),
}

/// A record's file key, wrapped under a share key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SharedRecord {
	/// The record's place in the chart.
	pub record: RecordIndex,
	/// The wrapped file key.
	pub key: WrappedFileKey,
}

/// The records that one call shares.
pub type SharedRecords = BoundedVec<SharedRecord, ConstU32<MAX_SHARED>>;

/// Whether a doctor has what it takes to read what is added now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum KeyStatus {
	/// The doctor has the current epoch's secret.
	#[codec(index = 0)]
	Current,
	/// The doctor was not given the current epoch's secret yet, or has a new key that no hospital has
	/// confirmed, or comes after the 61 doctors that a due chart's files are encrypted to: what is added
	/// now can be fetched, but not opened.
	#[codec(index = 1)]
	AwaitingPatient,
	/// The grant is to single records, each of which comes with its own key.
	#[codec(index = 2)]
	Shared,
	/// The chart is due for a new epoch. Until its patient makes one, what is added is encrypted to the
	/// doctor's own key, too.
	#[codec(index = 3)]
	OwnKey,
	/// The doctor has replaced the own key, and the hospital has confirmed the new one, but the grant is sealed
	/// to an earlier one. A doctor who has lost that can open nothing, until the patient gives access again.
	#[codec(index = 4)]
	EarlierKey,
}

/// The access that a doctor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowed {
	/// The part of the chart that is open.
	pub scope: Scope,
	/// Whether the doctor may add records and notes, which only a grant allows.
	pub may_append: bool,
	/// The time at which access ends by itself: the earlier of the ends of the licence and of the grant, or of the
	/// emergency that gives it.
	pub until: Option<Moment>,
	/// Whether the doctor can open records that are added now.
	pub key: KeyStatus,
}
