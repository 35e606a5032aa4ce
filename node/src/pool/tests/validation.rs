//! What the pool asks the chain, and how often.

use super::{ORDINARY, URGENT, asking};
use crate::pool::{
	Limits, Validation,
	mock::{Chain, pool, transaction},
	validation::in_background,
};
use futures::{
	executor::block_on,
	future::{Either, join, join_all, select},
};
use futures_timer::Delay;
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_transaction_pool::{ChainApi, ValidateTransactionPriority};
use sc_transaction_pool_api::{
	ChainEvent, MaintainedTransactionPool, TransactionPool, TransactionSource::External,
	error::Error,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{
	sync::{Arc, mpsc},
	time::{Duration, Instant},
};

/// Submits a transaction to a pool whose only view is at a block that lost against another one. Its state is gone.
fn submitted_to_a_lost_fork<A: ChainApi<Block = Block> + 'static>(
	chain: &Chain,
	api: A,
) -> Result<Hash, A::Error> {
	let at = chain.hash(1);
	let pool = pool(api, at, Limits::default().options());
	chain.state().gone.insert(at);
	let submitted = block_on(pool.submit_one(at, External, transaction(1, 0, ORDINARY)));
	assert_eq!(pool.status().ready, usize::from(submitted.is_ok()));
	submitted
}

#[test]
fn block_whose_state_is_gone_refuses_no_transaction() {
	let chain = Chain::of(3);
	submitted_to_a_lost_fork(&chain, asking(&chain)).unwrap();
}

#[test]
fn sdks_pool_takes_a_state_that_is_gone_for_a_refusal() {
	let chain = Chain::of(3);
	let refused = submitted_to_a_lost_fork(&chain, chain.clone()).unwrap_err();
	assert!(matches!(refused, Error::InvalidBlockId(_)), "{refused}");
}

/// The database drops the states of a fork that has lost before it names another best block.
#[test]
fn last_final_block_is_asked_when_the_best_one_has_just_lost() {
	let chain = Chain::of(2);
	let best = chain.hash(1);
	chain.state().gone.insert(best);
	let one = || Arc::new(transaction(1, 0, ORDINARY));
	asking(&chain).validate_transaction_blocking(best, External, one()).unwrap().unwrap();
	assert_eq!(chain.state().asked, 2);
	let pool = pool(asking(&chain), best, Limits::default().options());
	block_on(pool.submit_one(best, External, transaction(1, 0, ORDINARY))).unwrap();
}

#[test]
fn no_block_without_a_state_is_asked_twice() {
	let chain = Chain::of(1);
	let only = chain.hash(0);
	chain.state().gone.insert(only);
	let one = Arc::new(transaction(1, 0, ORDINARY));
	assert!(asking(&chain).validate_transaction_blocking(only, External, one).is_err());
	assert_eq!(chain.state().asked, 1);
}

#[test]
fn what_was_accepted_stays_when_no_block_can_be_asked() {
	let chain = Chain::of(1);
	let only = chain.hash(0);
	chain.state().gone.insert(only);
	let (api, (tell, told)) = (asking(&chain), mpsc::channel());
	let task = async move {
		let one = Arc::new(transaction(1, 0, ORDINARY));
		let priority = ValidateTransactionPriority::Maintained;
		tell.send(api.validate_transaction(only, External, one, priority).await).unwrap();
	};
	block_on(in_background(Box::pin(task)));
	// The pool keeps what this is said of.
	let later: TransactionValidityError = InvalidTransaction::Future.into();
	assert_eq!(told.recv().unwrap().unwrap().unwrap_err(), later);
}

/// The number of times that the chain is asked about twenty transactions that wait for a dozen blocks.
fn asked_about_what_waits(is_taught: bool) -> usize {
	let chain = Chain::of(1);
	let pool = pool(asking(&chain), chain.hash(0), Limits::default().options());
	if is_taught {
		let weak = Arc::downgrade(&pool);
		pool.api().learn(move |hash| weak.upgrade().and_then(|pool| pool.ready_transaction(hash)));
	}
	block_on(async {
		for account in 0..20 {
			let one = transaction(account, 0, ORDINARY);
			pool.submit_one(chain.hash(0), External, one).await.unwrap();
		}
		for _ in 0..12 {
			let hash = chain.grow();
			pool.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }).await;
		}
		chain.state().last_final = 12;
		let hash = chain.hash(12);
		pool.maintain(ChainEvent::Finalized { hash, tree_route: Vec::<Hash>::new().into() }).await;
		// The last of these waits until the pool has looked at all that waits.
		for _ in 0..2 {
			let hash = chain.grow();
			pool.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }).await;
		}
	});
	assert_eq!(pool.status().ready, 20);
	chain.state().asked
}

#[test]
fn what_is_ready_is_not_validated_at_final_blocks() {
	assert!(asked_about_what_waits(true) < 30);
	assert!(asked_about_what_waits(false) >= 40);
}

/// A revocation that takes the place of another transaction pauses in the background. A view that is validated meanwhile gets
/// its answers at once, and keeps them: without their tags and priorities, no block would have taken revocations first.
#[test]
fn answer_at_once_is_what_the_pool_knows() {
	let chain = Chain::of(1);
	let at = chain.hash(0);
	let pool = pool(asking(&chain), at, Limits::default().options());
	let weak = Arc::downgrade(&pool);
	pool.api().learn(move |hash| weak.upgrade().and_then(|pool| pool.ready_transaction(hash)));
	let one = transaction(1, 0, URGENT);
	block_on(pool.submit_one(at, External, one.clone())).unwrap();
	let before = chain.state().asked;
	let (tell, told) = mpsc::channel();
	let task = async move {
		let one = Arc::new(one);
		let priority = ValidateTransactionPriority::Maintained;
		let asks = || pool.api().validate_transaction(at, External, one.clone(), priority);
		tell.send(join(asks(), asks()).await).unwrap();
	};
	block_on(in_background(Box::pin(task)));
	let (asked, known) = told.recv().unwrap();
	assert_eq!(chain.state().asked, before + 1, "only the first of them asks the chain");
	assert_eq!(known.unwrap().unwrap(), asked.unwrap().unwrap());
}

#[test]
fn best_block_decides_whether_what_waits_is_still_valid() {
	let chain = Chain::of(2);
	let (last_final, best) = (chain.hash(0), chain.hash(1));
	chain.state().spent.insert(last_final);
	let is_valid = || {
		let (api, (tell, told)) = (asking(&chain), mpsc::channel());
		let task = async move {
			let one = Arc::new(transaction(1, 0, ORDINARY));
			let priority = ValidateTransactionPriority::Maintained;
			let asked = api.validate_transaction(last_final, External, one, priority).await;
			tell.send(asked.unwrap().is_ok()).unwrap();
		};
		block_on(in_background(Box::pin(task)));
		told.recv().unwrap()
	};
	assert!(is_valid());
	chain.state().spent.insert(best);
	assert!(!is_valid());
	// A new transaction is asked about at the block of its view.
	chain.state().spent.remove(&best);
	let pool = pool(asking(&chain), last_final, Limits::default().options());
	let refused = block_on(pool.submit_one(last_final, External, transaction(1, 0, ORDINARY)));
	let expected = Err(InvalidTransaction::ExhaustsResources);
	let refused = refused.map_err(|why| match why {
		Error::InvalidTransaction(why) => why,
		other => panic!("{other}"),
	});
	assert_eq!(refused.map(drop), expected);
}

/// The time in which the pool's maintenance validates a transaction so often.
async fn took(api: &Validation<Chain>, at: Hash, times: u32, together: bool) -> Duration {
	let validate = || async {
		let one = Arc::new(transaction(1, 0, ORDINARY));
		let priority = ValidateTransactionPriority::Maintained;
		api.validate_transaction(at, External, one, priority).await.unwrap().unwrap();
	};
	let started = Instant::now();
	if together {
		join_all((0..times).map(|_| validate())).await;
	} else {
		for _ in 0..times {
			validate().await;
		}
	}
	started.elapsed()
}

/// The same, within the pool's background task.
fn took_in_background(times: u32, together: bool) -> Duration {
	let chain = Chain::of(1);
	let (api, at) = (asking(&chain), chain.hash(0));
	let (tell, told) = mpsc::channel();
	let task = async move {
		// A cancelled validation leaves no pause behind.
		let cancelled = Box::pin(took(&api, at, 1, false));
		drop(select(cancelled, Delay::new(Duration::ZERO)).await);
		tell.send(took(&api, at, times, together).await).unwrap();
	};
	block_on(in_background(Box::pin(task)));
	told.recv().unwrap()
}

#[test]
fn views_are_validated_again_slowly_and_new_blocks_at_once() {
	let chain = Chain::of(1);
	let at = chain.hash(0);
	assert!(took_in_background(10, false) >= Duration::from_millis(500));
	// All that waits: the view of the next block waits for that.
	assert!(took_in_background(1_000, true) < Duration::from_secs(5));
	assert!(block_on(took(&asking(&chain), at, 1_000, false)) < Duration::from_secs(5));
}

/// Validates a transaction again so many times, one after the other, with these answers.
async fn validates_again(chain: &Chain, times: u32, is_valid: bool) {
	let (api, at) = (asking(chain), chain.hash(0));
	for _ in 0..times {
		let one = Arc::new(transaction(1, 0, ORDINARY));
		let priority = ValidateTransactionPriority::Maintained;
		let answer = api.validate_transaction(at, External, one, priority).await.unwrap();
		assert_eq!(answer.is_ok(), is_valid);
	}
}

/// An upgrade outdates all that waits. As long as the pool has it, it refuses what is signed again with the same nonce.
#[test]
fn what_has_become_invalid_is_found_sooner_than_what_is_valid() {
	let (chain, outdated) = (Chain::of(1), Chain::of(1));
	let at = outdated.hash(0);
	outdated.state().spent.insert(at);
	let (tell, told) = mpsc::channel();
	let task = async move {
		let valid = Box::pin(validates_again(&chain, 10, true));
		let invalid = Box::pin(validates_again(&outdated, 20, false));
		let is_sooner = matches!(select(invalid, valid).await, Either::Left(_));
		tell.send(is_sooner).unwrap();
	};
	block_on(in_background(Box::pin(task)));
	assert!(told.recv().unwrap());
}
