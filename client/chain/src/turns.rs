//! The turns in which an account's transactions are sent, for all connections of a program.
//!
//! A node gives out an account's next nonce by the transactions that it knows. Two connections that ask at the same
//! time would get the same one, and so would two connections to nodes of which the second has not heard of a
//! transaction that the first has just taken.
//!
//! A turn lasts as long as a wallet's owner thinks, or a node is silent. A revocation therefore takes none, nor does any
//! other call that only takes away: its nonce is the best block's, whatever is pending. It is still noted, so that later
//! transactions come after it.

use crate::AccountId;
use futures::lock::{Mutex, OwnedMutexGuard};
use medblock_platform::clock::{Duration, Instant};
use std::{
	collections::{BTreeMap, HashMap},
	sync::{Arc, Mutex as Lock, MutexGuard, PoisonError, Weak},
};

/// The time in which a transaction has reached the other nodes, or is lost.
const SPREAD: Duration = Duration::from_secs(6);

/// The accounts that send, by their chain.
static ACCOUNTS: Lock<Option<HashMap<Sender, Weak<Account>>>> = Lock::new(None);

/// A chain's genesis, and an account.
type Sender = ([u8; 32], [u8; 32]);

/// What is known of an account that sends.
#[derive(Default)]
struct Account {
	turn: Arc<Mutex<()>>,
	/// The nonces that nodes have taken from this program lately.
	taken: Lock<BTreeMap<u64, Taken>>,
}

/// A transaction that a node has taken.
struct Taken {
	at: Instant,
	/// The version of the runtime that it was signed for, if that is known.
	spec_version: Option<u32>,
}

/// An account's turns, the same for all connections of this program.
pub(crate) struct Turns(Arc<Account>);

/// A turn. It ends when it is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Turns {
	/// The turns of an account on the chain with this genesis.
	pub(crate) fn of(genesis: [u8; 32], account: &AccountId) -> Self {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
		let accounts = accounts.get_or_insert_default();
		let sender = (genesis, account.0);
		if let Some(known) = accounts.get(&sender).and_then(Weak::upgrade) {
			return Self(known);
		}
		accounts.retain(|_, account| account.strong_count() > 0);
		let account = Arc::default();
		accounts.insert(sender, Arc::downgrade(&account));
		Self(account)
	}

	/// Waits for a turn.
	pub(crate) async fn next(&self) -> Turn {
		self.0.turn.clone().lock_owned().await
	}

	/// The nonce to use in a turn, when a node says that it is `said`: the first from there on that no other transaction of
	/// this program has. One after all of them would wait for ever for a nonce between that is lost.
	pub(crate) fn nonce(&self, said: u64) -> u64 {
		self.nonce_at(said, Instant::now())
	}

	/// Notes that a node has taken a transaction with this nonce, signed for this version of the runtime.
	pub(crate) fn took(&self, nonce: u64, spec_version: Option<u32>) {
		self.took_at(nonce, spec_version, Instant::now());
	}

	/// Notes that what nodes have taken for this version of the runtime, or an older one, is lost: no block can contain it.
	pub(crate) fn outdated(&self, version: u32) {
		self.taken().retain(|_, taken| taken.spec_version.is_none_or(|its| its > version));
	}

	fn nonce_at(&self, said: u64, now: Instant) -> u64 {
		let mut taken = self.taken();
		taken.retain(|_, taken| taken.is_recent(now));
		(said..).find(|nonce| !taken.contains_key(nonce)).unwrap_or(said)
	}

	fn took_at(&self, nonce: u64, spec_version: Option<u32>, now: Instant) {
		// A revocation takes the place of a pending transaction.
		self.taken().insert(nonce, Taken { at: now, spec_version });
	}

	fn taken(&self) -> MutexGuard<'_, BTreeMap<u64, Taken>> {
		self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl Taken {
	/// Whether a node may not have heard of it yet.
	fn is_recent(&self, now: Instant) -> bool {
		now.saturating_duration_since(self.at) < SPREAD
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::FutureExt;

	fn turns(account: u8) -> Turns {
		Turns::of([7; 32], &AccountId::from([account; 32]))
	}

	#[test]
	fn two_connections_of_an_account_take_turns_and_others_do_not_wait() {
		let (one, two, other) = (turns(1), turns(1), turns(2));
		let turn = one.next().now_or_never().unwrap();
		assert!(two.next().now_or_never().is_none());
		assert!(other.next().now_or_never().is_some());
		let elsewhere = Turns::of([8; 32], &AccountId::from([1; 32]));
		assert!(elsewhere.next().now_or_never().is_some(), "another chain");
		drop(turn);
		assert!(two.next().now_or_never().is_some());
	}

	#[test]
	fn node_that_has_not_heard_of_a_transaction_gives_no_nonce_twice() {
		let now = Instant::now();
		let (one, other) = (turns(3), turns(3));
		assert_eq!(one.nonce_at(5, now), 5);
		one.took_at(5, None, now);
		assert_eq!(other.nonce_at(5, now), 6, "it has not heard of it yet");
		assert_eq!(other.nonce_at(8, now), 8, "it knows of others");
		one.took_at(6, None, now);
		assert_eq!(other.nonce_at(5, now), 7, "nor of the second");
		other.took_at(5, None, now);
		assert_eq!(one.nonce_at(5, now), 7, "a revocation takes an earlier one's place");
		assert_eq!(one.nonce_at(5, now + SPREAD), 5, "the transactions were lost");
	}

	#[test]
	fn nonce_that_is_free_between_others_comes_first() {
		let (now, account) = (Instant::now(), turns(6));
		for nonce in [5, 7, 8] {
			account.took_at(nonce, None, now);
		}
		// A rival has lost the sixth, and the node waits for it.
		assert_eq!(account.nonce_at(6, now), 6);
		account.took_at(6, None, now);
		assert_eq!(account.nonce_at(6, now), 9);
	}

	#[test]
	fn nonces_of_transactions_that_an_upgrade_has_outdated_are_used_again() {
		let (now, account) = (Instant::now(), turns(5));
		for (nonce, version) in [(5, 1), (6, 2), (7, 3), (8, 3)] {
			account.took_at(nonce, Some(version), now);
		}
		turns(5).outdated(2);
		assert_eq!(account.nonce_at(5, now), 5);
		assert_eq!(account.nonce_at(7, now), 9, "what was signed since is in force");
	}

	#[test]
	fn revocation_is_noted_while_another_transaction_has_the_turn() {
		let (now, account) = (Instant::now(), turns(4));
		let turn = account.next().now_or_never().unwrap();
		turns(4).took_at(7, None, now);
		drop(turn);
		assert_eq!(account.nonce_at(7, now), 8);
	}
}
