//! A council's motion, from the proposal to its end.

use crate::common::*;
use codec::Encode;
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use medblock_primitives::HospitalId;
use medblock_runtime::{AccountId, Consortium, Hash, Runtime, RuntimeCall, System, Timestamp};
use pallet_collective::Instance1;
use pallet_consortium::{ConsortiumSettings, PendingEnactments, Profiles, Settings};
use sp_consensus_aura::Slot;
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

/// The hospital that is to be expelled can't take its motion's place with a threshold that decides nothing.
#[test]
fn proposal_with_another_threshold_gets_into_no_block() {
	local().execute_with(|| {
		block(1);
		let expel: RuntimeCall =
			pallet_consortium::Call::expel_hospital { hospital: HospitalId(3) }.into();
		let length_bound = expel.encoded_size() as u32;
		let propose = |threshold| {
			let proposal = Box::new(expel.clone());
			CouncilCall::propose { threshold, proposal, length_bound }
		};
		let refused = TransactionValidityError::Invalid(InvalidTransaction::Call);
		for threshold in [0, 1, 2, 4, u32::MAX] {
			let transaction = || signed(Dave, 0, propose(threshold));
			assert_eq!(submit(transaction()).unwrap_err(), refused, "in the pool: {threshold}");
			assert_eq!(apply(transaction()).unwrap_err(), refused, "in a block: {threshold}");
		}
		assert_ok!(sends(Alice, propose(3)));
		let duplicate = pallet_collective::Error::<Runtime, Instance1>::DuplicateProposal;
		assert_eq!(sends(Dave, propose(3)), Err(DispatchError::from(duplicate)));
	});
}

#[test]
fn one_hospital_does_not_fill_all_places_for_motions() {
	local().execute_with(|| {
		block(1);
		let propose = |number: u32| {
			let proposal: RuntimeCall =
				pallet_consortium::Call::call_off { enactment: number }.into();
			let length_bound = proposal.encoded_size() as u32;
			CouncilCall::propose { threshold: 3, proposal: Box::new(proposal), length_bound }
		};
		for number in 0..8 {
			assert_ok!(sends(Dave, propose(number)));
		}
		let full = pallet_consortium::Error::<Runtime>::MaxMotionsExceeded;
		assert_eq!(sends(Dave, propose(8)), Err(DispatchError::from(full)));
		for (member, first) in [(Alice, 10), (Bob, 20), (Charlie, 30)] {
			for number in first..first + 8 {
				assert_ok!(sends(member, propose(number)));
			}
		}
	});
}

/// The first thing in each block.
fn clock_shows(moment: u64) {
	let slot = moment / ConsortiumSettings::<Runtime>::get().slot_duration;
	pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(slot));
	Timestamp::set_timestamp(moment);
}

#[test]
fn upgrade_that_nobody_puts_in_force_is_not_authorized_for_ever() {
	local().execute_with(|| {
		block(1);
		let code_hash = Hash::default();
		let upgrade: RuntimeCall = frame_system::Call::authorize_upgrade { code_hash }.into();
		let council = pallet_collective::RawOrigin::<AccountId, Instance1>::Members(3, 4);
		assert_ok!(Consortium::enact(council.into(), Box::new(upgrade)));
		let waits = PendingEnactments::<Runtime>::get(0).unwrap();
		block(waits.due);
		let alice = frame_system::RawOrigin::Signed(account(Alice));
		assert_ok!(Consortium::carry_out(alice.into(), 0));
		clock_shows(waits.void_at - 1);
		assert!(System::authorized_upgrade().is_some());
		clock_shows(waits.void_at);
		assert!(System::authorized_upgrade().is_none());
	});
}
