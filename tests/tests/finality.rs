//! Validators die and come back. Finality needs more than two thirds of four: three.

use medblock_client::{
	Error,
	chain::{self, AccountId},
	medblock_crypto::Mnemonic,
};
use medblock_e2e::{
	Chain,
	Hospital::{South, West},
	Network, Person, eventually, must,
};
use medblock_primitives::{Capacity, DoctorId, HospitalId, PatientId};

/// No two nodes ever finalized different blocks at one height.
async fn assert_no_conflict(chains: &[Chain]) {
	let mut lowest = u32::MAX;
	for chain in chains {
		lowest = lowest.min(chain.finalized().await.1.number);
	}
	let first = chains.first().expect("some chains");
	for number in 0..=lowest {
		let expected = first.hash_of(number).await;
		for chain in chains {
			assert_eq!(chain.hash_of(number).await, expected, "block {number}");
		}
	}
}

async fn finalizes_beyond(chain: &Chain, number: u32) {
	eventually(&format!("block {number} is final"), || async {
		(chain.finalized().await.1.number > number).then_some(())
	})
	.await;
}

async fn authors_beyond(chain: &Chain, number: u32) {
	eventually(&format!("there is a block after {number}"), || async {
		(chain.best().await.number > number).then_some(())
	})
	.await;
}

/// Waits until two of four finalize nothing while they author six blocks; gives the last final block of the first. A vote from
/// before may reach one of them late.
async fn finality_stops(one: &Chain, other: &Chain) -> u32 {
	const ROUNDS: usize = 8;
	let finals = || async { [one.finalized().await.1.number, other.finalized().await.1.number] };
	let mut stopped = finals().await;
	for _ in 0..ROUNDS {
		let best = one.best().await.number;
		authors_beyond(one, best + 6).await;
		let later = finals().await;
		if later == stopped {
			return later[0];
		}
		stopped = later;
	}
	panic!("two of four go on to finalize: {stopped:?}");
}

async fn connect(network: &Network) -> Vec<Chain> {
	let mut chains = Vec::new();
	for index in 0..4 {
		chains.push(Chain::connect(&network.url(index)).await);
	}
	chains
}

#[tokio::test]
async fn one_lost_validator_is_missed_by_nobody_and_two_stop_finality_until_one_returns() {
	// Nothing of this depends on how long a slot lasts, and all of it waits for blocks.
	let network = Network::start_with(&[("slotDuration", 500)], &[]).await;
	let status = eventually("each node is connected to the others", || async {
		let status = network.status().await;
		let knows_all = status
			.nodes
			.iter()
			.all(|node| node.knows.as_ref().is_some_and(|knows| knows.peers == 3));
		(knows_all && status.common.identical && status.common.number >= 3).then_some(status)
	})
	.await;
	assert_eq!(status.nodes.len(), 4);
	for node in &status.nodes {
		let knows = node.knows.as_ref().unwrap_or_else(|| panic!("{node:?}"));
		assert!(node.running && knows.finalized >= 3, "{node:?}");
		assert_eq!(knows.seated.len(), 4, "{node:?}");
	}
	assert_no_conflict(&connect(&network).await).await;

	// One.
	network.kill(&[West]);
	let north = Chain::connect(&network.url(0)).await;
	let at_death = north.finalized().await.1.number;
	finalizes_beyond(&north, at_death + 5).await;
	assert!(!network.status().await.all_answer(), "status says that one is down");
	network.up(&[West]).await;
	let west = Chain::connect(&network.url(3)).await;
	let goal = north.finalized().await.1.number;
	finalizes_beyond(&west, goal).await;
	assert_no_conflict(&connect(&network).await).await;

	let ana = Person::with_words(&network, &Mnemonic::generate()).await;
	let registered = must(ana.client.register_patient(HospitalId(0)).await);
	let patient = registered.event("PatientRegistered").unwrap().number("patient").unwrap();
	let registrar = Person::known(&network, "//Alice//stash").await;
	must(registrar.client.verify_patient(PatientId(patient)).await);

	// Two. What was voted on before they died may still become final; then nothing does.
	network.kill(&[West, South]);
	let east = Chain::connect(&network.url(1)).await;
	let best = north.best().await.number;
	let last = finality_stops(&north, &east).await;
	authors_beyond(&north, best + 9).await;
	assert!(north.best().await.number > last + 3);
	nothing_but_revocations_is_sent(&ana, &north, last).await;

	network.up(&[South]).await;
	finalizes_beyond(&north, best + 9).await;
	network.up(&[]).await;
	let chains = connect(&network).await;
	for chain in &chains {
		finalizes_beyond(chain, best + 10).await;
	}
	assert_no_conflict(&chains).await;
}

/// Long after the last final block, a client says why it sends nothing, but for a revocation.
async fn nothing_but_revocations_is_sent(ana: &Person, north: &Chain, last: u32) {
	for more in [10, 20, 30, 40, 50, 60] {
		authors_beyond(north, last + more).await;
	}
	let refused = ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await;
	assert!(
		matches!(&refused, Err(Error::Chain(chain::Error::FinalityStopped(at, _))) if *at == last),
		"{refused:?}"
	);

	let account = AccountId::from(ana.signer().public_key().0);
	let sent = || async { ana.client.chain().best().await.unwrap().nonce(account).await.unwrap() };
	let before = sent().await;
	let revoked = ana.client.revoke(&[DoctorId(0)]).await;
	assert!(
		matches!(revoked, Err(Error::Chain(chain::Error::Stalled(_)))),
		"it is not final: {:?}",
		revoked.err()
	);
	eventually("it is in the best chain, once", || async {
		(sent().await == before + 1).then_some(())
	})
	.await;
}
