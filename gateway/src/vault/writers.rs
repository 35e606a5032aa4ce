//! At most one connection writes to an upload.

use super::staging::UploadId;
use crate::errors::Refusal;
use sha2::Sha256;
use std::{
	collections::HashMap,
	sync::{
		Arc, Mutex, MutexGuard, PoisonError,
		atomic::{AtomicBool, AtomicU64, Ordering},
	},
	time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// The silence after which a connection counts as dead when another one comes.
const DEAD: Duration = Duration::from_secs(5);
/// How long a newer connection waits for the one that it replaces.
const HANDOVER: Duration = Duration::from_secs(10);
/// The most hashes of incomplete uploads that are kept. Others are computed again from the disk.
const MAX_PARKED: usize = 1_024;

/// The connections that write to uploads.
#[derive(Default)]
pub struct Writers {
	state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
	active: HashMap<UploadId, Arc<Writer>>,
	parked: HashMap<UploadId, (u64, Sha256)>,
}

struct Writer {
	began: Instant,
	/// Milliseconds from `began` to the last bytes.
	progressed: AtomicU64,
	/// Whether the bytes that arrived before are being fetched or hashed, and no more are read meanwhile.
	preparing: AtomicBool,
	/// Whether all bytes have arrived, so that no other connection can take over.
	finishing: AtomicBool,
	replaced: CancellationToken,
	released: CancellationToken,
}

impl Writer {
	fn since(began: Instant) -> Arc<Self> {
		Arc::new(Self {
			began,
			progressed: AtomicU64::new(0),
			preparing: AtomicBool::new(false),
			finishing: AtomicBool::new(false),
			replaced: CancellationToken::new(),
			released: CancellationToken::new(),
		})
	}

	fn is_dead(&self) -> bool {
		let progressed = Duration::from_millis(self.progressed.load(Ordering::Relaxed));
		let idle = self.began.elapsed().saturating_sub(progressed);
		!self.is_at_work() && idle >= DEAD
	}

	/// Whether the vault is at work with the bytes that it has.
	fn is_at_work(&self) -> bool {
		self.preparing.load(Ordering::Relaxed) || self.finishing.load(Ordering::Relaxed)
	}
}

/// The right to write to an upload; ends when it is dropped.
pub struct Claim {
	id: UploadId,
	writer: Arc<Writer>,
	state: Arc<Mutex<State>>,
}

impl Writers {
	/// Claims an upload. A live connection keeps its claim.
	pub async fn claim(&self, id: &UploadId) -> Result<Claim, Refusal> {
		loop {
			let other = match self.try_claim(id) {
				Ok(claim) => return Ok(claim),
				Err(other) => other,
			};
			if !other.is_dead() {
				return Err(Refusal::Busy);
			}
			other.replaced.cancel();
			let released = tokio::time::timeout(HANDOVER, other.released.cancelled()).await;
			released.map_err(|_| Refusal::Busy)?;
		}
	}

	fn try_claim(&self, id: &UploadId) -> Result<Claim, Arc<Writer>> {
		let mut state = lock(&self.state);
		if let Some(other) = state.active.get(id) {
			return Err(other.clone());
		}
		let writer = Writer::since(Instant::now());
		state.active.insert(*id, writer.clone());
		Ok(Claim { id: *id, writer, state: self.state.clone() })
	}

	/// Whether the vault is at work with the bytes that it has of an upload: it fetches or hashes them before it takes more, or
	/// checks and stores all of them.
	pub fn is_at_work(&self, id: &UploadId) -> bool {
		lock(&self.state).active.get(id).is_some_and(|writer| writer.is_at_work())
	}

	/// Drops the hash of an upload that was discarded.
	pub fn forget(&self, id: &UploadId) {
		lock(&self.state).parked.remove(id);
	}
}

impl Claim {
	/// The claimed upload.
	pub fn id(&self) -> &UploadId {
		&self.id
	}

	/// Notes that bytes have arrived.
	pub fn progressed(&self) {
		let millis = u64::try_from(self.writer.began.elapsed().as_millis()).unwrap_or(u64::MAX);
		self.writer.progressed.store(millis, Ordering::Relaxed);
	}

	/// Notes that what arrived before is being fetched or hashed. That may take long, and no other connection would do it
	/// sooner.
	pub fn preparing(&self) {
		self.writer.preparing.store(true, Ordering::Relaxed);
	}

	/// Notes that this is done.
	pub fn prepared(&self) {
		self.progressed();
		self.writer.preparing.store(false, Ordering::Relaxed);
	}

	/// Notes that all bytes have arrived.
	pub fn finishing(&self) {
		self.writer.finishing.store(true, Ordering::Relaxed);
	}

	/// Returns once another connection wants to take over.
	pub async fn replaced(&self) {
		self.writer.replaced.cancelled().await;
	}

	/// The hash of the first `offset` bytes, if it is still known.
	pub fn unpark(&self, offset: u64) -> Option<Sha256> {
		let found = lock(&self.state).parked.remove(&self.id);
		found.filter(|(at, _)| *at == offset).map(|(_, hash)| hash)
	}

	/// Keeps the hash of the first `offset` bytes for the connection that resumes.
	pub fn park(&self, offset: u64, hash: Sha256) {
		let mut state = lock(&self.state);
		if state.parked.len() >= MAX_PARKED {
			let any = state.parked.keys().next().copied();
			any.map(|any| state.parked.remove(&any));
		}
		state.parked.insert(self.id, (offset, hash));
	}
}

impl Drop for Claim {
	fn drop(&mut self) {
		lock(&self.state).active.remove(&self.id);
		self.writer.released.cancel();
	}
}

/// A poisoned lock still holds valid state: no operation leaves it half changed.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
	state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::blob::{BlobId, Digest};
	use medblock_primitives::PatientId;

	fn id(account: u8) -> UploadId {
		let blob = BlobId { patient: PatientId(1), digest: Digest([2; 32]) };
		UploadId { blob, account: [account; 32] }
	}

	#[tokio::test]
	async fn a_live_writer_keeps_others_out_and_only_from_its_own_upload() {
		let writers = Writers::default();
		let claim = writers.claim(&id(1)).await.unwrap();
		assert_eq!(writers.claim(&id(1)).await.err(), Some(Refusal::Busy));
		assert!(writers.claim(&id(2)).await.is_ok());
		drop(claim);
		assert!(writers.claim(&id(1)).await.is_ok());
	}

	#[tokio::test]
	async fn a_writer_that_has_all_bytes_is_at_work_until_it_is_gone() {
		let writers = Writers::default();
		let claim = writers.claim(&id(1)).await.unwrap();
		assert!(!writers.is_at_work(&id(1)));
		claim.finishing();
		assert!(writers.is_at_work(&id(1)));
		assert!(!writers.is_at_work(&id(2)));
		drop(claim);
		assert!(!writers.is_at_work(&id(1)));
	}

	#[tokio::test]
	async fn a_writer_that_prepares_is_not_dead_however_long_it_takes() {
		let writers = Writers::default();
		let mut claim = writers.claim(&id(1)).await.unwrap();
		let long_ago = Instant::now().checked_sub(DEAD).unwrap();
		claim.writer = Writer::since(long_ago);
		lock(&writers.state).active.insert(id(1), claim.writer.clone());
		claim.preparing();
		assert_eq!(writers.claim(&id(1)).await.err(), Some(Refusal::Busy));
		assert!(writers.is_at_work(&id(1)) && !claim.writer.replaced.is_cancelled());
		claim.prepared();
		assert_eq!(writers.claim(&id(1)).await.err(), Some(Refusal::Busy), "its time begins now");
		assert!(!writers.is_at_work(&id(1)));
	}

	#[tokio::test]
	async fn a_dead_writer_is_replaced() {
		let writers = Writers::default();
		let mut claim = writers.claim(&id(1)).await.unwrap();
		let long_ago = Instant::now().checked_sub(DEAD).unwrap();
		claim.writer = Writer::since(long_ago);
		lock(&writers.state).active.insert(id(1), claim.writer.clone());
		let first = tokio::spawn(async move {
			claim.replaced().await;
			drop(claim);
		});
		assert!(writers.claim(&id(1)).await.is_ok());
		first.await.unwrap();
	}

	#[tokio::test]
	async fn a_hash_is_kept_for_the_offset_that_it_is_of() {
		let writers = Writers::default();
		let claim = writers.claim(&id(1)).await.unwrap();
		claim.park(10, Sha256::default());
		assert!(claim.unpark(9).is_none());
		claim.park(10, Sha256::default());
		assert!(claim.unpark(10).is_some());
		assert!(claim.unpark(10).is_none());
	}
}
