//! Hospitals' profile keys: their versions, and their secrets, sealed to registrars' own keys.

use crate::*;
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, pallet_prelude::*};
use medblock_primitives::InvalidKey;
use sp_io::hashing::sha2_256;

/// A registrar's sealed key.
type SealedFor<T> = KeyForRegistrar<<T as frame_system::Config>::AccountId>;

/// Sealed keys by their registrars.
type ByRegistrar<T> = BTreeMap<<T as frame_system::Config>::AccountId, SealedFor<T>>;

impl<T: Config> Pallet<T> {
	/// Returns the number of the hospital's registrars.
	pub(crate) fn do_publish_profile_key(
		who: T::AccountId,
		hospital: HospitalId,
		key: EncryptionKey,
		previous: Option<WrappedSecret>,
		sealed: KeysForRegistrars<T>,
	) -> Result<u32, DispatchError> {
		let is_staff = RegistrarOf::<T>::get(&who) == Some(hospital)
			|| ControllerOf::<T>::get(&who) == Some(hospital);
		ensure!(is_staff, Error::<T>::NotStaff);
		let next = Self::profile_key_version(hospital).checked_add(1);
		ensure!(next == Some(key.version), Error::<T>::StaleVersion);
		let mut state = ProfileKeyStates::<T>::get(hospital);
		if state.holders > 0 {
			// Only a holder can wrap the version before. Without that, older profiles would be lost.
			let is_holder = SealedProfileKeys::<T>::contains_key(hospital, &who);
			ensure!(is_holder, Error::<T>::KeyNotHeld);
		}
		ensure!(previous.is_some() == (state.holders > 0), Error::<T>::InvalidPrevious);
		let (registrars, reached) = Self::match_registrars(hospital, sealed)?;

		state.holders = reached.len() as u32;
		state.version = key.version;
		// A publisher knows the secret, and one who is no recipient will never leave the holders.
		state.due = !reached.iter().any(|one| one.registrar == who);
		for KeyForRegistrar { registrar, key_version, key } in reached {
			let sealed = SealedProfileKey { key_version, key };
			SealedProfileKeys::<T>::insert(hospital, registrar, sealed);
		}
		let version = key.version;
		let link = ProfileKeyVersion { key_digest: sha2_256(&key.key), previous };
		ProfileKeyVersions::<T>::insert(hospital, version, link);
		EncryptionKeys::<T>::insert(hospital, key);
		ProfileKeyStates::<T>::insert(hospital, state);
		Self::deposit_event(Event::ProfileKeyPublished { hospital, version });
		Ok(registrars)
	}

	pub(crate) fn do_share_profile_key(
		who: T::AccountId,
		version: u32,
		sealed: KeysForRegistrars<T>,
	) -> DispatchResult {
		let hospital = RegistrarOf::<T>::get(&who).ok_or(Error::<T>::NotRegistrar)?;
		let is_holder = SealedProfileKeys::<T>::contains_key(hospital, &who);
		ensure!(is_holder, Error::<T>::KeyNotHeld);
		ensure!(version == Self::profile_key_version(hospital), Error::<T>::StaleVersion);
		let given = Self::distinct(sealed)?;
		let mut added = 0u32;
		for (registrar, one) in &given {
			let employer = RegistrarOf::<T>::get(registrar);
			ensure!(employer == Some(hospital), Error::<T>::RegistrarUnexpected);
			let own = RegistrarKeys::<T>::get(registrar).ok_or(Error::<T>::RegistrarUnexpected)?;
			ensure!(own.version == one.key_version, Error::<T>::KeyChanged);
			let is_held = SealedProfileKeys::<T>::contains_key(hospital, registrar);
			ensure!(!is_held, Error::<T>::KeyAlreadyHeld);
			added = added.saturating_add(1);
		}
		for (registrar, KeyForRegistrar { key_version, key, .. }) in given {
			let sealed = SealedProfileKey { key_version, key };
			SealedProfileKeys::<T>::insert(hospital, &registrar, sealed);
			Self::deposit_event(Event::ProfileKeyShared { hospital, version, registrar });
		}
		ProfileKeyStates::<T>::mutate(hospital, |state| {
			state.holders = state.holders.saturating_add(added);
		});
		Ok(())
	}

	pub(crate) fn do_set_registrar_key(
		who: T::AccountId,
		version: u32,
		suite: u8,
		key: PublicKey,
	) -> DispatchResult {
		let hospital = RegistrarOf::<T>::get(&who).ok_or(Error::<T>::NotRegistrar)?;
		let before = RegistrarKeys::<T>::get(&who).map_or(0, |own| own.version);
		ensure!(before.checked_add(1) == Some(version), Error::<T>::StaleVersion);
		RegistrarKeys::<T>::insert(&who, Self::checked_key(suite, key, version)?);
		// The registrar may have lost the key before, and then can't open what was sealed to it. Or
		// others may have learned that key, and with it the profile key.
		Self::lose_profile_key(hospital, &who);
		Self::deposit_event(Event::RegistrarKeySet { registrar: who, version });
		Ok(())
	}

	/// Takes the secret from a registrar who leaves, or has a new key. What is sealed from then on is safe
	/// from the holder of the old key once there is a new version.
	pub(crate) fn lose_profile_key(hospital: HospitalId, registrar: &T::AccountId) {
		if SealedProfileKeys::<T>::take(hospital, registrar).is_some() {
			ProfileKeyStates::<T>::mutate(hospital, |state| {
				state.holders = state.holders.saturating_sub(1);
				state.due = true;
			});
		}
	}

	/// Withdraws the profile key of a hospital that leaves, so that no profile is sealed to it any more.
	/// The versions stay: later ones continue their numbers.
	pub(crate) fn withdraw_profile_key(hospital: HospitalId) {
		if EncryptionKeys::<T>::take(hospital).is_some() {
			ProfileKeyStates::<T>::mutate(hospital, |state| state.due = true);
		}
	}

	/// The hospital's newest version of the profile key; 0 if it has never published one.
	pub(crate) fn profile_key_version(hospital: HospitalId) -> u32 {
		ProfileKeyStates::<T>::get(hospital).version
	}

	/// The key, if data can be sealed to it.
	pub(crate) fn checked_key(
		suite: u8,
		key: PublicKey,
		version: u32,
	) -> Result<EncryptionKey, DispatchError> {
		EncryptionKey::new(suite, key, version).map_err(|why| Self::refusal(why).into())
	}

	/// The reason for refusing a key, as an error of this pallet.
	pub(crate) fn refusal(why: InvalidKey) -> Error<T> {
		match why {
			InvalidKey::UnknownSuite => Error::UnknownSuite,
			InvalidKey::WrongLength => Error::InvalidKeyLength,
			InvalidKey::CoefficientTooLarge => Error::InvalidKey,
		}
	}

	/// The number of the hospital's registrars, and the sealed keys if they are for exactly those who
	/// have published a key, at its present version.
	fn match_registrars(
		hospital: HospitalId,
		sealed: KeysForRegistrars<T>,
	) -> Result<(u32, Vec<SealedFor<T>>), Error<T>> {
		let mut given = Self::distinct(sealed)?;
		let registrars = Registrars::<T>::get(hospital);
		let mut reached = Vec::new();
		for registrar in &registrars {
			let Some(own) = RegistrarKeys::<T>::get(registrar) else { continue };
			let key = given.remove(registrar).ok_or(Error::<T>::RegistrarMissing)?;
			ensure!(key.key_version == own.version, Error::<T>::KeyChanged);
			reached.push(key);
		}
		ensure!(given.is_empty(), Error::<T>::RegistrarUnexpected);
		ensure!(!reached.is_empty(), Error::<T>::NoRegistrarKey);
		Ok((registrars.len() as u32, reached))
	}

	/// The sealed keys by their registrars, if each is well-formed and none is for the same one.
	fn distinct(sealed: KeysForRegistrars<T>) -> Result<ByRegistrar<T>, Error<T>> {
		let mut given = BTreeMap::new();
		for one in sealed {
			ensure!(one.key.is_well_formed(), Error::<T>::InvalidSealedKey);
			let registrar = one.registrar.clone();
			ensure!(given.insert(registrar, one).is_none(), Error::<T>::RegistrarTwice);
		}
		Ok(given)
	}
}
