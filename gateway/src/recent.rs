//! An answer that is kept for a moment, so that many clients cause one question.

use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The last answer to one question, good or bad. Clients that ask while it is being read wait for it, and those that
/// ask within its lifetime get the same one.
pub struct Recent<T> {
	lifetime: Duration,
	last: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> Recent<T> {
	/// Keeps answers for this long.
	pub fn new(lifetime: Duration) -> Self {
		Self { lifetime, last: Mutex::default() }
	}

	/// The last answer, or a new one from `read` if that is too old.
	pub async fn get(&self, read: impl Future<Output = T>) -> T {
		let mut last = self.last.lock().await;
		if let Some((at, answer)) = last.as_ref()
			&& at.elapsed() < self.lifetime
		{
			return answer.clone();
		}
		let answer = read.await;
		*last = Some((Instant::now(), answer.clone()));
		answer
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::sync::atomic::{AtomicU32, Ordering};

	#[tokio::test]
	async fn many_who_ask_at_once_cause_one_question() {
		let (recent, asked) = (Recent::new(Duration::from_secs(60)), AtomicU32::new(0));
		let read = || async {
			let number = asked.fetch_add(1, Ordering::Relaxed);
			tokio::task::yield_now().await;
			number
		};
		let all = futures::future::join_all((0..50).map(|_| recent.get(read()))).await;
		assert_eq!(all, [0; 50]);
		assert_eq!(recent.get(read()).await, 0);
		assert_eq!(asked.into_inner(), 1);
	}

	#[tokio::test]
	async fn an_old_answer_is_read_anew() {
		let recent = Recent::new(Duration::from_millis(20));
		assert_eq!(recent.get(async { 1 }).await, 1);
		tokio::time::sleep(Duration::from_millis(30)).await;
		assert_eq!(recent.get(async { 2 }).await, 2);
	}

	#[tokio::test]
	async fn who_leaves_does_not_hold_up_the_others() {
		let recent = Recent::new(Duration::from_secs(60));
		let left = recent.get(std::future::pending::<u32>());
		assert!(tokio::time::timeout(Duration::from_millis(1), left).await.is_err());
		assert_eq!(recent.get(async { 3 }).await, 3);
	}
}
