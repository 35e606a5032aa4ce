//! What version 1 of the storage had in another shape than today, or what there is no longer: the runtimes up to
//! `spec_version` 100.

// `storage_alias` adds structs of its own, and documents none.
#![allow(missing_docs)]

use crate::{Config, Pallet};
use frame_support::{
	Blake2_128Concat,
	pallet_prelude::{OptionQuery, ValueQuery},
	storage_alias,
};
use medblock_primitives::HospitalId;

/// The hospital that had last vouched for an account that had not registered yet.
#[storage_alias]
pub type Sponsored<T: Config> = StorageMap<
	Pallet<T>,
	Blake2_128Concat,
	<T as frame_system::Config>::AccountId,
	HospitalId,
	OptionQuery,
>;

/// The number of accounts that had begun in the last block without a sponsor.
#[storage_alias]
pub type OpenLaneUsed<T: Config> = StorageValue<Pallet<T>, u32, ValueQuery>;
