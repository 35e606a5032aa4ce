//! Work that executes the runtime, apart from the threads that serve connections.

use super::{GROUP, TASK};
use crate::errors::internal;
use futures::FutureExt;
use jsonrpsee::core::RpcResult;
use sc_rpc::SubscriptionTaskExecutor;
use tokio::sync::{Semaphore, oneshot};

/// How many old blocks are read at the same time. A replay of a day reads 86,400 of them, and would
/// otherwise take as many threads as there are replays.
const REPLAYS: usize = 2;

/// The threads.
pub(crate) struct Threads {
	executor: SubscriptionTaskExecutor,
	replays: Semaphore,
}

impl Threads {
	/// The threads of an executor.
	pub fn new(executor: SubscriptionTaskExecutor) -> Self {
		Self { executor, replays: Semaphore::new(REPLAYS) }
	}

	/// Runs work on a thread of its own.
	pub async fn run<T: Send + 'static>(
		&self,
		work: impl FnOnce() -> RpcResult<T> + Send + 'static,
	) -> RpcResult<T> {
		let (send, receive) = oneshot::channel();
		let working = async move {
			// The client that wanted it may be gone by now.
			let _ = send.send(work());
		};
		self.executor.spawn_blocking(TASK, GROUP, working.boxed());
		receive.await.map_err(|_| internal("the node is stopping"))?
	}

	/// Runs a replay's work. Few run at the same time, and the others wait for their turn.
	pub async fn replay<T: Send + 'static>(
		&self,
		work: impl FnOnce() -> RpcResult<T> + Send + 'static,
	) -> RpcResult<T> {
		let _turn = self.replays.acquire().await.map_err(internal)?;
		self.run(work).await
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::future::{BoxFuture, join_all};
	use sp_core::traits::SpawnNamed;
	use std::{
		sync::{
			Arc,
			atomic::{AtomicUsize, Ordering::SeqCst},
		},
		thread,
		time::Duration,
	};

	/// Gives blocking work a thread, and takes no other.
	#[derive(Clone)]
	struct OnlyBlocking;

	impl SpawnNamed for OnlyBlocking {
		fn spawn_blocking(
			&self,
			_: &'static str,
			_: Option<&'static str>,
			future: BoxFuture<'static, ()>,
		) {
			thread::spawn(move || futures::executor::block_on(future));
		}

		fn spawn(&self, _: &'static str, _: Option<&'static str>, _: BoxFuture<'static, ()>) {
			panic!("this would hold up connections");
		}
	}

	#[tokio::test]
	async fn work_runs_on_a_thread_of_its_own() {
		let threads = Threads::new(Arc::new(OnlyBlocking));
		let there = threads.run(|| Ok(thread::current().id())).await.unwrap();
		assert_ne!(there, thread::current().id());
		let there = threads.replay(|| Ok(thread::current().id())).await.unwrap();
		assert_ne!(there, thread::current().id());
	}

	#[tokio::test]
	async fn few_replays_run_at_once_and_all_get_their_turn() {
		let threads = Threads::new(Arc::new(OnlyBlocking));
		let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
		let replays = (0..50).map(|number| {
			let (running, most) = (running.clone(), most.clone());
			threads.replay(move || {
				most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
				thread::sleep(Duration::from_millis(2));
				running.fetch_sub(1, SeqCst);
				Ok(number)
			})
		});
		let done: RpcResult<Vec<_>> = join_all(replays).await.into_iter().collect();
		assert_eq!(done.unwrap(), (0..50).collect::<Vec<_>>());
		assert!((1..=REPLAYS).contains(&most.load(SeqCst)));
	}

	/// A new block is read at once, however many replays wait.
	#[tokio::test]
	async fn replays_keep_no_other_work_waiting() {
		let threads = Threads::new(Arc::new(OnlyBlocking));
		let turns = threads.replays.acquire_many(REPLAYS as u32).await.unwrap();
		assert_eq!(threads.run(|| Ok(1)).await.unwrap(), 1);
		assert!(threads.replay(|| Ok(1)).now_or_never().is_none());
		drop(turns);
		assert_eq!(threads.replay(|| Ok(1)).await.unwrap(), 1);
	}
}
