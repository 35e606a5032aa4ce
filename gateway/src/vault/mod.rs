//! Encrypted files, kept for the charts that name them.
//!
//! A file arrives in [`staging`], is hashed on the way, and moves into the [`store`] in one step when it is
//! complete. The [`ledger`] knows which accounts uploaded a file, until when it is kept, and how much of
//! their quotas people use. A [`lease`] makes a bucket this vault's alone.

pub mod backed_up;
mod heads;
mod kept;
pub mod lease;
pub mod ledger;
mod pace;
mod pieces;
mod probe;
pub mod receive;
pub mod slots;
mod small;
pub mod staging;
pub mod store;
pub mod sweep;
mod walk;
mod writers;

#[cfg(test)]
mod tests;

use crate::{
	authority::wall_clock, blob::BlobId, errors::Refusal, files, metrics::Metrics, state::State,
};
use bytes::Bytes;
use ledger::{Entry, Ledger, Quotas, Upload, Withdrawn};
use medblock_primitives::Moment;
use medblock_vault_protocol::UploadState;
use receive::Whole;
use staging::{Staging, UploadId};
use std::{
	io,
	ops::Range,
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use store::{Segment, Store};
pub use writers::Claim;
use writers::Writers;

/// How long a file that nothing names is kept, in milliseconds of chain time.
pub const KEPT: Moment = 24 * 60 * 60 * 1_000;
/// As [`KEPT`], for a file whose transaction is prepared and signed elsewhere.
pub const KEPT_PREPARED: Moment = 14 * KEPT;
/// How long a file stays in quarantine after that, in milliseconds of chain time.
pub const QUARANTINE: Moment = 30 * KEPT;

/// The limits of uploads.
#[derive(Clone, Debug)]
pub struct Limits {
	/// The size limit of a file, in bytes.
	pub max_file: u64,
	/// The quotas.
	pub quotas: Quotas,
	/// The free bytes of the disk that uploads leave, so that reading goes on: what is given out has to be written
	/// down. None with 0.
	pub reserve: u64,
	/// The time limit for a body that stands still, and for a slow upload.
	pub idle: Duration,
	/// The percentage of all files that garbage collection may take in one walk.
	pub sweep_percent: u8,
}

/// A hospital's vault.
pub struct Vault {
	/// The name of this gateway.
	name: String,
	/// Whether others may use the same state.
	is_shared: bool,
	staging: Staging,
	ledger: Ledger,
	store: Store,
	/// What is wrong with the store.
	problem: probe::Problem,
	/// The folder of the vault's own files.
	data: PathBuf,
	writers: Writers,
	/// Why garbage collection takes nothing.
	holding: walk::Holding,
	limits: Limits,
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
	/// Opens the vault with its files in `data`, and what is known of them in `state`.
	pub fn open(
		data: &Path,
		state: State,
		store: Store,
		limits: Limits,
		metrics: Arc<Metrics>,
	) -> io::Result<Self> {
		Ok(Self {
			name: files::name_of(data)?,
			is_shared: state.is_shared(),
			staging: Staging::open(data.join("staging"))?,
			ledger: Ledger::new(state),
			store,
			problem: probe::Problem::default(),
			data: data.to_owned(),
			writers: Writers::default(),
			holding: walk::Holding::default(),
			limits,
			metrics,
		})
	}

	/// What is known of files.
	pub fn ledger(&self) -> &Ledger {
		&self.ledger
	}

	/// The length of a complete file of this chart; none if the vault does not have it.
	pub async fn length(&self, blob: &BlobId) -> Result<Option<u64>, Refusal> {
		let size = self.store.size(blob).await.map_err(|why| self.broken(&why))?;
		let entry = self.entry(blob).await?;
		let is_whole = |size: &u64| entry.as_ref().is_none_or(|entry| entry.size == *size);
		if size.is_some_and(|size| !is_whole(&size)) {
			tracing::error!("a file of the vault has another length than before");
		}
		Ok(size.filter(is_whole))
	}

	/// The length of a file that has to be as long as its chart says: one that was cut short is missing.
	pub async fn whole(&self, blob: &BlobId, size: u64) -> Result<u64, Refusal> {
		let length = self.length(blob).await?.filter(|length| *length == size);
		length.ok_or(Refusal::BlobMissing)
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

	/// The free bytes of the disk of the vault's own files.
	pub fn free(&self) -> io::Result<u64> {
		fs4::available_space(self.staging.folder())
	}

	/// Whether the disk has so many bytes beside the reserve.
	pub fn has_room_for(&self, bytes: u64) -> io::Result<bool> {
		let reserve = self.limits.reserve;
		Ok(reserve == 0 || self.free()? >= reserve.saturating_add(bytes))
	}

	/// The bytes of all uploads that no final block names yet, incomplete ones included.
	pub async fn unnamed(&self) -> Result<u64, Refusal> {
		self.ledger.unnamed().await.map_err(|why| self.failed(&why))
	}

	/// Refuses bytes that would eat into the reserve of the disk.
	fn ensure_room_for(&self, bytes: u64) -> Result<(), Refusal> {
		match self.has_room_for(bytes).map_err(|why| self.failed(&why))? {
			true => Ok(()),
			false => Err(Refusal::DiskFull),
		}
	}

	/// The state of this account's upload. The patient also learns of others' complete uploads. No other account
	/// does, since digests are public.
	pub async fn progress(&self, uploader: &Uploader) -> Result<Option<UploadState>, Refusal> {
		if let Some(length) = self.finished(uploader).await? {
			return Ok(Some(UploadState::complete(length)));
		}
		let Some((upload, arrived)) = self.incomplete(&uploader.id).await? else {
			// It may have come into the store meanwhile.
			return Ok(self.finished(uploader).await?.map(UploadState::complete));
		};
		let storing = self.writers.is_at_work(&uploader.id);
		let state = UploadState::partial(arrived, upload.length);
		Ok(Some(UploadState { storing, ..state }))
	}

	/// An incomplete upload, and the number of its bytes that this gateway can go on with: those on its disk, or, if the
	/// upload is at another gateway, those in the bucket.
	async fn incomplete(&self, id: &UploadId) -> Result<Option<(Upload, u64)>, Refusal> {
		let upload = self.ledger.upload(id).await.map_err(|why| self.failed(&why))?;
		let Some(upload) = upload else { return Ok(None) };
		let arrived = match upload.gateway == self.name {
			true => self.staging.arrived(id).map_err(|why| self.failed(&why))?,
			false => {
				let pieces = self.ledger.pieces(id).await.map_err(|why| self.failed(&why))?;
				pieces::arrived(&pieces)
			},
		};
		let arrived = arrived.min(upload.length);
		Ok(Some((upload, arrived)))
	}

	/// The length of the file, if it is in the vault and this uploader may know that.
	async fn finished(&self, uploader: &Uploader) -> Result<Option<u64>, Refusal> {
		let id = &uploader.id;
		let Some(entry) = self.entry(&id.blob).await? else { return Ok(None) };
		if entry.deleting || !(uploader.is_patient || entry.has(&id.account)) {
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
		if self.finished(uploader).await?.is_none() {
			return Ok(false);
		}
		let Some(entry) = self.entry(&id.blob).await? else { return Ok(false) };
		// Repeated requests need not cost a write each.
		if !prepared && entry.keep_until >= now.saturating_add(KEPT / 2) {
			return Ok(true);
		}
		let renewed = self.ledger.renew(&id.blob, prepared, now).await;
		renewed.map_err(|why| self.failed(&why))
	}

	/// Stores a file that was received in full. Once this returns, it survives anything that the disk survives.
	/// `now` is the final block's time.
	pub async fn keep(&self, whole: Whole, now: Moment) -> Result<(), Refusal> {
		let id = whole.id();
		let staged = self.staging.data(&id);
		if !self.store.is_local() {
			self.store.send(&id.blob, &staged).await.map_err(|why| self.broken(&why))?;
		}
		// First the entry that says how long to keep the file, then the file.
		let entered = self.ledger.enter(&id, whole.length(), whole.prepared(), now).await;
		entered.map_err(|why| self.failed(&why))??;
		let put = self.store.put(&id.blob, &staged, whole.length()).await;
		// Only now, so that the file is counted at every moment. If that failed, the upload is mostly still in staging
		// beside its entry, and both count.
		if put.is_ok() || !staged.exists() {
			self.forget_pieces(&id).await?;
			self.ledger.end(&id).await.map_err(|why| self.failed(&why))?;
		}
		put.map_err(|why| self.broken(&why))?;
		self.staging.discard(&id).map_err(|why| self.failed(&why))?;
		Ok(())
	}

	/// Discards this account's upload, complete or not. `named` says whether the chart names it. Returns whether
	/// there was an upload.
	pub async fn discard(&self, id: &UploadId, named: bool) -> Result<bool, Refusal> {
		let _claim = self.writers.claim(id).await?;
		let staged = self.discard_staged(id).await?;
		let withdrawn = self.ledger.withdraw(id, named, wall_clock()).await;
		match withdrawn.map_err(|why| self.failed(&why))?? {
			Withdrawn::Nothing => Ok(staged),
			Withdrawn::Kept => Ok(true),
			Withdrawn::Marked => {
				self.remove(&id.blob).await?;
				Ok(true)
			},
		}
	}

	/// Whether this account has completed this upload.
	pub async fn has_uploaded(&self, id: &UploadId) -> Result<bool, Refusal> {
		Ok(self.entry(&id.blob).await?.is_some_and(|entry| entry.has(&id.account)))
	}

	async fn discard_staged(&self, id: &UploadId) -> Result<bool, Refusal> {
		// First the bytes. Without an upload in the ledger, they would take room until garbage collection finds them.
		self.staging.discard(id).map_err(|why| self.failed(&why))?;
		self.forget_pieces(id).await?;
		let was_there = self.ledger.end(id).await.map_err(|why| self.failed(&why))?;
		self.writers.forget(id);
		Ok(was_there)
	}

	/// As [`Self::discard_staged`], after this gateway has failed with the upload. If another one goes on with it by now, only
	/// the bytes that are here go.
	async fn give_up(&self, id: &UploadId) -> Result<(), Refusal> {
		// First of all, since they are not to be trusted, whatever the ledger says.
		self.staging.discard(id).map_err(|why| self.failed(&why))?;
		self.writers.forget(id);
		let upload = self.ledger.upload(id).await.map_err(|why| self.failed(&why))?;
		match upload.is_none_or(|upload| upload.gateway == self.name) {
			true => self.discard_staged(id).await.map(drop),
			false => Ok(()),
		}
	}

	/// Removes a blob that is marked in the ledger.
	async fn remove(&self, blob: &BlobId) -> Result<(), Refusal> {
		self.store.delete(blob).await.map_err(|why| self.broken(&why))?;
		self.ledger.remove(blob).await.map_err(|why| self.failed(&why))
	}

	async fn entry(&self, blob: &BlobId) -> Result<Option<Entry>, Refusal> {
		self.ledger.entry(blob).await.map_err(|why| self.failed(&why))
	}

	fn failed(&self, why: &io::Error) -> Refusal {
		self.metrics.failed(why);
		// The message names no path: `io::Error` doesn't.
		tracing::error!(%why, "the vault's disk or its database fails");
		Refusal::from_io(why)
	}

	fn broken(&self, why: &store::Error) -> Refusal {
		why.refused(&self.metrics)
	}
}

/// Creates the folders of a vault's files.
pub fn prepare(data: &Path) -> io::Result<()> {
	for folder in ["staging", "blobs"] {
		files::create_folder(&data.join(folder))?;
	}
	Ok(())
}
