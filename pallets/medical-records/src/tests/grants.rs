//! Granting the whole chart, and what is decided by it.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn granted_doctor_sees_everything() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		assert_eq!(access(patient, doctor), Err(Denied::NotGranted));
		let until = Some(START + DAY);
		grants_until(patient, doctor, until);
		let granted = Event::AccessGranted { patient, doctor, may_append: true, expires_at: until };
		assert_eq!(last_event(), granted);
		let allowed =
			Allowed { scope: Scope::Chart, may_append: true, until, key: KeyStatus::Current };
		assert_eq!(MedicalRecords::access(patient, doctor, None), Ok(allowed));
		assert_eq!(MedicalRecords::access(patient, doctor, Some(0)), Ok(allowed));
		let missing = MedicalRecords::access(patient, doctor, Some(1));
		assert_eq!(missing, Err(Denied::RecordNotFound));
		assert_eq!(GrantKeys::<Test>::get(patient, doctor), Some(sealed_key()));
	});
}

#[test]
fn access_says_who_does_not_exist() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let seen = MedicalRecords::access(PatientId(9), doctor, None);
		assert_eq!(seen, Err(Denied::PatientNotFound));
		let seen = MedicalRecords::access(patient, DoctorId(9), None);
		assert_eq!(seen, Err(Denied::DoctorNotFound));
	});
}

#[test]
fn grant_ends_in_the_very_millisecond() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants_until(patient, doctor, Some(START + 1_000));
		time_is(START + 999);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		time_is(START + 1_000);
		assert_eq!(access(patient, doctor), Err(Denied::GrantExpired));
	});
}

#[test]
fn licence_ends_in_the_very_millisecond() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		licenses(doctor, Some(START + 1_000));
		grants_until(patient, doctor, Some(START + 2_000));
		let until = MedicalRecords::access(patient, doctor, None).unwrap().until;
		assert_eq!(until, Some(START + 1_000));
		time_is(START + 999);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		time_is(START + 1_000);
		assert_eq!(access(patient, doctor), Err(Denied::LicenceExpired));
	});
}

#[test]
fn access_pauses_with_the_doctors_standing_and_hospital() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		suspends(doctor);
		assert_eq!(access(patient, doctor), Err(Denied::DoctorNotVerified));
		reinstates(doctor);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		leaves(EAST);
		assert_eq!(access(patient, doctor), Err(Denied::HospitalNotActive));
		returns(EAST);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
	});
}

#[test]
fn grants_begin_only_with_doctors_who_practise() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let grant = || {
			MedicalRecords::grant_access(by(patient), 0, key_for(doctor), true, None).map(|_| ())
		};
		suspends(doctor);
		assert_noop!(grant(), Error::<Test>::DoctorNotVerified);
		reinstates(doctor);
		licenses(doctor, Some(START));
		assert_noop!(grant(), Error::<Test>::LicenceExpired);
		licenses(doctor, Some(START + 1));
		leaves(EAST);
		assert_noop!(grant(), Error::<Test>::HospitalNotActive);
		returns(EAST);
		assert_ok!(grant());
		let key = KeyForDoctor { doctor: DoctorId(9), ..key_for(doctor) };
		let nobody = MedicalRecords::grant_access(by(patient), 0, key, true, None);
		assert_noop!(nobody, Error::<Test>::DoctorNotFound);
	});
}

#[test]
fn grants_are_to_the_current_epoch_and_end_in_the_future() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let grant = |epoch, until| {
			let key = key_for(doctor);
			MedicalRecords::grant_access(by(patient), epoch, key, true, until).map(|_| ())
		};
		assert_noop!(grant(0, Some(START)), Error::<Test>::ExpiryPassed);
		assert_noop!(grant(1, None), Error::<Test>::StaleEpoch);
		assert_noop!(grant(2, None), Error::<Test>::StaleEpoch);
		rotates(patient);
		assert_noop!(grant(0, None), Error::<Test>::StaleEpoch);
		assert_ok!(grant(2, None));
	});
}

#[test]
fn nobody_grants_themselves() {
	chain(|| {
		let patient = a_verified_patient();
		let account = patient_entry(patient).registration.account;
		let doctor = registers_doctor(account, NORTH);
		assert_ok!(verifies(doctor, None));
		let grant = MedicalRecords::grant_access(by(patient), 0, key_for(doctor), true, None);
		assert_noop!(grant, Error::<Test>::OwnChart);
		let nothing = SharedRecords::default();
		let share = MedicalRecords::share_records(by(patient), doctor, None, nothing, true, None);
		assert_noop!(share, Error::<Test>::OwnChart);
		// With any other patient or doctor, both halves work.
		let (other_patient, other_doctor) = (a_verified_patient(), a_verified_doctor());
		grants(patient, other_doctor);
		grants(other_patient, doctor);
		appends(doctor, other_patient);
	});
}

#[test]
fn chart_has_as_many_grants_as_it_may() {
	chain(|| {
		let patient = a_verified_patient();
		let first = a_verified_doctor();
		grants_until(patient, first, Some(START + 1));
		for _ in 1..MAX_GRANTS {
			let doctor = a_verified_doctor();
			grants(patient, doctor);
		}
		let last = a_verified_doctor();
		time_is(START + 1);
		let grant =
			|| MedicalRecords::grant_access(by(patient), 0, key_for(last), true, None).map(|_| ());
		assert_noop!(grant(), Error::<Test>::MaxGrantsExceeded);
		let nothing = SharedRecords::default();
		let share = MedicalRecords::share_records(by(patient), last, None, nothing, true, None);
		assert_noop!(share, Error::<Test>::MaxGrantsExceeded);
		// Who has one can have it changed; an expired one makes room when it is revoked.
		grants(patient, DoctorId(5));
		revokes(patient, first);
		assert_ok!(grant());
	});
}

#[test]
fn doctor_gives_access_up() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let relinquish =
			|patient| MedicalRecords::relinquish_access(by_doctor(doctor), patient).map(|_| ());
		assert_noop!(relinquish(patient), Error::<Test>::NotGranted);
		assert_noop!(relinquish(PatientId(9)), Error::<Test>::PatientNotFound);
		grants(patient, doctor);
		// A doctor who may see nothing any more can still do this.
		suspends(doctor);
		assert_ok!(relinquish(patient));
		assert_eq!(last_event(), Event::AccessRelinquished { patient, doctor });
		assert_noop!(relinquish(patient), Error::<Test>::NotGranted);
		assert!(is_due(patient));
	});
}
