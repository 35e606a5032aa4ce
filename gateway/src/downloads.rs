//! How many downloads an account gets. The vault records each for good, in a line of about 1 KB on its own
//! disk. An account without a limit could fill that disk, and then the vault serves no request.

use crate::{
	bucket::{Buckets, Rate},
	errors::Refusal,
};
use std::sync::{Mutex, PoisonError};

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

	/// Takes one of the account's downloads at `now`, in seconds.
	pub fn take(&self, account: &[u8; 32], now: u64) -> Result<(), Refusal> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
		accounts.take(*account, 1, now)
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
			downloads.take(&account(1), NOW).unwrap();
		}
		assert_eq!(downloads.take(&account(1), NOW), REFUSED);
	}

	#[test]
	fn an_account_gets_two_a_second_back_and_takes_none_of_anothers() {
		let downloads = Downloads::new(3);
		for _ in 0..3 {
			downloads.take(&account(1), NOW).unwrap();
		}
		assert_eq!(downloads.take(&account(1), NOW), REFUSED);
		downloads.take(&account(2), NOW).unwrap();
		for _ in 0..2 {
			downloads.take(&account(1), NOW + 1).unwrap();
		}
		assert_eq!(downloads.take(&account(1), NOW + 1), REFUSED);
	}

	#[test]
	fn who_has_all_of_theirs_is_forgotten_when_the_room_is_needed_and_nobody_else() {
		let downloads = Downloads::new(3);
		let known = || downloads.accounts.lock().unwrap().len();
		let everybody = 0..u32::try_from(MAX_ACCOUNTS).unwrap();
		for number in everybody {
			downloads.take(&account(number), NOW).unwrap();
		}
		for _ in 0..2 {
			downloads.take(&account(0), NOW).unwrap();
		}
		assert_eq!(downloads.take(&account(u32::MAX), NOW), REFUSED, "none can be forgotten yet");
		assert_eq!(known(), MAX_ACCOUNTS);
		downloads.take(&account(u32::MAX), NOW + 1).unwrap();
		assert_eq!(known(), 2, "of account 0, one is still missing");
		for _ in 0..2 {
			downloads.take(&account(0), NOW + 1).unwrap();
		}
		assert_eq!(downloads.take(&account(0), NOW + 1), REFUSED);
	}
}
