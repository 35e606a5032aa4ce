//! Waiting for what is expected.

use crate::{Error, Result};
use std::time::{Duration, Instant};

/// The time between two questions.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks again and again until there is an answer; gives up when `patience` has passed. An error ends
/// the waiting at once.
pub async fn eventually<T>(
	patience: Duration,
	what: &str,
	mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
	let started = Instant::now();
	loop {
		if let Some(answer) = ask().await? {
			return Ok(answer);
		}
		if started.elapsed() >= patience {
			return Err(Error::TimedOut(what.to_owned()));
		}
		tokio::time::sleep(PAUSE).await;
	}
}
