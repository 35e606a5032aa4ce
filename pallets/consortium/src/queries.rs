//! The answers of the runtime API.

use crate::*;
use alloc::vec::Vec;
use frame_support::traits::ValidatorRegistration;
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{NumberedAnchor, Page};
use pallet_consortium_runtime_api::{
	AppointmentInfo, DisclosureLogInfo, HeldProfileKey, HospitalInfo, InstitutionInfo,
	OperatorsInfo, ProfileKeyInfo, RegistrarInfo, SeatStatus,
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

	/// The active hospital for which the account acts, as its controller, as a registrar, as an operator of its
	/// institution, or as its vault's account. A controller who also acts for another hospital acts for the own one.
	pub fn acting_for(account: &T::AccountId) -> Option<HospitalId> {
		ControllerOf::<T>::get(account)
			.or_else(|| Self::registrar_of(account))
			.or_else(|| Self::institution_hospital(Self::operator_of(account)?))
			.or_else(|| Self::vault_of(account))
	}

	/// See `ConsortiumApi::institutions`.
	pub fn institutions(
		after: Option<InstitutionId>,
		limit: u32,
	) -> Page<InstitutionInfo, InstitutionId> {
		let end = NextInstitution::<T>::get().0;
		Page::numbered(after.map(|id| id.0), end, limit, InstitutionId, Self::institution)
	}

	/// See `ConsortiumApi::institution`.
	pub fn institution(id: InstitutionId) -> Option<InstitutionInfo> {
		let Institution { hospital, kind, name, open } = Institutions::<T>::get(id)?;
		Some(InstitutionInfo { id, hospital, kind, name: name.into_inner(), open })
	}

	/// See `ConsortiumApi::operators`.
	pub fn operators(hospital: HospitalId) -> Vec<OperatorsInfo<T::AccountId, BlockNumberFor<T>>> {
		let now = Self::now();
		let info = |institution: InstitutionId| {
			let waiting = OperatorAppointments::<T>::get(institution);
			let appointed = waiting.into_iter().filter(|one| one.until > now);
			OperatorsInfo {
				institution,
				operators: Operators::<T>::get(institution).into_inner(),
				appointed: appointed.map(|one| (one.account, one.until)).collect(),
			}
		};
		InstitutionsOf::<T>::get(hospital).into_iter().map(info).collect()
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
			registrar: one.account,
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

	/// See `ConsortiumApi::disclosure_log`.
	pub fn disclosure_log(hospital: HospitalId) -> DisclosureLogInfo<T::AccountId> {
		let log = DisclosureLogs::<T>::get(hospital);
		let vault_account = VaultAccounts::<T>::get(hospital);
		let last = log.current().map(|last| (log.anchors.saturating_sub(1), last));
		DisclosureLogInfo { vault_account, number: log.number, last }
	}

	/// See `ConsortiumApi::disclosure_anchors`.
	pub fn disclosure_anchors(
		hospital: HospitalId,
		after: Option<u32>,
		limit: u32,
	) -> Page<NumberedAnchor, u32> {
		let kept = DisclosureLogs::<T>::get(hospital).kept();
		let first = after.map_or(0, |after| after.saturating_add(1)).max(kept.start);
		let anchor = |number| {
			let found = DisclosureAnchors::<T>::get(hospital, number);
			found.map(|anchor| NumberedAnchor { number, anchor })
		};
		Page::of(first..kept.end, limit, anchor)
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
