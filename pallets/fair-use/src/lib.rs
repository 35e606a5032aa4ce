//! # Fair use
//!
//! Transactions on MedBlock are free, and still no account can fill its blocks or its disks: what is cheap
//! to multiply gets nothing. Each verified person has an allowance, all staff of a hospital share one, and
//! so do all newcomers. Allowances refill with time. The pallet also checks nonces, since both checks read
//! and write the same item. Wallets know the one transaction extension for both, [`FairUse`], as
//! `CheckNonce`.
//!
//! ## Accounts and their limits
//!
//! | account | may | bounded by |
//! |---|---|---|
//! | without a person: new, rejected, lapsed | register, if that would succeed | the open lane, one allowance for all of them |
//! | the same, sponsored by a hospital, or appointed by it as a registrar | register, or accept | the hospital's allowance |
//! | a person's who waits to be verified | correct the own profile | the smallest allowance |
//! | a verified patient's or doctor's | make all allowed calls | its own allowance |
//! | a suspended person's | take access away | the same |
//! | a hospital's: controller, registrar, operator | make all allowed calls | the hospital's one allowance, and its share of each block |
//! | its vault's | anchor the log of disclosures, when the chain takes an anchor | the same |
//!
//! ## Properties
//!
//! - A refused transaction changes nothing: `validate` only reads, `prepare` writes.
//! - An account's entry is never removed, so no transaction is ever valid twice.
//! - A person who has used up the allowance can still revoke access, rotate the chart's key, and stop a
//!   change of account: a reserve serves these alone, and revocations and stops come first in every block.
//!   They are never charged to a hospital.
//! - A thief of an account's key can't keep its owner from undoing what the thief did: with the reserve spent
//!   as well, a call that undoes another one runs into debt. Each needs another call to undo, which the debt
//!   delays. Staff owe a full allowance at most, since their hospital pays for what they could undo. So in the
//!   long run no account gets more than its allowance.
//! - A hospital's staff can't use up what its controller needs to stop them: a reserve serves the
//!   controller alone, whose transactions come before those of the staff.
//! - An account without allowance cannot shorten a block: its transactions fail with an error of their
//!   own when a block is made, and not as if the block were full. A hospital that has had its share of a
//!   block can't either, and its transactions stay in the pool.
//! - Nothing depends on the number of blocks in a day, except the share of each block.
//! - `sponsored`: how many accounts each hospital sponsors equals what is stored since its last departure
//!   (`try_state`). None of the sponsorships before that counts, also if the hospital comes back.
//! - `within-capacity`: no hospital has used more than its allowance and its controller's reserve, and
//!   the open lane not more than its allowance (`try_state`).
//! - `roles`: an account has exactly the roles that people and hospitals have given it, and is a suspended
//!   person's as long as that person is suspended (`try_state`).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod allowance;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod crowd;
mod extension;
pub mod migrations;
#[cfg(test)]
mod mock;
mod policy;
mod roles;
mod sponsorship;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use allowance::*;
pub use crowd::Crowd;
pub use extension::{ALLOWANCE_SPENT, FairUse};
pub use pallet::*;
pub use policy::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{pallet_prelude::*, traits::Time};
	use frame_system::pallet_prelude::*;
	use medblock_primitives::{AccountBatch, HospitalId, Moment};
	use sp_runtime::{Perbill, traits::UniqueSaturatedInto};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

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

		/// The hospitals that pay for accounts.
		type Payers: Payers<Self::AccountId>;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// The allowances of all that use the chain.
		#[pallet::constant]
		type Allowances: Get<Allowances>;

		/// The number of units that each byte of a transaction takes.
		#[pallet::constant]
		type UnitsPerByte: Get<u32>;

		/// A hospital's share of each full block.
		#[pallet::constant]
		type HospitalShare: Get<Share>;

		/// The part of a full block that each block of the chain may hold.
		type BlockPart: Get<Perbill>;

		/// The number of transactions that an account may have waiting, as the node counts them that is asked.
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

	/// The use of the open lane, by accounts that begin without a sponsor.
	#[pallet::storage]
	pub type OpenLane<T> = StorageValue<_, LaneUse, ValueQuery>;

	/// The use of hospitals' allowances, and of their shares of blocks. Ids are sequential and cannot be
	/// chosen, hence no cryptographic hash. One entry for each hospital that has ever acted.
	#[pallet::storage]
	pub type HospitalUses<T> = StorageMap<_, Twox64Concat, HospitalId, HospitalUse, ValueQuery>;

	/// The accounts for which hospitals have vouched and that have not registered with them yet, and the
	/// hospital's [`Departures`] at that time: a sponsorship counts as long as these are the same.
	/// Registrars choose the accounts, hence a cryptographic hash. At most `MaxSponsored` for each hospital,
	/// and as many for each of its departures.
	#[pallet::storage]
	pub type Sponsorships<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		HospitalId,
		u32,
		OptionQuery,
	>;

	/// The number of sponsored accounts of each hospital.
	#[pallet::storage]
	pub type SponsoredBy<T> = StorageMap<_, Twox64Concat, HospitalId, u32, ValueQuery>;

	/// The number of times that each hospital has left the consortium. One entry for each that has.
	#[pallet::storage]
	pub type Departures<T> = StorageMap<_, Twox64Concat, HospitalId, u32, ValueQuery>;

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
		/// A hospital named the account among several to sponsor, and it could not be sponsored.
		SponsorshipRefused {
			/// The hospital that does not newly vouch.
			hospital: HospitalId,
			/// The account that was named.
			account: T::AccountId,
			/// The reason, as `sponsor` would have given it.
			why: DispatchError,
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
		/// The call names no account.
		NobodyNamed,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let all = T::Allowances::get();
			let Allowances { open_lane, pending, patient, doctor, hospital, .. } = all;
			assert!(
				[open_lane, pending, patient, doctor, hospital].iter().all(|one| one.a_day() > 0),
				"an allowance that never refills locks people out"
			);
			assert!(
				pending.a_day() < patient.a_day()
					&& patient.a_day() < doctor.a_day()
					&& doctor.a_day() < hospital.a_day(),
				"more trusted accounts may use more"
			);
			let own = [pending, patient, doctor].map(|one| one.capacity).into_iter().max();
			// With the debt: see `AccountData::may_owe`.
			let most = own
				.unwrap_or_default()
				.saturating_mul(2)
				.saturating_add(all.revocation_reserve.into());
			assert!(most <= u64::from(u32::MAX), "an account's used units have 32 bits");
			assert!(T::UnitsPerByte::get() > 0, "every node keeps each byte for ever");
			let Share { computation, length } = T::HospitalShare::get();
			assert!(computation > 0 && length > 0, "a hospital without a share can't act");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The units that an account can still use: its own, or those of its hospital.
		pub fn remaining(account: T::AccountId) -> Remaining {
			let data = frame_system::Account::<T>::get(&account).data;
			let paying = Self::payer(&account, &data)
				.map(|hospital| (hospital, HospitalUses::<T>::get(hospital)));
			Self::remaining_of(&data, paying, Self::now())
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Vouch for an account, so that its registration does not have to wait for other new ones.
		///
		/// Callable by registrars. Counts for registrations with this hospital, which pays for them, also
		/// if it accepts only sponsored accounts. Several hospitals may sponsor one account. Emits
		/// `AccountSponsored`.
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

		/// Vouch for several accounts at once, so that their registrations do not have to wait.
		///
		/// Callable by registrars, for up to 128 accounts. Emits `AccountSponsored` or `SponsorshipRefused` for
		/// each account; the latter gives the reason. Fails with the first account's reason if no account could be
		/// sponsored. Each account counts as in `sponsor`.
		#[pallet::call_index(2)]
		#[pallet::weight(Pallet::<T>::sponsoring_weight(accounts))]
		pub fn sponsor_accounts(
			origin: OriginFor<T>,
			accounts: AccountBatch<T::AccountId>,
		) -> DispatchResult {
			let hospital = T::RegistrarOrigin::ensure_origin(origin)?;
			Self::do_sponsor_accounts(hospital, accounts)
		}
	}

	impl<T: Config> Pallet<T> {
		/// The current block's number.
		pub(crate) fn block() -> u32 {
			frame_system::Pallet::<T>::block_number().unique_saturated_into()
		}

		/// The chain's time, in seconds since 1970.
		pub(crate) fn now() -> u32 {
			u32::try_from(T::Time::now() / 1_000).unwrap_or(u32::MAX)
		}

		/// A hospital's share of a block of this chain.
		pub(crate) fn hospital_share() -> Share {
			let part = T::BlockPart::get();
			let Share { computation, length } = T::HospitalShare::get();
			Share { computation: part * computation, length: part * length }
		}

		/// The hospital that pays for the account, if it acts for one.
		pub(crate) fn payer(who: &T::AccountId, data: &AccountData) -> Option<HospitalId> {
			if data.roles.is_staff() { T::Payers::payer(who) } else { None }
		}

		/// The number of units that the accounts of a hospital that has used this can use at `now`, with this reserve.
		pub(crate) fn left_of_hospital(used: &HospitalUse, reserve: u32, now: u32) -> u64 {
			let allowance = T::Allowances::get().hospital;
			let most = allowance.capacity.saturating_add(reserve.into());
			most.saturating_sub(used.used_at(now, &allowance))
		}

		/// The units that are left at `now` to an account for which this hospital pays, which has used this; or none does.
		pub(crate) fn remaining_of(
			data: &AccountData,
			paying: Option<(HospitalId, HospitalUse)>,
			now: u32,
		) -> Remaining {
			let all = T::Allowances::get();
			let own = data.allowance(&all);
			let own_used = u64::from(data.used_at(now, &all));
			let (Allowance { capacity, refill }, used) = match &paying {
				Some((_, used)) => (all.hospital, used.used_at(now, &all.hospital)),
				None => (own, own_used),
			};
			let for_revocation = own.capacity.saturating_add(all.revocation_reserve.into());
			Remaining {
				capacity,
				left: capacity.saturating_sub(used),
				debt: used.saturating_sub(capacity),
				refill,
				left_for_revocation: for_revocation.saturating_sub(own_used),
				debt_for_revocation: own_used.saturating_sub(for_revocation),
				own,
				hospital: paying.map(|(hospital, _)| hospital),
				units_per_byte: T::UnitsPerByte::get(),
			}
		}

		#[cfg(any(feature = "try-runtime", test))]
		pub(crate) fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			use alloc::collections::BTreeMap;
			let mut counted = BTreeMap::new();
			for (_, hospital, then) in Sponsorships::<T>::iter() {
				let now = Departures::<T>::get(hospital);
				ensure!(then <= now, "sponsored: after a departure that was not");
				if then == now {
					let count = counted.entry(hospital).or_insert(0u32);
					*count = count.saturating_add(1);
				}
			}
			let stored: BTreeMap<_, _> = SponsoredBy::<T>::iter().collect();
			ensure!(counted == stored, "sponsored: the counts differ");
			let Allowances { hospital, open_lane, controller_reserve, .. } = T::Allowances::get();
			let most = hospital.capacity.saturating_add(controller_reserve.into());
			ensure!(
				HospitalUses::<T>::iter_values().all(|one| one.used <= most)
					&& OpenLane::<T>::get().used <= open_lane.capacity,
				"within-capacity: more was used than there is"
			);
			for (who, account) in frame_system::Account::<T>::iter() {
				let given = T::Payers::roles(&who);
				ensure!(
					given.is_none_or(|given| given == account.data.roles),
					"roles: an account has others than it was given"
				);
			}
			Ok(())
		}
	}
}
