//! # Consortium
//!
//! The hospitals that run a MedBlock chain: their membership, their registrars, the seats of their
//! validators, and the powers of their council.
//!
//! ## Terminology
//!
//! - **Hospital**: an id that outlives its keys, its name and its membership.
//! - **Controller**: the one account that acts for a hospital. It is the hospital's council vote.
//! - **Registrar**: an account of the hospital's staff that verifies patients and doctors. The hospital
//!   *appoints* it, and it becomes a registrar when it *accepts*.
//! - **Institution**: a laboratory, an imaging or a records department of a hospital. Its *operators*
//!   are accounts of the hospital's staff that add records for it, where patients allow it. The hospital
//!   appoints them as it appoints registrars, and they accept. An institution has no key: it can add to
//!   a chart, and open nothing.
//! - **Vault account**: the account of a hospital's vault. It signs the receipts of what the vault gives out, and puts
//!   size and root of the vault's *log* on the chain, as an *anchor*. It may do nothing else.
//! - **Profile key**: the hospital's key to which patients' profiles are sealed. It belongs to no person:
//!   its secret is random, and sealed to the own key of each registrar. Registrars who have it are its
//!   *holders*.
//! - **Seat**: a place in the validator set. The *seat account* is derived from the hospital's id
//!   and belongs to no key. The session, offence and authorship pallets know a validator by it, so a
//!   new controller changes nothing for them.
//! - **Council**: the controllers of all active hospitals, in `pallet-collective`.
//!
//! ## Properties
//!
//! `try_state` checks these under the same names.
//!
//! - `controllers`: each active hospital has its own controller, and no account controls two hospitals.
//! - `registrars`: each registrar belongs to one active hospital, which lists it.
//! - `appointments`: only active hospitals appoint, and none appoints its own registrar.
//! - `institutions`: each open institution belongs to one active hospital, which lists it; each operator
//!   works for one open institution, which lists it; none appoints its own operator.
//! - `profile-keys`: only registrars with a key of their own hold a profile key, and they are counted;
//!   versions are numbered without a gap, and the current one's digest is its key's.
//! - `profiles`: each hospital has a profile; only active hospitals are listed as active.
//! - `seats`: no hospital is seated twice, and at least one is seated.
//! - `upgrade`: an authorized runtime upgrade has an end.
//! - `portal-releases`: no portal release is listed twice, and each has a name.
//! - `disclosure-logs`: only active hospitals have vault accounts, each its own; a hospital's last anchors are kept
//!   without a gap, and the last one is the one that the log names.
//! - `motions`: the council's members are the active hospitals' controllers; every open motion needs two thirds of
//!   the present council, and none needs fewer after the last votes ([`Motions`] checks it). Each motion has one
//!   proposer, which is a hospital. A hospital's share of them becomes smaller when others join, so it may have more.
//! - `enactments`: no more decisions wait than may, they are counted, and their numbers were given out.
//! - `paces`: only hospitals have a pace, no more than a day of it is used up, and only active ones may decide more
//!   often.
//!
//! More properties are of behaviour. Each
//! hospital has its share of the places for motions. A delayed decision is void two weeks after it was due,
//! and with it the runtime upgrade that it has authorized and that is not in force by then. It is also void
//! once a later one was carried out.
//! A hospital suspends a hundredth of its people a day, replaces the profiles of a hundredth, and verifies a
//! thousand patients and a hundred doctors, unless its controller or the council allows more.
//! There are never more active hospitals than blocks in a session. The
//! validator set changes by at most one seat a session, and the council expels no validator while
//! another is leaving. No council decision leaves fewer seated and ready hospitals than
//! [`Settings::minimum_seats`]; an equivocation may take one seat more than that, but leaves three. A
//! hospital without session keys is never seated. A hospital's log never shrinks on the chain, and no size of it
//! has two roots. Root dispatches only calls that the runtime's
//! [`Powers`] allow. No account becomes a registrar, an operator or a vault's without its own signature. Each version of a profile
//! key is sealed to exactly the registrars who have keys, by one who holds the version before, as long as
//! there is such a registrar: one who has left can't open what is sealed to later versions.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod appointments;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod config;
mod disclosures;
mod enactments;
mod errors;
mod events;
mod genesis;
mod hospitals;
mod institutions;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod migrations;
#[cfg(test)]
mod mock;
mod motions;
mod no_deposit;
mod origins;
mod paces;
mod portal_releases;
mod profile_keys;
mod queries;
mod registrars;
mod seats;
mod settings;
mod short_slots;
mod storage;
#[cfg(test)]
mod tests;
mod types;
mod upgrades;
mod void_dates;
pub mod weights;

pub use medblock_primitives::{
	DisclosureAnchor, EncryptionKey, HospitalId, InstitutionId, InstitutionKind, KeyForRegistrar,
	MAX_ANCHORS, MAX_PORTAL_RELEASES, PortalRelease, PortalVersion, ProfileKeyVersion, PublicKey,
	RegistrationMode, WrappedSecret, is_gateway,
};
pub use motions::{MotionPlace, Motions};
pub use no_deposit::NoDeposit;
pub use origins::EnsureRegistrar;
pub use paces::decisions_a_day;
pub use pallet::*;
pub use seats::Unit;
pub use settings::{MinimumPeriod, MotionDuration, SessionLength, SlotDuration};
pub use short_slots::{BlockPart, FULL_SLOT};
pub use types::*;
pub use void_dates::VoidDates;
pub use weights::WeightInfo;

/// The tag of the pallet's log lines.
const LOG_TARGET: &str = "runtime::consortium";

use frame_support::pallet_macros::import_section;

#[import_section(crate::config::config)]
#[import_section(crate::errors::errors)]
#[import_section(crate::events::events)]
#[import_section(crate::genesis::genesis)]
#[import_section(crate::storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{boxed::Box, vec::Vec};
	use frame_support::{
		dispatch::{GetDispatchInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::{ChangeMembers, InitializeMembers, Time, ValidatorRegistration, ValidatorSet},
	};
	use frame_system::pallet_prelude::*;
	use medblock_primitives::{Capacity, Moment, Paced, Roles};
	use sp_runtime::traits::{Dispatchable, IdentifyAccount, Verify, Zero};
	use sp_staking::SessionIndex;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(3);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// The weight is that of reading the settings, and of `on_timestamp_set`, which runs as a part of each
		/// block's first inherent.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::shorten_block();
			<T as Config>::WeightInfo::end_upgrade().saturating_add(T::DbWeight::get().reads(1))
		}

		fn integrity_test() {
			assert!(T::MaxHospitals::get() > 0, "a chain without hospitals has no validators");
			assert!(
				T::SilenceLimit::get() > 0,
				"no validator authors a block before its first turn"
			);
			assert!(
				T::HistoryDepth::get() > T::SilenceLimit::get(),
				"misconduct has to stay provable for longer than silence is tolerated"
			);
			assert!(
				T::MaxAppointments::get() > 0 && !T::AppointmentPeriod::get().is_zero(),
				"a hospital could not appoint registrars"
			);
			assert!(
				T::MaxInstitutions::get() > 0 && T::MaxOperators::get() > 0,
				"a hospital could have no institutions"
			);
			assert!(T::MaxMotions::get() > 0, "the council could decide nothing");
			assert!(T::EnactmentPeriod::get() > 0, "no decision could be carried out");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Admit a hospital to the consortium.
		///
		/// Callable by two thirds of the council. The hospital's controller joins the council at once;
		/// its validator is seated after it has set its session keys. Emits `HospitalAdmitted`.
		#[pallet::call_index(0)]
		pub fn admit_hospital(
			origin: OriginFor<T>,
			controller: T::AccountId,
			name: Name,
			gateway: Gateway,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_admit(controller, name, gateway)
		}

		/// Readmit a hospital that was expelled.
		///
		/// Callable by two thirds of the council. The hospital keeps its id, and has neither registrars
		/// nor session keys. Emits `HospitalReadmitted`.
		#[pallet::call_index(1)]
		pub fn readmit_hospital(
			origin: OriginFor<T>,
			hospital: HospitalId,
			controller: T::AccountId,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_readmit(hospital, controller)
		}

		/// Expel a hospital from the consortium.
		///
		/// Callable by two thirds of the council. The hospital loses its registrars, its nodes and its
		/// vote at once, and its validator within the next sessions. Its institutions are closed for ever.
		/// Emits `HospitalExpelled`. Refused with `TooFewSeats` if too few validators would remain, and
		/// with `ValidatorsChanging` while another validator is leaving.
		#[pallet::call_index(2)]
		#[pallet::weight(expel_weight::<T>(
			T::MaxRegistrars::get(),
			T::MaxInstitutions::get().saturating_mul(T::MaxOperators::get())
		))]
		pub fn expel_hospital(
			origin: OriginFor<T>,
			hospital: HospitalId,
		) -> DispatchResultWithPostInfo {
			T::CouncilOrigin::ensure_origin(origin)?;
			let (registrars, operators) = Self::do_expel(hospital)?;
			Ok(Some(expel_weight::<T>(registrars, operators)).into())
		}

		/// Change a hospital's name.
		///
		/// Callable by two thirds of the council, since people trust a hospital by its name. Emits
		/// `HospitalRenamed`.
		#[pallet::call_index(3)]
		pub fn rename_hospital(
			origin: OriginFor<T>,
			hospital: HospitalId,
			name: Name,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_rename(hospital, name)
		}

		/// Let another account act for a hospital.
		///
		/// Callable by the hospital's controller, or by two thirds of the council when the controller's
		/// key is lost. Appointments that wait to be accepted end, and so do permissions to decide about more
		/// people: the new controller gives them again. Emits `ControllerChanged`.
		#[pallet::call_index(4)]
		pub fn change_controller(
			origin: OriginFor<T>,
			hospital: HospitalId,
			new: T::AccountId,
		) -> DispatchResult {
			Self::ensure_council_or_controller_of(origin, hospital)?;
			Self::do_change_controller(hospital, new)
		}

		/// Change the address of your hospital's gateway.
		///
		/// Callable by the hospital's controller. Emits `GatewayChanged`.
		#[pallet::call_index(5)]
		pub fn set_gateway(origin: OriginFor<T>, gateway: Gateway) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_set_gateway(hospital, gateway)
		}

		/// Choose how people may register with your hospital.
		///
		/// Callable by the hospital's controller. Emits `RegistrationModeChanged`.
		#[pallet::call_index(6)]
		pub fn set_registration_mode(
			origin: OriginFor<T>,
			mode: RegistrationMode,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_set_registration_mode(hospital, mode)
		}

		/// Stop an account from verifying patients and doctors for your hospital.
		///
		/// Callable by the hospital's controller. The account no longer has the secret of the next profile
		/// key; see `publish_profile_key`. Emits `RegistrarRemoved`.
		#[pallet::call_index(9)]
		pub fn remove_registrar(origin: OriginFor<T>, registrar: T::AccountId) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_remove_registrar(hospital, registrar)
		}

		/// Take your hospital's seat back after it was benched.
		///
		/// Callable by the hospital's controller, once the node is running and synced. Emits
		/// `SeatReclaimed`.
		#[pallet::call_index(10)]
		pub fn reclaim_seat(origin: OriginFor<T>) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_reclaim_seat(hospital)
		}

		/// Give a hospital its seat back after it was suspended for conflicting votes.
		///
		/// Callable by two thirds of the council. Emits `SeatReinstated`.
		#[pallet::call_index(11)]
		pub fn reinstate_seat(origin: OriginFor<T>, hospital: HospitalId) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_reinstate_seat(hospital)
		}

		/// Have the chain itself make a call that is within the council's powers.
		///
		/// Callable by two thirds of the council. Emits `Enacted`, or `EnactmentDelayed` if the call
		/// has to wait. A call outside the council's powers is refused with `NotInCouncilPowers`.
		#[pallet::call_index(12)]
		#[pallet::weight({
			let inner = call.get_dispatch_info();
			(<T as Config>::WeightInfo::enact().saturating_add(inner.call_weight), inner.class)
		})]
		pub fn enact(
			origin: OriginFor<T>,
			call: Box<<T as Config>::RuntimeCall>,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_enact(*call)
		}

		/// Carry out a decision of the council whose delay has passed.
		///
		/// Callable by any hospital's controller. Emits `Enacted`, and `EnactmentLapsed` for each earlier decision
		/// that still waits: the later one takes its place. A decision that no hospital carried out
		/// within 14 days after its delay is void, and refused with `EnactmentVoid`. A runtime upgrade has to be
		/// put in force within the same time.
		#[pallet::call_index(13)]
		#[pallet::weight(
			<T as Config>::WeightInfo::carry_out().saturating_add(T::MaxDelayedWeight::get())
		)]
		pub fn carry_out(origin: OriginFor<T>, enactment: u32) -> DispatchResult {
			Self::ensure_controller(origin)?;
			Self::do_carry_out(enactment)
		}

		/// Call off a decision of the council that is still waiting.
		///
		/// Callable by two thirds of the council. Emits `EnactmentCalledOff`.
		#[pallet::call_index(14)]
		pub fn call_off(origin: OriginFor<T>, enactment: u32) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_call_off(enactment)
		}

		// Indices 7 and 8 were calls of earlier runtimes.

		/// Offer an account to verify patients and doctors for your hospital.
		///
		/// Callable by the hospital's controller. The account becomes a registrar when it accepts, within
		/// 1,209,600 blocks (two weeks, if a block takes a second), or as long with shorter slots. Appointing it again
		/// prolongs that.
		/// Emits `RegistrarAppointed`.
		#[pallet::call_index(20)]
		pub fn appoint_registrar(origin: OriginFor<T>, registrar: T::AccountId) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_appoint_registrar(hospital, registrar)
		}

		/// Take back the offer to an account to verify people for your hospital.
		///
		/// Callable by the hospital's controller, until the account has accepted. Emits
		/// `AppointmentWithdrawn`.
		#[pallet::call_index(21)]
		pub fn withdraw_appointment(
			origin: OriginFor<T>,
			registrar: T::AccountId,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_withdraw_appointment(hospital, registrar)
		}

		/// Accept to verify patients and doctors for a hospital.
		///
		/// Callable by the account that the hospital has appointed, also as its first transaction. `key`
		/// is the account's own X-Wing public key (suite 1), to which other registrars seal the hospital's
		/// profile key. Emits `RegistrarAdded`.
		#[pallet::call_index(22)]
		pub fn accept_appointment(
			origin: OriginFor<T>,
			hospital: HospitalId,
			suite: u8,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept_appointment(who, hospital, suite, key)
		}

		/// Stop verifying patients and doctors for your hospital.
		///
		/// Callable by registrars. Emits `RegistrarRemoved`.
		#[pallet::call_index(23)]
		pub fn resign(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_resign(who)
		}

		/// Publish your own key as a registrar, to which the hospital's profile key is sealed.
		///
		/// Callable by registrars: those of the genesis, who have none yet, and those who replace theirs.
		/// `version` is one more than that of the own key before, and 1 for the first one. `key` is an
		/// X-Wing public key (suite 1). A registrar who held the hospital's profile key loses it, until a
		/// holder seals it to the new key; a new version of it is due. Emits `RegistrarKeySet`.
		#[pallet::call_index(24)]
		pub fn set_registrar_key(
			origin: OriginFor<T>,
			version: u32,
			suite: u8,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_registrar_key(who, version, suite, key)
		}

		/// Publish the next version of the key to which patients seal their profiles for a hospital.
		///
		/// Callable by a registrar who holds the current version, or, while there is no such registrar, by
		/// any registrar or the controller of the hospital. `version` is one more than the newest one's.
		/// `previous` is the current version's secret under a key of the new one, if a registrar holds it.
		/// `sealed` is the new secret for exactly the registrars who have published keys. Emits
		/// `ProfileKeyPublished`.
		#[pallet::call_index(25)]
		#[pallet::weight(<T as Config>::WeightInfo::publish_profile_key(T::MaxRegistrars::get()))]
		pub fn publish_profile_key(
			origin: OriginFor<T>,
			hospital: HospitalId,
			version: u32,
			suite: u8,
			key: PublicKey,
			previous: Option<WrappedSecret>,
			sealed: KeysForRegistrars<T>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let key = Self::checked_key(suite, key, version)?;
			let registrars = Self::do_publish_profile_key(who, hospital, key, previous, sealed)?;
			Ok(Some(<T as Config>::WeightInfo::publish_profile_key(registrars)).into())
		}

		/// Give your hospital's profile key to registrars who do not have it yet.
		///
		/// Callable by registrars who hold the current version, whose number is `version`. `sealed` is its
		/// secret for each of the others. Emits `ProfileKeyShared`.
		#[pallet::call_index(26)]
		#[pallet::weight(<T as Config>::WeightInfo::share_profile_key(sealed.len() as u32))]
		pub fn share_profile_key(
			origin: OriginFor<T>,
			version: u32,
			sealed: KeysForRegistrars<T>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_share_profile_key(who, version, sealed)
		}

		/// List a release of the web portal that hospitals may serve.
		///
		/// Callable by two thirds of the council. `digest` is the SHA-256 of the release's
		/// `manifest.json`; `version` is a name for people, of 1 to 32 letters, digits and `.-+_`.
		/// Emits `PortalReleaseListed`.
		#[pallet::call_index(15)]
		pub fn list_portal_release(
			origin: OriginFor<T>,
			digest: [u8; 32],
			version: PortalVersion,
		) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_list_portal_release(digest, version)
		}

		/// Withdraw a release of the web portal: hospitals may not serve it any more.
		///
		/// Callable by two thirds of the council. Emits `PortalReleaseWithdrawn`. Refused with
		/// `LastPortalRelease` for the only one, because without any list hospitals serve what they
		/// have: list another first.
		#[pallet::call_index(16)]
		pub fn withdraw_portal_release(origin: OriginFor<T>, digest: [u8; 32]) -> DispatchResult {
			T::CouncilOrigin::ensure_origin(origin)?;
			Self::do_withdraw_portal_release(digest)
		}

		/// Let a hospital verify, suspend or correct more people within the next days than it otherwise may.
		///
		/// Callable by the hospital's controller, or by two thirds of the council. `number` counts in
		/// addition to the usual number a day, and in place of an earlier permission; 0 takes that back. A
		/// permission to verify counts for a week, and others for a day, unless the controller changes before.
		/// Emits `DecisionsAllowed`.
		#[pallet::call_index(30)]
		pub fn allow_decisions(
			origin: OriginFor<T>,
			hospital: HospitalId,
			what: Paced,
			capacity: Capacity,
			number: u32,
		) -> DispatchResult {
			Self::ensure_council_or_controller_of(origin, hospital)?;
			Self::do_allow_decisions(hospital, what, capacity, number)
		}

		/// Add a laboratory, an imaging or a records department to your hospital.
		///
		/// Callable by the hospital's controller. The institution may add records to the charts of
		/// patients who allow it, and can open none. Emits `InstitutionAdded`.
		#[pallet::call_index(31)]
		pub fn add_institution(
			origin: OriginFor<T>,
			kind: InstitutionKind,
			name: Name,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_add_institution(hospital, kind, name)
		}

		/// Close an institution of your hospital, for ever.
		///
		/// Callable by the hospital's controller. The institution adds no more records; what it has added
		/// stays. Emits `InstitutionClosed`.
		#[pallet::call_index(32)]
		#[pallet::weight(<T as Config>::WeightInfo::close_institution(T::MaxOperators::get()))]
		pub fn close_institution(
			origin: OriginFor<T>,
			institution: InstitutionId,
		) -> DispatchResultWithPostInfo {
			let hospital = Self::ensure_controller(origin)?;
			let operators = Self::do_close_institution(hospital, institution)?;
			Ok(Some(<T as Config>::WeightInfo::close_institution(operators)).into())
		}

		/// Offer an account to add records for an institution of your hospital.
		///
		/// Callable by the hospital's controller. The account becomes an operator when it accepts, within
		/// the time that it has as a registrar. Appointing it again prolongs that. Emits
		/// `OperatorAppointed`.
		#[pallet::call_index(33)]
		pub fn appoint_operator(
			origin: OriginFor<T>,
			institution: InstitutionId,
			operator: T::AccountId,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_appoint_operator(hospital, institution, operator)
		}

		/// Stop an account from adding records for an institution of your hospital.
		///
		/// Callable by the hospital's controller. Of an account that has not accepted yet, the appointment
		/// is withdrawn. Emits `OperatorRemoved` or `OperatorAppointmentWithdrawn`.
		#[pallet::call_index(34)]
		pub fn remove_operator(
			origin: OriginFor<T>,
			institution: InstitutionId,
			operator: T::AccountId,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_remove_operator(hospital, institution, operator)
		}

		/// Accept to add records for an institution.
		///
		/// Callable by the account that the institution's hospital has appointed, also as its first
		/// transaction. Emits `OperatorAdded`.
		#[pallet::call_index(35)]
		pub fn join_institution(
			origin: OriginFor<T>,
			institution: InstitutionId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_join_institution(who, institution)
		}

		/// Stop adding records for your institution.
		///
		/// Callable by operators. Emits `OperatorRemoved`.
		#[pallet::call_index(36)]
		pub fn leave_institution(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_leave_institution(who)
		}

		/// Choose the account of your hospital's vault, in place of the one before.
		///
		/// Callable by the hospital's controller. The account acts for no hospital yet, and has signed
		/// [`Pallet::vault_account_message`]. It signs the receipts of what the vault gives out, and may
		/// anchor the log of that. Emits `VaultAccountSet`.
		#[pallet::call_index(40)]
		pub fn set_vault_account(
			origin: OriginFor<T>,
			account: T::AccountId,
			proof: T::Signature,
		) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_set_vault_account(hospital, account, proof)
		}

		/// Put the size and root of your vault's log of disclosures on the chain.
		///
		/// Callable by the account of a hospital's vault, every ten minutes at most. The log may only grow: a
		/// smaller size is refused with `LogShrunk`, and another root of the same size with
		/// `LogRewritten`. Emits `DisclosuresAnchored`.
		#[pallet::call_index(41)]
		pub fn anchor_disclosures(
			origin: OriginFor<T>,
			size: u64,
			root: [u8; 32],
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_anchor_disclosures(who, size, root)
		}

		/// Give up your vault's log of disclosures, because it is lost, and begin another.
		///
		/// Callable by the hospital's controller. Everybody sees it: patients' and doctors' programs no longer
		/// find in the new log what was in the one before. Emits `DisclosureLogBegun`.
		#[pallet::call_index(42)]
		pub fn begin_disclosure_log(origin: OriginFor<T>) -> DispatchResult {
			let hospital = Self::ensure_controller(origin)?;
			Self::do_begin_disclosure_log(hospital)
		}
	}

	/// The weight of an expulsion with these numbers of registrars and operators.
	fn expel_weight<T: Config>(registrars: u32, operators: u32) -> Weight {
		<T as Config>::WeightInfo::expel_hospital(registrars, operators)
			.saturating_add(T::OnExpulsion::weight())
	}
}
