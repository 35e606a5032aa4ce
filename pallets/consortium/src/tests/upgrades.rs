//! An upgrade that a decision has authorized ends with the decision.

use crate::{mock::*, upgrades::authorization, *};
use frame_support::{assert_noop, assert_ok, storage::unhashed, traits::UncheckedOnRuntimeUpgrade};
use sp_core::H256;

/// Decided in block 1, at second 1; due after five blocks, and void 14 days after that.
fn decides_on_an_upgrade() {
	decides_on(H256::zero());
}

fn decides_on(code_hash: H256) {
	let call = RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash });
	assert_ok!(Consortium::enact(council(), Box::new(call)));
}

fn is_authorized() -> bool {
	System::authorized_upgrade().is_some()
}

#[test]
fn upgrade_that_nobody_puts_in_force_ends_with_its_decision() {
	consortium(|| {
		decides_on_an_upgrade();
		System::set_block_number(6);
		// However late it is carried out, the date is the one that was known from the beginning.
		stands_still(13 * DAY);
		assert_ok!(Consortium::carry_out(signed(2), 0));
		assert_eq!(UpgradeVoidAt::<Test>::get(), Some(6_000 + 14 * DAY));
		stands_still(DAY - 1);
		assert!(is_authorized());
		stands_still(1);
		assert!(!is_authorized());
		assert_eq!(last_event(), Event::UpgradeLapsed);
		assert_eq!(UpgradeVoidAt::<Test>::get(), None);
	});
}

#[test]
fn upgrade_that_is_in_force_does_not_lapse() {
	consortium(|| {
		decides_on_an_upgrade();
		System::set_block_number(6);
		assert_ok!(Consortium::carry_out(signed(2), 0));
		unhashed::kill(&authorization::<Test>());
		assert!(!is_authorized());
		stands_still(14 * DAY);
		assert_eq!(last_event(), Event::Enacted { enactment: Some(0) });
		assert_eq!(UpgradeVoidAt::<Test>::get(), None);
	});
}

#[test]
fn later_decision_gives_the_upgrade_that_it_authorizes_its_own_end() {
	consortium(|| {
		decides_on_an_upgrade();
		stands_still(DAY);
		decides_on_an_upgrade();
		System::set_block_number(6);
		assert_ok!(Consortium::carry_out(signed(2), 0));
		assert_ok!(Consortium::carry_out(signed(2), 1));
		stands_still(13 * DAY);
		assert!(is_authorized());
		stands_still(DAY);
		assert!(!is_authorized());
	});
}

/// Or one controller could have an older runtime take the newer one's place.
#[test]
fn upgrade_that_is_carried_out_ends_those_that_were_decided_before() {
	consortium(|| {
		let (older, newer) = (H256::repeat_byte(1), H256::repeat_byte(2));
		decides_on(older);
		decides_on(newer);
		System::set_block_number(6);
		assert_ok!(Consortium::carry_out(signed(2), 1));
		assert!(events().contains(&Event::EnactmentLapsed { enactment: 0 }));
		assert_noop!(Consortium::carry_out(signed(2), 0), Error::<Test>::EnactmentNotFound);
		let authorized = System::authorized_upgrade().map(|upgrade| *upgrade.code_hash());
		assert_eq!(authorized, Some(newer));
		// What is decided after it waits on.
		decides_on(older);
		decides_on(newer);
		System::set_block_number(11);
		assert_ok!(Consortium::carry_out(signed(2), 2));
		assert!(PendingEnactments::<Test>::contains_key(3));
	});
}

/// Carried out under a runtime that knew no end.
#[test]
fn authorized_upgrade_gets_an_end_when_the_chain_is_upgraded() {
	consortium(|| {
		System::do_authorize_upgrade(Default::default(), true);
		assert!(Consortium::do_try_state().is_err());
		VoidDates::<Test>::on_runtime_upgrade();
		assert_eq!(UpgradeVoidAt::<Test>::get(), Some(1_000 + 14 * DAY));
		stands_still(14 * DAY);
		assert!(!is_authorized());
	});
}
