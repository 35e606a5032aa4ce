//! The share of connections that one address may have, so that no client holds all of them.

use crate::{door::Caller, proxies::Network};
use std::{
	collections::HashMap,
	io,
	net::IpAddr,
	sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections of each address. Proxies have no share of their own: many clients come through one.
pub(super) struct Shares {
	each: usize,
	proxies: Vec<Network>,
	by_address: Mutex<HashMap<Caller, Weak<Share>>>,
}

/// The places of one address.
struct Share {
	room: Arc<Semaphore>,
	/// Places for connections that wait for room. Connections beyond these are closed.
	queue: Arc<Semaphore>,
}

/// A connection's place in the share of its address, and what keeps the share.
pub(super) struct Part {
	_share: Arc<Share>,
	_room: OwnedSemaphorePermit,
}

/// A connection that waits for its place in the share.
pub(super) struct Waiting {
	share: Arc<Share>,
	_queue: OwnedSemaphorePermit,
}

impl Shares {
	/// Gives each address this many connections, and lets as many others of it wait.
	pub(super) fn new(each: usize, proxies: Vec<Network>) -> Self {
		Self { each, proxies, by_address: Mutex::default() }
	}

	/// Lets a connection wait for its place; none if the address is a proxy's. Fails if too many of that address wait.
	pub(super) fn enter(&self, address: IpAddr) -> io::Result<Option<Waiting>> {
		if self.proxies.iter().any(|one| one.contains(address)) {
			return Ok(None);
		}
		let share = self.of(Caller::at(address));
		let queue = share.queue.clone().try_acquire_owned().map_err(io::Error::other)?;
		Ok(Some(Waiting { share, _queue: queue }))
	}

	/// The share of an address. Shares without a connection are forgotten, so that there are no more than connections.
	fn of(&self, address: Caller) -> Arc<Share> {
		let mut shares = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
		if let Some(share) = shares.get(&address).and_then(Weak::upgrade) {
			return share;
		}
		shares.retain(|_, share| share.strong_count() > 0);
		let [room, queue] = [self.each; 2].map(|places| Arc::new(Semaphore::new(places)));
		let share = Arc::new(Share { room, queue });
		shares.insert(address, Arc::downgrade(&share));
		share
	}
}

impl Waiting {
	/// Waits until the address has room.
	pub(super) async fn place(&self) -> io::Result<Part> {
		let room = self.share.room.clone().acquire_owned().await.map_err(io::Error::other)?;
		Ok(Part { _share: self.share.clone(), _room: room })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::FutureExt;

	fn shares() -> Shares {
		Shares::new(2, vec!["10.0.0.0/8".parse().unwrap()])
	}

	fn place(shares: &Shares, address: &str) -> Option<Part> {
		let waiting = shares.enter(address.parse().unwrap()).unwrap().unwrap();
		waiting.place().now_or_never().map(Result::unwrap)
	}

	#[test]
	fn one_address_leaves_the_others_their_places() {
		let shares = shares();
		let held = ["192.0.2.1", "::ffff:192.0.2.1"].map(|address| place(&shares, address));
		assert!(held.iter().all(Option::is_some));
		assert!(place(&shares, "192.0.2.1").is_none(), "it has its share");
		assert!(place(&shares, "192.0.2.2").is_some());
		drop(held);
		assert!(place(&shares, "192.0.2.1").is_some());
	}

	#[test]
	fn a_customers_ipv6_addresses_have_one_share() {
		let shares = shares();
		let _held = ["2001:db8::1", "2001:db8::2"].map(|address| place(&shares, address).unwrap());
		assert!(place(&shares, "2001:db8::3").is_none());
		assert!(place(&shares, "2001:db8:0:1::1").is_some());
	}

	#[test]
	fn no_more_wait_than_have_a_place() {
		let shares = shares();
		let address = "192.0.2.1".parse().unwrap();
		let waiting = [(); 2].map(|()| shares.enter(address).unwrap());
		assert!(shares.enter(address).is_err());
		drop(waiting);
		assert!(shares.enter(address).is_ok());
	}

	#[test]
	fn proxies_have_no_share() {
		let shares = shares();
		for _ in 0..10 {
			assert!(shares.enter("10.1.2.3".parse().unwrap()).unwrap().is_none());
		}
	}

	#[test]
	fn shares_without_connections_are_forgotten() {
		let shares = shares();
		for last in 0..100 {
			place(&shares, &format!("192.0.2.{last}")).unwrap();
		}
		let held = shares.by_address.lock().unwrap().len();
		assert!(held <= 1, "{held}");
	}
}
