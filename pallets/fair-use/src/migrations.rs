//! Changes of the pallet's storage.

use crate::*;
use core::marker::PhantomData;
use frame_support::{
	migrations::VersionedMigration, pallet_prelude::*, traits::UncheckedOnRuntimeUpgrade,
};

/// From version 1, which counted newcomers by block, to version 2, which counts them in [`OpenLane`].
///
/// Accounts stay as they are. Their `at` was a block's number, which is long past as a time: all units that
/// they had used come back.
pub type ToV2<T> = VersionedMigration<
	1,
	2,
	ForgetOpenLaneUsed<T>,
	Pallet<T>,
	<T as frame_system::Config>::DbWeight,
>;

/// The number of accounts that had begun in the last block of version 1.
#[frame_support::storage_alias]
pub type OpenLaneUsed<T: Config> = StorageValue<Pallet<T>, u32, ValueQuery>;

/// Removes [`OpenLaneUsed`].
pub struct ForgetOpenLaneUsed<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for ForgetOpenLaneUsed<T> {
	fn on_runtime_upgrade() -> Weight {
		OpenLaneUsed::<T>::kill();
		T::DbWeight::get().writes(1)
	}
}
