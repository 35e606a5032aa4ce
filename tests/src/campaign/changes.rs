//! What the council changes while people go on: the runtime, and the consortium's members.

use super::{
	plan::NODES,
	watch::tell_heights,
	watched::Watched,
	world::{Result, World},
};
use crate::{
	Chain, ExtraNode, Hospital, council_decides, council_enacts, eventually, session_keys,
	well_known,
};
use futures::FutureExt;
use medblock_launcher::Rpc;
use medblock_primitives::HospitalId;
use medblock_runtime::{AccountId, Consortium, NEXT_WASM_BINARY, Runtime, RuntimeEvent, VERSION};
use medblock_views::SeatStatus;
use sp_core::{OpaquePeerId, Pair};
use sp_runtime::{
	MultiAddress,
	traits::{BlakeTwo256, Hash},
};
use std::panic::AssertUnwindSafe;

const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];
const FOUR: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];
const FIFTH: HospitalId = HospitalId(4);

/// The council upgrades the runtime, and blocks become final under it.
pub async fn upgrade(world: &World) -> Result<()> {
	is_done("the upgrade", upgrades(world)).await
}

/// The council admits a fifth hospital, which gets a seat and authors blocks, and expels it.
pub async fn membership(world: &World, watched: &Watched) -> Result<()> {
	is_done("the change of members", changes_members(world, watched)).await
}

/// Does what stories do, which fail by panics.
async fn is_done(what: &str, work: impl Future<Output = ()>) -> Result<()> {
	let done = AssertUnwindSafe(work).catch_unwind().await;
	done.map_err(|_| format!("{what} failed: why is above"))
}

async fn upgrades(world: &World) {
	let chain = Chain::connect(&world.network().url(0)).await;
	let alice = well_known("Alice");
	let code = NEXT_WASM_BINARY.expect("built with the runtime").to_vec();
	let code_hash = BlakeTwo256::hash(&code);
	let authorize = frame_system::Call::<Runtime>::authorize_upgrade { code_hash };
	let decided = council_enacts(&chain, &THREE, authorize).await;
	let events = chain.events(decided).await.into_iter();
	let mut waiting = events.filter_map(|event| match event {
		RuntimeEvent::Consortium(pallet_consortium::Event::EnactmentDelayed {
			due,
			enactment,
			..
		}) => Some((due, enactment)),
		_ => None,
	});
	let (due, enactment) = waiting.next_back().expect("an upgrade waits");
	eventually("the delay passes", || async { (chain.best().await.number >= due).then_some(()) })
		.await;
	let carry_out = pallet_consortium::Call::<Runtime>::carry_out { enactment };
	chain.send(&alice, carry_out.into()).await;
	let apply = frame_system::Call::<Runtime>::apply_authorized_upgrade { code };
	chain.send(&alice, apply.into()).await;
	eventually("the new runtime is in force", || async {
		let version: serde_json::Value = chain.get("state_getRuntimeVersion").await;
		(version["specVersion"] == VERSION.spec_version + 1).then_some(())
	})
	.await;
}

async fn changes_members(world: &World, watched: &Watched) {
	let network = world.network();
	let chain = Chain::connect(&network.url(0)).await;
	let addresses = Hospital::ALL.map(|hospital| {
		let address = network.launcher().node(hospital).address().expect("it has a key");
		format!("--bootnodes={address}")
	});
	let mut arguments = vec!["--network-backend=libp2p"];
	arguments.extend(addresses.iter().map(String::as_str));
	let fifth = ExtraNode::start(network, &arguments).await;
	let eve = well_known("Eve");
	let controller = AccountId::from(eve.public());
	let admit = pallet_consortium::Call::<Runtime>::admit_hospital {
		controller: controller.clone(),
		name: b"Fifth Hospital".to_vec().try_into().expect("short"),
		gateway: b"https://vault.fifth.example".to_vec().try_into().expect("short"),
	};
	council_decides(&chain, &THREE, admit.into()).await;
	let node = OpaquePeerId(fifth.peer_id.clone());
	let owner = MultiAddress::Id(Consortium::seat_account(FIFTH));
	let add = pallet_node_authorization::Call::<Runtime>::add_well_known_node { node, owner };
	council_enacts(&chain, &FOUR, add).await;
	let (keys, proof) = session_keys("Eve", &controller);
	let set_keys = pallet_session::Call::<Runtime>::set_keys { keys, proof };
	chain.send(&eve, set_keys.into()).await;
	eventually("the fifth hospital is seated", || async {
		(*chain.seats().await.get(4)? == SeatStatus::Seated).then_some(())
	})
	.await;
	eventually("the fifth hospital authors a block that becomes final", || async {
		let (hash, _) = chain.finalized().await;
		(chain.author_of(hash).await == Some(FIFTH.0)).then_some(())
	})
	.await;
	let last = fifth.chain().await.finalized().await.1.number;
	let rpc = Rpc::at(network.base_port() + 8);
	let next = tell_heights(&rpc, NODES, 1, last, watched).await;
	assert!(next > last, "the fifth node does not tell its block {next}");
	let expel = pallet_consortium::Call::<Runtime>::expel_hospital { hospital: FIFTH };
	council_decides(&chain, &FOUR, expel.into()).await;
	let now = chain.finalized().await.1.number;
	eventually("the four are a set of their own again", || async {
		(chain.finalized().await.1.number >= now + 30).then_some(())
	})
	.await;
}
