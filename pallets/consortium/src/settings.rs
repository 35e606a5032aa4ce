//! The genesis's choices, as the parameters that other pallets take.

use crate::*;
use core::marker::PhantomData;
use frame_support::traits::Get;

/// Blocks in a session.
pub struct SessionLength<T>(PhantomData<T>);

impl<T: Config, BlockNumber: From<u32>> Get<BlockNumber> for SessionLength<T> {
	fn get() -> BlockNumber {
		// A period of zero would divide by it.
		ConsortiumSettings::<T>::get().session_length.max(1).into()
	}
}

/// Blocks for which the council can vote on a motion.
pub struct MotionDuration<T>(PhantomData<T>);

impl<T: Config, BlockNumber: From<u32>> Get<BlockNumber> for MotionDuration<T> {
	fn get() -> BlockNumber {
		ConsortiumSettings::<T>::get().motion_duration.into()
	}
}

/// Milliseconds from one block to the next.
pub struct SlotDuration<T>(PhantomData<T>);

impl<T: Config> Get<u64> for SlotDuration<T> {
	fn get() -> u64 {
		ConsortiumSettings::<T>::get().slot_duration
	}
}

/// The least time between two blocks' timestamps: half a slot, as Aura needs it.
pub struct MinimumPeriod<T>(PhantomData<T>);

impl<T: Config> Get<u64> for MinimumPeriod<T> {
	fn get() -> u64 {
		ConsortiumSettings::<T>::get().slot_duration / 2
	}
}
