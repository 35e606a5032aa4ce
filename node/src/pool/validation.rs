//! How the pool asks the runtime whether a transaction is valid.

use async_trait::async_trait;
use futures::future::BoxFuture;
use futures_timer::Delay;
use sc_transaction_pool::{ChainApi, ValidateTransactionPriority};
use sp_blockchain::TreeRoute;
use sp_core::traits::SpawnEssentialNamed;
use sp_runtime::{
	generic::BlockId,
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
};
use std::{
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
	time::Duration,
};

/// The time between two validations of transactions that a view holds already. With more of them, the
/// pool takes all the time that a machine has left, and ever more the more transactions wait. The block's
/// author finds what has become invalid, and so does the pool, which looks at all that waits every ten
/// final blocks.
const PAUSE: Duration = Duration::from_millis(10);

tokio::task_local! {
	/// Set within the pool's background task, which validates transactions again.
	static IN_BACKGROUND: ();
}

/// The hash of a block.
type HashOf<A> = <<A as ChainApi>::Block as BlockT>::Hash;
/// A transaction.
type ExtrinsicOf<A> = <<A as ChainApi>::Block as BlockT>::Extrinsic;

/// The chain, for the pool.
///
/// The pool keeps views at the tips of forks until the fork's height is final. The database drops a
/// fork's state as soon as another block of its height is final. The SDK's pool takes the missing state
/// for an invalid transaction: it answers "State already discarded", and bans what it had accepted. This
/// one asks the best block instead.
///
/// The pool also asks the last final block whether all that waits is still valid. There, an account has more waiting than at
/// the best block, and its allowance may not suffice for that much. What that block refuses, the best one is asked about, too.
pub struct Validation<A: ChainApi> {
	inner: A,
	best: Box<dyn Fn() -> HashOf<A> + Send + Sync>,
	is_pausing: AtomicBool,
}

impl<A: ChainApi> Validation<A> {
	/// Asks this chain. `best` is its best block.
	pub fn new(inner: A, best: Box<dyn Fn() -> HashOf<A> + Send + Sync>) -> Self {
		Self { inner, best, is_pausing: AtomicBool::new(false) }
	}

	/// The block to ask instead of one that gave no answer.
	fn other_than(&self, at: HashOf<A>) -> Option<HashOf<A>> {
		Some((self.best)()).filter(|best| *best != at)
	}

	/// Waits for a while. A view is validated one transaction after the other. All that waits is validated
	/// at once, and only the first of those is held up: the view of the next block waits for the last.
	async fn pause(&self) {
		if self.is_pausing.swap(true, Ordering::Relaxed) {
			return;
		}
		// The next block cancels the validation of a view.
		let _pausing = Pausing(&self.is_pausing);
		Delay::new(PAUSE).await;
	}
}

/// Ends a pause when it is dropped.
struct Pausing<'flag>(&'flag AtomicBool);

impl Drop for Pausing<'_> {
	fn drop(&mut self) {
		self.0.store(false, Ordering::Relaxed);
	}
}

#[async_trait]
impl<A: ChainApi> ChainApi for Validation<A> {
	type Block = A::Block;
	type Error = A::Error;

	async fn validate_transaction(
		&self,
		at: HashOf<A>,
		source: TransactionSource,
		transaction: Arc<ExtrinsicOf<A>>,
		priority: ValidateTransactionPriority,
	) -> Result<TransactionValidity, A::Error> {
		let is_again = priority == ValidateTransactionPriority::Maintained
			&& IN_BACKGROUND.try_with(|()| ()).is_ok();
		if is_again {
			self.pause().await;
		}
		let answer =
			self.inner.validate_transaction(at, source, transaction.clone(), priority).await;
		let decides = match &answer {
			Ok(Ok(_)) => true,
			Ok(Err(_)) => !is_again,
			Err(_) => false,
		};
		match self.other_than(at) {
			Some(best) if !decides => {
				self.inner.validate_transaction(best, source, transaction, priority).await
			},
			_ => answer,
		}
	}

	fn validate_transaction_blocking(
		&self,
		at: HashOf<A>,
		source: TransactionSource,
		transaction: Arc<ExtrinsicOf<A>>,
	) -> Result<TransactionValidity, A::Error> {
		let answer = self.inner.validate_transaction_blocking(at, source, transaction.clone());
		match (answer, self.other_than(at)) {
			(Err(_), Some(best)) => {
				self.inner.validate_transaction_blocking(best, source, transaction)
			},
			(answer, _) => answer,
		}
	}

	fn block_id_to_number(
		&self,
		at: &BlockId<A::Block>,
	) -> Result<Option<NumberFor<A::Block>>, A::Error> {
		self.inner.block_id_to_number(at)
	}

	fn block_id_to_hash(&self, at: &BlockId<A::Block>) -> Result<Option<HashOf<A>>, A::Error> {
		self.inner.block_id_to_hash(at)
	}

	fn hash_and_length(&self, transaction: &ExtrinsicOf<A>) -> (HashOf<A>, usize) {
		self.inner.hash_and_length(transaction)
	}

	async fn block_body(&self, at: HashOf<A>) -> Result<Option<Vec<ExtrinsicOf<A>>>, A::Error> {
		self.inner.block_body(at).await
	}

	fn block_header(
		&self,
		at: HashOf<A>,
	) -> Result<Option<<A::Block as BlockT>::Header>, A::Error> {
		self.inner.block_header(at)
	}

	fn tree_route(&self, from: HashOf<A>, to: HashOf<A>) -> Result<TreeRoute<A::Block>, A::Error> {
		self.inner.tree_route(from, to)
	}
}

/// A spawner that marks the pool's background task.
#[derive(Clone)]
pub struct Background<S>(pub S);

impl<S: SpawnEssentialNamed + Clone> SpawnEssentialNamed for Background<S> {
	fn spawn_essential_blocking(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.0.spawn_essential_blocking(name, group, task);
	}

	fn spawn_essential(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.0.spawn_essential(name, group, in_background(task));
	}
}

/// The task, marked as the pool's background task.
pub(super) fn in_background(task: BoxFuture<'static, ()>) -> BoxFuture<'static, ()> {
	Box::pin(IN_BACKGROUND.scope((), task))
}
