//! The council's use of root, for a short list of calls. Grave ones have to wait.

use crate::*;
use alloc::vec::Vec;
use codec::{DecodeLimit, Encode};
use frame_support::{
	MAX_EXTRINSIC_DEPTH,
	dispatch::{DispatchResult, GetDispatchInfo},
	ensure,
	traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::Moment;
use sp_runtime::{
	DispatchError,
	traits::{Dispatchable, Saturating, UniqueSaturatedInto, Zero},
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_enact(call: <T as Config>::RuntimeCall) -> DispatchResult {
		let delay = T::Powers::delay(&call).ok_or(Error::<T>::NotInCouncilPowers)?;
		if delay.is_zero() {
			return Self::dispatch_as_root(call, None);
		}
		let weight = call.get_dispatch_info().call_weight;
		ensure!(weight.all_lte(T::MaxDelayedWeight::get()), Error::<T>::CallTooLarge);
		let call: DelayedCall = call.encode().try_into().map_err(|_| Error::<T>::CallTooLarge)?;
		Self::forget_void();
		ensure!(
			PendingEnactments::<T>::count() < T::MaxPending::get(),
			Error::<T>::MaxPendingExceeded
		);
		let enactment = NextEnactment::<T>::get();
		let due = frame_system::Pallet::<T>::block_number().saturating_add(delay);
		NextEnactment::<T>::put(enactment.wrapping_add(1));
		let void_at = Self::void_at(delay);
		PendingEnactments::<T>::insert(enactment, PendingEnactment { call, due, void_at });
		Self::deposit_event(Event::EnactmentDelayed { enactment, due, void_at });
		Ok(())
	}

	/// The time from which on a decision that has to wait so many blocks from now is void. Reckoned from
	/// the time at which it is due if no slot is skipped. A forgotten decision so ends at a date that is
	/// known from the beginning, also if the chain stands still.
	pub(crate) fn void_at(delay: BlockNumberFor<T>) -> Moment {
		let blocks: u64 = delay.unique_saturated_into();
		let wait = blocks.saturating_mul(ConsortiumSettings::<T>::get().slot_duration);
		T::Time::now().saturating_add(wait).saturating_add(T::EnactmentPeriod::get())
	}

	/// Removes the decisions that have become void with time.
	fn forget_void() {
		let now = T::Time::now();
		Self::forget(|_, pending| pending.void_at <= now);
	}

	/// Removes decisions that are void, at most `MaxPending`.
	fn forget(is_void: impl Fn(u32, &PendingEnactment<T>) -> bool) {
		let void: Vec<_> = PendingEnactments::<T>::iter()
			.filter(|(enactment, pending)| is_void(*enactment, pending))
			.map(|(enactment, _)| enactment)
			.collect();
		for enactment in void {
			PendingEnactments::<T>::remove(enactment);
			Self::deposit_event(Event::EnactmentLapsed { enactment });
		}
	}

	pub(crate) fn do_carry_out(enactment: u32) -> DispatchResult {
		let pending =
			PendingEnactments::<T>::get(enactment).ok_or(Error::<T>::EnactmentNotFound)?;
		ensure!(
			frame_system::Pallet::<T>::block_number() >= pending.due,
			Error::<T>::EnactmentNotDue
		);
		ensure!(T::Time::now() < pending.void_at, Error::<T>::EnactmentVoid);
		let call = <T as Config>::RuntimeCall::decode_all_with_depth_limit(
			MAX_EXTRINSIC_DEPTH,
			&mut &pending.call[..],
		)
		.map_err(|_| Error::<T>::EnactmentObsolete)?;
		// The runtime may have changed since the council decided. The bytes have to mean a call that is
		// within the council's powers now, and no heavier than this transaction has declared.
		let weight = call.get_dispatch_info().call_weight;
		ensure!(
			T::Powers::delay(&call).is_some() && weight.all_lte(T::MaxDelayedWeight::get()),
			Error::<T>::EnactmentObsolete
		);
		PendingEnactments::<T>::remove(enactment);
		// Only upgrades have to wait. An older one would undo this one.
		Self::forget(|before, _| before < enactment);
		Self::dispatch_as_root(call, Some(enactment))?;
		Self::date_upgrade(pending.void_at);
		Ok(())
	}

	pub(crate) fn do_call_off(enactment: u32) -> DispatchResult {
		ensure!(PendingEnactments::<T>::take(enactment).is_some(), Error::<T>::EnactmentNotFound);
		Self::deposit_event(Event::EnactmentCalledOff { enactment });
		Ok(())
	}

	fn dispatch_as_root(
		call: <T as Config>::RuntimeCall,
		enactment: Option<u32>,
	) -> DispatchResult {
		call.dispatch(frame_system::RawOrigin::Root.into())
			.map_err(|failed| -> DispatchError { failed.error })?;
		Self::deposit_event(Event::Enacted { enactment });
		Ok(())
	}
}
