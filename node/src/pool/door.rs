//! The entrance to the pool, for what users and peers submit.

use super::Limits;
use async_trait::async_trait;
use sc_transaction_pool::{ChainApi, ForkAwareTxPool, ValidateTransactionPriority};
use sc_transaction_pool_api::{
	BlockHash, ChainEvent, ImportNotificationStream, MaintainedTransactionPool, PoolStatus,
	ReadyTransactions, TransactionFor, TransactionPool, TransactionSource,
	TransactionStatusStreamFor, TxHash, TxInvalidityReportMap, error::Error,
};
use sp_runtime::{
	traits::Block as BlockT,
	transaction_validity::{TransactionPriority, TransactionValidityError},
};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// The priority that the runtime gives to revocations, and to other calls that protect a person.
const URGENT: TransactionPriority = TransactionPriority::MAX;

/// The number of submissions that are checked at once. The view of the next block waits for these.
const AT_ONCE: u32 = 64;

/// The pool behind this door.
type Inner<A> = ForkAwareTxPool<A, <A as ChainApi>::Block>;

/// The transactions for which the pool has room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
	/// Room for every transaction.
	All,
	/// Room for the next one of each account, and for revocations.
	Next,
	/// Room for revocations only.
	Revocations,
}

/// Refuses what a full pool has no room for. Revocations have room of their own, so they push out no
/// transaction that was accepted.
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
	/// One for each submission, and all for the view of a new block.
	turns: Semaphore,
}

impl<A> Door<A>
where
	A: ChainApi + 'static,
	<A::Block as BlockT>::Hash: Unpin,
{
	/// The entrance to this pool, which was made with the same limits.
	pub fn new(pool: Arc<Inner<A>>, limits: Limits) -> Self {
		Self { pool, limits, turns: Semaphore::new(AT_ONCE as usize) }
	}

	/// The room that is left. Transactions that wait for others of their account have room of their own. If they counted
	/// with the rest, a pool full of them could not take those that they wait for.
	fn room(&self) -> Room {
		let PoolStatus { ready, ready_bytes, future, future_bytes } = self.pool.status();
		let Limits { transactions, bytes, .. } = self.limits;
		if ready >= transactions || ready_bytes >= bytes {
			Room::Revocations
		} else if future >= transactions || future_bytes >= bytes {
			Room::Next
		} else {
			Room::All
		}
	}

	/// Fails if the pool has no room for the transaction.
	async fn admit(
		&self,
		at: BlockHash<Inner<A>>,
		source: TransactionSource,
		transaction: &TransactionFor<Inner<A>>,
	) -> Result<(), A::Error> {
		let room = self.room();
		// The pool has its own answer to what it holds already.
		let is_known = || self.pool.ready_transaction(&self.pool.hash_of(transaction)).is_some();
		if room == Room::All || is_known() {
			return Ok(());
		}
		let validity = self.pool.api().validate_transaction(
			at,
			source,
			Arc::new(transaction.clone()),
			ValidateTransactionPriority::Submitted,
		);
		let refusal = match validity.await? {
			Ok(valid) if valid.priority == URGENT => return Ok(()),
			Ok(valid) if room == Room::Next && valid.requires.is_empty() => return Ok(()),
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
		// There is no error: the turns never end.
		let _turn = self.turns.acquire().await;
		self.admit(at, source, &transaction).await?;
		self.pool.submit_one(at, source, transaction).await
	}

	async fn submit_and_watch(
		&self,
		at: BlockHash<Self>,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, A::Error> {
		let _turn = self.turns.acquire().await;
		self.admit(at, source, &transaction).await?;
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
		self.pool.report_invalid(at, errors).await
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
		let _turns = self.turns.acquire_many(AT_ONCE).await;
		self.pool.maintain(event).await;
	}
}
