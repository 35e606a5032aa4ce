//! What the chain knows of a document: never what is in it.

use crate::{DoctorId, Epoch, HospitalId, Moment, RecordIndex};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The most records that one call adds.
pub const MAX_BATCH: u32 = 128;

/// An encrypted file in a hospital's vault.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Document {
	/// SHA-256 (FIPS 180-4) of the whole ciphertext.
	pub digest: [u8; 32],
	/// The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk, so that
	/// a title can be shown before the whole file has been fetched.
	pub head: [u8; 16],
	/// Length of the ciphertext in bytes.
	pub size: u64,
	/// Whose vault keeps it.
	pub vault: HospitalId,
}

/// A document, and the epoch whose public key it is encrypted to.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct SealedDocument {
	/// The document.
	pub document: Document,
	/// The epoch.
	pub sealed_to: Epoch,
}

/// Minutes since 1970 (UTC): the precision at which records are dated on chain.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Minute(pub u32);

impl Minute {
	/// The minute in which `moment` lies.
	pub fn of(moment: Moment) -> Self {
		Self(u32::try_from(moment / 60_000).unwrap_or(u32::MAX))
	}
}

/// The author of a record. As JSON, `"patient"` or `{ "doctor": 3 }`.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Author {
	/// The patient.
	#[codec(index = 0)]
	Patient,
	/// A doctor who was allowed to.
	#[codec(index = 1)]
	Doctor(DoctorId),
}

/// An entry of a chart.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Record {
	/// Where its ciphertext is; nothing once the patient has withdrawn it.
	pub document: Option<Document>,
	/// Who added it.
	pub author: Author,
	/// The epoch whose public key it is encrypted to.
	pub sealed_to: Epoch,
	/// The record that this one is a note to.
	pub in_reply_to: Option<RecordIndex>,
	/// When it was added.
	pub recorded_at: Minute,
}

/// A record that somebody wants to add.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct NewRecord {
	/// Where its ciphertext is.
	pub document: Document,
	/// The record that it answers, if it is a note.
	pub in_reply_to: Option<RecordIndex>,
}

/// Records to add in one call.
pub type NewRecords = BoundedVec<NewRecord, ConstU32<MAX_BATCH>>;
