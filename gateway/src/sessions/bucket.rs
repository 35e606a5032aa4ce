//! A rate that is not exceeded.

use crate::errors::Refusal;

/// A token bucket: `FULL` at once, and `RATE` a second in the long run.
pub struct Bucket<const FULL: u64, const RATE: u64> {
	left: u64,
	at: u64,
}

impl<const FULL: u64, const RATE: u64> Default for Bucket<FULL, RATE> {
	fn default() -> Self {
		Self { left: FULL, at: 0 }
	}
}

impl<const FULL: u64, const RATE: u64> Bucket<FULL, RATE> {
	/// Takes one at `now`, in seconds.
	pub fn take(&mut self, now: u64) -> Result<(), Refusal> {
		let gained = now.saturating_sub(self.at).saturating_mul(RATE);
		self.left = self.left.saturating_add(gained).min(FULL);
		self.at = now;
		self.left = self.left.checked_sub(1).ok_or(Refusal::TooMany { seconds: 1 })?;
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_bucket_gives_what_is_in_it_and_fills_with_time() {
		let mut bucket = Bucket::<3, 2>::default();
		for _ in 0..3 {
			bucket.take(100).unwrap();
		}
		assert_eq!(bucket.take(100), Err(Refusal::TooMany { seconds: 1 }));
		bucket.take(101).unwrap();
		bucket.take(101).unwrap();
		assert!(bucket.take(101).is_err());
		for _ in 0..3 {
			bucket.take(1_000).unwrap();
		}
		assert!(bucket.take(1_000).is_err(), "it never holds more than it can");
	}
}
