//! The transactions that wait for a block.
//!
//! The pool is the SDK's fork-aware one, which keeps a view of what waits for each recent block. This
//! module gives it what it lacks under load:
//!
//! - [`Limits`]: no view drops a transaction that was accepted. A full pool refuses new ones instead.
//! - [`Validation`]: a block whose state is gone refuses and bans no transaction, and what waits is not
//!   validated again and again.
//! - [`Door`]: a full pool still takes revocations, no hospital's staff fill it alone, and what is accepted is in the view of
//!   the next block.
//! - [`kinds`]: what may protect a person waits for nothing else at the door, and what a full pool refuses costs it almost
//!   nothing.
//! - [`Gossip`]: no peer is blamed for what a full pool refuses.
//! - `Yielding`: threads that validate leave processors to those that make blocks.

mod arrivals;
mod door;
mod gossip;
mod ordinary;
mod validation;
mod yielding;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use door::Door;
pub use gossip::Gossip;
pub use ordinary::kinds;
pub use validation::Validation;

use crate::parts::Client;
use medblock_runtime::OpaqueBlock as Block;
use sc_cli::TransactionPoolParams;
use sc_client_api::HeaderBackend;
use sc_service::{Configuration, TaskManager};
use sc_transaction_pool::{ForkAwareTxPool, FullChainApi, Options, PoolLimit};
use sc_transaction_pool_api::TransactionPool;
use std::{sync::Arc, time::Duration};
use validation::{Background, Tips};
use yielding::Yielding;

/// The pool, which asks the runtime through [`Validation`].
pub type Pool = ForkAwareTxPool<Validation<FullChainApi<Client, Block>>, Block>;

/// How many times what may wait the pool keeps besides: about 1,000 transactions in each of the 128 blocks
/// after which it no longer waits for finality.
const UNFINAL: usize = 32;

/// The limits of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// The maximum number of transactions that wait for a block, beside revocations, and of those that wait for others of
	/// their account.
	pub transactions: usize,
	/// Their maximum length together, in bytes.
	pub bytes: usize,
	/// The time for which the pool does not look again at a transaction that it has refused.
	pub ban: Duration,
}

impl Limits {
	/// The limits of the SDK's pool. More than twice as many may be ready: [`Door`] leaves the upper half to
	/// revocations.
	///
	/// By default, the SDK gives transactions that wait for others of their account a tenth of the pool,
	/// and drops the oldest when there are more. It bans what it drops, and what waits for that would
	/// never get into a block. Here the pool is full before any view is.
	///
	/// The SDK's pool also keeps what is in blocks until they are final. When that and what waits exceed both
	/// limits together, it pushes out what has the lowest priority. So the second limit has room for many
	/// blocks. [`Door`] refuses transactions that wait for others long before.
	///
	/// What is checked at once may find the last place all together. It counts only once it is in.
	fn options(self) -> Options {
		let at_once = door::AT_ONCE as usize;
		let times = |factor| PoolLimit {
			count: self.transactions.saturating_mul(factor).saturating_add(at_once),
			total_bytes: self.bytes.saturating_mul(factor),
		};
		Options {
			ready: times(2),
			future: times(UNFINAL),
			reject_future_transactions: false,
			ban_time: self.ban,
		}
	}
}

impl Default for Limits {
	/// The command line's limits, and no ban. On this chain, most refusals mean "later": the allowance recovers,
	/// the account's other transactions get into blocks. The pool looks again after the next block.
	fn default() -> Self {
		Self { transactions: 4_096, bytes: 20 * 1024 * 1024, ban: Duration::ZERO }
	}
}

impl From<&TransactionPoolParams> for Limits {
	fn from(given: &TransactionPoolParams) -> Self {
		Self {
			transactions: given.pool_limit,
			bytes: given.pool_kbytes.saturating_mul(1024),
			ban: given.tx_ban_seconds.map_or(Duration::ZERO, Duration::from_secs),
		}
	}
}

/// Starts the pool.
pub fn start(
	config: &Configuration,
	limits: Limits,
	client: &Arc<Client>,
	tasks: &TaskManager,
) -> Arc<Pool> {
	let registry = config.prometheus_registry();
	let spawner = tasks.spawn_essential_handle();
	let chain = FullChainApi::new(client.clone(), registry, &Yielding(spawner.clone()));
	let tips = {
		let client = client.clone();
		Box::new(move || {
			let known = client.info();
			Tips { best: known.best_hash, last_final: known.finalized_hash }
		})
	};
	let known = client.info();
	let pool = Arc::new(ForkAwareTxPool::new_with_background_worker(
		limits.options(),
		config.role.is_authority().into(),
		Arc::new(Validation::new(chain, tips)),
		registry,
		Background(spawner),
		known.best_hash,
		known.finalized_hash,
	));
	// The pool keeps what it asks, which must not keep the pool.
	let weak = Arc::downgrade(&pool);
	pool.api().learn(move |hash| weak.upgrade().and_then(|pool| pool.ready_transaction(hash)));
	pool
}
