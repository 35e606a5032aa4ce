//! How much of a file goes in one request.
//!
//! A proxy may take requests of a certain size only (nginx 1 MiB, unless it is told otherwise), and waits for an answer
//! only so long; some (Traefik) let no request take longer than a minute, even while its bytes come. So an upload begins with
//! a small slice, and goes on with larger ones as long as they pass, each in some seconds.

use medblock_platform::{clock::Duration, http::LONGEST_BODY};

/// The first slice, in bytes. Most records are not longer.
const FIRST: u64 = 1024 * 1024;

/// The smallest slice that is tried.
const LEAST: u64 = 64 * 1024;

/// The time that a slice is to take at most: less than any limit that was seen.
const TIME: Duration = Duration::from_secs(20);

/// The slices of an upload.
pub(super) struct Slices {
	next: u64,
	most: u64,
}

impl Slices {
	pub(super) fn new() -> Self {
		Self { next: FIRST.min(LONGEST_BODY), most: LONGEST_BODY }
	}

	/// The length of the next slice, if so many bytes are left.
	pub(super) fn next(&self, left: u64) -> u64 {
		self.next.min(left)
	}

	/// Notes that a slice of so many bytes has passed in this time. The next one may be longer, as far as the line's pace
	/// lets it pass in [`TIME`].
	pub(super) fn passed(&mut self, length: u64, took: Duration) {
		let pace = u128::from(length).saturating_mul(TIME.as_millis());
		let in_time = pace.checked_div(took.as_millis()).and_then(|most| u64::try_from(most).ok());
		let least = LEAST.min(self.most);
		let longer = self.next.saturating_mul(2).min(self.most);
		self.next = in_time.unwrap_or(u64::MAX).clamp(least, longer.max(least));
	}

	/// Notes that a proxy refused a slice of so many bytes. Returns whether a shorter one is worth a try.
	pub(super) fn refused(&mut self, length: u64) -> bool {
		let half = length / 2;
		if half < LEAST {
			return false;
		}
		(self.next, self.most) = (half, half);
		true
	}

	/// Notes that a connection broke. A proxy that refuses a slice may end the connection before its answer is heard, and on
	/// a very slow line a long one takes longer than anyone waits.
	pub(super) fn broke(&mut self) {
		let half = (self.next / 2).max(LEAST).min(self.most);
		(self.next, self.most) = (half, half);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn slices_grow_while_they_pass() {
		let mut slices = Slices::new();
		let mut requests = 0;
		let mut left: u64 = 1024 * 1024 * 1024;
		while left > 0 {
			let length = slices.next(left);
			left -= length;
			slices.passed(length, Duration::from_millis(100));
			requests += 1;
		}
		assert!((16..=40).contains(&requests), "{requests}");
		assert_eq!(slices.next(10), 10);
	}

	#[test]
	fn a_proxy_that_takes_a_mebibyte_gets_no_more_at_a_time() {
		let mut slices = Slices::new();
		let mut refusals = 0;
		for _ in 0..100 {
			let length = slices.next(u64::MAX);
			if length > 1024 * 1024 {
				assert!(slices.refused(length));
				refusals += 1;
			} else {
				slices.passed(length, Duration::ZERO);
			}
		}
		assert_eq!(refusals, 1);
		assert_eq!(slices.next(u64::MAX), 1024 * 1024);
	}

	#[test]
	fn a_proxy_that_takes_nothing_is_given_up() {
		let mut slices = Slices::new();
		let mut tries = 0;
		while slices.refused(slices.next(u64::MAX)) {
			tries += 1;
			assert!(tries < 10);
		}
		// Nor is a short file tried in pieces.
		assert!(!Slices::new().refused(4_096));
	}

	#[test]
	fn slices_get_shorter_when_connections_break() {
		let mut slices = Slices::new();
		(0..10).for_each(|_| slices.passed(LONGEST_BODY, Duration::ZERO));
		let longest = slices.next(u64::MAX);
		assert_eq!(longest, LONGEST_BODY);
		slices.broke();
		slices.passed(longest / 2, Duration::ZERO);
		assert_eq!(slices.next(u64::MAX), longest / 2);
		(0..30).for_each(|_| slices.broke());
		assert_eq!(slices.next(u64::MAX), LEAST);
	}

	/// Traefik ends a request after a minute, whether bytes come or not: 64 MiB over a line of 5 Mbit/s were ended each time.
	#[test]
	fn slice_takes_no_longer_than_a_proxy_waits() {
		for pace in [2_000, 60_000, 600_000, 100_000_000] {
			let mut slices = Slices::new();
			for _ in 0..20 {
				let length = slices.next(u64::MAX);
				slices.passed(length, Duration::from_millis(length * 1_000 / pace));
			}
			let length = slices.next(u64::MAX);
			let is_least = length == LEAST;
			assert!(
				is_least || length / pace <= TIME.as_secs(),
				"{length} bytes at {pace} a second"
			);
			assert!(pace < 600_000 || length >= LONGEST_BODY.min(10_000_000), "{length} at {pace}");
		}
	}
}
