//! The descriptions of people, by themselves and by their hospitals, and doctors' keys.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use frame_system::pallet_prelude::OriginFor;
use sp_io::hashing::sha2_256;

/// Milliseconds in an average year of the Gregorian calendar.
const YEAR: Moment = 31_556_952_000;

impl<T: Config> Pallet<T> {
	/// Returns the numbers of grants looked at.
	pub(crate) fn do_update_patient_profile(
		origin: OriginFor<T>,
		patient: PatientId,
		document: Document,
		sealed_to: SealedTo,
	) -> Result<LookedAt, DispatchError> {
		let mut found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		let by_hospital = Self::ensure_self_or_registrar(origin, &found.registration)?;
		match found.registration.standing {
			Standing::Pending | Standing::Verified => (),
			Standing::Suspended if by_hospital => (),
			_ => return Err(Error::<T>::PatientNotVerified.into()),
		}
		Self::ensure_kept(&VaultChoices::<T>::get(patient), &document)?;
		let epoch = sealed_to.epoch;
		let looked_at = Self::ensure_sealed_to(patient, &mut found.chart, sealed_to, Self::now())?;
		if by_hospital && found.profile.is_some() {
			Self::count_correction::<PatientId>(&found.registration)?;
		}
		found.profile = Some(SealedDocument { document, sealed_to: epoch });
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::PatientProfileUpdated { patient, by_hospital });
		Ok(looked_at)
	}

	/// The vault deletes the document, which no chart names any more.
	pub(crate) fn do_remove_patient_profile(who: T::AccountId) -> DispatchResult {
		let (patient, mut found): (PatientId, _) = Self::person_of(&who)?;
		ensure!(
			matches!(found.registration.standing, Standing::Pending | Standing::Verified),
			Error::<T>::PatientNotVerified
		);
		ensure!(found.profile.take().is_some(), Error::<T>::NoProfile);
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::PatientProfileRemoved { patient });
		Ok(())
	}

	pub(crate) fn do_set_doctor_details(
		hospital: HospitalId,
		doctor: DoctorId,
		details: Details,
		licence_expires: Option<Moment>,
	) -> DispatchResult {
		ensure!(
			details.is_empty() || is_line_within(&details, MAX_DETAILS),
			Error::<T>::InvalidText
		);
		let now = Self::now();
		let is_replaced = Directory::<T>::get(doctor)
			.is_some_and(|entry| !entry.details.is_empty() && entry.details != details);
		Self::change(hospital, doctor, |found| {
			Self::count_earlier_end(hospital, found, licence_expires)?;
			if is_replaced {
				Self::count_correction::<DoctorId>(&found.registration)?;
			}
			let ended = has_come(found.licence_expires, now) || has_come(licence_expires, now);
			let sooner = earlier(found.licence_expires, licence_expires) != found.licence_expires;
			found.licence_expires = licence_expires;
			match (ended, sooner) {
				// A renewal does not undo the lapse of a licence that had run out.
				(true, _) => Self::lapse(found),
				(false, true) => {
					Self::next_lapse(found.registration.hospital);
				},
				(false, false) => (),
			}
			Ok(())
		})?;
		Directory::<T>::try_mutate(doctor, |slot| {
			let entry = slot.as_mut().ok_or(Error::<T>::DoctorNotVerified)?;
			entry.details = details;
			Ok::<(), DispatchError>(())
		})?;
		Self::deposit_event(Event::DoctorDetailsSet { doctor, licence_expires });
		Ok(())
	}

	pub(crate) fn do_set_encryption_key(
		who: T::AccountId,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		let (doctor, mut found): (DoctorId, _) = Self::person_of(&who)?;
		// A hospital suspends people whose account may be in wrong hands.
		ensure!(
			matches!(found.registration.standing, Standing::Pending | Standing::Verified),
			Error::<T>::DoctorNotVerified
		);
		let version = found.key_version.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
		let key = EncryptionKey::new(suite, key, version).map_err(Error::<T>::from)?;
		found.key_version = version;
		EncryptionKeys::<T>::insert(doctor, key);
		Doctors::<T>::insert(doctor, found);
		Self::deposit_event(Event::EncryptionKeySet { doctor, version });
		Ok(())
	}

	pub(crate) fn do_confirm_encryption_key(
		hospital: HospitalId,
		doctor: DoctorId,
		key_digest: [u8; 32],
	) -> DispatchResult {
		let mut version = 0;
		Self::change(hospital, doctor, |found| {
			ensure!(found.registration.was_verified(), Error::<T>::DoctorNotVerified);
			Self::ensure_key_digest(doctor, key_digest)?;
			version = found.key_version;
			found.vouched_version = version;
			Ok(())
		})?;
		Self::deposit_event(Event::EncryptionKeyConfirmed { doctor, version });
		Ok(())
	}

	pub(crate) fn ensure_profile(profile: &DoctorProfile) -> DispatchResult {
		let DoctorProfile { name, specialty, qualification, practising_since } = profile;
		ensure!(
			is_name(name) && is_name(specialty) && is_name(qualification),
			Error::<T>::InvalidText
		);
		let this_year = (Self::now() / YEAR).saturating_add(1970);
		ensure!(
			*practising_since >= 1900 && u64::from(*practising_since) <= this_year,
			Error::<T>::InvalidYear
		);
		Ok(())
	}

	/// Whether the hospital has checked the very key that is published.
	pub(crate) fn ensure_key_digest(doctor: DoctorId, digest: [u8; 32]) -> DispatchResult {
		let key = EncryptionKeys::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(sha2_256(&key.key) == digest, Error::<T>::KeyChanged);
		Ok(())
	}

	pub(crate) fn ensure_document(document: &Document) -> DispatchResult {
		Self::ensure_size(document)?;
		ensure!(T::Hospitals::is_active(document.vault), Error::<T>::VaultNotActive);
		Ok(())
	}

	/// Whether a document may be of this size.
	pub(crate) fn ensure_size(document: &Document) -> DispatchResult {
		ensure!(
			document.size > 0 && document.size <= T::MaxDocumentSize::get(),
			Error::<T>::InvalidDocument
		);
		Ok(())
	}
}
