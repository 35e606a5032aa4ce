//! How the pool asks the runtime whether a transaction is valid.

use async_trait::async_trait;
use futures::future::BoxFuture;
use futures_timer::Delay;
use sc_transaction_pool::{ChainApi, ValidateTransactionPriority};
use sc_transaction_pool_api::InPoolTransaction;
use sp_blockchain::TreeRoute;
use sp_core::traits::SpawnEssentialNamed;
use sp_runtime::{
	SaturatedConversion,
	generic::BlockId,
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidity, ValidTransaction,
	},
};
use std::{
	collections::VecDeque,
	sync::{
		Arc, Mutex, MutexGuard, OnceLock, PoisonError,
		atomic::{AtomicBool, Ordering},
	},
	time::Duration,
};

/// The time between two validations of transactions that a view holds already. With more of them, the
/// pool takes all the time that a machine has left, and ever more the more transactions wait. The block's
/// author finds what has become invalid, too.
const PAUSE: Duration = Duration::from_millis(50);

/// The same after one that has become invalid. After an upgrade of the chain, all that was signed before has. Until it is
/// gone, it keeps the room, and the nonces, of what is signed again. A view finds each once, and then no longer has it.
const SHORT_PAUSE: Duration = Duration::from_millis(1);

/// The number of answers about new transactions that are kept. The door has 64 of them under way, each asked about for the
/// door and for the tip of each fork.
const KEPT: usize = 512;

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
/// one asks the best block instead. For a moment, the best block may itself be on the fork that has just lost: the database
/// drops states before it names another best block. Then it asks the last final one, whose state the database keeps.
///
/// The pool also asks the last final block whether all that waits is still valid. There, an account has more waiting than at
/// the best block, and its allowance may not suffice for that much. What that block refuses, the best one is asked about, too.
/// What is ready in the view of the best block needs no such question: blocks take it from there, or refuse it.
///
/// A block's state never changes, so a new transaction that both the door and the pool ask about is validated once.
pub struct Validation<A: ChainApi> {
	inner: A,
	tips: Box<dyn Fn() -> Tips<HashOf<A>> + Send + Sync>,
	ready: OnceLock<Ready<HashOf<A>>>,
	answers: Mutex<VecDeque<Answer<HashOf<A>>>>,
	is_pausing: AtomicBool,
	/// Whether the last transaction that was validated again has become invalid.
	was_invalid: AtomicBool,
}

/// Tells by its hash what the view of the best block keeps of a transaction that it has ready. Its longevity is the number of
/// the last block in which it is valid.
type Ready<H> = Box<dyn Fn(&H) -> Option<ValidTransaction> + Send + Sync>;

/// The blocks that are asked when another one gives no answer.
#[derive(Clone, Copy, Debug)]
pub struct Tips<H> {
	/// The best block.
	pub best: H,
	/// The last final one.
	pub last_final: H,
}

/// What a block says of a valid new transaction.
struct Answer<H> {
	at: H,
	transaction: H,
	source: TransactionSource,
	valid: ValidTransaction,
}

impl<A: ChainApi> Validation<A> {
	/// Asks this chain. `tips` are its tips at any time.
	pub fn new(inner: A, tips: Box<dyn Fn() -> Tips<HashOf<A>> + Send + Sync>) -> Self {
		Self {
			inner,
			tips,
			ready: OnceLock::new(),
			answers: Mutex::default(),
			is_pausing: AtomicBool::new(false),
			was_invalid: AtomicBool::new(false),
		}
	}

	/// Learns what is ready from the pool, which is made later. Only the first teacher counts.
	pub fn learn<T: InPoolTransaction + 'static>(
		&self,
		ready: impl Fn(&HashOf<A>) -> Option<Arc<T>> + Send + Sync + 'static,
	) {
		let kept = move |hash: &HashOf<A>| {
			ready(hash).map(|one| ValidTransaction {
				priority: *one.priority(),
				requires: one.requires().to_vec(),
				provides: one.provides().to_vec(),
				longevity: *one.longevity(),
				propagate: one.is_propagable(),
			})
		};
		// It fails if it has been taught already.
		let _ = self.ready.set(Box::new(kept));
	}

	/// Waits for a while, and tells whether it did. A view is validated one transaction after the other. All that waits is
	/// validated at once, and only the first of those is held up: the view of the next block waits for the last.
	async fn pause(&self) -> bool {
		if self.is_pausing.swap(true, Ordering::Relaxed) {
			return false;
		}
		// The next block cancels the validation of a view.
		let _pausing = Pausing(&self.is_pausing);
		Delay::new(self.next_pause()).await;
		true
	}

	/// The duration of the next pause.
	fn next_pause(&self) -> Duration {
		match self.was_invalid.load(Ordering::Relaxed) {
			true => SHORT_PAUSE,
			false => PAUSE,
		}
	}

	/// What the view of the best block keeps of a transaction that it has ready, for a block that is final, or lost against
	/// one that is.
	fn known_at(&self, at: HashOf<A>, transaction: &ExtrinsicOf<A>) -> Option<ValidTransaction> {
		let number = |hash| self.inner.block_id_to_number(&BlockId::Hash(hash)).ok().flatten();
		let (at, last_final) = (number(at)?, number((self.tips)().last_final)?);
		if at > last_final {
			return None;
		}
		let (ready, hash) = (self.ready.get()?, self.inner.hash_and_length(transaction).0);
		let known = ready(&hash)?;
		let longevity = known.longevity.saturating_sub(at.saturated_into::<u64>());
		Some(ValidTransaction { longevity, ..known })
	}

	/// Asks a block, and others if it gives no answer that decides. About what waits already, a refusal doesn't.
	async fn ask(
		&self,
		at: HashOf<A>,
		source: TransactionSource,
		transaction: Arc<ExtrinsicOf<A>>,
		priority: ValidateTransactionPriority,
		is_again: bool,
	) -> Result<TransactionValidity, A::Error> {
		let inner = &self.inner;
		let mut answer =
			inner.validate_transaction(at, source, transaction.clone(), priority).await;
		let decides = match &answer {
			Ok(Ok(_)) => true,
			Ok(Err(_)) => !is_again,
			Err(_) => false,
		};
		if decides {
			return answer;
		}
		let Tips { best, last_final } = (self.tips)();
		if best != at {
			answer = inner.validate_transaction(best, source, transaction.clone(), priority).await;
		}
		if answer.is_err() && last_final != at && last_final != best {
			answer = inner.validate_transaction(last_final, source, transaction, priority).await;
		}
		answer
	}

	fn answers(&self) -> MutexGuard<'_, VecDeque<Answer<HashOf<A>>>> {
		// No change of them can panic halfway.
		self.answers.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// The answer that this block gave about the transaction.
	fn answered(
		&self,
		at: HashOf<A>,
		source: TransactionSource,
		transaction: HashOf<A>,
	) -> Option<ValidTransaction> {
		let is_it = |answer: &&Answer<HashOf<A>>| {
			answer.transaction == transaction && answer.at == at && answer.source == source
		};
		self.answers().iter().rev().find(is_it).map(|answer| answer.valid.clone())
	}

	/// Keeps an answer for the next one who asks.
	fn keep(&self, answer: Answer<HashOf<A>>) {
		let mut answers = self.answers();
		if answers.len() >= KEPT {
			answers.pop_front();
		}
		answers.push_back(answer);
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
		let is_new = priority == ValidateTransactionPriority::Submitted;
		let is_again = !is_new && IN_BACKGROUND.try_with(|()| ()).is_ok();
		if is_again {
			// Usually it is one of all that are validated at once, after blocks became final. But a transaction that has just
			// taken another one's place pauses, too. Then it may be from a view, which keeps what it is told.
			let known = match self.pause().await {
				true => None,
				false => self.known_at(at, &transaction),
			};
			if let Some(known) = known {
				return Ok(Ok(known));
			}
			let answer = self.ask(at, source, transaction, priority, true).await;
			self.was_invalid.store(matches!(answer, Ok(Err(_))), Ordering::Relaxed);
			// Without an answer, the pool would drop what it has accepted. After this one, it asks again later.
			return answer.or_else(|_| Ok(Err(InvalidTransaction::Future.into())));
		}
		if !is_new {
			return self.ask(at, source, transaction, priority, false).await;
		}
		let hash = self.inner.hash_and_length(&transaction).0;
		if let Some(valid) = self.answered(at, source, hash) {
			return Ok(Ok(valid));
		}
		let answer = self.ask(at, source, transaction, priority, false).await;
		if let Ok(Ok(valid)) = &answer {
			self.keep(Answer { at, transaction: hash, source, valid: valid.clone() });
		}
		answer
	}

	fn validate_transaction_blocking(
		&self,
		at: HashOf<A>,
		source: TransactionSource,
		transaction: Arc<ExtrinsicOf<A>>,
	) -> Result<TransactionValidity, A::Error> {
		let ask = |at| self.inner.validate_transaction_blocking(at, source, transaction.clone());
		let mut answer = ask(at);
		let Tips { best, last_final } = (self.tips)();
		if answer.is_err() && best != at {
			answer = ask(best);
		}
		if answer.is_err() && last_final != at && last_final != best {
			answer = ask(last_final);
		}
		answer
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
