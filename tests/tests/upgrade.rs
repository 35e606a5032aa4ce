//! The council changes the rules while the chain runs.

use futures::{StreamExt, future::join_all, stream};
use medblock_client::chain::{Call, Until};
use medblock_e2e::{
	Chain, Consortium, Network, Person, council_enacts, eventually, must, well_known,
};
use medblock_primitives::{DoctorId, DoctorIds, RegistrationMode};
use medblock_runtime::{NEXT_WASM_BINARY, Runtime, RuntimeEvent, VERSION};
use sp_runtime::traits::{BlakeTwo256, Hash};
use std::{
	sync::atomic::{AtomicBool, Ordering},
	time::Duration,
};
use tokio::time::interval;

const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];

/// The blocks of the delay. What comes too early comes within them, also if this program stands still for a while.
const DELAY: u32 = 45;

/// The time between two transactions that people sign while the runtime changes.
const PACE: Duration = Duration::from_millis(500);

// Each node compiles the new runtime, and may answer nothing for longer than a client waits. People try again then.

/// A controller sets what is set already.
async fn sets_registration(controller: &Person) {
	loop {
		match controller.client.set_registration(RegistrationMode::Open).await {
			Err(why) if why.is_unreachable() => {},
			outcome => break drop(must(outcome)),
		}
	}
}

/// A patient takes back access that no one has, which the chain says.
async fn revokes(person: &Person) {
	let doctors = DoctorIds::truncate_from(vec![DoctorId(u32::MAX)]);
	let (nodes, call) = (person.client.nodes(), Call::revoke_access(doctors, None));
	let receipt = loop {
		match nodes.submit_until(Until::Final, person.signer(), &call).await {
			Err(why) if why.is_unreachable() => {},
			revoked => break revoked.unwrap_or_else(|why| panic!("{why}")),
		}
	};
	assert!(receipt.event("HadNoAccess").is_some());
}

/// Waits until a node has the new runtime, and goes on with it.
async fn goes_on_upgraded(network: &Network, index: u16) {
	let chain = Chain::connect(&network.url(index)).await;
	eventually("the new runtime is in force there, too", || async {
		let version: serde_json::Value = chain.get("state_getRuntimeVersion").await;
		(version["specVersion"] == VERSION.spec_version + 1).then_some(())
	})
	.await;
	let now = chain.best().await.number;
	eventually("blocks become final under the new rules", || async {
		(chain.finalized().await.1.number > now + 3).then_some(())
	})
	.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn council_upgrades_the_runtime_after_the_delay() {
	let network = Network::start_with(&[("upgradeDelay", DELAY)], &[]).await;
	let chain = Chain::connect(&network.url(0)).await;
	let consortium = Consortium::without_gateways(network);
	let network = &consortium.network;
	let alice = well_known("Alice");
	let patients = join_all([0, 1, 0, 1].map(|hospital| consortium.patient(hospital))).await;
	let bob = Person::known(network, "//Bob").await;
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
	// People go on meanwhile. What they have signed for the old runtime, and is in no block before the upgrade, their
	// clients sign again: a controller's calls, several of which wait at a time, and patients' revocations.
	let is_over = AtomicBool::new(false);
	let signing = stream::unfold(interval(PACE), |mut pace| {
		let goes_on = !is_over.load(Ordering::Relaxed);
		async move {
			pace.tick().await;
			goes_on.then_some(((), pace))
		}
	});
	let acting = signing.enumerate().for_each_concurrent(None, |(count, ())| {
		let (bob, (patient, _)) = (&bob, &patients[count / 2 % patients.len()]);
		async move {
			if count.is_multiple_of(2) {
				sets_registration(bob).await;
			} else {
				revokes(patient).await;
			}
		}
	});
	let upgrading = async {
		chain.send(&alice, carry_out().into()).await;
		chain.send(&alice, apply().into()).await;
		eventually("the new runtime is in force", || async {
			let version: serde_json::Value = chain.get("state_getRuntimeVersion").await;
			(version["specVersion"] == VERSION.spec_version + 1).then_some(())
		})
		.await;
		let upgraded = chain.best().await.number;
		eventually("the upgrade is final", || async {
			(chain.finalized().await.1.number > upgraded + 3).then_some(())
		})
		.await;
		is_over.store(true, Ordering::Relaxed);
	};
	tokio::join!(upgrading, acting);
	// All four are on it, and go on.
	join_all((0..4).map(|index| goes_on_upgraded(network, index))).await;
	// A transaction signed for the new version is accepted.
	let mode = pallet_consortium::RegistrationMode::Closed;
	let call = pallet_consortium::Call::<Runtime>::set_registration_mode { mode };
	chain.send(&alice, call.into()).await;
}
