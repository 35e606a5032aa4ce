//! What hospitals had under version 1 of the storage.

use crate::{migrations::AtOnce, mock::*, *};
use frame_support::{
	assert_ok,
	traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
	weights::Weight,
};
use sp_io::hashing::sha2_256;

/// A key that a controller published out of its own words, for the third time.
fn key_of_words(byte: u8) -> EncryptionKey {
	EncryptionKey::new(1, x_wing_key(byte), 3).unwrap()
}

/// Back to version 1: these hospitals have such keys, and nothing is known of versions.
fn under_version_1(hospitals: &[HospitalId]) {
	for hospital in hospitals {
		EncryptionKeys::<Test>::insert(hospital, key_of_words(hospital.0 as u8 + 1));
	}
	StorageVersion::new(1).put::<Consortium>();
}

fn upgrade() -> Weight {
	AtOnce::<Test>::on_runtime_upgrade()
}

fn version() -> StorageVersion {
	Consortium::on_chain_storage_version()
}

#[test]
fn key_of_words_becomes_the_first_version_and_is_due() {
	consortium(|| {
		under_version_1(&[NORTH, WEST]);
		upgrade();
		for hospital in [NORTH, WEST] {
			let key = EncryptionKeys::<Test>::get(hospital).unwrap();
			assert_eq!(key, EncryptionKey { version: 1, ..key_of_words(hospital.0 as u8 + 1) });
			let link = ProfileKeyVersions::<Test>::get(hospital, 1).unwrap();
			assert_eq!((link.key_digest, link.previous), (sha2_256(&key.key), None));
			let state = ProfileKeyState { version: 1, holders: 0, due: true };
			assert_eq!(ProfileKeyStates::<Test>::get(hospital), state);
		}
		assert_eq!(ProfileKeyStates::<Test>::get(EAST), ProfileKeyState::default());
		assert_eq!(version(), StorageVersion::new(3));
	});
}

#[test]
fn any_registrar_begins_anew_after_a_key_of_words() {
	consortium(|| {
		under_version_1(&[WEST]);
		upgrade();
		joins(50, 3);
		publishes(50, WEST, &[50]);
		assert_eq!(EncryptionKeys::<Test>::get(WEST).unwrap().version, 2);
		let state = ProfileKeyState { version: 2, holders: 1, due: false };
		assert_eq!(ProfileKeyStates::<Test>::get(WEST), state);
	});
}

#[test]
fn expelled_hospital_has_no_current_key_afterwards() {
	consortium(|| {
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		under_version_1(&[WEST]);
		upgrade();
		assert_eq!(EncryptionKeys::<Test>::get(WEST), None);
		let link = ProfileKeyVersions::<Test>::get(WEST, 1).unwrap();
		assert_eq!(link.key_digest, sha2_256(&key_of_words(4).key));
		assert_eq!(Consortium::profile_key_version(WEST), 1);
	});
}

#[test]
fn nothing_happens_twice_nor_to_a_new_chain() {
	consortium(|| {
		assert_eq!(version(), StorageVersion::new(3));
		joins(50, 3);
		publishes(50, WEST, &[50]);
		let before = EncryptionKeys::<Test>::get(WEST);
		upgrade();
		assert_eq!(EncryptionKeys::<Test>::get(WEST), before);
		assert_eq!(ProfileKeyStates::<Test>::get(WEST).holders, 1);
	});
}
