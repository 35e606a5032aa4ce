//! A person stays the same person when another account takes over.

use crate::{mock::*, *};
use frame_support::assert_noop;
use sp_runtime::testing::TestSignature;

#[test]
fn patient_keeps_chart_and_grants_under_another_account() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		let old = patient_entry(patient).registration.account;
		let person = Person::Patient(patient);
		changes_account(person, 5);
		assert_eq!(last_event(), Event::AccountChanged { person, old, new: 5 });
		assert_eq!(PatientOf::<Test>::get(old), None);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		let refused = MedicalRecords::revoke_access(signed(old), doctors(&[doctor]), None);
		assert_noop!(refused, Error::<Test>::NotPatient);
		revokes(patient, doctor);
		assert_eq!(patient_entry(patient).registration.account, 5);
	});
}

#[test]
fn doctor_keeps_grants_under_another_account() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		let old = doctor_entry(doctor).registration.account;
		changes_account(Person::Doctor(doctor), 5);
		assert_eq!(DoctorOf::<Test>::get(old), None);
		let refused = MedicalRecords::append_records(signed(old), patient, 0, new_records(1), None);
		assert_noop!(refused, Error::<Test>::NotDoctor);
		appends(doctor, patient);
	});
}

#[test]
fn nobody_is_made_a_patient_without_having_agreed() {
	chain(|| {
		let patient = a_verified_patient();
		let old = patient_entry(patient).registration.account;
		let change =
			|new, proof| MedicalRecords::change_account(signed(old), Capacity::Patient, new, proof);
		let unsigned = TestSignature(5, vec![]);
		assert_noop!(change(5, unsigned), Error::<Test>::InvalidProof);
		let by_another = agrees(6, Person::Patient(patient), old);
		assert_noop!(change(5, by_another), Error::<Test>::InvalidProof);
		let for_another = agrees(5, Person::Patient(PatientId(9)), old);
		assert_noop!(change(5, for_another), Error::<Test>::InvalidProof);
		let as_doctor = agrees(5, Person::Doctor(DoctorId(patient.0)), old);
		assert_noop!(change(5, as_doctor), Error::<Test>::InvalidProof);
	});
}

#[test]
fn account_is_one_patient_and_one_doctor_at_most() {
	chain(|| {
		let (one, other) = (a_verified_patient(), a_verified_patient());
		let (old, taken) =
			(patient_entry(one).registration.account, patient_entry(other).registration.account);
		let change = |new| {
			let proof = agrees(new, Person::Patient(one), old);
			MedicalRecords::change_account(signed(old), Capacity::Patient, new, proof)
		};
		assert_noop!(change(taken), Error::<Test>::AlreadyRegistered);
		assert_noop!(change(old), Error::<Test>::AlreadyRegistered);

		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		let (acting, taken) =
			(doctor_entry(one).registration.account, doctor_entry(other).registration.account);
		let proof = agrees(taken, Person::Doctor(one), acting);
		let change = MedicalRecords::change_account(signed(acting), Capacity::Doctor, taken, proof);
		assert_noop!(change, Error::<Test>::AlreadyRegistered);
	});
}

/// Or accounts could be made out of nothing, past the lane for new ones.
#[test]
fn only_people_whom_a_hospital_has_known_hand_over() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let proof = agrees(6, Person::Patient(patient), 5);
		let change = MedicalRecords::change_account(signed(5), Capacity::Patient, 6, proof);
		assert_noop!(change, Error::<Test>::PatientNotVerified);
		let doctor = registers_doctor(5, NORTH);
		let proof = agrees(6, Person::Doctor(doctor), 5);
		let change = MedicalRecords::change_account(signed(5), Capacity::Doctor, 6, proof);
		assert_noop!(change, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn strangers_have_nothing_to_hand_over() {
	chain(|| {
		let proof = TestSignature(6, vec![]);
		let patient =
			MedicalRecords::change_account(signed(5), Capacity::Patient, 6, proof.clone());
		assert_noop!(patient, Error::<Test>::NotPatient);
		let doctor = MedicalRecords::change_account(signed(5), Capacity::Doctor, 6, proof);
		assert_noop!(doctor, Error::<Test>::NotDoctor);
	});
}

/// The signed message is neither a text nor a transaction.
#[test]
fn proof_is_over_a_message_that_can_be_nothing_else() {
	chain(|| {
		let message = MedicalRecords::change_account_message(Person::Doctor(DoctorId(1)), &2, &3);
		assert!(message.starts_with(b"<Bytes>") && message.ends_with(b"</Bytes>"));
		let other = MedicalRecords::change_account_message(Person::Patient(PatientId(1)), &2, &3);
		assert_ne!(message, other);
	});
}

/// Fair use lets such calls run into debt, so each that a call names has to be worth it.
#[test]
fn patient_has_granted_what_is_named_only_if_all_of_it_is_and_once() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, two, other) = (a_verified_doctor(), a_verified_doctor(), a_verified_doctor());
		grants(patient, one);
		grants_until(patient, two, Some(START + DAY));
		let who = patient_entry(patient).registration.account;
		let has = |doctors: &[DoctorId]| MedicalRecords::has_granted(&who, doctors);
		assert!(has(&[one]) && has(&[two]) && has(&[two, one]));
		let nobody: &[DoctorId] = &[];
		for doctors in
			[nobody, &[other], &[one, other], &[other, one], &[one, one], &[one, two, one]]
		{
			assert!(!has(doctors), "{doctors:?}");
		}
		// A grant that has run out was paid for as any other.
		pass(DAY);
		assert!(has(&[one, two]));
		let another = patient_entry(a_verified_patient()).registration.account;
		for account in [another, 77] {
			assert!(!MedicalRecords::has_granted(&account, &[one]), "account {account}");
		}
		revokes(patient, one);
		assert!(!has(&[one]) && !has(&[one, two]) && has(&[two]));
	});
}

#[test]
fn patient_has_allowed_what_is_named_only_if_all_of_it_is_and_once() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		let who = patient_entry(patient).registration.account;
		let has = |named: &[InstitutionId]| MedicalRecords::has_allowed(&who, named);
		let other = InstitutionId(LABORATORY.0 + 90);
		assert!(has(&[LABORATORY]));
		let none: &[InstitutionId] = &[];
		for named in [none, &[other], &[LABORATORY, other], &[other, LABORATORY], &[LABORATORY; 2]]
		{
			assert!(!has(named), "{named:?}");
		}
		let another = patient_entry(a_verified_patient()).registration.account;
		assert!(!MedicalRecords::has_allowed(&another, &[LABORATORY]));
		assert!(!MedicalRecords::has_allowed(&77, &[LABORATORY]));
		ends_deposit(patient, LABORATORY);
		assert!(!has(&[LABORATORY]));
	});
}
