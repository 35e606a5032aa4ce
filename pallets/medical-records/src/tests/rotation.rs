//! New keys for a chart.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_io::hashing::sha2_256;

#[test]
fn rotation_replaces_the_keys_and_keeps_what_leads_back() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		adds(patient, 2);
		rotates(patient);
		assert_eq!(last_event(), Event::ChartKeyRotated { patient, epoch: 2 });
		assert_eq!(CurrentKeys::<Test>::get(patient), Some(chart_keys(2)));
		for epoch in 0..2 {
			let EpochKey { key, salt, previous } = epoch_key(epoch);
			let past = PastEpoch { key_digest: sha2_256(&key), salt, previous, records_until: 2 };
			assert_eq!(PastEpochs::<Test>::get(patient, epoch), Some(past));
		}
		assert_eq!(key_status(patient, doctor), KeyStatus::Current);
		assert_eq!(Grants::<Test>::get(patient, doctor).unwrap().seal.unwrap().epoch, 2);
	});
}

#[test]
fn two_devices_rotate_and_the_second_one_fails() {
	chain(|| {
		let patient = a_verified_patient();
		let prepared = rotation(patient, &[]);
		assert_ok!(MedicalRecords::rotate_chart_key(by(patient), prepared.clone()));
		let second = MedicalRecords::rotate_chart_key(by(patient), prepared);
		assert_noop!(second, Error::<Test>::StaleEpoch);
	});
}

#[test]
fn rotation_that_does_not_fit_says_why() {
	chain(|| {
		let patient = a_verified_patient();
		let [one, other] = [(); 2].map(|()| a_verified_doctor());
		grants(patient, one);
		let rotate = |rotation| MedicalRecords::rotate_chart_key(by(patient), rotation).map(|_| ());
		assert_noop!(rotate(rotation_to(patient, &[])), Error::<Test>::DoctorMissing);
		let added = rotation_to(patient, &[one, other]);
		assert_noop!(rotate(added), Error::<Test>::DoctorUnexpected);
		assert_noop!(rotate(rotation_to(patient, &[one, one])), Error::<Test>::DoctorTwice);
		let ahead = Rotation { epoch: 4, ..rotation(patient, &[]) };
		assert_noop!(rotate(ahead), Error::<Test>::StaleEpoch);
		let odd = Rotation { epoch: 1, ..rotation(patient, &[]) };
		assert_noop!(rotate(odd), Error::<Test>::StaleEpoch);
		let mut unusable = rotation(patient, &[]);
		unusable.keys.suite = 9;
		assert_noop!(rotate(unusable), Error::<Test>::InvalidChartKeys);
		let mut malformed = rotation(patient, &[]);
		malformed.sealed[0].key = SealedKey(Default::default());
		assert_noop!(rotate(malformed), Error::<Test>::InvalidSealedKey);
		let mut old = rotation(patient, &[]);
		old.sealed[0].key_version = 0;
		assert_noop!(rotate(old), Error::<Test>::KeyChanged);
	});
}

#[test]
fn single_records_need_no_epochs_key() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		shares(patient, doctor, &[0]);
		let unexpected = rotation_to(patient, &[doctor]);
		let rotate = MedicalRecords::rotate_chart_key(by(patient), unexpected);
		assert_noop!(rotate, Error::<Test>::DoctorUnexpected);
		rotates(patient);
		assert_ok!(MedicalRecords::access(patient, doctor, Some(0)));
	});
}

#[test]
fn grants_that_a_rotation_cannot_reach_lie_dormant() {
	chain(|| {
		let patient = a_verified_patient();
		let [suspended, rekeyed] = [(); 2].map(|()| a_verified_doctor());
		grants(patient, suspended);
		grants(patient, rekeyed);
		adds(patient, 1);
		suspends(suspended);
		changes_key(rekeyed);
		// Reaching the one is not possible, reaching the other not allowed.
		let to =
			|doctor| MedicalRecords::rotate_chart_key(by(patient), rotation_to(patient, &[doctor]));
		assert_noop!(to(suspended), Error::<Test>::DoctorUnexpected);
		assert_noop!(to(rekeyed), Error::<Test>::KeyChanged);
		rotates(patient);
		assert!(!is_due(patient));
		adds(patient, 1);

		reinstates(suspended);
		confirms_key(rekeyed);
		for dormant in [suspended, rekeyed] {
			assert_eq!(access(patient, dormant), Ok(Scope::Chart));
			assert_eq!(key_status(patient, dormant), KeyStatus::AwaitingPatient);
			// The key to what is older is still there.
			assert!(GrantKeys::<Test>::contains_key(patient, dormant));
		}
		// They hold no secret in use, so none is lost when one of them goes.
		revokes(patient, suspended);
		assert!(!is_due(patient));
		rotates(patient);
		assert_eq!(key_status(patient, rekeyed), KeyStatus::Current);
	});
}

#[test]
fn epochs_run_out_rather_than_over() {
	chain(|| {
		let patient = a_verified_patient();
		Patients::<Test>::mutate(patient, |p| p.as_mut().unwrap().chart.epoch = u32::MAX - 1);
		let rotation = Rotation { epoch: 0, keys: chart_keys(0), sealed: Default::default() };
		let rotate = MedicalRecords::rotate_chart_key(by(patient), rotation);
		assert_noop!(rotate, Error::<Test>::StaleEpoch);
		Patients::<Test>::mutate(patient, |p| p.as_mut().unwrap().chart.epoch = 0);
	});
}

/// It looks at all grants that there are, and declares as many as there can be.
#[test]
fn rotation_is_paid_for_by_the_grants_that_there_are() {
	chain(|| {
		let patient = a_verified_patient();
		let [stays, leaves, single] = [(); 3].map(|()| a_verified_doctor());
		adds(patient, 1);
		grants(patient, stays);
		grants(patient, leaves);
		shares(patient, single, &[0]);
		let rotate = MedicalRecords::rotate_chart_key(by(patient), rotation(patient, &[]));
		let used = <() as WeightInfo>::rotate_chart_key(2, 1);
		assert_eq!(rotate.unwrap().actual_weight, Some(used));

		let after = Some(rotation(patient, &[leaves]));
		let revoke = MedicalRecords::revoke_access(by(patient), doctors(&[leaves]), after);
		let used = <() as WeightInfo>::rotate_chart_key(1, 1);
		let used = <() as WeightInfo>::revoke_access(1) + used;
		assert_eq!(revoke.unwrap().actual_weight, Some(used));
	});
}
