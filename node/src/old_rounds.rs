//! Deletes the votes of GRANDPA's old rounds.
//!
//! GRANDPA stores the votes of each round that it concludes, under a key of the round's own, and
//! neither reads nor deletes them (`write_concluded_round` of sc-consensus-grandpa). That is two or
//! three kilobytes a second, soon most of a database. The state from which a node resumes after a
//! restart, and the proofs of finality for other nodes, are stored elsewhere.
//!
//! GRANDPA counts rounds anew when the validators change, and overwrites earlier ones.

use codec::{Decode, Encode};
use futures_timer::Delay;
use sc_client_api::AuxStore;
use sc_consensus_grandpa::SharedVoterState;
use sp_blockchain::Result;
use std::{ops::Range, sync::Arc, time::Duration};

const LOG_TARGET: &str = "old-rounds";

/// The prefix of the SDK's keys, before the round's number.
const ROUNDS: &[u8] = b"grandpa_concluded_rounds";

/// The key of the first round that is not deleted yet.
const NEXT: &[u8] = b"medblock_old_rounds";

/// The number of rounds that stay, for investigations of finality: some minutes.
const KEPT: u64 = 1_000;

/// The number of rounds that are deleted at once. An older database takes several passes.
const AT_ONCE: u64 = 1_000;

/// The time between two passes, in which some 25 rounds conclude.
const INTERVAL: Duration = Duration::from_secs(10);

/// Deletes old rounds for as long as the node runs.
pub async fn run<S: AuxStore>(store: Arc<S>, voter: SharedVoterState) {
	loop {
		Delay::new(INTERVAL).await;
		// There is no state before the first vote, and while the node learns the validators.
		let Some(state) = voter.voter_state() else { continue };
		if let Err(why) = delete(&*store, state.best_round.0) {
			log::warn!(target: LOG_TARGET, "old rounds can't be deleted: {why}");
		}
	}
}

/// Deletes some of the rounds that are old when `latest` is the latest.
fn delete(store: &impl AuxStore, latest: u64) -> Result<()> {
	let known = store.get_aux(NEXT)?.and_then(|bytes| u64::decode(&mut &bytes[..]).ok());
	let next = match known {
		Some(next) => next,
		None => first(store, latest)?,
	};
	let old = old(next, latest);
	if old.is_empty() && known.is_some() {
		return Ok(());
	}
	let end = old.end.encode();
	let keys: Vec<Vec<u8>> = old.map(key).collect();
	let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
	store.insert_aux(&[(NEXT, end.as_slice())], &keys)
}

/// The first round to delete in a database from which none was deleted yet. A new database on an old
/// chain has none of the old rounds, which may be millions.
fn first(store: &impl AuxStore, latest: u64) -> Result<u64> {
	let end = latest.saturating_sub(KEPT);
	let has_older = store.get_aux(&key(end.saturating_sub(1)))?.is_some();
	Ok(if has_older { 0 } else { end })
}

/// The rounds to delete, if all before `next` are deleted.
fn old(next: u64, latest: u64) -> Range<u64> {
	// Rounds are counted anew since.
	let next = if next > latest { 0 } else { next };
	next..latest.saturating_sub(KEPT).min(next.saturating_add(AT_ONCE))
}

fn key(round: u64) -> Vec<u8> {
	[ROUNDS, &round.encode()].concat()
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::{cell::RefCell, collections::BTreeMap};

	/// A database, as far as this module uses one.
	#[derive(Default)]
	struct Store(RefCell<BTreeMap<Vec<u8>, Vec<u8>>>);

	impl AuxStore for Store {
		fn insert_aux<
			'a,
			'b: 'a,
			'c: 'a,
			I: IntoIterator<Item = &'a (&'c [u8], &'c [u8])>,
			D: IntoIterator<Item = &'a &'b [u8]>,
		>(
			&self,
			insert: I,
			delete: D,
		) -> Result<()> {
			let mut all = self.0.borrow_mut();
			for (key, value) in insert {
				all.insert(key.to_vec(), value.to_vec());
			}
			for key in delete {
				all.remove(*key);
			}
			Ok(())
		}

		fn get_aux(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
			Ok(self.0.borrow().get(key).cloned())
		}
	}

	impl Store {
		fn concludes(&self, rounds: Range<u64>) {
			for round in rounds {
				self.0.borrow_mut().insert(key(round), vec![0; 8]);
			}
		}

		/// The rounds that are there.
		fn rounds(&self) -> Vec<u64> {
			let all = self.0.borrow();
			let numbers = all.keys().filter_map(|key| key.strip_prefix(ROUNDS));
			let mut rounds: Vec<_> =
				numbers.map(|mut bytes| u64::decode(&mut bytes).expect("a number")).collect();
			rounds.sort_unstable();
			rounds
		}
	}

	#[test]
	fn latest_rounds_stay_and_nothing_else_is_touched() {
		let store = Store::default();
		store
			.insert_aux(&[(&b"grandpa_completed_round"[..], &b"the state"[..])], &[])
			.expect("stored");
		store.concludes(1..KEPT);
		delete(&store, KEPT - 1).expect("nothing to delete");
		assert_eq!(store.rounds().len() as u64, KEPT - 1);
		store.concludes(KEPT..KEPT + 500);
		delete(&store, KEPT + 499).expect("deleted");
		assert_eq!(store.rounds(), (499..KEPT + 500).collect::<Vec<_>>());
		assert!(store.get_aux(b"grandpa_completed_round").expect("a store").is_some());
	}

	#[test]
	fn what_an_older_node_left_is_deleted_bit_by_bit() {
		let store = Store::default();
		let latest = 3 * AT_ONCE + KEPT + 7;
		store.concludes(1..latest + 1);
		for rounds in 1..=3 {
			delete(&store, latest).expect("deleted");
			assert_eq!(store.rounds()[0], rounds * AT_ONCE);
		}
		delete(&store, latest).expect("deleted");
		assert_eq!(store.rounds().len() as u64, KEPT + 1);
		delete(&store, latest).expect("nothing to delete");
		assert_eq!(store.rounds().len() as u64, KEPT + 1);
	}

	#[test]
	fn new_database_has_no_rounds_from_before() {
		let store = Store::default();
		store.concludes(50_000..50_010);
		delete(&store, 50_009).expect("nothing to delete");
		assert_eq!(store.rounds().len(), 10);
		store.concludes(50_010..51_100);
		delete(&store, 51_099).expect("nothing to delete");
		delete(&store, 51_099).expect("deleted");
		assert_eq!(store.rounds(), (50_099..51_100).collect::<Vec<_>>());
	}

	#[test]
	fn rounds_of_other_validators_are_counted_anew() {
		let store = Store::default();
		store.concludes(1..5_001);
		for _ in 0..4 {
			delete(&store, 5_000).expect("deleted");
		}
		assert_eq!(store.rounds()[0], 4_000);
		store.concludes(1..1_501);
		delete(&store, 1_500).expect("deleted");
		assert_eq!(store.rounds(), (500..1_501).chain(4_000..5_001).collect::<Vec<_>>());
		// The remaining earlier rounds are overwritten, and then deleted as well.
		store.concludes(1_501..6_001);
		for _ in 0..6 {
			delete(&store, 6_000).expect("deleted");
		}
		assert_eq!(store.rounds(), (5_000..6_001).collect::<Vec<_>>());
	}

	/// The key has the form that the SDK gave it when this was written.
	#[test]
	fn key_is_the_one_that_grandpa_writes() {
		assert_eq!(key(258), b"grandpa_concluded_rounds\x02\x01\0\0\0\0\0\0");
	}
}
