//! Changes that doctors propose to their directory entries.
//!
//! Patients see only words that a hospital has confirmed, so a verified doctor's change waits for a
//! registrar, who names its digest. Until then the previous entry stands. A doctor who waits to be
//! verified changes the entry at once: `verify_doctor` names the digest of the entry too.

use crate::*;
use codec::Encode;
use frame_support::{ensure, pallet_prelude::*};
use frame_system::pallet_prelude::OriginFor;
use sp_io::hashing::sha2_256;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_update_doctor_profile(
		origin: OriginFor<T>,
		doctor: DoctorId,
		profile: DoctorProfile,
	) -> DispatchResult {
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		let Registration { hospital, standing, .. } = found.registration;
		let by_hospital = Self::ensure_self_or_registrar(origin, &found.registration)?;
		Self::ensure_profile(&profile)?;
		match (standing, by_hospital) {
			(Standing::Rejected, _) | (Standing::Suspended, false) => {
				return Err(Error::<T>::DoctorNotVerified.into());
			},
			(Standing::Verified, false) => {
				ProposedProfiles::<T>::insert(hospital, doctor, profile);
				Self::deposit_event(Event::DoctorProfileProposed { doctor });
			},
			(Standing::Pending, _) | (_, true) => {
				if by_hospital {
					Self::count_correction::<DoctorId>(&found.registration)?;
				}
				Self::replace_profile(doctor, profile)?;
				Self::deposit_event(Event::DoctorProfileUpdated { doctor, by_hospital });
			},
		}
		Ok(())
	}

	pub(crate) fn do_confirm_doctor_profile(
		hospital: HospitalId,
		doctor: DoctorId,
		profile_digest: [u8; 32],
	) -> DispatchResult {
		Self::ensure_doctor_of(hospital, doctor)?;
		let proposed =
			ProposedProfiles::<T>::get(hospital, doctor).ok_or(Error::<T>::NothingProposed)?;
		ensure!(Self::profile_digest(&proposed) == profile_digest, Error::<T>::ProfileChanged);
		Self::replace_profile(doctor, proposed)?;
		ProposedProfiles::<T>::remove(hospital, doctor);
		Self::deposit_event(Event::DoctorProfileUpdated { doctor, by_hospital: false });
		Ok(())
	}

	pub(crate) fn do_discard_doctor_profile(
		origin: OriginFor<T>,
		doctor: DoctorId,
	) -> DispatchResult {
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		let by_hospital = Self::ensure_self_or_registrar(origin, &found.registration)?;
		ProposedProfiles::<T>::take(found.registration.hospital, doctor)
			.ok_or(Error::<T>::NothingProposed)?;
		Self::deposit_event(Event::DoctorProfileDiscarded { doctor, by_hospital });
		Ok(())
	}

	/// Takes what is open about a doctor's entry along to another hospital. The proposal waits for the
	/// new hospital, and the details were the old one's words about its own house.
	pub(crate) fn carry_entry(doctor: DoctorId, from: HospitalId, to: HospitalId) {
		if let Some(proposed) = ProposedProfiles::<T>::take(from, doctor) {
			ProposedProfiles::<T>::insert(to, doctor, proposed);
		}
		Directory::<T>::mutate_extant(doctor, |entry| entry.details = Details::default());
	}

	/// Whether the hospital has seen the very entry that is published.
	pub(crate) fn ensure_profile_digest(doctor: DoctorId, digest: [u8; 32]) -> DispatchResult {
		let entry = Directory::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(Self::profile_digest(&entry.profile) == digest, Error::<T>::ProfileChanged);
		Ok(())
	}

	/// The digest by which a hospital confirms an entry: SHA-256 of its SCALE encoding.
	pub fn profile_digest(profile: &DoctorProfile) -> [u8; 32] {
		profile.using_encoded(sha2_256)
	}

	fn ensure_doctor_of(hospital: HospitalId, doctor: DoctorId) -> DispatchResult {
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(found.registration.hospital == hospital, Error::<T>::OtherHospital);
		Ok(())
	}

	fn replace_profile(doctor: DoctorId, profile: DoctorProfile) -> DispatchResult {
		Directory::<T>::try_mutate(doctor, |slot| {
			// A rejected doctor has no entry.
			let entry = slot.as_mut().ok_or(Error::<T>::DoctorNotVerified)?;
			entry.profile = profile;
			Ok(())
		})
	}
}
