use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn controller_hands_over_and_the_validator_goes_on() {
	consortium(|| {
		assert_ok!(Consortium::change_controller(signed(3), WEST, account(20)));
		let event = Event::ControllerChanged { hospital: WEST, old: account(3), new: account(20) };
		assert_eq!(last_event(), event);
		assert!(members().contains(&account(20)));
		assert!(!members().contains(&account(3)));
		assert_noop!(Consortium::reclaim_seat(signed(3)), Error::<Test>::NotController);
		pass_sessions(3);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		// The new controller rotates the validator's keys, with no provider but ours.
		let keys = sp_runtime::testing::UintAuthorityId(77);
		assert_ok!(Session::set_keys(signed(20), keys, vec![]));
	});
}

#[test]
fn council_replaces_a_lost_controller() {
	consortium(|| {
		assert_ok!(Consortium::change_controller(council(), WEST, account(20)));
		assert_eq!(ControllerOf::<Test>::get(account(20)), Some(WEST));
		assert_eq!(ControllerOf::<Test>::get(account(3)), None);
	});
}

#[test]
fn nobody_else_replaces_a_controller() {
	consortium(|| {
		for origin in [signed(0), signed(99), signed(103)] {
			assert_noop!(
				Consortium::change_controller(origin, WEST, account(20)),
				Error::<Test>::NotController
			);
		}
		for origin in [half_the_council(), RuntimeOrigin::root()] {
			assert_noop!(
				Consortium::change_controller(origin, WEST, account(20)),
				sp_runtime::traits::BadOrigin
			);
		}
	});
}

#[test]
fn new_controller_must_not_control_another_hospital() {
	consortium(|| {
		for taken in [account(0), account(3)] {
			assert_noop!(
				Consortium::change_controller(signed(3), WEST, taken),
				Error::<Test>::AlreadyController
			);
		}
	});
}

#[test]
fn only_members_have_controllers() {
	consortium(|| {
		assert_noop!(
			Consortium::change_controller(council(), HospitalId(99), account(20)),
			Error::<Test>::HospitalNotFound
		);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_noop!(
			Consortium::change_controller(council(), WEST, account(20)),
			Error::<Test>::HospitalNotActive
		);
	});
}
