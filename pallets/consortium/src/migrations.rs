//! Changes of the stored shape, one version after another. ADR 34 says how to add one.
//!
//! The pallet's hooks and inherents read its items in every block, so they change in the first block under
//! a new runtime. There are few of them: as many as the council has admitted hospitals.

use crate::*;
use core::marker::PhantomData;
use frame_support::{
	migrations::VersionedMigration,
	traits::{Get, UncheckedOnRuntimeUpgrade},
	weights::Weight,
};
use sp_io::hashing::sha2_256;

/// All of the pallet's changes, in their order.
pub type AtOnce<T> = (
	VersionedMigration<
		1,
		2,
		ProfileKeysFromV1<T>,
		Pallet<T>,
		<T as frame_system::Config>::DbWeight,
	>,
	VersionedMigration<2, 3, VoidDates<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>,
);

/// From version 1 to version 2: the key that a hospital's controller published out of its own words becomes
/// the first version of the hospital's profile key.
///
/// No registrar holds its secret, so it is due to be replaced, and any registrar may begin anew. Until
/// then patients go on sealing to it, and the hospital opens profiles with those words, as before. Hospitals
/// that were expelled have no key any more.
///
/// Version 1 counted the keys that one replaced another, but kept only the last. The numbers begin anew,
/// because the earlier ones are unknown.
pub struct ProfileKeysFromV1<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for ProfileKeysFromV1<T> {
	fn on_runtime_upgrade() -> Weight {
		let mut reads = 1u64;
		let mut writes = 0u64;
		for number in 0..NextHospital::<T>::get().0 {
			let hospital = HospitalId(number);
			reads = reads.saturating_add(1);
			let Some(mut key) = EncryptionKeys::<T>::take(hospital) else { continue };
			key.version = 1;
			let link = ProfileKeyVersion { key_digest: sha2_256(&key.key), previous: None };
			let state = ProfileKeyState { version: key.version, holders: 0, due: true };
			ProfileKeyVersions::<T>::insert(hospital, key.version, link);
			ProfileKeyStates::<T>::insert(hospital, state);
			let is_active = Hospitals::<T>::get(hospital)
				.is_some_and(|found| found.standing == Standing::Active);
			if is_active {
				EncryptionKeys::<T>::insert(hospital, key);
			}
			reads = reads.saturating_add(1);
			writes = writes.saturating_add(3);
		}
		// Hashing a key of 1,216 bytes takes less than one write.
		T::DbWeight::get().reads_writes(reads, writes.saturating_add(writes / 3))
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<alloc::vec::Vec<u8>, sp_runtime::TryRuntimeError> {
		use codec::Encode;
		let keys: alloc::vec::Vec<_> = EncryptionKeys::<T>::iter().collect();
		frame_support::ensure!(
			ProfileKeyVersions::<T>::iter_keys().next().is_none(),
			"version 1 has no versions of profile keys"
		);
		Ok(keys.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use codec::Decode;
		let before = alloc::vec::Vec::<(HospitalId, EncryptionKey)>::decode(&mut &state[..]);
		for (hospital, old) in before.map_err(|_| "the keys noted before were damaged")? {
			let digest = ProfileKeyVersions::<T>::get(hospital, 1).map(|link| link.key_digest);
			frame_support::ensure!(digest == Some(sha2_256(&old.key)), "a key was lost");
			let kept = EncryptionKeys::<T>::get(hospital).map(|key| key.key);
			let is_active = ActiveHospitals::<T>::get().contains(&hospital);
			frame_support::ensure!(kept == is_active.then_some(old.key), "another key is current");
		}
		Ok(())
	}
}
