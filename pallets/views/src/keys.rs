//! Public keys, and secrets that are sealed or wrapped.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Bytes, Hex};
use medblock_primitives::{self as primitives, DoctorId, Epoch, PatientId, RecordIndex, SealedKey};
use pallet_medical_records_runtime_api::{self as info, RecipientInfo, RecipientsInfo, ShareInfo};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

impl From<SealedKey> for Bytes {
	fn from(sealed: SealedKey) -> Self {
		Self(sealed.0.into_inner())
	}
}

/// A published encryption key. Hospitals confirm it by its SHA-256, which a client should compute
/// itself before it relies on the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct EncryptionKey {
	/// The algorithms that the key is for. 1 is X-Wing: ML-KEM-768 with X25519.
	pub suite: u8,
	/// The public key; 1,216 bytes for X-Wing.
	pub key: Bytes,
	/// 1 for the owner's first key, one more for each that replaced it.
	pub version: u32,
}

impl From<primitives::EncryptionKey> for EncryptionKey {
	fn from(found: primitives::EncryptionKey) -> Self {
		Self { suite: found.suite, key: Bytes(found.key.into_inner()), version: found.version }
	}
}

/// The public half of one epoch, and what its secret opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct EpochKey {
	/// The public key that records of this epoch are encrypted to.
	pub key: Bytes,
	/// The salt with which the patient derives the secret.
	pub salt: Hex<16>,
	/// The secret of the epoch before, encrypted: nonce (12 bytes), ciphertext (32), tag (16) of
	/// ChaCha20-Poly1305 (RFC 8439). Only epoch 0 has none.
	pub previous: Option<Hex<60>>,
}

impl From<primitives::EpochKey> for EpochKey {
	fn from(epoch: primitives::EpochKey) -> Self {
		Self {
			key: Bytes(epoch.key.into_inner()),
			salt: Hex(epoch.salt),
			previous: epoch.previous.map(|wrapped| Hex(wrapped.0)),
		}
	}
}

/// A chart's current keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ChartKeys {
	/// The algorithms that the keys are for. 1 is X-Wing: ML-KEM-768 with X25519.
	pub suite: u8,
	/// The even epoch, whose secret the chart's doctors get.
	pub distributed: EpochKey,
	/// The odd epoch, whose secret only the patient has.
	pub standby: EpochKey,
	/// HMAC-SHA-256 (RFC 2104) of the standby's public key, by which the distributed epoch's holders
	/// recognize it.
	pub standby_tag: Hex<32>,
}

impl From<primitives::ChartKeys> for ChartKeys {
	fn from(keys: primitives::ChartKeys) -> Self {
		Self {
			suite: keys.suite,
			distributed: keys.distributed.into(),
			standby: keys.standby.into(),
			standby_tag: Hex(keys.standby_tag),
		}
	}
}

/// What remains of an epoch that was followed by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct PastEpoch {
	/// The epoch.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub epoch: Epoch,
	/// The SHA-256 of the epoch's public key.
	pub key_digest: Hex<32>,
	/// The epoch's salt.
	pub salt: Hex<16>,
	/// The secret of the epoch before it, encrypted as in `EpochKey`.
	pub previous: Option<Hex<60>>,
	/// The number of records that the chart had when nothing could be sealed to this epoch any more.
	pub records_until: u32,
}

impl From<(Epoch, primitives::PastEpoch)> for PastEpoch {
	fn from((epoch, past): (Epoch, primitives::PastEpoch)) -> Self {
		Self {
			epoch,
			key_digest: Hex(past.key_digest),
			salt: Hex(past.salt),
			previous: past.previous.map(|wrapped| Hex(wrapped.0)),
			records_until: past.records_until,
		}
	}
}

/// The key that single records' file keys are wrapped under, sealed to a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ShareKey {
	/// The number of this key among the chart's share keys: 1 for the first.
	pub generation: u32,
	/// The version of the doctor's encryption key that it is sealed to.
	pub key_version: u32,
	/// The sealed share key: the suite, then HPKE's (RFC 9180) encapsulated key and ciphertext.
	pub key: Bytes,
}

impl From<primitives::ShareKey> for ShareKey {
	fn from(share: primitives::ShareKey) -> Self {
		Self { generation: share.generation, key_version: share.key_version, key: share.key.into() }
	}
}

/// A record's file key, for the holder of the share key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct SharedRecord {
	/// The record.
	#[cfg_attr(feature = "schema", schemars(with = "schema::RecordIndex"))]
	pub record: RecordIndex,
	/// The record's age file key, encrypted: nonce (12 bytes), ciphertext (16), tag (16) of
	/// ChaCha20-Poly1305.
	pub key: Hex<44>,
}

impl From<primitives::SharedRecord> for SharedRecord {
	fn from(shared: primitives::SharedRecord) -> Self {
		Self { record: shared.record, key: Hex(shared.key.0) }
	}
}

/// What a doctor needs to open single records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Share {
	/// The share key; `null` if no record is shared singly.
	pub key: Option<ShareKey>,
	/// The records, 64 at most.
	pub records: Vec<SharedRecord>,
}

impl From<ShareInfo> for Share {
	fn from(info: ShareInfo) -> Self {
		Self {
			key: info.key.map(Into::into),
			records: info.records.into_iter().map(Into::into).collect(),
		}
	}
}

/// A doctor's own key, as confirmed by the doctor's hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Recipient {
	/// The doctor who may see the whole chart.
	pub doctor: DoctorId,
	/// The version of the doctor's key.
	pub key_version: u32,
	/// The SHA-256 of the key, which `medicalRecords_encryptionKey` gives.
	pub key_digest: Hex<32>,
}

impl From<RecipientInfo> for Recipient {
	fn from(info: RecipientInfo) -> Self {
		let RecipientInfo { doctor, key_version, key_digest } = info;
		Self { doctor, key_version, key_digest: Hex(key_digest) }
	}
}

/// The doctors to whose own keys a due chart's files are encrypted, besides the chart's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Recipients {
	/// The epoch that files have to be encrypted to now.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub sealing_epoch: Epoch,
	/// The digest that a transaction names as `recipients`; `null` while the chart is not due.
	pub digest: Option<Hex<16>>,
	/// The doctors in order of their ids, 61 at most, or 57 if there are representatives; empty while the chart is not
	/// due.
	pub doctors: Vec<Recipient>,
	/// The people who act for the patient and see the chart, in order of their ids, 4 at most; empty while the chart is
	/// not due.
	pub representatives: Vec<RepresentativeRecipient>,
}

/// The own key of a person who acts for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct RepresentativeRecipient {
	/// The person who acts for the patient, by the number of their own chart.
	pub representative: PatientId,
	/// The version of the person's key for acting for others.
	pub key_version: u32,
	/// The SHA-256 of the key, which `delegation_actingKey` gives.
	pub key_digest: Hex<32>,
}

impl From<info::RepresentativeRecipient> for RepresentativeRecipient {
	fn from(found: info::RepresentativeRecipient) -> Self {
		let info::RepresentativeRecipient { representative, key_version, key_digest } = found;
		Self { representative, key_version, key_digest: Hex(key_digest) }
	}
}

impl From<RecipientsInfo> for Recipients {
	fn from(info: RecipientsInfo) -> Self {
		Self {
			sealing_epoch: info.sealing_epoch,
			digest: info.digest.map(Hex),
			doctors: info.doctors.into_iter().map(Into::into).collect(),
			representatives: info.representatives.into_iter().map(Into::into).collect(),
		}
	}
}
