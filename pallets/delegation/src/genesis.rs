//! The first block.

use frame_support::pallet_macros::pallet_section;

/// The description of the first block.
#[pallet_section]
mod genesis {
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// The shortest delay that a person may choose for recovery, in milliseconds.
		pub min_delay: Moment,
		/// The runtime.
		#[serde(skip)]
		pub runtime: core::marker::PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self { min_delay: MIN_DELAY, runtime: core::marker::PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			MinDelay::<T>::put(self.min_delay);
		}
	}
}
