//! Doctors' encryption keys: versions, and who has confirmed them.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn new_key_has_a_new_version_that_nobody_has_confirmed() {
	chain(|| {
		let doctor = a_verified_doctor();
		assert!(doctor_entry(doctor).is_key_vouched());
		changes_key(doctor);
		assert_eq!(last_event(), Event::EncryptionKeySet { doctor, version: 2 });
		assert!(!doctor_entry(doctor).is_key_vouched());
		confirms_key(doctor);
		assert_eq!(last_event(), Event::EncryptionKeyConfirmed { doctor, version: 2 });
		assert!(doctor_entry(doctor).is_key_vouched());
	});
}

/// The doctor may have replaced the key because it was lost.
#[test]
fn grant_says_that_it_is_sealed_to_an_earlier_key_until_the_patient_gives_it_again() {
	chain(|| {
		let patient = a_verified_patient();
		let [whole, single, adding] = [(); 3].map(|()| a_verified_doctor());
		adds(patient, 2);
		grants(patient, whole);
		shares(patient, single, &[0]);
		shares(patient, adding, &[1]);
		let keys = || [whole, single, adding].map(|doctor| key_status(patient, doctor));
		let (current, shared, earlier) =
			(KeyStatus::Current, KeyStatus::Shared, KeyStatus::EarlierKey);
		for doctor in [whole, single, adding] {
			changes_key(doctor);
		}
		// Nothing can be sealed to a key that no hospital has confirmed.
		assert_eq!(keys(), [current, shared, shared]);
		for doctor in [whole, single, adding] {
			confirms_key(doctor);
		}
		assert_eq!(keys(), [earlier, earlier, earlier]);
		let listed = MedicalRecords::grants_of_patient(patient, None, 10).items;
		let listed: Vec<_> = listed.iter().map(|one| one.access.map(|given| given.key)).collect();
		assert_eq!(listed, [Ok(earlier); 3]);

		grants(patient, whole);
		shares(patient, single, &[0]);
		// A share key that opens nothing needs no seal.
		withdraws(patient, &[1]);
		assert_eq!(keys(), [current, shared, shared]);
	});
}

/// A rotation seals to the key of the day, so a due chart needs nothing else.
#[test]
fn rotation_reaches_a_doctor_under_the_new_key() {
	chain(|| {
		let patient = a_verified_patient();
		let [doctor, leaving] = [(); 2].map(|()| a_verified_doctor());
		grants(patient, doctor);
		grants(patient, leaving);
		changes_key(doctor);
		confirms_key(doctor);
		assert_eq!(key_status(patient, doctor), KeyStatus::EarlierKey);
		revokes(patient, leaving);
		assert_eq!(key_status(patient, doctor), KeyStatus::OwnKey);
		rotates(patient);
		assert_eq!(key_status(patient, doctor), KeyStatus::Current);
	});
}

/// The account may be in wrong hands. If it is a verified patient's too, its allowance does not stop it.
#[test]
fn suspended_doctor_publishes_no_key() {
	chain(|| {
		let doctor = a_verified_doctor();
		suspends(doctor);
		let set = || MedicalRecords::set_encryption_key(by_doctor(doctor), 1, x_wing_key(2));
		assert_noop!(set(), Error::<Test>::DoctorNotVerified);
		assert!(doctor_entry(doctor).is_key_vouched());
		reinstates(doctor);
		assert_ok!(set());
	});
}

#[test]
fn only_usable_keys_are_published() {
	chain(|| {
		let doctor = a_verified_doctor();
		let set = |suite, key| MedicalRecords::set_encryption_key(by_doctor(doctor), suite, key);
		assert_noop!(set(2, x_wing_key(1)), Error::<Test>::UnknownSuite);
		assert_noop!(set(1, PublicKey::default()), Error::<Test>::InvalidKeyLength);
		assert_noop!(set(1, unusable_key()), Error::<Test>::InvalidKey);
		Doctors::<Test>::mutate(doctor, |slot| slot.as_mut().unwrap().key_version = u32::MAX);
		assert_noop!(set(1, x_wing_key(1)), Error::<Test>::IdsExhausted);
		Doctors::<Test>::mutate(doctor, |slot| slot.as_mut().unwrap().key_version = 1);
	});
}

#[test]
fn only_the_hospital_confirms_and_only_what_it_has_seen() {
	chain(|| {
		let doctor = a_verified_doctor();
		let seen = key_digest(doctor);
		changes_key(doctor);
		let confirm = |who, digest| MedicalRecords::confirm_encryption_key(who, doctor, digest);
		assert_noop!(confirm(registrar(EAST), seen), Error::<Test>::KeyChanged);
		let seen = key_digest(doctor);
		assert_noop!(confirm(by_doctor(doctor), seen), DispatchError::BadOrigin);
		assert_noop!(confirm(registrar(NORTH), seen), Error::<Test>::OtherHospital);
		assert_ok!(confirm(registrar(EAST), seen));

		let pending = registers_doctor(5, NORTH);
		let digest = key_digest(pending);
		let confirm = MedicalRecords::confirm_encryption_key(registrar(NORTH), pending, digest);
		assert_noop!(confirm, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn nothing_is_sealed_to_a_key_that_is_old_or_not_confirmed() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		let old = key_for(doctor);
		let old_share = share_key(patient, doctor);
		changes_key(doctor);
		let grant = |key| MedicalRecords::grant_access(by(patient), 0, key, true, None);
		let share = |key| {
			let records = shared(&[0]);
			let under = ShareUnder::New(key);
			MedicalRecords::share_records(by(patient), doctor, under, records, true, None)
		};
		assert_noop!(grant(old.clone()), Error::<Test>::KeyChanged);
		assert_noop!(share(old_share.clone()), Error::<Test>::KeyChanged);
		assert_noop!(grant(key_for(doctor)), Error::<Test>::KeyNotVouched);
		assert_noop!(share(share_key(patient, doctor)), Error::<Test>::KeyNotVouched);
		confirms_key(doctor);
		assert_noop!(grant(old), Error::<Test>::KeyChanged);
		assert_noop!(share(old_share), Error::<Test>::KeyChanged);
		assert_ok!(share(share_key(patient, doctor)));
		assert_ok!(grant(key_for(doctor)));
	});
}

#[test]
fn malformed_sealed_keys_are_refused() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		let short = SealedKey(vec![1; 1_168].try_into().unwrap());
		let other_suite = SealedKey(vec![2; 1_169].try_into().unwrap());
		for key in [short, other_suite, SealedKey(Default::default())] {
			let granted = KeyForDoctor { key: key.clone(), ..key_for(doctor) };
			let grant = MedicalRecords::grant_access(by(patient), 0, granted, true, None);
			assert_noop!(grant, Error::<Test>::InvalidSealedKey);
			let under = ShareUnder::New(ShareKey { key, ..share_key(patient, doctor) });
			let records = shared(&[0]);
			let share =
				MedicalRecords::share_records(by(patient), doctor, under, records, true, None);
			assert_noop!(share, Error::<Test>::InvalidSealedKey);
		}
	});
}
