//! A council's motion, from the proposal to its end.

#![allow(clippy::unwrap_used)]

mod common;

use codec::Encode;
use common::*;
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use medblock_primitives::HospitalId;
use medblock_runtime::{Hash, Runtime, RuntimeCall, System};
use pallet_collective::Instance1;
use pallet_consortium::{Profiles, Settings};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{
	DispatchError, DispatchResult,
	traits::{BlakeTwo256, Dispatchable, Hash as _},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

type CouncilCall = pallet_collective::Call<Runtime, Instance1>;

const RENAMED: HospitalId = HospitalId(2);

fn rename() -> RuntimeCall {
	let name = b"Forgotten".to_vec().try_into().unwrap();
	pallet_consortium::Call::rename_hospital { hospital: RENAMED, name }.into()
}

fn name() -> Vec<u8> {
	Profiles::<Runtime>::get(RENAMED).unwrap().name.into_inner()
}

/// The call as its account's next transaction, in a block.
fn sends(who: Sr25519Keyring, call: CouncilCall) -> DispatchResult {
	let nonce = System::account_nonce(account(who));
	apply(signed(who, nonce, call)).unwrap()
}

fn vote(motion: Hash) -> CouncilCall {
	CouncilCall::vote { proposal: motion, index: 0, approve: true }
}

fn close(motion: Hash) -> CouncilCall {
	CouncilCall::close {
		proposal_hash: motion,
		index: 0,
		proposal_weight_bound: rename().get_dispatch_info().call_weight,
		length_bound: rename().encoded_size() as u32,
	}
}

/// In block 1, of three that are needed; gives its hash and the block in which the vote ends.
fn a_motion() -> (Hash, u32) {
	block(1);
	let length_bound = rename().encoded_size() as u32;
	let proposal = Box::new(rename());
	assert_ok!(sends(Alice, CouncilCall::propose { threshold: 3, proposal, length_bound }));
	(BlakeTwo256::hash_of(&rename()), 1 + Settings::default().motion_duration)
}

#[test]
fn votes_count_until_the_end_and_not_after() {
	local().execute_with(|| {
		let (motion, end) = a_motion();
		assert_ok!(sends(Alice, vote(motion)));
		block(end - 1);
		assert_ok!(sends(Bob, vote(motion)));

		block(end);
		let late = signed(Charlie, System::account_nonce(account(Charlie)), vote(motion));
		let refused = TransactionValidityError::Invalid(InvalidTransaction::Call);
		assert_eq!(apply(late).unwrap_err(), refused);
		let origin = frame_system::RawOrigin::Signed(account(Charlie)).into();
		let dispatched = RuntimeCall::from(vote(motion)).dispatch(origin);
		let filtered = DispatchError::from(frame_system::Error::<Runtime>::CallFiltered);
		assert_eq!(dispatched.unwrap_err().error, filtered);

		// A late member can still close the motion, without effect.
		let before = name();
		assert_ok!(sends(Charlie, close(motion)));
		assert_eq!(name(), before);
		let missing = pallet_collective::Error::<Runtime, Instance1>::ProposalMissing;
		assert_eq!(sends(Charlie, vote(motion)), Err(DispatchError::from(missing)));
	});
}

#[test]
fn motion_that_was_approved_in_time_is_carried_out_later() {
	local().execute_with(|| {
		let (motion, end) = a_motion();
		for who in [Alice, Bob, Charlie] {
			assert_ok!(sends(who, vote(motion)));
		}
		block(end + 1_000);
		assert_ok!(sends(Dave, close(motion)));
		assert_eq!(name(), b"Forgotten");
	});
}

#[test]
fn specification_without_a_motion_duration_has_the_usual_one() {
	let text =
		r#"{"slotDuration":1000,"sessionLength":600,"upgradeDelay":604800,"minimumSeats":1}"#;
	assert_eq!(serde_json::from_str::<Settings>(text).unwrap(), Settings::default());
}
