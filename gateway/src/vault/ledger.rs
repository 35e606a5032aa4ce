//! The ledger: which accounts uploaded a blob, until when it is kept though nothing names it, which uploads are
//! incomplete, and the use of quotas.
//!
//! The use of quotas is kept for each patient with files here, for each account with uploads that no final block names
//! yet, and for all of these together. It changes with what it counts, in one change, so that it is never added up.
//! Whatever changes a chart's files holds the chart's lock, and then takes the use of all, that of accounts in their
//! order, and that of the patient: so no two changes wait for each other.
//!
//! Before a blob is deleted it is marked, and no account may upload it until the mark is gone. So no gateway deletes what
//! another one has just stored, and a deletion that a crash has cut off is finished later.

mod entry;
mod former;
mod quota;
mod uploads;
mod walk;

pub use entry::{Entry, Fate};
pub use former::Former;
pub use quota::Quotas;
pub use uploads::{Piece, Upload};
pub use walk::Walk;

use super::staging::UploadId;
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	state::{Change, Lock, Row, State, Value, values},
};
use entry::{ENTRY, correct, entry_in, mark, take_uploaders, write};
use medblock_primitives::{Moment, PatientId};
use quota::Subject;
use std::{collections::HashMap, io, time::Duration};

/// The most accounts that an entry lists as uploaders.
const MAX_UPLOADERS: usize = 128;
/// The time after which a deletion that has not ended is begun again: longer than any request to a store may take.
const DELETION: Duration = Duration::from_secs(10 * 60);

/// What came of an uploader's wish to take a blob back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
	/// The account has not uploaded it.
	Nothing,
	/// It stays, for others or because a chart has named it.
	Kept,
	/// It is marked, and has to be deleted now.
	Marked,
}

/// What a final block's word on a blob has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
	/// It came out of quarantine.
	pub released: bool,
	/// It no longer counts towards its uploaders' quotas.
	pub settled: bool,
}

/// All entries, and the use of quotas.
#[derive(Clone)]
pub struct Ledger {
	state: State,
}

impl Ledger {
	/// The ledger in a state.
	pub fn new(state: State) -> Self {
		Self { state }
	}

	/// A blob's entry, if there is one.
	pub async fn entry(&self, blob: &BlobId) -> io::Result<Option<Entry>> {
		entry_in(&self.state.all(ENTRY, of(blob)).await?)
	}

	/// The entries of a patient, without their uploaders.
	pub async fn entries(&self, patient: PatientId) -> io::Result<HashMap<Digest, Entry>> {
		let statement = "SELECT size, keep_until, settled, quarantined, deleting, digest \
			FROM files WHERE patient = $1";
		let rows = self.state.all(statement, values![patient.0]).await?;
		let read = |row: &Row| -> io::Result<(Digest, Entry)> {
			Ok((Digest(row.bytes(5)?), Entry::of(row)?))
		};
		rows.iter().map(read).collect()
	}

	/// Enters a blob that this account has sent in full. Its reservation counts as well, until it is
	/// [ended](Self::end).
	pub async fn enter(
		&self,
		id: &UploadId,
		size: u64,
		prepared: bool,
		now: Moment,
	) -> io::Result<Result<(), Refusal>> {
		let mut change = self.change(&id.blob).await?;
		let before = entry_in(&change.all(ENTRY, of(&id.blob)).await?)?;
		let mut entry = before.clone().unwrap_or_else(|| Entry::new(size));
		if entry.deleting {
			return Ok(Err(Refusal::Busy));
		}
		entry.keep(now, prepared);
		if entry.size != size {
			correct(&mut change, id.blob.patient, &mut entry, size).await?;
		}
		write(&mut change, &id.blob, &entry).await?;
		if !entry.has(&id.account) && entry.uploaders.len() < MAX_UPLOADERS {
			let statement = "INSERT INTO uploaders (patient, digest, account) VALUES ($1, $2, $3)";
			change.run(statement, of_upload(id)).await?;
			if !entry.settled {
				quota::add_account(&mut change, id.account, entry.size).await?;
			}
		}
		if before.is_none() {
			let patient = Subject::Patient(id.blob.patient);
			quota::add(&mut change, patient, entry.size, 0).await?;
		}
		change.commit().await.map(Ok)
	}

	/// Keeps a blob for the usual time from `now`, if it is not being deleted. Returns whether it is there.
	pub async fn renew(&self, blob: &BlobId, prepared: bool, now: Moment) -> io::Result<bool> {
		let mut change = self.change(blob).await?;
		let found = entry_in(&change.all(ENTRY, of(blob)).await?)?;
		let Some(mut entry) = found.filter(|entry| !entry.deleting) else { return Ok(false) };
		entry.keep(now, prepared);
		write(&mut change, blob, &entry).await?;
		change.commit().await.map(|()| true)
	}

	/// Adds an entry for a blob that was found in the store without one. Returns whether there was none.
	pub async fn adopt(&self, blob: &BlobId, size: u64, now: Moment) -> io::Result<bool> {
		let mut change = self.change(blob).await?;
		if !change.all(ENTRY, of(blob)).await?.is_empty() {
			return Ok(false);
		}
		let mut entry = Entry::new(size);
		entry.keep(now, false);
		write(&mut change, blob, &entry).await?;
		quota::add(&mut change, Subject::Patient(blob.patient), size, 0).await?;
		change.commit().await.map(|()| true)
	}

	/// Takes an uploader of a blob away. One without others is marked, unless a chart has ever named it: there may be
	/// no other copy of it, and that the chart names it no more is the word of one node. Garbage collection asks two.
	/// `named` says whether the chart names it now, and `clock` is this machine's time.
	pub async fn withdraw(
		&self,
		id: &UploadId,
		named: bool,
		clock: Moment,
	) -> io::Result<Result<Withdrawn, Refusal>> {
		let mut change = self.change(&id.blob).await?;
		let found = entry_in(&change.all(ENTRY, of(&id.blob)).await?)?;
		let Some(mut entry) = found.filter(|entry| entry.has(&id.account)) else {
			return Ok(Ok(Withdrawn::Nothing));
		};
		if named {
			return Ok(Err(Refusal::Referenced));
		}
		let statement = "DELETE FROM uploaders WHERE patient = $1 AND digest = $2 AND account = $3";
		change.run(statement, of_upload(id)).await?;
		if !entry.settled {
			quota::take_account(&mut change, id.account, entry.size).await?;
		}
		entry.uploaders.retain(|one| *one != id.account);
		let is_kept = entry.settled || !entry.uploaders.is_empty();
		if !is_kept {
			mark(&mut change, &id.blob, &entry, clock).await?;
		}
		change.commit().await?;
		Ok(Ok(if is_kept { Withdrawn::Kept } else { Withdrawn::Marked }))
	}

	/// Notes that a final block names a blob: it leaves quarantine, and is settled if the store has it.
	pub async fn note_named(&self, blob: &BlobId, stored: bool) -> io::Result<Noted> {
		let mut change = self.change(blob).await?;
		let found = entry_in(&change.all(ENTRY, of(blob)).await?)?;
		let Some(mut entry) = found.filter(|entry| !entry.deleting) else {
			return Ok(Noted::default());
		};
		let noted = Noted {
			released: entry.quarantined.take().is_some(),
			settled: stored && !entry.settled,
		};
		if noted.settled {
			entry.settled = true;
			take_uploaders(&mut change, &entry).await?;
		}
		write(&mut change, blob, &entry).await?;
		change.commit().await?;
		Ok(noted)
	}

	/// Takes a blob that nothing names into quarantine, or marks it if its time there is over. `clock` is this machine's
	/// time.
	pub async fn collect(&self, blob: &BlobId, now: Moment, clock: Moment) -> io::Result<Fate> {
		let mut change = self.change(blob).await?;
		// Read again: it may have been uploaded again since.
		let Some(mut entry) = entry_in(&change.all(ENTRY, of(blob)).await?)? else {
			return Ok(Fate::Stays);
		};
		let fate = entry.fate(now);
		match fate {
			Fate::Stays => return Ok(fate),
			Fate::Quarantine => {
				entry.quarantined = Some(now);
				write(&mut change, blob, &entry).await?;
			},
			Fate::Deletion => {
				if !entry.settled {
					take_uploaders(&mut change, &entry).await?;
				}
				mark(&mut change, blob, &entry, clock).await?;
			},
		}
		change.commit().await.map(|()| fate)
	}

	/// Removes the entry of a marked blob that is gone from the store.
	pub async fn remove(&self, blob: &BlobId) -> io::Result<()> {
		let mut change = self.change(blob).await?;
		let statement = "DELETE FROM files \
			WHERE patient = $1 AND digest = $2 AND deleting IS NOT NULL RETURNING size";
		let Some(row) = change.run(statement, of(blob)).await? else { return Ok(()) };
		quota::take(&mut change, Subject::Patient(blob.patient), row.number(0)?, 0).await?;
		change.commit().await
	}

	/// The blobs whose deletion has begun long ago by this machine's clock, and has not ended. They are marked anew. So are
	/// those of a clock that was ahead, since no account may upload them as long as their marks last: they begin to be old.
	pub async fn unfinished(&self, clock: Moment) -> io::Result<Vec<BlobId>> {
		let long = Moment::try_from(DELETION.as_millis()).unwrap_or(Moment::MAX);
		let statement =
			"UPDATE files SET deleting = $1 WHERE deleting <= $2 RETURNING patient, digest";
		let mut change = self.state.change().await?;
		let rows = change.all(statement, values![clock, clock.saturating_sub(long)]).await?;
		change.run("UPDATE files SET deleting = $1 WHERE deleting > $1", values![clock]).await?;
		change.commit().await?;
		let blob = |row: &Row| -> io::Result<BlobId> {
			Ok(BlobId { patient: PatientId(row.short(0)?), digest: Digest(row.bytes(1)?) })
		};
		rows.iter().map(blob).collect()
	}

	/// Whether the account, and all accounts together, have quota left for another upload.
	pub async fn has_room(&self, id: &UploadId, length: u64, quotas: &Quotas) -> io::Result<bool> {
		quota::has_room(&self.state, id, length, quotas).await
	}

	/// The bytes of all uploads that no final block names yet, incomplete ones included.
	pub async fn unnamed(&self) -> io::Result<u64> {
		Ok(quota::used(&self.state, Subject::All).await?.bytes)
	}

	/// Begins a change of a chart's files.
	async fn change(&self, blob: &BlobId) -> io::Result<Change> {
		let mut change = self.state.change().await?;
		change.lock(Lock::Chart(blob.patient)).await?;
		Ok(change)
	}
}

fn of(blob: &BlobId) -> Vec<Value> {
	values![blob.patient.0, blob.digest.0]
}

fn of_upload(id: &UploadId) -> Vec<Value> {
	values![id.blob.patient.0, id.blob.digest.0, id.account]
}
