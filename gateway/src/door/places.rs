//! The door's places: how many connections there are, and which one goes when there is no room for another.
//!
//! Callers who have signed in have places that strangers can't take, and strangers have places that accounts can't keep
//! from them. When strangers' places are taken, the one that goes is of the network and the address with the most of them,
//! and has asked nothing for the longest time. Otherwise an account with several gives one up. So a flood from many
//! addresses pushes itself out, as do accounts with many connections, and not the patient who has just connected and is
//! about to sign in.

use super::limits::{Caller, TOO_MANY, locked};
use crate::errors::Refusal;
use std::{
	cmp::Reverse,
	collections::{BTreeMap, HashMap},
	net::IpAddr,
	sync::{
		Arc, Mutex,
		atomic::{AtomicBool, Ordering},
	},
	time::Instant,
};
use tokio::sync::Notify;

/// Connections of an address that have not signed in. Behind one address there may be a whole hospital, whose people
/// sign in at once and then no longer count here.
const PER_ADDRESS: usize = 16;
/// Connections of an account.
const PER_ACCOUNT: usize = 16;
/// The part of all places that only callers who have signed in get: one of so many.
const RESERVED: usize = 4;
/// The bytes that the door keeps for all clients together until they take them.
const MAX_KEPT: usize = 64 * 1024 * 1024;

/// All places.
pub(super) struct Places {
	in_all: usize,
	max_kept: usize,
	held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
	next: u64,
	by_number: BTreeMap<u64, Holder>,
	/// The bytes that are kept for all of them.
	kept: usize,
}

/// A connection.
struct Holder {
	/// The address that it comes from.
	address: Caller,
	/// What it counts for: the address until it signs in, and then its account.
	caller: Caller,
	/// Whether its token is good.
	is_signed_in: bool,
	/// When it asked last.
	asked: Instant,
	/// The bytes that are kept for it.
	kept: usize,
	/// Since when some have been, without a pause.
	since: Instant,
	ending: Arc<Ending>,
}

/// Tells a connection that its place was given away.
#[derive(Default)]
struct Ending {
	has_come: AtomicBool,
	notify: Notify,
}

/// A connection's place. It is free again when this is dropped.
pub struct Place {
	number: u64,
	address: Caller,
	max_kept: usize,
	held: Arc<Mutex<Held>>,
	ending: Arc<Ending>,
}

impl Places {
	/// Places for this many connections.
	pub(super) fn new(in_all: usize) -> Self {
		Self { in_all, max_kept: MAX_KEPT, held: Arc::default() }
	}

	/// Takes a place for a connection from this address.
	pub(super) fn enter(&self, address: Caller) -> Result<Place, Refusal> {
		let mut held = locked(&self.held);
		if held.count(|one| one.caller == address) >= PER_ADDRESS {
			return Err(TOO_MANY);
		}
		let strangers = held.count(|one| !one.is_signed_in);
		let for_strangers = self.in_all.saturating_sub(self.in_all / RESERVED);
		if strangers >= for_strangers || held.by_number.len() >= self.in_all {
			held.make_room(strangers >= for_strangers)?;
		}
		let ending = Arc::<Ending>::default();
		let now = Instant::now();
		let holder = Holder {
			address,
			caller: address,
			is_signed_in: false,
			asked: now,
			kept: 0,
			since: now,
			ending: ending.clone(),
		};
		let number = held.next;
		held.next = number.saturating_add(1);
		held.by_number.insert(number, holder);
		Ok(Place { number, address, max_kept: self.max_kept, held: self.held.clone(), ending })
	}
}

impl Held {
	fn count(&self, which: impl Fn(&Holder) -> bool) -> usize {
		self.by_number.values().filter(|one| which(one)).count()
	}

	/// Gives a place away, if one may go: a stranger's, or one of an account that has several. Strangers give one up first
	/// if they have all of theirs.
	fn make_room(&mut self, strangers_first: bool) -> Result<(), Refusal> {
		let strangers = || self.by_number.iter().filter(|(_, one)| !one.is_signed_in);
		let (mut near, mut own) = (HashMap::new(), HashMap::<_, usize>::new());
		for (_, one) in strangers() {
			*near.entry(neighbours(&one.address)).or_insert(0_usize) += 1;
			*own.entry(one.address).or_default() += 1;
		}
		let stranger = strangers().max_by_key(|(_, one)| {
			let near = near.get(&neighbours(&one.address)).copied();
			(near, own.get(&one.address).copied(), Reverse(one.asked))
		});
		let stranger = stranger.map(|(number, _)| *number);
		let mut of_accounts = HashMap::<_, usize>::new();
		for one in self.by_number.values().filter(|one| one.is_signed_in) {
			*of_accounts.entry(one.caller).or_default() += 1;
		}
		let several = self.by_number.iter().filter_map(|(number, one)| {
			let count = *of_accounts.get(&one.caller).filter(|count| **count > 1)?;
			one.is_signed_in.then_some((number, (count, Reverse(one.asked))))
		});
		let several = several.max_by_key(|(_, rank)| *rank).map(|(number, _)| *number);
		let goes = if strangers_first { stranger.or(several) } else { several.or(stranger) };
		self.end(goes.ok_or(TOO_MANY)?);
		Ok(())
	}

	/// The connection that has left bytes untaken for the longest time.
	fn slowest(&self) -> Option<u64> {
		let slow = self.by_number.iter().filter(|(_, one)| one.kept > 0);
		slow.min_by_key(|(_, one)| one.since).map(|(number, _)| *number)
	}

	/// Frees a place, and tells its connection.
	fn end(&mut self, number: u64) {
		if let Some(gone) = self.remove(number) {
			gone.ending.has_come.store(true, Ordering::Release);
			gone.ending.notify.notify_waiters();
		}
	}

	fn remove(&mut self, number: u64) -> Option<Holder> {
		let gone = self.by_number.remove(&number)?;
		self.kept = self.kept.saturating_sub(gone.kept);
		Some(gone)
	}
}

/// The network around an address, of which one attacker may have all: 24 bits of IPv4, and 48 bits of IPv6.
fn neighbours(caller: &Caller) -> Caller {
	match caller {
		Caller::Address(IpAddr::V4(short)) => {
			Caller::Address(IpAddr::V4((short.to_bits() >> 8 << 8).into()))
		},
		Caller::Address(IpAddr::V6(long)) => {
			Caller::Address(IpAddr::V6((long.to_bits() >> 80 << 80).into()))
		},
		account => *account,
	}
}

impl Place {
	/// The address that the connection comes from.
	pub(super) fn address(&self) -> Caller {
		self.address
	}

	/// Makes it count for an account that has signed in.
	pub(super) fn sign_in(&self, account: [u8; 32]) -> Result<(), Refusal> {
		let mut held = locked(&self.held);
		let caller = Caller::Account(account);
		let others = held.by_number.iter().filter(|(number, _)| **number != self.number);
		if others.filter(|(_, one)| one.caller == caller).count() >= PER_ACCOUNT {
			return Err(TOO_MANY);
		}
		let own = held.by_number.get_mut(&self.number).ok_or(TOO_MANY)?;
		(own.caller, own.is_signed_in) = (caller, true);
		Ok(())
	}

	/// Notes that its token has ended. It still counts for the account, but others may push it out.
	pub(super) fn sign_out(&self) {
		if let Some(own) = locked(&self.held).by_number.get_mut(&self.number) {
			own.is_signed_in = false;
		}
	}

	/// Notes that the client asks something.
	pub(super) fn touch(&self) {
		if let Some(own) = locked(&self.held).by_number.get_mut(&self.number) {
			own.asked = Instant::now();
		}
	}

	/// Notes bytes that are kept for the client. If they are too many for all clients together, the one for which some
	/// have been kept for the longest time loses its place: it takes them too slowly. A client that was just sent a
	/// large answer may have the most of them.
	pub(super) fn keep(&self, bytes: usize) {
		let mut held = locked(&self.held);
		let Some(own) = held.by_number.get_mut(&self.number) else { return };
		if own.kept == 0 {
			own.since = Instant::now();
		}
		own.kept = own.kept.saturating_add(bytes);
		held.kept = held.kept.saturating_add(bytes);
		while held.kept > self.max_kept
			&& let Some(number) = held.slowest()
		{
			held.end(number);
		}
	}

	/// Notes that the client has taken bytes that were kept.
	pub(super) fn took(&self, bytes: usize) {
		let mut held = locked(&self.held);
		let Some(own) = held.by_number.get_mut(&self.number) else { return };
		own.kept = own.kept.saturating_sub(bytes);
		held.kept = held.kept.saturating_sub(bytes);
	}

	/// Waits until the place is given away.
	pub(super) async fn ended(&self) {
		let told = self.ending.notify.notified();
		if !self.ending.has_come.load(Ordering::Acquire) {
			told.await;
		}
	}

	/// Frees the place, although requests of the connection may still be answered.
	pub(super) fn leave(&self) {
		locked(&self.held).remove(self.number);
	}
}

impl Drop for Place {
	fn drop(&mut self) {
		self.leave();
	}
}

#[cfg(test)]
mod tests;
