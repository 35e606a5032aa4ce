//! Changes of the stored shape, one version after another. ADR 34 says how to add one.
//!
//! Accounts stay as they are. Under version 1 their `at` was a block's number, which is long past as a time: all
//! units that they had used come back.

use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{storage::storage_prefix, traits::PalletInfoAccess, weights::Weight};
use medblock_reshape::{Reshape, Stepped};
#[cfg(feature = "try-runtime")]
use {
	codec::{Decode, Encode},
	frame_support::ensure,
	medblock_primitives::HospitalId,
	sp_runtime::TryRuntimeError,
};

pub mod v1;

/// All of the pallet's changes in steps, in their order.
pub type InSteps<T> = (Stepped<SponsorshipsFromV1<T>>,);

/// Sponsorships, from version 1 of the pallet's storage to version 2: several hospitals can sponsor one account.
/// The numbers of each hospital stay. Newcomers are counted in [`OpenLane`] from now on.
pub struct SponsorshipsFromV1<T>(PhantomData<T>);

impl<T: Config> Reshape for SponsorshipsFromV1<T> {
	type Pallet = Pallet<T>;
	type Key = T::AccountId;
	const FROM: u16 = 1;

	fn prefix() -> Vec<u8> {
		storage_prefix(Pallet::<T>::name().as_bytes(), b"Sponsored").to_vec()
	}

	fn begin() {
		v1::OpenLaneUsed::<T>::kill();
	}

	fn keys(after: Option<&T::AccountId>) -> impl Iterator<Item = T::AccountId> {
		match after {
			Some(key) => v1::Sponsored::<T>::iter_keys_from_key(key),
			None => v1::Sponsored::<T>::iter_keys(),
		}
	}

	fn reshape(key: &T::AccountId) {
		let Some(hospital) = v1::Sponsored::<T>::take(key) else { return };
		// If the hospital has left since an earlier attempt failed, its earlier word ended with that.
		if Departures::<T>::get(hospital) == 0 {
			// If it has vouched again since then, both words were counted.
			Pallet::<T>::end_sponsorship_of(key, hospital);
			Sponsorships::<T>::insert(key, hospital, 0);
		}
	}

	fn weight() -> Weight {
		<T as Config>::WeightInfo::reshape_sponsorship()
	}

	#[cfg(feature = "try-runtime")]
	fn note() -> Result<Vec<u8>, TryRuntimeError> {
		let all: Vec<_> = v1::Sponsored::<T>::iter().collect();
		let is_whole = all.len() == v1::Sponsored::<T>::iter_keys().count();
		ensure!(is_whole, "a sponsorship is damaged");
		Ok(all.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn check(noted: Vec<u8>) -> Result<(), TryRuntimeError> {
		let before = Vec::<(T::AccountId, HospitalId)>::decode(&mut &noted[..]);
		for (account, hospital) in before.map_err(|_| "the facts noted before were damaged")? {
			let has_ended = Departures::<T>::get(hospital) > 0;
			let is_kept = Sponsorships::<T>::contains_key(&account, hospital);
			ensure!(has_ended || is_kept, "a sponsorship was lost");
		}
		let is_moved = v1::Sponsored::<T>::iter_keys().next().is_none();
		ensure!(is_moved, "a sponsorship stayed where it was");
		Pallet::<T>::do_try_state()
	}
}
