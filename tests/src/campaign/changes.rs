//! What the council changes while people go on: the runtime, and the consortium's members.

use super::{
	plan::NODES,
	watch::tell_heights,
	watched::Watched,
	world::{Result, World},
};
use crate::{
	Chain, ExtraNode, Hospital, council_admits_fifth, council_enacts, council_expels_fifth,
	council_lets_in, eventually, fifth_authors, four_go_on, session_keys, well_known,
};
use futures::FutureExt;
use medblock_launcher::Rpc;
use medblock_runtime::{AccountId, NEXT_WASM_BINARY, Runtime, RuntimeEvent, VERSION};
use sp_core::Pair;
use sp_runtime::traits::{BlakeTwo256, Hash};
use std::panic::AssertUnwindSafe;

const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];

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
	council_admits_fifth(&chain, "https://vault.fifth.example").await;
	council_lets_in(&chain, &fifth).await;
	let eve = well_known("Eve");
	let (keys, proof) = session_keys("Eve", &AccountId::from(eve.public()));
	let set_keys = pallet_session::Call::<Runtime>::set_keys { keys, proof };
	chain.send(&eve, set_keys.into()).await;
	fifth_authors(&chain).await;
	let last = fifth.chain().await.finalized().await.1.number;
	let rpc = Rpc::at(network.base_port() + 8);
	let next = tell_heights(&rpc, NODES, 1, last, watched).await;
	assert!(next > last, "the fifth node does not tell its block {next}");
	council_expels_fifth(&chain).await;
	four_go_on(&chain).await;
}
