//! The consortium, its registrars, institutions and vaults that the measurements begin with.

use super::Helper;
use crate::*;
use alloc::{vec, vec::Vec};
use core::ops::Range;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{EnsureOrigin, Get},
};
use medblock_primitives::{Capacity, Paced, SEALED_KEY_LENGTH, SUITE_X_WING, SealedKey};

pub(super) fn name() -> Name {
	"\u{20bb7}".repeat(64).into_bytes().try_into().expect("within bounds")
}

pub(super) fn gateway() -> Gateway {
	let mut url = b"https://".to_vec();
	url.resize(128, b'g');
	url.try_into().expect("within bounds")
}

pub(super) fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// Fills the consortium up to `hospitals`, all with keys; gives the last one admitted.
pub(super) fn fill<T: Config>(hospitals: u32) -> (HospitalId, T::AccountId) {
	let mut last = None;
	ConsortiumSettings::<T>::mutate(|settings| {
		settings.session_length = settings.session_length.max(T::MaxHospitals::get());
	});
	while (ActiveHospitals::<T>::get().len() as u32) < hospitals {
		let hospital = NextHospital::<T>::get();
		let controller: T::AccountId = account("controller", hospital.0, 0);
		assert_ok!(Pallet::<T>::do_admit(controller.clone(), name(), gateway()));
		T::Helper::set_session_keys(&controller, hospital.0);
		last = Some((hospital, controller));
	}
	last.unwrap_or_else(|| {
		let hospital = *ActiveHospitals::<T>::get().last().expect("there is one");
		(hospital, Hospitals::<T>::get(hospital).expect("it is active").controller)
	})
}

/// A full consortium, all of it seated.
pub(super) fn full<T: Config>() -> (HospitalId, T::AccountId) {
	let last = fill::<T>(T::MaxHospitals::get());
	let all = ActiveHospitals::<T>::get();
	for hospital in &all {
		LastAuthored::<T>::insert(hospital, 0);
	}
	Seats::<T>::put(all);
	take_office::<T>();
	last
}

/// Puts the validators of all seats in office.
fn take_office<T: Config>() {
	let seats: Vec<_> = Seats::<T>::get().into_iter().map(Pallet::<T>::seat_account).collect();
	T::Helper::put_in_office(&seats);
}

/// A full consortium whose council is as busy as it may be.
pub(super) fn full_and_busy<T: Config>() -> (HospitalId, T::AccountId) {
	let last = full::<T>();
	T::Helper::open_motions();
	last
}

pub(super) fn unseat<T: Config>(hospital: HospitalId) {
	Seats::<T>::mutate(|seats| seats.retain(|id| *id != hospital));
	LastAuthored::<T>::remove(hospital);
	take_office::<T>();
}

/// A key that can be sealed to.
pub(super) fn key() -> PublicKey {
	vec![7; 1_216].try_into().expect("within bounds")
}

pub(super) fn registrar<T: Config>(index: u32) -> T::AccountId {
	account("registrar", index, 0)
}

/// So many registrars who have keys of their own.
pub(super) fn add_registrars<T: Config>(hospital: HospitalId, count: u32) {
	for index in 0..count {
		let registrar = registrar::<T>(index);
		assert_ok!(Pallet::<T>::do_appoint_registrar(hospital, registrar.clone()));
		assert_ok!(Pallet::<T>::do_accept_appointment(registrar, hospital, 1, key()));
	}
}

/// The secret of a profile key for these registrars.
pub(super) fn sealed<T: Config>(registrars: Range<u32>) -> KeysForRegistrars<T> {
	let mut bytes = [7; SEALED_KEY_LENGTH as usize];
	bytes[0] = SUITE_X_WING;
	let one = |index| KeyForRegistrar {
		registrar: registrar::<T>(index),
		key_version: 1,
		key: SealedKey::new(bytes),
	};
	registrars.map(one).collect::<Vec<_>>().try_into().expect("within bounds")
}

/// The hospital's first profile key, for these registrars.
pub(super) fn publish<T: Config>(hospital: HospitalId, registrars: u32) {
	let first = EncryptionKey::new(1, key(), 1).expect("a key");
	let (who, sealed) = (registrar::<T>(0), sealed::<T>(0..registrars));
	assert_ok!(Pallet::<T>::do_publish_profile_key(who, hospital, first, None, sealed));
}

/// As many appointments as a hospital may have waiting, but for these.
pub(super) fn appoint<T: Config>(hospital: HospitalId, left: u32) {
	for index in left..T::MaxAppointments::get() {
		let one = account("appointed", index, 0);
		assert_ok!(Pallet::<T>::do_appoint_registrar(hospital, one));
	}
}

/// Permissions for decisions of each kind.
pub(super) fn allow<T: Config>(hospital: HospitalId) {
	for what in [Paced::Suspension, Paced::Verification, Paced::Correction] {
		for capacity in [Capacity::Patient, Capacity::Doctor] {
			assert_ok!(Pallet::<T>::do_allow_decisions(hospital, what, capacity, 1));
		}
	}
}

pub(super) fn add_institution<T: Config>(hospital: HospitalId) -> InstitutionId {
	let institution = NextInstitution::<T>::get();
	let kind = InstitutionKind::Laboratory;
	assert_ok!(Pallet::<T>::do_add_institution(hospital, kind, name()));
	institution
}

pub(super) fn operator<T: Config>(institution: InstitutionId, index: u32) -> T::AccountId {
	account("operator", institution.0, index)
}

/// So many operators of one institution.
pub(super) fn add_operators<T: Config>(
	hospital: HospitalId,
	institution: InstitutionId,
	count: u32,
) {
	for index in 0..count {
		let operator = operator::<T>(institution, index);
		assert_ok!(Pallet::<T>::do_appoint_operator(hospital, institution, operator.clone()));
		assert_ok!(Pallet::<T>::do_join_institution(operator, institution));
	}
}

/// As many appointments of operators as an institution may have waiting. The last one's account.
pub(super) fn appoint_operators<T: Config>(
	hospital: HospitalId,
	institution: InstitutionId,
) -> T::AccountId {
	let mut last = None;
	for index in 0..T::MaxOperators::get() {
		let one: T::AccountId = account("appointed operator", institution.0, index);
		assert_ok!(Pallet::<T>::do_appoint_operator(hospital, institution, one.clone()));
		last = Some(one);
	}
	last.expect("there may be some")
}

/// As many institutions as a hospital may have, with so many operators in all.
pub(super) fn add_institutions<T: Config>(hospital: HospitalId, mut operators: u32) {
	for _ in 0..T::MaxInstitutions::get() {
		let institution = add_institution::<T>(hospital);
		let count = operators.min(T::MaxOperators::get());
		operators -= count;
		add_operators::<T>(hospital, institution, count);
		appoint_operators::<T>(hospital, institution);
	}
}

/// A hospital's vault account, which has anchored as often as is kept.
pub(super) fn anchored_vault<T: Config>(hospital: HospitalId) -> T::AccountId {
	let vault: T::AccountId = account("vault", hospital.0, 0);
	Pallet::<T>::install_vault(hospital, vault.clone());
	let anchor = DisclosureAnchor { log: 0, size: 1, root: [1; 32], at: 0 };
	for number in 0..MAX_ANCHORS {
		DisclosureAnchors::<T>::insert(hospital, number, anchor);
	}
	let log = DisclosureLog { number: 0, anchors: MAX_ANCHORS, last: Some(anchor) };
	DisclosureLogs::<T>::insert(hospital, log);
	vault
}

pub(super) fn set_seat<T: Config>(hospital: HospitalId, seat: Seat) {
	Hospitals::<T>::mutate(hospital, |slot| {
		if let Some(found) = slot {
			found.seat = seat;
		}
	});
}

pub(super) fn wait<T: Config>() -> u32 {
	let enactment = NextEnactment::<T>::get();
	assert_ok!(Pallet::<T>::do_enact(T::Helper::delayed()));
	enactment
}

pub(super) fn version() -> PortalVersion {
	vec![b'9'; 32].try_into().expect("within bounds")
}

/// Lists so many portal releases; gives the last one's digest.
pub(super) fn list_releases<T: Config>(count: u32) -> [u8; 32] {
	let mut digest = [0; 32];
	for number in 0..count {
		digest = [number as u8; 32];
		assert_ok!(Pallet::<T>::do_list_portal_release(digest, version()));
	}
	digest
}
