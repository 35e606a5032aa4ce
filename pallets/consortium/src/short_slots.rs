//! Blocks of slots shorter than a second.
//!
//! The runtime's limits of a block are constants: half a second of work, which each node repeats. A consortium may have
//! chosen shorter slots in its genesis. Each of its blocks then begins as if the difference were used up, so that work and
//! bytes of a second stay the same. Numbers of blocks that stand for a time are stretched likewise.

use crate::*;
use core::marker::PhantomData;
use frame_support::{dispatch::DispatchClass, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{PerThing, Perbill, traits::UniqueSaturatedInto};

/// The slots that the limits are for, in milliseconds. Blocks of longer slots are no larger.
pub const FULL_SLOT: u64 = 1_000;

/// The part of a full block that a block of this chain may hold.
pub struct BlockPart<T>(PhantomData<T>);

impl<T: Config> Get<Perbill> for BlockPart<T> {
	fn get() -> Perbill {
		Perbill::from_rational(ConsortiumSettings::<T>::get().slot_duration, FULL_SLOT)
	}
}

impl<T: Config> Pallet<T> {
	/// Uses up what the slot of the block that begins is too short for. Of the work, ordinary transactions lose their
	/// part, and the council's calls the rest.
	pub(crate) fn shorten_block() {
		let missing = BlockPart::<T>::get().left_from_one();
		if missing.is_zero() {
			return;
		}
		let limits = T::BlockWeights::get();
		let ordinary = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
		let of_ordinary = missing * ordinary;
		let of_others = (missing * limits.max_block).saturating_sub(of_ordinary);
		for (work, class) in
			[(of_ordinary, DispatchClass::Normal), (of_others, DispatchClass::Operational)]
		{
			// Without proofs, of which this chain has none.
			let work = work.set_proof_size(0);
			frame_system::Pallet::<T>::register_extra_weight_unchecked(work, class);
		}
		let bytes = missing.mul_ceil(*T::BlockLength::get().max.get(DispatchClass::Normal));
		frame_system::BlockSize::<T>::mutate(|size| {
			*size = Some(size.unwrap_or_default().saturating_add(bytes));
		});
	}

	/// The number of blocks that take as long as this many do at one a second, on a chain with shorter slots.
	pub(crate) fn stretched(blocks: BlockNumberFor<T>) -> BlockNumberFor<T> {
		let slot = ConsortiumSettings::<T>::get().slot_duration.min(FULL_SLOT);
		let blocks: u64 = blocks.unique_saturated_into();
		let stretched = blocks.saturating_mul(FULL_SLOT).checked_div(slot).unwrap_or(blocks);
		u32::try_from(stretched).unwrap_or(u32::MAX).into()
	}
}
