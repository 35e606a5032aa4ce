//! Garbage collection of files that nothing names: long after their upload, by the chain's clock, and only while
//! the node keeps up. A halted chain's clock stands still, so that nothing is lost however long it is halted.

use super::{KEPT, KEPT_PREPARED, Uploader, Vault, staging::Staged};
use crate::{
	authority::{Authority, Named},
	blob::{BlobId, Digest},
	errors::Refusal,
};
use futures::TryStreamExt;
use medblock_primitives::{Moment, PatientId};
use std::collections::{BTreeSet, HashMap};

/// The outcome of a garbage collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
	/// Files that were deleted.
	pub deleted: u64,
	/// Incomplete uploads that were abandoned long ago, and were deleted.
	pub abandoned: u64,
	/// Uploads that a final block names by now.
	pub settled: u64,
	/// Files that were in the store without an entry.
	pub adopted: u64,
}

impl Vault {
	/// Deletes what nothing names. Stops when the node does not answer or falls behind.
	pub async fn sweep(&self, authority: &Authority) -> Result<Swept, Refusal> {
		let mut swept = Swept::default();
		let view = authority.view().await?;
		self.sweep_staging(view.finalized_time, &mut swept).await?;
		let mut patients: BTreeSet<PatientId> =
			self.ledger.patients().map_err(|why| self.failed(&why))?.into_iter().collect();
		patients.extend(self.store.patients().await.map_err(|why| self.broken(&why))?);
		for patient in patients {
			// Each chart with a view of its own: this may take long.
			let view = authority.view().await?;
			let now = view.finalized_time;
			let found = self.known_and_stored(patient, now, &mut swept).await?;
			let digests: Vec<Digest> = found.keys().copied().collect();
			let named = authority.named(&view, patient, &digests).await?;
			for (digest, stored) in found {
				let blob = BlobId { patient, digest };
				let named = named.get(&digest).copied();
				self.collect(&blob, stored, named, now, &mut swept).await?;
			}
		}
		self.count(&swept);
		Ok(swept)
	}

	/// Frees quota for a new upload of `length` bytes, if the account has too little left, by settling uploads that
	/// the final block names by now.
	pub async fn make_room(
		&self,
		authority: &Authority,
		uploader: &Uploader,
		length: Option<u64>,
	) -> Result<(), Refusal> {
		let fits = length
			.is_none_or(|length| self.ledger.has_room(&uploader.id, length, &self.limits.quotas));
		if fits || self.staging.find(&uploader.id).is_ok_and(|staged| staged.is_some()) {
			return Ok(());
		}
		self.settle(authority, uploader.id.blob.patient).await
	}

	async fn settle(&self, authority: &Authority, patient: PatientId) -> Result<(), Refusal> {
		let mut open = Vec::new();
		for digest in self.ledger.digests(patient).map_err(|why| self.failed(&why))? {
			let entry = self.entry(&BlobId { patient, digest })?;
			if entry.is_some_and(|entry| !entry.settled) {
				open.push(digest);
			}
		}
		let view = authority.view().await?;
		let named = authority.named(&view, patient, &open).await?;
		for (digest, named) in named {
			if named == Named::Final {
				self.settle_one(&BlobId { patient, digest }).await?;
			}
		}
		Ok(())
	}

	/// Every blob of a patient that the ledger or the store has, and whether the store has it.
	pub(super) async fn known_and_stored(
		&self,
		patient: PatientId,
		now: Moment,
		swept: &mut Swept,
	) -> Result<HashMap<Digest, bool>, Refusal> {
		let known = self.ledger.digests(patient).map_err(|why| self.failed(&why))?;
		let mut found: HashMap<Digest, bool> = known.into_iter().map(|one| (one, false)).collect();
		let mut stored = self.store.blobs(patient);
		while let Some((blob, size)) = stored.try_next().await.map_err(|why| self.broken(&why))? {
			if found.insert(blob.digest, true).is_some() {
				continue;
			}
			let _chart = self.chart(&blob).await;
			if self.entry(&blob)?.is_none() {
				self.ledger.adopt(&blob, size, now).map_err(|why| self.failed(&why))?;
				swept.adopted += 1;
			}
		}
		Ok(found)
	}

	/// Settles, deletes or leaves a blob.
	pub(super) async fn collect(
		&self,
		blob: &BlobId,
		stored: bool,
		named: Option<Named>,
		now: Moment,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		match named {
			Some(Named::Best) => Ok(()),
			Some(Named::Final) => {
				if stored && self.settle_one(blob).await? {
					swept.settled += 1;
				}
				Ok(())
			},
			None => {
				let _chart = self.chart(blob).await;
				// Read again: it may have been uploaded again since.
				let Some(entry) = self.entry(blob)? else { return Ok(()) };
				if now >= entry.keep_until {
					self.remove(blob, &entry, None).await?;
					swept.deleted += 1;
				}
				Ok(())
			},
		}
	}

	async fn settle_one(&self, blob: &BlobId) -> Result<bool, Refusal> {
		let _chart = self.chart(blob).await;
		match self.entry(blob)? {
			Some(mut entry) if !entry.settled => {
				self.ledger.settle(blob, &mut entry).map_err(|why| self.failed(&why))?;
				Ok(true)
			},
			_ => Ok(false),
		}
	}

	pub(super) async fn sweep_staging(
		&self,
		now: Moment,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		let is_old = |staged: &Staged| {
			let kept = if staged.sidecar.prepared { KEPT_PREPARED } else { KEPT };
			now >= staged.sidecar.active.saturating_add(kept)
		};
		let mut old = Vec::new();
		let note = |id, staged: Option<Staged>| old.extend(staged.filter(&is_old).map(|_| id));
		self.staging.each(note).map_err(|why| self.failed(&why))?;
		for id in old {
			// A connection that writes to it keeps it.
			let Ok(_claim) = self.writers.claim(&id).await else { continue };
			let staged = self.staging.find(&id).map_err(|why| self.failed(&why))?;
			if staged.is_some_and(|staged| is_old(&staged)) && self.discard_staged(&id)? {
				swept.abandoned += 1;
			}
		}
		Ok(())
	}

	fn count(&self, swept: &Swept) {
		let Swept { deleted, abandoned, settled, adopted } = *swept;
		for (outcome, count) in [
			("deleted", deleted),
			("abandoned", abandoned),
			("settled", settled),
			("adopted", adopted),
		] {
			self.metrics.swept.with_label_values(&[outcome]).inc_by(count);
		}
		tracing::info!(deleted, abandoned, settled, adopted, "garbage collected");
	}
}
