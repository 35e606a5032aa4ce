//! Taking access back: always possible, at once.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn granting_and_revoking_can_go_on_for_ever() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		for round in 0..2 {
			grants(patient, doctor);
			assert_eq!(access(patient, doctor), Ok(Scope::Chart));
			revokes_and_rotates(patient, doctor);
			assert_eq!(access(patient, doctor), Err(Denied::NotGranted));
			assert_eq!(patient_entry(patient).chart.epoch, 2 * (round + 1));
			assert!(!is_due(patient));
		}
		// And without rotations: the secret that the doctor had is never used again.
		for _ in 0..2 {
			grants(patient, doctor);
			revokes(patient, doctor);
			assert!(is_due(patient));
			assert_eq!(sealing_epoch(patient), 5);
		}
	});
}

#[test]
fn revoked_doctor_leaves_nothing_behind() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		revokes(patient, doctor);
		assert_eq!(last_event(), Event::AccessRevoked { patient, doctor });
		assert!(!Grants::<Test>::contains_key(patient, doctor));
		assert!(!GrantedTo::<Test>::contains_key(doctor, patient));
		assert!(!GrantKeys::<Test>::contains_key(patient, doctor));
		assert_eq!(patient_entry(patient).chart.grants, 0);
	});
}

#[test]
fn revoking_what_has_expired_or_never_was_succeeds() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants_until(patient, doctor, Some(START + 1));
		time_is(START + 1);
		revokes(patient, doctor);
		assert!(is_due(patient));
		revokes(patient, doctor);
		assert_eq!(last_event(), Event::HadNoAccess { patient, doctor });
		revokes_and_rotates(patient, DoctorId(99));
		assert_eq!(last_event(), Event::ChartKeyRotated { patient, epoch: 2 });
	});
}

#[test]
fn somebody_has_to_be_named() {
	chain(|| {
		let patient = a_verified_patient();
		let revoke = MedicalRecords::revoke_access(by(patient), doctors(&[]), None);
		assert_noop!(revoke, Error::<Test>::NobodyNamed);
		let too_many = vec![DoctorId(0); MAX_GRANTS as usize + 1];
		assert!(DoctorIds::try_from(too_many).is_err());
	});
}

#[test]
fn several_doctors_are_revoked_in_one_call_and_named_twice_only_once() {
	chain(|| {
		let patient = a_verified_patient();
		let all: Vec<_> = (0..4).map(|_| a_verified_doctor()).collect();
		for doctor in &all {
			grants(patient, *doctor);
		}
		let leaving = [all[0], all[2], all[0]];
		let rotation = rotation(patient, &leaving);
		assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&leaving), Some(rotation)));
		assert_eq!(patient_entry(patient).chart.grants, 2);
		assert_eq!(key_status(patient, all[1]), KeyStatus::Current);
		assert_eq!(key_status(patient, all[3]), KeyStatus::Current);
		assert!(!is_due(patient));
	});
}

/// Sends a revocation of `leaving` with this rotation, which does not fit.
fn dropped(patient: PatientId, leaving: DoctorId, rotation: Rotation, why: RotationMisfit) {
	let epoch = patient_entry(patient).chart.epoch;
	assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&[leaving]), Some(rotation)));
	assert_eq!(last_event(), Event::RotationDropped { patient, why });
	assert!(access(patient, leaving).is_err(), "the revocation stands");
	assert!(is_due(patient), "the chart is due");
	assert_eq!(patient_entry(patient).chart.epoch, epoch);
}

#[test]
fn rotation_that_forgets_adds_or_doubles_a_doctor_is_dropped() {
	for case in 0..3 {
		chain(|| {
			let patient = a_verified_patient();
			let [leaving, staying, stranger] = [(); 3].map(|()| a_verified_doctor());
			grants(patient, leaving);
			grants(patient, staying);
			let (sealed, why): (&[_], _) = match case {
				0 => (&[], RotationMisfit::DoctorMissing),
				1 => (&[staying, stranger], RotationMisfit::DoctorUnexpected),
				_ => (&[staying, staying], RotationMisfit::DoctorTwice),
			};
			dropped(patient, leaving, rotation_to(patient, sealed), why);
			// Who remains is none the worse.
			assert_eq!(access(patient, staying), Ok(Scope::Chart));
			rotates(patient);
			assert_eq!(key_status(patient, staying), KeyStatus::Current);
		});
	}
}

#[test]
fn rotation_to_the_one_who_leaves_is_dropped() {
	chain(|| {
		let patient = a_verified_patient();
		let leaving = a_verified_doctor();
		grants(patient, leaving);
		let rotation = rotation_to(patient, &[leaving]);
		dropped(patient, leaving, rotation, RotationMisfit::DoctorUnexpected);
	});
}

/// A doctor's act in the transaction before the patient's.
#[test]
fn revocation_stands_whatever_a_doctor_did_just_before() {
	type Before = fn(PatientId, DoctorId);
	let befores: [(Before, RotationMisfit); 4] = [
		(
			|patient, doctor| {
				relinquishes(doctor, patient);
			},
			RotationMisfit::DoctorUnexpected,
		),
		(|_, _| pass(1_000), RotationMisfit::DoctorUnexpected),
		(|_, doctor| changes_key(doctor), RotationMisfit::KeyChanged),
		(
			|_, doctor| {
				changes_key(doctor);
				confirms_key(doctor);
			},
			RotationMisfit::KeyChanged,
		),
	];
	for (before, why) in befores {
		chain(|| {
			let patient = a_verified_patient();
			let (leaving, staying) = (a_verified_doctor(), a_verified_doctor());
			grants(patient, leaving);
			grants_until(patient, staying, Some(START + 1_000));
			let prepared = rotation(patient, &[leaving]);
			before(patient, staying);
			dropped(patient, leaving, prepared, why);
		});
	}
}

#[test]
fn rotation_fits_if_the_one_who_is_revoked_left_just_before() {
	chain(|| {
		let patient = a_verified_patient();
		let (leaving, staying) = (a_verified_doctor(), a_verified_doctor());
		grants(patient, leaving);
		grants(patient, staying);
		let prepared = rotation(patient, &[leaving]);
		relinquishes(leaving, patient);
		assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&[leaving]), Some(prepared)));
		assert_eq!(last_event(), Event::ChartKeyRotated { patient, epoch: 2 });
		assert!(!is_due(patient));
	});
}

#[test]
fn rotation_that_comes_second_is_dropped() {
	chain(|| {
		let patient = a_verified_patient();
		let [one, other] = [(); 2].map(|()| a_verified_doctor());
		grants(patient, one);
		grants(patient, other);
		let prepared = rotation(patient, &[other]);
		revokes_and_rotates(patient, one);
		dropped(patient, other, prepared, RotationMisfit::WrongEpoch);
		assert_eq!(sealing_epoch(patient), 3);
	});
}

#[test]
fn rotation_with_unusable_keys_is_dropped() {
	for case in 0..4 {
		chain(|| {
			let patient = a_verified_patient();
			let (leaving, staying) = (a_verified_doctor(), a_verified_doctor());
			grants(patient, leaving);
			grants(patient, staying);
			let mut rotation = rotation(patient, &[leaving]);
			let why = match case {
				0 => {
					rotation.keys.distributed.key = unusable_key();
					RotationMisfit::InvalidKeys
				},
				1 => {
					rotation.keys.standby.key = PublicKey::default();
					RotationMisfit::InvalidKeys
				},
				2 => {
					rotation.keys.distributed.previous = None;
					RotationMisfit::InvalidKeys
				},
				_ => {
					rotation.sealed[0].key = SealedKey(Default::default());
					RotationMisfit::InvalidSealedKey
				},
			};
			dropped(patient, leaving, rotation, why);
		});
	}
}

#[test]
fn append_and_revocation_in_one_block_in_both_orders() {
	// First the append, then the revocation.
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		appends(doctor, patient);
		revokes(patient, doctor);
		assert_eq!(patient_entry(patient).chart.lost_from, Some(1));
		assert_eq!(Records::<Test>::get(patient, 0).unwrap().sealed_to, 0);
	});
	// First the revocation, then the append.
	chain(|| {
		let patient = a_verified_patient();
		let [doctor, other] = [(); 2].map(|()| a_verified_doctor());
		grants(patient, doctor);
		grants(patient, other);
		revokes(patient, doctor);
		for (who, refusal) in
			[(doctor, Error::<Test>::NotGranted), (other, Error::<Test>::StaleEpoch)]
		{
			let append =
				MedicalRecords::append_records(by_doctor(who), patient, 0, new_records(1), None);
			assert_noop!(append, refusal);
		}
		appends(other, patient);
		assert_eq!(Records::<Test>::get(patient, 0).unwrap().sealed_to, 1);
	});
}
