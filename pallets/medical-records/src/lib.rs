//! # Medical records
//!
//! Patients, doctors, charts, records, grants and notes: who may see what, and when access ended.
//!
//! ## Terminology
//!
//! - **Person**: a patient or a doctor, known by an id. The account is only the key that controls the
//!   person's entry now.
//! - **Chart**: all records of one patient. **Record**: a pointer to one encrypted document in a
//!   hospital's vault. **Note**: a record that answers another.
//! - **Grant**: what a patient allows a doctor: the whole chart, or single records.
//! - **Epoch**: one generation of a chart's keys. The even *distributed* epoch's secret is sealed to
//!   doctors; the odd *standby* after it is known to the patient alone. Each epoch's secret opens
//!   the epochs before it.
//! - **Due**: a doctor who held the distributed secret has lost access. From then on records are
//!   sealed to the standby, until the patient *rotates* to a new pair.
//! - **Recipients**: the doctors who may see all of a due chart, and whose keys are confirmed. Until the
//!   rotation its files are encrypted to their own keys too, so that they read on.
//! - **Dormant**: a grant whose doctor was not given the current secret. The grant counts, and the
//!   doctor can read older records; newer ones await the patient's rotation.
//! - **Append budget**: the number of records and notes that a doctor may add under a grant, or an
//!   institution under a deposit, until the patient renews it.
//! - **Deposit**: what a patient allows an institution of a hospital, such as a laboratory: to add
//!   records. It is given no key, and reads nothing.
//! - **Home**: the hospital whose vault keeps a document now: the one that the document names, or where
//!   the patient has moved it, or the successor of a hospital that has left. **Mirror**: a hospital whose
//!   vault keeps a second copy, by the patient's wish.
//! - **Representative**: a person who acts for a patient, by the patient's choice. Another pallet has the rules,
//!   through [`Config::Delegates`]. What a representative who has the distributed secret loses counts like a
//!   doctor's loss.
//! - **Lapse**: the loss of all access of one doctor, or of all doctors of one hospital, by a decision
//!   of the hospital or the council, or because a licence ran out.
//!
//! ## Properties
//!
//! `try_state` and the model test check these under the same names.
//!
//! - `reverse-index`: every grant has its entry in the doctor's index, and every entry has its grant.
//! - `counts`: a chart's counters equal what is stored, and others have left the patient's room free.
//!   `live` may be higher in a chart from before version 2 of the storage, until [`Recounting`] has passed it.
//! - `sealed-current`: every grant to a whole chart that [`Pallet::access`] allows has a key for the
//!   current even epoch, or the chart is due, or the grant is dormant.
//! - `no-stale-append`: nothing was added under an epoch after a doctor who held it lost access. A chart looks again no
//!   later than a representative's hold ends.
//! - `bound-keys`: every key belongs to a grant, a share, a record or a person.
//! - `deposits`: only patients who were verified allow deposits, no more than there may be, and each within
//!   the append budget.
//! - `one-person`: accounts and people point at each other.
//! - `people`: the numbers of the hospitals' people equal what is stored.
//! - `pending-changes`: every pending change of account belongs to a verified person, has one place in
//!   the queue, and waits where the person's hospital can stop it.
//! - `vouched-directory`: a verified doctor's entry consists of words that a hospital has confirmed, and
//!   every proposal waits where the doctor's hospital can confirm it.
//! - `verified-only`: grants begin only between a verified patient and a verified doctor.
//! - `hospital-index`: a hospital's indices list exactly the people who wait for it, and its patients; each
//!   request to move has an end.
//! - `one-home`: what the patient has moved, and what the council has given to a successor, is not moved on
//!   from there, and a hospital's list has exactly the patients who have chosen its vault.
//!
//! One more property is of the calls: no call that a hospital, its institutions, the council or the chain
//! itself can make creates a grant or a deposit, inserts a sealed key, or opens anything.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
mod account_changes;
mod accounts;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod charges;
mod chart;
mod config;
mod counts;
mod delegation;
mod deposits;
mod errors;
mod events;
mod genesis;
mod grants;
mod housekeeping;
mod index;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod lapses;
pub mod migrations;
#[cfg(test)]
mod mock;
mod moves;
mod people;
mod profiles;
mod proposals;
mod queries;
mod recipients;
mod records;
mod recount;
mod registration;
mod relocation;
mod rotation;
mod standing;
mod storage;
#[cfg(test)]
mod tests;
mod types;
mod vaults;
pub mod weights;

pub use index::Place;
pub use lapses::{HospitalSet, Readings};
pub use medblock_primitives::*;
pub use pallet::*;
pub use recount::Recount;
pub use relocation::{RelocationWeights, SHARE_OF_BLOCK};
pub use types::*;
pub use vaults::{SuccessorMap, VaultChoice};
pub use weights::WeightInfo;

use charges::*;
use index::Index;
use people::{Decision, PersonId};
use recipients::{LookedAt, SealedTo};

use frame_support::pallet_macros::import_section;

#[import_section(crate::config::config)]
#[import_section(crate::errors::errors)]
#[import_section(crate::events::events)]
#[import_section(crate::genesis::genesis)]
#[import_section(crate::storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{
		pallet_prelude::*,
		traits::{ConstU64, Time},
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::{IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(4);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			Self::keep_house(limit)
		}

		fn integrity_test() {
			let for_doctors = T::MaxRecords::get().saturating_sub(T::PatientsReserve::get());
			assert!(for_doctors >= MAX_BATCH, "a batch has to fit into an empty chart");
			assert!(T::AppendBudget::get() >= MAX_BATCH, "a batch has to fit into the budget");
			assert!(T::RegistrationPeriod::get() > 0, "hospitals need time to verify people");
			assert!(T::MaxRelocations::get() > 0, "a hospital that leaves has people");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Register as a patient of a hospital.
		///
		/// Callable by any account that is not a patient yet, if the hospital accepts registrations.
		/// The chart's first keys come with the call; the profile is encrypted to the first of them and
		/// to the hospital. Emits `PatientRegistered`. Without the hospital's decision the registration
		/// lapses.
		#[pallet::call_index(0)]
		pub fn register_patient(
			origin: OriginFor<T>,
			hospital: HospitalId,
			keys: ChartKeys,
			profile: Option<Document>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_patient(who, hospital, keys, profile)
		}

		/// Register as a doctor of a hospital.
		///
		/// Callable by any account that is not a doctor yet, if the hospital accepts registrations. The
		/// key has to be an X-Wing public key (suite 1) of 1,216 bytes. Emits `DoctorRegistered`.
		#[pallet::call_index(1)]
		pub fn register_doctor(
			origin: OriginFor<T>,
			hospital: HospitalId,
			profile: DoctorProfile,
			suite: u8,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_doctor(who, hospital, profile, suite, key)
		}

		/// Let another account of yours take over your chart or your practice, after a delay.
		///
		/// Callable by verified patients and doctors. The new account has to have signed
		/// [`Pallet::change_account_message`]. Until the delay is over, your present account stays in
		/// control, and it or your hospital can stop the change. Emits `AccountChangeRequested` and, in
		/// the end, `AccountChanged`.
		#[pallet::call_index(2)]
		pub fn change_account(
			origin: OriginFor<T>,
			capacity: Capacity,
			new: T::AccountId,
			proof: T::Signature,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_change_account(who, capacity, new, proof)
		}

		/// Confirm a patient's identity.
		///
		/// Callable by registrars of the patient's hospital. Emits `PatientVerified`. A hospital verifies up to
		/// 1,000 patients a day, unless its controller or the council has allowed more: see
		/// `VerificationsExhausted`.
		#[pallet::call_index(3)]
		pub fn verify_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Verify)
		}

		/// Reject a patient, who may then register again.
		///
		/// Callable by registrars of the patient's hospital. Emits `PatientRejected`.
		#[pallet::call_index(4)]
		pub fn reject_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Reject)
		}

		/// Suspend a patient, who can then revoke access, but neither grant it nor add records.
		///
		/// Callable by registrars of the patient's hospital. Doctors keep the access that they were
		/// granted. Emits `PatientSuspended`. A hospital suspends a hundredth of its patients a day, and up to
		/// ten, unless its controller or the council has allowed more: see `SuspensionsExhausted`.
		#[pallet::call_index(5)]
		pub fn suspend_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Suspend)
		}

		/// End a patient's suspension.
		///
		/// Callable by registrars of the patient's hospital. Emits `PatientReinstated`.
		#[pallet::call_index(6)]
		pub fn reinstate_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Reinstate)
		}

		/// Confirm a doctor's identity, encryption key and directory entry.
		///
		/// Callable by registrars of the doctor's hospital. `key_digest` is the SHA-256 of the public
		/// key that the hospital has checked with the doctor, and `profile_digest` that of the profile's
		/// SCALE encoding. Any other key or profile is refused with `KeyChanged` or `ProfileChanged`.
		/// Emits `DoctorVerified`. A hospital verifies up to 100 doctors a day, as for patients.
		#[pallet::call_index(7)]
		pub fn verify_doctor(
			origin: OriginFor<T>,
			doctor: DoctorId,
			key_digest: [u8; 32],
			profile_digest: [u8; 32],
			licence_expires: Option<Moment>,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_verify_doctor(hospital, doctor, key_digest, profile_digest, licence_expires)
		}

		/// Reject a doctor, who may then register again.
		///
		/// Callable by registrars of the doctor's hospital. Emits `DoctorRejected`.
		#[pallet::call_index(8)]
		pub fn reject_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Reject)
		}

		/// Suspend a doctor, who can then no longer see any chart.
		///
		/// Callable by registrars of the doctor's hospital. Emits `DoctorSuspended`. A hospital suspends a
		/// hundredth of its doctors a day, and up to ten, as for patients.
		#[pallet::call_index(9)]
		pub fn suspend_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Suspend)
		}

		/// End a doctor's suspension.
		///
		/// Callable by registrars of the doctor's hospital. Earlier grants count again. The doctor can
		/// open records that were added in between once the patient has renewed the key. Emits
		/// `DoctorReinstated`.
		#[pallet::call_index(10)]
		pub fn reinstate_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Reinstate)
		}

		/// Replace a patient's encrypted profile.
		///
		/// Callable by the patient, or by registrars of the patient's hospital. The profile has to be
		/// encrypted to the chart's current epoch; `recipients` is as in `add_records`. Emits
		/// `PatientProfileUpdated`. A hospital replaces the profiles of a hundredth of its patients a day, and up
		/// to 50, unless its controller or the council has allowed more: see `CorrectionsExhausted`.
		#[pallet::call_index(11)]
		#[pallet::weight(
			with_sealing::<T>(<T as Config>::WeightInfo::update_patient_profile(), recipients)
		)]
		pub fn update_patient_profile(
			origin: OriginFor<T>,
			patient: PatientId,
			document: Document,
			sealed_to: Epoch,
			recipients: Option<RecipientsDigest>,
		) -> DispatchResultWithPostInfo {
			let to = SealedTo { epoch: sealed_to, recipients };
			let looked_at = Self::do_update_patient_profile(origin, patient, document, to)?;
			used_sealing::<T>(<T as Config>::WeightInfo::update_patient_profile(), looked_at)
		}

		/// Change a doctor's entry in the public directory, or propose a change to the hospital.
		///
		/// Callable by the doctor, or by registrars of the doctor's hospital. A verified doctor's change
		/// is a proposal, which patients see once a registrar has confirmed it; it replaces an earlier
		/// proposal. Emits `DoctorProfileProposed`, or else `DoctorProfileUpdated`. A hospital replaces the
		/// entries of a hundredth of its doctors a day, and up to ten, as for patients.
		#[pallet::call_index(12)]
		pub fn update_doctor_profile(
			origin: OriginFor<T>,
			doctor: DoctorId,
			profile: DoctorProfile,
		) -> DispatchResult {
			Self::do_update_doctor_profile(origin, doctor, profile)
		}

		/// Set the hospital's details about a doctor, and the end of the licence.
		///
		/// Callable by registrars of the doctor's hospital. Emits `DoctorDetailsSet`. An end that is earlier
		/// than before, and less than a week away, counts as a suspension: see `SuspensionsExhausted`. Details
		/// in place of others count as a replaced entry.
		#[pallet::call_index(13)]
		pub fn set_doctor_details(
			origin: OriginFor<T>,
			doctor: DoctorId,
			details: Details,
			licence_expires: Option<Moment>,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_set_doctor_details(hospital, doctor, details, licence_expires)
		}

		/// Publish your new encryption key, for patients to use.
		///
		/// Callable by the doctor, unless suspended. Patients can use the key only after a registrar has
		/// confirmed it. Emits `EncryptionKeySet`.
		#[pallet::call_index(14)]
		pub fn set_encryption_key(
			origin: OriginFor<T>,
			suite: u8,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_encryption_key(who, suite, key)
		}

		/// Confirm that a new encryption key is the doctor's.
		///
		/// Callable by registrars of the doctor's hospital. `key_digest` is as in `verify_doctor`.
		/// Emits `EncryptionKeyConfirmed`.
		#[pallet::call_index(15)]
		pub fn confirm_encryption_key(
			origin: OriginFor<T>,
			doctor: DoctorId,
			key_digest: [u8; 32],
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_confirm_encryption_key(hospital, doctor, key_digest)
		}

		/// Ask to move to another hospital, or withdraw that request.
		///
		/// Callable by the patient or doctor. Without an answer of that hospital, the request lapses after the
		/// time that hospitals have for registrations. Asking again prolongs that. Emits `MoveRequested`, and
		/// later perhaps `MoveLapsed`.
		#[pallet::call_index(16)]
		pub fn request_move(
			origin: OriginFor<T>,
			capacity: Capacity,
			to: Option<HospitalId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_move(who, capacity, to)
		}

		/// Accept a patient who has asked to move to your hospital.
		///
		/// Callable by registrars of the hospital that was asked. Emits `PatientMoved`.
		#[pallet::call_index(17)]
		pub fn accept_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_accept(hospital, patient)
		}

		/// Accept a doctor who has asked to move to your hospital.
		///
		/// Callable by registrars of the hospital that was asked. Emits `DoctorMoved`.
		#[pallet::call_index(18)]
		pub fn accept_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_accept(hospital, doctor)
		}

		/// Move all people of a hospital that has left to another hospital.
		///
		/// Callable by two thirds of the council. The following blocks carry it out in their spare
		/// time, doctors first. Emits `RelocationBegun` and, in the end, `RelocationDone`.
		#[pallet::call_index(19)]
		pub fn move_people(
			origin: OriginFor<T>,
			from: HospitalId,
			to: HospitalId,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_move_people(from, to)
		}

		/// Add up to 128 records to your chart.
		///
		/// Callable by verified patients. Each record has to be encrypted to the chart's current epoch,
		/// or all are refused with `StaleEpoch`. Records of a due chart are also encrypted to its
		/// doctors' own keys. `recipients` names these doctors by the digest that the runtime API gives;
		/// without it, the chart's key is the only one. If the doctors or their keys have changed since,
		/// all are refused with `StaleRecipients`. If the chain first has to look at more than eight
		/// doctors, because one may have lost access, all are refused with `RecipientsNeeded` unless
		/// `recipients` is there; 16 zero bytes name no doctor. Emits `RecordsAdded`.
		#[pallet::call_index(20)]
		#[pallet::weight(with_sealing::<T>(add_records_weight::<T>(records), recipients))]
		pub fn add_records(
			origin: OriginFor<T>,
			sealed_to: Epoch,
			records: NewRecords,
			recipients: Option<RecipientsDigest>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = add_records_weight::<T>(&records);
			let to = SealedTo { epoch: sealed_to, recipients };
			let looked_at = Self::do_add_records(who, to, records)?;
			used_sealing::<T>(weight, looked_at)
		}

		/// Add notes and records to the chart of one of your patients.
		///
		/// Callable by doctors whose grant includes it. A note names the record that it answers.
		/// Records are encrypted as in `add_records`. Emits `RecordsAdded`.
		#[pallet::call_index(21)]
		#[pallet::weight(with_sealing::<T>(append_records_weight::<T>(records), recipients))]
		pub fn append_records(
			origin: OriginFor<T>,
			patient: PatientId,
			sealed_to: Epoch,
			records: NewRecords,
			recipients: Option<RecipientsDigest>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = append_records_weight::<T>(&records);
			let to = SealedTo { epoch: sealed_to, recipients };
			let looked_at = Self::do_append_records(who, patient, to, records)?;
			used_sealing::<T>(weight, looked_at)
		}

		/// Withdraw up to 128 records from your chart.
		///
		/// Callable by verified patients. The vaults no longer give out the documents, and delete those
		/// that no other record names. Doctors may have kept what they fetched before. The chart has
		/// room for as many more records, and still shows where the withdrawn ones were. All are
		/// withdrawn, or none. Emits `RecordWithdrawn` for each.
		#[pallet::call_index(22)]
		#[pallet::weight(withdraw_records_weight::<T>(records, MAX_GRANTS))]
		pub fn withdraw_records(
			origin: OriginFor<T>,
			records: RecordIndices,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let looked_at = Self::do_withdraw_records(who, &records)?;
			Ok(Some(withdraw_records_weight::<T>(&records, looked_at)).into())
		}

		/// Let a doctor see your whole chart.
		///
		/// Callable by verified patients. `key` is the secret of `epoch`, the chart's current even one,
		/// sealed to the doctor's confirmed encryption key. The new grant replaces the doctor's earlier
		/// one, and renews the number of records that the doctor may add. `expires_at` is in
		/// milliseconds since 1970. Emits `AccessGranted`.
		#[pallet::call_index(23)]
		#[pallet::weight(with_settling::<T>(
			with_room::<T>(<T as Config>::WeightInfo::grant_access(), true)
		))]
		pub fn grant_access(
			origin: OriginFor<T>,
			epoch: Epoch,
			key: KeyForDoctor,
			may_append: bool,
			expires_at: Option<Moment>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (looked_at, made_room) =
				Self::do_grant_access(who, epoch, key, may_append, expires_at)?;
			let weight = with_room::<T>(<T as Config>::WeightInfo::grant_access(), made_room);
			used::<T>(weight, looked_at)
		}

		/// Let a doctor see single records of your chart, and no others.
		///
		/// Callable by verified patients. Under a new share key, the records replace those that were
		/// shared before. Under the present one, they are added, if the doctor still has the encryption
		/// key that it is sealed to. A doctor who could see the whole chart no longer can, but may have
		/// kept its content. A doctor who only adds needs no record, only the right to append. Emits
		/// `RecordsShared`.
		#[pallet::call_index(24)]
		#[pallet::weight(with_settling::<T>(
			with_room::<T>(share_records_weight::<T>(records), true)
		))]
		pub fn share_records(
			origin: OriginFor<T>,
			doctor: DoctorId,
			under: ShareUnder,
			records: SharedRecords,
			may_append: bool,
			expires_at: Option<Moment>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = share_records_weight::<T>(&records);
			let (looked_at, made_room) =
				Self::do_share_records(who, doctor, under, records, may_append, expires_at)?;
			used::<T>(with_room::<T>(weight, made_room), looked_at)
		}

		/// Take back all that you granted to these doctors; an emergency stays open.
		///
		/// Callable by patients, suspended ones too. The doctors lose access at once, but may have kept
		/// what they could open before. An emergency that is open to one of them stays so until
		/// you close it with `end_emergency`. `rotation` gives the remaining doctors a new key for future
		/// records; if it does not fit, it is dropped and the revocation stands. Emits `AccessRevoked`
		/// or `HadNoAccess` for each doctor, and `ChartKeyRotated` or `RotationDropped`.
		#[pallet::call_index(25)]
		#[pallet::weight(with_settling::<T>(
			revoke_access_weight::<T>(count_of(doctors), rotation.as_ref().map(sealed_in), MAX_GRANTS)
		))]
		pub fn revoke_access(
			origin: OriginFor<T>,
			doctors: DoctorIds,
			rotation: Option<Rotation>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (revoked, sealed) = (count_of(&doctors), rotation.as_ref().map(sealed_in));
			let (looked_at, grants) = Self::do_revoke_access(who, doctors, rotation)?;
			used::<T>(revoke_access_weight::<T>(revoked, sealed, grants), looked_at)
		}

		/// Give your chart a new key, sealed to the doctors who may see all of it.
		///
		/// Callable by patients, suspended ones too. Emits `ChartKeyRotated`.
		#[pallet::call_index(26)]
		#[pallet::weight(with_settling::<T>(rotate_weight::<T>(sealed_in(rotation), MAX_GRANTS)))]
		pub fn rotate_chart_key(
			origin: OriginFor<T>,
			rotation: Rotation,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let sealed = sealed_in(&rotation);
			let (looked_at, grants) = Self::do_rotate_chart_key(who, rotation)?;
			used::<T>(rotate_weight::<T>(sealed, grants), looked_at)
		}

		/// Give up your access to the charts of these patients.
		///
		/// Callable by the doctor. Emits `AccessRelinquished` or `HadNoAccess` for each patient.
		#[pallet::call_index(27)]
		#[pallet::weight(relinquish_access_weight::<T>(patients))]
		pub fn relinquish_access(origin: OriginFor<T>, patients: PatientIds) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_relinquish_access(who, patients)
		}

		/// Confirm the change that a doctor proposed to the entry in the public directory.
		///
		/// Callable by registrars of the doctor's hospital. `profile_digest` is as in `verify_doctor`,
		/// of the proposed profile. Emits `DoctorProfileUpdated`.
		#[pallet::call_index(28)]
		pub fn confirm_doctor_profile(
			origin: OriginFor<T>,
			doctor: DoctorId,
			profile_digest: [u8; 32],
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_confirm_doctor_profile(hospital, doctor, profile_digest)
		}

		/// Discard the change that a doctor proposed to the entry in the public directory.
		///
		/// Callable by the doctor, or by registrars of the doctor's hospital. Emits
		/// `DoctorProfileDiscarded`.
		#[pallet::call_index(29)]
		pub fn discard_doctor_profile(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			Self::do_discard_doctor_profile(origin, doctor)
		}

		/// Stop a pending change of a person's account.
		///
		/// Callable by the person's present account, or by registrars of the person's hospital. Emits
		/// `AccountChangeStopped`.
		#[pallet::call_index(30)]
		pub fn stop_account_change(origin: OriginFor<T>, person: Person) -> DispatchResult {
			Self::do_stop_account_change(origin, person)
		}

		/// Remove your encrypted profile.
		///
		/// Callable by the patient, unless suspended. The vault deletes the document. Your hospital can
		/// add a new one. Emits `PatientProfileRemoved`.
		#[pallet::call_index(35)]
		pub fn remove_patient_profile(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_patient_profile(who)
		}

		/// Stop sharing single records with a doctor.
		///
		/// Callable by patients, suspended ones too. The vaults no longer give the records to the
		/// doctor, who may have kept them. If nothing else was shared, and the doctor may not add
		/// records, the grant ends. Emits `RecordsUnshared` or `AccessRevoked`.
		#[pallet::call_index(36)]
		#[pallet::weight(unshare_records_weight::<T>(records))]
		pub fn unshare_records(
			origin: OriginFor<T>,
			doctor: DoctorId,
			records: RecordIndices,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unshare_records(who, doctor, records)
		}

		/// Let a doctor add as many records again as when you granted it.
		///
		/// Callable by verified patients, for a grant that includes adding records. Granting or sharing
		/// again does the same. Emits `AppendBudgetRenewed`.
		#[pallet::call_index(37)]
		pub fn renew_append_budget(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_renew_append_budget(who, doctor)
		}

		/// Let a laboratory or another institution add records to your chart. It can read nothing.
		///
		/// Callable by verified patients. Allowing it again replaces the end, and renews the number of
		/// records that the institution may add. `expires_at` is in milliseconds since 1970. Emits
		/// `DepositAllowed`.
		#[pallet::call_index(38)]
		pub fn allow_deposit(
			origin: OriginFor<T>,
			institution: InstitutionId,
			expires_at: Option<Moment>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_allow_deposit(who, institution, expires_at)
		}

		/// No longer let these institutions add records to your chart.
		///
		/// Callable by patients, suspended ones too. What was added stays until you withdraw it. Emits
		/// `DepositEnded` or `HadNoDeposit` for each institution.
		#[pallet::call_index(39)]
		#[pallet::weight(end_deposit_weight::<T>(institutions))]
		pub fn end_deposit(origin: OriginFor<T>, institutions: InstitutionIds) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_end_deposit(who, institutions)
		}

		/// Add records to the chart of a patient who allows your institution to.
		///
		/// Callable by the institution's operators. A record is no note, since the institution reads none.
		/// Records are encrypted as in `add_records`. Emits `RecordsAdded`.
		#[pallet::call_index(40)]
		#[pallet::weight(with_sealing::<T>(deposit_records_weight::<T>(records), recipients))]
		pub fn deposit_records(
			origin: OriginFor<T>,
			patient: PatientId,
			sealed_to: Epoch,
			records: NewRecords,
			recipients: Option<RecipientsDigest>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = deposit_records_weight::<T>(&records);
			let to = SealedTo { epoch: sealed_to, recipients };
			let looked_at = Self::do_deposit_records(who, patient, to, records)?;
			used_sealing::<T>(weight, looked_at)
		}

		/// Let another hospital's vault keep a second copy of your documents, or no longer.
		///
		/// Callable by verified patients. The mirror gets the same encrypted files, and gives them to the
		/// same people. It may not be the hospital that keeps your new documents anyway. Emits
		/// `MirrorSet`.
		#[pallet::call_index(48)]
		pub fn set_mirror(origin: OriginFor<T>, mirror: Option<HospitalId>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_mirror(who, mirror)
		}

		/// Move the documents that one hospital's vault keeps to another hospital's.
		///
		/// Callable by verified patients. All documents of your chart that `from` keeps move at once, your
		/// profile included; new ones can no longer name it. What it keeps for hospitals that have left
		/// moves along; these can also be named themselves. Moving back is possible; `VaultMoved` says that
		/// what names `from` or `to` was moved elsewhere before. Who may read them does not change. Emits
		/// `DocumentsMoved`.
		#[pallet::call_index(49)]
		pub fn move_vault(
			origin: OriginFor<T>,
			from: HospitalId,
			to: HospitalId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_move_vault(who, from, to)
		}

		/// Let a hospital keep the documents of one that has left, or no longer.
		///
		/// Callable by two thirds of the council. The successor also keeps what the other hospital kept as
		/// a successor. The documents return to a hospital that comes back. Emits `SuccessorSet`.
		#[pallet::call_index(50)]
		pub fn set_successor(
			origin: OriginFor<T>,
			left: HospitalId,
			successor: Option<HospitalId>,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_set_successor(left, successor)
		}

		/// Confirm the identities of several patients at once.
		///
		/// Callable by registrars of the patients' hospital, for up to 128 patients. Emits `PatientVerified` or
		/// `VerificationRefused` for each patient; the latter gives the reason. Fails with the first patient's
		/// reason if no patient could be verified. Each patient counts as in `verify_patient`.
		#[pallet::call_index(51)]
		#[pallet::weight(verify_patients_weight::<T>(patients))]
		pub fn verify_patients(origin: OriginFor<T>, patients: PatientBatch) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_verify_patients(hospital, patients)
		}

		/// Decline the request of a person to move to your hospital. The person may ask again.
		///
		/// Callable by registrars of the hospital that was asked. Your hospital can then no longer read the
		/// person's profile. Emits `MoveDeclined`.
		#[pallet::call_index(52)]
		pub fn decline_move(origin: OriginFor<T>, person: Person) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decline_move(hospital, person)
		}
	}
}
