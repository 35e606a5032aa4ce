//! Encrypted files, kept for the charts that name them.
//!
//! A file arrives in [`staging`], is hashed on the way, and moves into the [`store`] in one step when it is
//! complete. The [`ledger`] knows which accounts uploaded a file, until when it is kept, and how much of
//! their quotas people use.

pub mod ledger;
mod pace;
pub mod receive;
pub mod slots;
mod small;
pub mod staging;
pub mod store;
pub mod sweep;
mod writers;

#[cfg(test)]
mod tests;

use crate::{blob::BlobId, errors::Refusal, files, metrics::Metrics};
use bytes::Bytes;
use ledger::{Entry, Ledger, Quotas};
use medblock_primitives::Moment;
use medblock_vault_protocol::UploadState;
use receive::Whole;
use staging::{Staging, UploadId};
use std::{io, ops::Range, path::Path, sync::Arc, time::Duration};
use store::{Segment, Store};
use tokio::sync::{Mutex, MutexGuard};
pub use writers::Claim;
use writers::Writers;

/// How long a file that nothing names is kept, in milliseconds of chain time.
pub const KEPT: Moment = 24 * 60 * 60 * 1_000;
/// As [`KEPT`], for a file whose transaction is prepared and signed elsewhere.
pub const KEPT_PREPARED: Moment = 14 * KEPT;

/// The limits of uploads.
#[derive(Clone, Debug)]
pub struct Limits {
	/// The size limit of a file, in bytes.
	pub max_file: u64,
	/// The quotas.
	pub quotas: Quotas,
	/// The time limit for a body that stands still, and for a slow upload.
	pub idle: Duration,
}

/// A hospital's vault.
pub struct Vault {
	staging: Staging,
	ledger: Ledger,
	store: Store,
	writers: Writers,
	limits: Limits,
	/// The locks of charts: held while a chart's blobs are added or removed.
	charts: Vec<Mutex<()>>,
	metrics: Arc<Metrics>,
}

/// An uploader.
#[derive(Clone, Copy, Debug)]
pub struct Uploader {
	/// The file and the account.
	pub id: UploadId,
	/// Whether it is the patient's account, which may know what others have uploaded for the chart.
	pub is_patient: bool,
	/// Whether the patient is not verified yet, and so has a small quota.
	pub pending: bool,
}

impl Vault {
	/// Opens the vault whose files are in `data`, and reads the ledger's entry of each blob.
	pub fn open(
		data: &Path,
		store: Store,
		limits: Limits,
		metrics: Arc<Metrics>,
	) -> io::Result<Self> {
		let staging = Staging::open(data.join("staging"))?;
		let ledger = Ledger::open(data.join("uploads"), &staging)?;
		Ok(Self {
			staging,
			ledger,
			store,
			writers: Writers::default(),
			limits,
			charts: (0..64).map(|_| Mutex::default()).collect(),
			metrics,
		})
	}

	/// The length of a complete file of this chart; none if the vault does not have it.
	pub async fn length(&self, blob: &BlobId) -> Result<Option<u64>, Refusal> {
		let size = self.store.size(blob).await.map_err(|why| self.broken(&why))?;
		let entry = self.entry(blob)?;
		let is_whole = |size: &u64| entry.as_ref().is_none_or(|entry| entry.size == *size);
		if size.is_some_and(|size| !is_whole(&size)) {
			tracing::error!("a file of the vault has another length than before");
		}
		Ok(size.filter(is_whole))
	}

	/// A range of bytes of a file in the vault.
	pub async fn read(&self, blob: &BlobId, range: Range<u64>) -> Result<Segment, Refusal> {
		self.store.read(blob, range).await.map_err(|why| self.broken(&why))
	}

	/// The next bytes of a range.
	pub async fn next(&self, segment: &mut Segment) -> Result<Option<Bytes>, Refusal> {
		segment.next().await.map_err(|why| self.broken(&why))
	}

	/// The limits of uploads.
	pub fn limits(&self) -> &Limits {
		&self.limits
	}

	/// The state of this account's upload. The patient also learns of others' complete uploads. No other account
	/// does, since digests are public.
	pub async fn progress(&self, uploader: &Uploader) -> Result<Option<UploadState>, Refusal> {
		if let Some(length) = self.finished(uploader).await? {
			return Ok(Some(UploadState { offset: length, length, complete: true }));
		}
		let staged = self.staging.find(&uploader.id).map_err(|why| self.failed(&why))?;
		Ok(staged.map(|staged| UploadState {
			offset: staged.offset,
			length: staged.sidecar.length,
			complete: false,
		}))
	}

	/// The length of the file, if it is in the vault and this uploader may know that.
	async fn finished(&self, uploader: &Uploader) -> Result<Option<u64>, Refusal> {
		let id = &uploader.id;
		let Some(entry) = self.entry(&id.blob)? else { return Ok(None) };
		if !uploader.is_patient && !entry.has(&id.account) {
			return Ok(None);
		}
		let size = self.store.size(&id.blob).await.map_err(|why| self.broken(&why))?;
		Ok(size.filter(|size| *size == entry.size))
	}

	/// Extends how long the file is kept, from `now` on, the final block's time. Returns whether it is in the vault
	/// and this uploader may know that.
	pub async fn renew(
		&self,
		uploader: &Uploader,
		prepared: bool,
		now: Moment,
	) -> Result<bool, Refusal> {
		let id = &uploader.id;
		let _chart = self.chart(&id.blob).await;
		if self.finished(uploader).await?.is_none() {
			return Ok(false);
		}
		let Some(mut entry) = self.entry(&id.blob)? else { return Ok(false) };
		// Repeated requests need not cost a write each.
		if !prepared && entry.keep_until >= now.saturating_add(KEPT / 2) {
			return Ok(true);
		}
		entry.keep(now, prepared);
		self.ledger.write(&id.blob, &entry).map_err(|why| self.failed(&why))?;
		Ok(true)
	}

	/// Stores a file that was received in full. Once this returns, it survives anything that the disk survives.
	/// `now` is the final block's time.
	pub async fn keep(&self, whole: Whole, now: Moment) -> Result<(), Refusal> {
		let id = whole.id();
		let staged = self.staging.data(&id);
		if !self.store.is_local() {
			self.store.send(&id.blob, &staged).await.map_err(|why| self.broken(&why))?;
		}
		let _chart = self.chart(&id.blob).await;
		let before = self.entry(&id.blob)?;
		let mut entry = before.clone().unwrap_or_else(|| Entry::new(whole.length()));
		entry.add(&id.account);
		entry.keep(now, whole.prepared());
		// First the entry that says how long to keep the file, then the file.
		self.ledger.write(&id.blob, &entry).map_err(|why| self.failed(&why))?;
		let put = self.store.put(&id.blob, &staged, whole.length()).await;
		// Before the reservation is released, so that the file is counted at every moment.
		self.ledger.entered(&id, before.as_ref(), &entry);
		// If that failed, the upload is mostly still in staging beside its entry, and both count, as they would
		// after a restart.
		if put.is_ok() || !staged.exists() {
			self.ledger.release(&id, whole.length());
		}
		put.map_err(|why| self.broken(&why))?;
		self.staging.discard(&id).map_err(|why| self.failed(&why))?;
		Ok(())
	}

	/// Discards this account's upload, complete or not. `named` says whether the chart names it. Returns whether
	/// there was an upload.
	pub async fn discard(&self, id: &UploadId, named: bool) -> Result<bool, Refusal> {
		let _claim = self.writers.claim(id).await?;
		let staged = self.discard_staged(id)?;
		let _chart = self.chart(&id.blob).await;
		let Some(mut entry) = self.entry(&id.blob)? else { return Ok(staged) };
		if !entry.has(&id.account) {
			return Ok(staged);
		}
		if named {
			return Err(Refusal::Referenced);
		}
		if entry.remove(&id.account) {
			self.ledger.write(&id.blob, &entry).map_err(|why| self.failed(&why))?;
			self.ledger.withdrawn(id, &entry);
		} else {
			self.remove(&id.blob, &entry, Some(&id.account)).await?;
		}
		Ok(true)
	}

	/// Whether this account has completed this upload.
	pub fn has_uploaded(&self, id: &UploadId) -> Result<bool, Refusal> {
		Ok(self.entry(&id.blob)?.is_some_and(|entry| entry.has(&id.account)))
	}

	fn discard_staged(&self, id: &UploadId) -> Result<bool, Refusal> {
		let Some(staged) = self.staging.find(id).map_err(|why| self.failed(&why))? else {
			return Ok(false);
		};
		self.staging.discard(id).map_err(|why| self.failed(&why))?;
		self.ledger.release(id, staged.sidecar.length);
		self.writers.forget(id);
		Ok(true)
	}

	/// Removes a blob. The caller holds the chart's lock.
	async fn remove(
		&self,
		blob: &BlobId,
		entry: &Entry,
		last: Option<&[u8; 32]>,
	) -> Result<(), Refusal> {
		self.store.delete(blob).await.map_err(|why| self.broken(&why))?;
		self.ledger.remove(blob, entry, last).map_err(|why| self.failed(&why))
	}

	async fn chart(&self, blob: &BlobId) -> MutexGuard<'_, ()> {
		let index = blob.patient.0 as usize % self.charts.len();
		self.charts[index].lock().await
	}

	fn entry(&self, blob: &BlobId) -> Result<Option<Entry>, Refusal> {
		self.ledger.entry(blob).map_err(|why| self.failed(&why))
	}

	fn failed(&self, why: &io::Error) -> Refusal {
		self.metrics.failures.with_label_values(&["disk"]).inc();
		// The message names no path: `io::Error` doesn't.
		tracing::error!(%why, "the vault's disk fails");
		Refusal::from_io(why)
	}

	fn broken(&self, why: &store::Error) -> Refusal {
		self.metrics.failures.with_label_values(&["store"]).inc();
		tracing::error!(why = why.kind(), "the vault's store fails");
		why.refusal()
	}
}

/// Creates the folders of a vault's files.
pub fn prepare(data: &Path) -> io::Result<()> {
	for folder in ["staging", "uploads", "blobs", "disclosures"] {
		files::create_folder(&data.join(folder))?;
	}
	Ok(())
}
