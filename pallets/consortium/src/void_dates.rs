//! Changes of the stored shape: delayed decisions and authorized upgrades have an end, and motions the council's threshold.

use crate::*;
use codec::{Decode, Encode};
use core::marker::PhantomData;
use frame_support::{
	traits::{Get, OnRuntimeUpgrade, UncheckedOnRuntimeUpgrade},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::{Saturating, Zero};

/// A delayed decision as it was stored before.
#[derive(Encode, Decode)]
struct WithoutEnd<BlockNumber> {
	call: DelayedCall,
	due: BlockNumber,
}

/// From version 2 to version 3: gives the delayed decisions that wait an end, as if they had just been made,
/// two weeks after they are due. There are at most `MaxPending`. An authorized upgrade gets one, too.
pub struct VoidDates<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for VoidDates<T> {
	fn on_runtime_upgrade() -> Weight {
		let now = frame_system::Pallet::<T>::block_number();
		let mut number = 0u64;
		PendingEnactments::<T>::translate_values(|old: WithoutEnd<BlockNumberFor<T>>| {
			number = number.saturating_add(1);
			let WithoutEnd { call, due } = old;
			let void_at = Pallet::<T>::void_at(due.saturating_sub(now));
			Some(PendingEnactment { call, due, void_at })
		});
		// One that was carried out in the very block in which this runtime was put in force.
		Pallet::<T>::date_upgrade(Pallet::<T>::void_at(Zero::zero()));
		T::DbWeight::get().reads_writes(number.saturating_add(4), number.saturating_add(1))
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<alloc::vec::Vec<u8>, sp_runtime::TryRuntimeError> {
		Ok(PendingEnactments::<T>::count().encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		let before =
			u32::decode(&mut &state[..]).map_err(|_| "the number noted before was damaged")?;
		let now = PendingEnactments::<T>::iter_values().count();
		frame_support::ensure!(u32::try_from(now) == Ok(before), "a decision was lost");
		Pallet::<T>::do_try_state()
	}
}

/// Gives all open motions the threshold of the present council. Right after every upgrade, since it changes
/// nothing where they have it. The hospitals that proposed motions before [`Proposers`] knew them stay
/// unknown: these motions are in none's share.
impl<T: Config + pallet_collective::Config<I>, I: 'static> OnRuntimeUpgrade for Motions<T, I> {
	fn on_runtime_upgrade() -> Weight {
		Self::adjust_thresholds();
		let motions = u64::from(T::MaxMotions::get());
		T::DbWeight::get().reads_writes(motions.saturating_add(2), motions)
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(_: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		Self::check()
	}
}
