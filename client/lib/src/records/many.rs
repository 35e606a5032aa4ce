//! Opening many records of one chart: its keys are looked up once.

use super::{
	Opened,
	open::{Readable, readable},
};
use crate::{Error, Result, chain::At, chart::Opener, client::Client, records, vault::Progress};
use medblock_platform::Files;
use medblock_primitives::*;
use pallet_medical_records_runtime_api::RecordInfo;
use std::{collections::BTreeMap, sync::Arc};

/// A chart at a block, of which several records may be opened at the same time. Vaults decide about access for each of them
/// when it is fetched.
pub struct OpenChart<'a> {
	client: &'a Client,
	patient: PatientId,
	opener: Arc<Opener>,
	records: BTreeMap<RecordIndex, RecordInfo>,
}

impl Client {
	/// A chart with its keys, to open records of it. If single records were shared, it has just those.
	///
	/// # Errors
	///
	/// The reason why the account can't see the chart.
	pub async fn open_chart(&self, at: &At, patient: PatientId) -> Result<OpenChart<'_>> {
		let opener = Arc::new(self.reading_opener(at, patient).await?);
		let all = at.all_records(patient, None).await?.into_iter();
		let is_shown = |one: &RecordInfo| match &*opener {
			Opener::Shared(keys) => keys.contains_key(&one.index),
			Opener::Chart { .. } => true,
		};
		let records = all.filter(is_shown).map(|one| (one.index, one)).collect();
		Ok(OpenChart { client: self, patient, opener, records })
	}
}

impl OpenChart<'_> {
	/// The chart's patient.
	pub fn patient(&self) -> PatientId {
		self.patient
	}

	/// The records as the chain has them, in their order.
	pub fn records(&self) -> impl Iterator<Item = &RecordInfo> {
		self.records.values()
	}

	/// One of them.
	pub fn record(&self, index: RecordIndex) -> Option<&RecordInfo> {
		self.records.get(&index)
	}

	/// Opens one of them, as [`Client::open_between`].
	///
	/// # Errors
	///
	/// [`records::Error::NoSuchRecord`], or as of [`Client::open`].
	pub async fn open(
		&self,
		index: RecordIndex,
		storages: (&dyn Files, &dyn Files),
		progress: &Progress,
	) -> Result<Opened> {
		let info = self.record(index).cloned();
		let info = info.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
		let record: Readable = readable(info, self.opener.clone())?;
		self.client.open_named(self.patient, record, storages, progress).await
	}
}
