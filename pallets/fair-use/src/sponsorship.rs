//! Sponsorships: a hospital vouches for an account that is going to register with it.
//!
//! Each is between one account and one hospital, and ends at the latest when the hospital is expelled. No
//! hospital's decision touches another's: otherwise a hospital could keep people from registering with the one
//! that they want.

use crate::*;
use frame_support::{ensure, pallet_prelude::*};
use medblock_primitives::{AccountBatch, HospitalId};

impl<T: Config> Pallet<T> {
	/// Whether the hospital vouches for the account.
	pub fn is_sponsored(who: &T::AccountId, hospital: HospitalId) -> bool {
		Sponsorships::<T>::get(who, hospital)
			.is_some_and(|then| then == Departures::<T>::get(hospital))
	}

	/// Ends all sponsorships of a hospital that leaves the consortium. There may be too many to remove. An
	/// entry stays until the account registers with the hospital, or is sponsored by it again.
	pub fn hospital_left(hospital: HospitalId) {
		Departures::<T>::mutate(hospital, |count| *count = count.saturating_add(1));
		SponsoredBy::<T>::remove(hospital);
	}

	pub(crate) fn do_sponsor(hospital: HospitalId, account: T::AccountId) -> DispatchResult {
		ensure!(!Self::is_sponsored(&account, hospital), Error::<T>::AlreadySponsored);
		SponsoredBy::<T>::try_mutate(hospital, |count| {
			ensure!(*count < T::MaxSponsored::get(), Error::<T>::MaxSponsoredExceeded);
			*count = count.saturating_add(1);
			Ok::<(), DispatchError>(())
		})?;
		Sponsorships::<T>::insert(&account, hospital, Departures::<T>::get(hospital));
		Self::deposit_event(Event::AccountSponsored { hospital, account });
		Ok(())
	}

	/// Sponsors every account that can be sponsored. One that can't be keeps none of the others from it.
	pub(crate) fn do_sponsor_accounts(
		hospital: HospitalId,
		accounts: AccountBatch<T::AccountId>,
	) -> DispatchResult {
		ensure!(!accounts.is_empty(), Error::<T>::NobodyNamed);
		let mut is_any_sponsored = false;
		let mut outcome = Ok(());
		for account in accounts {
			// A refusal writes nothing.
			match Self::do_sponsor(hospital, account.clone()) {
				Ok(()) => is_any_sponsored = true,
				Err(why) => {
					Self::deposit_event(Event::SponsorshipRefused { hospital, account, why });
					// The first one's reason stays.
					outcome = outcome.and(Err(why));
				},
			}
		}
		if is_any_sponsored { Ok(()) } else { outcome }
	}

	/// The weight of sponsoring these accounts.
	pub(crate) fn sponsoring_weight(accounts: &AccountBatch<T::AccountId>) -> Weight {
		let count = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
		<T as Config>::WeightInfo::sponsor_accounts(count)
	}

	pub(crate) fn do_end_sponsorship(
		hospital: HospitalId,
		account: T::AccountId,
	) -> DispatchResult {
		ensure!(Self::is_sponsored(&account, hospital), Error::<T>::NotSponsored);
		Self::end_sponsorship_of(&account, hospital);
		Self::deposit_event(Event::SponsorshipEnded { hospital, account });
		Ok(())
	}

	/// The hospital that lets the account begin with this registration outside the open lane, and pays
	/// for it: it waits for the account, or has vouched for it and is the one that the call names.
	pub(crate) fn lane_of(who: &T::AccountId, registration: &T::RuntimeCall) -> Option<HospitalId> {
		T::Calls::expected_by(who, registration).or_else(|| {
			T::Calls::registers_with(registration)
				.filter(|hospital| Self::is_sponsored(who, *hospital))
		})
	}

	/// The hospital whose sponsorship the call uses up if it succeeds.
	pub(crate) fn sponsor_used_by(who: &T::AccountId, call: &T::RuntimeCall) -> Option<HospitalId> {
		let hospital = T::Calls::registers_with(call)?;
		T::Calls::expected_by(who, call).is_none().then_some(hospital)
	}

	/// Ends a sponsorship, if there is one. An account that has registered with the hospital needs none.
	pub(crate) fn end_sponsorship_of(who: &T::AccountId, hospital: HospitalId) {
		let was_sponsored = Sponsorships::<T>::take(who, hospital)
			.is_some_and(|then| then == Departures::<T>::get(hospital));
		if was_sponsored {
			SponsoredBy::<T>::mutate_exists(hospital, |count| {
				*count = count.and_then(|count| count.checked_sub(1)).filter(|left| *left > 0);
			});
		}
	}
}
