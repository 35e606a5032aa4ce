//! The council changes the rules while the chain runs.

use medblock_e2e::{Chain, Network, council_enacts, eventually, well_known};
use medblock_runtime::{NEXT_WASM_BINARY, Runtime, RuntimeEvent, VERSION};
use sp_runtime::traits::{BlakeTwo256, Hash};

const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];

#[tokio::test]
async fn council_upgrades_the_runtime_after_the_delay() {
	let network = Network::start_with(&[("upgradeDelay", 20)], &[]).await;
	let chain = Chain::connect(&network.url(0)).await;
	let alice = well_known("Alice");
	let code = NEXT_WASM_BINARY.expect("built with the runtime").to_vec();
	let apply = || frame_system::Call::<Runtime>::apply_authorized_upgrade { code: code.clone() };

	let code_hash = BlakeTwo256::hash(&code);
	let authorize = frame_system::Call::<Runtime>::authorize_upgrade { code_hash };
	let decided = council_enacts(&chain, &THREE, authorize).await;
	let due = chain
		.events(decided)
		.await
		.into_iter()
		.find_map(|event| match event {
			RuntimeEvent::Consortium(pallet_consortium::Event::EnactmentDelayed {
				due,
				enactment: 0,
				..
			}) => Some(due),
			_ => None,
		})
		.expect("an upgrade waits");

	// Too early: neither carried out nor applied.
	let carry_out = || pallet_consortium::Call::<Runtime>::carry_out { enactment: 0 };
	assert!(chain.best().await.number < due, "the delay has not passed yet");
	assert!(chain.try_send(&alice, carry_out().into()).await.is_err());
	assert!(chain.try_send(&alice, apply().into()).await.is_err());

	eventually("the delay passes", || async { (chain.best().await.number >= due).then_some(()) })
		.await;
	chain.send(&alice, carry_out().into()).await;
	chain.send(&alice, apply().into()).await;
	eventually("the new runtime is in force", || async {
		let version: serde_json::Value = chain.get("state_getRuntimeVersion").await;
		(version["specVersion"] == VERSION.spec_version + 1).then_some(())
	})
	.await;
	// All four are on it, and go on.
	for index in 0..4 {
		let other = Chain::connect(&network.url(index)).await;
		let now = other.finalized().await.1.number;
		eventually("blocks become final under the new rules", || async {
			(other.finalized().await.1.number > now + 3).then_some(())
		})
		.await;
		let version: serde_json::Value = other.get("state_getRuntimeVersion").await;
		assert_eq!(version["specVersion"], VERSION.spec_version + 1);
	}
	// A transaction signed for the new version is accepted.
	let mode = pallet_consortium::RegistrationMode::Closed;
	let call = pallet_consortium::Call::<Runtime>::set_registration_mode { mode };
	chain.send(&alice, call.into()).await;
}
