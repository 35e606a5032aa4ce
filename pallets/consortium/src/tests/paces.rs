//! The paces at which a hospital may decide about its people.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use medblock_primitives::{
	Capacity::{self, Doctor, Patient},
	Paced::{self, Correction, Suspension, Verification},
};
use sp_runtime::traits::BadOrigin;

/// The number of decisions that succeed one after another, of a hospital with so many people.
fn at_once(what: Paced, capacity: Capacity, people: u32) -> u32 {
	let count = || Consortium::count_decision(NORTH, what, capacity, people);
	(0..10_000).take_while(|_| count()).count() as u32
}

fn allow(what: Paced, capacity: Capacity, number: u32) -> sp_runtime::DispatchResult {
	Consortium::allow_decisions(signed(0), NORTH, what, capacity, number)
}

#[test]
fn hospital_suspends_a_hundredth_of_its_people_a_day_and_no_fewer_than_ten() {
	for (people, a_day) in
		[(0, 10), (1, 10), (1_000, 10), (1_001, 11), (100_000, 1_000), (100_001, 1_001)]
	{
		for capacity in [Patient, Doctor] {
			consortium(|| {
				let suspended = at_once(Suspension, capacity, people);
				assert_eq!(suspended, a_day, "of {people}, {capacity:?}");
			});
		}
	}
	let most = decisions_a_day(Suspension, Patient, u32::MAX);
	assert!(Pace::default().count(0, most), "the largest number overflows nothing");
}

/// A registrar's key verified 100,000 people who do not exist, each with an allowance, within an hour.
#[test]
fn hospital_verifies_as_many_people_a_day_as_a_desk_sees_however_many_it_has() {
	for people in [0, 1_000, 1_000_000] {
		consortium(|| {
			assert_eq!(at_once(Verification, Patient, people), 1_000);
			assert_eq!(at_once(Verification, Doctor, people), 100);
			stands_still(DAY / 10);
			assert_eq!(at_once(Verification, Patient, people), 100);
			assert_eq!(at_once(Verification, Doctor, people), 10);
		});
	}
}

#[test]
fn controller_allows_an_import_of_a_hundred_thousand_patients_for_a_week() {
	consortium(|| {
		assert_ok!(allow(Verification, Patient, 100_000));
		let until = 1_000 + 7 * DAY;
		let (hospital, what, capacity, number) = (NORTH, Verification, Patient, 100_000);
		let allowed = Event::DecisionsAllowed { hospital, what, capacity, number, until };
		assert_eq!(last_event(), allowed);
		let mut verified = 0;
		for _ in 0..7 {
			let verify = || Consortium::count_decision(NORTH, what, capacity, 0);
			verified += (0..14_400).filter(|_| verify()).count();
			stands_still(DAY);
		}
		assert!(verified >= 100_000, "{verified}");
		assert_eq!(at_once(Verification, Patient, 0), 1_000, "then as ever");
	});
}

#[test]
fn hospital_replaces_a_hundredth_of_its_peoples_profiles_a_day_and_no_fewer_than_a_desk_needs() {
	for (people, patients, doctors) in [(0, 50, 10), (1_001, 50, 11), (100_000, 1_000, 1_000)] {
		consortium(|| {
			assert_eq!(at_once(Correction, Patient, people), patients);
			assert_eq!(at_once(Correction, Doctor, people), doctors);
		});
	}
}

#[test]
fn pace_recovers_with_time_and_not_with_blocks() {
	consortium(|| {
		assert_eq!(at_once(Suspension, Patient, 1_000), 10);
		// Blocks of no time.
		System::set_block_number(1);
		assert_eq!(at_once(Suspension, Patient, 1_000), 0);
		stands_still(DAY / 10 - 1);
		assert_eq!(at_once(Suspension, Patient, 1_000), 0);
		stands_still(1);
		assert_eq!(at_once(Suspension, Patient, 1_000), 1);
		stands_still(DAY);
		assert_eq!(at_once(Suspension, Patient, 1_000), 10);
		stands_still(100 * DAY);
		assert_eq!(at_once(Suspension, Patient, 1_000), 10, "days do not add up");
	});
}

#[test]
fn hospitals_and_kinds_of_people_and_decisions_have_paces_of_their_own() {
	consortium(|| {
		assert_eq!(at_once(Suspension, Patient, 1_000), 10);
		assert_eq!(at_once(Suspension, Doctor, 1_000), 10);
		assert_eq!(at_once(Correction, Doctor, 1_000), 10);
		assert!(Consortium::count_decision(EAST, Suspension, Patient, 1_000));
	});
}

#[test]
fn controller_and_council_allow_more_for_a_day() {
	consortium(|| {
		assert_ok!(allow(Suspension, Patient, 25));
		let until = 1_000 + DAY;
		let (hospital, what, capacity, number) = (NORTH, Suspension, Patient, 25);
		let allowed = Event::DecisionsAllowed { hospital, what, capacity, number, until };
		assert_eq!(last_event(), allowed);
		assert_eq!(at_once(Suspension, Patient, 1_000), 35);
		assert_eq!(at_once(Suspension, Doctor, 1_000), 10, "of the other kind, as before");
		// It replaces what was left, and ends.
		assert_ok!(allow(Suspension, Patient, 5));
		assert_ok!(Consortium::allow_decisions(council(), NORTH, Suspension, Patient, 7));
		assert_eq!(at_once(Suspension, Patient, 1_000), 7);
		assert_ok!(allow(Suspension, Doctor, 9));
		assert_ok!(allow(Suspension, Doctor, 0));
		assert_eq!(at_once(Suspension, Doctor, 1_000), 0);
		assert_ok!(allow(Suspension, Patient, u32::MAX));
		stands_still(DAY);
		assert_eq!(at_once(Suspension, Patient, 1_000), 10);
	});
}

#[test]
fn permissions_end_when_the_hospital_is_expelled() {
	consortium(|| {
		assert_ok!(Consortium::allow_decisions(signed(3), WEST, Verification, Patient, 500));
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		pass_sessions(2);
		assert_ok!(Consortium::readmit_hospital(council(), WEST, account(20)));
		let count = || Consortium::count_decision(WEST, Verification, Patient, 0);
		assert_eq!((0..2_000).take_while(|_| count()).count(), 1_000);
	});
}

#[test]
fn others_allow_nothing() {
	for what in [Suspension, Verification, Correction] {
		consortium(|| {
			let allow =
				|origin, hospital| Consortium::allow_decisions(origin, hospital, what, Patient, 5);
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
}
