//! A blob's entry, and how it is read and written.

use super::{of, quota, quota::Subject};
use crate::{
	blob::BlobId,
	state::{Change, Row, values},
	vault::{KEPT, KEPT_PREPARED, QUARANTINE},
};
use medblock_primitives::{Moment, PatientId};
use std::io;

/// Reads an entry, in a row for each uploader.
pub(super) const ENTRY: &str = "SELECT files.size, files.keep_until, files.settled, files.quarantined, \
	files.deleting, uploaders.account FROM files LEFT JOIN uploaders \
	ON uploaders.patient = files.patient AND uploaders.digest = files.digest \
	WHERE files.patient = $1 AND files.digest = $2";

/// A blob's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
	/// The blob's length in bytes.
	pub size: u64,
	/// The accounts that have sent all of it.
	pub(super) uploaders: Vec<[u8; 32]>,
	/// The chain time until which it is kept though nothing names it.
	pub keep_until: Moment,
	/// Whether a final block has named it. Then it no longer counts towards its uploaders' quotas.
	pub settled: bool,
	/// The chain time at which it came into quarantine, if it is there.
	pub quarantined: Option<Moment>,
	/// Whether it is being deleted.
	pub deleting: bool,
}

/// What becomes of a blob that nothing names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
	/// It stays as it is.
	Stays,
	/// Its time after the upload is over: it comes into quarantine.
	Quarantine,
	/// Its time in quarantine is over: it is deleted.
	Deletion,
}

impl Entry {
	/// The entry of a blob of this length, without an uploader.
	pub fn new(size: u64) -> Self {
		let uploaders = Vec::new();
		Self { size, uploaders, keep_until: 0, settled: false, quarantined: None, deleting: false }
	}

	/// Reads one from a row with these columns first.
	pub(super) fn of(row: &Row) -> io::Result<Self> {
		Ok(Self {
			size: row.number(0)?,
			uploaders: Vec::new(),
			keep_until: row.number(1)?,
			settled: row.number(2)? != 0,
			quarantined: row.optional(3)?,
			deleting: row.optional(4)?.is_some(),
		})
	}

	/// Whether this account is an uploader.
	pub fn has(&self, account: &[u8; 32]) -> bool {
		self.uploaders.contains(account)
	}

	/// Keeps the blob for the usual time from `now`, out of quarantine.
	pub fn keep(&mut self, now: Moment, prepared: bool) {
		let kept = if prepared { KEPT_PREPARED } else { KEPT };
		self.keep_until = self.keep_until.max(now.saturating_add(kept));
		self.quarantined = None;
	}

	/// What becomes of the blob at `now` if nothing names it.
	pub fn fate(&self, now: Moment) -> Fate {
		match self.quarantined {
			_ if self.deleting => Fate::Stays,
			None if now >= self.keep_until => Fate::Quarantine,
			Some(since) if now >= since.saturating_add(QUARANTINE) => Fate::Deletion,
			_ => Fate::Stays,
		}
	}
}

/// The entry in the rows of [`ENTRY`], one for each uploader, in the accounts' order.
pub(super) fn entry_in(rows: &[Row]) -> io::Result<Option<Entry>> {
	let Some(first) = rows.first() else { return Ok(None) };
	let mut entry = Entry::of(first)?;
	for row in rows {
		entry.uploaders.extend(row.optional_bytes::<32>(5)?);
	}
	entry.uploaders.sort_unstable();
	Ok(Some(entry))
}

/// Writes a blob's entry, but for its uploaders and its mark.
pub(super) async fn write(change: &mut Change, blob: &BlobId, entry: &Entry) -> io::Result<()> {
	let statement = "INSERT INTO files (patient, digest, size, keep_until, settled, quarantined) \
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (patient, digest) DO UPDATE SET \
		size = excluded.size, keep_until = excluded.keep_until, settled = excluded.settled, \
		quarantined = excluded.quarantined";
	let Entry { size, keep_until, settled, quarantined, .. } = entry;
	let mut values = of(blob);
	values.extend(values![*size, *keep_until, *settled, *quarantined]);
	change.run(statement, values).await.map(drop)
}

/// Gives an entry the length of the file that was received now, and of which the digest was checked. It had that of what
/// lay in the store under this name, and was cut short.
pub(super) async fn correct(
	change: &mut Change,
	patient: PatientId,
	entry: &mut Entry,
	size: u64,
) -> io::Result<()> {
	let counted: &[[u8; 32]] = if entry.settled { &[] } else { &entry.uploaders };
	for account in counted {
		quota::take_account(change, *account, entry.size).await?;
		quota::add_account(change, *account, size).await?;
	}
	quota::take(change, Subject::Patient(patient), entry.size, 0).await?;
	quota::add(change, Subject::Patient(patient), size, 0).await?;
	entry.size = size;
	Ok(())
}

/// Marks a blob that is about to be deleted. It has no uploaders any more.
pub(super) async fn mark(
	change: &mut Change,
	blob: &BlobId,
	entry: &Entry,
	clock: Moment,
) -> io::Result<()> {
	write(change, blob, entry).await?;
	let uploaders = "DELETE FROM uploaders WHERE patient = $1 AND digest = $2";
	change.run(uploaders, of(blob)).await?;
	let statement = "UPDATE files SET deleting = $3 WHERE patient = $1 AND digest = $2";
	let mut values = of(blob);
	values.extend(values![clock]);
	change.run(statement, values).await.map(drop)
}

/// Counts a blob no longer towards its uploaders' quotas.
pub(super) async fn take_uploaders(change: &mut Change, entry: &Entry) -> io::Result<()> {
	for account in &entry.uploaders {
		quota::take_account(change, *account, entry.size).await?;
	}
	Ok(())
}
