//! Listing a chart's records, with titles.

use super::AT_ONCE;
use crate::{
	Error, Result, access,
	chain::At,
	chart::Opener,
	client::Client,
	records,
	vault::{Item, Progress},
};
use futures::{StreamExt, stream};
use medblock_crypto::{Headers, Key};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{MAX_PAGE, RecordInfo};

/// A record of a chart, with its title.
#[derive(Debug)]
pub struct Entry {
	/// Its place in the chart.
	pub index: RecordIndex,
	/// The record as the chain has it.
	pub record: Record,
	/// The author's title for it, or the reason why it can't be read.
	pub title: Result<Title>,
}

/// A record's own description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
	/// The title, type, file name and date.
	pub headers: Headers,
	/// The epoch to which it is really sealed, where the chain names another. A doctor who has lost
	/// access since then may be able to open it.
	pub really_sealed_to: Option<Epoch>,
}

impl Client {
	/// The records of a chart at a block, with their titles. The client fetches only the beginning of
	/// each. If single records were shared, the list contains just those.
	pub async fn list(
		&self,
		at: &At,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		progress: &Progress,
	) -> Result<Page<Entry, RecordIndex>> {
		let opener = self.opener(at, patient).await?;
		let Page { items: mut records, mut next } = match limit {
			Some(limit) if limit <= MAX_PAGE => at.records(patient, after, limit).await?,
			_ => Page { items: at.all_records(patient, after).await?, next: None },
		};
		if let Opener::Shared(keys) = &opener {
			records.retain(|one| keys.contains_key(&one.index));
		}
		let limit = limit.map_or(usize::MAX, |limit| limit as usize);
		if records.len() > limit {
			records.truncate(limit);
			next = records.last().map(|one| one.index);
		}
		let (total, opener) = (records.len() as u64, &opener);
		let mut entries = Vec::new();
		let mut titles = stream::iter(records)
			.map(|RecordInfo { index, record }| async move {
				let title = self.title(patient, index, &record, opener).await;
				Entry { index, record, title }
			})
			.buffered(AT_ONCE);
		while let Some(entry) = titles.next().await {
			entries.push(entry);
			progress(entries.len() as u64, total);
		}
		Ok(Page { items: entries, next })
	}

	async fn title(
		&self,
		patient: PatientId,
		index: RecordIndex,
		record: &Record,
		opener: &Opener,
	) -> Result<Title> {
		let document =
			record.document.as_ref().ok_or(Error::Record(records::Error::Withdrawn(index)))?;
		if !opener.may_open(index, record.sealed_to) {
			return Err(Error::Access(access::Error::AwaitingPatient));
		}
		let vault = self.vault(document.vault).await?;
		let beginning = vault.beginning(patient, Item::Record(index), document).await?;
		let peek = |key: Key<'_>| medblock_crypto::peek(key, &beginning);
		let (headers, really_sealed_to) = opener.with_key(index, record.sealed_to, peek)?;
		Ok(Title { headers, really_sealed_to })
	}
}
