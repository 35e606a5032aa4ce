//! More is sent than the nodes have room for. What they accept gets into blocks, whatever its order. Revocations get in
//! meanwhile, into blocks that end a session too, and each refusal is one for now.

use crate::hospital_flood::staff;
use futures::future::join_all;
use medblock_e2e::{Chain, Network, Wallet, eventually, well_known};
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use medblock_runtime::{AccountId, Hash, Nonce, RuntimeCall};
use pallet_medical_records::Call;
use sp_core::{Pair, sr25519};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The transactions for which each node has room.
const ROOM: &str = "100";
/// The blocks in a session, so that some of the blocks end one.
const SESSION: u32 = 10;
/// The transactions of each account: together, many times what there is room for.
const EACH: Nonce = 400;
/// The number of them that are sent at once, the last first. Those of all accounts that wait for an earlier one take less
/// than half of the room: one hospital's staff get no more, and would wait for each other for ever.
const AT_ONCE: usize = 5;
/// The revocations.
const REVOCATIONS: u32 = 3;
/// The blocks within which a revocation has to be in one, however much waits.
const REVOKED_IN: u32 = 15;

/// The nonce of an account in the last final block.
async fn final_nonce(chain: &Chain, account: &AccountId) -> Nonce {
	nonce_at(chain, account, chain.finalized().await.0).await
}

/// The nonce of an account after a block.
async fn nonce_at(chain: &Chain, account: &AccountId, block: Hash) -> Nonce {
	chain.ask("AccountNonceApi_account_nonce", account, block).await
}

/// Sends all of an account's transactions: each until it is accepted, and never again. Gives the account's nonce after the
/// last.
async fn sends(chain: &Chain, key: &sr25519::Pair, refused: &AtomicUsize) -> Nonce {
	let first = chain.next_nonce(&AccountId::from(key.public())).await;
	let nonces: Vec<_> = (first..first + EACH).collect();
	for some in nonces.chunks(AT_ONCE) {
		for nonce in some.iter().rev() {
			eventually(&format!("nonce {nonce} is accepted"), || async {
				// It fails, and stays in the block.
				let call = Call::verify_patient { patient: PatientId(9_999) };
				let Err(why) = chain.submit(key, *nonce, call.into()).await else {
					return Some(());
				};
				// There is no room, or too many of the account wait.
				let is_full = why.contains("Immediately Dropped");
				assert!(is_full || why.contains("Invalid Transaction"), "{why}");
				refused.fetch_add(usize::from(is_full), Ordering::Relaxed);
				None
			})
			.await;
		}
	}
	first + EACH
}

/// Has a patient revoke. It is accepted at once, and final soon.
async fn revokes(chain: &Chain, key: &sr25519::Pair) {
	let account = AccountId::from(key.public());
	let nonce = final_nonce(chain, &account).await;
	let doctors = vec![DoctorId(0)].try_into().unwrap();
	let call: RuntimeCall = Call::revoke_access { doctors, rotation: None }.into();
	let sent = chain.best().await.number;
	chain.submit(key, nonce, call).await.expect("there is room for revocations");
	eventually("the revocation is final", || async {
		(final_nonce(chain, &account).await > nonce).then_some(())
	})
	.await;
	let within = chain.hash_of(sent + REVOKED_IN).await;
	let is_within = match within {
		Some(block) => nonce_at(chain, &account, block).await > nonce,
		// It is final, and the chain has not come that far.
		None => true,
	};
	assert!(is_within, "the revocation is in no block up to {}", sent + REVOKED_IN);
}

#[tokio::test]
async fn nodes_that_are_sent_too_much_lose_nothing_and_take_revocations() {
	let settings = [("sessionLength", SESSION)];
	let network = Network::start_with(&settings, &["--pool-limit", ROOM]).await;
	let mut chains = Vec::new();
	for index in 0..4 {
		chains.push(Chain::connect(&network.url(index)).await);
	}
	let north = &chains[0];
	let ana = Wallet::new(north, "Ferdie");
	let (staff, _) = tokio::join!(staff(north), ana.patient(HospitalId(0)));
	// Each node tells the staff their next nonces.
	let (_, known) = north.finalized().await;
	for chain in &chains {
		eventually("the staff are known everywhere", || async {
			(chain.finalized().await.1.number >= known.number).then_some(())
		})
		.await;
	}

	let (refused, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
	let flooding = async {
		let senders = staff.iter().zip(chains.iter().cycle());
		let sent = join_all(senders.map(|(key, chain)| sends(chain, key, &refused))).await;
		is_over.store(true, Ordering::Relaxed);
		sent
	};
	let revoking = async {
		eventually("a node has no room left", || async {
			(refused.load(Ordering::Relaxed) > 0).then_some(())
		})
		.await;
		let first = north.finalized().await.1.number;
		for _ in 0..REVOCATIONS {
			revokes(north, &well_known("Ferdie")).await;
		}
		eventually("a session ends meanwhile", || async {
			let last = north.finalized().await.1.number;
			(last / SESSION > first / SESSION).then_some(())
		})
		.await;
		assert!(!is_over.load(Ordering::Relaxed), "the flood was over too soon to tell");
		first..=north.finalized().await.1.number
	};
	let (sent, blocks) = tokio::join!(flooding, revoking);

	for (key, nonce) in staff.iter().zip(sent) {
		let account = AccountId::from(key.public());
		eventually(&format!("all of {account} are final"), || async {
			(final_nonce(north, &account).await == nonce).then_some(())
		})
		.await;
	}
	for number in blocks.filter(|number| number % SESSION == 0) {
		let block = north.hash_of(number).await.expect("a final block");
		// Beside the block's time.
		assert!(north.transactions(block).await.len() > 1, "block {number} ends a session");
	}
}
