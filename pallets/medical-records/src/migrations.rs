//! Changes of the stored shape, one version after another. ADR 34 says how to add one.
//!
//! A version's module has types of that version as they were. They are never changed: what they describe
//! is stored on chains.

use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	storage::storage_prefix,
	traits::{Get, PalletInfoAccess},
	weights::Weight,
};
use medblock_reshape::{Reshape, Stepped};
#[cfg(feature = "try-runtime")]
use {
	codec::{Decode, Encode},
	frame_support::ensure,
	sp_runtime::TryRuntimeError,
};

pub mod v1;

/// All of the pallet's changes in steps, in their order.
pub type InSteps<T> =
	(Stepped<PatientsFromV1<T>>, Stepped<GrantsFromV2<T>>, Stepped<DoctorsFromV3<T>>);

/// Patients, from version 1 of the pallet's storage to version 2.
pub struct PatientsFromV1<T>(PhantomData<T>);

impl<T: Config> Reshape for PatientsFromV1<T> {
	type Pallet = Pallet<T>;
	type Key = PatientId;
	const FROM: u16 = 1;

	fn prefix() -> Vec<u8> {
		prefix::<T>(b"Patients")
	}

	/// Which hospital's doctors lapsed when is unknown, so each chart looks at its doctors once more. Which
	/// records are withdrawn is unknown, too, so they are counted afterwards.
	fn begin() {
		Recounting::<T>::put(Recount::until(NextPatient::<T>::get()));
		LastLapses::<T>::put(Readings::all(Lapses::<T>::get()));
		Pallet::<T>::count_anew::<PatientId>();
	}

	fn keys(after: Option<&PatientId>) -> impl Iterator<Item = PatientId> {
		match after {
			Some(key) => v1::Patients::<T>::iter_keys_from_key(key),
			None => v1::Patients::<T>::iter_keys(),
		}
	}

	fn reshape(key: &PatientId) {
		if let Some(old) = v1::Patients::<T>::get(key) {
			let now = Patient::from(old);
			Pallet::<T>::take_over(*key, &now.registration);
			Patients::<T>::insert(key, now);
		}
	}

	fn weight() -> Weight {
		<T as Config>::WeightInfo::reshape_patient()
	}

	#[cfg(feature = "try-runtime")]
	fn note() -> Result<Vec<u8>, TryRuntimeError> {
		let all: Vec<_> = v1::Patients::<T>::iter().collect();
		ensure!(all.len() == v1::Patients::<T>::iter_keys().count(), "a patient is damaged");
		Ok(all.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn check(noted: Vec<u8>) -> Result<(), TryRuntimeError> {
		let before = facts::<Vec<(PatientId, v1::Patient<T::AccountId>)>>(&noted)?;
		ensure!(before.len() == Patients::<T>::iter().count(), "another number of patients");
		for (id, old) in before {
			let is_kept = Patients::<T>::get(id).is_some_and(|now| old.is_kept_by(&now));
			ensure!(is_kept, "a patient became another");
		}
		Ok(())
	}
}

/// Grants, from version 2 of the pallet's storage to version 3.
pub struct GrantsFromV2<T>(PhantomData<T>);

impl<T: Config> Reshape for GrantsFromV2<T> {
	type Pallet = Pallet<T>;
	type Key = (PatientId, DoctorId);
	const FROM: u16 = 2;

	fn prefix() -> Vec<u8> {
		prefix::<T>(b"Grants")
	}

	fn keys(after: Option<&Self::Key>) -> impl Iterator<Item = Self::Key> {
		match after {
			Some((patient, doctor)) => {
				v1::Grants::<T>::iter_keys_from(v1::Grants::<T>::hashed_key_for(patient, doctor))
			},
			None => v1::Grants::<T>::iter_keys(),
		}
	}

	fn reshape((patient, doctor): &Self::Key) {
		if let Some(old) = v1::Grants::<T>::get(patient, doctor) {
			let now = old.with_appends_left(T::AppendBudget::get());
			Grants::<T>::insert(patient, doctor, now);
		}
	}

	fn weight() -> Weight {
		<T as Config>::WeightInfo::reshape_grant()
	}

	#[cfg(feature = "try-runtime")]
	fn note() -> Result<Vec<u8>, TryRuntimeError> {
		let all: Vec<_> = v1::Grants::<T>::iter().collect();
		ensure!(all.len() == v1::Grants::<T>::iter_keys().count(), "a grant is damaged");
		Ok(all.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn check(noted: Vec<u8>) -> Result<(), TryRuntimeError> {
		let before = facts::<Vec<(PatientId, DoctorId, v1::Grant)>>(&noted)?;
		ensure!(before.len() == Grants::<T>::iter().count(), "another number of grants");
		for (patient, doctor, old) in before {
			let now = Grants::<T>::get(patient, doctor);
			ensure!(now.is_some_and(|now| old.is_kept_by(&now)), "a grant became another");
		}
		Ok(())
	}
}

/// Doctors, from version 3 of the pallet's storage to version 4.
pub struct DoctorsFromV3<T>(PhantomData<T>);

impl<T: Config> Reshape for DoctorsFromV3<T> {
	type Pallet = Pallet<T>;
	type Key = DoctorId;
	const FROM: u16 = 3;

	fn prefix() -> Vec<u8> {
		prefix::<T>(b"Doctors")
	}

	fn begin() {
		Pallet::<T>::count_anew::<DoctorId>();
	}

	fn keys(after: Option<&DoctorId>) -> impl Iterator<Item = DoctorId> {
		match after {
			Some(key) => v1::Doctors::<T>::iter_keys_from_key(key),
			None => v1::Doctors::<T>::iter_keys(),
		}
	}

	fn reshape(key: &DoctorId) {
		if let Some(old) = v1::Doctors::<T>::get(key) {
			let now = Doctor::from(old);
			Pallet::<T>::take_over(*key, &now.registration);
			Doctors::<T>::insert(key, now);
		}
	}

	/// A patient's entry is larger, and in one more index.
	fn weight() -> Weight {
		<T as Config>::WeightInfo::reshape_patient()
	}

	#[cfg(feature = "try-runtime")]
	fn note() -> Result<Vec<u8>, TryRuntimeError> {
		let all: Vec<_> = v1::Doctors::<T>::iter().collect();
		ensure!(all.len() == v1::Doctors::<T>::iter_keys().count(), "a doctor is damaged");
		Ok(all.encode())
	}

	#[cfg(feature = "try-runtime")]
	fn check(noted: Vec<u8>) -> Result<(), TryRuntimeError> {
		let before = facts::<Vec<(DoctorId, v1::Doctor<T::AccountId>)>>(&noted)?;
		ensure!(before.len() == Doctors::<T>::iter().count(), "another number of doctors");
		for (id, old) in before {
			let is_kept = Doctors::<T>::get(id).is_some_and(|now| old.is_kept_by(&now));
			ensure!(is_kept, "a doctor became another");
		}
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// Forgets the numbers of people that an earlier attempt has counted before it failed. There are none
	/// at the first attempt, and at most as many as hospitals.
	fn count_anew<Id: PersonId<T>>() {
		let hospitals: Vec<_> = People::<T>::iter_keys().collect();
		for hospital in hospitals {
			People::<T>::mutate(hospital, |people| *people.of(Id::CAPACITY) = 0);
		}
	}

	/// Notes what earlier versions did not note about a person: in the indices, in the number of the
	/// hospital's people, and, for the account of a suspended person, that the person may still take access
	/// away.
	fn take_over<Id: PersonId<T>>(id: Id, person: &Registration<T::AccountId>) {
		Self::reindex(id, None, Some(person));
		if person.was_verified() {
			Self::count_more::<Id>(person.hospital, 1);
		}
		if person.standing == Standing::Suspended {
			T::Roles::lost(&person.account, Id::ROLE);
		}
	}
}

/// The beginning of all keys of a map.
fn prefix<T: Config>(map: &[u8]) -> Vec<u8> {
	storage_prefix(Pallet::<T>::name().as_bytes(), map).to_vec()
}

#[cfg(feature = "try-runtime")]
fn facts<Facts: Decode>(mut bytes: &[u8]) -> Result<Facts, TryRuntimeError> {
	Ok(Facts::decode(&mut bytes).map_err(|_| "the facts noted before were damaged")?)
}
