//! A due chart stays readable: its files are encrypted to the own keys of the doctors who remain, and
//! refused when one of these has lost access meanwhile.

use crate::{mock::*, *};
use codec::Encode;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
	weights::Weight,
};
use sp_io::hashing::blake2_128;

/// Takes a doctor's access to the whole chart, or the key that files would be encrypted to.
type Change = fn(PatientId, DoctorId);

const CHANGES: [(&str, Change); 10] = [
	("revoked", |patient, doctor| revokes(patient, doctor)),
	("relinquished", |patient, doctor| relinquishes(doctor, patient)),
	("expired", |_, _| time_is(START + 7 * DAY)),
	("downgraded", |patient, doctor| shares(patient, doctor, &[0])),
	("suspended", |_, doctor| suspends(doctor)),
	("licence ran out", |_, doctor| {
		licenses(doctor, Some(now() + 10));
		pass(10);
	}),
	("licence withdrawn", |_, doctor| licenses(doctor, Some(START))),
	("hospital left", |_, _| leaves(SOUTH)),
	("key replaced", |_, doctor| changes_key(doctor)),
	("key replaced and confirmed", |_, doctor| {
		changes_key(doctor);
		confirms_key(doctor);
	}),
];

/// A verified doctor of hospital South, whose grant ends after seven days.
fn a_doctor_for_a_week(patient: PatientId) -> DoctorId {
	let doctor = registers_doctor(3_000 + u64::from(NextDoctor::<Test>::get().0), SOUTH);
	assert_ok!(verifies(doctor, None));
	grants_until(patient, doctor, Some(START + 7 * DAY));
	doctor
}

/// A chart that is due, with a doctor of hospital East who may see it without end, and one of South.
fn a_due_chart() -> (PatientId, DoctorId, DoctorId) {
	let patient = a_verified_patient();
	adds(patient, 1);
	let (left, stays) = (a_verified_doctor(), a_verified_doctor());
	grants(patient, left);
	grants(patient, stays);
	let week = a_doctor_for_a_week(patient);
	revokes(patient, left);
	assert!(is_due(patient));
	(patient, stays, week)
}

fn named(patient: PatientId) -> Vec<DoctorId> {
	let info = MedicalRecords::recipients(patient).unwrap();
	info.doctors.iter().map(|one| one.doctor).collect()
}

fn append_naming(
	doctor: DoctorId,
	patient: PatientId,
	recipients: Option<RecipientsDigest>,
) -> DispatchResultWithPostInfo {
	let epoch = sealing_epoch(patient);
	MedicalRecords::append_records(by_doctor(doctor), patient, epoch, new_records(1), recipients)
}

/// An inpatient's resident was granted seven days. When these have passed, the patient is away, and the
/// other doctors go on reading what each of them writes.
#[test]
fn seven_day_grant_that_ends_leaves_the_chart_to_the_others() {
	chain(|| {
		let patient = a_verified_patient();
		let (ward, consultant) = (a_verified_doctor(), a_verified_doctor());
		let laboratory = a_verified_doctor();
		adds(patient, 1);
		grants(patient, ward);
		grants(patient, consultant);
		shares(patient, laboratory, &[0]);
		let resident = a_doctor_for_a_week(patient);
		assert_eq!((named(patient), recipients(patient)), (vec![], None), "nobody is named yet");
		time_is(START + 7 * DAY);

		assert!(is_due(patient));
		assert_eq!(access(patient, resident), Err(Denied::GrantExpired));
		assert_eq!(named(patient), [ward, consultant]);
		for doctor in [ward, consultant] {
			assert_eq!(key_status(patient, doctor), KeyStatus::OwnKey);
			appends(doctor, patient);
		}
		// The patient may add, too, and the hospital may correct the profile.
		adds(patient, 1);
		let digest = recipients(patient);
		let origin = registrar(NORTH);
		assert_ok!(MedicalRecords::update_patient_profile(origin, patient, document(), 1, digest));

		// Someone who is granted later reads all of it after the patient's next rotation.
		let later = a_verified_doctor();
		grants(patient, later);
		assert_eq!(named(patient), [ward, consultant, later]);
		rotates(patient);
		assert_eq!((named(patient), recipients(patient)), (vec![], None));
		for doctor in [ward, consultant, later] {
			assert_eq!(key_status(patient, doctor), KeyStatus::Current);
			appends(doctor, patient);
		}
		assert_eq!(Records::<Test>::get(patient, 3).unwrap().sealed_to, 1);
		assert_eq!(Records::<Test>::get(patient, 4).unwrap().sealed_to, 2);
	});
}

#[test]
fn files_are_refused_when_a_recipient_has_lost_access_since() {
	for (name, change) in CHANGES {
		chain(|| {
			let (patient, stays, week) = a_due_chart();
			let read = recipients(patient);
			assert_eq!(named(patient), [stays, week], "{name}");
			change(patient, week);
			assert_noop!(append_naming(stays, patient, read), Error::<Test>::StaleRecipients);
			let (origin, records) = (by(patient), new_records(1));
			let add = MedicalRecords::add_records(origin, 1, records, read);
			assert_noop!(add, Error::<Test>::StaleRecipients);
			for origin in [by(patient), registrar(NORTH)] {
				let update =
					MedicalRecords::update_patient_profile(origin, patient, document(), 1, read);
				assert_noop!(update, Error::<Test>::StaleRecipients);
			}
			assert_ne!(recipients(patient), read, "{name}");
			assert_ok!(append_naming(stays, patient, recipients(patient)));
		});
	}
}

/// Expiry needs no call, so that nothing but the clock of the block shows it.
#[test]
fn recipient_whose_grant_ends_in_this_very_millisecond_is_none() {
	chain(|| {
		let (patient, stays, week) = a_due_chart();
		let read = recipients(patient);
		time_is(START + 7 * DAY - 1);
		assert_ok!(append_naming(stays, patient, read));
		assert_eq!(named(patient), [stays, week]);
		time_is(START + 7 * DAY);
		assert_noop!(append_naming(stays, patient, read), Error::<Test>::StaleRecipients);
		assert_eq!(named(patient), [stays]);
	});
}

/// The author's client has to encrypt to a doctor who came meanwhile, or that doctor could not read.
#[test]
fn files_are_refused_when_a_recipient_has_come_since() {
	chain(|| {
		let (patient, stays, _) = a_due_chart();
		let read = recipients(patient);
		grants(patient, a_verified_doctor());
		assert_noop!(append_naming(stays, patient, read), Error::<Test>::StaleRecipients);
	});
}

#[test]
fn doctor_who_was_back_before_the_block_may_read_it() {
	chain(|| {
		let (patient, stays, week) = a_due_chart();
		let read = recipients(patient);
		suspends(week);
		reinstates(week);
		assert_ok!(append_naming(stays, patient, read));
	});
}

#[test]
fn other_peoples_losses_refuse_nothing() {
	chain(|| {
		let (patient, stays, _) = a_due_chart();
		let read = recipients(patient);
		suspends(a_verified_doctor());
		let other = a_verified_patient();
		grants(other, stays);
		revokes(other, stays);
		MedicalRecords::next_lapse(EAST);
		assert_ok!(append_naming(stays, patient, read));
	});
}

/// It can be read by the patient alone, so that no doctor's loss matters.
#[test]
fn file_for_the_charts_key_alone_is_always_taken() {
	chain(|| {
		let (patient, stays, week) = a_due_chart();
		revokes(patient, week);
		assert_ok!(append_naming(stays, patient, None));
		assert_eq!(Records::<Test>::get(patient, 1).unwrap().sealed_to, 1);
	});
}

/// Its doctors have the epoch's secret, which the chain looks after in any case.
#[test]
fn chart_that_is_not_due_asks_for_no_recipients() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		grants(patient, doctor);
		assert_eq!(recipients(patient), None);
		assert_ok!(append_naming(doctor, patient, None));
		assert_ok!(append_naming(doctor, patient, Some([7; 16])));
		// A rotation between the reading and the block is told by the epoch.
		let due = {
			let other = a_verified_doctor();
			grants(patient, other);
			revokes(patient, other);
			recipients(patient)
		};
		rotates(patient);
		let (origin, records) = (by_doctor(doctor), new_records(1));
		let stale = MedicalRecords::append_records(origin, patient, 1, records, due);
		assert_noop!(stale, Error::<Test>::StaleEpoch);
	});
}

#[test]
fn recipients_are_those_who_may_see_the_whole_chart_with_a_confirmed_key() {
	chain(|| {
		let (patient, stays, week) = a_due_chart();
		let [single, suspended, unlicensed, rekeyed] = [(); 4].map(|()| a_verified_doctor());
		for doctor in [suspended, unlicensed, rekeyed] {
			grants(patient, doctor);
		}
		shares(patient, single, &[0]);
		suspends(suspended);
		licenses(unlicensed, Some(START));
		changes_key(rekeyed);
		assert_eq!(named(patient), [stays, week]);
		assert_eq!(key_status(patient, rekeyed), KeyStatus::AwaitingPatient);
		confirms_key(rekeyed);
		assert_eq!(named(patient), [stays, week, rekeyed]);
		assert_eq!(key_status(patient, rekeyed), KeyStatus::OwnKey);

		let info = MedicalRecords::recipients(patient).unwrap();
		assert_eq!(info.sealing_epoch, 1);
		let last = info.doctors.last().unwrap();
		assert_eq!((last.key_version, last.key_digest), (2, key_digest(rekeyed)));
		let pairs = vec![(stays, 1u32), (week, 1), (rekeyed, 2)];
		assert_eq!(info.digest, Some(blake2_128(&(patient, 1u32, pairs).encode())));
	});
}

/// No other chart, and no other epoch of this one, has the same digest, not even without recipients.
#[test]
fn digest_is_of_one_chart_and_epoch() {
	chain(|| {
		let due = || {
			let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
			grants(patient, doctor);
			revokes(patient, doctor);
			patient
		};
		let (one, two) = (due(), due());
		let before = recipients(one);
		assert!(before.is_some() && before != recipients(two));
		rotates(one);
		let doctor = a_verified_doctor();
		grants(one, doctor);
		revokes(one, doctor);
		assert!(recipients(one).is_some() && recipients(one) != before);
		assert_eq!(MedicalRecords::recipients(PatientId(99)), None);
	});
}

#[test]
fn header_has_room_for_so_many_and_no_more() {
	chain(|| {
		let patient = a_verified_patient();
		let all: Vec<_> = (0..MAX_GRANTS).map(|_| a_verified_doctor()).collect();
		for doctor in &all {
			grants(patient, *doctor);
		}
		let named_after = |leaving: usize| {
			let leaving: Vec<_> = all.iter().copied().take(leaving).collect();
			assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&leaving), None));
			named(patient)
		};
		let most = MAX_RECIPIENT_DOCTORS as usize;
		assert_eq!(named_after(1), all[1..=most], "of 63");
		assert_eq!(named_after(2), all[2..2 + most], "of 62");
		assert_eq!(named_after(3), all[3..], "all 61");
		assert_ok!(append_naming(all[63], patient, recipients(patient)));
		assert_eq!(named_after(4), all[4..]);
	});
}

/// What a doctor's client, and the patient's notice, say of the doctor's key.
#[test]
fn doctor_that_a_header_has_no_room_for_awaits_the_patient() {
	chain(|| {
		let patient = a_verified_patient();
		let most = MAX_RECIPIENT_DOCTORS as usize;
		let all: Vec<_> = (0..most + 2).map(|_| a_verified_doctor()).collect();
		for doctor in &all {
			grants(patient, *doctor);
		}
		revokes(patient, all[0]);
		let told = || -> Vec<_> {
			let listed = MedicalRecords::grants_of_patient(patient, None, MAX_GRANTS).items;
			let told: Vec<_> =
				listed.iter().map(|one| (one.doctor, one.access.unwrap().key)).collect();
			for (doctor, key) in &told {
				assert_eq!(key_status(patient, *doctor), *key, "{doctor:?}");
			}
			told
		};
		let expected: Vec<_> = all[1..=most]
			.iter()
			.map(|doctor| (*doctor, KeyStatus::OwnKey))
			.chain([(all[most + 1], KeyStatus::AwaitingPatient)])
			.collect();
		assert_eq!(told(), expected);

		// An earlier doctor makes room, whose grant is still there.
		suspends(all[1]);
		assert_eq!(key_status(patient, all[most + 1]), KeyStatus::OwnKey);
		reinstates(all[1]);
		assert_eq!(told(), expected);
		rotates(patient);
		assert!(told().iter().all(|(_, key)| *key == KeyStatus::Current));
	});
}

#[test]
fn looking_for_recipients_is_paid_for_when_it_happens() {
	chain(|| {
		let (patient, stays, _) = a_due_chart();
		let append = |named| append_naming(stays, patient, named).unwrap().actual_weight.unwrap();
		let base = append_records_weight::<Test>(&new_records(1));
		assert_eq!(append(None), base);
		assert_eq!(append(recipients(patient)), base + <() as WeightInfo>::recipients(2));
		let declared = |recipients| {
			let (sealed_to, records) = (1, new_records(1));
			Call::<Test>::append_records { patient, sealed_to, records, recipients }
				.get_dispatch_info()
				.call_weight
		};
		let looking = <() as WeightInfo>::recipients(MAX_GRANTS);
		assert_eq!(declared(Some([7; 16])), base + looking);
		let settling = <() as WeightInfo>::settle(MAX_GRANTS);
		assert_eq!(declared(Some(NO_RECIPIENTS)), base + settling);
		assert_eq!(declared(None), base + <() as WeightInfo>::settle(MAX_LOOK));

		// A chart that is found due by this very call is looked at twice, which that weight includes.
		let (other, one) = (a_verified_patient(), a_verified_doctor());
		grants(other, one);
		a_doctor_for_a_week(other);
		time_is(START + 7 * DAY);
		let found = append_naming(one, other, recipients(other)).unwrap().actual_weight.unwrap();
		assert_eq!(found, base + <() as WeightInfo>::recipients(2));
		assert!(Weight::all_lte(found, declared(Some([7; 16]))));
	});
}

/// A look at all 64 doctors would be most of what an addition declares, although it is hardly ever needed.
#[test]
fn chart_of_many_doctors_looks_at_them_when_it_is_told_so() {
	chain(|| {
		let patient = a_verified_patient();
		for _ in 0..MAX_LOOK {
			grants(patient, a_verified_doctor());
		}
		let add = |named| MedicalRecords::add_records(by(patient), 0, new_records(1), named);
		MedicalRecords::next_lapse(EAST);
		// Eight are few enough.
		assert_ok!(add(None));

		let ninth = a_doctor_for_a_week(patient);
		// Nothing has moved.
		assert_ok!(add(None));
		MedicalRecords::next_lapse(SOUTH);
		assert_noop!(add(None), Error::<Test>::RecipientsNeeded);
		assert_noop!(append_naming(ninth, patient, None), Error::<Test>::RecipientsNeeded);
		let done = append_naming(ninth, patient, Some(NO_RECIPIENTS)).unwrap().actual_weight;
		let base = append_records_weight::<Test>(&new_records(1));
		assert_eq!(done, Some(base + <() as WeightInfo>::settle(MAX_LOOK + 1)));
		// The chart has looked.
		assert_ok!(add(None));

		// Registrars are not told the recipients, and name none.
		MedicalRecords::next_lapse(SOUTH);
		let update = |named| {
			let origin = registrar(NORTH);
			MedicalRecords::update_patient_profile(origin, patient, document(), 0, named)
		};
		assert_noop!(update(None), Error::<Test>::RecipientsNeeded);
		assert_ok!(update(Some(NO_RECIPIENTS)));

		// A loss by the clock alone, which no call has noticed yet.
		time_is(START + 7 * DAY);
		let late = |named| MedicalRecords::add_records(by(patient), 1, new_records(1), named);
		assert_noop!(late(None), Error::<Test>::RecipientsNeeded);
		assert_ok!(late(recipients(patient)));
		// The chart is known to be due.
		assert_ok!(late(None));
	});
}

#[test]
fn sixteen_zero_bytes_name_nobody() {
	chain(|| {
		let (patient, stays, week) = a_due_chart();
		assert_ok!(append_naming(stays, patient, Some(NO_RECIPIENTS)));
		revokes(patient, week);
		assert_ok!(append_naming(stays, patient, Some(NO_RECIPIENTS)));
	});
}
