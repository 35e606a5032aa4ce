//! A chain that has lived for a while under the runtime of this version, as lines of hexadecimal: key and
//! value. With this file as `runtime/tests/state.rs` in the release's tree,
//! `STATE=state.hex cargo test --release -p medblock-runtime --test state` writes it.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use frame_support::assert_ok;
use medblock_primitives::*;
use medblock_runtime::{Runtime, RuntimeCall, RuntimeOrigin, System};
use pallet_medical_records::Call;
use sp_core::Pair;
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::traits::Dispatchable;
use std::fmt::Write;

fn by(who: Sr25519Keyring, call: impl Into<RuntimeCall>) {
	assert_ok!(call.into().dispatch(RuntimeOrigin::signed(account(who))));
}

/// The account of the patient or doctor with a number.
fn person(number: u8) -> medblock_runtime::AccountId {
	sp_core::sr25519::Pair::from_seed(&[number; 32]).public().into()
}

fn by_person(number: u8, call: impl Into<RuntimeCall>) {
	assert_ok!(call.into().dispatch(RuntimeOrigin::signed(person(number))));
}

fn document(byte: u8) -> Document {
	Document { digest: [byte; 32], head: [byte; 16], size: 1_000, vault: HospitalId(0) }
}

fn sealed() -> SealedKey {
	SealedKey(vec![1; 1_169].try_into().unwrap())
}

#[test]
fn chain_has_lived() {
	let registrars = [AliceStash, BobStash, CharlieStash, DaveStash];
	local().execute_with(|| {
		block(1);
		// The keys of two hospitals come from words. One was replaced twice.
		for (who, times) in [(Alice, 1), (Bob, 3)] {
			for byte in 1..=times {
				let key = x_wing_key(byte);
				by(who, pallet_consortium::Call::set_encryption_key { suite: SUITE_X_WING, key });
			}
		}
		// Patients 0 to 11, all verified but the last two, and doctors 0 to 3, all verified but the last.
		for number in 0..12 {
			let profile = (number % 2 == 0).then(|| document(number));
			let hospital = HospitalId(u32::from(number) % 4);
			let call = Call::register_patient { hospital, keys: chart_keys(), profile };
			by_person(number, call);
			if number < 10 {
				let patient = PatientId(number.into());
				by(registrars[usize::from(number) % 4], Call::verify_patient { patient });
			}
		}
		for number in 0..4u8 {
			by_person(100 + number, register_doctor(number.into()));
			if number < 3 {
				let doctor = DoctorId(number.into());
				let key_digest = sp_io::hashing::sha2_256(&x_wing_key(1));
				let licence_expires = (number == 1).then_some(9_000_000_000_000);
				let call = Call::verify_doctor { doctor, key_digest, licence_expires };
				by(registrars[usize::from(number)], call);
			}
		}
		// Records, of which one was withdrawn, and grants to charts and to single records.
		for number in 0..6u8 {
			let record = |byte| NewRecord { document: document(byte), in_reply_to: None };
			let records = vec![record(100), record(101), record(102)].try_into().unwrap();
			by_person(number, Call::add_records { sealed_to: 0, records });
			by_person(number, Call::withdraw_record { record: 1 });
			let key = KeyForDoctor { doctor: DoctorId(0), key_version: 1, key: sealed() };
			let call = Call::grant_access { epoch: 0, key, may_append: true, expires_at: None };
			by_person(number, call);
			let shared = SharedRecord { record: 0, key: WrappedFileKey([1; 44]) };
			let key = ShareKey { generation: 1, key_version: 1, key: sealed() };
			let call = Call::share_records {
				doctor: DoctorId(1),
				key: Some(key),
				records: vec![shared].try_into().unwrap(),
				may_append: false,
				expires_at: Some(9_000_000_000_000),
			};
			by_person(number, call);
		}
		// One grant was revoked, so that a chart is due, and one person is suspended, one wants to move.
		let doctors = vec![DoctorId(0)].try_into().unwrap();
		by_person(1, Call::revoke_access { doctors, rotation: None });
		by(CharlieStash, Call::suspend_patient { patient: PatientId(2) });
		let to = Some(HospitalId(0));
		by_person(3, Call::request_move { capacity: Capacity::Patient, to });
		by(DaveStash, pallet_fair_use::Call::sponsor { account: account(Ferdie) });
		assert_eq!(pallet_medical_records::Patients::<Runtime>::iter().count(), 12);
		System::reset_events();
		let hex = |bytes: &[u8]| {
			bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
		};
		let mut text = String::new();
		let mut last = Vec::new();
		while let Some(key) = sp_io::storage::next_key(&last) {
			let value = sp_io::storage::get(&key).unwrap();
			writeln!(text, "{} {}", hex(&key), hex(&value)).unwrap();
			last = key;
		}
		std::fs::write(std::env::var("STATE").unwrap(), text).unwrap();
	});
}
