//! # Fair use
//!
//! Nobody pays on MedBlock, and nobody can fill its blocks: each account has an allowance that
//! refills with time, by what it is verified or appointed as. The pallet also holds the nonce check,
//! since both read and write the same item: one transaction extension, [`FairUse`], that to wallets
//! is the `CheckNonce` they know.
//!
//! ## Who may transact
//!
//! | account | may | bounded by |
//! |---|---|---|
//! | never seen | register, as its first transaction, if that would succeed | the open lane: some a block |
//! | never seen, sponsored by a registrar | the same | what registrars may sponsor |
//! | registered, nobody yet | everything allowed | the smallest allowance |
//! | verified patient, verified doctor, hospital | everything allowed | their allowance |
//!
//! ## Properties
//!
//! - A refused transaction changes nothing: `validate` only reads, `prepare` writes.
//! - An account's entry is never removed, so that no transaction is ever valid twice.
//! - Whoever has used up their allowance can still revoke: there is a reserve for that alone, and
//!   revocations come first in every block.
//! - A spent account cannot shorten a block: what it sends fails with its own error when a block is
//!   made, and not as if the block were full.
//! - `sponsored`: how many accounts each hospital sponsors equals what is stored (`try_state`).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod extension;
#[cfg(test)]
mod mock;
mod roles;
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
		/// A registrar of an active hospital; gives the hospital.
		type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = HospitalId>;

		/// Which calls are for whom.
		type Calls: CallPolicy<Self::AccountId, <Self as frame_system::Config>::RuntimeCall>;

		/// How much each class of accounts may use.
		#[pallet::constant]
		type Allowances: Get<Allowances>;

		/// How many accounts that nobody vouches for may begin in one block.
		#[pallet::constant]
		type OpenLane: Get<u32>;

		/// How many transactions an account may have waiting.
		#[pallet::constant]
		type NonceWindow: Get<u32>;

		/// The most accounts that a hospital can sponsor before they have registered.
		#[pallet::constant]
		type MaxSponsored: Get<u32>;

		/// Measured weights.
		type WeightInfo: WeightInfo;

		/// What the measurements need of the rest of the runtime.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self>;
	}

	/// How many accounts began in this block without a sponsor.
	#[pallet::storage]
	pub type OpenLaneUsed<T> = StorageValue<_, u32, ValueQuery>;

	/// Accounts that a hospital has vouched for and that have not registered yet. Chosen by
	/// registrars, hence a cryptographic hash. At most `MaxSponsored` for each hospital.
	#[pallet::storage]
	pub type Sponsored<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HospitalId, OptionQuery>;

	/// How many of these each hospital has.
	#[pallet::storage]
	pub type SponsoredBy<T> = StorageMap<_, Twox64Concat, HospitalId, u32, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A hospital vouches for an account that is going to register.
		AccountSponsored {
			/// The hospital.
			hospital: HospitalId,
			/// The account.
			account: T::AccountId,
		},
		/// A hospital no longer vouches for an account that has not registered.
		SponsorshipEnded {
			/// The hospital.
			hospital: HospitalId,
			/// The account.
			account: T::AccountId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// This hospital vouches for the account already.
		AlreadySponsored,
		/// The hospital does not vouch for this account.
		NotSponsored,
		/// The hospital vouches for as many accounts as it may; some have to register first.
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
				"who is trusted more may use more"
			);
			assert!(
				[registered, patient, doctor, hospital].iter().all(|class| class.recovery > 0),
				"an allowance that never comes back locks people out"
			);
			assert!(T::OpenLane::get() > 0, "somebody has to be the first");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What an account may still use, in units: microseconds of computation and bytes.
		pub fn remaining(account: T::AccountId) -> Remaining {
			Self::remaining_of(&frame_system::Account::<T>::get(account).data)
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Vouch for an account, so that its registration does not have to wait for other new ones.
		///
		/// For registrars. Replaces the word of another hospital. Also lets it register with a hospital that takes in nobody else. Emits
		/// `AccountSponsored`.
		#[pallet::call_index(0)]
		pub fn sponsor(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_sponsor(hospital, account)
		}

		/// No longer vouch for an account that has not registered.
		///
		/// For registrars of the hospital that did. Emits `SponsorshipEnded`.
		#[pallet::call_index(1)]
		pub fn end_sponsorship(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_end_sponsorship(hospital, account)
		}
	}

	impl<T: Config> Pallet<T> {
		fn do_sponsor(hospital: HospitalId, account: T::AccountId) -> DispatchResult {
			let before = Sponsored::<T>::get(&account);
			ensure!(before != Some(hospital), Error::<T>::AlreadySponsored);
			SponsoredBy::<T>::try_mutate(hospital, |count| {
				ensure!(*count < T::MaxSponsored::get(), Error::<T>::MaxSponsoredExceeded);
				*count = count.saturating_add(1);
				Ok::<(), DispatchError>(())
			})?;
			// Another hospital's word is replaced, or it could keep people from this one.
			Self::forget_sponsor(&account);
			Sponsored::<T>::insert(&account, hospital);
			Self::deposit_event(Event::AccountSponsored { hospital, account });
			Ok(())
		}

		fn do_end_sponsorship(hospital: HospitalId, account: T::AccountId) -> DispatchResult {
			let sponsor = Sponsored::<T>::get(&account);
			ensure!(sponsor == Some(hospital), Error::<T>::NotSponsored);
			Self::forget_sponsor(&account);
			Self::deposit_event(Event::SponsorshipEnded { hospital, account });
			Ok(())
		}

		/// Whoever has registered needs no sponsor any more.
		pub(crate) fn forget_sponsor(account: &T::AccountId) {
			if let Some(hospital) = Sponsored::<T>::take(account) {
				SponsoredBy::<T>::mutate_exists(hospital, |count| {
					*count = count.and_then(|count| count.checked_sub(1)).filter(|left| *left > 0);
				});
			}
		}

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
			for hospital in Sponsored::<T>::iter_values() {
				let count = counted.entry(hospital).or_insert(0u32);
				*count = count.saturating_add(1);
			}
			let stored: BTreeMap<_, _> = SponsoredBy::<T>::iter().collect();
			ensure!(counted == stored, "sponsored: the counts differ");
			Ok(())
		}
	}
}
