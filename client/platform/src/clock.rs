//! The time, and waiting.

use crate::target;
use futures::future::{Either, select};
use std::pin::pin;

pub use std::time::Duration;
/// A moment on a clock that never goes back. In browsers, the clock of `performance.now()`.
pub use web_time::Instant;

/// Milliseconds since 1970, by the machine's clock.
pub fn now() -> u64 {
	let since = web_time::SystemTime::now().duration_since(web_time::UNIX_EPOCH);
	since.ok().and_then(|since| u64::try_from(since.as_millis()).ok()).unwrap_or_default()
}

/// Waits for `time`.
pub async fn sleep(time: Duration) {
	target::sleep(time).await;
}

/// The time was over before the work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;

impl std::fmt::Display for TimedOut {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		formatter.write_str("it took too long")
	}
}

impl std::error::Error for TimedOut {}

/// Gives work a limit. Work that exceeds it is dropped.
///
/// # Errors
///
/// [`TimedOut`].
pub async fn timeout<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, TimedOut> {
	match select(pin!(work), pin!(sleep(limit))).await {
		Either::Left((done, _)) => Ok(done),
		Either::Right(_) => Err(TimedOut),
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	use super::*;

	#[tokio::test]
	async fn work_ends_in_time_or_is_dropped() {
		let minute = Duration::from_secs(60);
		assert_eq!(timeout(minute, async { 7 }).await, Ok(7));
		assert_eq!(timeout(Duration::from_millis(1), sleep(minute)).await, Err(TimedOut));
	}

	#[test]
	fn now_is_in_milliseconds() {
		let year = 365 * 24 * 60 * 60 * 1_000;
		assert!((50 * year..200 * year).contains(&now()));
	}
}
