//! Registrars: their appointment, to which they have to agree, and their leaving.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{Role, Roles, check_public_key};
use sp_runtime::Saturating;

impl<T: Config> Pallet<T> {
	/// Replaces an earlier appointment of the same account. Several hospitals may appoint one account:
	/// otherwise one could keep it from all others.
	pub(crate) fn do_appoint_registrar(
		hospital: HospitalId,
		registrar: T::AccountId,
	) -> DispatchResult {
		let employer = RegistrarOf::<T>::get(&registrar);
		ensure!(employer != Some(hospital), Error::<T>::AlreadyRegistrar);
		let now = Self::now();
		let until = now.saturating_add(Self::stretched(T::AppointmentPeriod::get()));
		Appointments::<T>::try_mutate(hospital, |waiting| {
			let new = Appointment { account: registrar.clone(), until };
			ensure!(appointments::offer(waiting, new, now), Error::<T>::MaxAppointmentsExceeded);
			Ok::<(), DispatchError>(())
		})?;
		Self::deposit_event(Event::RegistrarAppointed { hospital, registrar, until });
		Ok(())
	}

	pub(crate) fn do_withdraw_appointment(
		hospital: HospitalId,
		registrar: T::AccountId,
	) -> DispatchResult {
		ensure!(Self::appointment(hospital, &registrar).is_some(), Error::<T>::NotAppointed);
		Self::forget_appointment(hospital, &registrar);
		Self::deposit_event(Event::AppointmentWithdrawn { hospital, registrar });
		Ok(())
	}

	pub(crate) fn do_accept_appointment(
		who: T::AccountId,
		hospital: HospitalId,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		Self::can_accept_appointment(&who, hospital, suite, &key)?;
		let key = Self::checked_key(suite, key, 1)?;
		Self::join(hospital, &who)?;
		Self::forget_appointment(hospital, &who);
		RegistrarKeys::<T>::insert(&who, key);
		Ok(())
	}

	/// Whether an account can accept a hospital's appointment with this key.
	pub fn can_accept_appointment(
		who: &T::AccountId,
		hospital: HospitalId,
		suite: u8,
		key: &PublicKey,
	) -> DispatchResult {
		ensure!(Self::appointment(hospital, who).is_some(), Error::<T>::NotAppointed);
		ensure!(!RegistrarOf::<T>::contains_key(who), Error::<T>::AlreadyRegistrar);
		let registrars = Registrars::<T>::decode_len(hospital).unwrap_or_default();
		ensure!(registrars < T::MaxRegistrars::get() as usize, Error::<T>::MaxRegistrarsExceeded);
		check_public_key(suite, key).map_err(Self::refusal)?;
		Ok(())
	}

	/// The first block in which the account can no longer accept the hospital's appointment, if it can
	/// now.
	pub fn appointment(hospital: HospitalId, account: &T::AccountId) -> Option<BlockNumberFor<T>> {
		appointments::end_of(&Appointments::<T>::get(hospital), account, Self::now())
	}

	pub(crate) fn do_remove_registrar(
		hospital: HospitalId,
		registrar: T::AccountId,
	) -> DispatchResult {
		ensure!(RegistrarOf::<T>::get(&registrar) == Some(hospital), Error::<T>::NotRegistrar);
		Self::leave(hospital, registrar);
		Ok(())
	}

	pub(crate) fn do_resign(who: T::AccountId) -> DispatchResult {
		let hospital = RegistrarOf::<T>::get(&who).ok_or(Error::<T>::NotRegistrar)?;
		Self::leave(hospital, who);
		Ok(())
	}

	/// Makes an account, which has agreed, a registrar of the hospital.
	pub(crate) fn join(hospital: HospitalId, registrar: &T::AccountId) -> DispatchResult {
		ensure!(!RegistrarOf::<T>::contains_key(registrar), Error::<T>::AlreadyRegistrar);
		Registrars::<T>::try_mutate(hospital, |list| {
			let position = match list.binary_search(registrar) {
				Ok(_) => return Err(Error::<T>::AlreadyRegistrar),
				Err(position) => position,
			};
			list.try_insert(position, registrar.clone())
				.map_err(|_| Error::<T>::MaxRegistrarsExceeded)
		})?;
		RegistrarOf::<T>::insert(registrar, hospital);
		T::Roles::gained(registrar, Role::Registrar);
		Self::deposit_event(Event::RegistrarAdded { hospital, registrar: registrar.clone() });
		Ok(())
	}

	fn leave(hospital: HospitalId, registrar: T::AccountId) {
		Registrars::<T>::mutate(hospital, |list| list.retain(|one| *one != registrar));
		Self::dismiss(hospital, &registrar);
		Self::deposit_event(Event::RegistrarRemoved { hospital, registrar });
	}

	/// Ends everything that makes an account a registrar of the hospital, but for its place in the list.
	fn dismiss(hospital: HospitalId, registrar: &T::AccountId) {
		RegistrarOf::<T>::remove(registrar);
		RegistrarKeys::<T>::remove(registrar);
		Self::lose_profile_key(hospital, registrar);
		T::Roles::lost(registrar, Role::Registrar);
	}

	/// Dismisses all registrars of a hospital that leaves, with their number, ends its appointments, and
	/// withdraws its profile key. The leavers may know that key, and the hospital may be readmitted.
	pub(crate) fn dismiss_all(hospital: HospitalId) -> u32 {
		Appointments::<T>::remove(hospital);
		let registrars = Registrars::<T>::take(hospital);
		for registrar in &registrars {
			Self::dismiss(hospital, registrar);
		}
		Self::withdraw_profile_key(hospital);
		registrars.len() as u32
	}

	/// Ends the appointments that wait to be accepted, of registrars and of institutions' operators.
	pub(crate) fn end_appointments(hospital: HospitalId) {
		Appointments::<T>::remove(hospital);
		for institution in InstitutionsOf::<T>::get(hospital) {
			OperatorAppointments::<T>::remove(institution);
		}
	}

	fn forget_appointment(hospital: HospitalId, account: &T::AccountId) {
		Appointments::<T>::mutate_exists(hospital, |slot| appointments::forget(slot, account));
	}

	pub(crate) fn now() -> BlockNumberFor<T> {
		frame_system::Pallet::<T>::block_number()
	}
}
