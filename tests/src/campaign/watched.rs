//! What all who take part in a campaign share: its history, its clock, and whether something is disturbed.

use super::history::{History, Millis};
use std::{
	sync::{
		Mutex, PoisonError,
		atomic::{AtomicBool, AtomicU64, Ordering},
	},
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// How old the block may be by which a vault decides (`MAX_AGE` of its authority), and the time between two of its looks.
const STALE: Millis = 75_000;
/// The same while nothing is disturbed: a vault has the news of a final block within seconds.
const FRESH: Millis = 5_000;
/// How long after a fault something may still be its consequence.
const SETTLES: Millis = 45_000;
/// That something is disturbed now.
const NOW: Millis = Millis::MAX;

/// What is shared.
pub struct Watched {
	history: Mutex<History>,
	began: Instant,
	/// When the last fault ended, or [`NOW`].
	disturbed: AtomicU64,
	/// Whether this machine does other work, which disturbs all the time.
	is_busy: bool,
	is_over: AtomicBool,
}

impl Watched {
	/// Nothing has happened yet. On a busy machine nothing counts as calm.
	pub fn new(is_busy: bool) -> Self {
		let is_over = AtomicBool::new(false);
		// Nodes that were just started settle, too.
		let disturbed = AtomicU64::new(0);
		Self { history: Mutex::default(), began: Instant::now(), disturbed, is_busy, is_over }
	}

	/// Tells the history something, or asks it.
	pub fn note<T>(&self, tell: impl FnOnce(&mut History) -> T) -> T {
		tell(&mut self.history.lock().unwrap_or_else(PoisonError::into_inner))
	}

	/// The time since the beginning.
	pub fn now(&self) -> Millis {
		Millis::try_from(self.began.elapsed().as_millis()).unwrap_or(Millis::MAX)
	}

	/// A fault is there from now on.
	pub fn disturb(&self) {
		self.disturbed.store(NOW, Ordering::SeqCst);
	}

	/// No fault is there any more.
	pub fn calm(&self) {
		self.disturbed.store(self.now(), Ordering::SeqCst);
	}

	/// Whether what happened since then may be the consequence of a fault.
	pub fn was_disturbed_since(&self, at: Millis) -> bool {
		self.is_busy || self.disturbed.load(Ordering::SeqCst).saturating_add(SETTLES) > at
	}

	/// How late a vault may still serve by what it knew at that time.
	pub fn grace_since(&self, at: Millis) -> Millis {
		if self.was_disturbed_since(at) { STALE } else { FRESH }
	}

	/// Ends it for all.
	pub fn end(&self) {
		self.is_over.store(true, Ordering::SeqCst);
	}

	/// Whether it has ended.
	pub fn is_over(&self) -> bool {
		self.is_over.load(Ordering::SeqCst)
	}

	/// Whether a rule was broken.
	pub fn is_broken(&self) -> bool {
		self.note(|history| !history.breaches().is_empty())
	}

	/// Waits, for at most until it has ended.
	pub async fn pause(&self, time: Duration) {
		let until = Instant::now() + time;
		while !self.is_over() && Instant::now() < until {
			let left = until.saturating_duration_since(Instant::now());
			sleep(left.min(Duration::from_millis(250))).await;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_follows_a_fault_closely_may_be_its_consequence() {
		let watched = Watched::new(false);
		assert!(watched.was_disturbed_since(SETTLES - 1));
		assert!(!watched.was_disturbed_since(SETTLES));
		assert_eq!(watched.grace_since(SETTLES), FRESH);
		watched.disturb();
		assert!(watched.was_disturbed_since(10 * SETTLES));
		assert_eq!(watched.grace_since(10 * SETTLES), STALE);
		watched.calm();
		assert!(!watched.was_disturbed_since(10 * SETTLES));
	}

	#[test]
	fn a_busy_machine_is_never_calm() {
		let watched = Watched::new(true);
		watched.calm();
		assert!(watched.was_disturbed_since(10 * SETTLES));
		assert_eq!(watched.grace_since(10 * SETTLES), STALE);
	}
}
