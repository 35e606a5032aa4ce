//! How many downloads an account gets, and how many at once.
//!
//! The vault records each for good, in a line of about 1 KB on its own disk. An account without a limit could fill
//! that disk, and then the vault serves no request. Each download in flight takes memory and a connection for as long
//! as its reader wants, so an account gets so many slots, and leaves the others theirs.

use crate::{
	bucket::{Buckets, Rate},
	errors::Refusal,
};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Downloads that an account gets back each second. No reader is that fast for long, and a day of it makes
/// less than 200 MB of lines.
const PER_SECOND: u64 = 2;
/// The most accounts whose downloads are counted. An account that has all of its downloads left need not be.
const MAX_ACCOUNTS: usize = 65_536;

/// The downloads that each account has left. They are in memory only: a restart gives all of them back.
pub struct Downloads {
	accounts: Mutex<Buckets<[u8; 32]>>,
}

impl Downloads {
	/// Allows each account `at_once` downloads at once.
	pub fn new(at_once: usize) -> Self {
		let rate = Rate { full: at_once as u64, per_second: PER_SECOND };
		Self { accounts: Mutex::new(Buckets::new(rate, MAX_ACCOUNTS)) }
	}

	/// Takes so many of the account's downloads at `now`, in seconds.
	pub fn take(&self, account: &[u8; 32], number: usize, now: u64) -> Result<(), Refusal> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
		accounts.take(*account, number as u64, now)
	}
}

/// The slots of downloads in flight.
pub struct DownloadSlots {
	in_all: usize,
	per_account: usize,
	taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
	in_all: usize,
	by_account: HashMap<[u8; 32], usize>,
}

/// A slot. It is free again when this is dropped.
pub struct DownloadSlot {
	account: [u8; 32],
	slots: Arc<DownloadSlots>,
}

impl DownloadSlots {
	/// Slots: `in_all` of them, `per_account` for each account.
	pub fn new(in_all: usize, per_account: usize) -> Self {
		Self { in_all, per_account, taken: Mutex::default() }
	}

	/// Takes a slot for a download of the account's.
	pub fn take(self: &Arc<Self>, account: &[u8; 32]) -> Result<DownloadSlot, Refusal> {
		let mut taken = self.taken();
		let own = taken.by_account.get(account).copied().unwrap_or_default();
		if taken.in_all >= self.in_all || own >= self.per_account {
			return Err(Refusal::TooMany { seconds: 1 });
		}
		taken.in_all += 1;
		taken.by_account.insert(*account, own + 1);
		Ok(DownloadSlot { account: *account, slots: self.clone() })
	}

	/// How many each account has.
	pub fn per_account(&self) -> usize {
		self.per_account
	}

	/// The number of slots that are taken.
	pub fn in_use(&self) -> usize {
		self.taken().in_all
	}

	/// Whether no account gets another one.
	pub fn are_taken(&self) -> bool {
		self.in_use() >= self.in_all
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn taken(&self) -> MutexGuard<'_, Taken> {
		self.taken.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Drop for DownloadSlot {
	fn drop(&mut self) {
		let mut taken = self.slots.taken();
		taken.in_all = taken.in_all.saturating_sub(1);
		let left = taken.by_account.get(&self.account).map_or(0, |own| own.saturating_sub(1));
		match left {
			0 => taken.by_account.remove(&self.account),
			left => taken.by_account.insert(self.account, left),
		};
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: u64 = 1_780_000_000;
	const REFUSED: Result<(), Refusal> = Err(Refusal::TooMany { seconds: 1 });

	fn account(number: u32) -> [u8; 32] {
		let mut account = [0; 32];
		account[..4].copy_from_slice(&number.to_be_bytes());
		account
	}

	#[test]
	fn a_chart_of_10_000_records_is_listed_at_once_and_once_more() {
		let downloads = Downloads::new(20_000);
		for _ in 0..20_000 {
			downloads.take(&account(1), 1, NOW).unwrap();
		}
		assert_eq!(downloads.take(&account(1), 1, NOW), REFUSED);
	}

	#[test]
	fn an_account_gets_two_a_second_back_and_takes_none_of_anothers() {
		let downloads = Downloads::new(3);
		for _ in 0..3 {
			downloads.take(&account(1), 1, NOW).unwrap();
		}
		assert_eq!(downloads.take(&account(1), 1, NOW), REFUSED);
		downloads.take(&account(2), 1, NOW).unwrap();
		for _ in 0..2 {
			downloads.take(&account(1), 1, NOW + 1).unwrap();
		}
		assert_eq!(downloads.take(&account(1), 1, NOW + 1), REFUSED);
	}

	#[test]
	fn who_has_all_of_theirs_is_forgotten_when_the_room_is_needed_and_nobody_else() {
		let downloads = Downloads::new(3);
		let known = || downloads.accounts.lock().unwrap().len();
		let everybody = 0..u32::try_from(MAX_ACCOUNTS).unwrap();
		for number in everybody {
			downloads.take(&account(number), 1, NOW).unwrap();
		}
		for _ in 0..2 {
			downloads.take(&account(0), 1, NOW).unwrap();
		}
		assert_eq!(
			downloads.take(&account(u32::MAX), 1, NOW),
			REFUSED,
			"none can be forgotten yet"
		);
		assert_eq!(known(), MAX_ACCOUNTS);
		downloads.take(&account(u32::MAX), 1, NOW + 1).unwrap();
		assert_eq!(known(), 2, "of account 0, one is still missing");
		for _ in 0..2 {
			downloads.take(&account(0), 1, NOW + 1).unwrap();
		}
		assert_eq!(downloads.take(&account(0), 1, NOW + 1), REFUSED);
	}

	#[test]
	fn an_account_has_so_many_slots_and_others_have_theirs() {
		let slots = Arc::new(DownloadSlots::new(3, 2));
		let mut own = [(); 2].map(|()| Some(slots.take(&account(1)).unwrap()));
		assert_eq!(slots.take(&account(1)).err(), Some(Refusal::TooMany { seconds: 1 }));
		let theirs = slots.take(&account(2)).unwrap();
		assert!(slots.are_taken());
		assert_eq!(slots.take(&account(3)).err(), Some(Refusal::TooMany { seconds: 1 }));
		own[0] = None;
		let again = slots.take(&account(1)).unwrap();
		drop((own, theirs, again));
		assert_eq!(slots.in_use(), 0);
		assert!(slots.taken().by_account.is_empty(), "nothing is left behind");
	}
}
