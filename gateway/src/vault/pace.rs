//! The least speed of a body.

use std::time::Duration;

/// The least bytes a second: a hundredth of what a poor line brings. A slower client only holds a slot, with a
/// byte before each time-out.
const SLOWEST: u64 = 1_024;

/// Measures how fast a body comes, by the time that the vault waits for it. The time of its own disk does not
/// count.
pub struct Pace {
	period: Duration,
	waited: Duration,
	bytes: u64,
}

impl Pace {
	/// A measurement that judges each `period` of waiting by itself.
	pub fn new(period: Duration) -> Self {
		Self { period, waited: Duration::ZERO, bytes: 0 }
	}

	/// Notes bytes that have come, and the time waited for them. Returns whether the body is fast enough.
	pub fn keeps(&mut self, bytes: usize, waited: Duration) -> bool {
		self.bytes = self.bytes.saturating_add(bytes as u64);
		self.waited = self.waited.saturating_add(waited);
		if self.waited < self.period {
			return true;
		}
		let enough = u128::from(SLOWEST).saturating_mul(self.waited.as_millis()) / 1_000;
		let came = u128::from(self.bytes);
		*self = Self::new(self.period);
		came >= enough
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const PERIOD: Duration = Duration::from_secs(30);

	/// The piece with which it ends, of pieces of so many bytes with so many seconds before each.
	fn ends_after(bytes: usize, seconds: u64) -> Option<usize> {
		let mut pace = Pace::new(PERIOD);
		(1..=1_000).find(|_| !pace.keeps(bytes, Duration::from_secs(seconds)))
	}

	#[test]
	fn a_body_that_trickles_ends_with_the_first_period() {
		assert_eq!(ends_after(1, 1), Some(30));
		assert_eq!(ends_after(1, 29), Some(2));
		assert_eq!(ends_after(1_023, 1), Some(30));
	}

	#[test]
	fn a_kibibyte_a_second_is_enough_however_it_comes() {
		assert_eq!(ends_after(1_024, 1), None);
		assert_eq!(ends_after(29 * 1_024, 29), None);
		assert_eq!(ends_after(1, 0), None, "nothing was waited for");
	}

	#[test]
	fn what_came_fast_before_is_no_reason_to_wait_for_ever() {
		let mut pace = Pace::new(PERIOD);
		assert!(pace.keeps(1 << 30, Duration::from_secs(29)));
		assert!(pace.keeps(1, Duration::from_secs(29)));
		assert!(pace.keeps(1, Duration::from_secs(29)));
		assert!(!pace.keeps(1, Duration::from_secs(29)));
	}
}
