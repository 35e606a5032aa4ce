//! The pace at which a hospital may suspend people.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use medblock_primitives::Capacity::{self, Doctor, Patient};
use sp_runtime::traits::BadOrigin;

/// The number of suspensions that succeed one after another, of a hospital with so many people.
fn at_once(capacity: Capacity, people: u32) -> u32 {
	(0..10_000).take_while(|_| Consortium::count_suspension(NORTH, capacity, people)).count() as u32
}

fn allow(capacity: Capacity, number: u32) -> sp_runtime::DispatchResult {
	Consortium::allow_suspensions(signed(0), NORTH, capacity, number)
}

#[test]
fn hospital_suspends_a_hundredth_of_its_people_a_day_and_no_fewer_than_ten() {
	for (people, a_day) in
		[(0, 10), (1, 10), (1_000, 10), (1_001, 11), (100_000, 1_000), (100_001, 1_001)]
	{
		consortium(|| assert_eq!(at_once(Patient, people), a_day, "of {people} patients"));
		consortium(|| assert_eq!(at_once(Doctor, people), a_day, "of {people} doctors"));
	}
	assert!(Pace::default().count(0, u32::MAX), "the largest number overflows nothing");
}

#[test]
fn pace_recovers_with_time_and_not_with_blocks() {
	consortium(|| {
		assert_eq!(at_once(Patient, 1_000), 10);
		// Blocks of no time.
		System::set_block_number(1);
		assert_eq!(at_once(Patient, 1_000), 0);
		stands_still(DAY / 10 - 1);
		assert_eq!(at_once(Patient, 1_000), 0);
		stands_still(1);
		assert_eq!(at_once(Patient, 1_000), 1);
		stands_still(DAY);
		assert_eq!(at_once(Patient, 1_000), 10);
		stands_still(100 * DAY);
		assert_eq!(at_once(Patient, 1_000), 10, "days do not add up");
	});
}

#[test]
fn hospitals_and_kinds_of_people_have_paces_of_their_own() {
	consortium(|| {
		assert_eq!(at_once(Patient, 1_000), 10);
		assert_eq!(at_once(Doctor, 1_000), 10);
		assert!(Consortium::count_suspension(EAST, Patient, 1_000));
	});
}

#[test]
fn controller_and_council_allow_more_for_a_day() {
	consortium(|| {
		assert_ok!(allow(Patient, 25));
		let until = 1_000 + DAY;
		let (hospital, capacity, number) = (NORTH, Patient, 25);
		let allowed = Event::SuspensionsAllowed { hospital, capacity, number, until };
		assert_eq!(last_event(), allowed);
		assert_eq!(at_once(Patient, 1_000), 35);
		assert_eq!(at_once(Doctor, 1_000), 10, "of the other kind, as before");
		// It replaces what was left, and ends.
		assert_ok!(allow(Patient, 5));
		assert_ok!(Consortium::allow_suspensions(council(), NORTH, Patient, 7));
		assert_eq!(at_once(Patient, 1_000), 7);
		assert_ok!(allow(Doctor, 9));
		assert_ok!(allow(Doctor, 0));
		assert_eq!(at_once(Doctor, 1_000), 0);
		assert_ok!(allow(Patient, u32::MAX));
		stands_still(DAY);
		assert_eq!(at_once(Patient, 1_000), 10);
	});
}

#[test]
fn others_allow_nothing() {
	consortium(|| {
		let allow = |origin, hospital| Consortium::allow_suspensions(origin, hospital, Patient, 5);
		let not_controller = Error::<Test>::NotController;
		assert_noop!(allow(signed(1), NORTH), not_controller);
		// The registrar of this very hospital.
		assert_noop!(allow(signed(100), NORTH), Error::<Test>::NotController);
		assert_noop!(allow(half_the_council(), NORTH), BadOrigin);
		assert_noop!(allow(RuntimeOrigin::root(), NORTH), BadOrigin);
		let unknown = allow(council(), HospitalId(99));
		assert_noop!(unknown, Error::<Test>::HospitalNotFound);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		let gone = allow(council(), WEST);
		assert_noop!(gone, Error::<Test>::HospitalNotActive);
	});
}
