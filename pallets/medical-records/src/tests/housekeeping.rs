//! Undecided registrations are deleted, a bounded number at a time.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};

#[test]
fn undecided_registrations_lapse_after_two_weeks() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let doctor = registers_doctor(5, NORTH);
		time_is(START + 14 * DAY - 1);
		idle_block();
		assert_eq!(patient_entry(patient).registration.standing, Standing::Pending);
		time_is(START + 14 * DAY);
		idle_block();
		for person in [Person::Patient(patient), Person::Doctor(doctor)] {
			assert!(events().contains(&Event::RegistrationLapsed { person }));
		}
		assert_eq!((PatientOf::<Test>::get(5), DoctorOf::<Test>::get(5)), (None, None));
		// They can begin anew.
		registers_patient(5, NORTH);
		registers_doctor(5, NORTH);
	});
}

#[test]
fn decided_ones_stay_and_rejected_ones_go() {
	chain(|| {
		let verified = a_verified_patient();
		let practising = a_verified_doctor();
		let rejected = registers_patient(5, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), rejected));
		let turned_down = registers_doctor(5, NORTH);
		assert_ok!(MedicalRecords::reject_doctor(registrar(NORTH), turned_down));
		time_is(START + 15 * DAY);
		let young = registers_patient(6, NORTH);
		idle_block();
		assert_eq!(patient_entry(verified).registration.standing, Standing::Verified);
		assert_eq!(doctor_entry(practising).registration.standing, Standing::Verified);
		assert_eq!(Patients::<Test>::get(rejected), None);
		assert_eq!(Doctors::<Test>::get(turned_down), None);
		assert_eq!(OldestPatient::<Test>::get(), young);
	});
}

#[test]
fn flood_of_registrations_is_cleaned_up_in_bounded_steps() {
	chain(|| {
		for n in 0..80 {
			registers_patient(3_000 + n, NORTH);
			registers_doctor(3_000 + n, NORTH);
		}
		time_is(START + 14 * DAY);
		let left = |blocks: u32| 80u32.saturating_sub(32 * blocks) as usize;
		for blocks in 1..=3 {
			idle_block();
			assert_eq!(Patients::<Test>::iter_keys().count(), left(blocks));
			assert_eq!(Doctors::<Test>::iter_keys().count(), left(blocks));
		}
	});
}

#[test]
fn block_without_time_to_spare_does_nothing_and_pays_nothing() {
	chain(|| {
		registers_patient(5, NORTH);
		time_is(START + 14 * DAY);
		assert_eq!(MedicalRecords::on_idle(2, Weight::zero()), Weight::zero());
		let base = <() as WeightInfo>::on_idle_base();
		assert_eq!(MedicalRecords::on_idle(2, base), base);
		assert_eq!(Patients::<Test>::iter_keys().count(), 1);
		let enough = base + <() as WeightInfo>::sweep_patient();
		assert_eq!(MedicalRecords::on_idle(2, enough), enough);
		assert_eq!(Patients::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn hospital_that_a_pending_person_comes_to_has_two_weeks_to_decide() {
	chain(|| {
		let patient = registers_patient(5, SOUTH);
		let doctor = registers_doctor(5, SOUTH);
		leaves(SOUTH);
		time_is(START + 14 * DAY - 1);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		idle_block();
		time_is(START + 28 * DAY - 2);
		idle_block();
		assert_ok!(MedicalRecords::verify_patient(registrar(EAST), patient));
		assert_eq!(doctor_entry(doctor).registration.standing, Standing::Pending);
		pass(1);
		idle_block();
		let person = Person::Doctor(doctor);
		assert!(events().contains(&Event::RegistrationLapsed { person }));
		assert_eq!(patient_entry(patient).registration.standing, Standing::Verified);
	});
}

/// Someone who was moved since holds back the sweep for those who registered later.
#[test]
fn people_whose_registration_has_lapsed_register_again_before_it_is_deleted() {
	chain(|| {
		registers_patient(5, SOUTH);
		registers_doctor(5, SOUTH);
		let patient = registers_patient(6, NORTH);
		let doctor = registers_doctor(6, NORTH);
		leaves(SOUTH);
		time_is(START + 14 * DAY - 1);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		idle_block();
		let early = MedicalRecords::register_patient(signed(6), EAST, chart_keys(0), None);
		assert_noop!(early, Error::<Test>::AlreadyRegistered);
		pass(1);
		idle_block();
		assert_eq!(patient_entry(patient).registration.standing, Standing::Pending);
		let again = (registers_patient(6, EAST), registers_doctor(6, EAST));
		for person in [Person::Patient(patient), Person::Doctor(doctor)] {
			assert!(events().contains(&Event::RegistrationLapsed { person }));
		}
		assert_eq!((Patients::<Test>::get(patient), Doctors::<Test>::get(doctor)), (None, None));
		let own = (PatientOf::<Test>::get(6), DoctorOf::<Test>::get(6));
		assert_eq!(own, (Some(again.0), Some(again.1)));
	});
}

#[test]
fn registration_that_was_moved_lapses_too() {
	chain(|| {
		let patient = registers_patient(5, SOUTH);
		registers_patient(6, SOUTH);
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		// For one look at a registration that may still be decided, and one move.
		let RelocationWeights { base, other, .. } = MedicalRecords::relocation_weights();
		let enough =
			<() as WeightInfo>::on_idle_base() + <() as WeightInfo>::sweep_patient() + base + other;
		MedicalRecords::on_idle(2, enough);
		assert_eq!(patient_entry(patient).registration.hospital, EAST);
		assert_eq!(Relocations::<Test>::get()[0].next_patient, PatientId(1));
		time_is(START + 14 * DAY);
		idle_block();
		assert_eq!(Patients::<Test>::iter_keys().count(), 0);
	});
}
