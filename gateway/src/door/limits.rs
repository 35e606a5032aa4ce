//! What clients of the door may take: requests a second, and inboxes.

use crate::{
	bucket::{Buckets, Rate},
	errors::Refusal,
};
use std::{
	collections::HashMap,
	net::IpAddr,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Requests of an address that has not signed in.
const OF_ADDRESSES: Rate = Rate { full: 400, per_second: 40 };
/// Requests of an account. A client that opens a chart of 5,000 records sends a hundred.
const OF_ACCOUNTS: Rate = Rate { full: 1_000, per_second: 100 };
/// The most addresses, and the most accounts, whose requests are counted.
const MAX_CALLERS: usize = 65_536;
/// Inboxes of an account that are followed at a time, over all of its connections.
const INBOXES_OF_ONE: usize = 8;
/// Inboxes that are followed at a time, of all accounts. The node gives the gateway's connection 256 subscriptions by
/// default, and all clients share two for heads.
const INBOXES_IN_ALL: usize = 192;

/// Once so many are followed, an account gets only its first one. So a few accounts leave other doctors theirs.
const INBOXES_OF_FEW: usize = INBOXES_IN_ALL / 2;

pub(super) const TOO_MANY: Refusal = Refusal::TooMany { seconds: 1 };

/// The address or account that a connection counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
	/// An address, or a network that one customer has.
	Address(IpAddr),
	/// An account that has signed in.
	Account([u8; 32]),
}

impl Caller {
	/// The client at an address. Of IPv6, a customer has at least the last 64 bits.
	pub fn at(address: IpAddr) -> Self {
		Self::Address(match address.to_canonical() {
			IpAddr::V6(long) => IpAddr::V6((long.to_bits() >> 64 << 64).into()),
			short => short,
		})
	}
}

/// The limits that an address or an account has over all of its connections.
pub(super) struct Limits {
	// Apart, so that a flood of addresses leaves room for accounts.
	addresses: Mutex<Buckets<Caller>>,
	accounts: Mutex<Buckets<Caller>>,
	inboxes: Arc<Mutex<HashMap<Caller, usize>>>,
}

impl Default for Limits {
	fn default() -> Self {
		let [addresses, accounts] =
			[OF_ADDRESSES, OF_ACCOUNTS].map(|rate| Mutex::new(Buckets::new(rate, MAX_CALLERS)));
		Self { addresses, accounts, inboxes: Arc::default() }
	}
}

impl Limits {
	/// Counts a request at `now`, in seconds.
	pub(super) fn count(&self, caller: Caller, cost: u64, now: u64) -> Result<(), Refusal> {
		self.requests(&caller).take(caller, cost, now)
	}

	/// Counts what a request has turned out to cost beyond what was counted before.
	pub(super) fn owe(&self, caller: Caller, cost: u64, now: u64) {
		self.requests(&caller).owe(caller, cost, now);
	}

	/// The right to follow one more inbox, until it is dropped.
	pub(super) fn inbox(&self, caller: Caller) -> Option<Inbox> {
		let mut taken = locked(&self.inboxes);
		let own = taken.get(&caller).copied().unwrap_or_default();
		let in_all = taken.values().sum::<usize>();
		let most_of_one = if in_all < INBOXES_OF_FEW { INBOXES_OF_ONE } else { 1 };
		if own >= most_of_one || in_all >= INBOXES_IN_ALL {
			return None;
		}
		taken.insert(caller, own.saturating_add(1));
		Some(Inbox { caller, taken: self.inboxes.clone() })
	}

	fn requests(&self, caller: &Caller) -> MutexGuard<'_, Buckets<Caller>> {
		locked(match caller {
			Caller::Address(_) => &self.addresses,
			Caller::Account(_) => &self.accounts,
		})
	}
}

/// The right to follow an inbox. It is free again when this is dropped.
pub(super) struct Inbox {
	caller: Caller,
	taken: Arc<Mutex<HashMap<Caller, usize>>>,
}

impl Drop for Inbox {
	fn drop(&mut self) {
		let mut taken = locked(&self.taken);
		if let Some(own) = taken.get_mut(&self.caller) {
			*own = own.saturating_sub(1);
			if *own == 0 {
				taken.remove(&self.caller);
			}
		}
	}
}

/// A poisoned lock still holds valid state: no operation leaves it half changed.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: u64 = 1_780_000_000;

	fn address(last: u8) -> Caller {
		Caller::at(IpAddr::from([192, 0, 2, last]))
	}

	fn account(number: u8) -> Caller {
		Caller::Account([number; 32])
	}

	#[test]
	fn requests_are_counted_by_what_they_cost_and_come_back_with_time() {
		let limits = Limits::default();
		for _ in 0..20 {
			limits.count(address(1), 20, NOW).unwrap();
		}
		assert_eq!(limits.count(address(1), 1, NOW), Err(TOO_MANY));
		limits.count(address(2), 1, NOW).unwrap();
		limits.count(address(1), 40, NOW + 1).unwrap();
		assert!(limits.count(address(1), 1, NOW + 1).is_err());
	}

	#[test]
	fn a_large_answer_counts_afterwards() {
		let limits = Limits::default();
		limits.count(account(1), 1, NOW).unwrap();
		limits.owe(account(1), 1_500, NOW);
		assert_eq!(limits.count(account(1), 1, NOW), Err(TOO_MANY));
		assert_eq!(limits.count(account(1), 1, NOW + 5), Err(TOO_MANY));
		limits.count(account(1), 1, NOW + 6).unwrap();
	}

	#[test]
	fn a_flood_of_addresses_leaves_accounts_their_requests() {
		let limits = Limits::default();
		for number in 0..=MAX_CALLERS as u32 {
			let _ = limits.count(Caller::at(IpAddr::from(number.to_be_bytes())), 1, NOW);
		}
		assert!(limits.count(address(1), 1, NOW).is_err(), "no more addresses are known");
		limits.count(account(1), 1, NOW).unwrap();
		limits.count(address(1), 1, NOW + 1).unwrap();
		assert_eq!(locked(&limits.addresses).len(), 1, "those who wait have all of theirs");
	}

	#[test]
	fn addresses_of_one_customer_count_together() {
		let [one, other, third] = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
			.map(|text| Caller::at(text.parse().unwrap()));
		assert_eq!(one, other);
		assert_ne!(one, third);
	}

	#[test]
	fn addresses_of_two_protocols_are_one() {
		let mapped = Caller::at("::ffff:192.0.2.1".parse().unwrap());
		assert_eq!(mapped, address(1));
		assert_ne!(mapped, address(2));
	}

	#[test]
	fn an_account_follows_so_many_inboxes_and_all_accounts_so_many() {
		let limits = Limits::default();
		let mut own: Vec<_> =
			(0..INBOXES_OF_ONE).map(|_| limits.inbox(account(0)).unwrap()).collect();
		assert!(limits.inbox(account(0)).is_none());
		own.pop();
		own.push(limits.inbox(account(0)).unwrap());
		let others = (1..=255).map_while(|number| limits.inbox(account(number)));
		let others: Vec<_> = others.collect();
		assert_eq!(own.len() + others.len(), INBOXES_IN_ALL);
		drop((own, others));
		assert!(locked(&limits.inboxes).is_empty(), "nothing is left behind");
	}

	#[test]
	fn accounts_with_many_inboxes_leave_every_other_account_one() {
		let limits = Limits::default();
		let many = (0..24).flat_map(|number| (0..INBOXES_OF_ONE).map(move |_| account(number)));
		let many: Vec<_> = many.filter_map(|one| limits.inbox(one)).collect();
		assert_eq!(many.len(), INBOXES_OF_FEW + 12, "half of all, and then one of an account");
		let _first = limits.inbox(account(100)).unwrap();
		assert!(limits.inbox(account(100)).is_none(), "one of each from now on");
		drop(many);
		assert!(limits.inbox(account(100)).is_some());
	}
}
