//! Garbage collection of files that nothing names. A file stays for a day after its upload, by the chain's clock, then for 30
//! days in quarantine, and comes back as soon as a chart names it. It goes neither way on one node's word, nor when so
//! many files would go that a fault is the likelier reason. A halted chain's clock stands still, so that nothing is lost
//! however long it is halted.
//!
//! Each collection looks at some charts, and the next one at those after them.

use super::{
	KEPT, KEPT_PREPARED, Uploader, Vault,
	ledger::{Fate, Noted, Upload},
	staging::UploadId,
};
use crate::{
	authority::{Authority, Named, wall_clock},
	blob::{BlobId, Digest},
	errors::{Held, Refusal},
};
use futures::TryStreamExt;
use medblock_primitives::{Moment, PatientId};
use std::collections::HashMap;

/// The outcome of a garbage collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
	/// Files that were deleted.
	pub deleted: u64,
	/// Files that came into quarantine.
	pub quarantined: u64,
	/// Files that came out of quarantine, because a final block names them.
	pub released: u64,
	/// Incomplete uploads that were abandoned long ago, and were deleted.
	pub abandoned: u64,
	/// Pieces in the bucket of uploads that are over: a gateway was killed when it had put them.
	pub orphaned: u64,
	/// Uploads that a final block names by now.
	pub settled: u64,
	/// Files that were in the store without an entry.
	pub adopted: u64,
	/// Files that are in quarantine now.
	pub waiting: u64,
	/// The reason why files stayed that were due.
	pub held: Option<Held>,
}

/// Files that would come into quarantine or be deleted.
#[derive(Clone, Default)]
pub(super) struct Due {
	files: u64,
	of: Vec<(PatientId, Vec<Digest>)>,
}

impl Due {
	/// Adds a chart's. Beyond the allowance only their number counts: then none of them is taken.
	pub(super) fn add(&mut self, patient: PatientId, digests: Vec<Digest>, allowance: u64) {
		self.files = self.files.saturating_add(digests.len() as u64);
		if !digests.is_empty() && self.files <= allowance {
			self.of.push((patient, digests));
		}
	}

	/// The files, unless they are more than the allowance.
	pub(super) fn within(self, allowance: u64) -> Result<Vec<(PatientId, Vec<Digest>)>, Held> {
		match self.files <= allowance {
			true => Ok(self.of),
			false => Err(Held::TooMuch),
		}
	}
}

impl Vault {
	/// Deletes what nothing names of the charts whose turn it is. Stops when the node does not answer or falls behind.
	pub async fn sweep(&self, authority: &Authority) -> Result<Swept, Refusal> {
		// A bucket that this gateway does not hold may be another vault's.
		self.store.ensure_held().map_err(|why| why.refusal())?;
		let mut swept = Swept::default();
		let view = authority.view().await?;
		self.sweep_staging(view.chain_time(), &mut swept).await?;
		self.finish_deletions(&mut swept).await?;
		self.sweep_pieces(wall_clock(), &mut swept).await?;
		let turn = self.turn().await?;
		let allowance = self.allowance(&turn.walk);
		let mut due = Due::default();
		for patient in turn.charts.iter().copied() {
			match self.due_of(authority, patient, &mut swept).await {
				Ok(digests) => due.add(patient, digests, allowance),
				// Charts after it would never have their turn.
				Err(why) if self.is_one_charts(&why).await => {
					// The log names no person.
					tracing::error!("a chart's files can't be read, and stay as they are");
				},
				Err(why) => return Err(why),
			}
		}
		let before = swept.deleted;
		if let Err(why) = self.take(authority, due, allowance, &mut swept).await? {
			swept.held = Some(why);
		}
		let taken = swept.quarantined + swept.deleted.saturating_sub(before);
		self.end_turn(&turn, taken, &mut swept).await?;
		self.count(&swept);
		Ok(swept)
	}

	/// What is due of a chart.
	async fn due_of(
		&self,
		authority: &Authority,
		patient: PatientId,
		swept: &mut Swept,
	) -> Result<Vec<Digest>, Refusal> {
		// Each chart with a view of its own: this may take long.
		let view = authority.view().await?;
		let now = view.chain_time();
		let found = self.known_and_stored(patient, now, swept).await?;
		let digests: Vec<Digest> = found.keys().copied().collect();
		let named = authority.named(&view, patient, &digests).await?;
		self.due(patient, found, &named, now, swept).await
	}

	/// Ends abandoned uploads at this gateway, while another one collects garbage.
	pub async fn tidy(&self, authority: &Authority) -> Result<(), Refusal> {
		let view = authority.view().await?;
		self.sweep_staging(view.chain_time(), &mut Swept::default()).await
	}

	/// Takes what is due, if another hospital's node agrees, and if it is not too much.
	async fn take(
		&self,
		authority: &Authority,
		due: Due,
		allowance: u64,
		swept: &mut Swept,
	) -> Result<Result<(), Held>, Refusal> {
		let due = match due.within(allowance) {
			Ok(due) if due.is_empty() => return Ok(Ok(())),
			Ok(due) => due,
			Err(why) => return Ok(Err(why)),
		};
		let witnessed = match authority.witnessed(&authority.view().await?).await {
			Ok(witnessed) => witnessed,
			Err(why) => return Ok(Err(why)),
		};
		for (patient, digests) in due {
			// A chart may name a file since it was found to be due.
			let view = authority.view().await?;
			let named = authority.named(&view, patient, &digests).await?;
			let (named_by_both, now) = match witnessed.named(patient, &digests).await {
				Ok(found) => found,
				Err(why) => return Ok(Err(why)),
			};
			for digest in digests {
				if !named.contains_key(&digest) && !named_by_both.contains(&digest) {
					self.collect(&BlobId { patient, digest }, now, swept).await?;
				}
			}
		}
		Ok(Ok(()))
	}

	/// Frees quota for a new upload of `length` bytes, if the account has too little left, by settling uploads that
	/// the final block names by now.
	pub async fn make_room(
		&self,
		authority: &Authority,
		uploader: &Uploader,
		length: Option<u64>,
	) -> Result<(), Refusal> {
		let Some(length) = length else { return Ok(()) };
		let fits = self.ledger.has_room(&uploader.id, length, &self.limits.quotas).await;
		if fits.map_err(|why| self.failed(&why))? || self.incomplete(&uploader.id).await?.is_some()
		{
			return Ok(());
		}
		self.settle(authority, uploader.id.blob.patient).await
	}

	/// Notes which of a patient's uploads the final block names by now. They no longer count as unnamed.
	pub async fn settle(&self, authority: &Authority, patient: PatientId) -> Result<(), Refusal> {
		let entries = self.ledger.entries(patient).await.map_err(|why| self.failed(&why))?;
		let open: Vec<Digest> = entries
			.into_iter()
			.filter_map(|(digest, entry)| (!entry.settled).then_some(digest))
			.collect();
		let view = authority.view().await?;
		let named = authority.named(&view, patient, &open).await?;
		for (digest, named) in named {
			if named == Named::Final {
				let blob = BlobId { patient, digest };
				self.note_named(&blob, true, &mut Swept::default()).await?;
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
		let known = self.ledger.entries(patient).await.map_err(|why| self.failed(&why))?;
		let mut found: HashMap<Digest, bool> = known.into_keys().map(|one| (one, false)).collect();
		let mut stored = self.store.blobs(patient);
		while let Some((blob, size)) = stored.try_next().await.map_err(|why| self.broken(&why))? {
			if found.insert(blob.digest, true).is_some() {
				continue;
			}
			let adopted = self.ledger.adopt(&blob, size, now).await;
			swept.adopted += u64::from(adopted.map_err(|why| self.failed(&why))?);
		}
		Ok(found)
	}

	/// Notes which of a chart's files it names, and returns the others of which the time is over.
	pub(super) async fn due(
		&self,
		patient: PatientId,
		found: HashMap<Digest, bool>,
		named: &HashMap<Digest, Named>,
		now: Moment,
		swept: &mut Swept,
	) -> Result<Vec<Digest>, Refusal> {
		let mut due = Vec::new();
		let entries = self.ledger.entries(patient).await.map_err(|why| self.failed(&why))?;
		for (digest, stored) in found {
			let Some(entry) = entries.get(&digest) else { continue };
			match named.get(&digest) {
				Some(Named::Best) => (),
				// Most files are as they were.
				Some(Named::Final) if entry.quarantined.is_none() && (entry.settled || !stored) => {
				},
				Some(Named::Final) => {
					self.note_named(&BlobId { patient, digest }, stored, swept).await?;
				},
				None => {
					swept.waiting += u64::from(entry.quarantined.is_some());
					if entry.fate(now) != Fate::Stays {
						due.push(digest);
					}
				},
			}
		}
		Ok(due)
	}

	/// Takes a file that nothing names into quarantine, or deletes it after its time there.
	pub(super) async fn collect(
		&self,
		blob: &BlobId,
		now: Moment,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		let fate = self.ledger.collect(blob, now, wall_clock()).await;
		match fate.map_err(|why| self.failed(&why))? {
			Fate::Stays => (),
			Fate::Quarantine => {
				swept.quarantined += 1;
				swept.waiting += 1;
			},
			Fate::Deletion => {
				if self.remove_if_possible(blob).await? {
					swept.deleted += 1;
					swept.waiting = swept.waiting.saturating_sub(1);
				}
			},
		}
		Ok(())
	}

	/// Ends deletions that have begun long ago.
	pub(super) async fn finish_deletions(&self, swept: &mut Swept) -> Result<(), Refusal> {
		let unfinished = self.ledger.unfinished(wall_clock()).await;
		for blob in unfinished.map_err(|why| self.failed(&why))? {
			swept.deleted += u64::from(self.remove_if_possible(&blob).await?);
		}
		Ok(())
	}

	/// Removes a blob that is marked. Returns whether it did: one that can't be removed stays marked, and keeps none of the
	/// others.
	async fn remove_if_possible(&self, blob: &BlobId) -> Result<bool, Refusal> {
		match self.remove(blob).await {
			Ok(()) => Ok(true),
			Err(why) if self.is_one_charts(&why).await => Ok(false),
			Err(why) => Err(why),
		}
	}

	/// Notes that a final block names a blob: it is settled if the store has it, and leaves quarantine.
	async fn note_named(
		&self,
		blob: &BlobId,
		stored: bool,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		let noted = self.ledger.note_named(blob, stored).await;
		let Noted { released, settled } = noted.map_err(|why| self.failed(&why))?;
		swept.released += u64::from(released);
		swept.settled += u64::from(settled);
		Ok(())
	}

	/// Ends uploads that were abandoned, and removes bytes of which the ledger knows nothing.
	pub(super) async fn sweep_staging(
		&self,
		now: Moment,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		let is_old = |upload: &Upload| {
			let kept = if upload.prepared { KEPT_PREPARED } else { KEPT };
			// Another gateway's connections are not seen from here.
			let kept = if upload.gateway == self.name { kept } else { 2 * kept };
			now >= upload.active.saturating_add(kept)
		};
		let since = self.ledger.uploads_since(now.saturating_sub(KEPT)).await;
		for (id, upload) in since.map_err(|why| self.failed(&why))? {
			if !is_old(&upload) {
				continue;
			}
			// A connection that writes to it keeps it.
			let Ok(_claim) = self.writers.claim(&id).await else { continue };
			let upload = self.ledger.upload(&id).await.map_err(|why| self.failed(&why))?;
			if upload.is_some_and(|upload| is_old(&upload)) && self.discard_staged(&id).await? {
				swept.abandoned += 1;
			}
		}
		for id in self.staging.all().map_err(|why| self.failed(&why))? {
			self.discard_stray(&id).await?;
		}
		Ok(())
	}

	/// Removes bytes that belong to no upload of this gateway's. The ledger is written before them.
	async fn discard_stray(&self, id: &UploadId) -> Result<(), Refusal> {
		// Looked at first, since a claim ends a connection that stands still.
		if !self.is_stray(id).await? {
			return Ok(());
		}
		let Ok(_claim) = self.writers.claim(id).await else { return Ok(()) };
		if self.is_stray(id).await? {
			self.staging.discard(id).map_err(|why| self.failed(&why))?;
			self.writers.forget(id);
		}
		Ok(())
	}

	async fn is_stray(&self, id: &UploadId) -> Result<bool, Refusal> {
		let upload = self.ledger.upload(id).await.map_err(|why| self.failed(&why))?;
		Ok(upload.is_none_or(|upload| upload.gateway != self.name))
	}

	fn count(&self, swept: &Swept) {
		let Swept {
			deleted,
			quarantined,
			released,
			abandoned,
			orphaned,
			settled,
			adopted,
			waiting,
			held,
		} = *swept;
		for (outcome, count) in [
			("deleted", deleted),
			("quarantined", quarantined),
			("released", released),
			("abandoned", abandoned),
			("orphaned", orphaned),
			("settled", settled),
			("adopted", adopted),
		] {
			self.metrics.swept.with_label_values(&[outcome]).inc_by(count);
		}
		self.metrics.quarantined.set(i64::try_from(waiting).unwrap_or(i64::MAX));
		for why in Held::ALL {
			let holds = held == Some(why);
			self.metrics.held.with_label_values(&[why.as_str()]).set(holds.into());
		}
		if let Some(why) = held {
			tracing::warn!(reason = why.as_str(), "garbage collection holds: what is due stays");
		}
		tracing::info!(
			deleted,
			quarantined,
			released,
			abandoned,
			orphaned,
			settled,
			adopted,
			waiting,
			"garbage collected"
		);
	}
}
