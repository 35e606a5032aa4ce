use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use medblock_primitives::{
	Capacity::{Doctor, Patient},
	Paced::{Suspension, Verification},
};

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

/// A thief of the controller's key could still become a registrar, two weeks after the key was replaced.
#[test]
fn what_the_controller_before_has_offered_and_allowed_ends() {
	consortium(|| {
		let institution = laboratory(3);
		operates(51, institution, 3);
		assert_ok!(Consortium::appoint_registrar(signed(3), account(50)));
		assert_ok!(Consortium::appoint_operator(signed(3), institution, account(52)));
		assert_ok!(Consortium::appoint_registrar(signed(2), account(50)));
		let allow = Consortium::allow_decisions;
		assert_ok!(allow(signed(3), WEST, Verification, Patient, 500));
		assert_ok!(allow(council(), WEST, Suspension, Doctor, 5));
		assert_ok!(allow(signed(2), SOUTH, Suspension, Doctor, 5));
		assert_ok!(Consortium::change_controller(council(), WEST, account(20)));

		let accept = Consortium::accept_appointment(signed(50), WEST, 1, x_wing_key(7));
		assert_noop!(accept, Error::<Test>::NotAppointed);
		let join = Consortium::join_institution(signed(52), institution);
		assert_noop!(join, Error::<Test>::NotAppointed);
		let at_once = |hospital, what, capacity| {
			let count = || Consortium::count_decision(hospital, what, capacity, 0);
			(0..2_000).take_while(|_| count()).count()
		};
		assert_eq!(at_once(WEST, Verification, Patient), 1_000);
		assert_eq!(at_once(WEST, Suspension, Doctor), 10);

		// Those who have accepted stay, and so does what other hospitals have offered and allowed.
		assert_eq!(Consortium::operator_of(&account(51)), Some(institution));
		assert_eq!(at_once(SOUTH, Suspension, Doctor), 15);
		assert_ok!(Consortium::accept_appointment(signed(50), SOUTH, 1, x_wing_key(7)));
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
