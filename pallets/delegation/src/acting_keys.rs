//! People and desks who act for others, and their keys.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::*,
	traits::{EnsureOrigin, Time},
};
use frame_system::{
	ensure_signed,
	pallet_prelude::{BlockNumberFor, OriginFor},
};
use sp_io::hashing::sha2_256;

impl<T: Config> Pallet<T> {
	/// The time, by the chain's clock.
	pub(crate) fn now() -> Moment {
		T::Time::now()
	}

	/// The bytes that the new account signs before guardians can ask for `person` to be given to it:
	/// [`medblock_primitives::recovery_message`] with this chain's genesis hash.
	pub fn recovery_message(
		person: Person,
		new: &T::AccountId,
		suite: u8,
		key: &PublicKey,
	) -> alloc::vec::Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
		medblock_primitives::recovery_message(&genesis, person, new, suite, key)
	}

	pub(crate) fn do_set_acting_key(
		who: T::AccountId,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		let patient = Self::verified_patient_of(&who)?;
		let mut own = ActingKeys::<T>::get(patient).unwrap_or_default();
		let version = own.versions.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
		let key = EncryptionKey::new(suite, key, version).map_err(Error::<T>::from)?;
		own.versions = version;
		own.current = Some(key);
		ActingKeys::<T>::insert(patient, own);
		Self::deposit_event(Event::ActingKeySet { patient, version });
		Ok(())
	}

	/// The key with which a patient acts for others.
	pub(crate) fn acting_key_of(patient: PatientId) -> Option<EncryptionKey> {
		ActingKeys::<T>::get(patient)?.current
	}

	/// The person that the account controls.
	pub(crate) fn person_of(
		who: &T::AccountId,
		capacity: Capacity,
	) -> Result<(Person, PersonFacts<T::AccountId>), Error<T>> {
		let person = T::Charts::controlled_by(who, capacity).ok_or(Error::<T>::NotRegistered)?;
		let facts = T::Charts::person(person).ok_or(Error::<T>::NotRegistered)?;
		Ok((person, facts))
	}

	/// The verified person that the account controls.
	pub(crate) fn verified_person_of(
		who: &T::AccountId,
		capacity: Capacity,
	) -> Result<(Person, PersonFacts<T::AccountId>), Error<T>> {
		let (person, facts) = Self::person_of(who, capacity)?;
		ensure!(facts.standing == Standing::Verified, Error::<T>::NotVerified);
		Ok((person, facts))
	}

	/// The patient that the account controls, whatever the hospital's decision.
	pub(crate) fn patient_of(who: &T::AccountId) -> Result<PatientId, Error<T>> {
		match Self::person_of(who, Capacity::Patient)? {
			(Person::Patient(patient), _) => Ok(patient),
			_ => Err(Error::<T>::NotRegistered),
		}
	}

	/// The verified patient that the account controls.
	pub(crate) fn verified_patient_of(who: &T::AccountId) -> Result<PatientId, Error<T>> {
		Self::verified_person_of(who, Capacity::Patient)?;
		Self::patient_of(who)
	}

	/// The doctor that the account controls.
	pub(crate) fn doctor_of(
		who: &T::AccountId,
	) -> Result<(DoctorId, PersonFacts<T::AccountId>), Error<T>> {
		match Self::person_of(who, Capacity::Doctor)? {
			(Person::Doctor(doctor), facts) => Ok((doctor, facts)),
			_ => Err(Error::<T>::NotRegistered),
		}
	}

	/// The keeper of a share that the caller is. A suspended person's account may be in wrong hands.
	pub(crate) fn ensure_acting(
		origin: OriginFor<T>,
		acting: ActingAs,
	) -> Result<Delegate, DispatchError> {
		let capacity = match acting {
			ActingAs::Patient => Capacity::Patient,
			ActingAs::Doctor => Capacity::Doctor,
			ActingAs::Desk => {
				return Ok(Delegate::Desk(T::RegistrarOrigin::ensure_origin(origin)?));
			},
		};
		let who = ensure_signed(origin)?;
		let (person, _) = Self::verified_person_of(&who, capacity)?;
		Ok(person.into())
	}

	/// The keeper who receives a share, if the share is sealed to the key that the keeper has now. Second, the
	/// account of a person.
	pub(crate) fn keeper(share: &ShareFor) -> Result<(Keeper, Option<T::AccountId>), Error<T>> {
		let ShareFor { delegate, key_version, share } = share;
		ensure!(share.is_well_formed(), Error::<T>::InvalidSealedKey);
		let (current, generation, account) = match delegate {
			Delegate::Desk(hospital) => {
				ensure!(T::Desks::is_active(*hospital), Error::<T>::HospitalNotActive);
				(T::Desks::key_version(*hospital), 0, None)
			},
			Delegate::Patient(patient) => {
				let facts = Self::verified(Person::Patient(*patient))?;
				let version = Self::acting_key_of(*patient).map(|key| key.version);
				(version, facts.generation, Some(facts.account))
			},
			Delegate::Doctor(doctor) => {
				let facts = Self::verified(Person::Doctor(*doctor))?;
				(facts.key_version, facts.generation, Some(facts.account))
			},
		};
		let current = current.ok_or(Error::<T>::KeyMissing)?;
		ensure!(current == *key_version, Error::<T>::KeyChanged);
		let keeper = Keeper { delegate: *delegate, key_version: *key_version, generation };
		Ok((keeper, account))
	}

	/// A verified person.
	pub(crate) fn verified(person: Person) -> Result<PersonFacts<T::AccountId>, Error<T>> {
		let facts = T::Charts::person(person).ok_or(Error::<T>::PersonNotFound)?;
		ensure!(facts.standing == Standing::Verified, Error::<T>::NotVerified);
		Ok(facts)
	}

	/// The hospital at whose desk the account acts, if any.
	pub(crate) fn desk_of(who: &T::AccountId) -> Option<HospitalId> {
		let origin: OriginFor<T> = frame_system::RawOrigin::Signed(who.clone()).into();
		T::RegistrarOrigin::try_origin(origin).ok()
	}

	/// The keepers of a divided secret, if it is divided among two to eight, if two at least have to agree, and if no
	/// one has two shares, nor an own one and that of a desk.
	pub(crate) fn keepers(divided: &Divided) -> Result<(Keepers, Accounts<T>), Error<T>> {
		let Divided { commitments, shares, .. } = divided;
		let (threshold, count) = (count_of(commitments), count_of(shares));
		ensure!(count >= MIN_THRESHOLD, Error::<T>::InvalidShares);
		ensure!(threshold >= MIN_THRESHOLD && threshold <= count, Error::<T>::InvalidThreshold);
		let mut keepers = Keepers::default();
		let mut accounts = Accounts::<T>::new();
		for share in shares {
			let (keeper, account) = Self::keeper(share)?;
			let is_known = keepers.iter().any(|one| one.delegate == keeper.delegate)
				|| account.as_ref().is_some_and(|account| accounts.contains(account));
			ensure!(!is_known, Error::<T>::DelegateTwice);
			accounts.extend(account);
			keepers.try_push(keeper).map_err(|_| Error::<T>::InvalidShares)?;
		}
		// A registrar would agree twice, with one account.
		let mut desks = accounts.iter().filter_map(Self::desk_of);
		let is_twice =
			desks.any(|desk| keepers.iter().any(|one| one.delegate == Delegate::Desk(desk)));
		ensure!(!is_twice, Error::<T>::DelegateTwice);
		Ok((keepers, accounts))
	}

	/// The SHA-256 of a key, by which people compare it.
	pub(crate) fn digest_of(key: &PublicKey) -> [u8; 32] {
		sha2_256(key)
	}
}

/// The accounts of people who keep shares.
pub(crate) type Accounts<T> = alloc::vec::Vec<<T as frame_system::Config>::AccountId>;

impl<T> From<InvalidKey> for Error<T> {
	fn from(why: InvalidKey) -> Self {
		match why {
			InvalidKey::UnknownSuite => Error::UnknownSuite,
			InvalidKey::WrongLength => Error::InvalidKeyLength,
			InvalidKey::CoefficientTooLarge => Error::InvalidKey,
		}
	}
}
