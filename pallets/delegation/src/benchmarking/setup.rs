//! The guardians, representatives and emergencies that the measurements begin with.

use super::Helper;
use crate::*;
use alloc::{vec, vec::Vec};
use frame_support::{assert_ok, traits::Get};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use sp_io::hashing::sha2_256;

/// The time of the measurements.
pub(super) const NOW: Moment = 1_800_000_000_000;

pub(super) const MOST: u32 = MAX_DELEGATES;

pub(super) fn signed<T: Config>(who: &T::AccountId) -> OriginFor<T> {
	RawOrigin::Signed(who.clone()).into()
}

pub(super) fn public_key(byte: u8) -> PublicKey {
	PublicKey::truncate_from(vec![byte; X_WING_PUBLIC_KEY_LENGTH as usize])
}

pub(super) fn sealed() -> SealedKey {
	SealedKey::new([1; SEALED_KEY_LENGTH as usize])
}

pub(super) fn sealed_share() -> SealedShare {
	SealedShare::new([1; SEALED_SHARE_LENGTH as usize])
}

pub(super) fn desk<T: Config>(number: u32) -> OriginFor<T> {
	T::Helper::registrar(T::Helper::hospital(number))
}

/// A secret divided among the desks of so many hospitals, which all have to agree.
pub(super) fn divided<T: Config>(shares: u32) -> Divided {
	let share = |number| ShareFor {
		delegate: Delegate::Desk(T::Helper::hospital(number)),
		key_version: 1,
		share: sealed_share(),
	};
	let shares: Vec<_> = (0..shares).map(share).collect();
	Divided {
		commitments: vec![[1; 32]; shares.len()].try_into().expect("few enough"),
		secret: WrappedSecret([1; 60]),
		shares: shares.try_into().expect("few enough"),
	}
}

/// The same among so many people. A person takes more to look at than a desk.
pub(super) fn divided_among_people<T: Config>(shares: u32) -> Divided {
	let desks = divided::<T>(shares);
	let person = |number| {
		let (patient, who) = T::Helper::patient(number);
		assert_ok!(Pallet::<T>::set_acting_key(signed::<T>(&who), SUITE_X_WING, public_key(1)));
		ShareFor { delegate: Delegate::Patient(patient), key_version: 1, share: sealed_share() }
	};
	let people: Vec<_> = (1..=shares).map(person).collect();
	Divided { shares: people.try_into().expect("few enough"), ..desks }
}

pub(super) fn patient<T: Config>(number: u32) -> (PatientId, T::AccountId) {
	T::Helper::set_time(NOW);
	T::Helper::patient(number)
}

/// A patient with as many guardians as there can be.
pub(super) fn ward<T: Config>() -> (Person, T::AccountId) {
	let (ward, who) = patient::<T>(0);
	let divided = divided::<T>(MOST);
	assert_ok!(Pallet::<T>::set_guardians(
		signed::<T>(&who),
		Capacity::Patient,
		divided,
		MIN_DELAY
	));
	(ward.into(), who)
}

/// A new account, and its consent.
pub(super) fn device<T: Config>(person: Person) -> (T::AccountId, T::Signature) {
	let key = public_key(7);
	T::Helper::new_account(|new| Pallet::<T>::recovery_message(person, new, SUITE_X_WING, &key))
}

/// A request that all guardians but so many have approved. Returns the new account.
pub(super) fn requested<T: Config>(person: Person, but: u32) -> T::AccountId {
	let (new, proof) = device::<T>(person);
	let (acting, key) = (ActingAs::Desk, public_key(7));
	let digest = sha2_256(&key);
	let suite = SUITE_X_WING;
	let origin = desk::<T>(0);
	assert_ok!(Pallet::<T>::request_recovery(
		origin,
		person,
		acting,
		new.clone(),
		suite,
		key,
		proof
	));
	for number in 1..MOST.saturating_sub(but) {
		let origin = desk::<T>(number);
		assert_ok!(Pallet::<T>::approve_recovery(origin, person, acting, new.clone(), digest));
	}
	new
}

/// The same, approved and with all shares.
pub(super) fn due<T: Config>(person: Person) -> T::AccountId {
	let new = requested::<T>(person, 0);
	T::Helper::set_time(NOW.saturating_add(MIN_DELAY));
	for number in 0..MOST {
		let origin = desk::<T>(number);
		let acting = ActingAs::Desk;
		assert_ok!(Pallet::<T>::hand_over_share(
			origin,
			person,
			acting,
			new.clone(),
			sealed_share()
		));
	}
	new
}

/// A patient, and a representative with all scopes who has the chart's key.
pub(super) fn represented<T: Config>() -> (PatientId, PatientId, T::AccountId, T::AccountId) {
	let ((patient, who), (other, acting)) = (patient::<T>(0), patient::<T>(1));
	named::<T>((patient, &who), (other, &acting));
	confirmed::<T>(patient, other);
	let sealed = SealedEpoch { epoch: 0, key: sealed() };
	assert_ok!(Pallet::<T>::seal_to_representative(signed::<T>(&who), other, 1, sealed));
	(patient, other, who, acting)
}

pub(super) fn named<T: Config>(
	(_, who): (PatientId, &T::AccountId),
	(other, acting): (PatientId, &T::AccountId),
) {
	assert_ok!(Pallet::<T>::set_acting_key(signed::<T>(acting), SUITE_X_WING, public_key(1)));
	let until = Some(NOW.saturating_mul(2));
	assert_ok!(Pallet::<T>::name_representative(signed::<T>(who), other, Scopes(15), until));
}

pub(super) fn confirmed<T: Config>(patient: PatientId, other: PatientId) {
	let digest = sha2_256(&public_key(1));
	let until = Some(NOW.saturating_mul(2));
	let origin = desk::<T>(0);
	assert_ok!(Pallet::<T>::confirm_representative(
		origin,
		patient,
		other,
		Scopes(15),
		until,
		digest
	));
}

/// A patient's plan for the whole chart, with as many holders as there can be.
pub(super) fn plan<T: Config>() -> (PatientId, T::AccountId) {
	let (patient, who) = patient::<T>(0);
	let set = EmergencySet::Chart(SealedEpoch { epoch: 0, key: sealed() });
	let (divided, key) = (divided::<T>(MOST), public_key(3));
	let (origin, duration) = (signed::<T>(&who), T::MaxEmergencyDuration::get());
	let suite = SUITE_X_WING;
	assert_ok!(Pallet::<T>::set_emergency_plan(origin, divided, suite, key, set, duration));
	(patient, who)
}

/// A doctor's request, which all holders but so many have confirmed.
pub(super) fn asked<T: Config>(
	patient: PatientId,
	number: u32,
	but: u32,
) -> (DoctorId, T::AccountId) {
	let (doctor, who) = T::Helper::doctor(number);
	let reason = EmergencyReason::Unconscious;
	assert_ok!(Pallet::<T>::request_emergency(signed::<T>(&who), patient, reason, [1; 32]));
	for holder in 0..MOST.saturating_sub(but) {
		let origin = desk::<T>(holder);
		assert_ok!(Pallet::<T>::confirm_emergency(origin, patient, doctor, 1, sealed_share()));
	}
	(doctor, who)
}

/// Has as many doctors as there can be see the chart by its plan, and as many others as can ask. None of them has a
/// grant. Hospitals confirm no request once as many see the chart as may: the last of each kind comes at the end.
pub(super) fn crowded<T: Config>(patient: PatientId) {
	let (last_open, last_request) = (MAX_EMERGENCIES - 1, MAX_EMERGENCY_REQUESTS - 1);
	for number in 0..last_open {
		asked::<T>(patient, MAX_GRANTS + number, 0);
	}
	for number in 0..last_request {
		asked::<T>(patient, MAX_GRANTS + MAX_EMERGENCIES + number, 1);
	}
	asked::<T>(patient, MAX_GRANTS + last_open, 0);
	asked::<T>(patient, MAX_GRANTS + MAX_EMERGENCIES + last_request, MOST);
}
