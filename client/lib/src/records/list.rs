//! Listing a chart's records, with titles. Those that were read before are kept on this device.

use super::AT_ONCE;
use crate::{
	Error, Result, access,
	chain::At,
	chart::Opener,
	client::Client,
	records,
	titles::{Fetched, Listed, View},
	vault::{Beginnings, Item, Progress},
};
use futures::{StreamExt, stream};
use medblock_crypto::{Headers, Key};
use medblock_primitives::*;
use medblock_vault_protocol::heads::MAX_HEADS;
use pallet_medical_records_runtime_api::{MAX_PAGE, RecordInfo};
use std::collections::BTreeMap;

/// The number of requests for many titles at the same time.
const GROUPS_AT_ONCE: usize = 4;

/// A record of a chart, with its title.
#[derive(Debug)]
pub struct Entry {
	/// Its place in the chart.
	pub index: RecordIndex,
	/// The record as the chain has it.
	pub record: Record,
	/// The vaults of its document; none if it was withdrawn.
	pub vaults: Option<Vaults>,
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
	/// The vaults of its document; none if it was withdrawn.
	pub vaults: Option<Vaults>,
	/// The title, or the reason why it can't be read; nothing if it has to be fetched.
	pub title: Option<Result<Title>>,
}

impl From<Entry> for Known {
	fn from(entry: Entry) -> Self {
		let Entry { index, record, vaults, title } = entry;
		Self { index, record, vaults, title: Some(title) }
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
		let mut groups = stream::iter(in_groups(records))
			.map(|group| self.titled(patient, group, opener, kept))
			.buffered(GROUPS_AT_ONCE);
		while let Some(group) = groups.next().await {
			for (entry, is_new) in group {
				if is_new {
					fetched.take(&entry).await;
				}
				entries.push(entry);
				progress(entries.len() as u64, total);
			}
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
		let items = records.into_iter().map(|RecordInfo { index, record, vaults }| {
			let title = known(&opener, &kept, index, &record);
			Known { index, record, vaults, title }
		});
		Ok(Page { items: items.collect(), next })
	}

	/// These records of a chart, in this order, with their titles. Those that were read before are not fetched.
	///
	/// # Errors
	///
	/// [`records::Error::NoSuchRecord`] if there is no such record.
	pub async fn entries(
		&self,
		at: &At,
		patient: PatientId,
		wanted: &[RecordIndex],
	) -> Result<Vec<Entry>> {
		let opener = self.reading_opener(at, patient).await?;
		let scope = match &opener {
			Opener::Chart { .. } => Scope::Chart,
			Opener::Shared(_) => Scope::Records,
		};
		let mut found = Vec::new();
		for index in wanted {
			let info = at.record_info(patient, *index).await?;
			found.push(info.ok_or(Error::Record(records::Error::NoSuchRecord(*index)))?);
		}
		// It says nothing about other records.
		let listed = Listed::new(None, None, found.iter().map(|one| (one.index, &one.record)));
		let view = View { patient, scope };
		let kept = self.titles.known(view, &listed, wanted.iter().copied()).await;
		let mut entries = Vec::new();
		for group in in_groups(found) {
			let titled = self.titled(patient, group, &opener, &kept).await;
			entries.extend(titled.into_iter().map(|(entry, _)| entry));
		}
		Ok(entries)
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

	/// The entries of some records, and whether their titles were fetched.
	async fn titled(
		&self,
		patient: PatientId,
		group: Vec<RecordInfo>,
		opener: &Opener,
		kept: &BTreeMap<RecordIndex, Title>,
	) -> Vec<(Entry, bool)> {
		let there: Vec<_> =
			group.iter().map(|info| known(opener, kept, info.index, &info.record)).collect();
		let missing = group.iter().zip(&there).filter(|(_, title)| title.is_none());
		let missing: Vec<&RecordInfo> = missing.map(|(info, _)| info).collect();
		let beginnings = &self.fetch_beginnings(patient, &missing).await;
		stream::iter(group.into_iter().zip(there))
			.map(|(info, title)| async move {
				match title {
					Some(title) => (entry(info, title), false),
					None => {
						let title = self.title(patient, &info, opener, beginnings).await;
						(entry(info, title), true)
					},
				}
			})
			.buffered(AT_ONCE / GROUPS_AT_ONCE)
			.collect()
			.await
	}

	/// The title of a record, from its beginning, which is fetched unless it is among these.
	async fn title(
		&self,
		patient: PatientId,
		info: &RecordInfo,
		opener: &Opener,
		beginnings: &Beginnings,
	) -> Result<Title> {
		let RecordInfo { index, record, vaults } = info;
		let (index, item) = (*index, Item::Record(*index));
		let kept = record.document.as_ref().zip(vaults.as_ref());
		let (document, vaults) = kept.ok_or(Error::Record(records::Error::Withdrawn(index)))?;
		let fetched;
		let beginning = match beginnings.get(&index) {
			Some(beginning) => beginning,
			None => {
				fetched = self.fetch_beginning(patient, item, document, vaults).await?;
				&fetched
			},
		};
		let peek = |key: Key<'_>| medblock_crypto::peek(key, beginning);
		let (headers, really_sealed_to) = opener.with_key(index, record.sealed_to, peek)?;
		Ok(Title { headers, really_sealed_to })
	}
}

/// The records in groups of as many as a vault gives the beginnings of at once.
fn in_groups(records: Vec<RecordInfo>) -> impl Iterator<Item = Vec<RecordInfo>> {
	let mut records = records.into_iter();
	std::iter::from_fn(move || {
		let group: Vec<_> = records.by_ref().take(MAX_HEADS).collect();
		(!group.is_empty()).then_some(group)
	})
}

fn entry(info: RecordInfo, title: Result<Title>) -> Entry {
	let RecordInfo { index, record, vaults } = info;
	Entry { index, record, vaults, title }
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
