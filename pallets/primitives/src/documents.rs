//! The chain's knowledge of documents, which excludes their content.

use crate::{DoctorId, Epoch, HospitalId, InstitutionId, Moment, PatientId, RecordIndex};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of records that one call adds or withdraws.
pub const MAX_BATCH: u32 = 128;

/// An encrypted file in a hospital's vault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Document {
	/// SHA-256 (FIPS 180-4) of the whole ciphertext.
	pub digest: [u8; 32],
	/// The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk, so that
	/// clients can show a title before they have fetched the whole file.
	pub head: [u8; 16],
	/// The length of the ciphertext in bytes.
	pub size: u64,
	/// The hospital to whose vault it was uploaded. It may be kept elsewhere since: see [`Vaults`](crate::Vaults).
	pub vault: HospitalId,
}

/// A document, and the epoch whose public key it is encrypted to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SealedDocument {
	/// The document.
	pub document: Document,
	/// The epoch whose public key the document is encrypted to.
	pub sealed_to: Epoch,
}

/// A time in minutes since 1970 (UTC), the precision at which the chain dates records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Minute(pub u32);

impl Minute {
	/// The minute in which `moment` lies.
	pub fn of(moment: Moment) -> Self {
		Self(u32::try_from(moment / 60_000).unwrap_or(u32::MAX))
	}
}

/// The author of a record. As JSON, `"patient"`, `{ "doctor": 3 }`, `{ "institution": 2 }` or
/// `{ "representative": 5 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Author {
	/// The patient.
	#[codec(index = 0)]
	Patient,
	/// A doctor who was allowed to.
	#[codec(index = 1)]
	Doctor(DoctorId),
	/// An institution of a hospital, from which the patient takes deposits.
	#[codec(index = 2)]
	Institution(InstitutionId),
	/// A person who acts for the patient.
	#[codec(index = 3)]
	Representative(PatientId),
}

/// An entry of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Record {
	/// The encrypted document; none once the patient has withdrawn it.
	pub document: Option<Document>,
	/// The author of the record.
	pub author: Author,
	/// The epoch whose public key the document is encrypted to.
	pub sealed_to: Epoch,
	/// The record that this one is a note to.
	pub in_reply_to: Option<RecordIndex>,
	/// The time at which the record was added.
	pub recorded_at: Minute,
}

/// A record that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct NewRecord {
	/// The encrypted document.
	pub document: Document,
	/// The record that this one is a note to, if it is one.
	pub in_reply_to: Option<RecordIndex>,
}

/// The records that one call adds.
pub type NewRecords = BoundedVec<NewRecord, ConstU32<MAX_BATCH>>;

/// The records that one call withdraws, or no longer shares.
pub type RecordIndices = BoundedVec<RecordIndex, ConstU32<MAX_BATCH>>;
