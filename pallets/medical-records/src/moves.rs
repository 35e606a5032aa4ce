//! Moving to another hospital: by oneself, or with everybody when the hospital leaves.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_move(
		who: T::AccountId,
		capacity: Capacity,
		to: Option<HospitalId>,
	) -> DispatchResult {
		if let Some(to) = to {
			ensure!(T::Hospitals::is_active(to), Error::<T>::HospitalNotActive);
		}
		let person = match capacity {
			Capacity::Patient => {
				let (patient, mut found) = Self::patient_of(&who)?;
				ensure!(
					Self::may_move(found.standing, found.hospital),
					Error::<T>::PatientNotVerified
				);
				ensure!(to != Some(found.hospital), Error::<T>::SameHospital);
				found.moving_to = to;
				Patients::<T>::insert(patient, found);
				Person::Patient(patient)
			},
			Capacity::Doctor => {
				let (doctor, mut found) = Self::doctor_of(&who)?;
				ensure!(
					Self::may_move(found.standing, found.hospital),
					Error::<T>::DoctorNotVerified
				);
				ensure!(to != Some(found.hospital), Error::<T>::SameHospital);
				found.moving_to = to;
				Doctors::<T>::insert(doctor, found);
				Person::Doctor(doctor)
			},
		};
		Self::deposit_event(Event::MoveRequested { person, to });
		Ok(())
	}

	pub(crate) fn do_accept_patient(hospital: HospitalId, patient: PatientId) -> DispatchResult {
		let mut found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		ensure!(found.moving_to == Some(hospital), Error::<T>::NotMoving);
		Self::move_patient(patient, &mut found, hospital);
		Patients::<T>::insert(patient, found);
		Ok(())
	}

	pub(crate) fn do_accept_doctor(hospital: HospitalId, doctor: DoctorId) -> DispatchResult {
		let mut found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(found.moving_to == Some(hospital), Error::<T>::NotMoving);
		Self::move_doctor(doctor, &mut found, hospital);
		Doctors::<T>::insert(doctor, found);
		Ok(())
	}

	pub(crate) fn do_move_people(from: HospitalId, to: HospitalId) -> DispatchResult {
		ensure!(!T::Hospitals::is_active(from), Error::<T>::HospitalActive);
		ensure!(T::Hospitals::is_active(to), Error::<T>::HospitalNotActive);
		Relocations::<T>::try_append(Relocation {
			from,
			to,
			next_patient: PatientId(0),
			patients_end: NextPatient::<T>::get(),
			next_doctor: DoctorId(0),
			doctors_end: NextDoctor::<T>::get(),
		})
		.map_err(|_| Error::<T>::MaxRelocationsExceeded)?;
		Self::deposit_event(Event::RelocationBegun { from, to });
		Ok(())
	}

	/// Nobody escapes their hospital's decision about them, unless it can decide nothing any more.
	fn may_move(standing: Standing, hospital: HospitalId) -> bool {
		match standing {
			Standing::Verified => true,
			Standing::Pending | Standing::Suspended => !T::Hospitals::is_active(hospital),
			Standing::Rejected => false,
		}
	}

	/// Looks at one more person. Returns whether there was one left.
	pub(crate) fn relocate_one(relocation: &mut Relocation) -> bool {
		let Relocation { from, to, .. } = *relocation;
		if relocation.next_patient < relocation.patients_end {
			let patient = relocation.next_patient;
			if let Some(mut found) = Patients::<T>::get(patient).filter(|p| p.hospital == from) {
				Self::move_patient(patient, &mut found, to);
				Patients::<T>::insert(patient, found);
			}
			relocation.next_patient = patient.next().unwrap_or(relocation.patients_end);
			return true;
		}
		if relocation.next_doctor < relocation.doctors_end {
			let doctor = relocation.next_doctor;
			if let Some(mut found) = Doctors::<T>::get(doctor).filter(|d| d.hospital == from) {
				Self::move_doctor(doctor, &mut found, to);
				Doctors::<T>::insert(doctor, found);
			}
			relocation.next_doctor = doctor.next().unwrap_or(relocation.doctors_end);
			return true;
		}
		false
	}

	fn move_patient(patient: PatientId, found: &mut Patient<T::AccountId>, to: HospitalId) {
		let from = core::mem::replace(&mut found.hospital, to);
		found.moving_to = None;
		Self::deposit_event(Event::PatientMoved { patient, from, to });
	}

	fn move_doctor(doctor: DoctorId, found: &mut Doctor<T::AccountId>, to: HospitalId) {
		let from = found.hospital;
		Self::change_hospital(found, to);
		Self::deposit_event(Event::DoctorMoved { doctor, from, to });
	}
}
