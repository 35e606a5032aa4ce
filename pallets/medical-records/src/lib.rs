//! # Medical records
//!
//! Patients, doctors, charts, records, grants and notes: who may see what, and since when not any
//! more.
//!
//! ## Terminology
//!
//! - **Person**: a patient or a doctor; an id. The account is only the key that controls it now.
//! - **Chart**: all records of one patient. **Record**: a pointer to one encrypted document in a
//!   hospital's vault. **Note**: a record that answers another.
//! - **Grant**: what a patient allows a doctor: the whole chart, or single records.
//! - **Epoch**: one generation of a chart's keys. The even *distributed* epoch's secret is sealed to
//!   doctors; the odd *standby* after it is known to the patient alone. Each epoch's secret opens
//!   the epochs before it.
//! - **Due**: somebody who held the distributed secret has lost access. From then on records are
//!   sealed to the standby, until the patient *rotates* to a new pair.
//! - **Dormant**: a grant whose doctor was not given the current secret. It counts, and the doctor
//!   reads what is older; the rest awaits the patient.
//! - **Lapse**: the loss of all access of one doctor, or of one hospital's doctors, by their
//!   hospital's or the council's decision, or because a licence ran out.
//!
//! ## Properties
//!
//! These are checked by `try_state` and by the model test under the same names.
//!
//! - `reverse-index`: every grant has its entry in the doctor's index, and every entry its grant.
//! - `counts`: a chart's counters equal what is stored.
//! - `sealed-current`: every grant to a whole chart that [`Pallet::access`] allows has a key for the
//!   current even epoch, or the chart is due, or the grant is dormant.
//! - `no-stale-append`: nothing was added under an epoch after somebody who held it lost access.
//! - `bound-keys`: there is no key without its grant, share, record or person.
//! - `one-person`: accounts and people point at each other.
//! - `verified-only`: grants begin only between a verified patient and a verified doctor.
//!
//! And one of the calls: none that a hospital, the council or the chain itself can make creates a
//! grant, inserts a sealed key, or opens anything.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
mod accounts;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod chart;
mod errors;
mod events;
mod grants;
mod housekeeping;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod moves;
mod people;
mod profiles;
mod queries;
mod records;
mod registration;
mod rotation;
mod standing;
mod storage;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use medblock_primitives::*;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use people::{Decision, PersonId};

use frame_support::pallet_macros::import_section;

#[import_section(crate::errors::errors)]
#[import_section(crate::events::events)]
#[import_section(crate::storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{pallet_prelude::*, traits::Time};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::{IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// A registrar of an active hospital; gives the hospital.
		type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = HospitalId>;

		/// At least two thirds of the council.
		type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The hospitals.
		type Hospitals: HospitalRegistry<Self::AccountId>;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// Is told who is verified as what.
		type Roles: Roles<Self::AccountId>;

		/// What an account signs with that takes over from another.
		type Signature: Parameter + Verify<Signer = Self::Signer>;

		/// Who signs.
		type Signer: IdentifyAccount<AccountId = Self::AccountId>;

		/// The most records of one chart, withdrawn ones included.
		#[pallet::constant]
		type MaxRecords: Get<u32>;

		/// The largest document, in bytes.
		#[pallet::constant]
		type MaxDocumentSize: Get<u64>;

		/// How long a hospital may take to verify somebody, in milliseconds.
		#[pallet::constant]
		type RegistrationPeriod: Get<Moment>;

		/// The most relocations at the same time.
		#[pallet::constant]
		type MaxRelocations: Get<u32>;

		/// Measured weights.
		type WeightInfo: WeightInfo;

		/// What the measurements need of the rest of the runtime.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self>;
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			Self::keep_house(limit)
		}

		fn integrity_test() {
			assert!(T::MaxRecords::get() >= MAX_BATCH, "a batch has to fit into an empty chart");
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
		/// For anybody who is no patient yet, as far as the hospital takes people in. The chart's
		/// first keys come along; the profile is encrypted to the first of them and to the hospital.
		/// Emits `PatientRegistered`. Without the hospital's decision the registration lapses.
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
		/// For anybody who is no doctor yet, as far as the hospital takes people in. The key has to
		/// be an X-Wing public key (suite 1) of 1,216 bytes. Emits `DoctorRegistered`.
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

		/// Let another account of yours take over your chart or your practice.
		///
		/// For the patient or doctor. The new account has to have signed
		/// [`Pallet::change_account_message`]. Emits `AccountChanged`.
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

		/// Confirm that a patient is who they say.
		///
		/// For registrars of the patient's hospital. Emits `PatientVerified`.
		#[pallet::call_index(3)]
		pub fn verify_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Verify)
		}

		/// Refuse to confirm a patient, who may then register again.
		///
		/// For registrars of the patient's hospital. Emits `PatientRejected`.
		#[pallet::call_index(4)]
		pub fn reject_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Reject)
		}

		/// Suspend a patient, who can then still revoke, but neither grant nor add.
		///
		/// For registrars of the patient's hospital. Doctors keep the access that they were granted.
		/// Emits `PatientSuspended`.
		#[pallet::call_index(5)]
		pub fn suspend_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Suspend)
		}

		/// End a patient's suspension.
		///
		/// For registrars of the patient's hospital. Emits `PatientReinstated`.
		#[pallet::call_index(6)]
		pub fn reinstate_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, patient, Decision::Reinstate)
		}

		/// Confirm who a doctor is, and that the encryption key is theirs.
		///
		/// For registrars of the doctor's hospital. `key_digest` is the SHA-256 of the public key
		/// that the hospital has checked with the doctor; another key than that is refused with
		/// `KeyChanged`. Emits `DoctorVerified`.
		#[pallet::call_index(7)]
		pub fn verify_doctor(
			origin: OriginFor<T>,
			doctor: DoctorId,
			key_digest: [u8; 32],
			licence_expires: Option<Moment>,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_verify_doctor(hospital, doctor, key_digest, licence_expires)
		}

		/// Refuse to confirm a doctor, who may then register again.
		///
		/// For registrars of the doctor's hospital. Emits `DoctorRejected`.
		#[pallet::call_index(8)]
		pub fn reject_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Reject)
		}

		/// Suspend a doctor, who then sees nothing any more.
		///
		/// For registrars of the doctor's hospital. Emits `DoctorSuspended`.
		#[pallet::call_index(9)]
		pub fn suspend_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Suspend)
		}

		/// End a doctor's suspension.
		///
		/// For registrars of the doctor's hospital. Grants count again; new records can be opened
		/// when the patient has renewed the key. Emits `DoctorReinstated`.
		#[pallet::call_index(10)]
		pub fn reinstate_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_decide(hospital, doctor, Decision::Reinstate)
		}

		/// Replace a patient's encrypted profile.
		///
		/// For the patient, or registrars of the patient's hospital. It has to be encrypted to the
		/// chart's current epoch. Emits `PatientProfileUpdated`.
		#[pallet::call_index(11)]
		#[pallet::weight(with_settling::<T>(<T as Config>::WeightInfo::update_patient_profile()))]
		pub fn update_patient_profile(
			origin: OriginFor<T>,
			patient: PatientId,
			document: Document,
			sealed_to: Epoch,
		) -> DispatchResultWithPostInfo {
			let looked_at = Self::do_update_patient_profile(origin, patient, document, sealed_to)?;
			used::<T>(<T as Config>::WeightInfo::update_patient_profile(), looked_at)
		}

		/// Change a doctor's entry in the public directory.
		///
		/// For the doctor, or registrars of the doctor's hospital. Emits `DoctorProfileUpdated`.
		#[pallet::call_index(12)]
		pub fn update_doctor_profile(
			origin: OriginFor<T>,
			doctor: DoctorId,
			profile: DoctorProfile,
		) -> DispatchResult {
			Self::do_update_doctor_profile(origin, doctor, profile)
		}

		/// Set what the hospital says of a doctor, and when the licence runs out.
		///
		/// For registrars of the doctor's hospital. Emits `DoctorDetailsSet`.
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

		/// Publish a new encryption key, for patients to seal to.
		///
		/// For the doctor. Nobody can seal anything to it before a registrar has confirmed it. Emits
		/// `EncryptionKeySet`.
		#[pallet::call_index(14)]
		pub fn set_encryption_key(
			origin: OriginFor<T>,
			suite: u8,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_encryption_key(who, suite, key)
		}

		/// Confirm that a doctor's new encryption key is theirs.
		///
		/// For registrars of the doctor's hospital; `key_digest` as in `verify_doctor`. Emits
		/// `EncryptionKeyConfirmed`.
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
		/// For the patient or doctor. Emits `MoveRequested`.
		#[pallet::call_index(16)]
		pub fn request_move(
			origin: OriginFor<T>,
			capacity: Capacity,
			to: Option<HospitalId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_move(who, capacity, to)
		}

		/// Take in a patient who has asked to move to your hospital.
		///
		/// For registrars of the hospital asked. Emits `PatientMoved`.
		#[pallet::call_index(17)]
		pub fn accept_patient(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_accept(hospital, patient)
		}

		/// Take in a doctor who has asked to move to your hospital.
		///
		/// For registrars of the hospital asked. Emits `DoctorMoved`.
		#[pallet::call_index(18)]
		pub fn accept_doctor(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_accept(hospital, doctor)
		}

		/// Move everybody of a hospital that has left to another one.
		///
		/// For two thirds of the council. Carried out in the following blocks, as far as they have
		/// time to spare. Emits `RelocationBegun` and, in the end, `RelocationDone`.
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
		/// For verified patients. Each has to be encrypted to the chart's current epoch, or all are
		/// refused with `StaleEpoch`. Emits `RecordsAdded`.
		#[pallet::call_index(20)]
		#[pallet::weight(with_settling::<T>(add_records_weight::<T>(records)))]
		pub fn add_records(
			origin: OriginFor<T>,
			sealed_to: Epoch,
			records: NewRecords,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = add_records_weight::<T>(&records);
			let looked_at = Self::do_add_records(who, sealed_to, records)?;
			used::<T>(weight, looked_at)
		}

		/// Add notes and records to the chart of a patient of yours.
		///
		/// For doctors whose grant includes it. A note names the record that it answers. Encrypted as
		/// in `add_records`. Emits `RecordsAdded`.
		#[pallet::call_index(21)]
		#[pallet::weight(with_settling::<T>(append_records_weight::<T>(records)))]
		pub fn append_records(
			origin: OriginFor<T>,
			patient: PatientId,
			sealed_to: Epoch,
			records: NewRecords,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = append_records_weight::<T>(&records);
			let looked_at = Self::do_append_records(who, patient, sealed_to, records)?;
			used::<T>(weight, looked_at)
		}

		/// Withdraw a record from your chart.
		///
		/// For patients, suspended ones too. Nobody is given the document any more, and its vault deletes
		/// it if no other record names it. What somebody has fetched before, they may have kept; that
		/// there was a record remains. Emits `RecordWithdrawn`.
		#[pallet::call_index(22)]
		pub fn withdraw_record(origin: OriginFor<T>, record: RecordIndex) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_record(who, record)
		}

		/// Let a doctor see your whole chart.
		///
		/// For verified patients. `key` is the secret of `epoch`, the chart's current even one, sealed
		/// to the doctor's confirmed encryption key. Replaces what the doctor was granted before.
		/// `expires_at` is in milliseconds since 1970. Emits `AccessGranted`.
		#[pallet::call_index(23)]
		#[pallet::weight(with_settling::<T>(<T as Config>::WeightInfo::grant_access()))]
		pub fn grant_access(
			origin: OriginFor<T>,
			epoch: Epoch,
			key: KeyForDoctor,
			may_append: bool,
			expires_at: Option<Moment>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let looked_at = Self::do_grant_access(who, epoch, key, may_append, expires_at)?;
			used::<T>(<T as Config>::WeightInfo::grant_access(), looked_at)
		}

		/// Let a doctor see single records of your chart, and no more than those.
		///
		/// For verified patients. With a new share key, the records replace those that were shared
		/// before; without one, they are added. A doctor who could see the whole chart no longer can,
		/// but may have kept what was in it.
		/// No record at all, but the right to append, is what a laboratory needs. Emits
		/// `RecordsShared`.
		#[pallet::call_index(24)]
		#[pallet::weight(with_settling::<T>(share_records_weight::<T>(records)))]
		pub fn share_records(
			origin: OriginFor<T>,
			doctor: DoctorId,
			key: Option<ShareKey>,
			records: SharedRecords,
			may_append: bool,
			expires_at: Option<Moment>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = share_records_weight::<T>(&records);
			let looked_at =
				Self::do_share_records(who, doctor, key, records, may_append, expires_at)?;
			used::<T>(weight, looked_at)
		}

		/// Take back everything that you have granted to these doctors.
		///
		/// For patients, suspended ones too. Takes effect at once, for what comes: what a doctor could
		/// open before, they may have kept. `rotation` gives those who remain a new key for what
		/// comes; if it does not fit, it is dropped and the revocation stands. Emits `AccessRevoked`
		/// or `HadNoAccess` for each doctor, and `ChartKeyRotated` or `RotationDropped`.
		#[pallet::call_index(25)]
		#[pallet::weight(with_settling::<T>(revoke_access_weight::<T>(doctors, rotation)))]
		pub fn revoke_access(
			origin: OriginFor<T>,
			doctors: DoctorIds,
			rotation: Option<Rotation>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = revoke_access_weight::<T>(&doctors, &rotation);
			let looked_at = Self::do_revoke_access(who, doctors, rotation)?;
			used::<T>(weight, looked_at)
		}

		/// Give your chart a new key, sealed to those who may see all of it.
		///
		/// For patients, suspended ones too. Emits `ChartKeyRotated`.
		#[pallet::call_index(26)]
		#[pallet::weight(with_settling::<T>(rotate_weight::<T>(rotation)))]
		pub fn rotate_chart_key(
			origin: OriginFor<T>,
			rotation: Rotation,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = rotate_weight::<T>(&rotation);
			let looked_at = Self::do_rotate_chart_key(who, rotation)?;
			used::<T>(weight, looked_at)
		}

		/// Give up your access to a patient's chart.
		///
		/// For the doctor. Emits `AccessRelinquished`.
		#[pallet::call_index(27)]
		#[pallet::weight(with_settling::<T>(<T as Config>::WeightInfo::relinquish_access()))]
		pub fn relinquish_access(
			origin: OriginFor<T>,
			patient: PatientId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let looked_at = Self::do_relinquish_access(who, patient)?;
			used::<T>(<T as Config>::WeightInfo::relinquish_access(), looked_at)
		}
	}

	/// A call's weight, if all of the chart's grants have to be looked at beforehand.
	fn with_settling<T: Config>(weight: Weight) -> Weight {
		weight.saturating_add(<T as Config>::WeightInfo::settle(MAX_GRANTS))
	}

	/// What a call took after it looked at this many grants.
	fn used<T: Config>(weight: Weight, looked_at: u32) -> DispatchResultWithPostInfo {
		let settling = match looked_at {
			0 => Weight::zero(),
			grants => <T as Config>::WeightInfo::settle(grants),
		};
		Ok(Some(weight.saturating_add(settling)).into())
	}

	fn add_records_weight<T: Config>(records: &NewRecords) -> Weight {
		<T as Config>::WeightInfo::add_records(records.len() as u32)
	}

	fn append_records_weight<T: Config>(records: &NewRecords) -> Weight {
		<T as Config>::WeightInfo::append_records(records.len() as u32)
	}

	fn share_records_weight<T: Config>(records: &SharedRecords) -> Weight {
		<T as Config>::WeightInfo::share_records(records.len() as u32)
	}

	fn rotate_weight<T: Config>(rotation: &Rotation) -> Weight {
		<T as Config>::WeightInfo::rotate_chart_key(rotation.sealed.len() as u32)
	}

	fn revoke_access_weight<T: Config>(doctors: &DoctorIds, rotation: &Option<Rotation>) -> Weight {
		let revoking = <T as Config>::WeightInfo::revoke_access(doctors.len() as u32);
		let rotating = rotation.as_ref().map_or(Weight::zero(), rotate_weight::<T>);
		revoking.saturating_add(rotating)
	}
}
