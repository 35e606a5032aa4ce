//! Confirmations: the holders that count, and the shares that they seal.

use super::{DESKS, a_plan};
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn only_the_holders_that_the_patient_has_chosen_confirm_and_each_once() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_noop!(confirms_emergency(WEST, patient, doctor), Error::<Test>::NotHolder);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_noop!(confirms_emergency(NORTH, patient, doctor), Error::<Test>::AlreadyConfirmed);
		let unplanned = a_patient();
		assert_noop!(confirms_emergency(NORTH, unplanned, doctor), Error::<Test>::NoEmergencyPlan);
		// A holder that has left.
		leaves(EAST);
		assert!(confirms_emergency(EAST, patient, doctor).is_err());
	});
}

#[test]
fn expelled_holders_leave_the_others_enough() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		assert_ok!(plans(patient, 2, &[NORTH, SOUTH, WEST]));
		leaves(WEST);
		assert!(!Delegation::emergency_plan(patient).unwrap().holders[2].able);
		assert_ok!(asks_for_emergency(doctor, patient));
		assert!(confirms_emergency(WEST, patient, doctor).is_err());
		assert_ok!(confirms_emergency(SOUTH, patient, doctor));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(sees(patient, doctor, None));
	});
}

#[test]
fn confirmation_of_a_hospital_that_was_expelled_since_does_not_count() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		adds(patient, 1);
		assert_ok!(plans(patient, 2, &[NORTH, SOUTH, WEST]));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(WEST, patient, doctor));
		leaves(WEST);
		assert_ok!(confirms_emergency(SOUTH, patient, doctor));
		assert!(!sees(patient, doctor, None), "only one hospital of the consortium's agrees");
		// The doctor has two shares all the same, and with them the plan's key.
		assert!(Delegation::emergency_plan(patient).unwrap().used && is_due(patient));
		check_invariants();
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(sees(patient, doctor, None));
	});
}

/// The others have confirmed already, and can't open it in its place.
#[test]
fn hospital_that_was_expelled_since_and_has_come_back_confirms_again() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		adds(patient, 1);
		assert_ok!(plans(patient, 2, &[NORTH, WEST]));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(WEST, patient, doctor));
		leaves(WEST);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(!sees(patient, doctor, None));
		check_invariants();
		returns(WEST);
		let asked = |hospital| Delegation::emergencies_asked(hospital, None, 9).items.len();
		assert_eq!((asked(NORTH), asked(WEST)), (0, 1));
		assert_noop!(confirms_emergency(NORTH, patient, doctor), Error::<Test>::AlreadyConfirmed);
		assert_ok!(confirms_emergency(WEST, patient, doctor));
		assert!(sees(patient, doctor, None));
		assert_eq!((asked(NORTH), asked(WEST)), (0, 0));
	});
}

#[test]
fn share_is_sealed_to_the_key_that_the_doctor_asked_with() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		changes_doctors_key(doctor);
		// Sealed to the old key, or to one that the other holders have not sealed to.
		for version in [1, 2] {
			assert_noop!(
				Delegation::confirm_emergency(
					registrar(NORTH),
					patient,
					doctor,
					version,
					sealed_share()
				),
				Error::<Test>::KeyChanged
			);
		}
		assert_ok!(Delegation::withdraw_emergency_request(by(doctor), patient));
		assert_ok!(asks_for_emergency(doctor, patient));
		for share in malformed_shares() {
			assert_noop!(
				Delegation::confirm_emergency(registrar(NORTH), patient, doctor, 2, share),
				Error::<Test>::InvalidSealedKey
			);
		}
		// A holder's new profile key opens what was sealed to the one before.
		changes_profile_key(NORTH);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
	});
}

/// Whether the plan counts as used.
fn is_used(patient: PatientId) -> bool {
	Delegation::emergency_plan(patient).unwrap().used
}

#[test]
fn shares_of_requests_that_ended_count() {
	let ends: [fn(PatientId, DoctorId); 3] = [
		|patient, doctor| {
			assert_ok!(Delegation::end_emergency(by(patient), doctor));
		},
		|patient, doctor| {
			assert_ok!(Delegation::withdraw_emergency_request(by(doctor), patient));
		},
		|_, _| pass(DAY),
	];
	for end in ends {
		chain(|| {
			let (patient, doctor) = a_plan();
			assert_ok!(asks_for_emergency(doctor, patient));
			assert_ok!(confirms_emergency(NORTH, patient, doctor));
			end(patient, doctor);
			assert!(!is_used(patient) && !is_due(patient), "one share opens nothing");
			assert_ok!(asks_for_emergency(doctor, patient));
			assert_ok!(confirms_emergency(EAST, patient, doctor));
			assert!(!sees(patient, doctor, None), "only one hospital confirms this request");
			// The doctor has two shares all the same, and with them the plan's key.
			assert!(is_used(patient) && is_due(patient));
			check_invariants();
			rotates(patient);
			let (plan, sealed) = (START, sealed_epoch(patient));
			assert_noop!(
				Delegation::renew_emergency_key(by(patient), plan, sealed),
				Error::<Test>::NoEmergencyPlan
			);
			// In another plan, the same hospitals have other shares.
			assert_ok!(plans(patient, 2, &DESKS));
			assert_ok!(asks_for_emergency(doctor, patient));
			assert_ok!(confirms_emergency(EAST, patient, doctor));
			assert!(!is_used(patient) && !is_due(patient));
		});
	}
}

#[test]
fn shares_of_two_doctors_count_together() {
	chain(|| {
		let (patient, doctor) = a_plan();
		let other = a_doctor();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(asks_for_emergency(other, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(NORTH, patient, other));
		assert!(!is_used(patient) && !is_due(patient), "it is the same share");
		assert_ok!(confirms_emergency(SOUTH, patient, other));
		assert!(is_used(patient) && is_due(patient) && sees(patient, other, None));
		// And where none of the two has enough.
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(asks_for_emergency(other, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, other));
		assert!(is_used(patient) && is_due(patient));
		assert!(!sees(patient, doctor, None) && !sees(patient, other, None));
	});
}
