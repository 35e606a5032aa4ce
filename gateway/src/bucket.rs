//! A limited rate.

use crate::errors::Refusal;

/// How often an action is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
	/// Times at once.
	pub full: u64,
	/// Times a second in the long run.
	pub per_second: u64,
}

/// A token bucket. A new one is full.
#[derive(Default)]
pub struct Bucket {
	/// The tokens that are missing from a full bucket.
	taken: u64,
	at: u64,
}

impl Bucket {
	/// Takes a token at `now`, in seconds.
	pub fn take(&mut self, rate: Rate, now: u64) -> Result<(), Refusal> {
		self.take_many(rate, 1, now)
	}

	/// Takes several tokens at `now`, or none. An action that takes more than a full bucket takes all of it.
	pub fn take_many(&mut self, rate: Rate, tokens: u64, now: u64) -> Result<(), Refusal> {
		self.fill(rate, now);
		let taken = self.taken.saturating_add(tokens.min(rate.full));
		if taken > rate.full {
			return Err(Refusal::TooMany { seconds: 1 });
		}
		self.taken = taken;
		Ok(())
	}

	/// Whether no token is missing at `now`.
	pub fn is_full(&mut self, rate: Rate, now: u64) -> bool {
		self.fill(rate, now);
		self.taken == 0
	}

	fn fill(&mut self, rate: Rate, now: u64) {
		let gained = now.saturating_sub(self.at).saturating_mul(rate.per_second);
		self.taken = self.taken.saturating_sub(gained);
		self.at = now;
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const RATE: Rate = Rate { full: 3, per_second: 2 };

	#[test]
	fn a_bucket_gives_what_is_in_it_and_fills_with_time() {
		let mut bucket = Bucket::default();
		for _ in 0..3 {
			bucket.take(RATE, 100).unwrap();
		}
		assert_eq!(bucket.take(RATE, 100), Err(Refusal::TooMany { seconds: 1 }));
		bucket.take(RATE, 101).unwrap();
		bucket.take(RATE, 101).unwrap();
		assert!(bucket.take(RATE, 101).is_err());
		for _ in 0..3 {
			bucket.take(RATE, 1_000).unwrap();
		}
		assert!(bucket.take(RATE, 1_000).is_err(), "it never holds more than it can");
	}

	#[test]
	fn an_action_takes_several_or_none() {
		let mut bucket = Bucket::default();
		bucket.take_many(RATE, 2, 100).unwrap();
		assert!(bucket.take_many(RATE, 2, 100).is_err());
		bucket.take(RATE, 100).unwrap();
		Bucket::default().take_many(RATE, 9, 100).unwrap();
	}

	#[test]
	fn a_bucket_is_full_when_as_much_has_come_as_was_taken() {
		let mut bucket = Bucket::default();
		assert!(bucket.is_full(RATE, 100));
		for _ in 0..3 {
			bucket.take(RATE, 100).unwrap();
		}
		assert!(!bucket.is_full(RATE, 101));
		assert!(bucket.is_full(RATE, 102));
	}
}
