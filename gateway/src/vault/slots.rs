//! Limits of uploads in flight: in all, and for each account, so that no account takes all slots.

use super::staging::UploadId;
use crate::errors::Refusal;
use std::{
	collections::HashSet,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The slots of a vault.
pub struct Slots {
	in_all: usize,
	per_account: usize,
	/// The uploads that hold a slot, once for each of their connections.
	taken: Mutex<Vec<UploadId>>,
}

/// A slot. It is free again when this is dropped.
pub struct Slot {
	id: UploadId,
	slots: Arc<Slots>,
}

impl Slots {
	/// Slots: `in_all` of them, `per_account` for each account.
	pub fn new(in_all: usize, per_account: usize) -> Self {
		Self { in_all, per_account, taken: Mutex::default() }
	}

	/// Takes a slot for a connection with this upload. For an account, its uploads are counted and not their
	/// connections: a lost connection still holds its slot when the next one comes to replace it, and at most one
	/// of an upload's connections stays.
	pub fn take(self: &Arc<Self>, id: &UploadId) -> Result<Slot, Refusal> {
		let mut taken = self.taken();
		let others = taken.iter().filter(|one| one.account == id.account && *one != id);
		let others = others.collect::<HashSet<_>>().len();
		if taken.len() >= self.in_all || others >= self.per_account {
			return Err(Refusal::TooMany { seconds: 1 });
		}
		taken.push(*id);
		Ok(Slot { id: *id, slots: self.clone() })
	}

	/// How many each account has.
	pub fn per_account(&self) -> usize {
		self.per_account
	}

	/// Whether no account gets another one.
	pub fn are_taken(&self) -> bool {
		self.taken().len() >= self.in_all
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn taken(&self) -> MutexGuard<'_, Vec<UploadId>> {
		self.taken.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Drop for Slot {
	fn drop(&mut self) {
		let mut taken = self.slots.taken();
		if let Some(place) = taken.iter().position(|one| *one == self.id) {
			taken.swap_remove(place);
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::blob::{BlobId, Digest};
	use medblock_primitives::PatientId;

	fn upload(account: u8, file: u8) -> UploadId {
		let blob = BlobId { patient: PatientId(1), digest: Digest([file; 32]) };
		UploadId { blob, account: [account; 32] }
	}

	fn refused(slot: Result<Slot, Refusal>) {
		assert_eq!(slot.err(), Some(Refusal::TooMany { seconds: 1 }));
	}

	#[test]
	fn an_account_has_so_many_slots_and_others_have_theirs() {
		let slots = Arc::new(Slots::new(10, 2));
		let mut own = [1, 2].map(|file| Some(slots.take(&upload(1, file)).unwrap()));
		refused(slots.take(&upload(1, 3)));
		let _theirs = [1, 2].map(|file| slots.take(&upload(2, file)).unwrap());
		own[0] = None;
		let _third = slots.take(&upload(1, 3)).unwrap();
		refused(slots.take(&upload(1, 1)));
	}

	#[test]
	fn there_are_so_many_slots_in_all() {
		let slots = Arc::new(Slots::new(2, 2));
		let first = slots.take(&upload(1, 1)).unwrap();
		let _second = slots.take(&upload(2, 1)).unwrap();
		refused(slots.take(&upload(3, 1)));
		drop(first);
		slots.take(&upload(3, 1)).unwrap();
	}

	#[test]
	fn who_takes_over_an_upload_needs_no_other_slot_of_the_accounts() {
		let slots = Arc::new(Slots::new(3, 1));
		let lost = slots.take(&upload(1, 1)).unwrap();
		let next = slots.take(&upload(1, 1)).unwrap();
		drop(lost);
		refused(slots.take(&upload(1, 2)));
		drop(next);
		slots.take(&upload(1, 2)).unwrap();
		assert_eq!(slots.taken().len(), 0, "nothing is left behind");
	}

	#[test]
	fn connections_with_the_same_upload_are_counted_among_all() {
		let slots = Arc::new(Slots::new(2, 1));
		let _both = [slots.take(&upload(1, 1)).unwrap(), slots.take(&upload(1, 1)).unwrap()];
		refused(slots.take(&upload(1, 1)));
	}
}
