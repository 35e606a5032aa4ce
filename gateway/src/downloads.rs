//! How many downloads an account gets. The vault records each for good, in a line of about 1 KB on its own
//! disk. An account without a limit could fill that disk, and then the vault serves no request.

use crate::{
	bucket::{Buckets, Rate},
	errors::Refusal,
};

/// Downloads that an account gets back each second. No reader is that fast for long, and a day of it makes
/// less than 200 MB of lines.
const PER_SECOND: u64 = 2;

/// The downloads that each account has left.
pub struct Downloads(Buckets<[u8; 32]>);

impl Downloads {
	/// Allows each account `at_once` downloads at once.
	pub fn new(at_once: usize) -> Self {
		Self(Buckets::new(Rate { full: at_once as u64, per_second: PER_SECOND }))
	}

	/// Takes one of the account's downloads at `now`, in seconds.
	pub fn take(&self, account: &[u8; 32], now: u64) -> Result<(), Refusal> {
		self.0.take(account, now)
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
}
