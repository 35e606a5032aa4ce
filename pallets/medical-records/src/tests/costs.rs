//! What people, records and grants cost in the state: the table in the README.

use crate::{migrations::v1, mock::*, *};
use codec::{Encode, MaxEncodedLen};
use frame_support::assert_ok;

const README: &str = include_str!("../../README.md");

/// The bytes that an account has more on a real chain than here.
const ACCOUNT: usize = 32 - 8;

/// The keys and values of these items in bytes, without the trie's own nodes.
fn stored(keys: &[Vec<u8>]) -> usize {
	let value = |key: &Vec<u8>| sp_io::storage::get(key).expect("it is stored");
	keys.iter().map(|key| key.len() + value(key).len()).sum()
}

/// The bytes by which an entry is longer than under `spec_version` 100.
fn grown(now: impl Encode, before: impl Encode) -> usize {
	now.encoded_size() - before.encoded_size()
}

fn patient_before(now: Patient<AccountId>) -> v1::Patient<AccountId> {
	let Patient { registration, profile, chart } = now;
	v1::Patient {
		account: registration.account,
		generation: registration.generation,
		hospital: registration.hospital,
		standing: registration.standing,
		registered_at: registration.registered_at,
		moving_to: registration.moving_to,
		profile,
		chart: v1::Chart {
			epoch: chart.epoch,
			lost_from: chart.lost_from,
			next_expiry: chart.next_expiry,
			lapses_seen: chart.lapses_seen,
			records: chart.records,
			grants: chart.grants,
			shares: chart.shares,
		},
	}
}

fn doctor_before(now: Doctor<AccountId>) -> v1::Doctor<AccountId> {
	let Registration { account, generation, hospital, standing, registered_at, moving_to } =
		now.registration;
	v1::Doctor {
		account,
		generation,
		hospital,
		standing,
		registered_at,
		moving_to,
		licence_expires: now.licence_expires,
		key_version: now.key_version,
		vouched_version: now.vouched_version,
		lapsed_at: now.lapsed_at,
		joined_at: now.joined_at,
	}
}

fn grant_before(now: Grant) -> v1::Grant {
	let seal =
		now.seal.map(|Seal { epoch, key_version, lapses }| v1::Seal { epoch, key_version, lapses });
	let Grant { may_append, expires_at, granted_at, .. } = now;
	v1::Grant { seal, may_append, expires_at, granted_at }
}

/// A number as people write it.
fn grouped(number: usize) -> String {
	match number / 1_000 {
		0 => number.to_string(),
		thousands => format!("{thousands},{:03}", number % 1_000),
	}
}

#[test]
fn state_costs_what_the_readme_says() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let profile = document();
		assert_ok!(MedicalRecords::update_patient_profile(by(patient), patient, profile, 0, None));
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		adds(patient, 1);
		let origin = by(patient);
		assert_ok!(MedicalRecords::add_records(origin, 0, note_to(0), None));
		let [whole, single, two] = [(); 3].map(|()| a_verified_doctor());
		grants_until(patient, whole, Some(START + DAY));
		shares(patient, single, &[0]);
		shares(patient, two, &[0, 1]);
		let grant_of = |doctor: DoctorId| Grants::<Test>::get(patient, doctor).unwrap();

		let index = stored(&[PatientsOf::<Test>::hashed_key_for(NORTH, Place::from(patient.0))]);
		let a_patient = index
			+ 2 * ACCOUNT
			+ stored(&[
				Patients::<Test>::hashed_key_for(patient),
				PatientOf::<Test>::hashed_key_for(5),
				CurrentKeys::<Test>::hashed_key_for(patient),
			]);
		let entry = patient_entry(patient);
		let patient_grown = index + grown(entry.clone(), patient_before(entry));

		let account = doctor_entry(whole).registration.account;
		let a_doctor = 2 * ACCOUNT
			+ stored(&[
				Doctors::<Test>::hashed_key_for(whole),
				DoctorOf::<Test>::hashed_key_for(account),
				Directory::<Test>::hashed_key_for(whole),
				EncryptionKeys::<Test>::hashed_key_for(whole),
			]);
		let doctor_grown = grown(doctor_entry(whole), doctor_before(doctor_entry(whole)));

		let a_grant = stored(&[
			Grants::<Test>::hashed_key_for(patient, whole),
			GrantedTo::<Test>::hashed_key_for(whole, patient),
			GrantKeys::<Test>::hashed_key_for(patient, whole),
		]);
		let grant_grown = grown(grant_of(whole), grant_before(grant_of(whole)));

		let share = |doctor: DoctorId| {
			stored(&[
				Grants::<Test>::hashed_key_for(patient, doctor),
				GrantedTo::<Test>::hashed_key_for(doctor, patient),
				ShareKeys::<Test>::hashed_key_for(patient, doctor),
				SharedRecordsOf::<Test>::hashed_key_for(patient, doctor),
			])
		};
		let share_grown = grown(grant_of(single), grant_before(grant_of(single)));
		assert_eq!(share(two) - share(single), 48, "each record more");

		// The same as under version 100, whose records are not migrated.
		let a_record = stored(&[Records::<Test>::hashed_key_for(patient, 1)]);

		let table = [
			("a patient", a_patient, patient_grown),
			("a doctor", a_doctor, doctor_grown),
			("a grant of a whole chart", a_grant, grant_grown),
			("a grant of one record", share(single), share_grown),
			("a record that answers another", a_record, 0),
		];
		for (what, now, grown) in table {
			let row = format!("| {what} | {} | {} |", grouped(now - grown), grouped(now));
			assert!(README.contains(&row), "the README lacks: {row}");
		}

		allows_deposit(patient, LABORATORY, Some(START + DAY));
		let deposits = || stored(&[Deposits::<Test>::hashed_key_for(patient)]);
		let first = deposits();
		let row = format!("| the first deposit of a chart | | {first} |");
		assert!(README.contains(&row), "the README lacks: {row}");
		allows_deposit(patient, IMAGING, Some(START + DAY));
		assert_eq!(deposits() - first, 25, "each deposit more");
	});
}

/// Records are by far the most: a byte more is a gigabyte in 10^9 of them.
#[test]
fn record_has_at_most_80_bytes() {
	assert!(Record::max_encoded_len() <= 80, "{}", Record::max_encoded_len());
}
