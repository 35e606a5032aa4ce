//! The first block.

use frame_support::pallet_macros::pallet_section;

/// The description of the first block.
#[pallet_section]
mod genesis {
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// The time between the request for a change of account and its effect, in milliseconds.
		pub account_delay: Moment,
		/// The runtime.
		#[serde(skip)]
		pub runtime: core::marker::PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self { account_delay: ACCOUNT_DELAY, runtime: core::marker::PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			AccountDelay::<T>::put(self.account_delay);
		}
	}
}
