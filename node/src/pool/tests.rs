//! What the pool does under load. The tests of what the SDK's pool does without this module show that it
//! is still needed.

#![allow(clippy::unwrap_used)]

use super::{
	Door, Limits, Validation,
	mock::{Chain, WINDOW, of_staff, pool, room_for, transaction},
	validation::in_background,
};
use futures::{
	channel::oneshot,
	executor::block_on,
	future::{Either, FutureExt, join, join_all, select},
};
use futures_timer::Delay;
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_transaction_pool::{
	ChainApi, ForkAwareTxPool, Options, PoolLimit, ValidateTransactionPriority,
};
use sc_transaction_pool_api::{
	ChainEvent, MaintainedTransactionPool, TransactionPool, TransactionSource::External,
	error::Error,
};
use sp_runtime::{OpaqueExtrinsic, transaction_validity::InvalidTransaction};
use std::{
	sync::{Arc, mpsc},
	time::{Duration, Instant},
};

/// An ordinary priority, and that of revocations.
const ORDINARY: u64 = 3;
const URGENT: u64 = u64::MAX;

fn asking(chain: &Chain) -> Validation<Chain> {
	Validation::new(chain.clone(), chain.best())
}

/// The limits that the SDK derives from its defaults.
fn of_the_sdk() -> Options {
	let Limits { transactions: count, bytes: total_bytes, .. } = Limits::default();
	Options {
		ready: PoolLimit { count, total_bytes },
		future: PoolLimit { count: count / 10, total_bytes: total_bytes / 10 },
		reject_future_transactions: false,
		ban_time: Duration::from_secs(60),
	}
}

/// Submits ten transactions of each of a hundred accounts, each account's first one last. All are accepted. The number
/// of those that can get into a block in the end.
fn ready_of_a_thousand(options: Options) -> usize {
	let chain = Chain::of(1);
	let at = chain.hash(0);
	let pool = pool(asking(&chain), at, options);
	block_on(async {
		for nonce in (1..10).chain([0]) {
			for account in 0..100 {
				let one = transaction(account, nonce, ORDINARY);
				pool.submit_one(at, External, one).await.unwrap();
			}
		}
	});
	pool.status().ready
}

#[test]
fn transactions_that_wait_for_others_of_their_account_are_not_dropped() {
	assert_eq!(ready_of_a_thousand(Limits::default().options()), 1_000);
}

#[test]
fn sdks_limits_drop_what_was_accepted() {
	assert!(ready_of_a_thousand(of_the_sdk()) < 1_000);
}

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

#[test]
fn best_block_without_a_state_is_not_asked_twice() {
	let chain = Chain::of(2);
	let best = chain.hash(1);
	chain.state().gone.insert(best);
	let one = Arc::new(transaction(1, 0, ORDINARY));
	assert!(asking(&chain).validate_transaction_blocking(best, External, one).is_err());
	assert_eq!(chain.state().asked, 1);
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

/// A transaction is refused because too many of its account wait, and then another block comes.
fn submitted_again(limits: Limits) -> Result<Hash, Error> {
	let chain = Chain::of(1);
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let early = || transaction(1, WINDOW, ORDINARY);
	block_on(async {
		let refused = pool.submit_one(chain.hash(0), External, early()).await.unwrap_err();
		assert!(matches!(refused, Error::InvalidTransaction(InvalidTransaction::Future)));
		chain.state().moved = 1;
		let hash = chain.grow();
		pool.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }).await;
		pool.submit_one(hash, External, early()).await
	})
}

#[test]
fn refused_transaction_may_come_again_after_the_next_block() {
	submitted_again(Limits::default()).unwrap();
	let banned = Limits { ban: Duration::from_secs(60), ..Limits::default() };
	assert!(matches!(submitted_again(banned), Err(Error::TemporarilyBanned)));
}

/// The pool behind the door.
type Inner = ForkAwareTxPool<Validation<Chain>, Block>;

/// A full pool with room for ten, and its door.
fn full() -> (Chain, Arc<Inner>, Door<Validation<Chain>>) {
	let (chain, limits) = (Chain::of(1), room_for(10));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	for account in 0..10 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
	(chain, pool, door)
}

fn submit(
	chain: &Chain,
	door: &Door<Validation<Chain>>,
	one: OpaqueExtrinsic,
) -> Result<Hash, Error> {
	block_on(door.submit_one(chain.hash(0), External, one))
}

#[test]
fn full_pool_refuses_new_transactions_and_keeps_those_that_it_accepted() {
	let (chain, pool, door) = full();
	for account in 10..20 {
		let refused = submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap_err();
		assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
	}
	let watched = transaction(20, 0, ORDINARY);
	let refused = block_on(door.submit_and_watch(chain.hash(0), External, watched));
	assert!(matches!(refused.map(drop), Err(Error::ImmediatelyDropped)));
	assert_eq!(pool.status().ready, 10);
}

#[test]
fn full_pool_takes_revocations_and_drops_nothing_for_them() {
	let (chain, pool, door) = full();
	for account in 10..20 {
		submit(&chain, &door, transaction(account, 0, URGENT)).unwrap();
	}
	assert_eq!(pool.status().ready, 20);
	// An account's revocation takes the place of its own pending transaction.
	submit(&chain, &door, transaction(0, 0, URGENT)).unwrap();
	assert_eq!(pool.status().ready, 20);
}

#[test]
fn full_pool_says_what_is_wrong_with_a_transaction() {
	let (chain, _, door) = full();
	let known = submit(&chain, &door, transaction(0, 0, ORDINARY)).unwrap_err();
	assert!(matches!(known, Error::AlreadyImported(_)), "{known}");
	let early = submit(&chain, &door, transaction(10, WINDOW, ORDINARY)).unwrap_err();
	let expected = matches!(early, Error::InvalidTransaction(InvalidTransaction::Future));
	assert!(expected, "{early}");
}

#[test]
fn pool_full_of_waiting_successors_takes_what_they_wait_for() {
	let (chain, limits) = (Chain::of(1), room_for(10));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	for account in 0..10 {
		submit(&chain, &door, transaction(account, 1, ORDINARY)).unwrap();
	}
	let refused = submit(&chain, &door, transaction(10, 1, ORDINARY)).unwrap_err();
	assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
	for account in 0..5 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
	assert_eq!((pool.status().ready, pool.status().future), (10, 5));
}

#[test]
fn pool_is_full_of_bytes_too() {
	let chain = Chain::of(1);
	let limits = Limits { bytes: 1, ..Limits::default() };
	let pool = pool(asking(&chain), chain.hash(0), room_for(10).options());
	let door = Door::new(pool, limits);
	submit(&chain, &door, transaction(0, 0, ORDINARY)).unwrap();
	let refused = submit(&chain, &door, transaction(1, 0, ORDINARY)).unwrap_err();
	assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
}

/// The number of a hospital's accounts, of twenty, whose transaction gets in: each with this nonce, and so many bytes.
fn taken(
	chain: &Chain,
	door: &Door<Validation<Chain>>,
	hospital: u32,
	nonce: u32,
	bytes: usize,
) -> usize {
	let accounts = 100 * hospital..100 * hospital + 20;
	let submitted =
		accounts.map(|account| submit(chain, door, of_staff(hospital, account, nonce, bytes)));
	submitted.filter(Result::is_ok).count()
}

/// Forty accounts of one hospital filled the pool, and people's transactions were refused.
#[test]
fn one_hospitals_staff_leave_room_for_others() {
	let (chain, limits) = (Chain::of(1), room_for(16));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	assert_eq!(taken(&chain, &door, 1, 0, 0), 8, "half of the room");
	assert_eq!(taken(&chain, &door, 2, 0, 0), 2, "then an eighth of it");
	for account in 0..6 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
	assert_eq!(pool.status().ready, 16);
	// A revocation of theirs gets in, too.
	submit(&chain, &door, transaction(119, 0, URGENT)).unwrap();
}

#[test]
fn one_hospitals_staff_leave_room_for_others_bytes() {
	let chain = Chain::of(1);
	let limits = Limits { bytes: 16_000, ..Limits::default() };
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool, limits);
	assert_eq!(taken(&chain, &door, 1, 0, 1_000), 7);
	assert_eq!(taken(&chain, &door, 2, 0, 900), 2);
	for account in 0..100 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
}

/// What waits for others becomes ready together with the first of them.
#[test]
fn one_hospitals_waiting_successors_leave_room_for_others() {
	let (chain, limits) = (Chain::of(1), room_for(16));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	assert_eq!(taken(&chain, &door, 1, 1, 0), 8);
	submit(&chain, &door, transaction(0, 1, ORDINARY)).unwrap();
	// What they wait for gets in, and then it is as above.
	let accounts = 100..120;
	let firsts = accounts.map(|account| submit(&chain, &door, of_staff(1, account, 0, 0)));
	assert_eq!(firsts.filter(Result::is_ok).count(), 4);
	assert_eq!(pool.status().ready, 8);
	submit(&chain, &door, transaction(1, 0, ORDINARY)).unwrap();
}

/// A peer sends many at once. Each made ready what waited for it, before the pool had counted any, and the pool was full.
#[test]
fn one_hospitals_successors_leave_room_for_others_when_all_they_wait_for_comes_at_once() {
	let (chain, limits) = (Chain::of(1), room_for(16));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	assert_eq!(taken(&chain, &door, 1, 1, 0), 8);
	let (open, gate) = oneshot::channel();
	// The door asks first, and then the pool.
	chain.state().gate_of_known = Some(gate.shared());
	let at = chain.hash(0);
	let first = |account| door.submit_one(at, External, of_staff(1, account, 0, 0));
	let opens = async { open.send(()).unwrap() };
	let (firsts, ()) = block_on(join(join_all((100..108).map(first)), opens));
	assert_eq!(firsts.iter().filter(|one| one.is_ok()).count(), 1);
	assert_eq!(pool.status().ready, 2);
	// One after another, they get in, until half of the room is taken.
	let others = (101..108).map(|account| submit(&chain, &door, of_staff(1, account, 0, 0)));
	assert_eq!(others.filter(Result::is_ok).count(), 3);
	assert_eq!(pool.status().ready, 8);
}

#[test]
fn blocks_that_are_not_final_take_no_room_of_what_waits() {
	let (chain, limits) = (Chain::of(1), room_for(10));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	for block in 0..10 {
		let all: Vec<_> =
			(0..10).map(|account| transaction(10 * block + account, 0, ORDINARY)).collect();
		for one in all.clone() {
			submit(&chain, &door, one).unwrap();
		}
		let hash = chain.grow_with(all);
		block_on(door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }));
		assert_eq!(pool.status().ready, 0);
	}
	// Until they are final: another fork may need them.
	assert_eq!(block_on(pool.mempool_len()), (100, 0));
}

#[test]
fn submissions_wait_until_the_next_block_has_its_view() {
	let (chain, limits) = (Chain::of(1), room_for(10));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	let hash = chain.grow();
	let (open, gate) = oneshot::channel();
	chain.state().gate = Some(gate);
	let maintains = door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None });
	// It waits for another one of its account.
	let submits = door.submit_one(hash, External, transaction(1, 1, ORDINARY));
	let waits = async {
		match select(submits, Delay::new(Duration::from_millis(50))).await {
			Either::Left(_) => panic!("the last block's view alone has it"),
			Either::Right(((), submits)) => {
				open.send(()).unwrap();
				submits.await.unwrap();
			},
		}
	};
	block_on(join(maintains, waits));
	assert_eq!(pool.futures_at(hash).unwrap().len(), 1);
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
	assert!(took_in_background(50, false) >= Duration::from_millis(500));
	// All that waits: the view of the next block waits for that.
	assert!(took_in_background(1_000, true) < Duration::from_secs(5));
	assert!(block_on(took(&asking(&chain), at, 1_000, false)) < Duration::from_secs(5));
}
