//! Turns at the node: how many requests are there at a time, fairly shared.

use super::limits::{Caller, locked};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, Weak},
	time::Duration,
};
use tokio::{
	sync::{OwnedSemaphorePermit, Semaphore},
	time::timeout,
};

/// Requests at the node, of all callers. What the gateway asks to decide them is part of their turn.
const IN_ALL: usize = 128;
/// Those of callers who have not signed in. The rest is left to those who have.
const OF_STRANGERS: usize = 64;
/// Those of one caller, over all of its connections. Its further ones wait for its own, and hold no turn that others need.
const OF_ONE: usize = 8;
/// How long a request waits for its turn.
const WAIT: Duration = Duration::from_secs(5);
/// The number of callers from which those without requests are forgotten.
const MANY: usize = 1_024;

/// The turns of all callers.
pub(super) struct Turns {
	own: Mutex<HashMap<Caller, Weak<Semaphore>>>,
	strangers: Arc<Semaphore>,
	all: Arc<Semaphore>,
	patience: Duration,
}

/// A request's turn. The next one gets it when this is dropped.
pub(super) struct Turn {
	_all: OwnedSemaphorePermit,
	_stranger: Option<OwnedSemaphorePermit>,
	_own: OwnedSemaphorePermit,
}

impl Default for Turns {
	fn default() -> Self {
		let [strangers, all] = [OF_STRANGERS, IN_ALL].map(|turns| Arc::new(Semaphore::new(turns)));
		Self { own: Mutex::default(), strangers, all, patience: WAIT }
	}
}

impl Turns {
	/// Waits for a turn, and gives up after a while.
	pub(super) async fn take(&self, caller: Caller) -> Option<Turn> {
		timeout(self.patience, self.wait(caller)).await.ok()?
	}

	async fn wait(&self, caller: Caller) -> Option<Turn> {
		// In this order: a request that waits for its caller's others holds no turn that others need.
		let own = self.of(caller).acquire_owned().await.ok()?;
		let stranger = match caller {
			Caller::Address(_) => Some(self.strangers.clone().acquire_owned().await.ok()?),
			Caller::Account(_) => None,
		};
		let all = self.all.clone().acquire_owned().await.ok()?;
		Some(Turn { _all: all, _stranger: stranger, _own: own })
	}

	/// The caller's own turns.
	fn of(&self, caller: Caller) -> Arc<Semaphore> {
		let mut own = locked(&self.own);
		if let Some(turns) = own.get(&caller).and_then(Weak::upgrade) {
			return turns;
		}
		if own.len() >= MANY {
			own.retain(|_, turns| turns.strong_count() > 0);
		}
		let turns = Arc::new(Semaphore::new(OF_ONE));
		own.insert(caller, Arc::downgrade(&turns));
		turns
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::FutureExt;
	use std::net::IpAddr;
	use tokio::task::unconstrained;

	fn account(number: usize) -> Caller {
		Caller::Account([u8::try_from(number).unwrap(); 32])
	}

	fn address(number: usize) -> Caller {
		Caller::at(IpAddr::from([192, 0, 2, u8::try_from(number).unwrap()]))
	}

	/// As many turns as the caller gets without waiting. A runtime lets a task take only so many in a row before it makes
	/// it wait for the others, which is no matter here.
	fn all_of(turns: &Turns, caller: Caller) -> Vec<Turn> {
		let next = || unconstrained(turns.wait(caller)).now_or_never().flatten();
		std::iter::from_fn(next).collect()
	}

	#[tokio::test]
	async fn a_caller_waits_for_its_own_requests_and_not_for_anothers() {
		let turns = Turns::default();
		let mut held = all_of(&turns, account(1));
		assert_eq!(held.len(), OF_ONE);
		assert!(turns.wait(account(2)).now_or_never().flatten().is_some());
		let mut next = std::pin::pin!(turns.wait(account(1)));
		assert!(next.as_mut().now_or_never().is_none());
		held.pop();
		assert!(next.now_or_never().flatten().is_some());
	}

	#[tokio::test]
	async fn strangers_leave_turns_to_those_who_have_signed_in() {
		let turns = Turns::default();
		let held: Vec<_> = (0..64).flat_map(|number| all_of(&turns, address(number))).collect();
		assert_eq!(held.len(), OF_STRANGERS);
		let signed: Vec<_> = (0..64).flat_map(|number| all_of(&turns, account(number))).collect();
		assert_eq!(signed.len(), IN_ALL - OF_STRANGERS);
		drop((held, signed));
		assert!(turns.wait(address(1)).now_or_never().flatten().is_some());
	}

	#[tokio::test]
	async fn a_request_does_not_wait_for_ever() {
		let turns = Turns { patience: Duration::ZERO, ..Turns::default() };
		let _held = all_of(&turns, account(1));
		assert!(turns.take(account(1)).await.is_none());
		assert!(turns.take(account(2)).await.is_some());
	}

	#[tokio::test]
	async fn callers_without_requests_are_forgotten() {
		let turns = Turns::default();
		for number in 0..3_000_u32 {
			let caller = Caller::at(IpAddr::from(number.to_be_bytes()));
			drop(turns.wait(caller).now_or_never());
		}
		assert!(locked(&turns.own).len() <= MANY);
	}
}
