//! The pool, for what peers offer.

use async_trait::async_trait;
use sc_transaction_pool_api::{
	BlockHash, ImportNotificationStream, PoolStatus, ReadyTransactions, TransactionFor,
	TransactionPool, TransactionSource, TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
	error::{Error, IntoPoolError},
};
use sp_runtime::transaction_validity::InvalidTransaction;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

/// The pool, which excuses what an honest peer may offer.
///
/// The SDK counts each refusal against the peer that offered the transaction, unless the pool has it already, and cuts off a
/// peer with too many. Peers offer what they have accepted themselves. They may have had room for it, or another best block.
pub struct Gossip<P>(pub Arc<P>);

/// Whether a transaction that is refused for this reason may have been valid, and welcome, where it was accepted.
fn is_excusable(why: &Error) -> bool {
	matches!(
		why,
		Error::ImmediatelyDropped
			| Error::TemporarilyBanned
			| Error::TooLowPriority { .. }
			| Error::InvalidTransaction(
				InvalidTransaction::AncientBirthBlock
					| InvalidTransaction::ExhaustsResources
					| InvalidTransaction::Future
					| InvalidTransaction::Stale
			)
	)
}

/// The same result. An excusable refusal becomes the one that is not counted against the peer.
fn excused<P: TransactionPool>(
	hash: TxHash<P>,
	result: Result<TxHash<P>, P::Error>,
) -> Result<TxHash<P>, P::Error> {
	let refusal = match result {
		Ok(hash) => return Ok(hash),
		Err(why) => why.into_pool_error()?,
	};
	let refusal = match is_excusable(&refusal) {
		true => Error::AlreadyImported(Box::new(hash)),
		false => refusal,
	};
	Err(refusal.into())
}

#[async_trait]
impl<P: TransactionPool> TransactionPool for Gossip<P> {
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
		let hashes: Vec<_> = transactions.iter().map(|one| self.0.hash_of(one)).collect();
		let results = self.0.submit_at(at, source, transactions).await?;
		let all = hashes.into_iter().zip(results);
		Ok(all.map(|(hash, result)| excused::<P>(hash, result)).collect())
	}

	async fn submit_one(
		&self,
		at: BlockHash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<TxHash<P>, P::Error> {
		let hash = self.0.hash_of(&transaction);
		excused::<P>(hash, self.0.submit_one(at, source, transaction).await)
	}

	async fn submit_and_watch(
		&self,
		at: BlockHash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<P>>>, P::Error> {
		self.0.submit_and_watch(at, source, transaction).await
	}

	async fn ready_at(
		&self,
		at: BlockHash<P>,
	) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.0.ready_at(at).await
	}

	fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.0.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<BlockHash<P>>,
		errors: TxInvalidityReportMap<TxHash<P>>,
	) -> Vec<Arc<P::InPoolTransaction>> {
		self.0.report_invalid(at, errors).await
	}

	fn futures(&self) -> Vec<P::InPoolTransaction> {
		self.0.futures()
	}

	fn status(&self) -> PoolStatus {
		self.0.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<P>> {
		self.0.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<P>, Vec<String>>) {
		self.0.on_broadcasted(propagations);
	}

	fn hash_of(&self, transaction: &TransactionFor<P>) -> TxHash<P> {
		self.0.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<P>) -> Option<Arc<P::InPoolTransaction>> {
		self.0.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(
		&self,
		at: BlockHash<P>,
		timeout: Duration,
	) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
		self.0.ready_at_with_timeout(at, timeout).await
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bad_signatures_and_calls_are_counted_against_a_peer() {
		for why in [InvalidTransaction::BadProof, InvalidTransaction::Call] {
			assert!(!is_excusable(&Error::InvalidTransaction(why)));
		}
		assert!(is_excusable(&Error::InvalidTransaction(InvalidTransaction::Stale)));
		assert!(is_excusable(&Error::ImmediatelyDropped));
	}
}
