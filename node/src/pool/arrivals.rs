//! What is on its way into the pool, and what each crowd was last found to have there.

use pallet_fair_use::Crowd;
use std::{
	collections::BTreeMap,
	sync::{Mutex, MutexGuard, PoisonError},
};

/// A number of transactions, and their length together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
	pub transactions: usize,
	/// In bytes.
	pub bytes: usize,
}

impl Amount {
	/// Both together.
	pub fn and(self, other: Self) -> Self {
		Self {
			transactions: self.transactions.saturating_add(other.transactions),
			bytes: self.bytes.saturating_add(other.bytes),
		}
	}
}

/// From the lengths of transactions.
impl FromIterator<usize> for Amount {
	fn from_iter<I: IntoIterator<Item = usize>>(lengths: I) -> Self {
		let ones = lengths.into_iter().map(|bytes| Self { transactions: 1, bytes });
		ones.fold(Self::default(), Self::and)
	}
}

/// What a crowd has in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
	/// What is ready.
	pub least: Amount,
	/// The same, with what waits for others of its account.
	pub most: Amount,
}

/// The submissions that are on their way into the pool, of which there are few. The pool counts none of them yet.
///
/// To count what a crowd has in the pool takes a look at all that waits there. Until the next block, the pool only grows, by what
/// comes this way. So what was found once stays the least that the crowd has, and together with what has arrived since, it is
/// the most.
#[derive(Default)]
pub struct Arrivals(Mutex<State>);

#[derive(Default)]
struct State {
	next: u64,
	all: BTreeMap<u64, Coming>,
	/// The number of changes after which what was counted meanwhile is wrong.
	changes: u64,
	found: Vec<(Crowd, Held)>,
}

/// A submission on its way.
struct Coming {
	length: usize,
	crowd: Option<Crowd>,
	/// Whether the door lets it in without asking which crowd it comes from.
	is_unseen: bool,
}

impl Arrivals {
	/// Another submission of this length, until what this returns is dropped.
	pub fn begin(&self, length: usize) -> Arrival<'_> {
		let mut state = self.state();
		let number = state.next;
		state.next = number.wrapping_add(1);
		state.all.insert(number, Coming { length, crowd: None, is_unseen: false });
		Arrival { number, arrivals: self }
	}

	/// The length of all that is on its way.
	pub fn bytes(&self) -> usize {
		self.state().all.values().map(|one| one.length).sum()
	}

	/// What is on its way of this crowd.
	pub fn of(&self, crowd: Crowd) -> Amount {
		let state = self.state();
		let own = state.all.values().filter(|one| one.crowd == Some(crowd));
		own.map(|one| one.length).collect()
	}

	/// What the crowd has at least and at most, if that is known.
	pub fn known(&self, crowd: Crowd) -> Option<Held> {
		self.state().found.iter().find(|(of, _)| *of == crowd).map(|(_, held)| *held)
	}

	/// Counts what the crowd has, and keeps the result, unless something changed meanwhile.
	pub fn count(&self, crowd: Crowd, count: impl FnOnce() -> Held) -> Held {
		let changes = self.state().changes;
		let held = count();
		let mut state = self.state();
		if state.changes == changes {
			state.found.retain(|(of, _)| *of != crowd);
			state.found.push((crowd, held));
		}
		held
	}

	/// Forgets what was found: something has left the pool, or came another way.
	pub fn forget(&self) {
		self.state().forget();
	}

	fn state(&self) -> MutexGuard<'_, State> {
		// No change of it can panic halfway.
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl State {
	fn forget(&mut self) {
		self.changes = self.changes.wrapping_add(1);
		self.found.clear();
	}
}

/// One of the submissions, until it is dropped.
pub struct Arrival<'door> {
	number: u64,
	arrivals: &'door Arrivals,
}

impl Arrival<'_> {
	/// Notes the crowd that it comes from.
	pub fn comes_from(&self, crowd: Crowd) {
		self.note(|one| one.crowd = Some(crowd));
	}

	/// Notes that it gets in, whichever crowd it comes from.
	pub fn comes_unseen(&self) {
		self.note(|one| one.is_unseen = true);
	}

	fn note(&self, note: impl FnOnce(&mut Coming)) {
		if let Some(one) = self.arrivals.state().all.get_mut(&self.number) {
			note(one);
		}
	}
}

impl Drop for Arrival<'_> {
	fn drop(&mut self) {
		let mut state = self.arrivals.state();
		let Some(Coming { length, crowd, is_unseen }) = state.all.remove(&self.number) else {
			return;
		};
		if is_unseen {
			state.forget();
		} else if let Some(crowd) = crowd {
			// It may be in the pool now, or was refused.
			state.changes = state.changes.wrapping_add(1);
			for (_, held) in state.found.iter_mut().filter(|(of, _)| *of == crowd) {
				held.most = held.most.and(Amount { transactions: 1, bytes: length });
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_primitives::HospitalId;

	const ONE: Crowd = Crowd::Hospital(HospitalId(1));
	const OTHER: Crowd = Crowd::Hospital(HospitalId(2));

	fn amount(transactions: usize, bytes: usize) -> Amount {
		Amount { transactions, bytes }
	}

	fn held(transactions: usize, bytes: usize) -> Held {
		Held { least: amount(transactions, bytes), most: amount(transactions, bytes) }
	}

	#[test]
	fn what_arrives_counts_for_its_crowd_until_it_is_known() {
		let arrivals = Arrivals::default();
		let (first, second) = (arrivals.begin(10), arrivals.begin(20));
		assert_eq!(arrivals.bytes(), 30);
		assert_eq!(arrivals.of(ONE), amount(0, 0));
		first.comes_from(ONE);
		second.comes_from(ONE);
		assert_eq!([arrivals.of(ONE), arrivals.of(OTHER)], [amount(2, 30), amount(0, 0)]);
		drop(first);
		assert_eq!(arrivals.of(ONE), amount(1, 20));
	}

	#[test]
	fn a_crowds_arrivals_add_to_the_most_that_it_has() {
		let arrivals = Arrivals::default();
		assert_eq!(arrivals.known(ONE), None);
		arrivals.count(ONE, || held(3, 30));
		arrivals.begin(10).comes_from(ONE);
		arrivals.begin(10).comes_from(OTHER);
		// A person's.
		drop(arrivals.begin(10));
		let known = Held { least: amount(3, 30), most: amount(4, 40) };
		assert_eq!(arrivals.known(ONE), Some(known));
		// The next count takes its place.
		arrivals.count(ONE, || held(4, 40));
		assert_eq!(arrivals.known(ONE), Some(held(4, 40)));
		assert_eq!(arrivals.known(OTHER), None);
	}

	#[test]
	fn what_is_let_in_unseen_may_be_any_crowds() {
		let arrivals = Arrivals::default();
		arrivals.count(ONE, || held(3, 30));
		arrivals.begin(10).comes_unseen();
		assert_eq!(arrivals.known(ONE), None);
	}

	#[test]
	fn a_count_in_between_is_not_kept() {
		let arrivals = Arrivals::default();
		let late = arrivals.begin(10);
		late.comes_from(ONE);
		// The count may have missed the one that arrives before its end.
		let counted = arrivals.count(ONE, || {
			drop(late);
			held(3, 30)
		});
		assert_eq!(counted, held(3, 30));
		assert_eq!(arrivals.known(ONE), None);
		arrivals.count(ONE, || held(4, 40));
		arrivals.forget();
		assert_eq!(arrivals.known(ONE), None);
	}
}
