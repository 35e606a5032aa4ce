//! Moving to another hospital.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn people_ask_and_the_new_hospital_accepts() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		let person = Person::Patient(patient);
		assert_eq!(last_event(), Event::MoveRequested { person, to: Some(SOUTH) });
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), patient));
		assert_eq!(last_event(), Event::PatientMoved { patient, from: NORTH, to: SOUTH });
		let entry = patient_entry(patient).registration;
		assert_eq!((entry.hospital, entry.moving_to), (SOUTH, None));

		assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
		assert_eq!(last_event(), Event::DoctorMoved { doctor, from: EAST, to: SOUTH });
		assert!(!is_due(patient));
		// The new hospital decides from now on.
		assert_ok!(MedicalRecords::suspend_patient(registrar(SOUTH), patient));
		let old = MedicalRecords::suspend_doctor(registrar(EAST), doctor);
		assert_noop!(old, Error::<Test>::OtherHospital);
	});
}

#[test]
fn requests_are_for_the_person_and_name_another_active_hospital() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let ask = MedicalRecords::request_move;
		let stay = ask(by(patient), Capacity::Patient, Some(NORTH));
		assert_noop!(stay, Error::<Test>::SameHospital);
		let stay = ask(by_doctor(doctor), Capacity::Doctor, Some(EAST));
		assert_noop!(stay, Error::<Test>::SameHospital);
		let gone = ask(by(patient), Capacity::Patient, Some(NOWHERE));
		assert_noop!(gone, Error::<Test>::HospitalNotActive);
		let other = ask(by(patient), Capacity::Doctor, Some(SOUTH));
		assert_noop!(other, Error::<Test>::NotDoctor);
		let other = ask(by_doctor(doctor), Capacity::Patient, Some(SOUTH));
		assert_noop!(other, Error::<Test>::NotPatient);

		let patient = registers_patient(5, NORTH);
		let doctor = registers_doctor(5, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), patient));
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), doctor));
		let rejected = ask(signed(5), Capacity::Patient, Some(SOUTH));
		assert_noop!(rejected, Error::<Test>::PatientNotVerified);
		let rejected = ask(signed(5), Capacity::Doctor, Some(SOUTH));
		assert_noop!(rejected, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn nobody_escapes_a_decision_by_moving() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let ask = |capacity, who| MedicalRecords::request_move(who, capacity, Some(SOUTH));
		assert_ok!(ask(Capacity::Patient, by(patient)));
		assert_ok!(ask(Capacity::Doctor, by_doctor(doctor)));
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		suspends(doctor);
		// What they had asked for is off, and they cannot ask again.
		let accept = MedicalRecords::accept_patient(registrar(SOUTH), patient);
		assert_noop!(accept, Error::<Test>::NotMoving);
		let accept = MedicalRecords::accept_doctor(registrar(SOUTH), doctor);
		assert_noop!(accept, Error::<Test>::NotMoving);
		assert_noop!(ask(Capacity::Patient, by(patient)), Error::<Test>::PatientNotVerified);
		assert_noop!(ask(Capacity::Doctor, by_doctor(doctor)), Error::<Test>::DoctorNotVerified);
		let pending = registers_patient(5, NORTH);
		assert_noop!(ask(Capacity::Patient, by(pending)), Error::<Test>::PatientNotVerified);
		// Unless their hospital can decide nothing any more.
		leaves(NORTH);
		assert_ok!(ask(Capacity::Patient, by(patient)));
		assert_ok!(ask(Capacity::Patient, by(pending)));
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), pending));
		assert_eq!(patient_entry(pending).registration.standing, Standing::Pending);
	});
}

#[test]
fn relocation_ends_when_its_hospitals_come_and_go() {
	chain(|| {
		let patients: Vec<_> = (0..40).map(|n| registers_patient(3_000 + n, SOUTH)).collect();
		for (comes_back, leaves_too) in [(true, false), (false, true)] {
			leaves(SOUTH);
			assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
			if comes_back {
				returns(SOUTH);
			}
			if leaves_too {
				leaves(EAST);
			}
			idle_block();
			assert_eq!(last_event(), Event::RelocationCalledOff { from: SOUTH, to: EAST });
			assert!(Relocations::<Test>::get().is_empty());
			assert!(patients.iter().all(|id| patient_entry(*id).registration.hospital == SOUTH));
		}
	});
}

#[test]
fn only_the_hospital_that_was_asked_accepts() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let accept = MedicalRecords::accept_patient;
		let accept_doctor = MedicalRecords::accept_doctor;
		assert_noop!(accept(registrar(SOUTH), patient), Error::<Test>::NotMoving);
		assert_noop!(accept_doctor(registrar(SOUTH), doctor), Error::<Test>::NotMoving);
		assert_noop!(accept(registrar(SOUTH), PatientId(9)), Error::<Test>::PatientNotFound);
		assert_noop!(accept_doctor(registrar(SOUTH), DoctorId(9)), Error::<Test>::DoctorNotFound);
		assert_noop!(accept(by(patient), patient), DispatchError::BadOrigin);
		assert_noop!(accept_doctor(by(patient), doctor), DispatchError::BadOrigin);
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		assert_noop!(accept(registrar(EAST), patient), Error::<Test>::NotMoving);
		// A request can be withdrawn.
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, None));
		assert_noop!(accept(registrar(SOUTH), patient), Error::<Test>::NotMoving);
	});
}

#[test]
fn council_moves_everybody_of_a_hospital_that_left() {
	chain(|| {
		let stays = a_verified_patient();
		let patients: Vec<_> = (0..70).map(|n| registers_patient(3_000 + n, SOUTH)).collect();
		let doctors: Vec<_> = (0..40).map(|n| registers_doctor(3_000 + n, SOUTH)).collect();
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		assert_eq!(last_event(), Event::RelocationBegun { from: SOUTH, to: EAST });
		let mut blocks = 0;
		while !Relocations::<Test>::get().is_empty() {
			idle_block();
			blocks += 1;
		}
		// 71 patients and 40 doctors, 32 of them in a block.
		assert_eq!(blocks, 4);
		assert_eq!(last_event(), Event::RelocationDone { from: SOUTH, to: EAST });
		assert!(patients.iter().all(|id| patient_entry(*id).registration.hospital == EAST));
		assert!(doctors.iter().all(|id| doctor_entry(*id).registration.hospital == EAST));
		assert_eq!(patient_entry(stays).registration.hospital, NORTH);
		assert_ok!(MedicalRecords::verify_patient(registrar(EAST), patients[0]));
	});
}

#[test]
fn relocations_are_for_the_council_and_from_those_who_left_to_those_who_stay() {
	chain(|| {
		let relocate = MedicalRecords::move_people;
		let root = RuntimeOrigin::root;
		assert_noop!(relocate(registrar(EAST), SOUTH, EAST), DispatchError::BadOrigin);
		assert_noop!(relocate(root(), SOUTH, EAST), Error::<Test>::HospitalActive);
		assert_noop!(relocate(root(), NOWHERE, NOWHERE), Error::<Test>::HospitalNotActive);
		a_verified_patient();
		assert_ok!(relocate(root(), NOWHERE, EAST));
		assert_ok!(relocate(root(), NOWHERE, NORTH));
		let third = relocate(root(), NOWHERE, EAST);
		assert_noop!(third, Error::<Test>::MaxRelocationsExceeded);
		idle_block();
		assert_ok!(relocate(root(), NOWHERE, EAST));
	});
}
