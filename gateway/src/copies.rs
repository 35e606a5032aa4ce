//! Copies of accounts' keys, each sealed to a passkey, under secret locators (see
//! [`medblock_vault_protocol::copies`]).
//!
//! The store knows a copy by the SHA-256 of its locator, so that a reader of the disk or the bucket can't fetch it
//! from another gateway. An object is the owner's account and the file. Beside it, a marker in a folder of the
//! account's counts the account's copies, so that neither start nor request lists what others have.
//!
//! A copy whose marker got lost is found by [`Copies::recount`].
//!
//! Each change of an account's copies is made alone, of all gateways that share a database.

mod recount;

use crate::{
	bucket::{Buckets, Rate},
	door::Caller,
	errors::Refusal,
	metrics::Metrics,
	state::{Lock as Alone, State, values},
	vault::store::{self, Store},
};
use bytes::Bytes;
use medblock_vault_protocol::{
	copies::{LOCATOR_LENGTH, MAX_PER_ACCOUNT},
	paths::parse_digest,
};
use sha2::{Digest as _, Sha256};
use std::{
	io,
	pin::pin,
	sync::{Arc, Mutex as Lock, PoisonError, atomic::AtomicU8},
	time::Duration,
};
use tokio::{
	sync::{Mutex, MutexGuard, Semaphore},
	time::timeout,
};

/// Requests for copies of an address. There may be a whole hospital behind one; each of its people asks a few
/// times a year.
const READ: Rate = Rate { full: 60, per_second: 1 };
/// Changes of an account's copies.
const WRITTEN: Rate = Rate { full: 32, per_second: 1 };
/// The most callers whose requests are counted.
const MAX_CALLERS: usize = 65_536;
/// The changes that a gateway with a shared database makes at once: each has a connection to it meanwhile.
const AT_ONCE: usize = 4;
/// The time after which a change tells the database that it goes on. One that says nothing for 15 seconds loses its lock.
const STILL: Duration = Duration::from_secs(5);
/// The length of an account.
const OWNER: usize = 32;

type Account = [u8; OWNER];
type Locator = [u8; LOCATOR_LENGTH];

/// All copies.
pub struct Copies {
	store: Store,
	metrics: Arc<Metrics>,
	readers: Lock<Buckets<Caller>>,
	writers: Lock<Buckets<Account>>,
	/// The locks of accounts: held while an account's copies change.
	accounts: Vec<Mutex<()>>,
	/// The database with the locks that count at all gateways, if several share it.
	shared: Option<State>,
	at_once: Semaphore,
	/// The folder of copies that is looked at next.
	next: AtomicU8,
}

impl Copies {
	/// Keeps copies in this store.
	pub fn new(store: Store, metrics: Arc<Metrics>) -> Self {
		Self {
			store,
			metrics,
			readers: Lock::new(Buckets::new(READ, MAX_CALLERS)),
			writers: Lock::new(Buckets::new(WRITTEN, MAX_CALLERS)),
			accounts: (0..64).map(|_| Mutex::default()).collect(),
			shared: None,
			at_once: Semaphore::new(AT_ONCE),
			// A gateway that is often restarted comes to all folders, too.
			next: AtomicU8::new(rand::random()),
		}
	}

	/// Keeps them beside other gateways, which share this database and the store.
	pub fn shared(self, state: State) -> Self {
		Self { shared: Some(state), ..self }
	}

	/// Counts a request of a caller at `now`, in seconds.
	pub fn count_reader(&self, caller: &Caller, now: u64) -> Result<(), Refusal> {
		// A poisoned lock still holds valid state: no operation leaves it half changed.
		self.readers.lock().unwrap_or_else(PoisonError::into_inner).take(*caller, 1, now)
	}

	/// Counts a change by an account at `now`, in seconds.
	pub fn count_writer(&self, account: &Account, now: u64) -> Result<(), Refusal> {
		self.writers.lock().unwrap_or_else(PoisonError::into_inner).take(*account, 1, now)
	}

	/// The copy under a locator.
	pub async fn find(&self, locator: &Locator) -> Result<Bytes, Refusal> {
		let found = self.copy(&named(locator)).await?;
		found.map(|(_, file)| file).ok_or(Refusal::NoSuchCopy)
	}

	/// Keeps a copy of an account's, in place of the one that it has under this locator. When this returns, the
	/// copy is durable.
	pub async fn put(
		&self,
		locator: &Locator,
		account: &Account,
		file: &[u8],
	) -> Result<(), Refusal> {
		self.alone(account, self.put_alone(&named(locator), account, file)).await
	}

	async fn put_alone(&self, name: &str, account: &Account, file: &[u8]) -> Result<(), Refusal> {
		match self.copy(name).await? {
			// As if the locator were unknown. Only its owner has one.
			Some((owner, _)) if owner != *account => return Err(Refusal::NoSuchCopy),
			Some(_) => (),
			None => self.make_room(account, name).await?,
		}
		// First the marker: a copy is counted at every moment, also after a crash.
		self.stored(self.store.put_small(&marker(account, name), Vec::new()).await)?;
		let object = [account.as_slice(), file].concat();
		self.stored(self.store.put_small(&object_name(name), object).await)
	}

	/// Removes a copy of an account's.
	pub async fn remove(&self, locator: &Locator, account: &Account) -> Result<(), Refusal> {
		let name = named(locator);
		let removing = async {
			match self.copy(&name).await? {
				Some((owner, _)) if owner == *account => self.forget(account, &name).await,
				_ => Err(Refusal::NoSuchCopy),
			}
		};
		self.alone(account, removing).await
	}

	/// Removes all copies of an account's: for a person who has lost the passkeys, and their locators.
	pub async fn remove_all(&self, account: &Account) -> Result<(), Refusal> {
		let removing = async {
			for name in self.markers(account).await? {
				self.forget(account, &name).await?;
			}
			Ok(())
		};
		self.alone(account, removing).await
	}

	/// Refuses another copy of an account that has as many as it may.
	async fn make_room(&self, account: &Account, new: &str) -> Result<(), Refusal> {
		let mut markers = self.markers(account).await?;
		markers.retain(|name| name != new);
		if markers.len() < MAX_PER_ACCOUNT {
			return Ok(());
		}
		let mut copies = 0;
		for name in markers {
			match self.copy(&name).await? {
				Some((owner, _)) if owner == *account => copies += 1,
				// A crash has left a marker without its copy.
				_ => self.stored(self.store.delete_small(&marker(account, &name)).await)?,
			}
		}
		match copies < MAX_PER_ACCOUNT {
			true => Ok(()),
			false => Err(Refusal::QuotaExceeded(
				"this account has as many copies of its keys here as it may: remove one first",
			)),
		}
	}

	/// Removes a copy and then its marker. The caller holds the account's lock.
	async fn forget(&self, account: &Account, name: &str) -> Result<(), Refusal> {
		self.stored(self.store.delete_small(&object_name(name)).await)?;
		self.stored(self.store.delete_small(&marker(account, name)).await)
	}

	/// A copy, and the account that it belongs to.
	async fn copy(&self, name: &str) -> Result<Option<(Account, Bytes)>, Refusal> {
		let Some(object) = self.stored(self.store.small(&object_name(name)).await)? else {
			return Ok(None);
		};
		match object.first_chunk() {
			Some(owner) => Ok(Some((*owner, object.slice(OWNER..)))),
			None => {
				tracing::error!("a copy of an account's keys is damaged");
				Err(Refusal::StoreFailed)
			},
		}
	}

	/// The names of an account's copies.
	async fn markers(&self, account: &Account) -> Result<Vec<String>, Refusal> {
		let mut names = self.stored(self.store.small_names(&markers_of(account)).await)?;
		// A file that was being written when the gateway was killed is none of them.
		names.retain(|name| parse_digest(name).is_some());
		Ok(names)
	}

	/// Makes a change of an account's copies while no other request makes one, at whichever gateway. Where a database is
	/// shared, the change is made within one of its transactions, and counts only if that had the lock to the end.
	async fn alone(
		&self,
		account: &Account,
		change: impl Future<Output = Result<(), Refusal>>,
	) -> Result<(), Refusal> {
		let _turn = self.turn(account).await;
		let Some(state) = &self.shared else { return change.await };
		// It is never closed.
		let _one = self.at_once.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
		let mut transaction = self.answered(state.change().await)?;
		self.answered(transaction.lock(Alone::Copies(*account)).await)?;
		let mut change = pin!(change);
		let outcome = loop {
			match timeout(STILL, &mut change).await {
				Ok(outcome) => break outcome,
				Err(_) => {
					self.answered(transaction.run("SELECT 1", values![]).await)?;
				},
			}
		};
		outcome?;
		self.answered(transaction.commit().await)
	}

	async fn turn(&self, account: &Account) -> MutexGuard<'_, ()> {
		let index = usize::from(account[0]) % self.accounts.len();
		self.accounts[index].lock().await
	}

	fn answered<T>(&self, outcome: io::Result<T>) -> Result<T, Refusal> {
		outcome.map_err(|why| {
			self.metrics.failed(&why);
			tracing::error!(%why, "the vault's database fails");
			Refusal::from_io(&why)
		})
	}

	fn stored<T>(&self, outcome: Result<T, store::Error>) -> Result<T, Refusal> {
		outcome.map_err(|why| why.refused(&self.metrics))
	}
}

/// The name by which the store knows a copy.
fn named(locator: &Locator) -> String {
	hex::encode(Sha256::digest(locator))
}

/// The object of a copy. The folder of two digits keeps folders small.
fn object_name(name: &str) -> String {
	format!("at/{}/{name}", &name[..2])
}

fn markers_of(account: &Account) -> String {
	let account = hex::encode(account);
	format!("of/{}/{account}", &account[..2])
}

fn marker(account: &Account, name: &str) -> String {
	format!("{}/{name}", markers_of(account))
}

#[cfg(test)]
mod tests;
