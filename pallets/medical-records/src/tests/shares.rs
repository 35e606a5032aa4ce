//! Sharing single records.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

fn share(
	patient: PatientId,
	doctor: DoctorId,
	under: ShareUnder,
	records: &[RecordIndex],
	may_append: bool,
) -> sp_runtime::DispatchResult {
	let records = shared(records);
	MedicalRecords::share_records(by(patient), doctor, under, records, may_append, None)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

#[test]
fn shared_records_are_visible_and_no_others() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		shares(patient, doctor, &[1]);
		let event = Event::RecordsShared {
			patient,
			doctor,
			records: 1,
			may_append: false,
			expires_at: None,
		};
		assert_eq!(last_event(), event);
		assert_eq!(access(patient, doctor), Ok(Scope::Records));
		assert_eq!(key_status(patient, doctor), KeyStatus::Shared);
		assert_ok!(MedicalRecords::access(patient, doctor, Some(1)));
		let other = MedicalRecords::access(patient, doctor, Some(0));
		assert_eq!(other, Err(Denied::RecordNotShared));
	});
}

#[test]
fn single_records_say_nothing_about_others() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 3);
		shares(patient, doctor, &[1]);
		withdraws(patient, &[2]);
		let under = ShareUnder::Nothing;
		let nothing = SharedRecords::default();
		assert_ok!(MedicalRecords::share_records(by(patient), doctor, under, nothing, true, None));
		// One that is there, one that was withdrawn, one that never was.
		for record in [0, 2, 9] {
			let seen = MedicalRecords::access(patient, doctor, Some(record));
			assert_eq!(seen, Err(Denied::RecordNotShared), "{record}");
			let answer = MedicalRecords::append_records(
				by_doctor(doctor),
				patient,
				0,
				note_to(record),
				None,
			);
			assert_noop!(answer.map(|_| ()), Error::<Test>::RecordNotShared);
		}
	});
}

#[test]
fn records_are_added_under_the_same_key_and_replaced_under_a_new_one() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 3);
		shares(patient, doctor, &[0]);
		let seen = || -> Vec<_> {
			SharedRecordsOf::<Test>::get(patient, doctor).keys().copied().collect()
		};
		assert_ok!(share(patient, doctor, present_share(patient, doctor), &[2], false));
		assert_eq!(seen(), [0, 2]);
		shares(patient, doctor, &[1]);
		assert_eq!(seen(), [1]);
		assert_eq!(ShareKeys::<Test>::get(patient, doctor).unwrap().generation, 2);
	});
}

#[test]
fn share_keys_are_counted_so_that_two_devices_do_not_mix_theirs() {
	chain(|| {
		let patient = a_verified_patient();
		let (one, other) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 1);
		let prepared = share_key(patient, one);
		shares(patient, other, &[0]);
		let late = share(patient, one, ShareUnder::New(prepared.clone()), &[0], false);
		assert_noop!(late, Error::<Test>::StaleShare);
		let early = ShareUnder::New(ShareKey { generation: 3, ..prepared });
		assert_noop!(share(patient, one, early, &[0], false), Error::<Test>::StaleShare);
		Patients::<Test>::mutate(patient, |p| p.as_mut().unwrap().chart.shares = u32::MAX);
		let key = ShareUnder::New(ShareKey { generation: 1, key_version: 1, key: sealed_key() });
		assert_noop!(share(patient, one, key, &[0], false), Error::<Test>::IdsExhausted);
	});
}

#[test]
fn there_has_to_be_something_to_share_and_a_key_to_share_it_under() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		let key = || new_share(patient, doctor);
		let nothing = ShareUnder::Nothing;
		assert_noop!(
			share(patient, doctor, nothing.clone(), &[], false),
			Error::<Test>::NothingShared
		);
		assert_noop!(share(patient, doctor, key(), &[], false), Error::<Test>::NothingShared);
		for under in [nothing, ShareUnder::Present(1)] {
			let share = share(patient, doctor, under, &[0], false);
			assert_noop!(share, Error::<Test>::ShareKeyNeeded);
		}
		assert_noop!(share(patient, doctor, key(), &[2], false), Error::<Test>::RecordNotFound);
		withdraws(patient, &[0]);
		assert_noop!(share(patient, doctor, key(), &[0], false), Error::<Test>::RecordWithdrawn);
		let nobody = MedicalRecords::share_records(
			by(patient),
			DoctorId(9),
			key(),
			shared(&[1]),
			false,
			None,
		);
		assert_noop!(nobody, Error::<Test>::DoctorNotFound);
		let past = MedicalRecords::share_records(
			by(patient),
			doctor,
			key(),
			shared(&[1]),
			false,
			Some(START),
		);
		assert_noop!(past, Error::<Test>::ExpiryPassed);
	});
}

#[test]
fn as_many_records_are_shared_as_may_be() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, MAX_SHARED as usize + 1);
		let all: Vec<_> = (0..MAX_SHARED).collect();
		shares(patient, doctor, &all);
		let present = || present_share(patient, doctor);
		let one_more = share(patient, doctor, present(), &[MAX_SHARED], false);
		assert_noop!(one_more, Error::<Test>::MaxSharedExceeded);
		// One that is shared already is no more.
		assert_ok!(share(patient, doctor, present(), &[3], false));
	});
}

/// A laboratory needs nothing but the right to append.
#[test]
fn laboratory_appends_without_seeing_anything() {
	chain(|| {
		let patient = a_verified_patient();
		let lab = a_verified_doctor();
		adds(patient, 1);
		assert_ok!(share(patient, lab, ShareUnder::Nothing, &[], true));
		appends(lab, patient);
		for record in 0..2 {
			let seen = MedicalRecords::access(patient, lab, Some(record));
			assert_eq!(seen, Err(Denied::RecordNotShared));
		}
	});
}

#[test]
fn shares_expire_and_can_be_prolonged_without_a_new_key() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		let share = |key, records: &[RecordIndex], until| {
			let records = shared(records);
			MedicalRecords::share_records(by(patient), doctor, key, records, false, Some(until))
		};
		assert_ok!(share(new_share(patient, doctor), &[0], START + 10));
		time_is(START + 10);
		let seen = || MedicalRecords::access(patient, doctor, Some(0)).map(|_| ());
		assert_eq!(seen(), Err(Denied::GrantExpired));
		// What a share opened, the vault alone guarded: no key was lost.
		assert!(!is_due(patient));
		assert_ok!(share(ShareUnder::Nothing, &[], START + 20));
		assert_eq!(seen(), Ok(()));
	});
}

#[test]
fn downgrade_from_chart_to_records_loses_the_chart() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		grants(patient, doctor);
		shares(patient, doctor, &[0]);
		assert_eq!(access(patient, doctor), Ok(Scope::Records));
		assert_eq!(GrantKeys::<Test>::get(patient, doctor), None);
		assert!(is_due(patient));
		assert_eq!(patient_entry(patient).chart.grants, 1);
		let seen = MedicalRecords::access(patient, doctor, Some(1));
		assert_eq!(seen, Err(Denied::RecordNotShared));
	});
}

#[test]
fn upgrade_from_records_to_chart_ends_the_share() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 2);
		shares(patient, doctor, &[0]);
		grants(patient, doctor);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		assert!(!ShareKeys::<Test>::contains_key(patient, doctor));
		assert!(!SharedRecordsOf::<Test>::contains_key(patient, doctor));
		assert!(!is_due(patient));
	});
}

#[test]
fn revoked_share_is_gone_with_its_keys() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		adds(patient, 1);
		shares(patient, doctor, &[0]);
		revokes(patient, doctor);
		assert_eq!(access(patient, doctor), Err(Denied::NotGranted));
		assert!(!ShareKeys::<Test>::contains_key(patient, doctor));
		assert!(!SharedRecordsOf::<Test>::contains_key(patient, doctor));
		assert!(!is_due(patient));
	});
}
