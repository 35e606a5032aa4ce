//! Who can register, where, with what.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	/// Whether this registration would succeed; writes nothing.
	pub fn can_register_patient(
		who: &T::AccountId,
		hospital: HospitalId,
		keys: &ChartKeys,
		profile: &Option<Document>,
	) -> DispatchResult {
		let is_free = match PatientOf::<T>::get(who).and_then(Patients::<T>::get) {
			Some(before) => before.standing == Standing::Rejected,
			None => true,
		};
		ensure!(is_free, Error::<T>::AlreadyRegistered);
		Self::ensure_admits(hospital, who)?;
		NextPatient::<T>::get().next().ok_or(Error::<T>::IdsExhausted)?;
		keys.check(0).map_err(Error::<T>::from)?;
		profile.as_ref().map_or(Ok(()), Self::ensure_document)
	}

	pub(crate) fn do_register_patient(
		who: T::AccountId,
		hospital: HospitalId,
		keys: ChartKeys,
		profile: Option<Document>,
	) -> DispatchResult {
		Self::can_register_patient(&who, hospital, &keys, &profile)?;
		if let Some(before) = PatientOf::<T>::get(&who) {
			Self::forget_patient(before);
		}
		let patient = NextPatient::<T>::get();
		NextPatient::<T>::put(patient.next().ok_or(Error::<T>::IdsExhausted)?);
		PatientOf::<T>::insert(&who, patient);
		CurrentKeys::<T>::insert(patient, keys);
		Patients::<T>::insert(
			patient,
			Patient {
				account: who.clone(),
				generation: 0,
				hospital,
				standing: Standing::Pending,
				registered_at: Self::now(),
				moving_to: None,
				profile: profile.map(|document| SealedDocument { document, sealed_to: 0 }),
				chart: Chart::new(Lapses::<T>::get()),
			},
		);
		Self::deposit_event(Event::PatientRegistered { patient, hospital, account: who });
		Ok(())
	}

	/// Whether this registration would succeed; writes nothing.
	pub fn can_register_doctor(
		who: &T::AccountId,
		hospital: HospitalId,
		profile: &DoctorProfile,
		suite: u8,
		key: &PublicKey,
	) -> DispatchResult {
		let is_free = match DoctorOf::<T>::get(who).and_then(Doctors::<T>::get) {
			Some(before) => before.standing == Standing::Rejected,
			None => true,
		};
		ensure!(is_free, Error::<T>::AlreadyRegistered);
		Self::ensure_admits(hospital, who)?;
		NextDoctor::<T>::get().next().ok_or(Error::<T>::IdsExhausted)?;
		Self::ensure_profile(profile)?;
		check_public_key(suite, key).map_err(Error::<T>::from)?;
		Ok(())
	}

	pub(crate) fn do_register_doctor(
		who: T::AccountId,
		hospital: HospitalId,
		profile: DoctorProfile,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		Self::can_register_doctor(&who, hospital, &profile, suite, &key)?;
		if let Some(before) = DoctorOf::<T>::get(&who) {
			Self::forget_doctor(before);
		}
		let doctor = NextDoctor::<T>::get();
		NextDoctor::<T>::put(doctor.next().ok_or(Error::<T>::IdsExhausted)?);
		DoctorOf::<T>::insert(&who, doctor);
		EncryptionKeys::<T>::insert(doctor, EncryptionKey { suite, key, version: 1 });
		Directory::<T>::insert(doctor, DirectoryEntry { profile, details: Details::default() });
		Doctors::<T>::insert(
			doctor,
			Doctor {
				account: who.clone(),
				generation: 0,
				hospital,
				standing: Standing::Pending,
				registered_at: Self::now(),
				moving_to: None,
				licence_expires: None,
				key_version: 1,
				vouched_version: 0,
				lapsed_at: 0,
				joined_at: Lapses::<T>::get(),
			},
		);
		Self::deposit_event(Event::DoctorRegistered { doctor, hospital, account: who });
		Ok(())
	}

	/// Whether the hospital takes in this account.
	fn ensure_admits(hospital: HospitalId, who: &T::AccountId) -> DispatchResult {
		ensure!(T::Hospitals::is_active(hospital), Error::<T>::HospitalNotActive);
		match T::Hospitals::registration(hospital) {
			RegistrationMode::Open => (),
			RegistrationMode::SponsoredOnly => {
				ensure!(T::Hospitals::has_sponsored(hospital, who), Error::<T>::SponsorNeeded)
			},
			RegistrationMode::Closed => return Err(Error::<T>::RegistrationClosed.into()),
		}
		Ok(())
	}
}

impl<T> From<InvalidKey> for Error<T> {
	fn from(why: InvalidKey) -> Self {
		match why {
			InvalidKey::UnknownSuite => Error::UnknownSuite,
			InvalidKey::WrongLength => Error::InvalidKeyLength,
			InvalidKey::CoefficientTooLarge => Error::InvalidKey,
		}
	}
}

impl<T> From<InvalidChartKeys> for Error<T> {
	fn from(why: InvalidChartKeys) -> Self {
		match why {
			InvalidChartKeys::Key(why) => why.into(),
			InvalidChartKeys::Chain => Error::BrokenKeyChain,
		}
	}
}
