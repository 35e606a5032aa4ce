//! The answers to clients.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_medical_records_runtime_api::Page;

/// All pages of a list, as a client would read it.
fn all<Item, Cursor: Copy>(ask: impl Fn(Option<Cursor>) -> Page<Item, Cursor>) -> Vec<Item> {
	let mut items = Vec::new();
	let mut cursor = None;
	for _ in 0..100 {
		let page = ask(cursor);
		items.extend(page.items);
		match page.next {
			None => return items,
			next => cursor = next,
		}
	}
	panic!("the list does not end");
}

#[test]
fn directory_lists_all_doctors_but_the_rejected() {
	chain(|| {
		for n in 0..5 {
			registers_doctor(10 + n, NORTH);
		}
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), DoctorId(2)));
		let listed: Vec<_> = all(|after| MedicalRecords::doctors(after, 2))
			.into_iter()
			.map(|doctor| doctor.id.0)
			.collect();
		assert_eq!(listed, [0, 1, 3, 4]);
		let entry = MedicalRecords::doctor(DoctorId(0)).unwrap();
		assert_eq!(entry.profile, Some(profile("Ada")));
		assert_eq!(entry.practises, Err(Denied::DoctorNotVerified));
		assert_eq!(MedicalRecords::doctor(DoctorId(2)).unwrap().profile, None);
		assert_eq!(MedicalRecords::doctor(DoctorId(9)), None);
	});
}

#[test]
fn limits_bound_every_page() {
	chain(|| {
		for n in 0..300 {
			registers_doctor(3_000 + n, NORTH);
		}
		assert_eq!(MedicalRecords::doctors(None, u32::MAX).items.len(), 256);
		let nothing = MedicalRecords::doctors(None, 0);
		assert_eq!((nothing.items.len(), nothing.next), (0, None));
		let behind = MedicalRecords::doctors(Some(DoctorId(u32::MAX)), 10);
		assert_eq!((behind.items.len(), behind.next), (0, None));
	});
}

#[test]
fn patient_sees_counters_and_the_epoch_to_seal_to() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 3);
		grants(patient, doctor);
		revokes(patient, doctor);
		let info = MedicalRecords::patient(patient).unwrap();
		assert_eq!((info.records, info.grants, info.epoch, info.sealing_epoch), (3, 0, 0, 1));
		assert_eq!(MedicalRecords::patient(PatientId(9)), None);
	});
}

#[test]
fn records_and_epochs_come_in_order() {
	chain(|| {
		let patient = a_verified_patient();
		adds(patient, 5);
		let records: Vec<_> = all(|after| MedicalRecords::records(patient, after, 2))
			.into_iter()
			.map(|record| record.index)
			.collect();
		assert_eq!(records, [0, 1, 2, 3, 4]);
		rotates(patient);
		rotates(patient);
		let epochs: Vec<_> = all(|after| MedicalRecords::past_epochs(patient, after, 3))
			.into_iter()
			.map(|(epoch, _)| epoch)
			.collect();
		assert_eq!(epochs, [0, 1, 2, 3]);
		assert!(all(|after| MedicalRecords::records(PatientId(9), after, 2)).is_empty());
		let third = MedicalRecords::record(patient, 2).unwrap();
		assert_eq!((third.index, Some(third.record)), (2, Records::<Test>::get(patient, 2)));
		assert_eq!(MedicalRecords::record(patient, 5), None);
		assert_eq!(MedicalRecords::record(PatientId(9), 0), None);
	});
}

#[test]
fn grants_are_listed_on_both_sides() {
	chain(|| {
		let patients = [(); 3].map(|()| a_verified_patient());
		let doctors = [(); 3].map(|()| a_verified_doctor());
		for patient in patients {
			for doctor in doctors {
				grants_until(patient, doctor, Some(START + DAY));
			}
		}
		let given = all(|after| MedicalRecords::grants_of_patient(patients[1], after, 2));
		let to: Vec<_> = given.iter().map(|grant| grant.doctor).collect();
		assert_eq!(to, doctors);
		assert_eq!((given[0].epoch, given[0].key_version), (Some(0), Some(1)));
		let received = all(|after| MedicalRecords::grants_to_doctor(doctors[1], after, 2));
		let mut from: Vec<_> = received.iter().map(|grant| grant.patient).collect();
		from.sort();
		assert_eq!(from, patients);
		time_is(START + DAY);
		let received = all(|after| MedicalRecords::grants_to_doctor(doctors[1], after, 2));
		assert!(received.iter().all(|grant| grant.access == Err(Denied::GrantExpired)));
		let one = MedicalRecords::grant(patients[0], doctors[1]).unwrap();
		assert!(received.contains(&one));
		assert_eq!(MedicalRecords::grant(patients[0], DoctorId(9)), None);
	});
}

#[test]
fn shares_come_with_their_keys() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		shares(patient, doctor, &[1]);
		let share = MedicalRecords::share(patient, doctor);
		assert_eq!(share.key.unwrap().generation, 1);
		assert_eq!(share.records, shared(&[1]).into_inner());
		assert_eq!(MedicalRecords::grants_of_patient(patient, None, 9).items[0].epoch, None);
	});
}

#[test]
fn hospital_sees_who_waits_for_it() {
	chain(|| {
		let waiting = registers_patient(5, NORTH);
		registers_patient(6, EAST);
		let moving = a_verified_patient();
		assert_ok!(MedicalRecords::request_move(by(moving), Capacity::Patient, Some(EAST)));
		let new_doctor = registers_doctor(5, NORTH);
		let moving_doctor = a_verified_doctor();
		let to = Some(NORTH);
		assert_ok!(MedicalRecords::request_move(by_doctor(moving_doctor), Capacity::Doctor, to));

		let patients = |hospital| -> Vec<_> {
			all(|after| MedicalRecords::awaiting_patients(hospital, after, 1))
				.into_iter()
				.map(|patient| patient.id)
				.collect()
		};
		assert_eq!(patients(NORTH), [waiting]);
		assert_eq!(patients(EAST), [PatientId(1), moving]);
		let doctors: Vec<_> = all(|after| MedicalRecords::awaiting_doctors(NORTH, after, 1))
			.into_iter()
			.map(|doctor| doctor.id)
			.collect();
		assert_eq!(doctors, [new_doctor, moving_doctor]);
	});
}

/// However many others register, wherever: the desk's list is never searched for.
#[test]
fn page_of_those_who_wait_is_full_however_many_others_there_are() {
	chain(|| {
		let first = registers_patient(5, NORTH);
		for n in 0..5_000 {
			registers_patient(10_000 + n, EAST);
		}
		let last = registers_patient(6, NORTH);
		let ids = |page: Page<pallet_medical_records_runtime_api::PatientInfo<u64>, PatientId>| {
			(page.items.iter().map(|patient| patient.id).collect::<Vec<_>>(), page.next)
		};
		let waiting = ids(MedicalRecords::awaiting_patients(NORTH, None, 256));
		assert_eq!(waiting, (vec![first, last], None));
		let listed = ids(MedicalRecords::patients_of_hospital(NORTH, None, 2));
		assert_eq!(listed, (vec![first, last], None));
		let listed = ids(MedicalRecords::patients_of_hospital(EAST, Some(PatientId(256)), 2));
		assert_eq!(listed, (vec![PatientId(257), PatientId(258)], Some(PatientId(258))));
	});
}

/// Each way in which a person begins or ends to wait.
#[test]
fn index_follows_registrations_decisions_and_moves() {
	chain(|| {
		let waiting = |hospital| -> Vec<u32> {
			let patients = all(|after| MedicalRecords::awaiting_patients(hospital, after, 5));
			patients.into_iter().map(|patient| patient.id.0).collect()
		};
		let patient = registers_patient(5, SOUTH);
		assert_eq!(waiting(SOUTH), [0]);
		leaves(SOUTH);
		let ask = |to| MedicalRecords::request_move(by(patient), Capacity::Patient, to);
		assert_ok!(ask(Some(NORTH)));
		assert_eq!((waiting(SOUTH), waiting(NORTH)), (vec![0], vec![0]));
		assert_ok!(ask(Some(EAST)));
		assert_eq!((waiting(NORTH), waiting(EAST)), (vec![], vec![0]));
		assert_ok!(ask(None));
		assert_eq!((waiting(SOUTH), waiting(EAST)), (vec![0], vec![]));
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		idle_block();
		assert_eq!((waiting(SOUTH), waiting(EAST)), (vec![], vec![0]));
		check_invariants();
		assert_ok!(MedicalRecords::reject_patient(registrar(EAST), patient));
		assert!(waiting(EAST).is_empty());
		let again = registers_patient(5, EAST);
		assert_eq!(waiting(EAST), [again.0]);
		time_is(START + 14 * DAY);
		idle_block();
		assert!(waiting(EAST).is_empty());
	});
}

#[test]
fn hospital_lists_its_patients_whatever_their_standing() {
	chain(|| {
		let waiting = registers_patient(5, NORTH);
		registers_patient(6, EAST);
		let rejected = registers_patient(7, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), rejected));
		let verified = a_verified_patient();
		assert_ok!(MedicalRecords::request_move(by(verified), Capacity::Patient, Some(EAST)));
		let listed = |hospital| -> Vec<_> {
			all(|after| MedicalRecords::patients_of_hospital(hospital, after, 1))
				.into_iter()
				.map(|patient| patient.id)
				.collect()
		};
		assert_eq!(listed(NORTH), [waiting, rejected, verified]);
		assert_eq!(listed(EAST), [PatientId(1)]);
		assert!(listed(HospitalId(9)).is_empty());
	});
}
