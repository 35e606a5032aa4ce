//! Moving to another hospital.

use crate::{mock::*, *};
use frame_support::{
	assert_noop, assert_ok,
	traits::{Get, Hooks},
	weights::Weight,
};
use frame_system::limits::BlockWeights;
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
fn nobody_escapes_a_hospital_that_has_come_back() {
	chain(|| {
		let patient = registers_patient(5, EAST);
		let doctor = a_verified_doctor();
		suspends(doctor);
		leaves(EAST);
		let ask = |capacity, who| MedicalRecords::request_move(who, capacity, Some(SOUTH));
		assert_ok!(ask(Capacity::Patient, by(patient)));
		assert_ok!(ask(Capacity::Doctor, by_doctor(doctor)));
		returns(EAST);
		let accept = MedicalRecords::accept_patient(registrar(SOUTH), patient);
		assert_noop!(accept, Error::<Test>::PatientNotVerified);
		let accept = || MedicalRecords::accept_doctor(registrar(SOUTH), doctor);
		assert_noop!(accept(), Error::<Test>::DoctorNotVerified);
		// The hospital's decision ends the request: the doctor may ask again.
		reinstates(doctor);
		assert_noop!(accept(), Error::<Test>::NotMoving);
		assert_ok!(ask(Capacity::Doctor, by_doctor(doctor)));
		assert_ok!(accept());
	});
}

#[test]
fn hospital_that_was_asked_declines() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let ask = |who, capacity| MedicalRecords::request_move(who, capacity, Some(SOUTH));
		let decline = MedicalRecords::decline_move;
		assert_ok!(ask(by(patient), Capacity::Patient));
		assert_ok!(ask(by_doctor(doctor), Capacity::Doctor));
		for person in [Person::Patient(patient), Person::Doctor(doctor)] {
			for other in [NORTH, EAST] {
				assert_noop!(decline(registrar(other), person), Error::<Test>::NotMoving);
			}
			assert_noop!(decline(by(patient), person), DispatchError::BadOrigin);
			assert_ok!(decline(registrar(SOUTH), person));
			assert_eq!(last_event(), Event::MoveDeclined { person, hospital: SOUTH });
			assert_noop!(decline(registrar(SOUTH), person), Error::<Test>::NotMoving);
		}
		assert_eq!(MoveRequests::<Test>::iter_keys().count(), 0);
		let accept = || MedicalRecords::accept_patient(registrar(SOUTH), patient);
		assert_noop!(accept(), Error::<Test>::NotMoving);
		let unknown = decline(registrar(SOUTH), Person::Patient(PatientId(9)));
		assert_noop!(unknown, Error::<Test>::PatientNotFound);
		// The person may ask again.
		assert_ok!(ask(by(patient), Capacity::Patient));
		assert_ok!(accept());
	});
}

#[test]
fn request_that_no_hospital_answers_lapses() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let ask = |who, capacity| MedicalRecords::request_move(who, capacity, Some(SOUTH));
		assert_ok!(ask(by(patient), Capacity::Patient));
		assert_ok!(ask(by_doctor(doctor), Capacity::Doctor));
		pass(DAY);
		// Asking again prolongs it.
		assert_ok!(ask(by_doctor(doctor), Capacity::Doctor));
		time_is(START + 14 * DAY - 1);
		idle_block();
		assert_eq!(patient_entry(patient).registration.moving_to, Some(SOUTH));
		time_is(START + 14 * DAY);
		// Also if no block has had time to end it yet.
		let accept = MedicalRecords::accept_patient(registrar(SOUTH), patient);
		assert_noop!(accept, Error::<Test>::NotMoving);
		idle_block();
		let lapsed = |person| Event::MoveLapsed { person, hospital: SOUTH };
		assert_eq!(last_event(), lapsed(Person::Patient(patient)));
		assert_eq!(patient_entry(patient).registration.moving_to, None);
		assert_eq!(doctor_entry(doctor).registration.moving_to, Some(SOUTH));
		pass(DAY);
		idle_block();
		assert_eq!(last_event(), lapsed(Person::Doctor(doctor)));
		assert_eq!(doctor_entry(doctor).registration.moving_to, None);
	});
}

#[test]
fn requests_lapse_in_bounded_steps() {
	chain(|| {
		for _ in 0..40 {
			let patient = a_verified_patient();
			assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		}
		time_is(START + 14 * DAY);
		idle_block();
		assert_eq!(MoveRequests::<Test>::iter_keys().count(), 8);
		idle_block();
		assert_eq!(MoveRequests::<Test>::iter_keys().count(), 0);
		assert!(!LastMove::<Test>::exists());
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
		let patients: Vec<_> = (0..50).map(|n| registers_patient(3_000 + n, SOUTH)).collect();
		let doctors: Vec<_> = (0..25).map(|n| registers_doctor(3_000 + n, SOUTH)).collect();
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		assert_eq!(last_event(), Event::RelocationBegun { from: SOUTH, to: EAST });
		let mut blocks = 0;
		while !Relocations::<Test>::get().is_empty() {
			idle_block();
			blocks += 1;
		}
		// 50 patients and 25 doctors fit into a tenth of one.
		assert_eq!(blocks, 1);
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
		assert_noop!(relocate(root(), NEVER, EAST), Error::<Test>::HospitalNotFound);
		a_verified_patient();
		assert_ok!(relocate(root(), NOWHERE, EAST));
		assert_ok!(relocate(root(), NOWHERE, NORTH));
		let third = relocate(root(), NOWHERE, EAST);
		assert_noop!(third, Error::<Test>::MaxRelocationsExceeded);
		idle_block();
		assert_ok!(relocate(root(), NOWHERE, EAST));
	});
}

/// Enough weight in a block to move so many doctors, and to sweep in vain for lapsed registrations.
fn moves_in_a_block(doctors: u32) -> Weight {
	let RelocationWeights { base, other, .. } = MedicalRecords::relocation_weights();
	<() as WeightInfo>::on_idle_base()
		+ <() as WeightInfo>::sweep_patient()
		+ <() as WeightInfo>::sweep_doctor()
		+ base + other * u64::from(doctors)
}

fn are_with(hospital: HospitalId, doctors: &[DoctorId]) -> usize {
	doctors.iter().filter(|id| doctor_entry(**id).registration.hospital == hospital).count()
}

/// Without a hospital, doctors see no chart; patients can wait.
#[test]
fn doctors_are_relocated_before_patients() {
	chain(|| {
		let patients: Vec<_> = (0..40).map(|n| registers_patient(3_000 + n, SOUTH)).collect();
		let doctors: Vec<_> = (0..40).map(|n| registers_doctor(3_000 + n, SOUTH)).collect();
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		MedicalRecords::on_idle(2, moves_in_a_block(39));
		assert_eq!(are_with(EAST, &doctors), 39);
		assert!(patients.iter().all(|id| patient_entry(*id).registration.hospital == SOUTH));
		MedicalRecords::on_idle(3, moves_in_a_block(2));
		assert_eq!(are_with(EAST, &doctors), 40);
		assert_eq!(patient_entry(patients[0]).registration.hospital, EAST);
		assert_eq!(patient_entry(patients[1]).registration.hospital, SOUTH);
	});
}

#[test]
fn doctors_of_a_later_relocation_do_not_wait_for_patients_either() {
	chain(|| {
		let patients: Vec<_> = (0..9).map(|n| registers_patient(3_000 + n, SOUTH)).collect();
		let first = registers_doctor(4_000, SOUTH);
		let second = registers_doctor(4_001, EAST);
		leaves(SOUTH);
		leaves(EAST);
		for from in [SOUTH, EAST] {
			assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), from, NORTH));
		}
		// One doctor to move, and one of another hospital to pass, in each.
		MedicalRecords::on_idle(2, moves_in_a_block(2));
		MedicalRecords::on_idle(3, moves_in_a_block(2));
		assert_eq!(are_with(NORTH, &[first, second]), 2);
		assert!(patients[2..].iter().all(|id| patient_entry(*id).registration.hospital == SOUTH));
		for block in 4..20 {
			MedicalRecords::on_idle(block, moves_in_a_block(2));
		}
		assert!(Relocations::<Test>::get().is_empty());
		assert!(patients.iter().all(|id| patient_entry(*id).registration.hospital == NORTH));
	});
}

/// A relocation leaves nine tenths of every block to others.
#[test]
fn relocation_takes_a_tenth_of_a_block() {
	chain(|| {
		let RelocationWeights { patient, other, .. } = MedicalRecords::relocation_weights();
		let weights: BlockWeights = <Test as frame_system::Config>::BlockWeights::get();
		let max = weights.max_block;
		// Another patient is begun as long as there is room for a doctor.
		let room = max.div(SHARE_OF_BLOCK) - other;
		let fit = room.checked_div_per_component(&patient).unwrap() + 1;
		for n in 0..fit + 5 {
			let verified = registers_patient(10_000 + n, SOUTH);
			assert_ok!(MedicalRecords::verify_patient(registrar(SOUTH), verified));
		}
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		let used = idle_block();
		// The other chores have their share, too.
		assert!(used.ref_time() < max.ref_time() / 8, "{used:?} of {max:?}");
		let moved = Patients::<Test>::iter_values().filter(|one| one.registration.hospital == EAST);
		assert_eq!(moved.count() as u64, fit);
		idle_block();
		assert!(Relocations::<Test>::get().is_empty());
	});
}

/// Handing on what is pending takes as much as a doctor may take.
#[test]
fn patient_whose_account_is_about_to_change_counts_like_a_doctor() {
	chain(|| {
		let patients = [3_000, 3_001].map(|who| registers_patient(who, SOUTH));
		for patient in patients {
			assert_ok!(MedicalRecords::verify_patient(registrar(SOUTH), patient));
		}
		assert_ok!(asks_to_change(Person::Patient(patients[0]), 5));
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		let RelocationWeights { base, patient, other, .. } = MedicalRecords::relocation_weights();
		let chores = <() as WeightInfo>::on_idle_base()
			+ <() as WeightInfo>::change_accounts()
			+ <() as WeightInfo>::sweep_patient()
			+ <() as WeightInfo>::sweep_patient();
		// One look at each patient, and one beyond the last.
		let clearing = <() as WeightInfo>::clear_grants(0) * 3;
		assert_eq!(idle_block(), chores + base + other + patient + clearing);
		assert!(patients.iter().all(|id| patient_entry(*id).registration.hospital == EAST));
	});
}

#[test]
fn numbers_of_people_follow_them() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		registers_patient(5, NORTH);
		assert_eq!(People::<Test>::get(NORTH), PeopleCount { patients: 1, doctors: 0 });
		assert_eq!(People::<Test>::get(EAST), PeopleCount { patients: 0, doctors: 1 });
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), patient));
		assert_ok!(MedicalRecords::suspend_patient(registrar(SOUTH), patient));
		assert_eq!(People::<Test>::get(NORTH), PeopleCount::default());
		assert_eq!(People::<Test>::get(SOUTH), PeopleCount { patients: 1, doctors: 0 });
		leaves(SOUTH);
		leaves(EAST);
		for from in [SOUTH, EAST] {
			assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), from, NORTH));
		}
		idle_block();
		idle_block();
		assert_eq!(doctor_entry(doctor).registration.hospital, NORTH);
		assert_eq!(People::<Test>::get(NORTH), PeopleCount { patients: 1, doctors: 1 });
		assert_eq!(People::<Test>::get(SOUTH), PeopleCount::default());
	});
}
