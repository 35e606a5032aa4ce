//! A fifth hospital: a stranger, then a member whose node authors blocks, then a stranger again.

use medblock_e2e::{
	Chain, ExtraNode, Network, Timed, council_decides, council_enacts, eventually, session_keys,
	well_known,
};
use medblock_primitives::HospitalId;
use medblock_runtime::{AccountId, Consortium, Runtime};
use medblock_views::SeatStatus;
use sp_core::{OpaquePeerId, Pair};
use sp_runtime::MultiAddress;

const FIFTH: HospitalId = HospitalId(4);
const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];
const FOUR: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

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
	assert_eq!(chain.peers().await, 3, "and nobody is connected to it");

	let eve = well_known("Eve");
	let controller = AccountId::from(eve.public());
	let admit = pallet_consortium::Call::<Runtime>::admit_hospital {
		controller: controller.clone(),
		name: b"Fifth Hospital".to_vec().try_into().unwrap(),
		gateway: b"https://vault.fifth.example".to_vec().try_into().unwrap(),
	};
	council_decides(&chain, &THREE, admit.into()).await;
	let node = OpaquePeerId(fifth.peer_id.clone());
	let owner = MultiAddress::Id(Consortium::seat_account(FIFTH));
	// It is on the council now: four of five are two thirds, three are not.
	let add = pallet_node_authorization::Call::<Runtime>::add_well_known_node { node, owner };
	council_enacts(&chain, &FOUR, add).await;
	eventually("the fifth node connects", || async {
		(fifth_chain.peers().await > 0).then_some(())
	})
	.await;

	let (keys, proof) = session_keys("Eve", &controller);
	// Somebody else's proof is worth nothing.
	let set_keys = |proof| pallet_session::Call::<Runtime>::set_keys { keys: keys.clone(), proof };
	let (_, strange) = session_keys("Eve", &AccountId::from(well_known("Bob").public()));
	let refused = chain.try_send(&eve, set_keys(strange).into()).await.unwrap_err();
	assert!(refused.contains("Module"), "{refused}");
	chain.send(&eve, set_keys(proof).into()).await;
	eventually("the fifth hospital is seated", || async {
		(*chain.seats().await.get(4)? == SeatStatus::Seated).then_some(())
	})
	.await;
	eventually("the fifth hospital authors a block that becomes final", || async {
		let (hash, _) = chain.finalized().await;
		(chain.author_of(hash).await == Some(FIFTH.0)).then_some(())
	})
	.await;

	let expel = pallet_consortium::Call::<Runtime>::expel_hospital { hospital: FIFTH };
	council_decides(&chain, &FOUR, expel.into()).await;
	let clock = Timed::start("an expelled node is dropped after");
	eventually("the expelled node is dropped", || async {
		(fifth_chain.peers().await == 0).then_some(())
	})
	.await;
	clock.stop();
	assert_eq!(chain.seats().await[4], SeatStatus::Expelled);
	// The four go on, and so does their finality, without it.
	let now = chain.finalized().await.1.number;
	eventually("the four are a set of their own again", || async {
		let number = chain.finalized().await.1.number;
		(number >= now + 30).then_some(())
	})
	.await;
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
