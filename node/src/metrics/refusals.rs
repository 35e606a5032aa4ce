//! Transactions that were refused before any block saw them. The chain knows nothing of these, so
//! they are counted where users hand them in: at the pool as JSON-RPC sees it.

use super::figures::Figures;
use async_trait::async_trait;
use sc_transaction_pool_api::{
	BlockHash, ChainEvent, ImportNotificationStream, MaintainedTransactionPool, PoolStatus,
	ReadyTransactions, TransactionFor, TransactionPool, TransactionSource,
	TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
	error::{Error, IntoPoolError},
};
use sp_runtime::transaction_validity::InvalidTransaction;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

/// A pool that counts what it refuses, and is otherwise the one that it stands for.
pub struct CountingPool<P> {
	pool: Arc<P>,
	figures: Figures,
}

impl<P: TransactionPool> CountingPool<P> {
	/// Stands for this pool.
	pub fn new(pool: Arc<P>, figures: Figures) -> Self {
		// Begin at 0, or the first of each would not be seen to come.
		for reason in REASONS {
			figures.refused.with_label_values(&[reason]);
		}
		Self { pool, figures }
	}

	fn counted<T>(&self, result: Result<T, P::Error>) -> Result<T, P::Error> {
		result.map_err(|why| match why.into_pool_error() {
			Ok(why) => {
				self.figures.refused.with_label_values(&[reason(&why)]).inc();
				why.into()
			},
			Err(why) => {
				self.figures.refused.with_label_values(&[OTHER]).inc();
				why
			},
		})
	}
}

/// More than the account may use now.
const ALLOWANCE: &str = "allowance";
/// Nothing that this account may send, or no registration that would succeed.
const CALL: &str = "call";
/// A nonce that was used, or is too far ahead.
const NONCE: &str = "nonce";
/// A signature, era or genesis that does not fit.
const BAD_PROOF: &str = "bad-proof";
/// There already, or refused within the last minute.
const AGAIN: &str = "again";
/// The pool is full of what comes first.
const FULL: &str = "full";
/// Anything else.
const OTHER: &str = "other";

const REASONS: [&str; 7] = [ALLOWANCE, CALL, NONCE, BAD_PROOF, AGAIN, FULL, OTHER];

fn reason(why: &Error) -> &'static str {
	match why {
		Error::InvalidTransaction(why) => match why {
			InvalidTransaction::ExhaustsResources => ALLOWANCE,
			InvalidTransaction::Call => CALL,
			InvalidTransaction::Stale | InvalidTransaction::Future => NONCE,
			InvalidTransaction::BadProof | InvalidTransaction::AncientBirthBlock => BAD_PROOF,
			_ => OTHER,
		},
		Error::AlreadyImported(_) | Error::TemporarilyBanned => AGAIN,
		Error::TooLowPriority { .. } | Error::ImmediatelyDropped => FULL,
		_ => OTHER,
	}
}

#[async_trait]
impl<P: TransactionPool> TransactionPool for CountingPool<P> {
	type Block = P::Block;
	type Hash = P::Hash;
	type InPoolTransaction = P::InPoolTransaction;
	type Error = P::Error;

	async fn submit_at(
		&self,
		at: BlockHash<P>,
		source: TransactionSource,
		transactions: Vec<TransactionFor<P>>,
	) -> Result<Vec<Result<TxHash<P>, P::Error>>, P::Error> {
		let results = self.counted(self.pool.submit_at(at, source, transactions).await)?;
		Ok(results.into_iter().map(|result| self.counted(result)).collect())
	}

	async fn submit_one(
		&self,
		at: BlockHash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<TxHash<P>, P::Error> {
		self.counted(self.pool.submit_one(at, source, transaction).await)
	}

	async fn submit_and_watch(
		&self,
		at: BlockHash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<P>>>, P::Error> {
		self.counted(self.pool.submit_and_watch(at, source, transaction).await)
	}

	async fn ready_at(
		&self,
		at: BlockHash<P>,
	) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.pool.ready_at(at).await
	}

	fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.pool.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<BlockHash<P>>,
		errors: TxInvalidityReportMap<TxHash<P>>,
	) -> Vec<Arc<P::InPoolTransaction>> {
		self.pool.report_invalid(at, errors).await
	}

	fn futures(&self) -> Vec<P::InPoolTransaction> {
		self.pool.futures()
	}

	fn status(&self) -> PoolStatus {
		self.pool.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<P>> {
		self.pool.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<P>, Vec<String>>) {
		self.pool.on_broadcasted(propagations);
	}

	fn hash_of(&self, transaction: &TransactionFor<P>) -> TxHash<P> {
		self.pool.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<P>) -> Option<Arc<P::InPoolTransaction>> {
		self.pool.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(
		&self,
		at: BlockHash<P>,
		timeout: Duration,
	) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.pool.ready_at_with_timeout(at, timeout).await
	}
}

#[async_trait]
impl<P: MaintainedTransactionPool> MaintainedTransactionPool for CountingPool<P> {
	async fn maintain(&self, event: ChainEvent<P::Block>) {
		self.pool.maintain(event).await;
	}
}
