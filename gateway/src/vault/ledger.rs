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

mod quota;
mod walk;

pub use quota::Quotas;
pub use walk::Walk;

use super::{KEPT, KEPT_PREPARED, QUARANTINE, staging::UploadId};
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	state::{Change, Lock, Row, State, Value, values},
};
use medblock_primitives::{Moment, PatientId};
use quota::Subject;
use std::{collections::HashMap, io, time::Duration};

/// The most accounts that an entry lists as uploaders.
const MAX_UPLOADERS: usize = 128;
/// The time after which a deletion that has not ended is begun again: longer than any request to a store may take.
const DELETION: Duration = Duration::from_secs(10 * 60);

const ENTRY: &str = "SELECT files.size, files.keep_until, files.settled, files.quarantined, \
	files.deleting, uploaders.account FROM files LEFT JOIN uploaders \
	ON uploaders.patient = files.patient AND uploaders.digest = files.digest \
	WHERE files.patient = $1 AND files.digest = $2";

const PIECES: &str = "SELECT begins, length, gateway FROM pieces \
	WHERE patient = $1 AND digest = $2 AND account = $3 ORDER BY begins";
const DROP_PIECES: &str = "DELETE FROM pieces WHERE patient = $1 AND digest = $2 AND account = $3";

/// A blob's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
	/// The blob's length in bytes.
	pub size: u64,
	/// The accounts that have sent all of it.
	uploaders: Vec<[u8; 32]>,
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
	fn of(row: &Row) -> io::Result<Self> {
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

/// An incomplete upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
	/// The length of the complete file.
	pub length: u64,
	/// Whether the transaction that names the file is signed elsewhere, later.
	pub prepared: bool,
	/// When the upload began or was last resumed: a final block's time.
	pub active: Moment,
	/// The gateway on whose disk its bytes are.
	pub gateway: String,
}

/// Bytes of an incomplete upload that are in the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
	/// The offset of the first one.
	pub begins: u64,
	/// The number of bytes.
	pub length: u64,
	/// The gateway that received them.
	pub gateway: String,
}

/// A blob's entry that an earlier version of the gateway kept in a file.
pub struct Former {
	/// The blob.
	pub digest: Digest,
	/// [`Entry::size`].
	pub size: u64,
	/// The accounts that have sent all of it.
	pub uploaders: Vec<[u8; 32]>,
	/// [`Entry::keep_until`].
	pub keep_until: Moment,
	/// [`Entry::settled`].
	pub settled: bool,
	/// [`Entry::quarantined`].
	pub quarantined: Option<Moment>,
}

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

	/// An incomplete upload.
	pub async fn upload(&self, id: &UploadId) -> io::Result<Option<Upload>> {
		let statement = "SELECT length, prepared, active, gateway FROM uploads \
			WHERE patient = $1 AND digest = $2 AND account = $3";
		let row = self.state.one(statement, of_upload(id)).await?;
		row.map(|row| upload_in(&row, 0)).transpose()
	}

	/// The incomplete uploads that were last resumed at `active` or before.
	pub async fn uploads_since(&self, active: Moment) -> io::Result<Vec<(UploadId, Upload)>> {
		let statement = "SELECT patient, digest, account, length, prepared, active, gateway \
			FROM uploads WHERE active <= $1";
		let rows = self.state.all(statement, values![active]).await?;
		let read = |row: &Row| -> io::Result<(UploadId, Upload)> {
			let patient = PatientId(row.short(0)?);
			let blob = BlobId { patient, digest: Digest(row.bytes(1)?) };
			Ok((UploadId { blob, account: row.bytes(2)? }, upload_in(row, 3)?))
		};
		rows.iter().map(read).collect()
	}

	/// Begins an upload, and reserves quota for it.
	pub async fn begin(
		&self,
		id: &UploadId,
		upload: &Upload,
		pending: bool,
		quotas: &Quotas,
	) -> io::Result<Result<(), Refusal>> {
		let mut change = self.change(&id.blob).await?;
		if let Err(why) = quota::reserve(&mut change, id, upload.length, pending, quotas).await? {
			return Ok(Err(why));
		}
		let statement = "INSERT INTO uploads \
			(patient, digest, account, length, prepared, active, gateway) \
			VALUES ($1, $2, $3, $4, $5, $6, $7)";
		let Upload { length, prepared, active, gateway } = upload;
		let mut values = of_upload(id);
		values.extend(values![*length, *prepared, *active, gateway.as_str()]);
		change.run(statement, values).await?;
		change.commit().await.map(Ok)
	}

	/// Notes that an upload is resumed, and where.
	pub async fn resume(&self, id: &UploadId, upload: &Upload) -> io::Result<()> {
		let statement = "UPDATE uploads SET prepared = $4, active = $5, gateway = $6 \
			WHERE patient = $1 AND digest = $2 AND account = $3";
		let mut values = of_upload(id);
		values.extend(values![upload.prepared, upload.active, upload.gateway.as_str()]);
		self.state.run(statement, values).await.map(drop)
	}

	/// Ends an upload, and releases the quota that was reserved for it. Returns whether there was one.
	pub async fn end(&self, id: &UploadId) -> io::Result<bool> {
		let mut change = self.change(&id.blob).await?;
		let statement = "DELETE FROM uploads \
			WHERE patient = $1 AND digest = $2 AND account = $3 RETURNING length";
		let Some(row) = change.run(statement, of_upload(id)).await? else { return Ok(false) };
		let length = row.number(0)?;
		change.run(DROP_PIECES, of_upload(id)).await?;
		quota::take_account(&mut change, id.account, length).await?;
		quota::take(&mut change, Subject::Patient(id.blob.patient), length, 0).await?;
		change.commit().await.map(|()| true)
	}

	/// The pieces of an upload, in their order.
	pub async fn pieces(&self, id: &UploadId) -> io::Result<Vec<Piece>> {
		let rows = self.state.all(PIECES, of_upload(id)).await?;
		rows.iter().map(piece_in).collect()
	}

	/// Adds a piece, if the upload is at its gateway, and it follows the last one. Returns whether it was added.
	pub async fn add_piece(&self, id: &UploadId, piece: &Piece) -> io::Result<bool> {
		let mut change = self.change(&id.blob).await?;
		let statement =
			"SELECT gateway FROM uploads WHERE patient = $1 AND digest = $2 AND account = $3";
		let upload = change.run(statement, of_upload(id)).await?;
		let gateway = upload.map(|row| row.text(0)).transpose()?;
		let rows = change.all(PIECES, of_upload(id)).await?;
		let last = rows.last().map(piece_in).transpose()?;
		let end = last.map_or(0, |last| last.begins.saturating_add(last.length));
		if gateway.as_ref() != Some(&piece.gateway) || piece.begins != end {
			return Ok(false);
		}
		let statement = "INSERT INTO pieces (patient, digest, account, begins, length, gateway) \
			VALUES ($1, $2, $3, $4, $5, $6)";
		let mut values = of_upload(id);
		values.extend(values![piece.begins, piece.length, piece.gateway.as_str()]);
		change.run(statement, values).await?;
		change.commit().await.map(|()| true)
	}

	/// Forgets the pieces of an upload.
	pub async fn drop_pieces(&self, id: &UploadId) -> io::Result<()> {
		self.state.run(DROP_PIECES, of_upload(id)).await.map(drop)
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

	/// The blobs whose deletion has begun long ago by this machine's clock, and has not ended. They are marked anew.
	pub async fn unfinished(&self, clock: Moment) -> io::Result<Vec<BlobId>> {
		let long = Moment::try_from(DELETION.as_millis()).unwrap_or(Moment::MAX);
		let statement =
			"UPDATE files SET deleting = $1 WHERE deleting <= $2 RETURNING patient, digest";
		let mut change = self.state.change().await?;
		let rows = change.all(statement, values![clock, clock.saturating_sub(long)]).await?;
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

	/// Takes over a patient's entries, but for those that are there.
	pub async fn take_over(&self, patient: PatientId, files: &[Former]) -> io::Result<()> {
		let mut change = self.state.change().await?;
		change.lock(Lock::Chart(patient)).await?;
		for Former { digest, size, uploaders, keep_until, settled, quarantined } in files {
			let blob = BlobId { patient, digest: *digest };
			if !change.all(ENTRY, of(&blob)).await?.is_empty() {
				continue;
			}
			let (keep_until, settled, quarantined) = (*keep_until, *settled, *quarantined);
			let entry = Entry { keep_until, settled, quarantined, ..Entry::new(*size) };
			write(&mut change, &blob, &entry).await?;
			for account in uploaders {
				let statement = "INSERT INTO uploaders (patient, digest, account) \
					VALUES ($1, $2, $3) ON CONFLICT (patient, digest, account) DO NOTHING \
					RETURNING account";
				let id = UploadId { blob, account: *account };
				let is_new = change.run(statement, of_upload(&id)).await?.is_some();
				if is_new && !settled {
					quota::add_account(&mut change, *account, *size).await?;
				}
			}
			quota::add(&mut change, Subject::Patient(patient), *size, 0).await?;
		}
		change.commit().await
	}

	/// Takes over an upload, whatever quotas say, unless it is there.
	pub async fn take_over_upload(&self, id: &UploadId, upload: &Upload) -> io::Result<()> {
		if self.upload(id).await?.is_some() {
			return Ok(());
		}
		let all = u64::MAX;
		let quotas = Quotas { per_account: all, per_patient: all, pending: all, unnamed: all };
		// The number of an account's uploads has a limit in any case: what is beyond it is abandoned.
		self.begin(id, upload, false, &quotas).await.map(drop)
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

/// The entry in the rows of [`ENTRY`], one for each uploader, in the accounts' order.
fn entry_in(rows: &[Row]) -> io::Result<Option<Entry>> {
	let Some(first) = rows.first() else { return Ok(None) };
	let mut entry = Entry::of(first)?;
	for row in rows {
		entry.uploaders.extend(row.optional_bytes::<32>(5)?);
	}
	entry.uploaders.sort_unstable();
	Ok(Some(entry))
}

fn piece_in(row: &Row) -> io::Result<Piece> {
	Ok(Piece { begins: row.number(0)?, length: row.number(1)?, gateway: row.text(2)? })
}

fn upload_in(row: &Row, first: usize) -> io::Result<Upload> {
	Ok(Upload {
		length: row.number(first)?,
		prepared: row.number(first + 1)? != 0,
		active: row.number(first + 2)?,
		gateway: row.text(first + 3)?,
	})
}

/// Writes a blob's entry, but for its uploaders and its mark.
async fn write(change: &mut Change, blob: &BlobId, entry: &Entry) -> io::Result<()> {
	let statement = "INSERT INTO files (patient, digest, size, keep_until, settled, quarantined) \
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (patient, digest) DO UPDATE SET \
		size = excluded.size, keep_until = excluded.keep_until, settled = excluded.settled, \
		quarantined = excluded.quarantined";
	let Entry { size, keep_until, settled, quarantined, .. } = entry;
	let mut values = of(blob);
	values.extend(values![*size, *keep_until, *settled, *quarantined]);
	change.run(statement, values).await.map(drop)
}

/// Gives an entry the length of the file that was received now, and of which the digest was checked. It had that of what lay in
/// the store under this name, and was cut short.
async fn correct(
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
async fn mark(change: &mut Change, blob: &BlobId, entry: &Entry, clock: Moment) -> io::Result<()> {
	write(change, blob, entry).await?;
	let uploaders = "DELETE FROM uploaders WHERE patient = $1 AND digest = $2";
	change.run(uploaders, of(blob)).await?;
	let statement = "UPDATE files SET deleting = $3 WHERE patient = $1 AND digest = $2";
	let mut values = of(blob);
	values.extend(values![clock]);
	change.run(statement, values).await.map(drop)
}

/// Counts a blob no longer towards its uploaders' quotas.
async fn take_uploaders(change: &mut Change, entry: &Entry) -> io::Result<()> {
	for account in &entry.uploaders {
		quota::take_account(change, *account, entry.size).await?;
	}
	Ok(())
}
