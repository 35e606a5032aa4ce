//! The answers of the runtime API.

use crate::*;
use alloc::vec::Vec;
use frame_support::traits::ValidatorRegistration;
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::Page;
use pallet_consortium_runtime_api::{
	AppointmentInfo, HeldProfileKey, HospitalInfo, ProfileKeyInfo, RegistrarInfo, SeatStatus,
};

impl<T: Config> Pallet<T> {
	/// See `ConsortiumApi::hospitals`.
	pub fn hospitals(
		after: Option<HospitalId>,
		limit: u32,
	) -> Page<HospitalInfo<T::AccountId>, HospitalId> {
		let end = NextHospital::<T>::get().0;
		let seats = Seats::<T>::get();
		Page::numbered(after.map(|id| id.0), end, limit, HospitalId, |id| {
			Self::hospital_info(id, &seats)
		})
	}

	/// See `ConsortiumApi::hospital`.
	pub fn hospital(id: HospitalId) -> Option<HospitalInfo<T::AccountId>> {
		Self::hospital_info(id, &Seats::<T>::get())
	}

	/// See `ConsortiumApi::registrar_of`.
	pub fn registrar_of(account: &T::AccountId) -> Option<HospitalId> {
		RegistrarOf::<T>::get(account).filter(|hospital| Self::is_active(*hospital))
	}

	/// The active hospital for which the account acts, as a registrar or as its controller.
	pub fn acting_for(account: &T::AccountId) -> Option<HospitalId> {
		Self::registrar_of(account).or_else(|| ControllerOf::<T>::get(account))
	}

	/// See `ConsortiumApi::registrars`.
	pub fn registrars(hospital: HospitalId) -> Vec<RegistrarInfo<T::AccountId>> {
		let info = |account: T::AccountId| {
			let key = RegistrarKeys::<T>::get(&account);
			let holds_profile_key = SealedProfileKeys::<T>::contains_key(hospital, &account);
			RegistrarInfo { account, key, holds_profile_key }
		};
		Registrars::<T>::get(hospital).into_iter().map(info).collect()
	}

	/// See `ConsortiumApi::appointments`.
	pub fn appointments(
		hospital: HospitalId,
	) -> Vec<AppointmentInfo<T::AccountId, BlockNumberFor<T>>> {
		let now = Self::now();
		let waiting = Appointments::<T>::get(hospital).into_iter().filter(|one| one.until > now);
		let info = |one: Appointment<_, _>| AppointmentInfo {
			hospital,
			registrar: one.registrar,
			until: one.until,
		};
		waiting.map(info).collect()
	}

	/// See `ConsortiumApi::appointments_of`.
	pub fn appointments_of(
		account: &T::AccountId,
	) -> Vec<AppointmentInfo<T::AccountId, BlockNumberFor<T>>> {
		let by = |hospital| {
			let until = Self::appointment(hospital, account)?;
			Some(AppointmentInfo { hospital, registrar: account.clone(), until })
		};
		ActiveHospitals::<T>::get().into_iter().filter_map(by).collect()
	}

	/// See `ConsortiumApi::profile_key`.
	pub fn profile_key(hospital: HospitalId) -> ProfileKeyInfo {
		let ProfileKeyState { holders, due, .. } = ProfileKeyStates::<T>::get(hospital);
		ProfileKeyInfo { key: EncryptionKeys::<T>::get(hospital), holders, due }
	}

	/// See `ConsortiumApi::profile_key_versions`.
	pub fn profile_key_versions(
		hospital: HospitalId,
		after: Option<u32>,
		limit: u32,
	) -> Page<(u32, ProfileKeyVersion), u32> {
		let end = Self::profile_key_version(hospital).saturating_add(1);
		let link =
			|version| ProfileKeyVersions::<T>::get(hospital, version).map(|found| (version, found));
		Page::numbered(after, end, limit, |version| version, link)
	}

	/// See `ConsortiumApi::held_profile_key`.
	pub fn held_profile_key(registrar: &T::AccountId) -> Option<HeldProfileKey> {
		let hospital = RegistrarOf::<T>::get(registrar)?;
		let SealedProfileKey { key_version, key } =
			SealedProfileKeys::<T>::get(hospital, registrar)?;
		let version = Self::profile_key_version(hospital);
		Some(HeldProfileKey { hospital, version, key_version, key })
	}

	fn hospital_info(id: HospitalId, seats: &[HospitalId]) -> Option<HospitalInfo<T::AccountId>> {
		let found = Hospitals::<T>::get(id)?;
		let profile = Profiles::<T>::get(id)?;
		let registrars = Registrars::<T>::decode_len(id).unwrap_or_default();
		let seat_account = Self::seat_account(id);
		let seat = match (found.standing, found.seat) {
			(Standing::Expelled, _) => SeatStatus::Expelled,
			(Standing::Active, Seat::Benched) => SeatStatus::Benched,
			(Standing::Active, Seat::Suspended) => SeatStatus::Suspended,
			(Standing::Active, Seat::Ready) if !T::Sessions::is_registered(&seat_account) => {
				SeatStatus::Keyless
			},
			(Standing::Active, Seat::Ready) if seats.contains(&id) => SeatStatus::Seated,
			(Standing::Active, Seat::Ready) => SeatStatus::Waiting,
		};
		Some(HospitalInfo {
			id,
			name: profile.name.into_inner(),
			gateway: profile.gateway.into_inner(),
			controller: found.controller,
			seat_account,
			seat,
			registration: found.registration,
			registrars: u32::try_from(registrars).unwrap_or(u32::MAX),
		})
	}
}
