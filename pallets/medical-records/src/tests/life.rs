//! The life of a chart: only its patient can fill it, and what is withdrawn gives room back.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, weights::Weight};

const MOST: u32 = 1_300;
const RESERVE: u32 = 256;

fn append(doctor: DoctorId, patient: PatientId, count: u32) -> sp_runtime::DispatchResult {
	let records = new_records(count as usize);
	let epoch = sealing_epoch(patient);
	MedicalRecords::append_records(by_doctor(doctor), patient, epoch, records, None)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

/// Appends as much as is accepted, and returns how much.
fn appends_all(doctor: DoctorId, patient: PatientId) -> u32 {
	let before = patient_entry(patient).chart.records;
	for count in [128, 1] {
		while append(doctor, patient, count).is_ok() {}
	}
	patient_entry(patient).chart.records - before
}

fn appends_left(patient: PatientId, doctor: DoctorId) -> u32 {
	Grants::<Test>::get(patient, doctor).expect("granted").appends_left
}

/// A doctor's program that runs wild, or a doctor who means harm.
#[test]
fn doctor_cannot_fill_a_chart() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		assert_eq!(appends_all(doctor, patient), 1_000);
		assert_noop!(append(doctor, patient, 1), Error::<Test>::AppendBudgetSpent);
		adds(patient, 1);
	});
}

/// Whatever budgets they are given.
#[test]
fn all_doctors_together_leave_the_patients_reserve() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		grants(patient, one);
		grants(patient, other);
		appends_all(one, patient);
		appends_all(other, patient);
		assert_eq!(patient_entry(patient).chart.live, MOST - RESERVE);
		assert_noop!(append(other, patient, 1), Error::<Test>::ReservedForPatient);
		for _ in 0..2 {
			adds(patient, 128);
		}
		let add = MedicalRecords::add_records(by(patient), 0, new_records(1), None);
		assert_noop!(add, Error::<Test>::MaxRecordsExceeded);
		assert_noop!(append(other, patient, 1), Error::<Test>::MaxRecordsExceeded);
	});
}

#[test]
fn patient_renews_the_budget_by_a_call_or_by_granting_again() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		AppendBudget::set(130);
		let renew = |origin| MedicalRecords::renew_append_budget(origin, doctor);
		assert_noop!(renew(by(patient)), Error::<Test>::NotGranted);
		grants(patient, doctor);
		let renewals: [fn(PatientId, DoctorId); 3] = [
			|patient, doctor| {
				assert_ok!(MedicalRecords::renew_append_budget(by(patient), doctor));
				assert_eq!(last_event(), Event::AppendBudgetRenewed { patient, doctor });
			},
			|patient, doctor| grants(patient, doctor),
			|patient, doctor| {
				let under = new_share(patient, doctor);
				let shared = shared(&[0]);
				let share =
					MedicalRecords::share_records(by(patient), doctor, under, shared, true, None);
				assert_ok!(share);
			},
		];
		for renewal in renewals {
			assert_ok!(append(doctor, patient, 128));
			assert_eq!(appends_left(patient, doctor), 2);
			assert_noop!(append(doctor, patient, 3), Error::<Test>::AppendBudgetSpent);
			renewal(patient, doctor);
			assert_eq!(appends_left(patient, doctor), 130);
		}
		// A refused append costs nothing.
		let stale =
			MedicalRecords::append_records(by_doctor(doctor), patient, 9, new_records(1), None);
		assert_noop!(stale, Error::<Test>::StaleEpoch);

		assert_noop!(renew(by_doctor(doctor)), Error::<Test>::NotPatient);
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		assert_noop!(renew(by(patient)), Error::<Test>::PatientNotVerified);
		assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), patient));
		shares(patient, doctor, &[0]);
		assert_noop!(renew(by(patient)), Error::<Test>::AppendNotAllowed);
	});
}

#[test]
fn withdrawing_gives_room_back() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		for _ in 0..10 {
			adds(patient, 128);
		}
		adds(patient, 20);
		let add = || MedicalRecords::add_records(by(patient), 0, new_records(1), None).map(|_| ());
		assert_noop!(add(), Error::<Test>::MaxRecordsExceeded);
		withdraws(patient, &[7]);
		assert_ok!(add());
		assert_noop!(add(), Error::<Test>::MaxRecordsExceeded);
		// Three calls for what once took 296 of them, and did not help.
		for batch in 0..3 {
			let records: Vec<_> = (10 + batch * 100..110 + batch * 100).collect();
			withdraws(patient, &records);
		}
		assert_eq!(patient_entry(patient).chart.live, 1_000);
		assert_ok!(append(doctor, patient, 44));
		assert_noop!(append(doctor, patient, 1), Error::<Test>::ReservedForPatient);
		adds(patient, 1);
		// Places are not given out twice.
		let Chart { records, live, .. } = patient_entry(patient).chart;
		assert_eq!((records, live), (MOST + 46, 1_045));
	});
}

#[test]
fn places_run_out_before_they_repeat() {
	chain(|| {
		let patient = a_verified_patient();
		let set = |records| {
			Patients::<Test>::mutate(patient, |found| {
				found.as_mut().unwrap().chart.records = records;
			});
		};
		set(u32::MAX);
		let add = MedicalRecords::add_records(by(patient), 0, new_records(1), None);
		assert_noop!(add, Error::<Test>::IdsExhausted);
		set(0);
	});
}

#[test]
fn batch_is_withdrawn_whole_or_not_at_all() {
	chain(|| {
		let patient = a_verified_patient();
		adds(patient, 128);
		let withdraw = |records: &[RecordIndex]| {
			MedicalRecords::withdraw_records(by(patient), indices(records)).map(|_| ())
		};
		assert_noop!(withdraw(&[]), Error::<Test>::NoRecordNamed);
		assert_noop!(withdraw(&[0, 128]), Error::<Test>::RecordNotFound);
		assert_noop!(withdraw(&[0, 1, 0]), Error::<Test>::RecordWithdrawn);
		let all: Vec<_> = (0..128).collect();
		assert_ok!(withdraw(&all));
		assert_noop!(withdraw(&[5]), Error::<Test>::RecordWithdrawn);
		let told = events()
			.into_iter()
			.filter(|event| matches!(event, Event::RecordWithdrawn { .. }))
			.count();
		assert_eq!((told, patient_entry(patient).chart.live), (128, 0));
		assert!(RecordIndices::try_from(vec![0; MAX_BATCH as usize + 1]).is_err());
	});
}

#[test]
fn withdrawal_pays_for_the_grants_that_there_are() {
	chain(|| {
		let patient = a_verified_patient();
		adds(patient, 3);
		let weight = |grants, records: &[RecordIndex]| {
			let done = MedicalRecords::withdraw_records(by(patient), indices(records)).unwrap();
			let expected = <() as WeightInfo>::withdraw_records(records.len() as u32, grants);
			assert_eq!(done.actual_weight, Some(expected));
		};
		weight(0, &[0]);
		grants(patient, a_verified_doctor());
		shares(patient, a_verified_doctor(), &[1, 2]);
		weight(2, &[1, 2]);
	});
}

#[test]
fn patient_removes_the_profile() {
	chain(|| {
		let patient = a_verified_patient();
		let remove = MedicalRecords::remove_patient_profile;
		assert_noop!(remove(by(patient)), Error::<Test>::NoProfile);
		let update = |origin| {
			MedicalRecords::update_patient_profile(origin, patient, document(), 0, None).map(|_| ())
		};
		assert_ok!(update(by(patient)));
		assert_noop!(remove(registrar(NORTH)), Error::<Test>::NotPatient);
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		assert_noop!(remove(by(patient)), Error::<Test>::PatientNotVerified);
		assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), patient));
		assert_ok!(remove(by(patient)));
		assert_eq!(last_event(), Event::PatientProfileRemoved { patient });
		assert_eq!(patient_entry(patient).profile, None);
		assert_noop!(remove(by(patient)), Error::<Test>::NoProfile);
		// The hospital needs one, and writes it.
		assert_ok!(update(registrar(NORTH)));

		let pending = registers_patient(5, NORTH);
		let profile =
			MedicalRecords::update_patient_profile(by(pending), pending, document(), 0, None);
		assert_ok!(profile);
		assert_ok!(remove(by(pending)));
	});
}

#[test]
fn single_records_are_unshared() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 4);
		let unshare = |records: &[RecordIndex]| {
			MedicalRecords::unshare_records(by(patient), doctor, indices(records))
		};
		assert_noop!(unshare(&[0]), Error::<Test>::NotGranted);
		shares(patient, doctor, &[0, 1, 2]);
		assert_noop!(unshare(&[]), Error::<Test>::NoRecordNamed);
		assert_noop!(unshare(&[3]), Error::<Test>::RecordNotShared);
		assert_noop!(
			MedicalRecords::unshare_records(by_doctor(doctor), doctor, indices(&[0])),
			Error::<Test>::NotPatient
		);
		// Something that is not shared, or is named twice, does not keep the others shared.
		assert_ok!(unshare(&[0, 3, 0]));
		let unshared = Event::RecordsUnshared {
			patient,
			doctor,
			records: 2,
			may_append: false,
			expires_at: None,
		};
		assert_eq!(last_event(), unshared);
		let seen = |record| MedicalRecords::access(patient, doctor, Some(record)).map(|_| ());
		assert_eq!(seen(0), Err(Denied::RecordNotShared));
		assert_eq!(seen(1), Ok(()));
		// The others stay under the same key, and more can be added.
		let key = ShareKeys::<Test>::get(patient, doctor).unwrap();
		assert_eq!(key.generation, 1);
		let under = present_share(patient, doctor);
		let records = shared(&[3]);
		let share = MedicalRecords::share_records(by(patient), doctor, under, records, false, None);
		assert_ok!(share);
		assert_eq!(seen(3), Ok(()));
		assert!(!is_due(patient));
	});
}

#[test]
fn grant_to_nothing_ends() {
	chain(|| {
		let patient = a_verified_patient();
		let (doctor, lab) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 1);
		shares(patient, doctor, &[0]);
		let under = new_share(patient, lab);
		let share =
			MedicalRecords::share_records(by(patient), lab, under, shared(&[0]), true, None);
		assert_ok!(share);
		// A suspended patient can take back what was given.
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		for doctor in [doctor, lab] {
			let unshare = MedicalRecords::unshare_records(by(patient), doctor, indices(&[0]));
			assert_ok!(unshare);
		}
		assert!(events().contains(&Event::AccessRevoked { patient, doctor }));
		assert_eq!(access(patient, doctor), Err(Denied::NotGranted));
		assert!(!ShareKeys::<Test>::contains_key(patient, doctor));
		// Who may add records goes on doing so.
		assert_eq!(access(patient, lab), Ok(Scope::Records));
		assert_eq!(patient_entry(patient).chart.grants, 1);
		appends(lab, patient);

		let whole = a_verified_doctor();
		assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), patient));
		grants(patient, whole);
		let unshare = MedicalRecords::unshare_records(by(patient), whole, indices(&[0]));
		assert_noop!(unshare, Error::<Test>::RecordNotShared);
	});
}

#[test]
fn records_are_added_to_a_share_only_under_a_key_that_the_doctor_still_has() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		shares(patient, doctor, &[0]);
		let share = |under, records: &[RecordIndex]| {
			let records = shared(records);
			MedicalRecords::share_records(by(patient), doctor, under, records, false, None)
				.map(|_| ())
		};
		let add = || share(present_share(patient, doctor), &[1]);
		// The doctor's device was stolen: another key, which the hospital has not seen yet.
		changes_key(doctor);
		assert_noop!(add(), Error::<Test>::KeyChanged);
		// To prolong what was shared gives nothing away.
		assert_ok!(share(ShareUnder::Nothing, &[]));
		confirms_key(doctor);
		assert_noop!(add(), Error::<Test>::KeyChanged);
		assert_ok!(share(new_share(patient, doctor), &[0, 1]));
		assert_ok!(add());
		// The same version, no longer vouched for.
		Doctors::<Test>::mutate(doctor, |found| found.as_mut().unwrap().vouched_version = 1);
		assert_noop!(add(), Error::<Test>::KeyNotVouched);
		Doctors::<Test>::mutate(doctor, |found| found.as_mut().unwrap().vouched_version = 2);
	});
}

/// One device shares anew while another adds a record, whose key is wrapped under the share key before.
#[test]
fn records_of_two_devices_are_not_mixed() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		shares(patient, doctor, &[0]);
		let prepared = present_share(patient, doctor);
		shares(patient, doctor, &[0]);
		let share = |under: &ShareUnder, records: &[RecordIndex]| {
			let (under, records) = (under.clone(), shared(records));
			MedicalRecords::share_records(by(patient), doctor, under, records, false, None)
				.map(|_| ())
		};
		assert_noop!(share(&prepared, &[1]), Error::<Test>::StaleShare);
		assert_noop!(share(&ShareUnder::Present(3), &[1]), Error::<Test>::StaleShare);
		assert_ok!(share(&ShareUnder::Present(2), &[1]));
	});
}

/// One device shares anew what was shared, and one record more, while another takes a record back.
#[test]
fn share_that_was_prepared_before_brings_nothing_back() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 3);
		shares(patient, doctor, &[0, 1]);
		let share = |under, records: &[RecordIndex]| {
			let records = shared(records);
			MedicalRecords::share_records(by(patient), doctor, under, records, false, None)
				.map(|_| ())
		};
		let prepared = new_share(patient, doctor);
		assert_ok!(MedicalRecords::unshare_records(by(patient), doctor, indices(&[0])));
		assert_noop!(share(prepared, &[0, 1, 2]), Error::<Test>::StaleShare);
		// What is added under the present key brings no other record along.
		assert_ok!(share(present_share(patient, doctor), &[2]));
		let seen = |record| MedicalRecords::access(patient, doctor, Some(record)).map(|_| ());
		assert_eq!([0, 1, 2].map(seen), [Err(Denied::RecordNotShared), Ok(()), Ok(())]);
		assert_ok!(share(new_share(patient, doctor), &[1, 2]));
	});
}

#[test]
fn expired_grants_are_cleared_away_after_a_month() {
	chain(|| {
		let patients = [(); 40].map(|()| a_verified_patient());
		let (doctor, sharer) = (a_verified_doctor(), a_verified_doctor());
		for patient in patients {
			adds(patient, 1);
			grants_until(patient, doctor, Some(START + DAY));
			shares(patient, sharer, &[0]);
		}
		time_is(START + 31 * DAY - 1);
		idle_block();
		idle_block();
		assert_eq!(GrantedTo::<Test>::iter_key_prefix(doctor).count(), 40);
		// It could be prolonged until now.
		grants_until(patients[3], doctor, Some(START + 60 * DAY));
		time_is(START + 31 * DAY);
		let left = || GrantedTo::<Test>::iter_key_prefix(doctor).count();
		idle_block();
		assert_eq!(left(), 40 - 31);
		idle_block();
		assert_eq!(left(), 1);
		assert_eq!(NextCleared::<Test>::get(), PatientId(0));
		let event = Event::ExpiredGrantCleared { patient: patients[39], doctor };
		assert!(events().contains(&event));
		assert!(is_due(patients[0]));
		assert_eq!(GrantedTo::<Test>::iter_key_prefix(sharer).count(), 40);
		assert_eq!(GrantKeys::<Test>::iter_keys().count(), 1);
		let again = |patient| {
			let granted = patient_entry(patient).chart.grants;
			grants(patient, doctor);
			(granted, patient_entry(patient).chart.grants)
		};
		assert_eq!(again(patients[0]), (1, 2));
	});
}

/// What the block has no time for waits for the next one.
#[test]
fn clearing_pays_for_each_look_and_each_chart() {
	chain(|| {
		let patients = [(); 3].map(|()| a_verified_patient());
		let doctor = a_verified_doctor();
		grants_until(patients[1], doctor, Some(START + 1));
		time_is(START + 30 * DAY + 1);
		let clear = |limit: Weight| {
			let mut meter = frame_support::weights::WeightMeter::with_limit(limit);
			MedicalRecords::clear_grants(&mut meter);
			meter.consumed()
		};
		let look = <() as WeightInfo>::clear_grants(0);
		let chart = <() as WeightInfo>::clear_grants(1);
		assert_eq!(clear(Weight::zero()), Weight::zero());
		assert_eq!(clear(look + look), look + look);
		assert_eq!(NextCleared::<Test>::get(), patients[1]);
		assert_eq!(patient_entry(patients[1]).chart.grants, 1);
		assert_eq!(clear(look + chart), look + chart);
		assert_eq!(NextCleared::<Test>::get(), patients[2]);
		assert_eq!(patient_entry(patients[1]).chart.grants, 0);
		// The last one, and the look that finds nobody else.
		assert_eq!(clear(Weight::MAX), look + look);
		assert_eq!(NextCleared::<Test>::get(), PatientId(0));
	});
}
