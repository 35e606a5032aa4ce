//! The guardians, representatives and emergencies that the measurements begin with.

use super::Helper;
use crate::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::account;
use frame_support::{BoundedVec, assert_ok, traits::Get};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use sp_io::hashing::sha2_256;

/// The time of the measurements.
pub(super) const NOW: Moment = 1_800_000_000_000;

pub(super) const MOST: u32 = MAX_DELEGATES;

/// The number of the patient who is the first guardian.
const GUARDIANS: u32 = 100;

/// The number of a patient who is no one's guardian, as all after them are.
pub(super) const OTHERS: u32 = 200;

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

/// The same among so many people, the patients from this number on. A person takes more to look at than a desk: also
/// whether their account is a doctor's or a desk's, too, as these are, and whether one of as many requests for the person
/// as there can be is alive.
pub(super) fn divided_among_people<T: Config>(first: u32, shares: u32) -> Divided {
	let desks = divided::<T>(shares);
	let person = |number| {
		let (patient, who) = T::Helper::patient(number);
		assert_ok!(Pallet::<T>::set_acting_key(signed::<T>(&who), SUITE_X_WING, public_key(1)));
		T::Helper::becomes(&who, Capacity::Doctor);
		T::Helper::joins_desk(&who);
		requests_lapsed::<T>(patient.into(), MOST);
		ShareFor { delegate: Delegate::Patient(patient), key_version: 1, share: sealed_share() }
	};
	let people: Vec<_> = (first..first.saturating_add(shares)).map(person).collect();
	Divided { shares: people.try_into().expect("few enough"), ..desks }
}

pub(super) fn patient<T: Config>(number: u32) -> (PatientId, T::AccountId) {
	T::Helper::set_time(NOW);
	T::Helper::patient(number)
}

/// A patient with as many guardians as there can be.
pub(super) fn ward<T: Config>() -> (Person, T::AccountId) {
	let (ward, who) = patient::<T>(0);
	guarded::<T>(&who, Capacity::Patient);
	(ward.into(), who)
}

/// Has this person choose as many guardians as there can be.
pub(super) fn guarded<T: Config>(who: &T::AccountId, capacity: Capacity) {
	let divided = divided_among_people::<T>(GUARDIANS, MOST);
	assert_ok!(Pallet::<T>::set_guardians(signed::<T>(who), capacity, divided, MIN_DELAY));
}

/// The guardian with this number.
pub(super) fn guardian<T: Config>(number: u32) -> OriginFor<T> {
	signed::<T>(&T::Helper::patient(GUARDIANS.saturating_add(number)).1)
}

/// A new account, and its consent. It is another person's, too, and a desk's.
pub(super) fn device<T: Config>(person: Person) -> (T::AccountId, T::Signature) {
	let key = public_key(7);
	let (new, proof) = T::Helper::new_account(|new| {
		Pallet::<T>::recovery_message(person, new, SUITE_X_WING, &key)
	});
	let other = match person {
		Person::Patient(_) => Capacity::Doctor,
		Person::Doctor(_) => Capacity::Patient,
	};
	T::Helper::becomes(&new, other);
	T::Helper::joins_desk(&new);
	(new, proof)
}

/// So many requests for a person that have lapsed, with shares. Guardians who have handed theirs over for one can support
/// the next, but not those whose own request comes later: so each has one share more than the one before, at most.
pub(super) fn lapsed<T: Config>(person: Person, count: u32) {
	requests_lapsed::<T>(person, count);
	for (new, recovery) in Recoveries::<T>::iter_prefix(person) {
		if recovery.ends_at <= NOW {
			for guardian in recovery.approvals {
				RecoveryShares::<T>::insert((person, new.clone()), guardian, sealed_share());
			}
		}
	}
}

/// The same without shares.
fn requests_lapsed<T: Config>(person: Person, count: u32) {
	for number in 0..count {
		let new: T::AccountId = account("lapsed", number, 0);
		let approvals: Vec<_> =
			(0..=number).map(|guardian| Delegate::Desk(HospitalId(guardian))).collect();
		let recovery = Recovery {
			suite: SUITE_X_WING,
			key: public_key(7),
			requested_at: 0,
			due: Some(0),
			ends_at: NOW,
			approvals: BoundedVec::truncate_from(approvals),
		};
		Recoveries::<T>::insert(person, new, recovery);
	}
}

/// A request that all guardians but so many have approved. Returns the new account.
pub(super) fn requested<T: Config>(person: Person, but: u32) -> T::AccountId {
	let (new, proof) = device::<T>(person);
	let (acting, key) = (ActingAs::Patient, public_key(7));
	let digest = sha2_256(&key);
	let suite = SUITE_X_WING;
	let origin = guardian::<T>(0);
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
		let origin = guardian::<T>(number);
		assert_ok!(Pallet::<T>::approve_recovery(origin, person, acting, new.clone(), digest));
	}
	new
}

/// The same, approved and with all shares.
pub(super) fn due<T: Config>(person: Person) -> T::AccountId {
	let new = requested::<T>(person, 0);
	T::Helper::set_time(NOW.saturating_add(MIN_DELAY));
	for number in 0..MOST {
		let origin = guardian::<T>(number);
		let acting = ActingAs::Patient;
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
/// grant.
pub(super) fn crowded<T: Config>(patient: PatientId) {
	for number in 0..MAX_EMERGENCIES {
		asked::<T>(patient, MAX_GRANTS + number, 0);
	}
	for number in 0..MAX_EMERGENCY_REQUESTS {
		waits_in_vain::<T>(patient, MAX_GRANTS + MAX_EMERGENCIES + number);
	}
}

/// A doctor's request, which all holders have confirmed. Some have left the consortium since, so that it still waits.
pub(super) fn waits_in_vain<T: Config>(
	patient: PatientId,
	number: u32,
) -> (DoctorId, T::AccountId) {
	let (doctor, who) = asked::<T>(patient, number, MOST);
	let holders: Vec<_> = (0..MOST).map(T::Helper::hospital).collect();
	for hospital in &holders {
		ConfirmedShares::<T>::insert((patient, doctor), hospital, sealed_share());
	}
	EmergencyRequests::<T>::mutate(patient, doctor, |slot| {
		let request = slot.as_mut().expect("the doctor has asked");
		request.confirmed = BoundedVec::truncate_from(holders);
	});
	(doctor, who)
}

/// As many emergencies as are kept: before the patient's only one, others of a doctor who has none now.
pub(super) fn remembers<T: Config>(patient: PatientId) {
	Emergencies::<T>::mutate(patient, |kept| {
		let Some(own) = kept.first().cloned() else { return };
		let other = Emergency { doctor: DoctorId(u32::MAX), ..own };
		while kept.try_insert(0, other.clone()).is_ok() {}
	});
}

/// A patient with as many representatives as there can be, whose chart has to look at so many grants, each to a doctor of
/// another hospital.
pub(super) fn chart_to_look_at<T: Config>(grants: u32) -> PatientId {
	let (patient, who) = T::Helper::chart_to_look_at(grants);
	for number in 1..=MAX_REPRESENTATIVES {
		let (other, acting) = T::Helper::patient(number);
		named::<T>((patient, &who), (other, &acting));
		confirmed::<T>(patient, other);
	}
	patient
}
