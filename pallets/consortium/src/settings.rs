//! The choices of the genesis, as parameters of other pallets.

use crate::*;
use core::marker::PhantomData;
use frame_support::traits::Get;

/// The number of blocks in a session.
pub struct SessionLength<T>(PhantomData<T>);

impl<T: Config, BlockNumber: From<u32>> Get<BlockNumber> for SessionLength<T> {
	fn get() -> BlockNumber {
		// The session pallet divides by the period.
		ConsortiumSettings::<T>::get().session_length.max(1).into()
	}
}

/// The number of blocks for which the council can vote on a motion.
pub struct MotionDuration<T>(PhantomData<T>);

impl<T: Config, BlockNumber: From<u32>> Get<BlockNumber> for MotionDuration<T> {
	fn get() -> BlockNumber {
		ConsortiumSettings::<T>::get().motion_duration.into()
	}
}

/// The time from one block to the next, in milliseconds.
pub struct SlotDuration<T>(PhantomData<T>);

impl<T: Config> Get<u64> for SlotDuration<T> {
	fn get() -> u64 {
		ConsortiumSettings::<T>::get().slot_duration
	}
}

/// The minimum time between two blocks' timestamps: half a slot, as Aura needs it.
pub struct MinimumPeriod<T>(PhantomData<T>);

impl<T: Config> Get<u64> for MinimumPeriod<T> {
	fn get() -> u64 {
		ConsortiumSettings::<T>::get().slot_duration / 2
	}
}
