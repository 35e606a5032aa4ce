use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::EnsureOrigin};
use sp_runtime::traits::BadOrigin;

#[test]
fn expelled_hospital_loses_vote_and_registrars_at_once_and_its_seat_with_the_sessions() {
	consortium(|| {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_eq!(last_event(), Event::HospitalExpelled { hospital: WEST });
		assert!(!members().contains(&account(3)));
		assert!(!Consortium::is_active(WEST));
		assert_eq!(RegistrarOf::<Test>::get(account(103)), None);
		assert!(EnsureRegistrar::<Test>::try_origin(signed(103)).is_err());
		assert_eq!(EXPELLED.with_borrow(Clone::clone), [WEST]);
		assert_eq!(seated().len(), 4);
		pass_sessions(1);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		assert_eq!(last_event(), Event::SeatLeft { hospital: WEST });
		assert_eq!(Session::validators().len(), 4);
		pass_sessions(1);
		assert_eq!(Session::validators().len(), 3);
	});
}

#[test]
fn council_cannot_go_below_the_minimum() {
	with_minimum(4, || {
		assert_noop!(Consortium::expel_hospital(council(), WEST), Error::<Test>::TooFewSeats);
	});
	with_minimum(3, || {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		// Counted at once, though the seat is still taken.
		assert_noop!(Consortium::expel_hospital(council(), SOUTH), Error::<Test>::TooFewSeats);
		pass_sessions(3);
		assert_noop!(Consortium::expel_hospital(council(), SOUTH), Error::<Test>::TooFewSeats);
	});
}

#[test]
fn hospital_that_validates_nothing_can_be_expelled_at_the_minimum() {
	with_minimum(4, || {
		let gateway = gateway("https://5.example");
		assert_ok!(Consortium::admit_hospital(council(), account(10), name("Fifth"), gateway));
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		equivocates(WEST, 0);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
	});
}

#[test]
fn last_validator_keeps_its_seat() {
	consortium(|| {
		for hospital in [WEST, SOUTH, EAST] {
			assert_ok!(Consortium::expel_hospital(council(), hospital));
			pass_sessions(2);
		}
		assert_eq!(seated(), [NORTH]);
		assert_noop!(Consortium::expel_hospital(council(), NORTH), Error::<Test>::TooFewSeats);
	});
}

/// An expelled validator stops voting before the set shrinks. With two of six on their way out, the
/// five votes that the set of six needs would be missing, and it could never be changed again.
#[test]
fn council_waits_with_the_second_until_the_first_has_left_the_set() {
	with_minimum(3, || {
		for n in [10, 11] {
			let gateway = gateway("https://more.example");
			assert_ok!(Consortium::admit_hospital(council(), account(n), name("More"), gateway));
			set_keys(HospitalId(NextHospital::<Test>::get().0 - 1));
		}
		pass_sessions(4);
		assert_eq!(Session::validators().len(), 6);
		assert_ok!(Consortium::expel_hospital(council(), NORTH));
		for validators in [6, 6, 5] {
			assert_eq!(Session::validators().len(), validators);
			if validators == 6 {
				assert_noop!(
					Consortium::expel_hospital(council(), WEST),
					Error::<Test>::ValidatorsChanging
				);
				pass_sessions(1);
			}
		}
		assert_ok!(Consortium::expel_hospital(council(), WEST));
	});
}

#[test]
fn hospital_that_waits_for_its_seat_does_not_stand_in_for_one_that_has_it() {
	with_minimum(4, || {
		let gateway = gateway("https://5.example");
		assert_ok!(Consortium::admit_hospital(council(), account(10), name("Fifth"), gateway));
		set_keys(FIFTH);
		assert_noop!(Consortium::expel_hospital(council(), WEST), Error::<Test>::TooFewSeats);
		pass_sessions(1);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
	});
}

#[test]
fn only_the_council_expels_and_only_members() {
	consortium(|| {
		assert_noop!(Consortium::expel_hospital(half_the_council(), WEST), BadOrigin);
		assert_noop!(Consortium::expel_hospital(signed(3), WEST), BadOrigin);
		assert_noop!(
			Consortium::expel_hospital(council(), HospitalId(99)),
			Error::<Test>::HospitalNotFound
		);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		assert_noop!(Consortium::expel_hospital(council(), WEST), Error::<Test>::HospitalNotActive);
	});
}

#[test]
fn expelled_controller_can_do_nothing_for_the_hospital() {
	consortium(|| {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		let west = || signed(3);
		assert_noop!(Consortium::reclaim_seat(west()), Error::<Test>::NotController);
		assert_noop!(
			Consortium::appoint_registrar(west(), account(9)),
			Error::<Test>::NotController
		);
		assert_noop!(
			Consortium::change_controller(west(), WEST, account(9)),
			Error::<Test>::NotController
		);
		assert_noop!(
			Session::set_keys(west(), sp_runtime::testing::UintAuthorityId(9), vec![]),
			pallet_session::Error::<Test>::NoAssociatedValidatorId
		);
	});
}
