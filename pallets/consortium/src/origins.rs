//! The origins of calls.

use crate::*;
use core::marker::PhantomData;
use frame_support::{pallet_prelude::*, traits::EnsureOrigin};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};

impl<T: Config> Pallet<T> {
	/// The active hospital for which the signer acts.
	pub(crate) fn ensure_controller(origin: OriginFor<T>) -> Result<HospitalId, DispatchError> {
		let who = ensure_signed(origin)?;
		ControllerOf::<T>::get(who).ok_or_else(|| Error::<T>::NotController.into())
	}

	/// Accepts two thirds of the council, or the controller of this very hospital.
	pub(crate) fn ensure_council_or_controller_of(
		origin: OriginFor<T>,
		hospital: HospitalId,
	) -> DispatchResult {
		match T::CouncilOrigin::try_origin(origin) {
			Ok(_) => Ok(()),
			Err(origin) => {
				let own = Self::ensure_controller(origin)?;
				ensure!(own == hospital, Error::<T>::NotController);
				Ok(())
			},
		}
	}
}

/// The origin of a registrar of an active hospital. Its success is the hospital.
pub struct EnsureRegistrar<T>(PhantomData<T>);

impl<T: Config> EnsureOrigin<T::RuntimeOrigin> for EnsureRegistrar<T> {
	type Success = HospitalId;

	fn try_origin(origin: T::RuntimeOrigin) -> Result<HospitalId, T::RuntimeOrigin> {
		let Ok(who) = ensure_signed(origin.clone()) else { return Err(origin) };
		Pallet::<T>::registrar_of(&who).ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
		let registrar = RegistrarOf::<T>::iter_keys().next().ok_or(())?;
		Ok(frame_system::RawOrigin::Signed(registrar).into())
	}
}
