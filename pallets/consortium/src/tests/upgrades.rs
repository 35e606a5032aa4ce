//! An upgrade that a decision has authorized ends with the decision.

use crate::{mock::*, upgrades::authorization, *};
use frame_support::{assert_ok, storage::unhashed, traits::UncheckedOnRuntimeUpgrade};

/// Decided in block 1, at second 1; due after five blocks, and void 14 days after that.
fn decides_on_an_upgrade() {
	let code_hash = Default::default();
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
