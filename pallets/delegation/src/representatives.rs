//! Representatives: people who act for a patient.

use crate::*;
use frame_support::{defensive, ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_name_representative(
		who: T::AccountId,
		representative: PatientId,
		scopes: Scopes,
		until: Option<Moment>,
	) -> DispatchResult {
		let (_, facts) = Self::verified_person_of(&who, Capacity::Patient)?;
		let patient = Self::patient_of(&who)?;
		ensure!(representative != patient, Error::<T>::OwnRepresentative);
		ensure!(scopes.are_valid(), Error::<T>::InvalidScopes);
		let now = Self::now();
		ensure!(!has_come(until, now), Error::<T>::UntilPassed);
		Self::verified(Person::Patient(representative))?;
		Self::make_room(patient, representative);
		let asked = facts.hospital;
		let naming = Representation {
			scopes,
			until,
			named_at: now,
			asked,
			confirmed: false,
			key_version: 0,
			epoch: None,
		};
		Representatives::<T>::try_mutate(patient, |all| {
			ensure!(!all.contains_key(&representative), Error::<T>::AlreadyRepresents);
			all.try_insert(representative, naming)
				.map_err(|_| Error::<T>::MaxRepresentativesExceeded)
		})?;
		AwaitingConfirmation::<T>::insert(asked, (patient, representative), ());
		let task = Ending::Representation(patient, representative);
		Self::remind(task.clone(), Self::lapses_at(&naming));
		if let Some(until) = until {
			Self::remind(task, until);
		}
		Self::deposit_event(Event::RepresentativeNamed { patient, representative, scopes, until });
		Ok(())
	}

	pub(crate) fn do_confirm_representative(
		hospital: HospitalId,
		patient: PatientId,
		representative: PatientId,
		(scopes, until): (Scopes, Option<Moment>),
		key_digest: [u8; 32],
	) -> DispatchResult {
		let facts = Self::verified(Person::Patient(patient))?;
		ensure!(facts.hospital == hospital, Error::<T>::OtherHospital);
		Self::verified(Person::Patient(representative))?;
		let key = Self::acting_key_of(representative).ok_or(Error::<T>::KeyMissing)?;
		ensure!(Self::digest_of(&key.key) == key_digest, Error::<T>::KeyChanged);
		let key_version = key.version;
		let naming = Self::representation(patient, representative)?;
		ensure!(!Self::is_over(&naming), Error::<T>::RepresentationOver);
		let is_as_named = naming.scopes == scopes && naming.until == until;
		ensure!(is_as_named, Error::<T>::NamingChanged);
		ensure!(naming.key_version != key_version, Error::<T>::AlreadyConfirmed);
		Self::make_room_among_represented(patient, representative);
		Represented::<T>::try_mutate(representative, |patients| {
			patients.try_insert(patient).map_err(|_| Error::<T>::MaxRepresentedExceeded)
		})?;
		AwaitingConfirmation::<T>::remove(naming.asked, (patient, representative));
		let confirmed = Representation { confirmed: true, key_version, ..naming };
		Self::put_representation(patient, representative, confirmed);
		Self::deposit_event(Event::RepresentativeConfirmed {
			patient,
			representative,
			key_version,
		});
		Ok(())
	}

	pub(crate) fn do_refuse_representative(
		hospital: HospitalId,
		patient: PatientId,
		representative: PatientId,
	) -> DispatchResult {
		let facts =
			T::Charts::person(Person::Patient(patient)).ok_or(Error::<T>::PersonNotFound)?;
		ensure!(facts.hospital == hospital, Error::<T>::OtherHospital);
		let naming = Self::representation(patient, representative)?;
		ensure!(!naming.confirmed, Error::<T>::AlreadyConfirmed);
		Self::end(patient, representative, RepresentationEnd::Refused);
		Ok(())
	}

	pub(crate) fn do_seal_to_representative(
		who: T::AccountId,
		representative: PatientId,
		key_version: u32,
		sealed: SealedEpoch,
	) -> DispatchResult {
		let patient = Self::verified_patient_of(&who)?;
		let found = Self::live_representation(patient, representative)?;
		ensure!(found.scopes.include(Scopes::SEE), Error::<T>::OutOfScope);
		// A suspended person may not see it, and so is not given what opens it.
		Self::verified(Person::Patient(representative))?;
		ensure!(Self::has_confirmed_key(representative, &found), Error::<T>::NotConfirmed);
		ensure!(found.key_version == key_version, Error::<T>::KeyChanged);
		let SealedEpoch { epoch, key } = sealed;
		ensure!(key.is_well_formed(), Error::<T>::InvalidSealedKey);
		ensure!(T::Charts::epoch(patient) == Some(epoch), Error::<T>::StaleEpoch);
		let sealed = Representation { epoch: Some(epoch), ..found };
		Self::put_representation(patient, representative, sealed);
		RepresentativeKeys::<T>::insert(patient, representative, key);
		T::Charts::note_end(patient, found.until);
		Self::deposit_event(Event::RepresentativeGivenKey { patient, representative, epoch });
		Ok(())
	}

	pub(crate) fn do_end_representation(
		who: T::AccountId,
		representative: PatientId,
	) -> DispatchResult {
		let patient = Self::patient_of(&who)?;
		Self::representation(patient, representative)?;
		Self::end(patient, representative, RepresentationEnd::ByPatient);
		Ok(())
	}

	pub(crate) fn do_resign_representation(
		who: T::AccountId,
		patient: PatientId,
	) -> DispatchResult {
		let representative = Self::patient_of(&who)?;
		Self::representation(patient, representative)?;
		Self::end(patient, representative, RepresentationEnd::ByRepresentative);
		Ok(())
	}

	/// Whether the account's patient has this representative, and can end that.
	pub fn has_representative(who: &T::AccountId, representative: PatientId) -> bool {
		Self::patient_of(who)
			.is_ok_and(|patient| Self::representation(patient, representative).is_ok())
	}

	/// Whether the account is a representative of this patient, and can end that.
	pub fn may_resign(who: &T::AccountId, patient: PatientId) -> bool {
		Self::patient_of(who)
			.is_ok_and(|representative| Self::representation(patient, representative).is_ok())
	}

	pub(crate) fn do_add_records_for(
		who: T::AccountId,
		patient: PatientId,
		sealed_to: Epoch,
		records: NewRecords,
		recipients: Option<RecipientsDigest>,
	) -> Result<Looked, DispatchError> {
		let representative = Self::ensure_may(&who, patient, Scopes::ADD)?;
		let looked = T::Charts::add_for(patient, representative, sealed_to, recipients, records)?;
		Self::deposit_event(Event::ActedFor { patient, representative, act: Act::Added });
		Ok(looked)
	}

	/// Returns the number of grants looked at.
	pub(crate) fn do_grant_access_for(
		who: T::AccountId,
		patient: PatientId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<u32, DispatchError> {
		let representative = Self::ensure_may(&who, patient, Scopes::GRANT)?;
		let (looked_at, _) =
			T::Charts::grant_for(patient, &who, epoch, key, may_append, expires_at)?;
		Self::deposit_event(Event::ActedFor { patient, representative, act: Act::Granted });
		Ok(looked_at)
	}

	/// Returns the number of grants looked at.
	pub(crate) fn do_revoke_access_for(
		who: T::AccountId,
		patient: PatientId,
		doctors: DoctorIds,
	) -> Result<u32, DispatchError> {
		let representative = Self::ensure_may(&who, patient, Scopes::REVOKE)?;
		let looked_at = T::Charts::revoke_for(patient, doctors)?;
		Self::deposit_event(Event::ActedFor { patient, representative, act: Act::Revoked });
		Ok(looked_at)
	}

	/// The representative of this patient that the account is, if this scope is included.
	fn ensure_may(
		who: &T::AccountId,
		patient: PatientId,
		scope: Scopes,
	) -> Result<PatientId, Error<T>> {
		let representative = Self::verified_patient_of(who)?;
		let found = Self::live_representation(patient, representative)?;
		ensure!(found.scopes.include(scope), Error::<T>::OutOfScope);
		Ok(representative)
	}

	/// Whether the account may take back what was granted by this patient.
	pub fn may_revoke_for(who: &T::AccountId, patient: PatientId) -> bool {
		Self::ensure_may(who, patient, Scopes::REVOKE).is_ok()
	}

	/// A representation, which may not be confirmed, or be over.
	pub(crate) fn representation(
		patient: PatientId,
		representative: PatientId,
	) -> Result<Representation, Error<T>> {
		let all = Representatives::<T>::get(patient);
		all.get(&representative).copied().ok_or(Error::<T>::NotRepresentative)
	}

	/// A representation that was confirmed and is not over.
	pub(crate) fn live_representation(
		patient: PatientId,
		representative: PatientId,
	) -> Result<Representation, Error<T>> {
		let found = Self::representation(patient, representative)?;
		ensure!(found.confirmed, Error::<T>::NotConfirmed);
		ensure!(!Self::is_over(&found), Error::<T>::RepresentationOver);
		Ok(found)
	}

	/// Whether a representation has ended by itself.
	pub(crate) fn is_over(found: &Representation) -> bool {
		let now = Self::now();
		has_come(found.until, now) || (!found.confirmed && Self::lapses_at(found) <= now)
	}

	/// The time at which a naming lapses without a hospital.
	fn lapses_at(found: &Representation) -> Moment {
		found.named_at.saturating_add(T::ConfirmationPeriod::get())
	}

	/// Whether the key that the representative has now is the one that a hospital has checked.
	pub(crate) fn has_confirmed_key(representative: PatientId, found: &Representation) -> bool {
		let version = Self::acting_key_of(representative).map(|key| key.version);
		version == Some(found.key_version)
	}

	/// Ends a representation that is over.
	pub(crate) fn sweep_representation(patient: PatientId, representative: PatientId) {
		let Ok(found) = Self::representation(patient, representative) else { return };
		if Self::is_over(&found) {
			let why = match has_come(found.until, Self::now()) {
				true => RepresentationEnd::Over,
				false => RepresentationEnd::Unconfirmed,
			};
			Self::end(patient, representative, why);
		}
	}

	/// Ends a representation that is over and keeps the patient from naming this person, until a block has time for it:
	/// the person's own, or one that takes the last place.
	fn make_room(patient: PatientId, representative: PatientId) {
		let all = Representatives::<T>::get(patient);
		let in_the_way = match all.contains_key(&representative) {
			true => Some(representative),
			false if all.is_full() => {
				all.iter().find(|(_, found)| Self::is_over(found)).map(|(over, _)| *over)
			},
			false => None,
		};
		if let Some(over) = in_the_way {
			Self::sweep_representation(patient, over);
		}
	}

	/// The same for a person who represents as many patients as there can be, and is to represent this one, too.
	fn make_room_among_represented(patient: PatientId, representative: PatientId) {
		let patients = Represented::<T>::get(representative);
		if !patients.is_full() || patients.contains(&patient) {
			return;
		}
		// At most [`MAX_REPRESENTED`].
		let over = patients.iter().find(|other| {
			Self::representation(**other, representative).is_ok_and(|found| Self::is_over(&found))
		});
		if let Some(over) = over {
			Self::sweep_representation(*over, representative);
		}
	}

	/// Removes a representative. If they have the chart's current secret, it is lost.
	fn end(patient: PatientId, representative: PatientId, why: RepresentationEnd) {
		let Some(found) = Self::take_representation(patient, representative) else {
			defensive!("the representation was found before");
			return;
		};
		AwaitingConfirmation::<T>::remove(found.asked, (patient, representative));
		RepresentativeKeys::<T>::remove(patient, representative);
		let task = Ending::Representation(patient, representative);
		for end in found.until.into_iter().chain([Self::lapses_at(&found)]) {
			Self::no_longer_remind(&task, end);
		}
		if found.confirmed {
			Represented::<T>::mutate_exists(representative, |slot| {
				let mut patients = slot.take().unwrap_or_default();
				patients.remove(&patient);
				*slot = (!patients.is_empty()).then_some(patients);
			});
		}
		if let Some(epoch) = found.epoch {
			T::Charts::lose(patient, epoch);
		}
		Self::deposit_event(Event::RepresentationEnded { patient, representative, why });
	}

	fn take_representation(
		patient: PatientId,
		representative: PatientId,
	) -> Option<Representation> {
		Representatives::<T>::mutate_exists(patient, |slot| {
			let mut all = slot.take().unwrap_or_default();
			let taken = all.remove(&representative);
			*slot = (!all.is_empty()).then_some(all);
			taken
		})
	}

	fn put_representation(
		patient: PatientId,
		representative: PatientId,
		representation: Representation,
	) {
		Representatives::<T>::mutate(patient, |all| {
			if let Some(found) = all.get_mut(&representative) {
				*found = representation;
			}
		});
	}

	/// Takes the secrets of all charts that a person represents from them. The person still represents these
	/// patients, who give them the next secret when they trust them again. `forget_key` also says that their key is
	/// in wrong hands.
	pub(crate) fn lose_charts(representative: PatientId, forget_key: bool) {
		for patient in Represented::<T>::get(representative) {
			let Ok(found) = Self::representation(patient, representative) else { continue };
			let key_version = if forget_key { 0 } else { found.key_version };
			let left = Representation { epoch: None, key_version, ..found };
			Self::put_representation(patient, representative, left);
			RepresentativeKeys::<T>::remove(patient, representative);
			if let Some(epoch) = found.epoch {
				T::Charts::lose(patient, epoch);
				Self::deposit_event(Event::RepresentativeKeyLost { patient, representative });
			}
		}
	}

	/// Forgets the key of a patient whose device was lost, and what was sealed to it.
	pub(crate) fn forget_acting_key(patient: PatientId) {
		Self::lose_charts(patient, true);
		ActingKeys::<T>::mutate_extant(patient, |own| own.current = None);
	}
}
