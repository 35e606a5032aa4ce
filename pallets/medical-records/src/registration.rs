//! The registration of patients and doctors.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::*,
	storage::{StorageMap as _, StorageValue as _},
};

impl<T: Config> Pallet<T> {
	/// Whether this registration would succeed. Writes nothing.
	pub fn can_register_patient(
		who: &T::AccountId,
		hospital: HospitalId,
		keys: &ChartKeys,
		profile: &Option<Document>,
	) -> DispatchResult {
		Self::can_register::<PatientId>(who, hospital)?;
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
		let patient: PatientId = Self::give_id(&who)?;
		CurrentKeys::<T>::insert(patient, keys);
		let registration = Registration::pending(who.clone(), hospital, Self::now());
		Self::reindex(patient, None, Some(&registration));
		Patients::<T>::insert(
			patient,
			Patient {
				registration,
				profile: profile.map(|document| SealedDocument { document, sealed_to: 0 }),
				chart: Chart::new(Lapses::<T>::get()),
			},
		);
		Self::deposit_event(Event::PatientRegistered { patient, hospital, account: who });
		Ok(())
	}

	/// Whether this registration would succeed. Writes nothing.
	pub fn can_register_doctor(
		who: &T::AccountId,
		hospital: HospitalId,
		profile: &DoctorProfile,
		suite: u8,
		key: &PublicKey,
	) -> DispatchResult {
		Self::can_register::<DoctorId>(who, hospital)?;
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
		let doctor: DoctorId = Self::give_id(&who)?;
		EncryptionKeys::<T>::insert(doctor, EncryptionKey { suite, key, version: 1 });
		Directory::<T>::insert(doctor, DirectoryEntry { profile, details: Details::default() });
		let registration = Registration::pending(who.clone(), hospital, Self::now());
		Self::reindex(doctor, None, Some(&registration));
		Doctors::<T>::insert(
			doctor,
			Doctor {
				registration,
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

	/// Whether the account may register as such a person. A rejected person may register again, and so may one whose
	/// registration has lapsed, also before a block had time to delete it.
	fn can_register<Id: PersonId<T>>(who: &T::AccountId, hospital: HospitalId) -> DispatchResult {
		let before = Id::IdOf::get(who).and_then(Id::Entries::get);
		let is_free = before.is_none_or(|entry| {
			let registration = entry.as_ref();
			match registration.standing {
				Standing::Rejected => true,
				Standing::Pending => Self::has_lapsed(registration.registered_at),
				Standing::Verified | Standing::Suspended => false,
			}
		});
		ensure!(is_free, Error::<T>::AlreadyRegistered);
		Self::ensure_admits(hospital, who)?;
		Id::Next::get().following().ok_or(Error::<T>::IdsExhausted)?;
		Ok(())
	}

	/// Gives the account the next id, in place of one that was rejected or has lapsed.
	fn give_id<Id: PersonId<T>>(who: &T::AccountId) -> Result<Id, Error<T>> {
		if let Some(before) = Id::IdOf::get(who) {
			let has_lapsed = Id::Entries::get(before)
				.is_some_and(|entry| entry.as_ref().standing == Standing::Pending);
			before.forget();
			if has_lapsed {
				Self::deposit_event(Event::RegistrationLapsed { person: before.into() });
			}
		}
		let id = Id::Next::get();
		Id::Next::put(id.following().ok_or(Error::<T>::IdsExhausted)?);
		Id::IdOf::insert(who, id);
		Ok(id)
	}

	/// Whether the hospital accepts a registration of this account.
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
