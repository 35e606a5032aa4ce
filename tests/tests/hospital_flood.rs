//! A hospital whose staff send all they can is kept to its share of each block. What others send meanwhile gets in.

use frame_support::dispatch::GetDispatchInfo;
use futures::future::join_all;
use medblock_e2e::{Chain, Network, Wallet, eventually, forms, well_known};
use medblock_primitives::{HospitalId, SUITE_X_WING};
use medblock_runtime::{AccountId, Hash, Runtime, RuntimeCall};
use pallet_fair_use::{HospitalUse, HospitalUses, Share};
use sp_core::{Pair, sr25519};
use std::sync::atomic::{AtomicBool, Ordering};

type ConsortiumCall = pallet_consortium::Call<Runtime>;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);
/// The hospital that floods.
const WEST: HospitalId = HospitalId(3);
/// The registrars that it appoints for that: with the one it has, more of theirs waits than a whole block takes.
const APPOINTED: u32 = 8;
/// The blocks that have to be full of the flood.
const FULL: usize = 3;
/// The blocks in which that many have to be full.
const AMONG: u32 = 100;

/// The registrars of the hospital that floods.
pub async fn staff(chain: &Chain) -> Vec<sr25519::Pair> {
	let appointed: Vec<_> =
		(0..APPOINTED).map(|number| well_known(&format!("West/{number}"))).collect();
	let appoint = |key: &sr25519::Pair| -> RuntimeCall {
		ConsortiumCall::appoint_registrar { registrar: AccountId::from(key.public()) }.into()
	};
	chain.send_all(&well_known("Dave"), appointed.iter().map(appoint).collect()).await;
	join_all(appointed.iter().map(|registrar| {
		let (suite, key) = (SUITE_X_WING, forms::public_key());
		let accept = ConsortiumCall::accept_appointment { hospital: WEST, suite, key };
		chain.send(registrar, accept.into())
	}))
	.await;
	appointed.into_iter().chain([well_known("Dave//stash")]).collect()
}

/// Sends large calls until it is over: as many as may wait, and more after each block.
async fn floods(chain: &Chain, key: &sr25519::Pair, is_over: &AtomicBool) {
	let account = AccountId::from(key.public());
	let mut nonce = chain.next_nonce(&account).await;
	while !is_over.load(Ordering::Relaxed) {
		if chain.submit(key, nonce, forms::large()).await.is_ok() {
			nonce += 1;
			continue;
		}
		let number = chain.best().await.number;
		eventually("the next block", || async {
			(chain.best().await.number > number).then_some(())
		})
		.await;
		nonce = chain.next_nonce(&account).await;
	}
}

/// The lengths of the flood's transactions in a block.
async fn flood_in(chain: &Chain, block: Hash) -> Vec<usize> {
	let lengths = chain.transactions(block).await.into_iter().map(|one| one.len());
	lengths.filter(|length| *length > 30_000).collect()
}

/// Whether the flood takes most of its hospital's share of a block: of the bytes, or of the computation.
fn is_full(flood: &[usize]) -> bool {
	let Share { computation, length } = share();
	let microseconds = forms::large().get_dispatch_info().call_weight.ref_time() / 1_000_000;
	let bytes = flood.iter().sum::<usize>() as u64;
	let most = |used: u64, all: u32| 4 * used >= 3 * u64::from(all);
	most(bytes, length) || most(flood.len() as u64 * microseconds, computation)
}

fn share() -> Share {
	<Runtime as pallet_fair_use::Config>::HospitalShare::get()
}

#[tokio::test]
async fn hospital_that_floods_is_kept_to_its_share_and_others_get_in() {
	let network = Network::start().await;
	let mut chains = Vec::new();
	for index in 0..4 {
		chains.push(Chain::connect(&network.url(index)).await);
	}
	let north = &chains[0];
	let ana = Wallet::new(north, "Ferdie");
	let ada = Wallet::new(north, "Eve");
	let (staff, _, doctor) = tokio::join!(staff(north), ana.patient(NORTH), ada.doctor(EAST));

	let is_over = AtomicBool::new(false);
	let senders = staff.iter().zip(chains.iter().cycle());
	let flooding = join_all(senders.map(|(key, chain)| floods(chain, key, &is_over)));
	let others = async {
		let first = eventually("a block is as full as the hospital may make it", || async {
			let (block, header) = north.finalized().await;
			is_full(&flood_in(north, block).await).then_some(header.number)
		})
		.await;
		// A verified patient comes after all staff, and a newcomer whom a hospital expects after that.
		ana.grants(doctor).await;
		let newcomer = AccountId::from(well_known("West//patient").public());
		let sponsor = pallet_fair_use::Call::sponsor { account: newcomer };
		north.send(&well_known("Bob//stash"), sponsor.into()).await;
		Wallet::new(north, "West//patient").patient(EAST).await;
		ana.revokes(doctor).await;
		// A busy machine's nodes take less than they may into some blocks.
		let (mut full, mut next) = (0, first);
		while full < FULL && next < first + AMONG {
			eventually("another block is final", || async {
				(north.finalized().await.1.number >= next).then_some(())
			})
			.await;
			let block = north.hash_of(next).await.expect("a final block");
			full += usize::from(is_full(&flood_in(north, block).await));
			next += 1;
		}
		let last = north.finalized().await.1.number;
		is_over.store(true, Ordering::Relaxed);
		first..=last
	};
	let (_, blocks) = tokio::join!(flooding, others);

	let Share { computation, length } = share();
	let key = HospitalUses::<Runtime>::hashed_key_for(WEST);
	let mut full = 0;
	for number in blocks.clone() {
		let block = north.hash_of(number).await.expect("a final block");
		let used: HospitalUse = north.storage(&key, block).await.expect("it has acted");
		assert!(used.computation <= computation && used.length <= length, "{number}: {used:?}");
		let flood = flood_in(north, block).await;
		assert!(flood.iter().sum::<usize>() <= length as usize, "{number}: {flood:?}");
		full += usize::from(is_full(&flood));
	}
	assert!(full >= FULL, "{full} of {blocks:?} were full of it");
}
