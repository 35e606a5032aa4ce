//! Promises to the reader: every error has a test, and the state costs what the README says.

use crate::{mock::*, *};
use codec::{Encode, MaxEncodedLen};
use scale_info::{TypeDef, TypeInfo};

const TESTS: &[&str] = &[
	include_str!("account_changes.rs"),
	include_str!("accounts.rs"),
	include_str!("directory.rs"),
	include_str!("due.rs"),
	include_str!("grants.rs"),
	include_str!("keys.rs"),
	include_str!("life.rs"),
	include_str!("moves.rs"),
	include_str!("profiles.rs"),
	include_str!("recipients.rs"),
	include_str!("records.rs"),
	include_str!("registration.rs"),
	include_str!("revocation.rs"),
	include_str!("rotation.rs"),
	include_str!("shares.rs"),
	include_str!("standing.rs"),
];

#[test]
fn every_error_is_named_by_a_test() {
	let TypeDef::Variant(errors) = Error::<Test>::type_info().type_def else {
		panic!("errors are an enumeration")
	};
	for error in errors.variants {
		let name = format!("Error::<Test>::{}", error.name);
		let is_named = |test: &&str| {
			test.match_indices(&name).any(|(at, _)| {
				!test[at + name.len()..].starts_with(|next: char| next.is_alphanumeric())
			})
		};
		assert!(TESTS.iter().any(is_named), "no test is refused with {name}");
	}
}

/// Keys and values, without the trie's own nodes: the table in the README.
#[test]
fn state_costs_what_the_readme_says() {
	chain(|| {
		let patient = registers_patient(5, NORTH);
		let doctor = a_verified_doctor();
		let profile =
			MedicalRecords::update_patient_profile(by(patient), patient, document(), 0, None);
		frame_support::assert_ok!(profile);
		frame_support::assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		let note = NewRecord { document: document(), in_reply_to: Some(0) };
		adds(patient, 1);
		let records = vec![note].try_into().unwrap();
		frame_support::assert_ok!(MedicalRecords::add_records(by(patient), 0, records, None));
		grants_until(patient, doctor, Some(START + DAY));

		let item = |key: Vec<u8>| {
			let value = sp_io::storage::get(&key).expect("it is stored");
			(key.len(), value.len())
		};
		let record = item(Records::<Test>::hashed_key_for(patient, 1));
		let grant = [
			item(Grants::<Test>::hashed_key_for(patient, doctor)),
			item(GrantedTo::<Test>::hashed_key_for(doctor, patient)),
			item(GrantKeys::<Test>::hashed_key_for(patient, doctor)),
		];
		let person = [
			item(Patients::<Test>::hashed_key_for(patient)),
			item(PatientOf::<Test>::hashed_key_for(5)),
			item(CurrentKeys::<Test>::hashed_key_for(patient)),
			item(PatientsOf::<Test>::hashed_key_for(NORTH, Place::from(patient.0))),
		];
		// Accounts have 32 bytes on a real chain and 8 here: two in the values and one in a key.
		let total = |items: &[(usize, usize)]| items.iter().map(|(key, value)| key + value).sum();
		let (grant, person): (usize, usize) = (total(&grant), total(&person) + 2 * 24);
		assert_eq!((record, grant, person), ((56, 75), 1_378, 2_944));
		assert!(Record::max_encoded_len() <= 80);
		assert_eq!(Author::Doctor(doctor).encode().len(), 5);
	});
}
