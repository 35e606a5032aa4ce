//! Admission, expulsion, controllers and profiles.

use crate::*;
use alloc::vec::Vec;
use core::slice::from_ref;
use frame_support::{
	PalletId, defensive,
	pallet_prelude::*,
	traits::{ChangeMembers, ValidatorSet},
};
use medblock_primitives::{Role, Roles, is_gateway, is_name};
use sp_runtime::traits::AccountIdConversion;

/// The id from which, with the hospital's, seat accounts are derived.
const SEATS: PalletId = PalletId(*b"medblock");

impl<T: Config> Pallet<T> {
	/// The account by which other pallets know a hospital's validator. No key signs for it.
	pub fn seat_account(hospital: HospitalId) -> T::AccountId {
		SEATS.into_sub_account_truncating(hospital.0)
	}

	/// The hospital whose seat account this is, or would be.
	pub fn hospital_of_seat(account: &T::AccountId) -> Option<HospitalId> {
		match PalletId::try_from_sub_account::<u32>(account) {
			Some((SEATS, id)) => Some(HospitalId(id)),
			_ => None,
		}
	}

	/// Whether the hospital belongs to the consortium now. Reads one item for all hospitals, so that a
	/// look at 64 doctors of as many hospitals costs no more than one at doctors of the same.
	pub fn is_active(hospital: HospitalId) -> bool {
		ActiveHospitals::<T>::get().binary_search(&hospital).is_ok()
	}

	pub(crate) fn do_admit(
		controller: T::AccountId,
		name: Name,
		gateway: Gateway,
	) -> DispatchResult {
		Self::ensure_name(&name)?;
		Self::ensure_gateway(&gateway)?;
		let hospital = NextHospital::<T>::get();
		let next = hospital.0.checked_add(1).ok_or(Error::<T>::MaxHospitalsExceeded)?;
		Self::activate(hospital, &controller)?;
		NextHospital::<T>::put(HospitalId(next));
		Hospitals::<T>::insert(
			hospital,
			Hospital {
				controller: controller.clone(),
				standing: Standing::Active,
				seat: Seat::Ready,
				cleared_before: T::Sessions::session_index(),
				registration: RegistrationMode::default(),
			},
		);
		Profiles::<T>::insert(hospital, Profile { name, gateway });
		Self::change_council(from_ref(&controller), &[]);
		Self::deposit_event(Event::HospitalAdmitted { hospital, controller });
		Ok(())
	}

	pub(crate) fn do_readmit(hospital: HospitalId, controller: T::AccountId) -> DispatchResult {
		Hospitals::<T>::try_mutate(hospital, |slot| -> DispatchResult {
			let found = slot.as_mut().ok_or(Error::<T>::HospitalNotFound)?;
			ensure!(found.standing == Standing::Expelled, Error::<T>::HospitalActive);
			ensure!(!Self::is_validating(hospital), Error::<T>::ValidatorsChanging);
			// The pallet does not know why the hospital left: its old keys may be in other hands.
			T::History::forget_keys(&Self::seat_account(hospital));
			Self::activate(hospital, &controller)?;
			found.controller = controller.clone();
			found.standing = Standing::Active;
			found.seat = Seat::Ready;
			found.cleared_before = T::Sessions::session_index();
			Ok(())
		})?;
		Self::change_council(from_ref(&controller), &[]);
		Self::deposit_event(Event::HospitalReadmitted { hospital, controller });
		Ok(())
	}

	/// Returns the numbers of registrars and of institutions' operators that the hospital had.
	pub(crate) fn do_expel(hospital: HospitalId) -> Result<(u32, u32), DispatchError> {
		let mut found = Self::active(hospital)?;
		ensure!(!Self::is_needed(hospital, Self::minimum_seats()), Error::<T>::TooFewSeats);
		ensure!(
			!Self::is_validating(hospital) || Self::others_are_settled(hospital),
			Error::<T>::ValidatorsChanging
		);
		found.standing = Standing::Expelled;
		Hospitals::<T>::insert(hospital, &found);
		ControllerOf::<T>::remove(&found.controller);
		T::Roles::lost(&found.controller, Role::Controller);
		ActiveHospitals::<T>::mutate(|active| active.retain(|id| *id != hospital));
		let registrars = Self::dismiss_all(hospital);
		let operators = Self::close_all_institutions(hospital);
		Self::dismiss_vault(hospital);
		Self::end_permissions(hospital);
		Self::change_council(&[], &[found.controller]);
		T::OnExpulsion::on_expulsion(hospital, &Self::seat_account(hospital));
		Self::deposit_event(Event::HospitalExpelled { hospital });
		Ok((registrars, operators))
	}

	pub(crate) fn do_rename(hospital: HospitalId, name: Name) -> DispatchResult {
		Self::ensure_name(&name)?;
		Self::active(hospital)?;
		Self::change_profile(hospital, |profile| profile.name = name)?;
		Self::deposit_event(Event::HospitalRenamed { hospital });
		Ok(())
	}

	pub(crate) fn do_change_controller(hospital: HospitalId, new: T::AccountId) -> DispatchResult {
		ensure!(!ControllerOf::<T>::contains_key(&new), Error::<T>::AlreadyController);
		let mut found = Self::active(hospital)?;
		let old = core::mem::replace(&mut found.controller, new.clone());
		Hospitals::<T>::insert(hospital, found);
		ControllerOf::<T>::remove(&old);
		ControllerOf::<T>::insert(&new, hospital);
		T::Roles::lost(&old, Role::Controller);
		T::Roles::gained(&new, Role::Controller);
		Self::change_council(from_ref(&new), from_ref(&old));
		// The old key may be in wrong hands, and the chain can't tell what a thief has begun from the rest.
		Self::end_appointments(hospital);
		Self::end_permissions(hospital);
		Self::deposit_event(Event::ControllerChanged { hospital, old, new });
		Ok(())
	}

	pub(crate) fn do_set_gateway(hospital: HospitalId, gateway: Gateway) -> DispatchResult {
		Self::ensure_gateway(&gateway)?;
		Self::change_profile(hospital, |profile| profile.gateway = gateway)?;
		Self::deposit_event(Event::GatewayChanged { hospital });
		Ok(())
	}

	pub(crate) fn do_set_registration_mode(
		hospital: HospitalId,
		mode: RegistrationMode,
	) -> DispatchResult {
		let mut found = Self::active(hospital)?;
		found.registration = mode;
		Hospitals::<T>::insert(hospital, found);
		Self::deposit_event(Event::RegistrationModeChanged { hospital, mode });
		Ok(())
	}

	pub(crate) fn active(hospital: HospitalId) -> Result<Hospital<T::AccountId>, DispatchError> {
		let found = Hospitals::<T>::get(hospital).ok_or(Error::<T>::HospitalNotFound)?;
		ensure!(found.standing == Standing::Active, Error::<T>::HospitalNotActive);
		Ok(found)
	}

	/// Lists the hospital as active, and its controller as in control. There are never more active
	/// hospitals than blocks in a session: validators author in turn, and one without a turn in some
	/// sessions would be benched for its silence.
	pub(crate) fn activate(hospital: HospitalId, controller: &T::AccountId) -> DispatchResult {
		ensure!(!ControllerOf::<T>::contains_key(controller), Error::<T>::AlreadyController);
		let turns = ConsortiumSettings::<T>::get().session_length;
		ActiveHospitals::<T>::try_mutate(|active| {
			let has_turn = u32::try_from(active.len()).is_ok_and(|others| others < turns);
			ensure!(has_turn, Error::<T>::MaxHospitalsExceeded);
			let position = match active.binary_search(&hospital) {
				Ok(_) => return Err(Error::<T>::HospitalActive),
				Err(position) => position,
			};
			active.try_insert(position, hospital).map_err(|_| Error::<T>::MaxHospitalsExceeded)
		})?;
		ControllerOf::<T>::insert(controller, hospital);
		T::Roles::gained(controller, Role::Controller);
		Ok(())
	}

	fn change_profile(hospital: HospitalId, change: impl FnOnce(&mut Profile)) -> DispatchResult {
		Profiles::<T>::try_mutate(hospital, |slot| {
			let Some(profile) = slot.as_mut() else {
				defensive!("every hospital has a profile");
				return Err(Error::<T>::HospitalNotFound.into());
			};
			change(profile);
			Ok(())
		})
	}

	fn change_council(incoming: &[T::AccountId], outgoing: &[T::AccountId]) {
		T::Council::change_members_sorted(incoming, outgoing, &Self::controllers());
	}

	/// The controllers of all active hospitals, sorted.
	pub(crate) fn controllers() -> Vec<T::AccountId> {
		let mut controllers: Vec<_> = ActiveHospitals::<T>::get()
			.iter()
			.filter_map(Hospitals::<T>::get)
			.map(|hospital| hospital.controller)
			.collect();
		controllers.sort();
		controllers
	}

	pub(crate) fn ensure_name(name: &Name) -> DispatchResult {
		ensure!(is_name(name), Error::<T>::InvalidName);
		Ok(())
	}

	pub(crate) fn ensure_gateway(gateway: &Gateway) -> DispatchResult {
		ensure!(is_gateway(gateway), Error::<T>::InvalidGateway);
		Ok(())
	}
}
