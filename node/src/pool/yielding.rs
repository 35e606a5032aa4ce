//! Threads that give way to others.

use futures::future::BoxFuture;
use rustix::process::nice;
use sp_core::traits::SpawnEssentialNamed;

/// The number of steps by which such a thread is nicer than others: beside one of those, it gets a quarter of a processor.
const STEPS: i32 = 5;

/// A spawner whose blocking tasks give way to all other threads that want the same processors.
///
/// The pool validates submissions on two threads. When more is submitted than a machine can validate, they never rest, and
/// without this they take from the threads that make and check blocks what these need to be in time. On an idle machine, they
/// are as fast as ever.
#[derive(Clone)]
pub struct Yielding<S>(pub S);

impl<S: SpawnEssentialNamed + Clone> SpawnEssentialNamed for Yielding<S> {
	fn spawn_essential_blocking(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.0.spawn_essential_blocking(name, group, giving_way(task));
	}

	fn spawn_essential(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.0.spawn_essential(name, group, task);
	}
}

/// The task, on a thread of its own that gives way.
fn giving_way(task: BoxFuture<'static, ()>) -> BoxFuture<'static, ()> {
	Box::pin(async move {
		// On Linux, threads have priorities of their own.
		if let Err(why) = nice(STEPS) {
			log::info!("the validation of transactions gives way to nothing: {why}");
		}
		task.await;
	})
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use rustix::process::getpriority_process;
	use sp_core::testing::TaskExecutor;
	use std::sync::mpsc;

	#[test]
	fn blocking_tasks_give_way_and_others_do_not() {
		let (spawner, (tell, told)) = (Yielding(TaskExecutor::new()), mpsc::channel());
		let asks = || {
			let tell = tell.clone();
			let asks = async move { tell.send(getpriority_process(None).unwrap()).unwrap() };
			Box::pin(asks) as BoxFuture<'static, ()>
		};
		let usual = getpriority_process(None).unwrap();
		spawner.spawn_essential("at once", None, asks());
		assert_eq!(told.recv().unwrap(), usual);
		spawner.spawn_essential_blocking("apart", None, asks());
		assert_eq!(told.recv().unwrap(), (usual + STEPS).min(19));
	}
}
