//! A limited rate, for one or for each of many.

use crate::errors::Refusal;
use std::{collections::HashMap, hash::Hash};

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

	/// Takes tokens that were used already, at `now`, in seconds. If fewer are left, the next ones go to the debt, which
	/// is at most another full bucket.
	pub fn owe(&mut self, rate: Rate, tokens: u64, now: u64) {
		self.fill(rate, now);
		let most = rate.full.saturating_mul(2);
		self.taken = self.taken.saturating_add(tokens).min(most);
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

/// A bucket for each caller, of up to so many callers.
pub struct Buckets<K> {
	rate: Rate,
	most: usize,
	by_caller: HashMap<K, Bucket>,
	/// When callers with full buckets were forgotten last, in seconds.
	cleaned: u64,
}

impl<K: Eq + Hash> Buckets<K> {
	/// Buckets that fill at this rate.
	pub fn new(rate: Rate, most: usize) -> Self {
		Self { rate, most, by_caller: HashMap::new(), cleaned: 0 }
	}

	/// As [`Bucket::take_many`], of a caller's bucket.
	pub fn take(&mut self, caller: K, tokens: u64, now: u64) -> Result<(), Refusal> {
		let rate = self.rate;
		self.of(caller, now)?.take_many(rate, tokens, now)
	}

	/// As [`Bucket::owe`], of a caller's bucket.
	pub fn owe(&mut self, caller: K, tokens: u64, now: u64) {
		let rate = self.rate;
		if let Ok(bucket) = self.of(caller, now) {
			bucket.owe(rate, tokens, now);
		}
	}

	fn of(&mut self, caller: K, now: u64) -> Result<&mut Bucket, Refusal> {
		if self.by_caller.len() >= self.most && !self.by_caller.contains_key(&caller) {
			// A caller with a full bucket need not be known. Looking for those takes time, so it is done once a second.
			if self.cleaned != now {
				self.cleaned = now;
				self.by_caller.retain(|_, bucket| !bucket.is_full(self.rate, now));
			}
			if self.by_caller.len() >= self.most {
				return Err(Refusal::TooMany { seconds: 1 });
			}
		}
		Ok(self.by_caller.entry(caller).or_default())
	}

	/// The number of callers that are known.
	#[cfg(test)]
	pub fn len(&self) -> usize {
		self.by_caller.len()
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
	fn a_clock_that_is_set_back_stops_no_bucket_from_filling() {
		let mut bucket = Bucket::default();
		for _ in 0..3 {
			bucket.take(RATE, 1_000_000).unwrap();
		}
		assert!(bucket.take(RATE, 100).is_err(), "going back gives nothing");
		bucket.take(RATE, 101).unwrap();
		bucket.take(RATE, 101).unwrap();
		assert!(bucket.take(RATE, 101).is_err());
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
	fn what_is_owed_comes_before_the_next_action() {
		let mut bucket = Bucket::default();
		bucket.owe(RATE, 5, 100);
		assert!(bucket.take(RATE, 101).is_err(), "two have come, and two were missing");
		bucket.take(RATE, 102).unwrap();
		bucket.owe(RATE, 1_000, 200);
		assert!(bucket.take(RATE, 201).is_err());
		bucket.take(RATE, 202).unwrap();
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
