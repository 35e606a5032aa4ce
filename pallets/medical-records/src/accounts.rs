//! The accounts that control people's entries.

use crate::*;
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, pallet_prelude::*, storage::StorageMap};
use frame_system::{
	ensure_signed,
	pallet_prelude::{BlockNumberFor, OriginFor},
};

impl<T: Config> Pallet<T> {
	/// The bytes that `new` signs before it can take over `person` from `old`:
	/// [`medblock_primitives::change_account_message`] with this chain's genesis hash.
	pub fn change_account_message(
		person: Person,
		old: &T::AccountId,
		new: &T::AccountId,
	) -> Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
		medblock_primitives::change_account_message(&genesis, person, old, new)
	}

	/// The verified patient that the account controls.
	pub(crate) fn verified_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found): (PatientId, _) = Self::person_of(who)?;
		ensure!(found.registration.standing == Standing::Verified, Error::<T>::PatientNotVerified);
		Ok((patient, found))
	}

	/// The patient that the account controls, for calls that only take something away. Suspended
	/// patients can make those too.
	pub(crate) fn retracting_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found): (PatientId, _) = Self::person_of(who)?;
		ensure!(found.registration.was_verified(), Error::<T>::PatientNotVerified);
		Ok((patient, found))
	}

	/// Whether the account controls a chart and can take access to it away.
	pub fn may_retract(who: &T::AccountId) -> bool {
		Self::retracting_patient_of(who).is_ok()
	}

	/// Whether the account controls this person, and a change of it is pending, which it can take back.
	pub fn may_take_back(who: &T::AccountId, person: Person) -> bool {
		match person {
			Person::Patient(patient) => Self::is_changing(who, patient),
			Person::Doctor(doctor) => Self::is_changing(who, doctor),
		}
	}

	fn is_changing<Id: PersonId<T>>(who: &T::AccountId, id: Id) -> bool {
		let person: Person = id.into();
		Id::Entries::get(id).is_some_and(|entry| {
			let registration = entry.as_ref();
			registration.account == *who
				&& AccountChanges::<T>::contains_key(registration.hospital, person)
		})
	}

	/// Whether the account's patient has granted something to each of these doctors, who are named once. So each of them is
	/// one grant to undo.
	pub fn has_granted(who: &T::AccountId, doctors: &[DoctorId]) -> bool {
		PatientOf::<T>::get(who).is_some_and(|patient| Self::has_granted_all(patient, doctors))
	}

	/// Whether the patient has granted something to each of these doctors, who are named once.
	pub fn has_granted_all(patient: PatientId, doctors: &[DoctorId]) -> bool {
		are_named_once(doctors)
			&& doctors.iter().all(|doctor| Grants::<T>::contains_key(patient, doctor))
	}

	/// Whether the account's patient has allowed each of these institutions, which are named once, to add to the chart.
	pub fn has_allowed(who: &T::AccountId, institutions: &[InstitutionId]) -> bool {
		are_named_once(institutions)
			&& PatientOf::<T>::get(who).is_some_and(|patient| {
				let deposits = Deposits::<T>::get(patient);
				institutions.iter().all(|one| deposits.contains_key(one))
			})
	}

	/// Whether the account is this patient's, and the patient waits to be verified.
	pub fn is_pending_patient(who: &T::AccountId, patient: PatientId) -> bool {
		Self::is_pending(who, patient)
	}

	/// Whether the account is this doctor's, and the doctor waits to be verified.
	pub fn is_pending_doctor(who: &T::AccountId, doctor: DoctorId) -> bool {
		Self::is_pending(who, doctor)
	}

	fn is_pending<Id: PersonId<T>>(who: &T::AccountId, id: Id) -> bool {
		Id::IdOf::get(who) == Some(id)
			&& Id::Entries::get(id)
				.is_some_and(|entry| entry.as_ref().standing == Standing::Pending)
	}

	/// Whether a registrar of the person's hospital calls (`true`), or the person (`false`). Refuses
	/// all others.
	pub(crate) fn ensure_self_or_registrar(
		origin: OriginFor<T>,
		person: &Registration<T::AccountId>,
	) -> Result<bool, DispatchError> {
		if ensure_signed(origin.clone())? == person.account {
			return Ok(false);
		}
		let acting = T::RegistrarOrigin::ensure_origin(origin)?;
		ensure!(acting == person.hospital, Error::<T>::OtherHospital);
		Ok(true)
	}
}

/// Whether a call names at least one, and none twice.
fn are_named_once<Id: Ord>(named: &[Id]) -> bool {
	let distinct: BTreeSet<&Id> = named.iter().collect();
	!named.is_empty() && distinct.len() == named.len()
}
