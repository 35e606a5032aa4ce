//! The checks find what they are there for: no call reaches these states.

use crate::{mock::*, *};
use frame_support::{
	BoundedVec, assert_ok, storage::transactional::with_transaction, traits::Time,
};
use medblock_primitives::{Capacity, Paced};
use sp_core::H256;
use sp_runtime::{DispatchError, TransactionOutcome};

const KIND: (Paced, Capacity) = (Paced::Verification, Capacity::Patient);
const NOBODY: HospitalId = HospitalId(99);

#[track_caller]
fn broken(expected: &'static str, damage: impl FnOnce()) {
	consortium(|| {
		let call = RuntimeCall::System(frame_system::Call::set_storage { items: vec![] });
		assert_ok!(Consortium::enact(council(), Box::new(call)));
		assert!(Consortium::count_decision(NORTH, KIND.0, KIND.1, 0));
		assert_ok!(Consortium::do_try_state());
		let found = with_transaction(|| {
			damage();
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(Consortium::do_try_state()))
		});
		assert_eq!(found, Ok(Err(expected.into())));
	});
}

fn waits(enactment: u32) {
	let pending = PendingEnactments::<Test>::get(0).unwrap();
	PendingEnactments::<Test>::insert(enactment, pending);
}

#[test]
fn enactments() {
	broken("enactments: they are miscounted", || {
		let stored = PendingEnactments::<Test>::hashed_key_for(0);
		frame_support::storage::unhashed::kill(&stored);
	});
	broken("enactments: too many wait", || {
		NextEnactment::<Test>::put(3);
		(1..3).for_each(waits);
	});
	broken("enactments: a number from the future", || waits(1));
	broken("enactments: a number from the future", || NextEnactment::<Test>::put(0));
}

#[test]
fn motions() {
	let propose = |motions: &[(H256, HospitalId)]| {
		Proposers::<Test>::set(BoundedVec::truncate_from(motions.to_vec()));
	};
	let [one, other] = [1, 2].map(H256::repeat_byte);
	broken("motions: one has two proposers", || propose(&[(one, NORTH), (one, EAST)]));
	broken("motions: one was proposed by no hospital", || {
		propose(&[(one, NORTH), (other, NOBODY)])
	});
}

fn change_pace(hospital: HospitalId, edit: fn(&mut Pace)) {
	Paces::<Test>::mutate(hospital, KIND, edit);
}

#[test]
fn paces() {
	broken("paces: of no hospital", || change_pace(NOBODY, |pace| pace.busy_until = 1));
	broken("paces: busy for more than a day", || {
		change_pace(NORTH, |pace| pace.busy_until = Clock::now() + DAY + 1);
	});
	consortium(|| {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		let edits: [fn(&mut Pace); 2] = [|pace| pace.extra = 1, |pace| pace.extra_until = 1];
		for edit in edits {
			change_pace(WEST, edit);
			let why = "paces: an inactive hospital may decide more often";
			assert_eq!(Consortium::do_try_state(), Err(why.into()));
			Paces::<Test>::remove(WEST, KIND);
		}
	});
}
