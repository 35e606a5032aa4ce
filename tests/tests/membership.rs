//! A fifth hospital: a stranger, then a member whose node authors blocks, then a stranger again.

use medblock_e2e::{
	Chain, ExtraNode, Network, Timed, council_admits_fifth, council_expels_fifth, council_lets_in,
	eventually, fifth_authors, four_go_on, session_keys, well_known,
};
use medblock_runtime::{AccountId, Runtime};
use medblock_views::SeatStatus;
use sp_core::Pair;

async fn hospital_comes_and_goes(backend: &str) {
	let arguments = [&format!("--network-backend={backend}")[..]];
	let network = Network::start_with(&[("sessionLength", 10)], &arguments).await;
	let chain = Chain::connect(&network.url(0)).await;
	let fifth = ExtraNode::start(&network, &arguments).await;
	let fifth_chain = fifth.chain().await;

	// While the others make ten blocks, the stranger gets to see none.
	let start = chain.best().await.number;
	eventually("ten blocks pass", || async {
		(chain.best().await.number >= start + 10).then_some(())
	})
	.await;
	assert_eq!(fifth_chain.peers().await, 0, "a stranger is connected to nobody");
	assert_eq!(fifth_chain.best().await.number, 0, "a stranger gets no blocks");
	// One of the three may be away for a moment.
	eventually("the other three are all that a member is connected to", || async {
		(chain.peers().await == 3).then_some(())
	})
	.await;

	council_admits_fifth(&chain, "https://vault.fifth.example").await;
	council_lets_in(&chain, &fifth).await;
	eventually("the fifth node connects", || async {
		(fifth_chain.peers().await > 0).then_some(())
	})
	.await;

	let eve = well_known("Eve");
	let (keys, proof) = session_keys("Eve", &AccountId::from(eve.public()));
	// Somebody else's proof is worth nothing.
	let set_keys = |proof| pallet_session::Call::<Runtime>::set_keys { keys: keys.clone(), proof };
	let (_, strange) = session_keys("Eve", &AccountId::from(well_known("Bob").public()));
	let refused = chain.try_send(&eve, set_keys(strange).into()).await.unwrap_err();
	assert!(refused.contains("Module"), "{refused}");
	chain.send(&eve, set_keys(proof).into()).await;
	fifth_authors(&chain).await;

	council_expels_fifth(&chain).await;
	let clock = Timed::start("an expelled node is dropped after");
	eventually("the expelled node is dropped", || async {
		(fifth_chain.peers().await == 0).then_some(())
	})
	.await;
	clock.stop();
	assert_eq!(chain.seats().await[4], SeatStatus::Expelled);
	// The four go on, and so does their finality, without it.
	four_go_on(&chain).await;
	assert_eq!(fifth_chain.peers().await, 0, "and it stays out");
}

#[tokio::test]
async fn fifth_hospital_joins_authors_and_is_expelled_over_litep2p() {
	hospital_comes_and_goes("litep2p").await;
}

#[tokio::test]
async fn fifth_hospital_joins_authors_and_is_expelled_over_libp2p() {
	hospital_comes_and_goes("libp2p").await;
}
