//! A connection's subscriptions.

use std::{
	collections::HashMap,
	sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::task::AbortHandle;

/// A connection's subscriptions at once.
const MOST: usize = 8;

/// A kind of subscription, by its three names at the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
	pub(super) subscribe: &'static str,
	pub(super) unsubscribe: &'static str,
	pub(super) notification: &'static str,
}

/// Every kind.
pub(super) static KINDS: [Kind; 3] = [
	Kind {
		subscribe: "chain_subscribeNewHeads",
		unsubscribe: "chain_unsubscribeNewHeads",
		notification: "chain_newHead",
	},
	Kind {
		subscribe: "chain_subscribeFinalizedHeads",
		unsubscribe: "chain_unsubscribeFinalizedHeads",
		notification: "chain_finalizedHead",
	},
	Kind {
		subscribe: "medicalRecords_subscribeInbox",
		unsubscribe: "medicalRecords_unsubscribeInbox",
		notification: "medicalRecords_inbox",
	},
];

/// A connection's subscriptions. They end with it.
#[derive(Default)]
pub(super) struct Subscriptions(Mutex<(u64, HashMap<String, Option<AbortHandle>>)>);

impl Subscriptions {
	/// An id for another subscription, if the connection may have one.
	pub(super) fn reserve(&self) -> Option<String> {
		let mut own = self.own();
		if own.1.len() >= MOST {
			return None;
		}
		own.0 = own.0.saturating_add(1);
		let id = own.0.to_string();
		own.1.insert(id.clone(), None);
		Some(id)
	}

	/// Keeps the handle of the task that passes the subscription on.
	pub(super) fn keep(&self, id: &str, task: AbortHandle) {
		match self.own().1.get_mut(id) {
			Some(slot) => *slot = Some(task),
			None => task.abort(),
		}
	}

	/// Ends a subscription. Returns whether there was one.
	pub(super) fn end(&self, id: &str) -> bool {
		let ended = self.own().1.remove(id);
		if let Some(Some(task)) = &ended {
			task.abort();
		}
		ended.is_some()
	}

	/// Whether there is one.
	pub(super) fn are_there(&self) -> bool {
		!self.own().1.is_empty()
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn own(&self) -> MutexGuard<'_, (u64, HashMap<String, Option<AbortHandle>>)> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Drop for Subscriptions {
	fn drop(&mut self) {
		for task in self.own().1.values().flatten() {
			task.abort();
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn a_connection_has_so_many_and_they_end_with_it() {
		let own = Subscriptions::default();
		let ids: Vec<_> = (0..MOST).map(|_| own.reserve().unwrap()).collect();
		assert_eq!(own.reserve(), None);
		assert!(own.end(&ids[0]) && !own.end(&ids[0]));
		let last = own.reserve().unwrap();
		assert!(!ids.contains(&last));
		let task = tokio::spawn(std::future::pending::<()>());
		own.keep(&last, task.abort_handle());
		drop(own);
		assert!(task.await.unwrap_err().is_cancelled());
	}
}
