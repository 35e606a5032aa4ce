//! An emergency, refused, abused, or ending in the middle.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

const DESKS: [HospitalId; 3] = [NORTH, EAST, SOUTH];

/// A patient with two records and a plan for the whole chart, and a doctor.
fn a_plan() -> (PatientId, DoctorId) {
	let (patient, doctor) = (a_patient(), a_doctor());
	adds(patient, 2);
	assert_ok!(plans(patient, 2, &DESKS));
	(patient, doctor)
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

/// The same, opened.
fn an_emergency() -> (PatientId, DoctorId) {
	let (patient, doctor) = a_plan();
	assert_ok!(asks_for_emergency(doctor, patient));
	assert_ok!(confirms_emergency(NORTH, patient, doctor));
	assert_ok!(confirms_emergency(EAST, patient, doctor));
	(patient, doctor)
}

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
