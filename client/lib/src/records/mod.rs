//! The records of a chart.

mod add;
mod dicom;
mod list;
mod many;
mod media;
mod open;
pub mod packed;

pub use dicom::{FACTS, dicom_title};
pub use list::{Entry, Known, Title};
pub use many::OpenChart;
pub use media::media_type;
pub use open::Opened;

use crate::{
	Result,
	chain::{At, Call, Event},
	client::{Client, Done},
	repeated::done_before,
	vault::Item,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::RecordInfo;

/// The reason why a record can't be added or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// There is no such record.
	#[error("the chart has no record {0}")]
	NoSuchRecord(RecordIndex),
	/// The record was withdrawn.
	#[error("record {0} was withdrawn by the patient")]
	Withdrawn(RecordIndex),
	/// The account is no patient's.
	#[error("only the patient can withdraw a record from the chart: ask them")]
	PatientWithdraws,
	/// The call would add more files than one call may.
	#[error("at most {MAX_BATCH} files can be added at once")]
	TooManyFiles,
	/// Another run of a program adds the same files to the same chart.
	#[error("another run of this program is adding these files to this chart")]
	BeingAdded,
	/// The call would name more records than one call may.
	#[error("at most {MAX_BATCH} records can be named at once")]
	TooManyNamed,
}

/// The number of files that are fetched, or sent, at the same time.
pub(crate) const AT_ONCE: usize = medblock_vault_protocol::uploads::AT_ONCE;

/// A document that a chart names.
#[derive(Clone, Debug)]
pub(crate) struct Named {
	pub(crate) item: Item,
	pub(crate) document: Document,
	pub(crate) vaults: Vaults,
}

/// Every document that a chart names, and its vaults.
pub(crate) async fn documents(at: &At, patient: PatientId) -> Result<Vec<Named>> {
	let mut all: Vec<_> = document(at, patient, Item::Profile).await?.into_iter().collect();
	let records = at.all_records(patient, None).await?;
	all.extend(records.into_iter().filter_map(named_record));
	Ok(all)
}

/// One document of a chart; nothing if the chart does not name it, or not any more.
pub(crate) async fn document(at: &At, patient: PatientId, item: Item) -> Result<Option<Named>> {
	Ok(match item {
		Item::Profile => {
			let found = at.known_patient(patient).await?;
			let kept = found.profile.map(|profile| profile.document).zip(found.profile_vaults);
			kept.map(|(document, vaults)| Named { item, document, vaults })
		},
		Item::Record(index) => at.record_info(patient, index).await?.and_then(named_record),
	})
}

fn named_record(info: RecordInfo) -> Option<Named> {
	let (document, vaults) = info.record.document.zip(info.vaults)?;
	Some(Named { item: Item::Record(info.index), document, vaults })
}

/// The records that one call names, each once.
pub(crate) fn named(records: &[RecordIndex]) -> Result<RecordIndices> {
	let mut records = records.to_vec();
	records.sort_unstable();
	records.dedup();
	Ok(RecordIndices::try_from(records).map_err(|_| Error::TooManyNamed)?)
}

impl Client {
	/// Withdraws records: vaults stop giving them out. All are withdrawn, or none. Records that were withdrawn before, all of
	/// them, stay so.
	pub async fn withdraw(&self, records: &[RecordIndex]) -> Result<Done> {
		let call = Call::withdraw_records(named(records)?);
		let sent = self.conclude(&call).await;
		let before = self.withdrawn_before(call.name(), records);
		let done = self.or_done_before(sent, &["RecordWithdrawn"], before).await;
		// An author withdraws nothing, not even what they have added.
		let done = done.map_err(|why| match why.is_refusal("NotPatient") {
			true => Error::PatientWithdraws.into(),
			false => why,
		})?;
		self.titles.withdrawn(&done).await;
		Ok(done)
	}

	/// The outcome, if all of these records are withdrawn.
	async fn withdrawn_before(
		&self,
		call: String,
		records: &[RecordIndex],
	) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		let mut events = Vec::new();
		for index in records {
			let found = at.record_info(patient, *index).await?;
			if found.is_none_or(|info| info.record.document.is_some()) {
				return Ok(None);
			}
			let numbers = [("patient", patient.0), ("record", *index)];
			events.push(Event::recalled("MedicalRecords", "RecordWithdrawn", &numbers));
		}
		Ok(Some(done_before(&at, call, events, false)))
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn records_are_named_once_and_not_too_many() {
		assert_eq!(named(&[3, 1, 3]).unwrap().into_inner(), [1, 3]);
		let all: Vec<_> = (0..MAX_BATCH).collect();
		assert_eq!(named(&all).unwrap().len(), 128);
		let all: Vec<_> = (0..=MAX_BATCH).collect();
		assert!(matches!(named(&all), Err(crate::Error::Record(Error::TooManyNamed))));
	}
}
