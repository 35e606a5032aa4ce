//! People and grants of version 1 are all there in today's version, and the chain's chores wait for it.

use crate::{
	migrations::{DoctorsFromV3, GrantsFromV2, InSteps, PatientsFromV1, v1},
	mock::*,
	*,
};
use codec::{Decode, Encode};
use frame_support::{
	migrations::SteppedMigrations,
	traits::{GetStorageVersion, Hooks, StorageVersion},
	weights::{Weight, WeightMeter},
};
use medblock_reshape::Reshape;

fn old_patient(number: u32) -> v1::Patient<AccountId> {
	v1::Patient {
		account: number.into(),
		generation: number % 3,
		hospital: EAST,
		standing: Standing::Verified,
		registered_at: START,
		moving_to: number.is_multiple_of(5).then_some(SOUTH),
		profile: number
			.is_multiple_of(2)
			.then(|| SealedDocument { document: document(), sealed_to: 2 * number }),
		chart: v1::Chart {
			epoch: 2 * number,
			lost_from: Some(0),
			next_expiry: number.is_multiple_of(4).then_some(START + u64::from(number)),
			lapses_seen: number.into(),
			records: 0,
			grants: 1,
			shares: number,
		},
	}
}

fn old_doctor(number: u32) -> v1::Doctor<AccountId> {
	v1::Doctor {
		account: u64::from(number) + 1_000_000,
		generation: 1,
		hospital: NORTH,
		standing: Standing::Verified,
		registered_at: START,
		moving_to: None,
		licence_expires: number.is_multiple_of(2).then_some(START + DAY),
		key_version: 2,
		vouched_version: 1,
		lapsed_at: number.into(),
		joined_at: 0,
	}
}

fn old_grant(number: u32) -> v1::Grant {
	let seal = v1::Seal { epoch: 2 * number, key_version: 1, lapses: 3 };
	v1::Grant {
		seal: number.is_multiple_of(2).then_some(seal),
		may_append: number.is_multiple_of(3),
		expires_at: number.is_multiple_of(5).then_some(START + DAY),
		granted_at: START,
	}
}

/// The bytes that a runtime of version 1 stored. They must never need another type to be read.
#[test]
fn frozen_types_read_the_stored_bytes() {
	let start = START.to_le_bytes();
	let account = 7u64.to_le_bytes();
	let patient = [
		&account[..],
		&[1, 0, 0, 0, 1, 0, 0, 0, 1], // generation, hospital, standing: verified
		&start,
		&[0, 0],                               // moving_to, profile
		&[14, 0, 0, 0, 1, 0, 0, 0, 0, 0],      // epoch, lost_from, next_expiry
		&[7, 0, 0, 0, 0, 0, 0, 0],             // lapses_seen
		&[0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0], // records, grants, shares
	]
	.concat();
	assert_eq!(old_patient(7).encode(), patient);
	assert_eq!(v1::Patient::decode(&mut &patient[..]), Ok(old_patient(7)));

	let account = 1_000_007u64.to_le_bytes();
	let doctor = [
		&account[..],
		&[1, 0, 0, 0, 0, 0, 0, 0, 1], // generation, hospital, standing: verified
		&start,
		&[0, 0],                   // moving_to, licence_expires
		&[2, 0, 0, 0, 1, 0, 0, 0], // key_version, vouched_version
		&[7, 0, 0, 0, 0, 0, 0, 0], // lapsed_at
		&[0, 0, 0, 0, 0, 0, 0, 0], // joined_at
	]
	.concat();
	assert_eq!(old_doctor(7).encode(), doctor);
	assert_eq!(v1::Doctor::decode(&mut &doctor[..]), Ok(old_doctor(7)));

	let grant = [
		&[1, 16, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0][..], // seal
		&[0, 0],                                                   // may_append, expires_at
		&start,
	]
	.concat();
	assert_eq!(old_grant(8).encode(), grant);
	assert_eq!(v1::Grant::decode(&mut &grant[..]), Ok(old_grant(8)));
}

/// As many patients, and ten doctors. Each patient has granted something to one doctor.
fn under_version_1(patients: u32) -> sp_io::TestExternalities {
	let mut chain = externalities();
	chain.execute_with(|| {
		StorageVersion::new(1).put::<MedicalRecords>();
		for number in 0..10 {
			let old = old_doctor(number);
			DoctorOf::<Test>::insert(old.account, DoctorId(number));
			v1::Doctors::<Test>::insert(DoctorId(number), old);
		}
		for number in 0..patients {
			let (patient, doctor) = (PatientId(number), DoctorId(number % 10));
			v1::Patients::<Test>::insert(patient, old_patient(number));
			PatientOf::<Test>::insert(u64::from(number), patient);
			v1::Grants::<Test>::insert(patient, doctor, old_grant(number));
			GrantedTo::<Test>::insert(doctor, patient, ());
		}
		NextPatient::<Test>::put(PatientId(patients));
		NextDoctor::<Test>::put(DoctorId(10));
	});
	chain.commit_all().unwrap();
	chain
}

/// Takes all steps, each with weight for so many entries; gives their number.
fn steps_of(entries: u64, chain: &mut sp_io::TestExternalities) -> u32 {
	let one = [
		PatientsFromV1::<Test>::weight(),
		GrantsFromV2::<Test>::weight(),
		DoctorsFromV3::<Test>::weight(),
	];
	assert_eq!(InSteps::<Test>::len() as usize, one.len());
	let mut steps = 0;
	for (migration, one) in (0..).zip(one) {
		let limit = one.saturating_mul(entries);
		let mut cursor = None;
		loop {
			steps += 1;
			let mut meter = WeightMeter::with_limit(limit);
			let step = || InSteps::<Test>::nth_transactional_step(migration, cursor, &mut meter);
			cursor = chain.execute_with(step).unwrap().unwrap();
			assert!(meter.consumed().all_lte(limit));
			chain.commit_all().unwrap();
			if cursor.is_none() {
				break;
			}
		}
	}
	steps
}

#[test]
fn everybody_is_there_afterwards_in_bounded_steps() {
	const PATIENTS: u32 = 1_000;
	// In each of the three, beginning and ending take as much as an entry.
	for (entries, steps) in [(2, 501 + 501 + 6), (300, 4 + 4 + 1), (100_000, 3)] {
		let mut chain = under_version_1(PATIENTS);
		assert_eq!(steps_of(entries, &mut chain), steps);
		chain.execute_with(|| {
			for number in 0..PATIENTS {
				let (patient, doctor) = (PatientId(number), DoctorId(number % 10));
				let entry = patient_entry(patient);
				assert!(old_patient(number).is_kept_by(&entry), "{number}");
				let Chart { records, live, hospitals, .. } = entry.chart;
				assert_eq!((live, hospitals), (records, HospitalSet::ALL), "{number}");
				let grant = Grants::<Test>::get(patient, doctor).unwrap();
				assert!(old_grant(number).is_kept_by(&grant), "{number}");
				assert_eq!(grant.appends_left, AppendBudget::get(), "{number}");
			}
			for number in 0..10 {
				assert!(old_doctor(number).is_kept_by(&doctor_entry(DoctorId(number))), "{number}");
			}
			let people = |hospital| People::<Test>::get(hospital);
			assert_eq!(people(EAST), PeopleCount { patients: PATIENTS, doctors: 0 });
			assert_eq!(people(NORTH), PeopleCount { patients: 0, doctors: 10 });
			let counts = (Patients::<Test>::iter().count(), Grants::<Test>::iter().count());
			assert_eq!(counts, (1_000, 1_000));
			let (stored, current) = (
				MedicalRecords::on_chain_storage_version(),
				MedicalRecords::in_code_storage_version(),
			);
			assert_eq!(stored, current);
		});
	}
}

/// The council repairs a migration that failed by another upgrade, which begins it anew.
#[test]
fn migration_that_begins_anew_counts_nobody_twice() {
	let mut chain = under_version_1(30);
	let one = [
		PatientsFromV1::<Test>::weight(),
		GrantsFromV2::<Test>::weight(),
		DoctorsFromV3::<Test>::weight(),
	];
	for (migration, one) in (0..).zip(one) {
		// Some entries, and then all of them.
		for (entries, is_over) in [(5, false), (1_000, true)] {
			let mut meter = WeightMeter::with_limit(one.saturating_mul(entries));
			let step = || InSteps::<Test>::nth_transactional_step(migration, None, &mut meter);
			let cursor = chain.execute_with(step).unwrap().unwrap();
			assert_eq!(cursor.is_none(), is_over);
			chain.commit_all().unwrap();
		}
	}
	chain.execute_with(|| {
		let people = |hospital| People::<Test>::get(hospital);
		assert_eq!(people(EAST), PeopleCount { patients: 30, doctors: 0 });
		assert_eq!(people(NORTH), PeopleCount { patients: 0, doctors: 10 });
		for number in 0..30 {
			let (patient, doctor) = (PatientId(number), DoctorId(number % 10));
			assert!(old_patient(number).is_kept_by(&patient_entry(patient)), "{number}");
			let grant = Grants::<Test>::get(patient, doctor).unwrap();
			assert!(old_grant(number).is_kept_by(&grant), "{number}");
		}
	});
}

/// Version 1 took the role from the account of a suspended person, and remembered no more.
#[test]
fn suspended_people_count_and_their_accounts_are_told_and_others_do_not() {
	let mut chain = under_version_1(4);
	chain.execute_with(|| {
		let standings = [Standing::Pending, Standing::Rejected, Standing::Suspended];
		for (number, standing) in (1..).zip(standings) {
			let id = PatientId(number);
			v1::Patients::<Test>::insert(id, v1::Patient { standing, ..old_patient(number) });
		}
		// The double asks for a role before it takes it away.
		MockRoles::gained(&3, Role::Patient);
	});
	steps_of(100, &mut chain);
	chain.execute_with(|| {
		assert_eq!(People::<Test>::get(EAST).patients, 2);
		assert!(KnownRoles::get().is_empty());
	});
}

/// Of 300 records in each chart, every other was withdrawn, and version 1 did not count.
fn with_withdrawn_records() -> sp_io::TestExternalities {
	let mut chain = under_version_1(3);
	chain.execute_with(|| {
		for patient in [PatientId(0), PatientId(1), PatientId(2)] {
			let mut old = old_patient(patient.0);
			old.chart.records = 300;
			v1::Patients::<Test>::insert(patient, old);
			for index in 0..300u32 {
				let record = Record {
					document: index.is_multiple_of(2).then(document),
					author: Author::Patient,
					sealed_to: 0,
					in_reply_to: None,
					recorded_at: Minute::of(START),
				};
				Records::<Test>::insert(patient, index, record);
			}
		}
	});
	chain.commit_all().unwrap();
	chain
}

#[test]
fn records_withdrawn_under_version_1_give_their_room_back_in_bounded_steps() {
	let mut chain = with_withdrawn_records();
	steps_of(100, &mut chain);
	chain.execute_with(|| {
		let live = || [0, 1, 2].map(|number| patient_entry(PatientId(number)).chart.live);
		assert_eq!(live(), [300; 3]);
		let look = <() as WeightInfo>::count_records(0);
		let one = look + <() as WeightInfo>::count_records(MAX_BATCH);
		let step = || {
			let mut meter = WeightMeter::with_limit(one);
			MedicalRecords::count_records(&mut meter);
			meter.consumed()
		};
		assert_eq!(step(), one);
		let mut expected = Recount::until(PatientId(3));
		(expected.record, expected.withdrawn) = (128, 64);
		assert_eq!(Recounting::<Test>::get(), Some(expected));

		// The patient withdraws one before that record and one after it, and adds two.
		let patient = PatientId(0);
		withdraws(patient, &[0, 200]);
		adds(patient, 2);
		assert_eq!(live(), [300, 300, 300]);
		step();
		assert_eq!(live(), [300, 300, 300]);
		step();
		assert_eq!(live(), [150, 300, 300]);
		idle_block();
		assert_eq!(live(), [150; 3]);
		assert_eq!(Recounting::<Test>::get(), None);

		// From now on, it is as for any chart.
		withdraws(patient, &[2]);
		assert_eq!(live(), [149, 150, 150]);
	});
}

/// A block without time to spare counts nothing, and new charts are counted from the beginning.
#[test]
fn count_waits_for_idle_blocks_and_ends_with_the_old_charts() {
	let mut chain = with_withdrawn_records();
	steps_of(100, &mut chain);
	chain.execute_with(|| {
		let start = Recount::until(PatientId(3));
		MedicalRecords::count_records(&mut WeightMeter::with_limit(Weight::zero()));
		assert_eq!(Recounting::<Test>::get(), Some(start));
		let young = registers_patient(5_000, NORTH);
		assert_eq!(young, PatientId(3));
		assert!(!start.is_ahead(young));
		idle_block();
		assert_eq!(Recounting::<Test>::get(), None);
	});
}

/// What can't be trusted to be read rightly is not tidied up either.
#[test]
fn nothing_is_swept_before_the_storage_has_this_version() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		time_is(START + 15 * DAY);
		let current = MedicalRecords::on_chain_storage_version();
		StorageVersion::new(1).put::<MedicalRecords>();
		let base = <Test as Config>::WeightInfo::on_idle_base();
		assert_eq!(MedicalRecords::on_idle(2, Weight::MAX), base);
		assert!(Patients::<Test>::contains_key(patient));
		current.put::<MedicalRecords>();
		MedicalRecords::on_idle(2, Weight::MAX);
		assert!(!Patients::<Test>::contains_key(patient));
	});
}
