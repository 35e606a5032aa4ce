//! # Delegation
//!
//! Acting for others, by their own earlier choice: guardians who give a person a new account, representatives who
//! act for a patient, and emergencies in which hospitals together open a chart.
//!
//! ## Terminology
//!
//! - **Divided secret**: a secret that a number of shares open, and fewer don't (Pedersen, 1991). The chain has the
//!   *commitments*, by which everybody who has a share can check it, and which say nothing of the secret. There are
//!   as many as shares that are needed.
//! - **Guardian**: a person or a hospital's desk with a share of what opens a person's data. Some of them together can
//!   give that person, their *ward*, a new account.
//! - **Desk**: the registrars of a hospital, each of which may act for it. Shares are sealed to its profile key.
//! - **Recovery**: a new account's request, supported by guardians. When enough of them have approved it, the
//!   ward's *delay* begins, in which the present account can veto. After it the guardians hand over their shares,
//!   and the new account finishes.
//! - **Acting key**: a patient's public key for acting for others. What it is given never opens the own chart.
//! - **Representative**: a person, known to a hospital as a patient, who acts for another patient within *scopes*.
//! - **Emergency plan**: what a patient lets doctors see in an emergency, which hospitals, the *holders*, have to
//!   confirm it, and for how long it then is open.
//!
//! ## Properties
//!
//! `try_state` and the model test check these under the same names.
//!
//! - `guardians`: each set has as many distinct guardians as shares, none of them its ward, and needs two at least
//!   and no more than there are. The guardians' index lists exactly these.
//! - `recoveries`: every request is of a person with guardians, is supported by at least one of them, and has
//!   shares of those alone who support it. Its delay has begun if enough do, and only then.
//! - `representatives`: no person represents themselves, and there are no more than there may be. Keys belong to
//!   representatives who may see. The index lists exactly those that a hospital has confirmed. The others wait for the
//!   hospital that the patient has now.
//! - `plans`: each plan has distinct holders, and needs two at least and no more than there are. It has keys of those
//!   single records alone that are there. It is used once so many holders have given their shares to doctors.
//! - `emergencies`: every request belongs to a plan, and waits at its holders'. Shares belong to a request or to an
//!   emergency that is kept, and the plan counts whose they are. One that is open belongs to a plan that was used,
//!   has the shares of all who confirmed it, and is the doctor's only one.
//! - `agenda`: everything that ends by itself stands on the agenda, no later than its end.
//!
//! More properties are of behaviour. Only a person who is verified chooses guardians, representatives and holders.
//! No one gets access by any of this without such a choice, and every choice can be taken back. The present
//! account can stop a recovery up to its last block, and at its end only approvals count of guardians who can still
//! act. What a representative or an emergency's doctor could open, and no longer may, makes a chart due, as the loss
//! of a grant does. An act for a patient obeys the rules of the patient's own, and each one says who acted.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod acting_keys;
mod agenda;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod charges;
mod config;
mod delegates;
mod emergencies;
mod errors;
mod events;
mod genesis;
mod guardians;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod mock;
mod plans;
mod queries;
mod recovery;
mod representatives;
mod storage;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use medblock_primitives::*;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use charges::*;

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

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			Self::keep_agenda(limit)
		}

		fn integrity_test() {
			assert!(T::ApprovalPeriod::get() > 0, "guardians need time to act");
			assert!(T::ConfirmationPeriod::get() > 0, "hospitals need time to see people");
			assert!(T::EmergencyRequestPeriod::get() > 0, "holders need time to confirm");
			assert!(T::MaxDelay::get() >= MIN_DELAY, "the usual shortest delay is allowed");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Publish your key for acting for others, as a guardian or a representative.
		///
		/// Callable by verified patients. The key has to be an X-Wing public key (suite 1) of 1,216 bytes. Doctors need
		/// none: they act with the key that their hospital has confirmed. Emits `ActingKeySet`.
		#[pallet::call_index(0)]
		pub fn set_acting_key(origin: OriginFor<T>, suite: u8, key: PublicKey) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_acting_key(who, suite, key)
		}

		/// Choose the guardians who together can give you a new account.
		///
		/// Callable by verified patients and doctors. `divided` has each guardian's share of the secret that opens
		/// your data, and as many commitments as guardians have to agree: at least two. `delay` is the time, in
		/// milliseconds, in which you can veto. The guardians replace earlier ones, whose requests end. Emits
		/// `GuardiansSet`.
		#[pallet::call_index(1)]
		#[pallet::weight(<T as Config>::WeightInfo::set_guardians(shares_in(divided)))]
		pub fn set_guardians(
			origin: OriginFor<T>,
			capacity: Capacity,
			divided: Divided,
			delay: Moment,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_guardians(who, capacity, divided, delay)
		}

		/// No longer have guardians.
		///
		/// Callable by verified patients and doctors. Requests for recovery end. Emits `GuardiansRemoved`.
		#[pallet::call_index(2)]
		pub fn remove_guardians(origin: OriginFor<T>, capacity: Capacity) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_guardians(who, capacity)
		}

		/// Ask that a person whose guardian you are gets a new account.
		///
		/// Callable by guardians, who approve it thereby. The new account has to have signed
		/// [`Pallet::recovery_message`], and the guardians will seal their shares to `key`. The person can veto. Emits
		/// `RecoveryRequested`.
		#[pallet::call_index(3)]
		pub fn request_recovery(
			origin: OriginFor<T>,
			person: Person,
			acting: ActingAs,
			new: T::AccountId,
			suite: u8,
			key: PublicKey,
			proof: T::Signature,
		) -> DispatchResult {
			let guardian = Self::ensure_acting(origin, acting)?;
			Self::do_request_recovery(guardian, person, new, suite, key, proof)
		}

		/// Approve that a person whose guardian you are gets a new account.
		///
		/// Callable by guardians, who approve one new account of a person at a time. `key_digest` is the SHA-256 of
		/// the new device's key, which you compare with the person. Emits `RecoveryApproved`. When enough guardians
		/// have approved, the person's delay begins.
		#[pallet::call_index(4)]
		pub fn approve_recovery(
			origin: OriginFor<T>,
			person: Person,
			acting: ActingAs,
			new: T::AccountId,
			key_digest: [u8; 32],
		) -> DispatchResult {
			let who = ensure_signed(origin.clone())?;
			let guardian = Self::ensure_acting(origin, acting)?;
			Self::do_approve_recovery(who, guardian, person, new, key_digest)
		}

		/// Take back your approval of a person's new account.
		///
		/// Callable by guardians who have approved it. If too few are left, the delay begins anew with the next
		/// one. Emits `RecoveryApprovalWithdrawn`, or `RecoveryEnded` if it was the last.
		#[pallet::call_index(5)]
		pub fn withdraw_approval(
			origin: OriginFor<T>,
			person: Person,
			acting: ActingAs,
			new: T::AccountId,
		) -> DispatchResult {
			let guardian = Self::ensure_acting(origin, acting)?;
			Self::do_withdraw_approval(guardian, person, new)
		}

		/// Hand your share over to the new device of a person whose guardian you are.
		///
		/// Callable by guardians who have approved it, after the delay. `share` is sealed to the new device's key.
		/// Another one replaces it. Emits `ShareHandedOver`.
		#[pallet::call_index(6)]
		pub fn hand_over_share(
			origin: OriginFor<T>,
			person: Person,
			acting: ActingAs,
			new: T::AccountId,
			share: SealedShare,
		) -> DispatchResult {
			let guardian = Self::ensure_acting(origin, acting)?;
			Self::do_hand_over_share(guardian, person, new, share)
		}

		/// Become yourself again: take over with the new account that your guardians have approved.
		///
		/// Callable by the new account, after the delay, while the person is verified. A patient's chart gets keys
		/// of a new root; a doctor gets a new encryption key, which the hospital has to confirm. The guardians and
		/// the emergency plan end. Emits `Recovered`.
		#[pallet::call_index(7)]
		#[pallet::weight(finish_recovery_weight::<T>(with))]
		pub fn finish_recovery(
			origin: OriginFor<T>,
			person: Person,
			with: NewSecrets,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_finish_recovery(who, person, with)
		}

		/// Stop the recovery by which another account would take you over.
		///
		/// Callable by the person's present account, also while suspended, until the recovery is finished. Emits
		/// `RecoveryEnded`.
		#[pallet::call_index(8)]
		pub fn veto_recovery(
			origin: OriginFor<T>,
			person: Person,
			new: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_veto_recovery(who, person, new)
		}

		/// Take back your own request for recovery.
		///
		/// Callable by the new account. Emits `RecoveryEnded`.
		#[pallet::call_index(9)]
		pub fn cancel_recovery(origin: OriginFor<T>, person: Person) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_recovery(who, person)
		}

		/// Name a person who may act for you, once your hospital has confirmed it.
		///
		/// Callable by verified patients. The person has to be a patient of a hospital, too. `scopes` is a sum: 1
		/// to see the chart, 2 to add records, 4 to grant access, which needs 1, and 8 to take access back. `until`
		/// is in milliseconds since 1970. Emits `RepresentativeNamed`.
		#[pallet::call_index(10)]
		#[pallet::weight(name_representative_weight::<T>())]
		pub fn name_representative(
			origin: OriginFor<T>,
			representative: PatientId,
			scopes: Scopes,
			until: Option<Moment>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_name_representative(who, representative, scopes, until)
		}

		/// Confirm a patient's representative, or the representative's new key.
		///
		/// Callable by registrars of the patient's hospital, who have seen both. `key_digest` is the SHA-256 of the
		/// representative's acting key. Scopes and end have to be those that the patient has named. Emits
		/// `RepresentativeConfirmed`.
		#[pallet::call_index(11)]
		#[pallet::weight(confirm_representative_weight::<T>())]
		pub fn confirm_representative(
			origin: OriginFor<T>,
			patient: PatientId,
			representative: PatientId,
			scopes: Scopes,
			until: Option<Moment>,
			key_digest: [u8; 32],
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_confirm_representative(
				hospital,
				patient,
				representative,
				(scopes, until),
				key_digest,
			)
		}

		/// Refuse a representative named by a patient.
		///
		/// Callable by registrars of the patient's hospital, before it has confirmed the representative. Emits
		/// `RepresentationEnded`.
		#[pallet::call_index(12)]
		pub fn refuse_representative(
			origin: OriginFor<T>,
			patient: PatientId,
			representative: PatientId,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_refuse_representative(hospital, patient, representative)
		}

		/// Give a representative the key of your chart.
		///
		/// Callable by verified patients, for a confirmed representative who may see the chart. `sealed` has the
		/// secret of the chart's current even epoch, sealed to version `key_version` of the representative's acting
		/// key. Emits `RepresentativeGivenKey`.
		#[pallet::call_index(13)]
		pub fn seal_to_representative(
			origin: OriginFor<T>,
			representative: PatientId,
			key_version: u32,
			sealed: SealedEpoch,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_seal_to_representative(who, representative, key_version, sealed)
		}

		/// No longer let a person act for you.
		///
		/// Callable by patients, suspended ones too. What the person could open makes your chart due for new keys.
		/// Emits `RepresentationEnded`.
		#[pallet::call_index(14)]
		pub fn end_representation(
			origin: OriginFor<T>,
			representative: PatientId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_end_representation(who, representative)
		}

		/// No longer act for a patient.
		///
		/// Callable by the representative, suspended or not. Emits `RepresentationEnded`.
		#[pallet::call_index(15)]
		pub fn resign_representation(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_resign_representation(who, patient)
		}

		/// Add up to 128 records to the chart of a patient who is represented by you.
		///
		/// Callable by representatives who may add. The records are encrypted as by the patient, and name you as
		/// their author. Emits `ActedFor`.
		#[pallet::call_index(16)]
		#[pallet::weight(with_sealing::<T>(add_records_for_weight::<T>(records), recipients))]
		pub fn add_records_for(
			origin: OriginFor<T>,
			patient: PatientId,
			sealed_to: Epoch,
			records: NewRecords,
			recipients: Option<RecipientsDigest>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = add_records_for_weight::<T>(&records);
			let looked = Self::do_add_records_for(who, patient, sealed_to, records, recipients)?;
			used_sealing::<T>(weight, looked)
		}

		/// Let a doctor see the whole chart of a patient who is represented by you.
		///
		/// Callable by representatives who may grant. Everything else is as in `grant_access`. Emits `ActedFor`.
		#[pallet::call_index(17)]
		#[pallet::weight(with_settling::<T>(<T as Config>::WeightInfo::grant_access_for()))]
		pub fn grant_access_for(
			origin: OriginFor<T>,
			patient: PatientId,
			epoch: Epoch,
			key: KeyForDoctor,
			may_append: bool,
			expires_at: Option<Moment>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let looked_at =
				Self::do_grant_access_for(who, patient, epoch, key, may_append, expires_at)?;
			used::<T>(<T as Config>::WeightInfo::grant_access_for(), looked_at)
		}

		/// Take back what a patient who is represented by you has granted to these doctors.
		///
		/// Callable by representatives who may revoke. An emergency stays open: the patient can close it. The
		/// chart is then due for new keys, which the patient's device makes. Emits `ActedFor`.
		#[pallet::call_index(18)]
		#[pallet::weight(with_settling::<T>(revoke_access_for_weight::<T>(doctors)))]
		pub fn revoke_access_for(
			origin: OriginFor<T>,
			patient: PatientId,
			doctors: DoctorIds,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let weight = revoke_access_for_weight::<T>(&doctors);
			let looked_at = Self::do_revoke_access_for(who, patient, doctors)?;
			used::<T>(weight, looked_at)
		}

		/// Choose what doctors may see in an emergency, and which hospitals have to confirm it.
		///
		/// Callable by verified patients. `divided` has the shares of the secret of `key` for the desks of
		/// different hospitals, and as many commitments as of them have to confirm: at least two. `set` is the
		/// whole chart or chosen records, and `duration` the time, in milliseconds, for which it is open. It
		/// replaces an earlier plan. Emits `EmergencyPlanSet`.
		#[pallet::call_index(19)]
		#[pallet::weight(
			<T as Config>::WeightInfo::set_emergency_plan(shares_in(divided), records_in(set))
		)]
		pub fn set_emergency_plan(
			origin: OriginFor<T>,
			divided: Divided,
			suite: u8,
			key: PublicKey,
			set: EmergencySet,
			duration: Moment,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_emergency_plan(who, divided, (suite, key), set, duration)
		}

		/// Give your emergency plan the chart's current key.
		///
		/// Callable by verified patients whose plan opens the whole chart, after each rotation. `plan` is the time
		/// at which the plan was set. Emits `EmergencyKeyRenewed`.
		#[pallet::call_index(20)]
		pub fn renew_emergency_key(
			origin: OriginFor<T>,
			plan: Moment,
			sealed: SealedEpoch,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_renew_emergency_key(who, plan, sealed)
		}

		/// No longer have an emergency plan.
		///
		/// Callable by patients, suspended ones too. Open emergencies close, and requests end. Emits
		/// `EmergencyPlanRemoved`.
		#[pallet::call_index(21)]
		pub fn remove_emergency_plan(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_emergency_plan(who)
		}

		/// Ask hospitals to open a patient's chart in an emergency.
		///
		/// Callable by doctors who practise, for a patient with an emergency plan. `details` is the SHA-256 of what the
		/// hospital has written down. The patient and the hospitals are told. Emits `EmergencyRequested`.
		#[pallet::call_index(22)]
		pub fn request_emergency(
			origin: OriginFor<T>,
			patient: PatientId,
			reason: EmergencyReason,
			details: [u8; 32],
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_emergency(who, patient, reason, details)
		}

		/// Confirm an emergency for your hospital.
		///
		/// Callable by registrars of a hospital that the patient has chosen. `share` is the hospital's share, sealed to
		/// version `key_version` of the doctor's key. The last confirmation that is needed opens what the patient
		/// has chosen. Emits `EmergencyConfirmed`, and then `EmergencyOpened`.
		#[pallet::call_index(23)]
		pub fn confirm_emergency(
			origin: OriginFor<T>,
			patient: PatientId,
			doctor: DoctorId,
			key_version: u32,
			share: SealedShare,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_confirm_emergency(hospital, patient, doctor, key_version, share)
		}

		/// Refuse a doctor's emergency, or close it.
		///
		/// Callable by patients, suspended ones too. The doctor keeps the shares of hospitals that have confirmed it, so
		/// choose a new plan then. Emits `EmergencyRequestEnded` or `EmergencyClosed`.
		#[pallet::call_index(24)]
		pub fn end_emergency(origin: OriginFor<T>, doctor: DoctorId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_end_emergency(who, doctor)
		}

		/// Take back your request for an emergency, or end your emergency before its time.
		///
		/// Callable by the doctor. Emits `EmergencyRequestEnded` or `EmergencyClosed`.
		#[pallet::call_index(25)]
		pub fn withdraw_emergency_request(
			origin: OriginFor<T>,
			patient: PatientId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_emergency_request(who, patient)
		}

		/// Say whether an emergency was one.
		///
		/// Callable by the patient, once for each emergency that has closed. `opened_at` is the time at which it
		/// was opened. Emits `EmergencyReviewed`.
		#[pallet::call_index(26)]
		pub fn review_emergency(
			origin: OriginFor<T>,
			doctor: DoctorId,
			opened_at: Moment,
			review: Review,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_review_emergency(who, doctor, opened_at, review)
		}
	}
}
