//! What doctors who ask for an emergency tell in words (see [`medblock_vault_protocol::emergencies`]).
//!
//! The store knows a file by its patient and its SHA-256, which the chain has. The caller has asked the chain before.

use crate::{
	bucket::{Buckets, Rate},
	errors::Refusal,
	metrics::Metrics,
	vault::store::{self, Store},
};
use bytes::Bytes;
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::{emergencies::MAX_PER_PATIENT, paths::parse_digest};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use tokio::sync::Mutex;

/// An account's requests. A desk looks at several texts in a row.
const ASKED: Rate = Rate { full: 64, per_second: 1 };
/// The most accounts whose requests are counted.
const MAX_ACCOUNTS: usize = 65_536;
/// How long a text stays although the chain does not name it, in milliseconds. Its request may be in a block that came after
/// the one by which another text was taken, or that another gateway's node does not have yet.
const YOUNG: Moment = 60 * 60 * 1_000;

/// All texts.
pub struct Texts {
	store: Store,
	metrics: Arc<Metrics>,
	asked: Lock<Buckets<[u8; 32]>>,
	/// Held while the texts of a patient change.
	changing: Mutex<()>,
}

impl Texts {
	/// Keeps texts in this store.
	pub fn new(store: Store, metrics: Arc<Metrics>) -> Self {
		let asked = Lock::new(Buckets::new(ASKED, MAX_ACCOUNTS));
		Self { store, metrics, asked, changing: Mutex::default() }
	}

	/// Counts a request of an account at `now`, in seconds.
	pub fn count(&self, account: &[u8; 32], now: u64) -> Result<(), Refusal> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		self.asked.lock().unwrap_or_else(PoisonError::into_inner).take(*account, 1, now)
	}

	/// The text of this digest about a patient.
	pub async fn find(&self, patient: PatientId, digest: &[u8; 32]) -> Result<Bytes, Refusal> {
		let found = self.stored(self.store.small(&name(patient, digest)).await)?;
		found.ok_or(Refusal::NoSuchText)
	}

	/// Keeps a text, and deletes older ones of the same patient that the chain does not name any more. When this returns,
	/// the text is durable. `now` is this machine's time.
	pub async fn put(
		&self,
		patient: PatientId,
		digest: &[u8; 32],
		text: Vec<u8>,
		named: &[[u8; 32]],
		now: Moment,
	) -> Result<(), Refusal> {
		let _turn = self.changing.lock().await;
		let kept = self.stored(self.store.small_ages(&folder(patient)).await)?;
		let mut others = 0;
		for (other, written) in kept {
			let Some(other) = parse_digest(&other) else { continue };
			if named.contains(&other) {
				others += usize::from(other != *digest);
			} else if now >= written.saturating_add(YOUNG) {
				self.stored(self.store.delete_small(&name(patient, &other)).await)?;
			}
		}
		// The chain names no more than that.
		if others >= MAX_PER_PATIENT {
			return Err(Refusal::QuotaExceeded("there are too many texts about this patient"));
		}
		self.stored(self.store.put_small(&name(patient, digest), text).await)
	}

	fn stored<T>(&self, outcome: Result<T, store::Error>) -> Result<T, Refusal> {
		outcome.map_err(|why| why.refused(&self.metrics))
	}
}

fn folder(patient: PatientId) -> String {
	format!("emergencies/{patient}")
}

fn name(patient: PatientId, digest: &[u8; 32]) -> String {
	format!("{}/{}", folder(patient), hex::encode(digest))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::authority::wall_clock;
	use std::path::Path;

	const PATIENT: PatientId = PatientId(7);

	fn texts(folder: &Path) -> Texts {
		Texts::new(Store::folder(folder).unwrap(), Arc::new(Metrics::new().unwrap()))
	}

	/// A time at which no text that was left before is young any more.
	fn later() -> Moment {
		wall_clock() + 2 * YOUNG
	}

	#[tokio::test]
	async fn text_is_what_was_put_also_after_a_restart_and_only_its_patients() {
		let folder = tempfile::tempdir().unwrap();
		let before = texts(folder.path());
		before.put(PATIENT, &[1; 32], b"why".to_vec(), &[[1; 32]], later()).await.unwrap();
		let after = texts(folder.path());
		assert_eq!(after.find(PATIENT, &[1; 32]).await.unwrap(), &b"why"[..]);
		for (patient, digest) in [(PatientId(8), [1; 32]), (PATIENT, [2; 32])] {
			assert_eq!(after.find(patient, &digest).await, Err(Refusal::NoSuchText));
		}
	}

	#[tokio::test]
	async fn what_the_chain_no_longer_names_is_deleted_with_the_next() {
		let folder = tempfile::tempdir().unwrap();
		let all = texts(folder.path());
		for number in [1, 2] {
			all.put(PATIENT, &[number; 32], vec![number], &[[1; 32], [2; 32]], later())
				.await
				.unwrap();
		}
		all.put(PatientId(8), &[9; 32], vec![9], &[[9; 32]], later()).await.unwrap();
		all.put(PATIENT, &[3; 32], vec![3], &[[2; 32], [3; 32]], later()).await.unwrap();
		assert_eq!(all.find(PATIENT, &[1; 32]).await, Err(Refusal::NoSuchText));
		for (patient, number) in [(PATIENT, 2), (PATIENT, 3), (PatientId(8), 9)] {
			assert_eq!(all.find(patient, &[number; 32]).await.unwrap(), &[number][..]);
		}
	}

	#[tokio::test]
	async fn a_new_text_stays_though_another_ones_block_does_not_name_it() {
		let folder = tempfile::tempdir().unwrap();
		let all = texts(folder.path());
		let now = wall_clock();
		all.put(PATIENT, &[2; 32], vec![2], &[[1; 32], [2; 32]], now).await.unwrap();
		// It was decided by the block before, and came later.
		all.put(PATIENT, &[1; 32], vec![1], &[[1; 32]], now).await.unwrap();
		assert_eq!(all.find(PATIENT, &[2; 32]).await.unwrap(), &[2][..]);
		all.put(PATIENT, &[1; 32], vec![1], &[[1; 32]], later()).await.unwrap();
		assert_eq!(all.find(PATIENT, &[2; 32]).await, Err(Refusal::NoSuchText));
	}

	#[tokio::test]
	async fn texts_of_a_patient_are_bounded() {
		let folder = tempfile::tempdir().unwrap();
		let all = texts(folder.path());
		let named: Vec<[u8; 32]> = (0..=MAX_PER_PATIENT as u8).map(|one| [one; 32]).collect();
		for digest in &named[..MAX_PER_PATIENT] {
			all.put(PATIENT, digest, vec![1], &named, later()).await.unwrap();
		}
		let last = all.put(PATIENT, &named[MAX_PER_PATIENT], vec![1], &named, later()).await;
		assert!(matches!(last, Err(Refusal::QuotaExceeded(_))));
		all.put(PATIENT, &named[0], vec![2], &named, later()).await.unwrap();
	}

	#[tokio::test]
	async fn requests_of_an_account_are_counted() {
		let folder = tempfile::tempdir().unwrap();
		let all = texts(folder.path());
		let now = 1_780_000_000;
		for _ in 0..ASKED.full {
			all.count(&[1; 32], now).unwrap();
		}
		assert!(all.count(&[1; 32], now).is_err());
		assert!(all.count(&[2; 32], now).is_ok());
	}
}
