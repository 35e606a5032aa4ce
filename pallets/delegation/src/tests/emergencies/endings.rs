//! The end of an emergency, and its review.

use super::{a_plan, an_emergency};
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn patient_closes_it_early_and_judges_it() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		assert_noop!(
			Delegation::review_emergency(by(patient), doctor, START, Review::Unjustified),
			Error::<Test>::EmergencyOpen
		);
		pass(HOUR);
		assert_ok!(Delegation::end_emergency(by(patient), doctor));
		assert_eq!(last_event(), Event::EmergencyClosed { patient, doctor, by_patient: true });
		assert!(!sees(patient, doctor, None) && is_due(patient));
		let review = Review::Unjustified;
		let reviews =
			|opened_at| Delegation::review_emergency(by(patient), doctor, opened_at, review);
		assert_noop!(reviews(START + 1), Error::<Test>::EmergencyNotFound);
		assert_ok!(reviews(START));
		assert_eq!(last_event(), Event::EmergencyReviewed { patient, doctor, review });
		assert_noop!(reviews(START), Error::<Test>::AlreadyReviewed);
	});
}

#[test]
fn doctors_can_end_their_emergency_before_its_time() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		let ends = |doctor| Delegation::withdraw_emergency_request(by(doctor), patient);
		let other = a_doctor();
		assert_noop!(ends(other), Error::<Test>::EmergencyNotFound);
		pass(HOUR);
		assert_ok!(ends(doctor));
		assert_eq!(last_event(), Event::EmergencyClosed { patient, doctor, by_patient: false });
		assert!(!sees(patient, doctor, None) && is_due(patient));
		assert_eq!(ConfirmedShares::<Test>::iter().count(), 0);
		assert_noop!(ends(doctor), Error::<Test>::EmergencyNotFound);
		assert_ok!(Delegation::review_emergency(by(patient), doctor, START, Review::Justified));
	});
}

#[test]
fn suspended_doctor_loses_it_in_the_middle() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		suspends_doctor(doctor);
		assert!(!sees(patient, doctor, None));
		assert_ok!(MedicalRecords::reinstate_doctor(registrar(EAST), doctor));
		assert!(sees(patient, doctor, None));
		// And one who is suspended while hospitals confirm.
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		suspends_doctor(doctor);
		assert_noop!(confirms_emergency(NORTH, patient, doctor), Error::<Test>::NotPractising);
	});
}

#[test]
fn doctor_whose_licence_ends_loses_it_in_the_middle() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		let licensed = |until| {
			let details = Details::default();
			MedicalRecords::set_doctor_details(registrar(EAST), doctor, details, until)
		};
		assert_ok!(licensed(Some(START + 2 * HOUR)));
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.until, Some(START + 2 * HOUR), "the first of both ends");
		pass(2 * HOUR - 1);
		assert!(sees(patient, doctor, Some(0)));
		pass(1);
		assert!(!sees(patient, doctor, Some(0)) && !sees(patient, doctor, None));
		assert_noop!(asks_for_emergency(doctor, patient), Error::<Test>::NotPractising);
		// A renewal brings back what is left of it, and no more.
		assert_ok!(licensed(None));
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.until, Some(START + DAY));
		// And one whose licence ends while hospitals confirm.
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		let (details, end) = (Details::default(), Some(now() + HOUR));
		assert_ok!(MedicalRecords::set_doctor_details(registrar(EAST), doctor, details, end));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		pass(HOUR);
		assert_noop!(confirms_emergency(EAST, patient, doctor), Error::<Test>::NotPractising);
	});
}

#[test]
fn replaced_plan_closes_what_was_open_by_it() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		let other = a_doctor();
		assert_ok!(asks_for_emergency(other, patient));
		rotates(patient);
		assert_ok!(plans(patient, 2, &[SOUTH, WEST]));
		assert!(!sees(patient, doctor, None));
		let closed = Event::EmergencyClosed { patient, doctor, by_patient: true };
		let why = RequestEnd::Overtaken;
		let ended = Event::EmergencyRequestEnded { patient, doctor: other, why };
		assert!(events().contains(&closed) && events().contains(&ended));
		assert_noop!(confirms_emergency(NORTH, patient, other), Error::<Test>::NotHolder);
		// What was opened once opens nothing later: the new plan has other keys.
		assert!(!is_due(patient));
	});
}
