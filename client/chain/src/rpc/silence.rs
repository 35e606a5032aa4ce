//! Waiting for a node that does not answer for a while, and telling that.

use medblock_platform::clock::{Duration, TimedOut, timeout};
use std::{
	pin::pin,
	sync::{
		Arc, Mutex, PoisonError,
		atomic::{AtomicBool, Ordering},
	},
};

/// The time in which nodes answer, as a rule. A silence for longer is told.
const USUAL: Duration = Duration::from_secs(5);

/// What is told of a node that does not answer for a while: its address.
pub type Silence = Arc<dyn Fn(&str) + Send + Sync>;

/// A node's silences, for all that is asked over one connection.
pub(super) struct Silences {
	usual: Duration,
	listener: Mutex<Option<Silence>>,
	/// Whether the present silence is told already.
	is_told: AtomicBool,
}

impl Default for Silences {
	fn default() -> Self {
		Self::after(USUAL)
	}
}

impl Silences {
	fn after(usual: Duration) -> Self {
		Self { usual, listener: Mutex::default(), is_told: AtomicBool::default() }
	}

	pub(super) fn on(&self, listener: Silence) {
		*self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
	}

	/// Limits the time of what asks a node, and tells if it takes longer than usual.
	pub(super) async fn limited<T>(
		&self,
		limit: Duration,
		url: &str,
		asking: impl Future<Output = T>,
	) -> Result<T, TimedOut> {
		let mut asking = pin!(asking);
		let mut answer = timeout(self.usual.min(limit), asking.as_mut()).await;
		if answer.is_err() && limit > self.usual {
			self.tell(url);
			answer = timeout(limit.saturating_sub(self.usual), asking).await;
		}
		if answer.is_ok() {
			self.is_told.store(false, Ordering::Relaxed);
		}
		answer
	}

	fn tell(&self, url: &str) {
		if self.is_told.swap(true, Ordering::Relaxed) {
			return;
		}
		// Not told under the lock: what is told may set another listener.
		let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some(listener) = listener {
			listener(url);
		}
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::{
		channel::oneshot,
		future::{join, pending},
	};

	const MINUTE: Duration = Duration::from_secs(60);

	/// Silences of which each is told at once, and what was told of them. The node answers what it was asked once it is told.
	fn told(asked: Vec<oneshot::Sender<u8>>) -> (Silences, Arc<Mutex<Vec<String>>>) {
		let silences = Silences::after(Duration::ZERO);
		let told: Arc<Mutex<Vec<String>>> = Arc::default();
		let (note, asked) = (told.clone(), Mutex::new(asked));
		silences.on(Arc::new(move |url: &str| {
			note.lock().unwrap().push(url.to_owned());
			for one in asked.lock().unwrap().drain(..) {
				one.send(7).unwrap();
			}
		}));
		(silences, told)
	}

	#[tokio::test]
	async fn node_that_stands_still_is_told_once_and_waited_for() {
		let (tell_one, one) = oneshot::channel();
		let (tell_two, two) = oneshot::channel();
		let (silences, told) = told(vec![tell_one, tell_two]);
		let both = join(
			silences.limited(MINUTE, "ws://one", one),
			silences.limited(MINUTE, "ws://one", two),
		);
		assert_eq!(both.await, (Ok(Ok(7)), Ok(Ok(7))));
		assert_eq!(*told.lock().unwrap(), ["ws://one"]);
	}

	#[tokio::test]
	async fn each_silence_is_told() {
		let (silences, told) = told(Vec::new());
		let short = Duration::from_millis(1);
		assert_eq!(silences.limited(short, "ws://one", pending::<u8>()).await, Err(TimedOut));
		assert_eq!(silences.limited(short, "ws://one", pending::<u8>()).await, Err(TimedOut));
		assert_eq!(*told.lock().unwrap(), ["ws://one"], "it is the same silence");
		assert_eq!(silences.limited(MINUTE, "ws://one", async { 7 }).await, Ok(7));
		assert_eq!(silences.limited(short, "ws://one", pending::<u8>()).await, Err(TimedOut));
		assert_eq!(told.lock().unwrap().len(), 2);
	}

	#[tokio::test]
	async fn what_may_take_no_longer_than_usual_is_not_told() {
		let (silences, told) = told(Vec::new());
		let none = silences.limited(Duration::ZERO, "ws://one", pending::<u8>());
		assert_eq!(none.await, Err(TimedOut));
		assert!(told.lock().unwrap().is_empty());
	}
}
