//! Whether a body comes fast enough to be worth its slot.

use std::time::Duration;

/// The fewest bytes a second: a hundredth of what a poor line brings. Whoever sends less only keeps
/// a slot from others, a byte before each time-out.
const SLOWEST: u64 = 1_024;

/// Measures how fast a body comes, by the time that is spent waiting for it: for how long this
/// vault's own disk takes, nobody else is to blame.
pub struct Pace {
	period: Duration,
	waited: Duration,
	bytes: u64,
}

impl Pace {
	/// Will judge after each `period` of waiting, by that period alone.
	pub fn new(period: Duration) -> Self {
		Self { period, waited: Duration::ZERO, bytes: 0 }
	}

	/// Notes that so many bytes have come, for which so long was waited. Says whether that will do.
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
