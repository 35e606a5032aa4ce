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
		let share = MedicalRecords::share_records(
			by(patient),
			doctor,
			ShareUnder::Nothing,
			nothing,
			true,
			None,
		);
		assert_noop!(share, Error::<Test>::OwnChart);
		// With any other patient or doctor, both halves work.
		let (other_patient, other_doctor) = (a_verified_patient(), a_verified_doctor());
		grants(patient, other_doctor);
		grants(other_patient, doctor);
		appends(doctor, other_patient);
	});
}

#[test]
fn chart_has_as_many_grants_as_it_may_and_expired_ones_do_not_count() {
	chain(|| {
		let patient = a_verified_patient();
		let [first, second] = [(); 2].map(|()| a_verified_doctor());
		grants_until(patient, first, Some(START + 1));
		grants_until(patient, second, Some(START + 1));
		for _ in 2..MAX_GRANTS {
			let doctor = a_verified_doctor();
			grants(patient, doctor);
		}
		let [last, sharer, one_more] = [(); 3].map(|()| a_verified_doctor());
		let grant = |doctor| {
			MedicalRecords::grant_access(by(patient), 0, key_for(doctor), true, None).map(|_| ())
		};
		let share = |doctor| {
			let nothing = SharedRecords::default();
			MedicalRecords::share_records(
				by(patient),
				doctor,
				ShareUnder::Nothing,
				nothing,
				true,
				None,
			)
			.map(|_| ())
		};
		assert_noop!(grant(last), Error::<Test>::MaxGrantsExceeded);
		assert_noop!(share(last), Error::<Test>::MaxGrantsExceeded);
		time_is(START + 1);
		assert_ok!(grant(last));
		assert_ok!(share(sharer));
		for doctor in [first, second] {
			assert!(events().contains(&Event::ExpiredGrantCleared { patient, doctor }));
			assert!(!GrantKeys::<Test>::contains_key(patient, doctor));
		}
		assert_eq!(patient_entry(patient).chart.grants, MAX_GRANTS);
		// What the two knew is still lost.
		assert!(is_due(patient));
		assert_noop!(grant(one_more), Error::<Test>::MaxGrantsExceeded);
		// A grant that there is can be changed, and a revoked one makes room.
		grants(patient, DoctorId(5));
		revokes(patient, DoctorId(5));
		assert_ok!(grant(one_more));
	});
}

#[test]
fn doctor_gives_access_up() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let relinquish = |named: &[PatientId]| {
			MedicalRecords::relinquish_access(by_doctor(doctor), patients(named))
		};
		assert_noop!(relinquish(&[]), Error::<Test>::NobodyNamed);
		assert_noop!(relinquish(&[patient]), Error::<Test>::NotGranted);
		assert_noop!(relinquish(&[PatientId(9)]), Error::<Test>::NotGranted);
		grants(patient, doctor);
		// A doctor who may see nothing any more can still do this.
		suspends(doctor);
		assert_ok!(relinquish(&[patient]));
		assert_eq!(last_event(), Event::AccessRelinquished { patient, doctor });
		assert_noop!(relinquish(&[patient]), Error::<Test>::NotGranted);
		assert!(is_due(patient));
	});
}

/// A doctor who retires. One patient has revoked in the meantime, and one is named twice.
#[test]
fn doctor_gives_up_several_charts_at_once() {
	chain(|| {
		let doctor = a_verified_doctor();
		let all = [(); 3].map(|()| a_verified_patient());
		for patient in all {
			grants(patient, doctor);
		}
		revokes(all[1], doctor);
		let named = patients(&[all[0], all[1], all[2], all[0], PatientId(9)]);
		assert_ok!(MedicalRecords::relinquish_access(by_doctor(doctor), named));
		assert_eq!(GrantedTo::<Test>::iter_key_prefix(doctor).count(), 0);
		for patient in [all[0], all[2]] {
			assert!(events().contains(&Event::AccessRelinquished { patient, doctor }));
			assert!(is_due(patient));
		}
		for patient in [all[1], all[0], PatientId(9)] {
			assert!(events().contains(&Event::HadNoAccess { patient, doctor }));
		}
		let too_many = vec![PatientId(0); MAX_RELINQUISHED as usize + 1];
		assert!(PatientIds::try_from(too_many).is_err());
	});
}
