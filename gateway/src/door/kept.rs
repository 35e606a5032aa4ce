//! Answers of the node that are kept for a while.

use std::{
	collections::{HashMap, VecDeque},
	hash::Hash,
	sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// The last answers, up to a number. Clients that need the same answer at the same time wait for one question.
pub(super) struct Kept<K, V> {
	most: usize,
	slots: Mutex<Slots<K, V>>,
}

struct Slots<K, V> {
	by_key: HashMap<K, Arc<OnceCell<V>>>,
	/// The keys, oldest first.
	order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V: Clone> Kept<K, V> {
	/// Keeps this many answers.
	pub(super) fn new(most: usize) -> Self {
		let (by_key, order) = Default::default();
		Self { most, slots: Mutex::new(Slots { by_key, order }) }
	}

	/// The answer for this key. Reads it only if it is not known. A failure is not kept.
	pub(super) async fn get<E>(
		&self,
		key: K,
		read: impl Future<Output = Result<V, E>>,
	) -> Result<V, E> {
		let slot = self.slot(key);
		slot.get_or_try_init(|| read).await.cloned()
	}

	fn slot(&self, key: K) -> Arc<OnceCell<V>> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
		if let Some(slot) = slots.by_key.get(&key) {
			return slot.clone();
		}
		if slots.order.len() >= self.most
			&& let Some(oldest) = slots.order.pop_front()
		{
			slots.by_key.remove(&oldest);
		}
		slots.order.push_back(key.clone());
		slots.by_key.entry(key).or_default().clone()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::sync::atomic::{AtomicU32, Ordering};
	use tokio::sync::Semaphore;

	#[tokio::test]
	async fn many_who_need_one_answer_ask_once() {
		let (kept, asked) = (Kept::new(2), AtomicU32::new(0));
		let answer = Semaphore::new(0);
		let read = || async {
			asked.fetch_add(1, Ordering::Relaxed);
			answer.acquire().await.map_err(|_| ())?.forget();
			Ok::<_, ()>(7)
		};
		let all = futures::future::join_all((0..5).map(|_| kept.get("key", read())));
		let (all, ()) = tokio::join!(all, async { answer.add_permits(1) });
		assert_eq!(all, [Ok(7); 5]);
		assert_eq!(asked.into_inner(), 1);
	}

	#[tokio::test]
	async fn a_failure_is_not_kept() {
		let kept = Kept::new(2);
		assert_eq!(kept.get(1, async { Err("lost") }).await, Err("lost"));
		assert_eq!(kept.get(1, async { Ok::<_, &str>(7) }).await, Ok(7));
		assert_eq!(kept.get(1, async { Err("not asked") }).await, Ok(7));
	}

	#[tokio::test]
	async fn the_last_answers_are_kept() {
		let kept = Kept::new(3);
		for number in 0..10 {
			assert_eq!(kept.get(number, async { Ok::<_, ()>(number) }).await, Ok(number));
		}
		assert_eq!(kept.get(7, async { Err(()) }).await, Ok(7));
		assert_eq!(kept.get(6, async { Err(()) }).await, Err(()), "it was dropped");
		let slots = kept.slots.lock().unwrap();
		assert_eq!((slots.by_key.len(), slots.order.len()), (3, 3));
	}
}
