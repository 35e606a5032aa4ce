//! What the pool does under load. The tests of what the SDK's pool does without this module show that it
//! is still needed.

#![allow(clippy::unwrap_used)]

mod validation;

use super::{
	Door, Gossip, Limits, Validation,
	door::Kinds,
	mock::{Chain, WINDOW, of_staff, pool, room_for, transaction},
};
use futures::{
	channel::oneshot,
	executor::block_on,
	future::{Either, FutureExt, join, join_all, join3, join4, select},
};
use futures_timer::Delay;
use medblock_runtime::{Hash, OpaqueBlock as Block};
use sc_transaction_pool::{ChainApi, ForkAwareTxPool, Options, PoolLimit};
use sc_transaction_pool_api::{
	ChainEvent, MaintainedTransactionPool, TransactionPool, TransactionSource::External,
	error::Error,
};
use sp_runtime::{OpaqueExtrinsic, transaction_validity::InvalidTransaction};
use std::{
	sync::{Arc, Mutex},
	time::Duration,
};

/// An ordinary priority, and that of revocations.
const ORDINARY: u64 = 3;
const URGENT: u64 = u64::MAX;

fn asking(chain: &Chain) -> Validation<Chain> {
	Validation::new(chain.clone(), chain.tips())
}

/// The limits that the SDK derives from its defaults.
fn of_the_sdk() -> Options {
	let (count, total_bytes) = (8_192, 20 * 1024 * 1024);
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

#[test]
fn transaction_is_validated_once_for_the_door_and_the_pool() {
	let (chain, limits) = (Chain::of(1), room_for(10));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool, limits);
	// The door asks about those for which half of the room is left.
	for account in 0..10 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
	assert_eq!(chain.state().asked, 10);
	// Another block may say something else.
	let (hash, again) = (chain.grow(), transaction(0, 1, URGENT));
	block_on(door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }));
	let before = chain.state().asked;
	block_on(door.submit_one(chain.hash(0), External, again)).unwrap();
	assert!(chain.state().asked >= before + 2);
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
	door: &Door<impl ChainApi<Block = Block, Error = Error> + 'static>,
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

/// In a small pool, those that came at once pushed each other out, although the pool had accepted them all.
#[test]
fn what_comes_at_once_finds_the_last_place_and_is_kept() {
	let (chain, limits) = (Chain::of(1), room_for(1));
	// Both ask the chain: no answer is kept.
	let pool = pool(chain.clone(), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	let (open, gate) = oneshot::channel();
	// The door asks first, and then the pool.
	chain.state().gate_of_known = Some(gate.shared());
	let at = chain.hash(0);
	let comes = |account| door.submit_one(at, External, transaction(account, 0, ORDINARY));
	let opens = async { open.send(()).unwrap() };
	let (all, ()) = block_on(join(join_all((0..20).map(comes)), opens));
	assert!(all.iter().all(Result::is_ok));
	assert_eq!(pool.status().ready, 20);
	let refused = submit(&chain, &door, transaction(20, 0, ORDINARY)).unwrap_err();
	assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
	submit(&chain, &door, transaction(21, 0, URGENT)).unwrap();
	assert_eq!(pool.status().ready, 21);
}

/// The SDK counts a refusal against the peer, unless the pool has the transaction already.
#[test]
fn peer_is_not_blamed_for_what_a_full_pool_refuses() {
	let (chain, pool, door) = full();
	let gossip = Gossip(Arc::new(door));
	let offers = |one| block_on(gossip.submit_one(chain.hash(0), External, one));
	let early = transaction(10, WINDOW, ORDINARY);
	for one in [transaction(0, 0, ORDINARY), transaction(11, 0, ORDINARY), early] {
		let refused = offers(one).unwrap_err();
		assert!(matches!(refused, Error::AlreadyImported(_)), "{refused}");
	}
	assert_eq!(pool.status().ready, 10);
	offers(transaction(12, 0, URGENT)).unwrap();
	assert_eq!(pool.status().ready, 11);
}

/// The number of a hospital's accounts, of twenty, whose transaction gets in: each with this nonce, and so many bytes.
fn taken(
	chain: &Chain,
	door: &Door<impl ChainApi<Block = Block, Error = Error> + 'static>,
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

/// What the door has counted holds until the next block.
#[test]
fn one_hospitals_staff_have_their_part_again_after_a_block() {
	let (chain, limits) = (Chain::of(1), room_for(16));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool.clone(), limits);
	for account in 0..8 {
		submit(&chain, &door, transaction(account, 0, ORDINARY)).unwrap();
	}
	assert_eq!(taken(&chain, &door, 1, 0, 0), 2, "an eighth");
	let body = (100..102).map(|account| of_staff(1, account, 0, 0)).collect();
	let hash = chain.grow_with(body);
	block_on(door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None }));
	assert_eq!(pool.status().ready, 8, "what people sent");
	assert_eq!(taken(&chain, &door, 1, 0, 0), 2);
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
	// Both ask the chain: no answer is kept.
	let pool = pool(chain.clone(), chain.hash(0), limits.options());
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

/// Thousands of submissions may wait, and each costs a validation.
#[test]
fn next_block_waits_for_few_of_the_submissions_before_it() {
	let (chain, limits) = (Chain::of(1), room_for(1_000));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let door = Door::new(pool, limits);
	let (first, second) = (chain.grow(), chain.grow());
	let (open, gate) = oneshot::channel();
	chain.state().gate = Some(gate);
	let done = Mutex::new(Vec::new());
	let maintains = |hash| door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None });
	let submits = (0..300).map(|account| {
		let submits = door.submit_one(first, External, transaction(account, 0, ORDINARY));
		async {
			submits.await.unwrap();
			done.lock().unwrap().push("a submission");
		}
	});
	let next = async {
		maintains(second).await;
		done.lock().unwrap().push("the block");
	};
	// The line forms while the first block is held up.
	let opens = async { open.send(()).unwrap() };
	block_on(join4(maintains(first), join_all(submits), next, opens));
	let done = done.into_inner().unwrap();
	assert_eq!(done.len(), 301);
	assert!(done.iter().position(|one| *one == "the block").unwrap() < 100);
}

/// It would otherwise wait for all of them.
#[test]
fn revocations_pass_by_thousands_of_ordinary_submissions() {
	let (chain, limits) = (Chain::of(1), room_for(1_000));
	let pool = pool(asking(&chain), chain.hash(0), limits.options());
	let revocation = transaction(1_000, 0, URGENT);
	let known = revocation.clone();
	let door = Door::new(pool, limits).knowing(Kinds {
		is_ordinary: Box::new(move |one| *one != known),
		is_certain: Box::new(|| true),
	});
	let hash = chain.grow();
	let (open, gate) = oneshot::channel();
	chain.state().gate = Some(gate);
	let done = Mutex::new(Vec::new());
	let submits = |one| {
		let (door, done) = (&door, &done);
		async move {
			let taken = door.submit_one(hash, External, one).await.unwrap();
			done.lock().unwrap().push(taken);
		}
	};
	let others = (0..300).map(|account| transaction(account, 0, ORDINARY));
	// All stand in line while the view of a block is made, and the revocation comes last.
	let all = others.chain([revocation.clone()]).map(submits);
	let maintains = door.maintain(ChainEvent::NewBestBlock { hash, tree_route: None });
	let opens = async { open.send(()).unwrap() };
	block_on(join3(maintains, join_all(all), opens));
	let done = done.into_inner().unwrap();
	assert_eq!(done.len(), 301);
	let revocation = door.hash_of(&revocation);
	assert!(done.iter().position(|one| *one == revocation).unwrap() < 100);
}

/// A full pool refuses what the node knows to be ordinary, and asks the chain about all else.
#[test]
fn full_pool_refuses_what_is_ordinary_at_no_cost() {
	let (chain, pool, _) = full();
	let is_ordinary = transaction(11, 0, ORDINARY);
	let known = is_ordinary.clone();
	let door = Door::new(pool, room_for(10)).knowing(Kinds {
		is_ordinary: Box::new(move |one| *one == known),
		is_certain: Box::new(|| true),
	});
	let before = chain.state().asked;
	let refused = submit(&chain, &door, is_ordinary).unwrap_err();
	assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
	assert_eq!(chain.state().asked, before);
	let refused = submit(&chain, &door, transaction(12, 0, ORDINARY)).unwrap_err();
	assert!(matches!(refused, Error::ImmediatelyDropped), "{refused}");
	submit(&chain, &door, transaction(13, 0, URGENT)).unwrap();
	assert!(chain.state().asked > before);
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
