//! The count of transactions that this node refused at submission. The chain knows nothing of these, so
//! the node counts them where users submit them: at the pool behind JSON-RPC.

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

/// A wrapper of the pool that counts refusals.
pub struct CountingPool<P> {
	pool: Arc<P>,
	figures: Figures,
}

impl<P: TransactionPool> CountingPool<P> {
	/// Wraps the pool.
	pub fn new(pool: Arc<P>, figures: Figures) -> Self {
		// The counters start at 0, so that monitoring sees the first refusal of each kind.
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

/// The account's allowance is too small now.
const ALLOWANCE: &str = "allowance";
/// The account may not make this call, or the registration would fail.
const CALL: &str = "call";
/// The nonce is used already, be it by a transaction that waits, or too far ahead.
const NONCE: &str = "nonce";
/// The signature, era or genesis does not fit.
const BAD_PROOF: &str = "bad-proof";
/// The pool has the transaction already, or refused it since the last block.
const AGAIN: &str = "again";
/// The pool has room for revocations only, or a hospital's staff, or newcomers, have had their part of it.
const FULL: &str = "full";
/// Any other reason.
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
		Error::TooLowPriority { .. } => NONCE,
		Error::ImmediatelyDropped => FULL,
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
