//! A piece of what is kept of a chart: the titles of records with numbers in a row.

use crate::records::Title;
use codec::{Decode, Encode};
use medblock_crypto::{CacheKey, Headers};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::MAX_PAGE;
use std::collections::BTreeMap;

/// The number of records in a segment: a page of the chain, so that a page is one read.
pub(super) const RECORDS: u32 = MAX_PAGE;

/// The longest segment that is read or written, in bytes. A full one whose titles and file names are as long as they
/// may be is shorter.
pub(super) const LONGEST: usize = 512 * 1_024;

/// A segment's length steps by so many bytes, so that it says little about the titles in it.
const STEP: usize = 4 * 1_024;

/// The titles of a segment's records, by the records' places in the chart.
#[derive(Default)]
pub(super) struct Segment(BTreeMap<RecordIndex, Kept>);

/// The title of one record. It holds for this very document only.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Kept {
	digest: [u8; 32],
	/// One node may have named another head for the same digest.
	head: [u8; 16],
	size: u64,
	sealed_to: Epoch,
	really_sealed_to: Option<Epoch>,
	title: String,
	media_type: String,
	file_name: Option<String>,
	written_at: Option<i64>,
}

impl Kept {
	/// What is kept of a record; nothing of one that was withdrawn.
	pub(crate) fn of(record: &Record, title: &Title) -> Option<Self> {
		let Document { digest, head, size, .. } = record.document.clone()?;
		let Headers { title: text, media_type, file_name, written_at } = title.headers.clone();
		Some(Self {
			digest,
			head,
			size,
			sealed_to: record.sealed_to,
			really_sealed_to: title.really_sealed_to,
			title: text,
			media_type,
			file_name,
			written_at,
		})
	}

	/// Whether this is the title of the record as the chain has it.
	fn is_of(&self, record: &Record) -> bool {
		let here = (&self.digest, &self.head, self.size, self.sealed_to);
		record.document.as_ref().is_some_and(|document| {
			here == (&document.digest, &document.head, document.size, record.sealed_to)
		})
	}

	fn into_title(self) -> Title {
		let Self { title, media_type, file_name, written_at, really_sealed_to, .. } = self;
		Title { headers: Headers { title, media_type, file_name, written_at }, really_sealed_to }
	}
}

impl Segment {
	/// The titles in a sealed segment; nothing if it is damaged, or another one.
	pub(super) fn open(key: &CacheKey, bound: &[u8], sealed: &[u8]) -> Option<Self> {
		let plain = key.open(bound, sealed)?;
		Decode::decode(&mut &plain[..]).ok().map(Self)
	}

	/// The sealed segment.
	pub(super) fn seal(&self, key: &CacheKey, bound: &[u8]) -> Vec<u8> {
		let mut plain = zeroize::Zeroizing::new(self.0.encode());
		let padded = plain.len().next_multiple_of(STEP);
		plain.resize(padded, 0);
		key.seal(bound, &plain)
	}

	pub(super) fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// Takes titles in, in place of those of the same records.
	pub(super) fn take(&mut self, titles: Vec<(RecordIndex, Kept)>) {
		self.0.extend(titles);
	}

	pub(super) fn remove(&mut self, record: RecordIndex) {
		self.0.remove(&record);
	}

	/// Drops the titles of records that a listing should have, and has not, or with other documents.
	pub(super) fn sift(&mut self, listed: &Listed<'_>) {
		self.0.retain(|index, kept| listed.fits(*index, kept));
	}

	/// Whether [`Self::sift`] would drop a title.
	pub(super) fn is_stale(&self, listed: &Listed<'_>) -> bool {
		self.0.iter().any(|(index, kept)| !listed.fits(*index, kept))
	}

	/// The titles of the records in a listing.
	pub(super) fn known(self, listed: &Listed<'_>) -> impl Iterator<Item = (RecordIndex, Title)> {
		let found = self.0.into_iter();
		found
			.filter(|(index, kept)| listed.record(*index).is_some_and(|one| kept.is_of(one)))
			.map(|(index, kept)| (index, kept.into_title()))
	}
}

/// The records of a listing, and the part of the chart that it is about.
pub(crate) struct Listed<'a> {
	/// The listing has what comes after this record.
	after: Option<RecordIndex>,
	/// The last record that it is about; none if the chart has nothing there. Titles of later ones may be known from a
	/// later block.
	last: Option<RecordIndex>,
	records: BTreeMap<RecordIndex, &'a Record>,
}

impl<'a> Listed<'a> {
	/// The records after one, up to a last one.
	pub(crate) fn new(
		after: Option<RecordIndex>,
		last: Option<RecordIndex>,
		records: impl Iterator<Item = (RecordIndex, &'a Record)>,
	) -> Self {
		Self { after, last, records: records.collect() }
	}

	fn record(&self, index: RecordIndex) -> Option<&Record> {
		self.records.get(&index).copied()
	}

	fn covers(&self, index: RecordIndex) -> bool {
		self.after.is_none_or(|after| index > after) && self.last.is_some_and(|last| index <= last)
	}

	fn fits(&self, index: RecordIndex, kept: &Kept) -> bool {
		!self.covers(index) || self.record(index).is_some_and(|record| kept.is_of(record))
	}
}
