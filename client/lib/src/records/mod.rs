//! The records of a chart.

mod add;
mod list;
mod media;
mod open;

pub use list::{Entry, Known, Title};
pub use media::{BEGINNING, media_type};
pub use open::Opened;

use crate::{
	Result,
	chain::{At, Call},
	client::{Client, Done},
};
use medblock_primitives::*;

/// The reason why a record can't be added or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// There is no such record.
	#[error("the chart has no record {0}")]
	NoSuchRecord(RecordIndex),
	/// The record was withdrawn.
	#[error("record {0} was withdrawn by the patient")]
	Withdrawn(RecordIndex),
	/// The call would add more files than one call may.
	#[error("at most {MAX_BATCH} files can be added at once")]
	TooManyFiles,
	/// The call would name more records than one call may.
	#[error("at most {MAX_BATCH} records can be named at once")]
	TooManyNamed,
}

/// The number of files that are fetched, or sent, at the same time.
pub(crate) const AT_ONCE: usize = medblock_vault_protocol::uploads::AT_ONCE;

/// Every document that a chart names.
pub(crate) async fn documents(at: &At, patient: PatientId) -> Result<Vec<Document>> {
	let mut all: Vec<Document> = at
		.known_patient(patient)
		.await?
		.profile
		.into_iter()
		.map(|profile| profile.document)
		.collect();
	let records = at.all_records(patient, None).await?;
	all.extend(records.into_iter().filter_map(|one| one.record.document));
	Ok(all)
}

/// The records that one call names, each once.
pub(crate) fn named(records: &[RecordIndex]) -> Result<RecordIndices> {
	let mut records = records.to_vec();
	records.sort_unstable();
	records.dedup();
	Ok(RecordIndices::try_from(records).map_err(|_| Error::TooManyNamed)?)
}

impl Client {
	/// Withdraws records: vaults stop giving them out. All are withdrawn, or none.
	pub async fn withdraw(&self, records: &[RecordIndex]) -> Result<Done> {
		let done = self.conclude(&Call::withdraw_records(named(records)?)).await?;
		self.titles.withdrawn(&done).await;
		Ok(done)
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
