//! What the rules about acting for others may do with people and charts. Who may act, and when, is decided there; here
//! each act obeys the rules of charts: an act for a patient needs what the patient's own would need.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, storage::StorageMap as _};

impl<T: Config> Charts<T::AccountId> for Pallet<T> {
	type Error = DispatchError;

	fn person(person: Person) -> Option<PersonFacts<T::AccountId>> {
		let (registration, key_version) = match person {
			Person::Patient(patient) => (Patients::<T>::get(patient)?.registration, None),
			Person::Doctor(doctor) => {
				let found = Doctors::<T>::get(doctor)?;
				let key_version = found.is_key_vouched().then_some(found.key_version);
				(found.registration, key_version)
			},
		};
		let Registration { account, hospital, standing, generation, .. } = registration;
		Some(PersonFacts { account, hospital, standing, generation, key_version })
	}

	fn controlled_by(who: &T::AccountId, capacity: Capacity) -> Option<Person> {
		match capacity {
			Capacity::Patient => PatientOf::<T>::get(who).map(Into::into),
			Capacity::Doctor => DoctorOf::<T>::get(who).map(Into::into),
		}
	}

	fn epoch(patient: PatientId) -> Option<Epoch> {
		Some(Patients::<T>::get(patient)?.chart.epoch)
	}

	fn is_due(patient: PatientId) -> bool {
		Patients::<T>::get(patient).is_some_and(|found| {
			Self::look(patient, &found.chart, Self::now()).0 != found.chart.epoch
		})
	}

	fn practises(doctor: DoctorId) -> bool {
		Doctors::<T>::get(doctor).is_some_and(|found| Self::practises(&found, Self::now()).is_ok())
	}

	fn sees_chart(patient: PatientId, doctor: DoctorId) -> bool {
		let Some(found) = Patients::<T>::get(patient) else { return false };
		// Whose own key reads on is of no account here, and takes a look at all grants.
		Self::access_to(patient, &found.chart, doctor, None, || None)
			.is_ok_and(|allowed| allowed.scope == Scope::Chart)
	}

	fn has_record(patient: PatientId, record: RecordIndex) -> bool {
		Records::<T>::get(patient, record).is_some_and(|found| found.document.is_some())
	}

	fn recover(person: Person, new: T::AccountId, with: NewSecrets) -> DispatchResult {
		match (person, with) {
			(Person::Patient(patient), NewSecrets::Patient(rotation)) => {
				Self::recover_patient(patient, new, rotation)
			},
			(Person::Doctor(doctor), NewSecrets::Doctor { suite, key }) => {
				Self::recover_doctor(doctor, new, suite, key)
			},
			(Person::Patient(_), _) => Err(Error::<T>::InvalidChartKeys.into()),
			(Person::Doctor(_), _) => Err(Error::<T>::InvalidKey.into()),
		}
	}

	fn lose(patient: PatientId, epoch: Epoch) {
		Patients::<T>::mutate_extant(patient, |found| {
			if found.chart.epoch == epoch {
				found.chart.mark_lost();
			}
		});
	}

	fn note_end(patient: PatientId, until: Option<Moment>) {
		Patients::<T>::mutate_extant(patient, |found| {
			found.chart.next_expiry = earlier(found.chart.next_expiry, until);
		});
	}

	fn add_for(
		patient: PatientId,
		representative: PatientId,
		sealed_to: Epoch,
		recipients: Option<RecipientsDigest>,
		records: NewRecords,
	) -> Result<Looked, DispatchError> {
		let found = Self::verified_patient(patient)?;
		let to = SealedTo { epoch: sealed_to, recipients };
		let author = Author::Representative(representative);
		let LookedAt { settling, recipients } = Self::add_own(patient, found, author, to, records)?;
		Ok(Looked { settling, recipients })
	}

	fn grant_for(
		patient: PatientId,
		by: &T::AccountId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<(u32, bool), DispatchError> {
		let found = Self::verified_patient(patient)?;
		Self::grant_chart((patient, found), by, epoch, key, may_append, expires_at)
	}

	fn revoke_for(patient: PatientId, doctors: DoctorIds) -> Result<u32, DispatchError> {
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		ensure!(found.registration.was_verified(), Error::<T>::PatientNotVerified);
		let (looked_at, _) = Self::revoke((patient, found), doctors, None)?;
		Ok(looked_at)
	}
}

impl<T: Config> Pallet<T> {
	fn verified_patient(patient: PatientId) -> Result<Patient<T::AccountId>, Error<T>> {
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		ensure!(found.registration.standing == Standing::Verified, Error::<T>::PatientNotVerified);
		Ok(found)
	}

	/// Gives the chart to a new account, under a new root. What the lost device has of the old root opens nothing
	/// that is added from now on.
	fn recover_patient(
		patient: PatientId,
		new: T::AccountId,
		rotation: Rotation,
	) -> DispatchResult {
		let mut found = Self::verified_patient(patient)?;
		let now = Self::now();
		Self::settle(patient, &mut found.chart, now);
		let epoch =
			Self::rotate(patient, &mut found.chart, rotation, now).map_err(Error::<T>::from)?;
		// A share that the lost device has prepared must not come after this.
		found.chart.shares = found.chart.shares.saturating_add(1);
		Self::deposit_event(Event::ChartKeyRotated { patient, epoch });
		Self::hand_over(patient, found, new)
	}

	/// Gives the practice to a new account, with a new key. What the lost device can open counts as lost, so each
	/// chart of the doctor's is due, and the patients seal to the new key once the hospital has confirmed it.
	fn recover_doctor(
		doctor: DoctorId,
		new: T::AccountId,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		let mut found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(found.registration.standing == Standing::Verified, Error::<T>::DoctorNotVerified);
		let version = found.key_version.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
		let key = EncryptionKey::new(suite, key, version).map_err(Error::<T>::from)?;
		found.key_version = version;
		Self::lapse(&mut found);
		EncryptionKeys::<T>::insert(doctor, key);
		Self::deposit_event(Event::EncryptionKeySet { doctor, version });
		Self::hand_over(doctor, found, new)
	}

	/// Gives a verified person to a new account, and counts that as a recovery.
	fn hand_over<Id: PersonId<T>>(
		id: Id,
		mut entry: Id::Entry,
		new: T::AccountId,
	) -> DispatchResult {
		let person: Person = id.into();
		ensure!(!Id::IdOf::contains_key(&new), Error::<T>::AlreadyRegistered);
		let registration = entry.as_mut();
		Self::end_change(registration.hospital, person, ChangeStop::Recovered);
		registration.generation = registration.generation.saturating_add(1);
		Self::replace_account(id, entry, new);
		Ok(())
	}
}
