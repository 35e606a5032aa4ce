//! Who patients and doctors are: registration, standing, profiles, keys, accounts.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use frame_system::{
	ensure_signed,
	pallet_prelude::{BlockNumberFor, OriginFor},
};
use sp_io::hashing::sha2_256;
use sp_runtime::traits::Verify;

/// Purpose of what a new account signs to take over from an old one.
const CHANGE_ACCOUNT: &[u8] = b"medblock/v1/change-account";

/// Milliseconds in an average year of the Gregorian calendar.
const YEAR: Moment = 31_556_952_000;

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

	/// Returns how many grants had to be looked at.
	pub(crate) fn do_update_patient_profile(
		origin: OriginFor<T>,
		patient: PatientId,
		document: Document,
		sealed_to: Epoch,
	) -> Result<u32, DispatchError> {
		let mut found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		let by_hospital = Self::ensure_self_or_registrar(origin, &found.account, found.hospital)?;
		match found.standing {
			Standing::Pending | Standing::Verified => (),
			Standing::Suspended if by_hospital => (),
			_ => return Err(Error::<T>::PatientNotVerified.into()),
		}
		Self::ensure_document(&document)?;
		let looked_at = Self::settle(patient, &mut found.chart, Self::now());
		ensure!(sealed_to == found.chart.sealing_epoch(), Error::<T>::StaleEpoch);
		found.profile = Some(SealedDocument { document, sealed_to });
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::PatientProfileUpdated { patient, by_hospital });
		Ok(looked_at)
	}

	pub(crate) fn do_update_doctor_profile(
		origin: OriginFor<T>,
		doctor: DoctorId,
		profile: DoctorProfile,
	) -> DispatchResult {
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		let by_hospital = Self::ensure_self_or_registrar(origin, &found.account, found.hospital)?;
		Self::ensure_profile(&profile)?;
		Directory::<T>::try_mutate(doctor, |slot| {
			// A rejected doctor has no entry.
			let entry = slot.as_mut().ok_or(Error::<T>::DoctorNotVerified)?;
			entry.profile = profile;
			Ok::<(), DispatchError>(())
		})?;
		Self::deposit_event(Event::DoctorProfileUpdated { doctor, by_hospital });
		Ok(())
	}

	pub(crate) fn do_set_doctor_details(
		hospital: HospitalId,
		doctor: DoctorId,
		details: Details,
		licence_expires: Option<Moment>,
	) -> DispatchResult {
		ensure!(details.is_empty() || is_line(&details), Error::<T>::InvalidText);
		let now = Self::now();
		Self::change_doctor(hospital, doctor, |found| {
			let ended = has_come(found.licence_expires, now) || has_come(licence_expires, now);
			let sooner = earlier(found.licence_expires, licence_expires) != found.licence_expires;
			found.licence_expires = licence_expires;
			match (ended, sooner) {
				// A licence renewed after it had run out does not undo that it had.
				(true, _) => Self::lapse(found),
				(false, true) => {
					Self::next_lapse();
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
		let (doctor, mut found) = Self::doctor_of(&who)?;
		ensure!(found.standing != Standing::Rejected, Error::<T>::DoctorNotVerified);
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
		Self::change_doctor(hospital, doctor, |found| {
			ensure!(
				matches!(found.standing, Standing::Verified | Standing::Suspended),
				Error::<T>::DoctorNotVerified
			);
			Self::ensure_key_digest(doctor, key_digest)?;
			version = found.key_version;
			found.vouched_version = version;
			Ok(())
		})?;
		Self::deposit_event(Event::EncryptionKeyConfirmed { doctor, version });
		Ok(())
	}

	pub(crate) fn do_change_account(
		old: T::AccountId,
		capacity: Capacity,
		new: T::AccountId,
		proof: T::Signature,
	) -> DispatchResult {
		let person = match capacity {
			Capacity::Patient => Person::Patient(Self::patient_of(&old)?.0),
			Capacity::Doctor => Person::Doctor(Self::doctor_of(&old)?.0),
		};
		let message = Self::change_account_message(person, &old, &new);
		ensure!(proof.verify(&message[..], &new), Error::<T>::InvalidProof);
		let role = match person {
			Person::Patient(patient) => {
				ensure!(!PatientOf::<T>::contains_key(&new), Error::<T>::AlreadyRegistered);
				let (_, mut found) = Self::patient_of(&old)?;
				found.account = new.clone();
				let verified = found.standing == Standing::Verified;
				Patients::<T>::insert(patient, found);
				PatientOf::<T>::remove(&old);
				PatientOf::<T>::insert(&new, patient);
				verified.then_some(Role::Patient)
			},
			Person::Doctor(doctor) => {
				ensure!(!DoctorOf::<T>::contains_key(&new), Error::<T>::AlreadyRegistered);
				let (_, mut found) = Self::doctor_of(&old)?;
				found.account = new.clone();
				let verified = found.standing == Standing::Verified;
				Doctors::<T>::insert(doctor, found);
				DoctorOf::<T>::remove(&old);
				DoctorOf::<T>::insert(&new, doctor);
				verified.then_some(Role::Doctor)
			},
		};
		T::Roles::succeeded(&old, &new, role);
		Self::deposit_event(Event::AccountChanged { person, old, new });
		Ok(())
	}

	/// What `new` has to sign before it can take over `person` from `old`: inside `<Bytes>`, as
	/// wallets do with whatever is no transaction; the SCALE encoding of purpose, genesis, person
	/// and both accounts.
	pub fn change_account_message(
		person: Person,
		old: &T::AccountId,
		new: &T::AccountId,
	) -> Vec<u8> {
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
		let mut message = b"<Bytes>".to_vec();
		message.extend((CHANGE_ACCOUNT, genesis, person, old, new).encode());
		message.extend(b"</Bytes>");
		message
	}

	/// The patient that the account controls.
	pub(crate) fn patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let patient = PatientOf::<T>::get(who).ok_or(Error::<T>::NotPatient)?;
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::NotPatient)?;
		Ok((patient, found))
	}

	/// The verified patient that the account controls.
	pub(crate) fn verified_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found) = Self::patient_of(who)?;
		ensure!(found.standing == Standing::Verified, Error::<T>::PatientNotVerified);
		Ok((patient, found))
	}

	/// The patient that the account controls, for what only takes something away: those who are
	/// suspended can do that too.
	pub(crate) fn retracting_patient_of(
		who: &T::AccountId,
	) -> Result<(PatientId, Patient<T::AccountId>), Error<T>> {
		let (patient, found) = Self::patient_of(who)?;
		ensure!(
			matches!(found.standing, Standing::Verified | Standing::Suspended),
			Error::<T>::PatientNotVerified
		);
		Ok((patient, found))
	}

	/// The doctor that the account acts for.
	pub(crate) fn doctor_of(
		who: &T::AccountId,
	) -> Result<(DoctorId, Doctor<T::AccountId>), Error<T>> {
		let doctor = DoctorOf::<T>::get(who).ok_or(Error::<T>::NotDoctor)?;
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::NotDoctor)?;
		Ok((doctor, found))
	}

	/// Changes a patient of this hospital. Returns the account that controls them.
	fn change_patient(
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
	fn change_doctor(
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

	/// The person themselves (`false`), or a registrar of their hospital (`true`).
	fn ensure_self_or_registrar(
		origin: OriginFor<T>,
		account: &T::AccountId,
		hospital: HospitalId,
	) -> Result<bool, DispatchError> {
		if ensure_signed(origin.clone())? == *account {
			return Ok(false);
		}
		let acting = T::RegistrarOrigin::ensure_origin(origin)?;
		ensure!(acting == hospital, Error::<T>::OtherHospital);
		Ok(true)
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

	fn ensure_profile(profile: &DoctorProfile) -> DispatchResult {
		let DoctorProfile { name, specialty, qualification, practising_since } = profile;
		ensure!(
			is_line(name) && is_line(specialty) && is_line(qualification),
			Error::<T>::InvalidText
		);
		let this_year = (Self::now() / YEAR).saturating_add(1970);
		ensure!(
			*practising_since >= 1900 && u64::from(*practising_since) <= this_year,
			Error::<T>::InvalidYear
		);
		Ok(())
	}

	/// Whether somebody has checked the very key that is published.
	fn ensure_key_digest(doctor: DoctorId, digest: [u8; 32]) -> DispatchResult {
		let key = EncryptionKeys::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		ensure!(sha2_256(&key.key) == digest, Error::<T>::KeyChanged);
		Ok(())
	}

	pub(crate) fn ensure_document(document: &Document) -> DispatchResult {
		ensure!(
			document.size > 0 && document.size <= T::MaxDocumentSize::get(),
			Error::<T>::InvalidDocument
		);
		ensure!(T::Hospitals::is_active(document.vault), Error::<T>::VaultNotActive);
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
