//! Listing a chart's records, with titles. Those that were read before are kept on this device.

use super::AT_ONCE;
use crate::{
	Error, Result, access,
	chain::At,
	chart::Opener,
	client::Client,
	records,
	titles::{Fetched, Listed, View},
	vault::{Item, Progress},
};
use futures::{StreamExt, stream};
use medblock_crypto::{Headers, Key};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{MAX_PAGE, RecordInfo};
use std::collections::BTreeMap;

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

/// A record of a chart, with its title as far as this device knows it.
#[derive(Debug)]
pub struct Known {
	/// Its place in the chart.
	pub index: RecordIndex,
	/// The record as the chain has it.
	pub record: Record,
	/// The title, or the reason why it can't be read; nothing if it has to be fetched.
	pub title: Option<Result<Title>>,
}

impl From<Entry> for Known {
	fn from(entry: Entry) -> Self {
		let Entry { index, record, title } = entry;
		Self { index, record, title: Some(title) }
	}
}

/// A part of a chart at a block, before any title is fetched.
struct Part {
	opener: Opener,
	view: View,
	records: Vec<RecordInfo>,
	next: Option<RecordIndex>,
	/// The titles that this device has kept.
	kept: BTreeMap<RecordIndex, Title>,
}

impl Client {
	/// The records of a chart at a block, with their titles. The client fetches only the beginning of
	/// each, and nothing of those whose titles this device has kept. If single records were shared, the
	/// list contains just those.
	pub async fn list(
		&self,
		at: &At,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		progress: &Progress,
	) -> Result<Page<Entry, RecordIndex>> {
		let part = self.part(at, patient, after, limit).await?;
		let Part { opener, view, records, next, kept } = part;
		let (total, opener, kept) = (records.len() as u64, &opener, &kept);
		let (mut entries, mut fetched) = (Vec::new(), Fetched::new(&self.titles, view));
		let mut titles = stream::iter(records)
			.map(|RecordInfo { index, record }| async move {
				match known(opener, kept, index, &record) {
					Some(title) => (Entry { index, record, title }, false),
					None => {
						let title = self.title(patient, index, &record, opener).await;
						(Entry { index, record, title }, true)
					},
				}
			})
			.buffered(AT_ONCE);
		while let Some((entry, is_new)) = titles.next().await {
			if is_new {
				fetched.take(&entry).await;
			}
			entries.push(entry);
			progress(entries.len() as u64, total);
		}
		fetched.finish().await;
		self.forget_closed_once(at, view).await;
		Ok(Page { items: entries, next })
	}

	/// The same records, with those titles only that this device has kept. No vault is asked. A program that shows
	/// them at once calls [`Client::list`] for the others.
	pub async fn list_known(
		&self,
		at: &At,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
	) -> Result<Page<Known, RecordIndex>> {
		let Part { opener, records, next, kept, .. } = self.part(at, patient, after, limit).await?;
		let items = records.into_iter().map(|RecordInfo { index, record }| {
			let title = known(&opener, &kept, index, &record);
			Known { index, record, title }
		});
		Ok(Page { items: items.collect(), next })
	}

	async fn part(
		&self,
		at: &At,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
	) -> Result<Part> {
		let opener = self.reading_opener(at, patient).await?;
		let Page { items: mut records, mut next } = match limit {
			Some(limit) if limit <= MAX_PAGE => at.records(patient, after, limit).await?,
			_ => Page { items: at.all_records(patient, after).await?, next: None },
		};
		let all: Vec<RecordIndex> = records.iter().map(|one| one.index).collect();
		let mut scope = Scope::Chart;
		if let Opener::Shared(keys) = &opener {
			records.retain(|one| keys.contains_key(&one.index));
			scope = Scope::Records;
		}
		let limit = limit.map_or(usize::MAX, |limit| limit as usize);
		if records.len() > limit {
			records.truncate(limit);
			next = records.last().map(|one| one.index);
		}
		let view = View { patient, scope };
		let listed = records.iter().map(|one| (one.index, &one.record));
		let listed = Listed::new(after, next.or(all.last().copied()), listed);
		let kept = self.titles.known(view, &listed, all.into_iter()).await;
		Ok(Part { opener, view, records, next, kept })
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
		let vault = self.vault(document.vault).await?;
		let beginning = vault.beginning(patient, Item::Record(index), document).await?;
		let peek = |key: Key<'_>| medblock_crypto::peek(key, &beginning);
		let (headers, really_sealed_to) = opener.with_key(index, record.sealed_to, peek)?;
		Ok(Title { headers, really_sealed_to })
	}
}

/// A title that need not be fetched, or the reason why it can't be read.
fn known(
	opener: &Opener,
	kept: &BTreeMap<RecordIndex, Title>,
	index: RecordIndex,
	record: &Record,
) -> Option<Result<Title>> {
	if record.document.is_none() {
		return Some(Err(Error::Record(records::Error::Withdrawn(index))));
	}
	if !opener.may_open(index, record.sealed_to) {
		return Some(Err(Error::Access(access::Error::AwaitingPatient)));
	}
	kept.get(&index).cloned().map(Ok)
}
