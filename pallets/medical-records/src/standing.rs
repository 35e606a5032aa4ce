//! What hospitals decide about people.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_verify_patient(hospital: HospitalId, patient: PatientId) -> DispatchResult {
		let account = Self::change_patient(hospital, patient, |found| {
			ensure!(found.standing == Standing::Pending, Error::<T>::NotPending);
			found.standing = Standing::Verified;
			Ok(())
		})?;
		T::Roles::gained(&account, Role::Patient);
		Self::deposit_event(Event::PatientVerified { patient });
		Ok(())
	}

	pub(crate) fn do_reject_patient(hospital: HospitalId, patient: PatientId) -> DispatchResult {
		Self::change_patient(hospital, patient, |found| {
			ensure!(found.standing == Standing::Pending, Error::<T>::NotPending);
			found.standing = Standing::Rejected;
			found.profile = None;
			found.moving_to = None;
			Ok(())
		})?;
		CurrentKeys::<T>::remove(patient);
		Self::deposit_event(Event::PatientRejected { patient });
		Ok(())
	}

	pub(crate) fn do_suspend_patient(hospital: HospitalId, patient: PatientId) -> DispatchResult {
		let account = Self::change_patient(hospital, patient, |found| {
			ensure!(found.standing == Standing::Verified, Error::<T>::PatientNotVerified);
			found.standing = Standing::Suspended;
			found.moving_to = None;
			Ok(())
		})?;
		T::Roles::lost(&account, Role::Patient);
		Self::deposit_event(Event::PatientSuspended { patient });
		Ok(())
	}

	pub(crate) fn do_reinstate_patient(hospital: HospitalId, patient: PatientId) -> DispatchResult {
		let account = Self::change_patient(hospital, patient, |found| {
			ensure!(found.standing == Standing::Suspended, Error::<T>::NotSuspended);
			found.standing = Standing::Verified;
			Ok(())
		})?;
		T::Roles::gained(&account, Role::Patient);
		Self::deposit_event(Event::PatientReinstated { patient });
		Ok(())
	}

	pub(crate) fn do_verify_doctor(
		hospital: HospitalId,
		doctor: DoctorId,
		key_digest: [u8; 32],
		licence_expires: Option<Moment>,
	) -> DispatchResult {
		ensure!(!has_come(licence_expires, Self::now()), Error::<T>::LicenceExpired);
		let account = Self::change_doctor(hospital, doctor, |found| {
			ensure!(found.standing == Standing::Pending, Error::<T>::NotPending);
			Self::ensure_key_digest(doctor, key_digest)?;
			found.standing = Standing::Verified;
			found.vouched_version = found.key_version;
			found.licence_expires = licence_expires;
			Ok(())
		})?;
		T::Roles::gained(&account, Role::Doctor);
		Self::deposit_event(Event::DoctorVerified { doctor });
		Ok(())
	}

	pub(crate) fn do_reject_doctor(hospital: HospitalId, doctor: DoctorId) -> DispatchResult {
		Self::change_doctor(hospital, doctor, |found| {
			ensure!(found.standing == Standing::Pending, Error::<T>::NotPending);
			found.standing = Standing::Rejected;
			found.moving_to = None;
			Ok(())
		})?;
		Directory::<T>::remove(doctor);
		EncryptionKeys::<T>::remove(doctor);
		Self::deposit_event(Event::DoctorRejected { doctor });
		Ok(())
	}

	pub(crate) fn do_suspend_doctor(hospital: HospitalId, doctor: DoctorId) -> DispatchResult {
		let account = Self::change_doctor(hospital, doctor, |found| {
			ensure!(found.standing == Standing::Verified, Error::<T>::DoctorNotVerified);
			found.standing = Standing::Suspended;
			found.moving_to = None;
			Self::lapse(found);
			Ok(())
		})?;
		T::Roles::lost(&account, Role::Doctor);
		Self::deposit_event(Event::DoctorSuspended { doctor });
		Ok(())
	}

	pub(crate) fn do_reinstate_doctor(hospital: HospitalId, doctor: DoctorId) -> DispatchResult {
		let account = Self::change_doctor(hospital, doctor, |found| {
			ensure!(found.standing == Standing::Suspended, Error::<T>::NotSuspended);
			found.standing = Standing::Verified;
			Ok(())
		})?;
		T::Roles::gained(&account, Role::Doctor);
		Self::deposit_event(Event::DoctorReinstated { doctor });
		Ok(())
	}

	/// Changes a patient of this hospital. Returns the account that controls them.
	pub(crate) fn change_patient(
		hospital: HospitalId,
		patient: PatientId,
		change: impl FnOnce(&mut Patient<T::AccountId>) -> DispatchResult,
	) -> Result<T::AccountId, DispatchError> {
		Patients::<T>::try_mutate(patient, |slot| {
			let found = slot.as_mut().ok_or(Error::<T>::PatientNotFound)?;
			ensure!(found.hospital == hospital, Error::<T>::OtherHospital);
			change(found)?;
			Ok(found.account.clone())
		})
	}

	/// Changes a doctor of this hospital. Returns the account that acts for them.
	pub(crate) fn change_doctor(
		hospital: HospitalId,
		doctor: DoctorId,
		change: impl FnOnce(&mut Doctor<T::AccountId>) -> DispatchResult,
	) -> Result<T::AccountId, DispatchError> {
		Doctors::<T>::try_mutate(doctor, |slot| {
			let found = slot.as_mut().ok_or(Error::<T>::DoctorNotFound)?;
			ensure!(found.hospital == hospital, Error::<T>::OtherHospital);
			change(found)?;
			Ok(found.account.clone())
		})
	}
}
