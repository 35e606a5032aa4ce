//! The answers of the runtime API.

use crate::*;
use frame_support::traits::ValidatorRegistration;
use medblock_primitives::Page;
use pallet_consortium_runtime_api::{HospitalInfo, SeatStatus};

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
