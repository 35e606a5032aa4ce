//! Records.

use crate::{Hex, schema};
use medblock_primitives::{self as primitives, DoctorId, Epoch, HospitalId, Moment, RecordIndex};
use pallet_medical_records_runtime_api::RecordInfo;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An encrypted file in a hospital's vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
	/// SHA-256 (FIPS 180-4) of the whole ciphertext.
	pub digest: Hex<32>,
	/// The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk.
	pub head: Hex<16>,
	/// Length of the ciphertext in bytes.
	pub size: u64,
	/// Whose vault keeps it.
	#[schemars(with = "schema::HospitalId")]
	pub vault: HospitalId,
}

impl From<primitives::Document> for Document {
	fn from(document: primitives::Document) -> Self {
		Self {
			digest: Hex(document.digest),
			head: Hex(document.head),
			size: document.size,
			vault: document.vault,
		}
	}
}

/// A document, and the epoch whose public key it is encrypted to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SealedDocument {
	/// The document.
	pub document: Document,
	/// The epoch.
	#[schemars(with = "schema::Epoch")]
	pub sealed_to: Epoch,
}

impl From<primitives::SealedDocument> for SealedDocument {
	fn from(sealed: primitives::SealedDocument) -> Self {
		Self { document: sealed.document.into(), sealed_to: sealed.sealed_to }
	}
}

/// Who put a record into a chart: `"patient"`, or `{ "doctor": id }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Author {
	/// The patient.
	Patient,
	/// A doctor who was allowed to.
	Doctor(#[schemars(with = "schema::DoctorId")] DoctorId),
}

impl From<primitives::Author> for Author {
	fn from(author: primitives::Author) -> Self {
		match author {
			primitives::Author::Patient => Self::Patient,
			primitives::Author::Doctor(doctor) => Self::Doctor(doctor),
		}
	}
}

/// An entry of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Record {
	/// Its place in the chart.
	#[schemars(with = "schema::RecordIndex")]
	pub record: RecordIndex,
	/// Where its ciphertext is; `null` once the patient has withdrawn it.
	pub document: Option<Document>,
	/// Who added it.
	pub author: Author,
	/// The epoch whose public key it is encrypted to.
	#[schemars(with = "schema::Epoch")]
	pub sealed_to: Epoch,
	/// The record that this one is a note to.
	#[schemars(with = "Option<schema::RecordIndex>")]
	pub in_reply_to: Option<RecordIndex>,
	/// When it was added, to the minute.
	#[schemars(with = "schema::Moment")]
	pub recorded_at: Moment,
}

impl From<RecordInfo> for Record {
	fn from(info: RecordInfo) -> Self {
		let RecordInfo { index, record } = info;
		Self {
			record: index,
			document: record.document.map(Into::into),
			author: record.author.into(),
			sealed_to: record.sealed_to,
			in_reply_to: record.in_reply_to,
			recorded_at: Moment::from(record.recorded_at.0).saturating_mul(60_000),
		}
	}
}
