//! What an emergency opens, and beside what a grant opens.

use super::{DESKS, a_plan, an_emergency};
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

#[test]
fn unconscious_patients_chart_is_opened_by_two_hospitals_and_closed_after() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		let reason = EmergencyReason::Unconscious;
		let asked = Event::EmergencyRequested { patient, doctor, reason, details: [3; 32] };
		assert_eq!(last_event(), asked);
		for hospital in DESKS {
			assert_eq!(Delegation::emergencies_asked(hospital, None, 9).items.len(), 1);
		}
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(!sees(patient, doctor, None), "one hospital alone opens nothing");
		assert!(Delegation::emergencies_asked(NORTH, None, 9).items.is_empty());
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		let until = START + DAY;
		let confirmed = Event::EmergencyConfirmed { patient, doctor, by: EAST, confirmations: 2 };
		assert!(events().contains(&confirmed));
		assert_eq!(last_event(), Event::EmergencyOpened { patient, doctor, until });
		for hospital in DESKS {
			assert!(Delegation::emergencies_asked(hospital, None, 9).items.is_empty());
		}

		let allowed = MedicalRecords::access(patient, doctor, Some(1)).unwrap();
		assert_eq!((allowed.scope, allowed.until), (Scope::Chart, Some(until)));
		assert!(!allowed.may_append);
		// The doctor has the chart's secret from now on, so that nothing more is sealed to it.
		assert!(is_due(patient));
		assert!(ConfirmedShares::<Test>::contains_key((patient, doctor), NORTH));

		pass(DAY);
		assert!(!sees(patient, doctor, Some(1)), "at once, whether or not a block had time");
		assert_ok!(Delegation::review_emergency(by(patient), doctor, START, Review::Justified));
		pass(HOUR);
		idle_blocks();
		let closed = Event::EmergencyClosed { patient, doctor, by_patient: false };
		assert_eq!(last_event(), closed);
		assert_eq!(ConfirmedShares::<Test>::iter().count(), 0);
		let kept = &Delegation::emergencies(patient)[0];
		assert_eq!((kept.open, kept.review), (false, Some(Review::Justified)));
		assert_eq!(kept.confirmed, [NORTH, EAST]);
		assert!(Delegation::emergency_plan(patient).unwrap().used, "it is to be replaced");
	});
}

#[test]
fn chosen_records_are_opened_and_no_others() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		adds(patient, 3);
		assert_ok!(plans_set(patient, 2, &DESKS, chosen(&[1])));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(SOUTH, patient, doctor));
		let seen: Vec<_> = (0..3).map(|record| sees(patient, doctor, Some(record))).collect();
		assert_eq!(seen, [false, true, false]);
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!((allowed.scope, allowed.key), (Scope::Records, KeyStatus::Shared));
		assert!(!is_due(patient), "the doctor has no secret of the chart's");
		assert_ok!(MedicalRecords::withdraw_records(by(patient), vec![1].try_into().unwrap()));
		assert!(!sees(patient, doctor, Some(1)));
		// Its key is gone, too.
		assert_eq!(Delegation::emergency_plan(patient).unwrap().records, Some(vec![]));
	});
}

/// The patient shares the first record with the doctor.
fn shares_one(
	patient: PatientId,
	doctor: DoctorId,
	may_append: bool,
	until: Option<Moment>,
) -> DispatchResultWithPostInfo {
	let key = ShareKey { generation: 1, key_version: 1, key: sealed_key() };
	let shared = SharedRecord { record: 0, key: WrappedFileKey([7; 44]) };
	let (under, records) = (ShareUnder::New(key), vec![shared].try_into().unwrap());
	MedicalRecords::share_records(by(patient), doctor, under, records, may_append, until)
}

#[test]
fn doctors_of_single_records_ask_for_more() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(shares_one(patient, doctor, false, None));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		assert!(sees(patient, doctor, Some(1)));
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.scope, Scope::Chart);
		pass(DAY);
		assert!(sees(patient, doctor, Some(0)) && !sees(patient, doctor, Some(1)));
	});
}

#[test]
fn emergency_leaves_a_doctor_of_single_records_the_right_to_append() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(shares_one(patient, doctor, true, Some(START + 2 * HOUR)));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		for record in [None, Some(1)] {
			let allowed = MedicalRecords::access(patient, doctor, record).unwrap();
			assert_eq!((allowed.scope, allowed.until), (Scope::Chart, Some(START + DAY)));
			assert!(allowed.may_append);
		}
		let appends = || {
			let (epoch, named) = (sealing_epoch(patient), recipients(patient));
			let records = new_records(1);
			MedicalRecords::append_records(by(doctor), patient, epoch, records, named)
		};
		assert_ok!(appends());
		// The right ends with the grant, in the middle of the emergency.
		pass(2 * HOUR);
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert!(!allowed.may_append);
		assert!(appends().is_err() && sees(patient, doctor, Some(1)));
	});
}

#[test]
fn emergency_for_chosen_records_leaves_the_right_to_append() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		adds(patient, 3);
		assert_ok!(shares_one(patient, doctor, true, None));
		assert_ok!(plans_set(patient, 2, &DESKS, chosen(&[1])));
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(SOUTH, patient, doctor));
		let allowed = |record| MedicalRecords::access(patient, doctor, record);
		for record in [None, Some(0), Some(1)] {
			assert!(allowed(record).is_ok_and(|allowed| allowed.may_append));
		}
		assert_eq!(allowed(Some(2)), Err(Denied::RecordNotShared));
	});
}

/// A grant and an emergency each give their own, and each has its own end.
#[test]
fn grant_given_meanwhile_comes_first_and_its_end_closes_no_emergency() {
	chain(|| {
		let (patient, doctor) = a_plan();
		assert_ok!(asks_for_emergency(doctor, patient));
		grants(patient, doctor);
		assert_noop!(
			Delegation::request_emergency(by(doctor), patient, EmergencyReason::Other, [0; 32]),
			Error::<Test>::AlreadyGranted
		);
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.until, None, "by the grant");
		let doctors: DoctorIds = vec![doctor].try_into().unwrap();
		assert_ok!(MedicalRecords::revoke_access(by(patient), doctors, None));
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.until, Some(START + DAY), "by the emergency");
		assert!(!allowed.may_append && is_due(patient));
		assert_ok!(Delegation::end_emergency(by(patient), doctor));
		assert!(!sees(patient, doctor, None));
	});
}

#[test]
fn two_doctors_have_their_own_emergencies() {
	chain(|| {
		let (patient, doctor) = an_emergency();
		let other = a_doctor();
		assert_ok!(asks_for_emergency(other, patient));
		assert_ok!(confirms_emergency(EAST, patient, other));
		assert!(!sees(patient, other, None));
		assert_ok!(confirms_emergency(SOUTH, patient, other));
		assert!(sees(patient, other, None));
		assert_ok!(Delegation::end_emergency(by(patient), doctor));
		assert!(!sees(patient, doctor, None) && sees(patient, other, None));
	});
}

#[test]
fn last_sixteen_are_kept_and_no_more_are_open() {
	chain(|| {
		let (patient, _) = a_plan();
		let opens = |doctor: DoctorId| {
			asks_for_emergency(doctor, patient).unwrap();
			confirms_emergency(NORTH, patient, doctor)?;
			confirms_emergency(EAST, patient, doctor)
		};
		let doctors: Vec<_> = (0..=MAX_EMERGENCIES).map(|_| a_doctor()).collect();
		let (last, others) = doctors.split_last().unwrap();
		for doctor in others {
			assert_ok!(opens(*doctor));
		}
		assert_ok!(asks_for_emergency(*last, patient));
		assert_noop!(
			confirms_emergency(NORTH, patient, *last),
			Error::<Test>::MaxEmergenciesExceeded
		);
		assert_ok!(Delegation::end_emergency(by(patient), others[3]));
		assert_ok!(confirms_emergency(NORTH, patient, *last));
		assert_ok!(confirms_emergency(EAST, patient, *last));
		let kept = Delegation::emergencies(patient);
		assert_eq!(kept.len(), MAX_EMERGENCIES as usize);
		assert!(!kept.iter().any(|one| one.doctor == others[3]), "the one that was closed");
	});
}
