//! The ledger: which accounts uploaded a blob, until when it is kept though nothing names it, and the use of
//! quotas.
//!
//! Each blob has an entry in one small file. The use of quotas is computed from these at the start and kept in
//! memory: for each patient with files here, and for each account with uploads that no final block names
//! yet.

use super::{
	KEPT, KEPT_PREPARED,
	staging::{Staging, UploadId},
};
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	files,
};
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::paths::parse_number;
use serde::{Deserialize, Serialize};
use std::{
	collections::HashMap,
	fs, io,
	path::PathBuf,
	sync::{Mutex, MutexGuard, PoisonError},
};

/// The most accounts that an entry lists as uploaders.
const MAX_UPLOADERS: usize = 128;
/// The most uploads of an account that no final block names.
const MAX_UPLOADS: u64 = 8_192;

/// Quotas, in bytes.
#[derive(Clone, Debug)]
pub struct Quotas {
	/// The quota of an account's uploads that no final block names yet, incomplete ones included.
	pub per_account: u64,
	/// The quota of all files of a chart.
	pub per_patient: u64,
	/// The quota of all files of a chart whose patient is not verified yet.
	pub pending: u64,
}

/// A blob's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
	/// The blob's length in bytes.
	pub size: u64,
	/// The accounts that have sent all of it, in hexadecimal.
	uploaders: Vec<String>,
	/// The chain time until which it is kept though nothing names it.
	pub keep_until: Moment,
	/// Whether a final block has named it. Then it no longer counts towards its uploaders' quotas.
	pub settled: bool,
}

impl Entry {
	/// The entry of a blob of this length, without an uploader.
	pub fn new(size: u64) -> Self {
		Self { size, uploaders: Vec::new(), keep_until: 0, settled: false }
	}

	/// Whether this account is an uploader.
	pub fn has(&self, account: &[u8; 32]) -> bool {
		self.uploaders.contains(&hex::encode(account))
	}

	/// Adds an uploader.
	pub fn add(&mut self, account: &[u8; 32]) {
		if !self.has(account) && self.uploaders.len() < MAX_UPLOADERS {
			self.uploaders.push(hex::encode(account));
		}
	}

	/// Removes an uploader. Returns whether others are left.
	pub fn remove(&mut self, account: &[u8; 32]) -> bool {
		let account = hex::encode(account);
		self.uploaders.retain(|one| *one != account);
		!self.uploaders.is_empty()
	}

	/// Keeps the blob for the usual time from `now`.
	pub fn keep(&mut self, now: Moment, prepared: bool) {
		let kept = if prepared { KEPT_PREPARED } else { KEPT };
		self.keep_until = self.keep_until.max(now.saturating_add(kept));
	}

	fn accounts(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
		self.uploaders.iter().filter_map(|one| Some(Digest::parse(one)?.0))
	}
}

/// All entries, and the use of quotas.
pub struct Ledger {
	folder: PathBuf,
	used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
	patients: HashMap<PatientId, u64>,
	accounts: HashMap<[u8; 32], Unnamed>,
}

/// An account's uploads that no final block names yet.
#[derive(Clone, Copy, Default)]
struct Unnamed {
	bytes: u64,
	uploads: u64,
}

impl Ledger {
	/// Reads the folder, and the uploads in staging.
	pub fn open(folder: PathBuf, staging: &Staging) -> io::Result<Self> {
		files::create_folder(&folder)?;
		let ledger = Self { folder, used: Mutex::default() };
		for patient in ledger.patients()? {
			for digest in ledger.digests(patient)? {
				let blob = BlobId { patient, digest };
				let Some(entry) = ledger.entry(&blob)? else { continue };
				let mut used = ledger.used();
				used.add_patient(patient, entry.size);
				if !entry.settled {
					entry.accounts().for_each(|one| used.add_account(one, entry.size));
				}
			}
		}
		staging.each(|id, staged| {
			let Some(staged) = staged else { return };
			let mut used = ledger.used();
			used.add_patient(id.blob.patient, staged.sidecar.length);
			used.add_account(id.account, staged.sidecar.length);
		})?;
		Ok(ledger)
	}

	/// Whether the account has quota left for another upload.
	pub fn has_room(&self, id: &UploadId, length: u64, quotas: &Quotas) -> bool {
		self.used().has_room(&id.account, length, quotas)
	}

	/// Reserves quota for an upload.
	pub fn reserve(
		&self,
		id: &UploadId,
		length: u64,
		pending: bool,
		quotas: &Quotas,
	) -> Result<(), Refusal> {
		let mut used = self.used();
		if !used.has_room(&id.account, length, quotas) {
			return Err(Refusal::QuotaExceeded(
				"this account has uploaded as much as it may before transactions name it: send the \
				 transactions, or discard uploads",
			));
		}
		let quota =
			if pending { quotas.pending.min(quotas.per_patient) } else { quotas.per_patient };
		let all = used.patients.get(&id.blob.patient).copied().unwrap_or_default();
		if all.saturating_add(length) > quota {
			return Err(Refusal::QuotaExceeded(
				"the patient's files fill the quota that this vault has for one patient",
			));
		}
		used.add_patient(id.blob.patient, length);
		used.add_account(id.account, length);
		Ok(())
	}

	/// Releases reserved quota.
	pub fn release(&self, id: &UploadId, length: u64) {
		let mut used = self.used();
		used.take_patient(id.blob.patient, length);
		used.take_account(id.account, length);
	}

	/// Counts what this upload has added to the entry of `before`. Its reservation counts as well, until it is
	/// released.
	pub fn entered(&self, id: &UploadId, before: Option<&Entry>, now: &Entry) {
		let mut used = self.used();
		if before.is_none() {
			used.add_patient(id.blob.patient, now.size);
		}
		let had = before.is_some_and(|before| before.has(&id.account));
		if !had && !now.settled && now.has(&id.account) {
			used.add_account(id.account, now.size);
		}
	}

	/// Notes that an uploader has discarded a blob that others have uploaded, too.
	pub fn withdrawn(&self, id: &UploadId, entry: &Entry) {
		if !entry.settled {
			self.used().take_account(id.account, entry.size);
		}
	}

	/// Notes that a final block names the blob.
	pub fn settle(&self, blob: &BlobId, entry: &mut Entry) -> io::Result<()> {
		entry.settled = true;
		self.write(blob, entry)?;
		let mut used = self.used();
		entry.accounts().for_each(|one| used.take_account(one, entry.size));
		Ok(())
	}

	/// Removes the entry of a blob that is gone. `last` was its uploader, if the entry no longer lists it.
	pub fn remove(&self, blob: &BlobId, entry: &Entry, last: Option<&[u8; 32]>) -> io::Result<()> {
		files::remove_if_there(&self.path(blob))?;
		let mut used = self.used();
		used.take_patient(blob.patient, entry.size);
		if !entry.settled {
			let accounts = entry.accounts().chain(last.copied());
			accounts.for_each(|one| used.take_account(one, entry.size));
		}
		Ok(())
	}

	/// Adds an entry for a blob that was found in the store without one.
	pub fn adopt(&self, blob: &BlobId, size: u64, now: Moment) -> io::Result<Entry> {
		let mut entry = Entry::new(size);
		entry.keep(now, false);
		self.write(blob, &entry)?;
		self.used().add_patient(blob.patient, size);
		Ok(entry)
	}

	/// A blob's entry, if there is one.
	pub fn entry(&self, blob: &BlobId) -> io::Result<Option<Entry>> {
		let Some(bytes) = files::read_if_there(&self.path(blob))? else { return Ok(None) };
		let entry = serde_json::from_slice(&bytes);
		if entry.is_err() {
			// As if there were none: garbage collection finds the blob, and makes a new entry.
			tracing::error!("an entry of the vault's ledger is damaged");
		}
		Ok(entry.ok())
	}

	/// Writes a blob's entry.
	pub fn write(&self, blob: &BlobId, entry: &Entry) -> io::Result<()> {
		let path = self.path(blob);
		if let Some(folder) = path.parent()
			&& !folder.exists()
		{
			files::create_folder(folder)?;
			files::sync_folder_of(folder)?;
		}
		files::write_json(&path, entry)
	}

	/// The patients with entries.
	pub fn patients(&self) -> io::Result<Vec<PatientId>> {
		let mut all = Vec::new();
		for folder in fs::read_dir(&self.folder)? {
			let name = folder?.file_name();
			all.extend(name.to_str().and_then(parse_number).map(PatientId));
		}
		Ok(all)
	}

	/// The digests of a patient's entries.
	pub fn digests(&self, patient: PatientId) -> io::Result<Vec<Digest>> {
		let folder = match fs::read_dir(self.folder.join(patient.0.to_string())) {
			Ok(folder) => folder,
			Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
			Err(why) => return Err(why),
		};
		let mut all = Vec::new();
		for file in folder {
			let name = file?.file_name();
			let digest = name.to_str().and_then(|name| name.strip_suffix(".json"));
			all.extend(digest.and_then(Digest::parse));
		}
		Ok(all)
	}

	fn path(&self, blob: &BlobId) -> PathBuf {
		self.folder.join(blob.patient.0.to_string()).join(format!("{}.json", blob.digest))
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn used(&self) -> MutexGuard<'_, Used> {
		self.used.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Used {
	fn has_room(&self, account: &[u8; 32], length: u64, quotas: &Quotas) -> bool {
		let own = self.accounts.get(account).copied().unwrap_or_default();
		own.bytes.saturating_add(length) <= quotas.per_account && own.uploads < MAX_UPLOADS
	}

	fn add_patient(&mut self, patient: PatientId, bytes: u64) {
		let all = self.patients.entry(patient).or_default();
		*all = all.saturating_add(bytes);
	}

	fn take_patient(&mut self, patient: PatientId, bytes: u64) {
		let all = self.patients.entry(patient).or_default();
		*all = all.saturating_sub(bytes);
		if *all == 0 {
			self.patients.remove(&patient);
		}
	}

	fn add_account(&mut self, account: [u8; 32], bytes: u64) {
		let own = self.accounts.entry(account).or_default();
		own.bytes = own.bytes.saturating_add(bytes);
		own.uploads = own.uploads.saturating_add(1);
	}

	fn take_account(&mut self, account: [u8; 32], bytes: u64) {
		let own = self.accounts.entry(account).or_default();
		own.bytes = own.bytes.saturating_sub(bytes);
		own.uploads = own.uploads.saturating_sub(1);
		if own.uploads == 0 {
			self.accounts.remove(&account);
		}
	}
}
