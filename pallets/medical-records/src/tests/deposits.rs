//! Institutions add where patients allow it, and are given nothing.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

pub(super) fn deposit(
	institution: InstitutionId,
	patient: PatientId,
) -> DispatchResultWithPostInfo {
	deposit_many(institution, patient, new_records(1))
}

pub(super) fn deposit_many(
	institution: InstitutionId,
	patient: PatientId,
	records: NewRecords,
) -> DispatchResultWithPostInfo {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	MedicalRecords::deposit_records(by_operator(institution), patient, epoch, records, named)
}

pub(super) fn allow(
	patient: PatientId,
	institution: InstitutionId,
	until: Option<Moment>,
) -> sp_runtime::DispatchResult {
	MedicalRecords::allow_deposit(by(patient), institution, until)
}

#[test]
fn institution_adds_what_the_patients_doctors_read() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		let (institution, expires_at) = (LABORATORY, Some(START + DAY));
		allows_deposit(patient, institution, expires_at);
		assert_eq!(last_event(), Event::DepositAllowed { patient, institution, expires_at });
		deposits(institution, patient);
		let author = Author::Institution(institution);
		assert_eq!(last_event(), Event::RecordsAdded { patient, author, first: 0, count: 1 });
		let record = Records::<Test>::get(patient, 0).unwrap();
		assert_eq!((record.author, record.in_reply_to), (author, None));
		assert_ok!(MedicalRecords::access(patient, doctor, Some(0)));
		// A doctor's note can answer it.
		let note = MedicalRecords::append_records(by_doctor(doctor), patient, 0, note_to(0), None);
		assert_ok!(note);
		assert_eq!(patient_entry(patient).chart.live, 2);
	});
}

/// What an institution is given, and what it costs the patient's keys: nothing.
#[test]
fn institution_is_given_no_key_and_its_end_loses_none() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		let keys = || {
			(
				GrantKeys::<Test>::iter().count(),
				ShareKeys::<Test>::iter().count(),
				SharedRecordsOf::<Test>::iter().count(),
				Grants::<Test>::iter().count(),
				CurrentKeys::<Test>::get(patient),
			)
		};
		let before = keys();
		allows_deposit(patient, LABORATORY, None);
		deposits(LABORATORY, patient);
		assert_eq!(keys(), before);
		ends_deposit(patient, LABORATORY);
		assert_eq!(keys(), before);
		assert!(!is_due(patient), "nobody has lost a secret");
		assert_eq!(patient_entry(patient).chart.grants, 1);
	});
}

/// An account may be an operator's and a doctor's. As an operator's it opens nothing.
#[test]
fn operator_sees_no_more_than_before() {
	chain(|| {
		let patient = a_verified_patient();
		let operator = registers_doctor(300 + u64::from(LABORATORY.0), EAST);
		assert_ok!(verifies(operator, None));
		adds(patient, 1);
		allows_deposit(patient, LABORATORY, None);
		deposits(LABORATORY, patient);
		for record in [None, Some(0), Some(1)] {
			let seen = MedicalRecords::access(patient, operator, record);
			assert_eq!(seen, Err(Denied::NotGranted));
		}
		assert!(MedicalRecords::recipients(patient).unwrap().doctors.is_empty());
	});
}

#[test]
fn only_verified_patients_allow_deposits() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		assert_noop!(allow(patient, LABORATORY, None), Error::<Test>::PatientNotVerified);
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		assert_ok!(allow(patient, LABORATORY, None));
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		assert_noop!(allow(patient, IMAGING, None), Error::<Test>::PatientNotVerified);
		let strangers = [
			signed(9),
			by_doctor(a_verified_doctor()),
			by_operator(LABORATORY),
			registrar(NORTH),
			registrar(EAST),
		];
		for origin in strangers {
			assert_noop!(
				MedicalRecords::allow_deposit(origin.clone(), LABORATORY, None),
				Error::<Test>::NotPatient
			);
			let institutions = institutions(&[LABORATORY]);
			assert_noop!(
				MedicalRecords::end_deposit(origin, institutions),
				Error::<Test>::NotPatient
			);
		}
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(
				MedicalRecords::allow_deposit(origin, LABORATORY, None),
				sp_runtime::traits::BadOrigin
			);
		}
	});
}

#[test]
fn deposits_are_allowed_to_open_institutions_until_later() {
	chain(|| {
		let patient = a_verified_patient();
		let unknown = InstitutionId(INSTITUTIONS);
		assert_noop!(allow(patient, unknown, None), Error::<Test>::InstitutionNotOpen);
		closes(IMAGING);
		assert_noop!(allow(patient, IMAGING, None), Error::<Test>::InstitutionNotOpen);
		leaves(EAST);
		assert_noop!(allow(patient, LABORATORY, None), Error::<Test>::InstitutionNotOpen);
		let north = InstitutionId(0);
		assert_noop!(allow(patient, north, Some(START)), Error::<Test>::ExpiryPassed);
		assert_ok!(allow(patient, north, Some(START + 1)));
	});
}

#[test]
fn depositing_needs_a_live_permission_to_this_very_institution() {
	chain(|| {
		let patient = a_verified_patient();
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::DepositNotAllowed);
		allows_deposit(patient, LABORATORY, Some(START + 10));
		assert_noop!(deposit(IMAGING, patient), Error::<Test>::DepositNotAllowed);
		time_is(START + 9);
		assert_ok!(deposit(LABORATORY, patient));
		time_is(START + 10);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::DepositExpired);
		// The patient prolongs it.
		allows_deposit(patient, LABORATORY, Some(START + 20));
		assert_ok!(deposit(LABORATORY, patient));
		ends_deposit(patient, LABORATORY);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::DepositNotAllowed);
		// Of another patient, and of none.
		let other = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		assert_noop!(deposit(LABORATORY, other), Error::<Test>::DepositNotAllowed);
		let nobody = MedicalRecords::deposit_records(
			by_operator(LABORATORY),
			PatientId(9),
			0,
			new_records(1),
			None,
		);
		assert_noop!(nobody, Error::<Test>::PatientNotFound);
	});
}

#[test]
fn only_operators_of_open_institutions_deposit() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		allows_deposit(patient, LABORATORY, None);
		let others = [
			signed(9),
			by(patient),
			by_doctor(doctor),
			registrar(EAST),
			by_operator(InstitutionId(INSTITUTIONS)),
		];
		for origin in others {
			let deposit = MedicalRecords::deposit_records(origin, patient, 0, new_records(1), None);
			assert_noop!(deposit, Error::<Test>::NotOperator);
		}
		closes(LABORATORY);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::NotOperator);
	});
}

#[test]
fn closing_and_expulsion_end_deposits_for_ever() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		allows_deposit(patient, IMAGING, None);
		closes(LABORATORY);
		leaves(SOUTH);
		returns(SOUTH);
		for institution in [LABORATORY, IMAGING] {
			assert_noop!(deposit(institution, patient), Error::<Test>::NotOperator);
			let shown = MedicalRecords::deposit(patient, institution).unwrap();
			assert!(!shown.live);
		}
	});
}

#[test]
fn an_operators_own_chart_takes_none_of_its_deposits() {
	chain(|| {
		let patient = registers_patient(300 + u64::from(LABORATORY.0), NORTH);
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		allows_deposit(patient, LABORATORY, None);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::OwnChart);
	});
}

#[test]
fn deposited_records_answer_nothing() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		adds(patient, 1);
		deposits(LABORATORY, patient);
		// Neither the patient's record, nor its own, nor one that is not there.
		for record in 0..3 {
			assert_noop!(
				deposit_many(LABORATORY, patient, note_to(record)),
				Error::<Test>::DepositCannotAnswer
			);
		}
		assert_noop!(
			deposit_many(LABORATORY, patient, new_records(0)),
			Error::<Test>::NothingToAdd
		);
	});
}

#[test]
fn documents_of_a_deposit_are_checked_like_all_others() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		let mut records = new_records(2).into_inner();
		records[1].document.size = 0;
		let empty = deposit_many(LABORATORY, patient, records.clone().try_into().unwrap());
		assert_noop!(empty, Error::<Test>::InvalidDocument);
		records[1].document = Document { vault: NOWHERE, ..document() };
		let lost = deposit_many(LABORATORY, patient, records.try_into().unwrap());
		assert_noop!(lost, Error::<Test>::VaultNotActive);
	});
}

/// Every loss of a doctor's access closes the epoch that the doctor holds to institutions, too.
#[test]
fn deposits_follow_the_chart_when_it_becomes_due() {
	let losses: [fn(PatientId, DoctorId); 5] = [
		|patient, doctor| revokes(patient, doctor),
		|_, _| time_is(START + DAY),
		|_, doctor| suspends(doctor),
		|_, doctor| {
			licenses(doctor, Some(START + 10));
			time_is(START + 10);
		},
		// The laboratory's own hospital would close it.
		|_, doctor| {
			assert_ok!(MedicalRecords::request_move(
				by_doctor(doctor),
				Capacity::Doctor,
				Some(SOUTH)
			));
			assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
			leaves(SOUTH);
		},
	];
	for lose in losses {
		chain(|| {
			let patient = a_verified_patient();
			let (leaves, stays) = (a_verified_doctor(), a_verified_doctor());
			grants_until(patient, leaves, Some(START + DAY));
			grants(patient, stays);
			allows_deposit(patient, LABORATORY, None);
			deposits(LABORATORY, patient);
			let (epoch, before) = (sealing_epoch(patient), recipients(patient));
			lose(patient, leaves);
			let prepared = MedicalRecords::deposit_records(
				by_operator(LABORATORY),
				patient,
				epoch,
				new_records(1),
				before,
			);
			assert_noop!(prepared, Error::<Test>::StaleEpoch);
			deposits(LABORATORY, patient);
			assert_eq!(Records::<Test>::get(patient, 1).unwrap().sealed_to, 1);
			// Recipients who have changed since are refused here as for doctors.
			let read = recipients(patient);
			changes_key(stays);
			let prepared = MedicalRecords::deposit_records(
				by_operator(LABORATORY),
				patient,
				1,
				new_records(1),
				read,
			);
			assert_noop!(prepared, Error::<Test>::StaleRecipients);
			deposits(LABORATORY, patient);
		});
	}
}

/// As doctors append, whatever the hospital decides about the patient.
#[test]
fn suspended_patients_chart_takes_deposits_until_the_patient_ends_them() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		deposits(LABORATORY, patient);
		ends_deposit(patient, LABORATORY);
		let event = Event::DepositEnded { patient, institution: LABORATORY };
		assert_eq!(last_event(), event);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::DepositNotAllowed);
	});
}

#[test]
fn pending_patients_have_nothing_to_end() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let end = MedicalRecords::end_deposit(by(patient), institutions(&[LABORATORY]));
		assert_noop!(end, Error::<Test>::PatientNotVerified);
	});
}

#[test]
fn deposits_can_be_read() {
	chain(|| {
		let patient = a_verified_patient();
		assert!(MedicalRecords::deposits(patient).is_empty());
		allows_deposit(patient, IMAGING, None);
		pass(5);
		allows_deposit(patient, LABORATORY, Some(START + DAY));
		deposits(LABORATORY, patient);
		let shown = MedicalRecords::deposits(patient);
		let numbers: Vec<_> = shown.iter().map(|one| one.institution).collect();
		assert_eq!(numbers, [LABORATORY, IMAGING]);
		let one = MedicalRecords::deposit(patient, LABORATORY).unwrap();
		assert_eq!(one, shown[0]);
		assert_eq!((one.expires_at, one.allowed_at), (Some(START + DAY), START + 5));
		assert_eq!((one.appends_left, one.live), (999, true));
		time_is(START + DAY);
		assert!(!MedicalRecords::deposit(patient, LABORATORY).unwrap().live);
		assert_eq!(MedicalRecords::deposit(patient, InstitutionId(0)), None);
		assert!(MedicalRecords::deposits(PatientId(9)).is_empty());
	});
}
