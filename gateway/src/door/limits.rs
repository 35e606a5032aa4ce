//! What clients of the door may take: connections, and requests a second.

use crate::{
	bucket::{Bucket, Rate},
	errors::Refusal,
};
use std::{
	collections::HashMap,
	net::IpAddr,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// Connections of an address that have not signed in. Behind one address there may be a whole hospital, whose people
/// sign in at once and then no longer count here.
const PER_ADDRESS: usize = 16;
/// Connections of an account.
const PER_ACCOUNT: usize = 16;
/// Requests of an address that has not signed in.
const OF_ADDRESSES: Rate = Rate { full: 400, per_second: 40 };
/// Requests of an account. A client that opens a chart of 5,000 records sends a hundred.
const OF_ACCOUNTS: Rate = Rate { full: 1_000, per_second: 100 };
/// Requests in flight at the node, of all connections. The gateway's own questions are not among them.
const IN_FLIGHT: usize = 128;
/// The most callers whose requests are counted.
const MAX_CALLERS: usize = 65_536;

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
		Self::Address(match address {
			IpAddr::V6(long) => IpAddr::V6((long.to_bits() >> 64 << 64).into()),
			short => short,
		})
	}

	fn connections(&self) -> usize {
		match self {
			Self::Address(_) => PER_ADDRESS,
			Self::Account(_) => PER_ACCOUNT,
		}
	}

	fn rate(&self) -> Rate {
		match self {
			Self::Address(_) => OF_ADDRESSES,
			Self::Account(_) => OF_ACCOUNTS,
		}
	}
}

/// The limits that all connections share.
pub(super) struct Limits {
	in_all: usize,
	taken: Arc<Mutex<HashMap<Caller, usize>>>,
	requests: Mutex<HashMap<Caller, Bucket>>,
	pub(super) in_flight: Semaphore,
}

/// A connection's place. It is free again when this is dropped.
pub struct Place {
	caller: Caller,
	taken: Arc<Mutex<HashMap<Caller, usize>>>,
}

const TOO_MANY: Refusal = Refusal::TooMany { seconds: 1 };

impl Limits {
	pub(super) fn new(in_all: usize) -> Self {
		let (taken, requests) = Default::default();
		Self { in_all, taken, requests, in_flight: Semaphore::new(IN_FLIGHT) }
	}

	/// Takes a place.
	pub(super) fn enter(&self, caller: Caller) -> Result<Place, Refusal> {
		let mut taken = locked(&self.taken);
		if taken.values().sum::<usize>() >= self.in_all {
			return Err(TOO_MANY);
		}
		take(&mut taken, caller)?;
		Ok(Place { caller, taken: self.taken.clone() })
	}

	/// Counts a request at `now`, in seconds.
	pub(super) fn count(&self, caller: Caller, cost: u64, now: u64) -> Result<(), Refusal> {
		let mut requests = locked(&self.requests);
		if requests.len() >= MAX_CALLERS && !requests.contains_key(&caller) {
			// Who has all of theirs need not be known.
			requests.retain(|caller, bucket| !bucket.is_full(caller.rate(), now));
			if requests.len() >= MAX_CALLERS {
				return Err(TOO_MANY);
			}
		}
		requests.entry(caller).or_default().take_many(caller.rate(), cost, now)
	}
}

impl Place {
	/// The address or account that it counts for.
	pub(super) fn caller(&self) -> Caller {
		self.caller
	}

	/// Makes it count for another: an account has signed in, or its token has ended.
	pub(super) fn pass_to(&mut self, caller: Caller) -> Result<(), Refusal> {
		if caller == self.caller {
			return Ok(());
		}
		let mut taken = locked(&self.taken);
		take(&mut taken, caller)?;
		give_back(&mut taken, self.caller);
		self.caller = caller;
		Ok(())
	}
}

impl Drop for Place {
	fn drop(&mut self) {
		give_back(&mut locked(&self.taken), self.caller);
	}
}

fn take(taken: &mut HashMap<Caller, usize>, caller: Caller) -> Result<(), Refusal> {
	let own = taken.entry(caller).or_default();
	if *own >= caller.connections() {
		return Err(TOO_MANY);
	}
	*own += 1;
	Ok(())
}

fn give_back(taken: &mut HashMap<Caller, usize>, caller: Caller) {
	if let Some(own) = taken.get_mut(&caller) {
		*own = own.saturating_sub(1);
		if *own == 0 {
			taken.remove(&caller);
		}
	}
}

/// A poisoned lock still holds valid state: no operation leaves it half changed.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: u64 = 1_780_000_000;

	fn address(last: u8) -> Caller {
		Caller::at(IpAddr::from([192, 0, 2, last]))
	}

	#[test]
	fn an_address_has_so_many_connections_until_its_people_sign_in() {
		let limits = Limits::new(100);
		let mut own: Vec<_> = (0..16).map(|_| limits.enter(address(1)).unwrap()).collect();
		assert_eq!(limits.enter(address(1)).err(), Some(TOO_MANY));
		let _other = limits.enter(address(2)).unwrap();
		own[0].pass_to(Caller::Account([1; 32])).unwrap();
		let next = limits.enter(address(1)).unwrap();
		assert!(limits.enter(address(1)).is_err());
		assert!(own[0].pass_to(address(1)).is_err(), "there is no room for it any more");
		assert_eq!(own[0].caller(), Caller::Account([1; 32]));
		drop(next);
		own[0].pass_to(address(1)).unwrap();
	}

	#[test]
	fn an_account_has_so_many_connections() {
		let limits = Limits::new(100);
		let account = Caller::Account([1; 32]);
		let _own: Vec<_> = (0..16).map(|_| limits.enter(account).unwrap()).collect();
		let mut more = limits.enter(address(1)).unwrap();
		assert!(more.pass_to(account).is_err());
		assert_eq!(more.caller(), address(1));
		more.pass_to(Caller::Account([2; 32])).unwrap();
	}

	#[test]
	fn there_are_so_many_connections_in_all_and_places_come_back() {
		let limits = Limits::new(3);
		let all: Vec<_> = (0..3).map(|last| limits.enter(address(last)).unwrap()).collect();
		assert!(limits.enter(address(9)).is_err());
		drop(all);
		assert!(locked(&limits.taken).is_empty(), "nothing is left behind");
		limits.enter(address(9)).unwrap();
	}

	#[test]
	fn requests_are_counted_by_what_they_cost_and_come_back_with_time() {
		let limits = Limits::new(1);
		for _ in 0..20 {
			limits.count(address(1), 20, NOW).unwrap();
		}
		assert_eq!(limits.count(address(1), 1, NOW), Err(TOO_MANY));
		limits.count(address(2), 1, NOW).unwrap();
		limits.count(address(1), 40, NOW + 1).unwrap();
		assert!(limits.count(address(1), 1, NOW + 1).is_err());
	}

	#[test]
	fn addresses_of_one_customer_count_together() {
		let [one, other, third] = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
			.map(|text| Caller::at(text.parse().unwrap()));
		assert_eq!(one, other);
		assert_ne!(one, third);
	}
}
