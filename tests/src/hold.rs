//! A pause between two steps of a client, in which a story lets another client act.

use crate::PATIENCE;
use std::sync::{
	Arc,
	atomic::{AtomicBool, Ordering},
};
use tokio::{
	sync::{Notify, watch},
	time::timeout,
};

/// The pause of a node that has a client's first transaction, and does not tell the client, or the chain, yet.
/// The client's next step comes after [`Hold::release`].
#[derive(Clone, Default)]
pub struct Hold(Arc<Steps>);

#[derive(Default)]
struct Steps {
	is_over: AtomicBool,
	reached: Notify,
	released: watch::Sender<bool>,
}

impl Hold {
	/// Waits until the node has the first transaction.
	pub async fn reached(&self) {
		timeout(PATIENCE, self.0.reached.notified()).await.expect("a transaction");
	}

	/// Lets the client go on. Further transactions are not held.
	pub fn release(&self) {
		self.0.released.send_replace(true);
	}

	/// Holds the answer to a transaction, if it is the first.
	pub(crate) async fn first(&self) {
		if !self.0.is_over.swap(true, Ordering::Relaxed) {
			self.0.reached.notify_one();
			self.released().await;
		}
	}

	/// Holds the answer to anything that is asked while the first transaction is held: a client that is not answered for ten
	/// seconds asks what became of it, and would go on.
	pub(crate) async fn others(&self) {
		if self.0.is_over.load(Ordering::Relaxed) {
			self.released().await;
		}
	}

	async fn released(&self) {
		let mut released = self.0.released.subscribe();
		// It ends with the pause itself, which is borrowed here.
		let _ = released.wait_for(|is_released| *is_released).await;
	}
}
