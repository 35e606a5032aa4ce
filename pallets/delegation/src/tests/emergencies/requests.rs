//! Requests: who may ask, how a request ends, and how many there are.

use super::a_plan;
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn only_doctors_who_practise_and_see_nothing_yet_ask() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_noop!(
			Delegation::request_emergency(by(patient), patient, EmergencyReason::Other, [0; 32]),
			Error::<Test>::NotRegistered
		);
		let unplanned = a_patient();
		assert_noop!(asks_for_emergency(doctor, unplanned), Error::<Test>::NoEmergencyPlan);
		let own = registers_doctor(account_of(patient.into()));
		assert_noop!(asks_for_emergency(own, patient), Error::<Test>::OwnChart);
		let suspended = a_doctor();
		suspends_doctor(suspended);
		assert_noop!(asks_for_emergency(suspended, patient), Error::<Test>::NotPractising);
		let unvouched = a_doctor();
		assert_ok!(MedicalRecords::set_encryption_key(by(unvouched), 1, x_wing_key(2)));
		assert_noop!(asks_for_emergency(unvouched, patient), Error::<Test>::KeyMissing);
		// A doctor with a grant to the chart.
		let granted = a_doctor();
		grants(patient, granted);
		assert_noop!(asks_for_emergency(granted, patient), Error::<Test>::AlreadyGranted);
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_noop!(asks_for_emergency(doctor, patient), Error::<Test>::AlreadyAsked);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		assert_noop!(asks_for_emergency(doctor, patient), Error::<Test>::AlreadyGranted);
	});
}

#[test]
fn patient_refuses() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(Delegation::may_end_emergency(&account_of(patient.into()), doctor));
		suspends_patient(patient);
		assert_ok!(Delegation::end_emergency(by(patient), doctor));
		let why = RequestEnd::Refused;
		assert_eq!(last_event(), Event::EmergencyRequestEnded { patient, doctor, why });
		assert_noop!(confirms_emergency(EAST, patient, doctor), Error::<Test>::EmergencyNotFound);
		assert_noop!(
			Delegation::end_emergency(by(patient), doctor),
			Error::<Test>::EmergencyNotFound
		);
		assert_eq!(ConfirmedShares::<Test>::iter().count(), 0);
	});
}

#[test]
fn request_lapses_after_a_day() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		pass(DAY);
		assert_noop!(confirms_emergency(NORTH, patient, doctor), Error::<Test>::RequestLapsed);
		// Before any block had time for it, the doctor asks again.
		assert_ok!(asks_for_emergency(doctor, patient));
		let why = RequestEnd::Lapsed;
		assert!(events().contains(&Event::EmergencyRequestEnded { patient, doctor, why }));
		pass(DAY + HOUR);
		idle_blocks();
		assert_eq!(last_event(), Event::EmergencyRequestEnded { patient, doctor, why });
		assert_eq!(EmergencyRequests::<Test>::iter().count(), 0);
	});
}

#[test]
fn doctors_can_take_a_request_back() {
	chain(|| {
		let (patient, doctor) = a_plan();
		let withdraws = || Delegation::withdraw_emergency_request(by(doctor), patient);
		assert_noop!(withdraws(), Error::<Test>::EmergencyNotFound);
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(withdraws());
		let why = RequestEnd::TakenBack;
		assert_eq!(last_event(), Event::EmergencyRequestEnded { patient, doctor, why });
	});
}

#[test]
fn flood_of_requests_is_bounded() {
	chain(|| {
		let (patient, _) = a_plan();
		for _ in 0..MAX_EMERGENCY_REQUESTS {
			assert_ok!(asks_for_emergency(a_doctor(), patient));
		}
		let one_more = a_doctor();
		assert_noop!(asks_for_emergency(one_more, patient), Error::<Test>::MaxRequestsExceeded);
	});
}

#[test]
fn one_hospital_alone_keeps_no_other_from_asking() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(MedicalRecords::request_move(by(doctor), Capacity::Doctor, Some(WEST)));
		assert_ok!(MedicalRecords::accept_doctor(registrar(WEST), doctor));
		let flood: Vec<_> = (0..MAX_EMERGENCY_REQUESTS).map(|_| a_doctor()).collect();
		for one in &flood {
			assert_ok!(asks_for_emergency(*one, patient));
			pass(1);
		}
		let (last, others) = flood.split_last().unwrap();
		assert_ok!(confirms_emergency(EAST, patient, *last));
		assert_ok!(asks_for_emergency(doctor, patient));
		// The last that no holder has confirmed.
		let (overtaken, why) = (others.last().unwrap(), RequestEnd::Overtaken);
		let ended = Event::EmergencyRequestEnded { patient, doctor: *overtaken, why };
		assert!(events().contains(&ended));
		assert_eq!(
			EmergencyRequests::<Test>::iter_prefix(patient).count(),
			MAX_EMERGENCY_REQUESTS as usize
		);
		// It takes no place back from those who have fewer.
		assert_noop!(asks_for_emergency(*overtaken, patient), Error::<Test>::MaxRequestsExceeded);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		assert!(sees(patient, doctor, None));
	});
}

#[test]
fn requests_that_have_lapsed_keep_no_one_waiting() {
	chain(|| {
		let (patient, doctor) = a_plan();
		for _ in 0..MAX_EMERGENCY_REQUESTS {
			assert_ok!(asks_for_emergency(a_doctor(), patient));
		}
		pass(DAY - 1);
		assert_noop!(asks_for_emergency(doctor, patient), Error::<Test>::MaxRequestsExceeded);
		pass(1);
		// Before any block had time for them.
		assert_ok!(asks_for_emergency(doctor, patient));
		let left = EmergencyRequests::<Test>::iter_prefix(patient).count();
		assert_eq!(left, MAX_EMERGENCY_REQUESTS as usize);
		let has_lapsed = |event: &Event<Test>| {
			matches!(event, Event::EmergencyRequestEnded { why: RequestEnd::Lapsed, .. })
		};
		assert_eq!(events().iter().filter(|event| has_lapsed(event)).count(), 1);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		assert!(sees(patient, doctor, None));
	});
}
