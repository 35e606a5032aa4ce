//! Records, as JSON.

#[cfg(feature = "schema")]
use crate::schema;
use crate::{Hex, Time};
use medblock_primitives::{self as primitives, Author, Epoch, HospitalId, RecordIndex, Vaults};
use pallet_medical_records_runtime_api::RecordInfo;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An encrypted file in a hospital's vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Document {
	/// The SHA-256 (FIPS 180-4) of the whole ciphertext.
	pub digest: Hex<32>,
	/// The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk.
	pub head: Hex<16>,
	/// The length of the ciphertext in bytes.
	pub size: u64,
	/// The hospital to whose vault the file was uploaded. Where it is kept now, `vaults` says.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct SealedDocument {
	/// The document.
	pub document: Document,
	/// The epoch.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub sealed_to: Epoch,
}

impl From<primitives::SealedDocument> for SealedDocument {
	fn from(sealed: primitives::SealedDocument) -> Self {
		Self { document: sealed.document.into(), sealed_to: sealed.sealed_to }
	}
}

/// An entry of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Record {
	/// The record's place in the chart.
	#[cfg_attr(feature = "schema", schemars(with = "schema::RecordIndex"))]
	pub record: RecordIndex,
	/// The encrypted file; `null` once the patient has withdrawn the record.
	pub document: Option<Document>,
	/// The vaults of the file, in the order in which to ask them: `home`, `mirror`, `former`. `null` once
	/// the patient has withdrawn the record.
	pub vaults: Option<Vaults>,
	/// The author.
	pub author: Author,
	/// The epoch whose public key the file is encrypted to.
	#[cfg_attr(feature = "schema", schemars(with = "schema::Epoch"))]
	pub sealed_to: Epoch,
	/// The record that this one is a note to.
	#[cfg_attr(feature = "schema", schemars(with = "Option<schema::RecordIndex>"))]
	pub in_reply_to: Option<RecordIndex>,
	/// The time of the addition, to the minute.
	pub recorded_at: Time,
}

impl From<RecordInfo> for Record {
	fn from(info: RecordInfo) -> Self {
		let RecordInfo { index, record, vaults } = info;
		Self {
			record: index,
			document: record.document.map(Into::into),
			vaults,
			author: record.author,
			sealed_to: record.sealed_to,
			in_reply_to: record.in_reply_to,
			recorded_at: record.recorded_at.into(),
		}
	}
}
