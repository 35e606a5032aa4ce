//! What patients may plan for an emergency.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

const DESKS: [HospitalId; 3] = [NORTH, EAST, SOUTH];

#[test]
fn whole_chart_is_planned_for_two_of_three_hospitals() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(plans(patient, 2, &DESKS));
		let set = Event::EmergencyPlanSet {
			patient,
			threshold: 2,
			holders: 3,
			whole: true,
			duration: DAY,
		};
		assert_eq!(last_event(), set);
		let plan = Delegation::emergency_plan(patient).unwrap();
		assert_eq!((plan.records, plan.epoch, plan.used), (None, Some(0), false));
		assert!(plan.holders.iter().all(|holder| holder.able));
		// The plan is another's choice, and opens nothing by itself.
		assert!(!sees(patient, a_doctor(), None));
	});
}

#[test]
fn chosen_records_have_to_be_there() {
	chain(|| {
		let patient = a_patient();
		adds(patient, 2);
		for records in [&[][..], &[2], &[0, 7]] {
			assert_noop!(
				plans_set(patient, 2, &DESKS, chosen(records)),
				Error::<Test>::InvalidEmergencySet
			);
		}
		let withdrawn = vec![1].try_into().unwrap();
		assert_ok!(MedicalRecords::withdraw_records(by(patient), withdrawn));
		assert_noop!(
			plans_set(patient, 2, &DESKS, chosen(&[1])),
			Error::<Test>::InvalidEmergencySet
		);
		assert_ok!(plans_set(patient, 2, &DESKS, chosen(&[0])));
		assert_eq!(Delegation::emergency_plan(patient).unwrap().records, Some(vec![0]));
	});
}

#[test]
fn two_hospitals_at_least_and_no_more_than_there_are() {
	chain(|| {
		let patient = a_patient();
		for threshold in [0, 1, 4] {
			assert_noop!(plans(patient, threshold, &DESKS), Error::<Test>::InvalidThreshold);
		}
		assert_noop!(plans(patient, 2, &[NORTH]), Error::<Test>::InvalidShares);
		assert_noop!(plans(patient, 2, &[NORTH, NORTH]), Error::<Test>::DelegateTwice);
		leaves(WEST);
		assert_noop!(plans(patient, 2, &[NORTH, WEST]), Error::<Test>::HospitalNotActive);
		assert_noop!(plans(patient, 2, &[NORTH, KEYLESS]), Error::<Test>::KeyMissing);
		let person = divided(2, &[Delegate::Desk(NORTH), Delegate::Patient(a_patient())]);
		let set = EmergencySet::Chart(sealed_epoch(patient));
		assert_noop!(
			Delegation::set_emergency_plan(by(patient), person, 1, x_wing_key(5), set, DAY),
			Error::<Test>::NotDesk
		);
	});
}

#[test]
fn plan_is_sealed_to_what_is_there_now() {
	chain(|| {
		let patient = a_patient();
		let desks: Vec<_> = DESKS.map(Delegate::Desk).to_vec();
		let sets = |divided, key, set, duration| {
			Delegation::set_emergency_plan(by(patient), divided, 1, key, set, duration)
		};
		let chart = || EmergencySet::Chart(sealed_epoch(patient));
		let two = || divided(2, &desks);
		let key = || x_wing_key(5);
		for duration in [0, 7 * DAY + 1] {
			assert_noop!(sets(two(), key(), chart(), duration), Error::<Test>::InvalidDuration);
		}
		assert_noop!(sets(two(), unusable_key(), chart(), DAY), Error::<Test>::InvalidKey);
		let prepared = two();
		changes_profile_key(EAST);
		assert_noop!(sets(prepared, key(), chart(), DAY), Error::<Test>::KeyChanged);
		let malformed = SealedEpoch { epoch: 0, key: malformed_key() };
		assert_noop!(
			sets(two(), key(), EmergencySet::Chart(malformed), DAY),
			Error::<Test>::InvalidSealedKey
		);
		let stale = chart();
		rotates(patient);
		assert_noop!(sets(two(), key(), stale, DAY), Error::<Test>::StaleEpoch);
		assert_ok!(sets(two(), key(), chart(), DAY));
	});
}

#[test]
fn key_is_renewed_after_a_rotation_unless_it_was_used() {
	chain(|| {
		let patient = a_patient();
		let renews =
			|plan| Delegation::renew_emergency_key(by(patient), plan, sealed_epoch(patient));
		assert_noop!(renews(START), Error::<Test>::NoEmergencyPlan);
		assert_ok!(plans(patient, 2, &DESKS));
		rotates(patient);
		assert_noop!(renews(START - 1), Error::<Test>::NoEmergencyPlan);
		assert_ok!(renews(START));
		assert_eq!(last_event(), Event::EmergencyKeyRenewed { patient, epoch: 2 });
		assert_eq!(Delegation::emergency_plan(patient).unwrap().epoch, Some(2));
		let stale = SealedEpoch { epoch: 0, key: sealed_key() };
		assert_noop!(
			Delegation::renew_emergency_key(by(patient), START, stale),
			Error::<Test>::StaleEpoch
		);
		let doctor = a_doctor();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		rotates(patient);
		// A doctor has the secret of its key.
		assert_noop!(renews(START), Error::<Test>::NoEmergencyPlan);

		let other = a_patient();
		adds(other, 1);
		assert_ok!(plans_set(other, 2, &DESKS, chosen(&[0])));
		assert_noop!(
			Delegation::renew_emergency_key(by(other), START, sealed_epoch(other)),
			Error::<Test>::NotWholeChart
		);
	});
}

#[test]
fn suspended_patient_removes_the_plan_and_sets_none() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(plans(patient, 2, &DESKS));
		suspends_patient(patient);
		assert_noop!(plans(patient, 2, &DESKS), Error::<Test>::NotVerified);
		assert_ok!(Delegation::remove_emergency_plan(by(patient)));
		assert_eq!(last_event(), Event::EmergencyPlanRemoved { patient });
		assert_noop!(
			Delegation::remove_emergency_plan(by(patient)),
			Error::<Test>::NoEmergencyPlan
		);
		assert_eq!(EmergencyShares::<Test>::iter().count(), 0);
	});
}
