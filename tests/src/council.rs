//! The council of the local network at work.

use crate::Chain;
use frame_support::dispatch::GetDispatchInfo;
use futures::future::join_all;
use medblock_runtime::{Hash, Runtime, RuntimeCall, RuntimeEvent};
use pallet_collective::Instance1;
use sp_core::{Encode, Pair, sr25519};
use std::time::Instant;

type CouncilCall = pallet_collective::Call<Runtime, Instance1>;
type CouncilEvent = pallet_collective::Event<Runtime, Instance1>;

/// The key pair of one of the well-known accounts: `Alice`, `Bob` and so on.
pub fn well_known(name: &str) -> sr25519::Pair {
	sr25519::Pair::from_string(&format!("//{name}"), None).expect("a well-known account")
}

/// The first of these propose, all vote, and the motion is closed; gives the final block in which it
/// was carried out. Fails the test when the council's decision failed.
pub async fn council_decides(chain: &Chain, members: &[&str], call: RuntimeCall) -> Hash {
	let threshold = members.len() as u32;
	let length_bound = call.encoded_size() as u32;
	let proposal_weight_bound = call.get_dispatch_info().call_weight;
	let first = well_known(members.first().expect("a member proposes"));
	let proposed = chain
		.send(
			&first,
			CouncilCall::propose { threshold, proposal: Box::new(call), length_bound }.into(),
		)
		.await;
	let (index, proposal_hash) = chain
		.events(proposed)
		.await
		.into_iter()
		.find_map(|event| match event {
			RuntimeEvent::Council(CouncilEvent::Proposed {
				proposal_index, proposal_hash, ..
			}) => Some((proposal_index, proposal_hash)),
			_ => None,
		})
		.expect("the motion is there");
	// At the same time: each has an account of its own, and waits until its vote is final.
	let mut votes = Vec::new();
	for member in members {
		let vote = CouncilCall::vote { proposal: proposal_hash, index, approve: true };
		votes.push(async move { chain.send(&well_known(member), vote.into()).await });
	}
	join_all(votes).await;
	let close = CouncilCall::close { proposal_hash, index, proposal_weight_bound, length_bound };
	let closed = chain.send(&first, close.into()).await;
	let result = chain
		.events(closed)
		.await
		.into_iter()
		.find_map(|event| match event {
			RuntimeEvent::Council(CouncilEvent::Executed { result, .. }) => Some(result),
			_ => None,
		})
		.expect("the motion was carried out");
	result.expect("what the council decided was possible");
	closed
}

/// As [`council_decides`], of a call that the chain itself makes.
pub async fn council_enacts(chain: &Chain, members: &[&str], call: impl Into<RuntimeCall>) -> Hash {
	let call = Box::new(call.into());
	council_decides(chain, members, pallet_consortium::Call::enact { call }.into()).await
}

/// Prints how long something took, for readers of the test's output; nothing depends on it.
pub struct Timed(&'static str, Instant);

impl Timed {
	/// Starts the clock.
	pub fn start(what: &'static str) -> Self {
		Self(what, Instant::now())
	}

	/// Prints the time since.
	pub fn stop(self) {
		println!("{}: {:.1} s", self.0, self.1.elapsed().as_secs_f32());
	}
}
