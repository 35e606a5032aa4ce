//! What became of each transaction of one phase.

use crate::load::signing::Packed;
use serde_json::value::RawValue;
use std::{collections::HashMap, time::Instant};

/// What a transaction counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
	/// One of those whose rate is measured.
	Load,
	/// One that is sent beside the others, to see how long it takes.
	Probe,
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
	/// What it counts as.
	pub class: Class,
	/// When it was first handed to a node.
	pub submitted: Option<Instant>,
	/// Whether a node has accepted it.
	pub accepted: bool,
	/// When a block with it was seen.
	pub in_block: Option<Instant>,
	/// When such a block was known to be final.
	pub last: Option<Instant>,
	/// Whether its call failed there.
	pub failed: bool,
}

impl Fate {
	/// Whether it is final, and its call succeeded.
	pub fn succeeded(&self) -> bool {
		self.last.is_some() && !self.failed
	}
}

/// A signed transaction, ready to be sent.
pub struct Ready {
	/// Its place in the ledger.
	pub place: usize,
	/// The parameters of `author_submitExtrinsic`.
	pub body: Box<RawValue>,
}

/// The transactions of one phase.
#[derive(Default)]
pub struct Ledger {
	places: HashMap<[u8; 32], usize>,
	fates: Vec<Fate>,
	bytes: usize,
}

impl Ledger {
	/// Notes signed transactions, in the order of each of these accounts.
	pub fn expect(&mut self, accounts: Vec<Vec<Packed>>, class: Class) -> Vec<Vec<Ready>> {
		let mut all = Vec::with_capacity(accounts.len());
		for account in accounts {
			let ready = account.into_iter().map(|packed| self.expect_one(packed, class));
			all.push(ready.collect());
		}
		all
	}

	fn expect_one(&mut self, packed: Packed, class: Class) -> Ready {
		let place = self.fates.len();
		self.places.insert(packed.hash, place);
		self.bytes += packed.length;
		self.fates.push(Fate {
			class,
			submitted: None,
			accepted: false,
			in_block: None,
			last: None,
			failed: false,
		});
		Ready { place, body: packed.body }
	}

	/// The place of the transaction with this hash.
	pub fn place(&self, hash: &[u8; 32]) -> Option<usize> {
		self.places.get(hash).copied()
	}

	/// What became of the transaction at a place.
	pub fn fate(&mut self, place: usize) -> &mut Fate {
		&mut self.fates[place]
	}

	/// What became of all.
	pub fn fates(&self) -> &[Fate] {
		&self.fates
	}

	/// The mean length of a transaction, in bytes.
	pub fn length(&self) -> f64 {
		self.bytes as f64 / self.fates.len().max(1) as f64
	}

	/// The number of transactions that a node accepted and that are not final.
	pub fn open(&self) -> usize {
		self.fates.iter().filter(|fate| fate.accepted && fate.last.is_none()).count()
	}

	/// The number of transactions that are final.
	pub fn closed(&self) -> usize {
		self.fates.iter().filter(|fate| fate.last.is_some()).count()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn packed(number: u8) -> Packed {
		let body = RawValue::from_string(format!("[{number}]")).expect("JSON");
		Packed { hash: [number; 32], body, length: 100 * usize::from(number) }
	}

	#[test]
	fn transactions_keep_their_order_and_are_found_by_their_hash() {
		let mut ledger = Ledger::default();
		let ready = ledger.expect(vec![vec![packed(1), packed(2)], vec![packed(3)]], Class::Load);
		let places: Vec<Vec<usize>> =
			ready.iter().map(|one| one.iter().map(|ready| ready.place).collect()).collect();
		assert_eq!(places, [vec![0, 1], vec![2]]);
		assert_eq!((ledger.place(&[2; 32]), ledger.place(&[9; 32])), (Some(1), None));
		assert_eq!(ledger.length(), 200.0);
		let probes = ledger.expect(vec![vec![packed(4)]], Class::Probe);
		assert_eq!(probes[0][0].place, 3);
		assert_eq!(ledger.fate(3).class, Class::Probe);
	}

	#[test]
	fn only_what_a_node_accepted_is_waited_for() {
		let mut ledger = Ledger::default();
		ledger.expect(vec![vec![packed(1), packed(2), packed(3)]], Class::Load);
		for place in [0, 1] {
			ledger.fate(place).accepted = true;
		}
		ledger.fate(0).last = Some(Instant::now());
		assert_eq!((ledger.open(), ledger.closed()), (1, 1));
		assert!(ledger.fates()[0].succeeded());
		ledger.fate(0).failed = true;
		assert!(!ledger.fates()[0].succeeded());
	}
}
