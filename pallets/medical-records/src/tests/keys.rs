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
