//! Records and notes.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn patient_adds_records_in_batches() {
	chain(|| {
		let patient = a_verified_patient();
		time_is(START + 59_999);
		adds(patient, 2);
		adds(patient, MAX_BATCH as usize);
		let author = Author::Patient;
		assert_eq!(last_event(), Event::RecordsAdded { patient, author, first: 2, count: 128 });
		assert_eq!(patient_entry(patient).chart.records, 130);
		let minute = (START / 60_000) as u32;
		assert_eq!(
			Records::<Test>::get(patient, 129),
			Some(Record {
				document: Some(document()),
				author,
				sealed_to: 0,
				in_reply_to: None,
				recorded_at: Minute(minute),
			})
		);
	});
}

#[test]
fn nobody_appends_to_a_chart_that_has_become_their_own() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		grants(patient, doctor);
		appends(doctor, patient);
		changes_account(patient.into(), doctor_entry(doctor).registration.account);
		let append =
			MedicalRecords::append_records(by_doctor(doctor), patient, 0, new_records(1), None);
		assert_noop!(append, Error::<Test>::OwnChart);
	});
}

#[test]
fn doctor_appends_notes_that_later_doctors_see() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 1);
		grants(patient, one);
		let append = MedicalRecords::append_records(by_doctor(one), patient, 0, note_to(0), None);
		assert_ok!(append);
		let note = Records::<Test>::get(patient, 1).unwrap();
		assert_eq!((note.author, note.in_reply_to), (Author::Doctor(one), Some(0)));
		grants(patient, other);
		assert_ok!(MedicalRecords::access(patient, other, Some(1)));
	});
}

#[test]
fn appending_needs_a_live_grant_that_includes_it() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let append = || {
			let records = new_records(1);
			MedicalRecords::append_records(by_doctor(doctor), patient, 0, records, None).map(|_| ())
		};
		assert_noop!(append(), Error::<Test>::NotGranted);
		let key = key_for(doctor);
		let until = Some(START + 10);
		assert_ok!(MedicalRecords::grant_access(by(patient), 0, key.clone(), false, until));
		assert_noop!(append(), Error::<Test>::AppendNotAllowed);
		assert_ok!(MedicalRecords::grant_access(by(patient), 0, key, true, until));
		assert_ok!(append());
		time_is(START + 10);
		assert_noop!(append(), Error::<Test>::GrantExpired);
		grants(patient, doctor);
		suspends(doctor);
		assert_noop!(append(), Error::<Test>::DoctorNotVerified);
		reinstates(doctor);
		licenses(doctor, Some(START));
		assert_noop!(append(), Error::<Test>::LicenceExpired);
		licenses(doctor, None);
		leaves(EAST);
		assert_noop!(append(), Error::<Test>::HospitalNotActive);

		let nobody = PatientId(9);
		let to_nobody =
			MedicalRecords::append_records(by_doctor(doctor), nobody, 0, new_records(1), None);
		assert_noop!(to_nobody, Error::<Test>::PatientNotFound);
	});
}

#[test]
fn notes_answer_what_is_there_and_visible() {
	chain(|| {
		let patient = a_verified_patient();
		let (doctor, lab) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 3);
		grants(patient, doctor);
		shares(patient, lab, &[1]);
		let under = ShareUnder::Nothing;
		let nothing = SharedRecords::default();
		assert_ok!(MedicalRecords::share_records(by(patient), lab, under, nothing, true, None));
		withdraws(patient, &[2]);

		let append = |doctor, record| {
			let note = note_to(record);
			MedicalRecords::append_records(by_doctor(doctor), patient, 0, note, None).map(|_| ())
		};
		assert_noop!(append(doctor, 3), Error::<Test>::RecordNotFound);
		assert_noop!(append(doctor, 2), Error::<Test>::RecordWithdrawn);
		assert_noop!(append(lab, 0), Error::<Test>::RecordNotShared);
		assert_ok!(append(lab, 1));
		assert_ok!(append(doctor, 3));
		let add =
			|record| MedicalRecords::add_records(by(patient), 0, note_to(record), None).map(|_| ());
		assert_noop!(add(2), Error::<Test>::RecordWithdrawn);
		assert_noop!(add(9), Error::<Test>::RecordNotFound);
		assert_ok!(add(4));
	});
}

/// A note can answer a record of the same batch, if that comes first.
#[test]
fn notes_may_answer_earlier_records_of_their_batch() {
	chain(|| {
		let patient = a_verified_patient();
		let batch = |answers: [Option<RecordIndex>; 2]| -> NewRecords {
			let record = |in_reply_to| NewRecord { document: document(), in_reply_to };
			answers.map(record).to_vec().try_into().unwrap()
		};
		let add =
			|answers| MedicalRecords::add_records(by(patient), 0, batch(answers), None).map(|_| ());
		assert_noop!(add([Some(0), None]), Error::<Test>::RecordNotFound);
		assert_noop!(add([Some(1), None]), Error::<Test>::RecordNotFound);
		assert_ok!(add([None, Some(0)]));
	});
}

/// Documents that lie in two vaults by turns took as many looks as there are documents.
#[test]
fn each_vault_of_a_batch_is_looked_up_once() {
	chain(|| {
		let patient = a_verified_patient();
		let mut records = new_records(MAX_BATCH as usize).into_inner();
		for (record, vault) in records.iter_mut().zip([NORTH, EAST].into_iter().cycle()) {
			record.document.vault = vault;
		}
		let before = LOOKED_UP.get();
		let records = records.try_into().unwrap();
		assert_ok!(MedicalRecords::add_records(by(patient), 0, records, None));
		assert_eq!(LOOKED_UP.get() - before, 2);
	});
}

#[test]
fn batch_is_added_whole_or_not_at_all() {
	chain(|| {
		let patient = a_verified_patient();
		let add = |records| MedicalRecords::add_records(by(patient), 0, records, None).map(|_| ());
		assert_noop!(add(new_records(0)), Error::<Test>::NothingToAdd);
		let mut records = new_records(3).into_inner();
		records[2].document.size = 0;
		assert_noop!(add(records.try_into().unwrap()), Error::<Test>::InvalidDocument);
		let mut records = new_records(3).into_inner();
		records[1].document.vault = NOWHERE;
		assert_noop!(add(records.try_into().unwrap()), Error::<Test>::VaultNotActive);
		// One more than a batch holds is no batch.
		assert!(NewRecords::try_from(vec![new_records(1)[0].clone(); 129]).is_err());
	});
}

#[test]
fn chart_holds_as_many_records_as_it_may() {
	chain(|| {
		let patient = a_verified_patient();
		for _ in 0..10 {
			adds(patient, 128);
		}
		let add = |count| MedicalRecords::add_records(by(patient), 0, new_records(count), None);
		assert_noop!(add(21), Error::<Test>::MaxRecordsExceeded);
		assert_ok!(add(20));
		assert_noop!(add(1), Error::<Test>::MaxRecordsExceeded);
	});
}

#[test]
fn withdrawing_erases_pointer_and_keys_and_leaves_a_tombstone() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 2);
		shares(patient, one, &[0, 1]);
		shares(patient, other, &[0]);
		withdraws(patient, &[0]);
		assert_eq!(last_event(), Event::RecordWithdrawn { patient, record: 0 });
		assert_eq!(Records::<Test>::get(patient, 0).unwrap().document, None);
		let shared: Vec<_> = SharedRecordsOf::<Test>::get(patient, one).keys().copied().collect();
		assert_eq!(shared, [1]);
		assert!(!SharedRecordsOf::<Test>::contains_key(patient, other));
		// The share of a record ends with the record.
		let seen = MedicalRecords::access(patient, one, Some(0));
		assert_eq!(seen, Err(Denied::RecordNotShared));
		grants(patient, other);
		let seen = MedicalRecords::access(patient, other, Some(0));
		assert_eq!(seen, Err(Denied::RecordWithdrawn));

		let again = MedicalRecords::withdraw_records(by(patient), indices(&[0]));
		assert_noop!(again, Error::<Test>::RecordWithdrawn);
		let missing = MedicalRecords::withdraw_records(by(patient), indices(&[2]));
		assert_noop!(missing, Error::<Test>::RecordNotFound);
		let by_doctor = MedicalRecords::withdraw_records(by_doctor(one), indices(&[1]));
		assert_noop!(by_doctor, Error::<Test>::NotPatient);
	});
}
