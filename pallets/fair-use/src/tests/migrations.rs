//! From what version 1 has stored.

use super::*;
use crate::migrations::{
	SponsorshipsFromV1,
	v1::{OpenLaneUsed, Sponsored},
};
use codec::Encode;
use frame_support::{
	assert_ok,
	migrations::SteppedMigration,
	traits::{GetStorageVersion, StorageVersion},
	weights::WeightMeter,
};
use medblock_reshape::{Reshape, Stepped};

/// Takes all steps, each with weight for so many entries; gives their number.
fn steps_of(entries: u64) -> u32 {
	let limit = SponsorshipsFromV1::<Test>::weight().saturating_mul(entries);
	let mut cursor = None;
	let mut steps = 0;
	loop {
		steps += 1;
		let mut meter = WeightMeter::with_limit(limit);
		cursor = Stepped::<SponsorshipsFromV1<Test>>::step(cursor, &mut meter).unwrap();
		if cursor.is_none() {
			return steps;
		}
	}
}

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

		assert_eq!(steps_of(2), 1);
		assert_eq!(FairUsage::on_chain_storage_version(), StorageVersion::new(2));
		assert!(!OpenLaneUsed::<Test>::exists());
		assert_eq!(remaining(1), 1_000);
		assert_ok!(apply(1, 3, &remark(), 1_000));
		assert_eq!(remaining(1), 0);

		OpenLaneUsed::<Test>::put(2);
		assert_eq!(steps_of(2), 1);
		assert!(OpenLaneUsed::<Test>::exists(), "it happens once");
	});
}

#[test]
fn sponsorships_of_version_1_go_on_in_bounded_steps() {
	// Beginning and ending take as much as an entry.
	for (entries, steps) in [(2, 3), (100, 1)] {
		chain(|| {
			StorageVersion::new(1).put::<FairUsage>();
			let sponsored: [(AccountId, u8); 4] = [(1, 0), (2, 0), (3, 0), (4, 1)];
			for (account, hospital) in sponsored {
				// The key's hash and the account, and the hospital's number.
				let key = Sponsored::<Test>::hashed_key_for(account);
				sp_io::storage::set(&key, &[hospital, 0, 0, 0]);
				SponsoredBy::<Test>::mutate(HospitalId(hospital.into()), |count| *count += 1);
			}
			assert_eq!(steps_of(entries), steps);
			for (account, hospital) in sponsored {
				let hospital = HospitalId(hospital.into());
				assert!(Sponsorships::<Test>::contains_key(account, hospital), "{account}");
			}
			assert_eq!(Sponsored::<Test>::iter_keys().count(), 0);
			// The other hospital's word now comes beside the first one's.
			assert_ok!(FairUsage::sponsor(signed(OTHER_REGISTRAR), 1));
			assert_ok!(apply(1, 0, &registration(), 1));
			assert_eq!(SponsoredBy::<Test>::get(HospitalId(0)), 2);
			assert_eq!(SponsoredBy::<Test>::get(HospitalId(1)), 2);
		});
	}
}

/// After a migration has failed, hospitals may vouch again before the next one.
#[test]
fn sponsorship_that_was_given_again_counts_once() {
	chain(|| {
		StorageVersion::new(1).put::<FairUsage>();
		sp_io::storage::set(&Sponsored::<Test>::hashed_key_for(1), &[0; 4]);
		SponsoredBy::<Test>::insert(HospitalId(0), 1);
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 1));
		assert_eq!(steps_of(100), 1);
		assert!(Sponsorships::<Test>::contains_key(1, HospitalId(0)));
		assert_eq!(SponsoredBy::<Test>::get(HospitalId(0)), 1);
	});
}

/// After a migration has failed, the council may also expel a hospital before the next one, and readmit it.
#[test]
fn sponsorship_of_a_hospital_that_has_left_does_not_come_back() {
	chain(|| {
		StorageVersion::new(1).put::<FairUsage>();
		for account in [1, 2] {
			sp_io::storage::set(&Sponsored::<Test>::hashed_key_for(account), &[0; 4]);
		}
		SponsoredBy::<Test>::insert(HospitalId(0), 2);
		FairUsage::hospital_left(HospitalId(0));
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 2));
		assert_eq!(steps_of(100), 1);
		assert_eq!(Sponsored::<Test>::iter_keys().count(), 0);
		assert!(!FairUsage::is_sponsored(&1, HospitalId(0)));
		assert!(FairUsage::is_sponsored(&2, HospitalId(0)));
		assert_eq!(SponsoredBy::<Test>::get(HospitalId(0)), 1);
	});
}
