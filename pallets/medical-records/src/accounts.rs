//! Which account speaks for whom.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{ensure, pallet_prelude::*};
use frame_system::{
	ensure_signed,
	pallet_prelude::{BlockNumberFor, OriginFor},
};
use sp_runtime::traits::Verify;

/// Purpose of what a new account signs to take over from an old one.
const CHANGE_ACCOUNT: &[u8] = b"medblock/v1/change-account";

impl<T: Config> Pallet<T> {
	pub(crate) fn do_change_account(
		old: T::AccountId,
		capacity: Capacity,
		new: T::AccountId,
		proof: T::Signature,
	) -> DispatchResult {
		let person = match capacity {
			Capacity::Patient => Person::Patient(Self::retracting_patient_of(&old)?.0),
			Capacity::Doctor => {
				let (doctor, found) = Self::doctor_of(&old)?;
				// Else new accounts could be made out of nothing, past the lane for them.
				ensure!(was_verified(found.standing), Error::<T>::DoctorNotVerified);
				Person::Doctor(doctor)
			},
		};
		let message = Self::change_account_message(person, &old, &new);
		ensure!(proof.verify(&message[..], &new), Error::<T>::InvalidProof);
		let role = match person {
			Person::Patient(patient) => {
				ensure!(!PatientOf::<T>::contains_key(&new), Error::<T>::AlreadyRegistered);
				let (_, mut found) = Self::patient_of(&old)?;
				found.account = new.clone();
				let verified = found.standing == Standing::Verified;
				Patients::<T>::insert(patient, found);
				PatientOf::<T>::remove(&old);
				PatientOf::<T>::insert(&new, patient);
				verified.then_some(Role::Patient)
			},
			Person::Doctor(doctor) => {
				ensure!(!DoctorOf::<T>::contains_key(&new), Error::<T>::AlreadyRegistered);
				let (_, mut found) = Self::doctor_of(&old)?;
				found.account = new.clone();
				let verified = found.standing == Standing::Verified;
				Doctors::<T>::insert(doctor, found);
				DoctorOf::<T>::remove(&old);
				DoctorOf::<T>::insert(&new, doctor);
				verified.then_some(Role::Doctor)
			},
		};
		T::Roles::succeeded(&old, &new, role);
		Self::deposit_event(Event::AccountChanged { person, old, new });
		Ok(())
	}

	/// What `new` has to sign before it can take over `person` from `old`: inside `<Bytes>`, as
	/// wallets do with whatever is no transaction; the SCALE encoding of purpose, genesis, person
	/// and both accounts.
	pub fn change_account_message(
		person: Person,
		old: &T::AccountId,
		new: &T::AccountId,
	) -> Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
		let mut message = b"<Bytes>".to_vec();
		message.extend((CHANGE_ACCOUNT, genesis, person, old, new).encode());
		message.extend(b"</Bytes>");
		message
	}

	/// The patient that the account controls.
	pub(crate) fn patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let patient = PatientOf::<T>::get(who).ok_or(Error::<T>::NotPatient)?;
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::NotPatient)?;
		Ok((patient, found))
	}

	/// The verified patient that the account controls.
	pub(crate) fn verified_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found) = Self::patient_of(who)?;
		ensure!(found.standing == Standing::Verified, Error::<T>::PatientNotVerified);
		Ok((patient, found))
	}

	/// The patient that the account controls, for what only takes something away: those who are
	/// suspended can do that too.
	pub(crate) fn retracting_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found) = Self::patient_of(who)?;
		ensure!(was_verified(found.standing), Error::<T>::PatientNotVerified);
		Ok((patient, found))
	}

	/// Whether the account controls a chart from which it can take something away.
	pub fn may_retract(who: &T::AccountId) -> bool {
		Self::retracting_patient_of(who).is_ok()
	}

	/// The doctor that the account acts for.
	pub(crate) fn doctor_of(
		who: &T::AccountId,
	) -> Result<(DoctorId, Doctor<T::AccountId>), Error<T>> {
		let doctor = DoctorOf::<T>::get(who).ok_or(Error::<T>::NotDoctor)?;
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::NotDoctor)?;
		Ok((doctor, found))
	}

	/// The person themselves (`false`), or a registrar of their hospital (`true`).
	pub(crate) fn ensure_self_or_registrar(
		origin: OriginFor<T>,
		account: &T::AccountId,
		hospital: HospitalId,
	) -> Result<bool, DispatchError> {
		if ensure_signed(origin.clone())? == *account {
			return Ok(false);
		}
		let acting = T::RegistrarOrigin::ensure_origin(origin)?;
		ensure!(acting == hospital, Error::<T>::OtherHospital);
		Ok(true)
	}
}

/// Whether a hospital has known the person, suspended or not.
pub(crate) fn was_verified(standing: Standing) -> bool {
	matches!(standing, Standing::Verified | Standing::Suspended)
}
