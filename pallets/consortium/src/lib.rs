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
//! - `profile-keys`: only registrars with a key of their own hold a profile key, and they are counted;
//!   versions are numbered without a gap, and the current one's digest is its key's.
//! - `profiles`: each hospital has a profile; only active hospitals are listed as active.
//! - `seats`: no hospital is seated twice, and at least one is seated.
//! - `portal-releases`: no portal release is listed twice, and each has a name.
//!
//! More properties are of behaviour. The council is the set of controllers of active hospitals. The
//! validator set changes by at most one seat a session, and the council expels no validator while
//! another is leaving. No council decision leaves fewer seated and ready hospitals than
//! [`Settings::minimum_seats`]; an equivocation may take one seat more than that, but leaves three. A
//! hospital without session keys is never seated. Root dispatches only calls that the runtime's
//! [`Powers`] allow. No account becomes a registrar without its own signature. Each version of a profile
//! key is sealed to exactly the registrars who have keys, by one who holds the version before, as long as
//! there is such a registrar: one who has left can't open what is sealed to later versions.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod enactments;
mod errors;
mod events;
mod hospitals;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod no_deposit;
mod origins;
mod portal_releases;
mod profile_keys;
mod queries;
mod registrars;
mod seats;
mod settings;
mod storage;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use medblock_primitives::{
	EncryptionKey, HospitalId, KeyForRegistrar, MAX_PORTAL_RELEASES, PortalRelease, PortalVersion,
	ProfileKeyVersion, PublicKey, RegistrationMode, WrappedSecret, is_gateway,
};
pub use no_deposit::NoDeposit;
pub use origins::EnsureRegistrar;
pub use pallet::*;
pub use seats::Unit;
pub use settings::{MinimumPeriod, MotionDuration, SessionLength, SlotDuration};
pub use types::*;
pub use weights::WeightInfo;

/// The tag of the pallet's log lines.
const LOG_TARGET: &str = "runtime::consortium";

use frame_support::pallet_macros::import_section;

#[import_section(crate::errors::errors)]
#[import_section(crate::events::events)]
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
	use medblock_primitives::{Moment, Roles};
	use sp_runtime::traits::{Dispatchable, Zero};
	use sp_staking::SessionIndex;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The runtime's calls. The council may have some of them dispatched as root.
		type RuntimeCall: Parameter
			+ Dispatchable<
				RuntimeOrigin = <Self as frame_system::Config>::RuntimeOrigin,
				PostInfo = PostDispatchInfo,
			> + GetDispatchInfo;

		/// The origin of at least two thirds of the council.
		type CouncilOrigin: EnsureOrigin<<Self as frame_system::Config>::RuntimeOrigin>;

		/// The council. The pallet keeps its members equal to the active hospitals' controllers.
		type Council: ChangeMembers<Self::AccountId> + InitializeMembers<Self::AccountId>;

		/// The root calls that the council may make, and their delays.
		type Powers: Powers<<Self as Config>::RuntimeCall, BlockNumberFor<Self>>;

		/// The current session, and the validators that have registered keys for the next.
		type Sessions: ValidatorSet<Self::AccountId, ValidatorId = Self::AccountId>
			+ ValidatorRegistration<Self::AccountId>;

		/// Past sessions' validators, and their keys.
		type History: SessionHistory<Self::AccountId>;

		/// The receiver of news about accounts that act for hospitals.
		type Roles: Roles<Self::AccountId>;

		/// The consequences of a hospital's departure.
		type OnExpulsion: OnExpulsion<Self::AccountId>;

		/// The maximum number of active hospitals. Bounds the council, the validator set and every loop
		/// here.
		#[pallet::constant]
		type MaxHospitals: Get<u32>;

		/// The maximum number of registrars of one hospital.
		#[pallet::constant]
		type MaxRegistrars: Get<u32>;

		/// The maximum number of appointments of one hospital that wait to be accepted.
		#[pallet::constant]
		type MaxAppointments: Get<u32>;

		/// The number of blocks in which an account can accept an appointment.
		#[pallet::constant]
		type AppointmentPeriod: Get<BlockNumberFor<Self>>;

		/// The maximum number of council decisions that wait at the same time.
		#[pallet::constant]
		type MaxPending: Get<u32>;

		/// The maximum weight of a call that waits. The transaction that carries it out declares this
		/// weight.
		#[pallet::constant]
		type MaxDelayedWeight: Get<Weight>;

		/// The number of sessions in which a seated validator may author nothing before it is benched.
		#[pallet::constant]
		type SilenceLimit: Get<SessionIndex>;

		/// The number of sessions for which past validator sets are kept, as proof of misconduct.
		#[pallet::constant]
		type HistoryDepth: Get<SessionIndex>;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// The session keys and calls for the measurements.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self::AccountId, <Self as Config>::RuntimeCall>;
	}

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The consortium's choices.
		pub settings: Settings,
		/// The founding hospitals, which get the ids 0, 1, 2 …
		pub hospitals: Vec<Founder<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::found(self.settings, &self.hospitals);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
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
		/// vote at once, and its validator within the next sessions. Emits `HospitalExpelled`. Refused
		/// with `TooFewSeats` if too few validators would remain, and with `ValidatorsChanging` while
		/// another validator is leaving.
		#[pallet::call_index(2)]
		#[pallet::weight(<T as Config>::WeightInfo::expel_hospital(T::MaxRegistrars::get())
			.saturating_add(T::OnExpulsion::weight()))]
		pub fn expel_hospital(
			origin: OriginFor<T>,
			hospital: HospitalId,
		) -> DispatchResultWithPostInfo {
			T::CouncilOrigin::ensure_origin(origin)?;
			let registrars = Self::do_expel(hospital)?;
			let used = <T as Config>::WeightInfo::expel_hospital(registrars)
				.saturating_add(T::OnExpulsion::weight());
			Ok(Some(used).into())
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
		/// key is lost. Emits `ControllerChanged`.
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
		/// Callable by any hospital's controller. Emits `Enacted`.
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
		/// 1,209,600 blocks (two weeks, if a block takes a second). Appointing it again prolongs that.
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
	}
}
