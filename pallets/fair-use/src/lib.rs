//! # Fair use
//!
//! Transactions on MedBlock are free, and still no account can fill its blocks: each account has an
//! allowance that refills with time. Its size depends on the account's roles. The pallet also checks
//! nonces, since both checks read and write the same item. Wallets know the one transaction extension
//! for both, [`FairUse`], as `CheckNonce`.
//!
//! ## Accounts and their limits
//!
//! | account | may | bounded by |
//! |---|---|---|
//! | new | register, as its first transaction, if that would succeed | the open lane: some accounts a block |
//! | new, sponsored by a hospital | register likewise with that hospital | the number of accounts that a hospital may sponsor |
//! | new, appointed as a registrar | accept likewise | the number of a hospital's appointments |
//! | registered, not verified yet | make all allowed calls | the smallest allowance |
//! | verified patient, verified doctor, hospital | make all allowed calls | the allowance of its role |
//!
//! ## Properties
//!
//! - A refused transaction changes nothing: `validate` only reads, `prepare` writes.
//! - An account's entry is never removed, so no transaction is ever valid twice.
//! - A patient who has used up their allowance can still revoke access: a reserve serves this alone,
//!   and revocations come first in every block.
//! - An account without allowance cannot shorten a block: its transactions fail with an error of their
//!   own when a block is made, and not as if the block were full.
//! - `sponsored`: how many accounts each hospital sponsors equals what is stored (`try_state`).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod extension;
#[cfg(test)]
mod mock;
mod roles;
mod sponsorship;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use extension::{ALLOWANCE_SPENT, FairUse};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use medblock_primitives::HospitalId;
	use sp_runtime::traits::UniqueSaturatedInto;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<AccountData = AccountData, RuntimeEvent: From<Event<Self>>>
	{
		/// The origin of a registrar of an active hospital. Its success is the hospital.
		type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = HospitalId>;

		/// The runtime's policy about calls.
		type Calls: CallPolicy<Self::AccountId, <Self as frame_system::Config>::RuntimeCall>;

		/// The allowance of each class of accounts.
		#[pallet::constant]
		type Allowances: Get<Allowances>;

		/// The number of accounts without a sponsor that may begin in one block.
		#[pallet::constant]
		type OpenLane: Get<u32>;

		/// The number of transactions that an account may have waiting.
		#[pallet::constant]
		type NonceWindow: Get<u32>;

		/// The maximum number of accounts that a hospital can sponsor before they have registered.
		#[pallet::constant]
		type MaxSponsored: Get<u32>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// The parts of the runtime that the measurements need.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self>;
	}

	/// The number of accounts that began in this block without a sponsor.
	#[pallet::storage]
	pub type OpenLaneUsed<T> = StorageValue<_, u32, ValueQuery>;

	/// The accounts for which hospitals have vouched and that have not registered with them yet.
	/// Registrars choose them, hence a cryptographic hash. At most `MaxSponsored` for each hospital.
	#[pallet::storage]
	pub type Sponsorships<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		HospitalId,
		(),
		OptionQuery,
	>;

	/// The number of sponsored accounts of each hospital.
	#[pallet::storage]
	pub type SponsoredBy<T> = StorageMap<_, Twox64Concat, HospitalId, u32, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A hospital vouches for an account that is going to register.
		AccountSponsored {
			/// The hospital that vouches.
			hospital: HospitalId,
			/// The sponsored account.
			account: T::AccountId,
		},
		/// A hospital no longer vouches for an account that has not registered.
		SponsorshipEnded {
			/// The hospital that had vouched.
			hospital: HospitalId,
			/// The account that was sponsored.
			account: T::AccountId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The hospital already vouches for this account.
		AlreadySponsored,
		/// The hospital does not vouch for this account.
		NotSponsored,
		/// The hospital vouches for the maximum number of accounts; some have to register first.
		MaxSponsoredExceeded,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			OpenLaneUsed::<T>::kill();
			T::DbWeight::get().writes(1)
		}

		fn integrity_test() {
			let Allowances { registered, patient, doctor, hospital, .. } = T::Allowances::get();
			assert!(
				registered.capacity < patient.capacity
					&& patient.capacity < doctor.capacity
					&& doctor.capacity < hospital.capacity,
				"more trusted accounts may use more"
			);
			assert!(
				[registered, patient, doctor, hospital].iter().all(|class| class.recovery > 0),
				"an allowance that never refills locks people out"
			);
			assert!(T::OpenLane::get() > 0, "the first account has no sponsor");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The units that an account can still use: microseconds of computation, and bytes.
		pub fn remaining(account: T::AccountId) -> Remaining {
			Self::remaining_of(&frame_system::Account::<T>::get(account).data)
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Vouch for an account, so that its registration does not have to wait for other new ones.
		///
		/// Callable by registrars. Counts for registrations with this hospital, also if that accepts only
		/// sponsored accounts. Several hospitals may sponsor one account. Emits `AccountSponsored`.
		#[pallet::call_index(0)]
		pub fn sponsor(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_sponsor(hospital, account)
		}

		/// Stop vouching for an account that has not registered with your hospital.
		///
		/// Callable by registrars of the sponsoring hospital. Emits `SponsorshipEnded`.
		#[pallet::call_index(1)]
		pub fn end_sponsorship(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_end_sponsorship(hospital, account)
		}
	}

	impl<T: Config> Pallet<T> {
		/// The current block's number.
		pub(crate) fn now() -> u32 {
			frame_system::Pallet::<T>::block_number().unique_saturated_into()
		}

		pub(crate) fn remaining_of(data: &AccountData) -> Remaining {
			let all = T::Allowances::get();
			let Allowance { capacity, recovery } = data.allowance(&all);
			let used = data.used_at(Self::now(), &all);
			Remaining {
				capacity,
				left: capacity.saturating_sub(used),
				recovery,
				left_for_revocation: capacity
					.saturating_add(all.revocation_reserve)
					.saturating_sub(used),
			}
		}

		#[cfg(any(feature = "try-runtime", test))]
		pub(crate) fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			use alloc::collections::BTreeMap;
			let mut counted = BTreeMap::new();
			for (_, hospital, ()) in Sponsorships::<T>::iter() {
				let count = counted.entry(hospital).or_insert(0u32);
				*count = count.saturating_add(1);
			}
			let stored: BTreeMap<_, _> = SponsoredBy::<T>::iter().collect();
			ensure!(counted == stored, "sponsored: the counts differ");
			Ok(())
		}
	}
}
