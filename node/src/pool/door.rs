//! The entrance to the pool, for what users and peers submit.

use super::{
	Limits,
	arrivals::{Amount, Arrival, Arrivals, Held},
};
use async_trait::async_trait;
use codec::Encode;
use pallet_fair_use::Crowd;
use sc_transaction_pool::{ChainApi, ForkAwareTxPool, ValidateTransactionPriority};
use sc_transaction_pool_api::{
	BlockHash, ChainEvent, ImportNotificationStream, InPoolTransaction, MaintainedTransactionPool,
	PoolStatus, ReadyTransactions, TransactionFor, TransactionPool, TransactionSource,
	TransactionStatusStreamFor, TxHash, TxInvalidityReportMap, error::Error,
};
use sp_runtime::{
	traits::Block as BlockT,
	transaction_validity::{TransactionPriority, TransactionValidityError, ValidTransaction},
};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};

/// The priority that the runtime gives to revocations, and to other calls that protect a person.
const URGENT: TransactionPriority = TransactionPriority::MAX;

/// The number of submissions that are checked at once. The view of the next block waits for these, and for no others.
pub(super) const AT_ONCE: u32 = 64;

/// The number of those that may protect a person and are checked at once, besides.
const URGENT_AT_ONCE: u32 = 16;

/// The part of the room that one crowd has, one in so many, once half of the room is taken.
const PART: usize = 8;

/// Half of the room, likewise.
const HALF: usize = 2;

/// The pool behind this door.
type Inner<A> = ForkAwareTxPool<A, <A as ChainApi>::Block>;
/// A transaction in it.
type InPool<A> = <Inner<A> as TransactionPool>::InPoolTransaction;

/// The transactions for which the pool has room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
	/// Room for every transaction.
	All,
	/// Room for every transaction of a crowd that has not had its part, and for all others.
	Shared,
	/// Room for the next one of each account, and for revocations.
	Next,
	/// Room for revocations only.
	Revocations,
}

/// Refuses what a full pool has no room for. Revocations have room of their own, so they push out no
/// transaction that was accepted.
///
/// One hospital has many accounts, and newcomers cost nothing. So the runtime tells which [`Crowd`] a transaction comes
/// from. A crowd alone can take half of the room, and what remains is for all others.
///
/// While the pool makes the view of a new block, submissions wait for it. The SDK's pool adds them to the last block's view
/// alone. Those that come next then lack what they wait for, and the pool drops what waits for others of its account together
/// with the last view.
pub struct Door<A>
where
	A: ChainApi + 'static,
	<A::Block as BlockT>::Hash: Unpin,
{
	pool: Arc<Inner<A>>,
	limits: Limits,
	/// One for each ordinary submission that may wait for its turn. All others wait before: turns are given in the order in
	/// which they are asked for, and the view of a new block would wait for thousands.
	line: Semaphore,
	/// The same for what may protect a person, so that it waits for no ordinary submission.
	urgent_line: Semaphore,
	/// One for each place in both lines, and all for the view of a new block.
	turns: Semaphore,
	arrivals: Arrivals,
	kinds: Kinds<TransactionFor<Inner<A>>>,
}

/// What a node can tell of a transaction without the chain, if the chain's runtime is the one that the node knows.
pub struct Kinds<T> {
	/// Whether the transaction is of a kind that protects no person, whatever the chain says of it.
	pub is_ordinary: Box<dyn Fn(&T) -> bool + Send + Sync>,
	/// Whether the chain has that runtime.
	pub is_certain: Box<dyn Fn() -> bool + Send + Sync>,
}

impl<T> Default for Kinds<T> {
	/// All seem ordinary, and nothing is certain.
	fn default() -> Self {
		Self { is_ordinary: Box::new(|_| true), is_certain: Box::new(|| false) }
	}
}

impl<A> Door<A>
where
	A: ChainApi + 'static,
	<A::Block as BlockT>::Hash: Unpin,
{
	/// The entrance to this pool, which was made with the same limits.
	pub fn new(pool: Arc<Inner<A>>, limits: Limits) -> Self {
		let [line, urgent_line, turns] = [AT_ONCE, URGENT_AT_ONCE, AT_ONCE + URGENT_AT_ONCE]
			.map(|places| Semaphore::new(places as usize));
		Self {
			pool,
			limits,
			line,
			urgent_line,
			turns,
			arrivals: Arrivals::default(),
			kinds: Kinds::default(),
		}
	}

	/// The same, which lets what is not ordinary pass by what is. Once it has room for revocations only, it asks the chain
	/// nothing about a transaction that is certainly ordinary: otherwise each one that is refused costs about as much as
	/// one that is accepted.
	pub fn knowing(self, kinds: Kinds<TransactionFor<Inner<A>>>) -> Self {
		Self { kinds, ..self }
	}

	/// Waits for a place in the line of its kind, and then for a turn. Both end when what is returned is dropped. There are no
	/// errors: places and turns never end.
	async fn turn(&self, is_ordinary: bool) -> [Result<SemaphorePermit<'_>, AcquireError>; 2] {
		let line = match is_ordinary {
			true => &self.line,
			false => &self.urgent_line,
		};
		[line.acquire().await, self.turns.acquire().await]
	}

	/// Notes that a transaction is on its way into the pool.
	fn arrives(&self, transaction: &TransactionFor<Inner<A>>) -> Arrival<'_> {
		self.arrivals.begin(transaction.encoded_size())
	}

	/// The room that is left. Transactions that wait for others of their account have room of their own. If they counted
	/// with the rest, a pool full of them could not take those that they wait for.
	fn room(&self) -> Room {
		let PoolStatus { ready, ready_bytes, future, future_bytes } = self.pool.status();
		let Limits { transactions, bytes, .. } = self.limits;
		// What waits for others may become ready all at once.
		let (all, all_bytes) =
			(ready.saturating_add(future), ready_bytes.saturating_add(future_bytes));
		if ready >= transactions || ready_bytes >= bytes {
			Room::Revocations
		} else if future >= transactions || future_bytes >= bytes {
			Room::Next
		} else if self.is_half(all, all_bytes) {
			Room::Shared
		} else {
			Room::All
		}
	}

	/// Whether half of the room is taken, for transactions that wait for no others.
	fn is_half_full(&self) -> bool {
		let PoolStatus { ready, ready_bytes, .. } = self.pool.status();
		self.is_half(ready, ready_bytes)
	}

	/// Whether so many transactions, of so many bytes together, take half of the room with what is on its way.
	fn is_half(&self, transactions: usize, bytes: usize) -> bool {
		transactions >= self.limits.transactions / HALF
			|| bytes.saturating_add(self.arrivals.bytes()) >= self.limits.bytes / HALF
	}

	/// Whether there is room for this transaction, which is valid and protects no person.
	fn has_room(&self, room: Room, valid: &ValidTransaction, arrival: &Arrival<'_>) -> bool {
		let is_next = valid.requires.is_empty();
		let fits = match room {
			Room::All | Room::Shared => true,
			Room::Next => is_next,
			Room::Revocations => false,
		};
		let crowd = valid.provides.iter().find_map(|tag| Crowd::of_tag(tag));
		fits && crowd.is_none_or(|crowd| {
			arrival.comes_from(crowd);
			self.has_part(crowd, is_next)
		})
	}

	/// Whether a crowd has not had its part of the room, with what is on its way. As long as half of the room is left, a
	/// transaction that waits for no others gets in, however many do: these could never get into a block without it.
	/// It makes them ready. So if several of one crowd come at once, all that waits counts.
	fn has_part(&self, crowd: Crowd, is_next: bool) -> bool {
		let is_half_full = self.is_half_full();
		let arriving = self.arrivals.of(crowd);
		let is_single = is_next && arriving.transactions <= 1;
		if is_single && !is_half_full {
			return true;
		}
		let part = if is_half_full { PART } else { HALF };
		let Limits { transactions, bytes, .. } = self.limits;
		let fits = |held: Amount| {
			let all = held.and(arriving);
			let is_within = all.transactions <= transactions / part && all.bytes <= bytes / part;
			is_within || all.transactions <= 1
		};
		if let Some(Held { least, most }) = self.arrivals.known(crowd) {
			if fits(most) {
				return true;
			}
			if !fits(least) {
				return false;
			}
		}
		let Held { least, most } = self.arrivals.count(crowd, || self.held_by(crowd));
		fits(if is_single { least } else { most })
	}

	/// What a crowd has in the pool. Looks at all that waits there.
	fn held_by(&self, crowd: Crowd) -> Held {
		let length_of = |one: &InPool<A>| {
			let is_of_crowd = one.provides().iter().any(|tag| Crowd::of_tag(tag) == Some(crowd));
			is_of_crowd.then(|| one.data().encoded_size())
		};
		let least: Amount = self.pool.ready().filter_map(|one| length_of(&one)).collect();
		let waiting: Amount = self.pool.futures().iter().filter_map(length_of).collect();
		Held { least, most: least.and(waiting) }
	}

	/// Fails if the pool has no room for the transaction.
	async fn admit(
		&self,
		at: BlockHash<Inner<A>>,
		source: TransactionSource,
		transaction: &TransactionFor<Inner<A>>,
		is_ordinary: bool,
		arrival: &Arrival<'_>,
	) -> Result<(), A::Error> {
		let room = self.room();
		if room == Room::All {
			arrival.comes_unseen();
			return Ok(());
		}
		// The pool has its own answer to what it holds already.
		if self.pool.ready_transaction(&self.pool.hash_of(transaction)).is_some() {
			return Ok(());
		}
		if room == Room::Revocations && is_ordinary && (self.kinds.is_certain)() {
			return Err(Error::ImmediatelyDropped.into());
		}
		let validity = self.pool.api().validate_transaction(
			at,
			source,
			Arc::new(transaction.clone()),
			ValidateTransactionPriority::Submitted,
		);
		let refusal = match validity.await? {
			Ok(valid) if valid.priority == URGENT => {
				arrival.comes_unseen();
				return Ok(());
			},
			Ok(valid) if self.has_room(room, &valid, arrival) => return Ok(()),
			Ok(_) => Error::ImmediatelyDropped,
			Err(TransactionValidityError::Invalid(why)) => Error::InvalidTransaction(why),
			Err(TransactionValidityError::Unknown(why)) => Error::UnknownTransaction(why),
		};
		Err(refusal.into())
	}
}

#[async_trait]
impl<A> TransactionPool for Door<A>
where
	A: ChainApi + 'static,
	<A::Block as BlockT>::Hash: Unpin,
{
	type Block = A::Block;
	type Hash = TxHash<Inner<A>>;
	type InPoolTransaction = <Inner<A> as TransactionPool>::InPoolTransaction;
	type Error = A::Error;

	async fn submit_at(
		&self,
		at: BlockHash<Self>,
		source: TransactionSource,
		transactions: Vec<TransactionFor<Self>>,
	) -> Result<Vec<Result<TxHash<Self>, A::Error>>, A::Error> {
		let mut results = Vec::with_capacity(transactions.len());
		for transaction in transactions {
			results.push(self.submit_one(at, source, transaction).await);
		}
		Ok(results)
	}

	async fn submit_one(
		&self,
		at: BlockHash<Self>,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<TxHash<Self>, A::Error> {
		let is_ordinary = (self.kinds.is_ordinary)(&transaction);
		let _turn = self.turn(is_ordinary).await;
		let arrival = self.arrives(&transaction);
		self.admit(at, source, &transaction, is_ordinary, &arrival).await?;
		self.pool.submit_one(at, source, transaction).await
	}

	async fn submit_and_watch(
		&self,
		at: BlockHash<Self>,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, A::Error> {
		let is_ordinary = (self.kinds.is_ordinary)(&transaction);
		let _turn = self.turn(is_ordinary).await;
		let arrival = self.arrives(&transaction);
		self.admit(at, source, &transaction, is_ordinary, &arrival).await?;
		self.pool.submit_and_watch(at, source, transaction).await
	}

	async fn ready_at(
		&self,
		at: BlockHash<Self>,
	) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
		self.pool.ready_at(at).await
	}

	fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
		self.pool.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<BlockHash<Self>>,
		errors: TxInvalidityReportMap<TxHash<Self>>,
	) -> Vec<Arc<Self::InPoolTransaction>> {
		let removed = self.pool.report_invalid(at, errors).await;
		self.arrivals.forget();
		removed
	}

	fn futures(&self) -> Vec<Self::InPoolTransaction> {
		self.pool.futures()
	}

	fn status(&self) -> PoolStatus {
		self.pool.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<Self>> {
		self.pool.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<Self>, Vec<String>>) {
		self.pool.on_broadcasted(propagations);
	}

	fn hash_of(&self, transaction: &TransactionFor<Self>) -> TxHash<Self> {
		self.pool.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<Self>) -> Option<Arc<Self::InPoolTransaction>> {
		self.pool.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(
		&self,
		at: BlockHash<Self>,
		timeout: Duration,
	) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
		self.pool.ready_at_with_timeout(at, timeout).await
	}
}

#[async_trait]
impl<A> MaintainedTransactionPool for Door<A>
where
	A: ChainApi + 'static,
	<A::Block as BlockT>::Hash: Unpin,
{
	async fn maintain(&self, event: ChainEvent<A::Block>) {
		let _turns = self.turns.acquire_many(AT_ONCE + URGENT_AT_ONCE).await;
		self.pool.maintain(event).await;
		self.arrivals.forget();
	}
}
