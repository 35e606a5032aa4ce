//! From what version 1 has stored.

use super::*;
use crate::migrations::{OpenLaneUsed, ToV2};
use codec::Encode;
use frame_support::{
	assert_ok,
	traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
};

#[test]
fn accounts_of_version_1_go_on() {
	chain(|| {
		StorageVersion::new(1).put::<FairUsage>();
		OpenLaneUsed::<Test>::put(2);
		a_patient(1);
		// A nonce of 3, one provider, nothing free or reserved, 900 units used at block 100,000; a patient.
		let entry = (3u32, 0u32, 1u32, 0u32, 0u8, 0u8, 900u32, 100_000u32, 1u8).encode();
		let key = frame_system::Account::<Test>::hashed_key_for(1);
		sp_io::storage::set(&key, &entry);

		ToV2::<Test>::on_runtime_upgrade();
		assert_eq!(FairUsage::on_chain_storage_version(), StorageVersion::new(2));
		assert!(!OpenLaneUsed::<Test>::exists());
		assert_eq!(remaining(1), 1_000);
		assert_ok!(apply(1, 3, &remark(), 1_000));
		assert_eq!(remaining(1), 0);

		OpenLaneUsed::<Test>::put(2);
		ToV2::<Test>::on_runtime_upgrade();
		assert!(OpenLaneUsed::<Test>::exists(), "it happens once");
	});
}
