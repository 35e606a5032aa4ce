//! Guardians: the people and desks who together can give their ward a new account.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_guardians(
		who: T::AccountId,
		capacity: Capacity,
		divided: Divided,
		delay: Moment,
	) -> DispatchResult {
		let (person, _) = Self::verified_person_of(&who, capacity)?;
		// Without a delay there is no veto, whatever the genesis says.
		let is_allowed = delay > 0 && delay >= MinDelay::<T>::get() && delay <= T::MaxDelay::get();
		ensure!(is_allowed, Error::<T>::InvalidDelay);
		let (guardians, accounts) = Self::keepers(&divided)?;
		ensure!(!accounts.contains(&who), Error::<T>::OwnGuardian);
		Self::end_recoveries(person, RequestEnd::Refused);
		Self::forget_guardians(person);
		let Divided { commitments, secret, shares } = divided;
		for ShareFor { delegate, share, .. } in shares {
			GuardedBy::<T>::insert(delegate, person, ());
			GuardianShares::<T>::insert(person, delegate, share);
		}
		let (threshold, count) = (count_of(&commitments), count_of(&guardians));
		let set_at = Self::now();
		let set = GuardianSet { commitments, secret, guardians, delay, set_at };
		GuardianSets::<T>::insert(person, set);
		Self::deposit_event(Event::GuardiansSet { person, threshold, guardians: count, delay });
		Ok(())
	}

	pub(crate) fn do_remove_guardians(who: T::AccountId, capacity: Capacity) -> DispatchResult {
		// The account of a suspended person may be in wrong hands.
		let (person, _) = Self::verified_person_of(&who, capacity)?;
		Self::end_recoveries(person, RequestEnd::Refused);
		ensure!(Self::forget_guardians(person), Error::<T>::NoGuardians);
		Self::deposit_event(Event::GuardiansRemoved { person });
		Ok(())
	}

	/// Whether a request for a new account of the person exists that has not lapsed.
	pub(crate) fn is_in_recovery(person: Person) -> bool {
		let now = Self::now();
		// At most one for each guardian.
		Recoveries::<T>::iter_prefix(person).any(|(_, recovery)| now < recovery.ends_at)
	}

	/// Removes a person's guardians and their shares. Returns whether there were any.
	pub(crate) fn forget_guardians(person: Person) -> bool {
		let Some(set) = GuardianSets::<T>::take(person) else { return false };
		for Keeper { delegate, .. } in set.guardians {
			GuardedBy::<T>::remove(delegate, person);
			GuardianShares::<T>::remove(person, delegate);
		}
		true
	}

	/// The guardians of a person, if this one is one of them who can still open the own share.
	pub(crate) fn guardians_with(
		guardian: Delegate,
		person: Person,
	) -> Result<GuardianSet, Error<T>> {
		let set = GuardianSets::<T>::get(person).ok_or(Error::<T>::NoGuardians)?;
		let keeper = set.guardians.iter().find(|one| one.delegate == guardian);
		let keeper = keeper.ok_or(Error::<T>::NotGuardian)?;
		if let Some(own) = guardian.person() {
			let generation = T::Charts::person(own).map(|facts| facts.generation);
			ensure!(generation == Some(keeper.generation), Error::<T>::GuardianChanged);
			// Else one stolen account after another would fall, where people guard each other.
			ensure!(!Self::is_in_recovery(own), Error::<T>::GuardianInRecovery);
		}
		Ok(set)
	}

	/// Whether a keeper of a share can act now: the person is verified, was not recovered since and is not being
	/// recovered, or the hospital is active.
	pub(crate) fn is_able(keeper: &Keeper) -> bool {
		match (keeper.delegate, keeper.delegate.person()) {
			(Delegate::Desk(hospital), _) => T::Desks::is_active(hospital),
			(_, Some(person)) => {
				Self::verified(person).is_ok_and(|facts| facts.generation == keeper.generation)
					&& !Self::is_in_recovery(person)
			},
			(_, None) => false,
		}
	}

	/// Whether a guardian supports a new account for a person. A request that has lapsed keeps no guardian from the next.
	pub(crate) fn supports_any(guardian: Delegate, person: Person) -> bool {
		let now = Self::now();
		// At most one request for each guardian.
		Recoveries::<T>::iter_prefix(person)
			.any(|(_, recovery)| now < recovery.ends_at && recovery.approvals.contains(&guardian))
	}
}
