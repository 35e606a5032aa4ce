use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

#[test]
fn equivocator_loses_its_seat_once_however_often_it_is_reported() {
	consortium(|| {
		pass_sessions(1);
		for _ in 0..3 {
			equivocates(WEST, 1);
		}
		assert_eq!(events(), [Event::SeatSuspended { hospital: WEST, ready: 3 }]);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		// Its registrars and its vote are untouched: that is for the council to decide.
		assert!(Consortium::is_active(WEST));
	});
}

#[test]
fn equivocators_are_suspended_down_to_one_below_the_minimum() {
	with_minimum(4, || {
		equivocates(WEST, 0);
		assert_eq!(last_event(), Event::SeatSuspended { hospital: WEST, ready: 3 });
		equivocates(SOUTH, 0);
		assert_eq!(last_event(), Event::EquivocationTolerated { hospital: SOUTH });
		pass_sessions(3);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
	});
}

#[test]
fn equivocator_leaves_before_those_that_merely_have_to() {
	with_minimum(2, || {
		assert_ok!(Consortium::expel_hospital(council(), NORTH));
		equivocates(WEST, 0);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		pass_sessions(1);
		assert_eq!(seated(), [EAST, SOUTH]);
	});
}

#[test]
fn benched_equivocator_cannot_just_return() {
	consortium(|| {
		pass_sessions_with_silent(4, &[WEST]);
		equivocates(WEST, 1);
		assert_noop!(Consortium::reclaim_seat(signed(3)), Error::<Test>::NotBenched);
	});
}

#[test]
fn council_reinstates_and_what_was_before_is_settled() {
	consortium(|| {
		pass_sessions(1);
		equivocates(WEST, 1);
		pass_sessions(1);
		// While it is in office, each round's report would count as a new offence.
		assert_noop!(
			Consortium::reinstate_seat(council(), WEST),
			Error::<Test>::ValidatorsChanging
		);
		pass_sessions(1);
		assert_ok!(Consortium::reinstate_seat(council(), WEST));
		assert_eq!(last_event(), Event::SeatReinstated { hospital: WEST });
		equivocates(WEST, 1);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		// A new offence is a new offence.
		equivocates(WEST, 3);
		assert_eq!(last_event(), Event::SeatSuspended { hospital: WEST, ready: 3 });
	});
}

#[test]
fn only_the_council_reinstates_and_only_the_suspended() {
	consortium(|| {
		assert_noop!(Consortium::reinstate_seat(council(), WEST), Error::<Test>::NotSuspended);
		assert_noop!(
			Consortium::reinstate_seat(council(), HospitalId(99)),
			Error::<Test>::HospitalNotFound
		);
		equivocates(WEST, 0);
		assert_noop!(Consortium::reinstate_seat(signed(3), WEST), BadOrigin);
		assert_noop!(Consortium::reinstate_seat(half_the_council(), WEST), BadOrigin);
	});
}

#[test]
fn reports_of_strangers_and_of_former_members_change_nothing() {
	consortium(|| {
		equivocates(HospitalId(99), 0);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		let before = events();
		equivocates(WEST, 0);
		assert_eq!(events(), before);
	});
}
