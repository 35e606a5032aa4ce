//! Recovery: guardians give their ward a new account.
//!
//! The order protects the data, too, and not only the account: first enough guardians approve, then the ward has
//! time to veto, and only after that do guardians hand over their shares. So a thief who has deceived guardians has
//! nothing yet when the ward notices.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use sp_runtime::traits::Verify;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_recovery(
		guardian: Delegate,
		person: Person,
		new: T::AccountId,
		suite: u8,
		key: PublicKey,
		proof: T::Signature,
	) -> DispatchResult {
		Self::guardians_with(guardian, person)?;
		let message = Self::recovery_message(person, &new, suite, &key);
		ensure!(proof.verify(&message[..], &new), Error::<T>::InvalidProof);
		check_public_key(suite, &key).map_err(Error::<T>::from)?;
		Self::ensure_free(person, &new)?;
		Self::end_lapsed(person);
		ensure!(!Self::supports_any(guardian, person), Error::<T>::SupportsAnother);
		let is_new = !Recoveries::<T>::contains_key(person, &new);
		ensure!(is_new, Error::<T>::AlreadyRequested);
		let key_digest = Self::digest_of(&key);
		let now = Self::now();
		let ends_at = now.saturating_add(T::ApprovalPeriod::get());
		let recovery = Recovery {
			suite,
			key,
			requested_at: now,
			due: None,
			ends_at,
			approvals: BoundedVec::truncate_from(alloc::vec![guardian]),
		};
		Recoveries::<T>::insert(person, &new, recovery);
		Self::remind(Ending::Recovery(person, new.clone()), ends_at);
		Self::deposit_event(Event::RecoveryRequested { person, new, key_digest, by: guardian });
		Ok(())
	}

	pub(crate) fn do_approve_recovery(
		who: T::AccountId,
		guardian: Delegate,
		person: Person,
		new: T::AccountId,
		key_digest: [u8; 32],
	) -> DispatchResult {
		let set = Self::guardians_with(guardian, person)?;
		let mut recovery = Self::live_recovery(person, &new)?;
		ensure!(Self::digest_of(&recovery.key) == key_digest, Error::<T>::KeyChanged);
		ensure!(!Self::has_approved(&who, &recovery), Error::<T>::AlreadyApproved);
		ensure!(!Self::supports_any(guardian, person), Error::<T>::SupportsAnother);
		recovery.approvals.try_push(guardian).map_err(|_| Error::<T>::AlreadyApproved)?;
		if recovery.due.is_none() && recovery.approvals.len() >= set.threshold() {
			let due = Self::now().saturating_add(set.delay);
			recovery.due = Some(due);
			recovery.ends_at = due.saturating_add(T::ApprovalPeriod::get());
			Self::remind(Ending::Recovery(person, new.clone()), recovery.ends_at);
		}
		let (approvals, due) = (count_of(&recovery.approvals), recovery.due);
		Recoveries::<T>::insert(person, &new, recovery);
		Self::deposit_event(Event::RecoveryApproved { person, new, by: guardian, approvals, due });
		Ok(())
	}

	pub(crate) fn do_withdraw_approval(
		guardian: Delegate,
		person: Person,
		new: T::AccountId,
	) -> DispatchResult {
		// Else one that has lapsed would begin anew with those who are left.
		let mut recovery = Self::live_recovery(person, &new)?;
		let before = recovery.approvals.len();
		recovery.approvals.retain(|one| *one != guardian);
		ensure!(recovery.approvals.len() < before, Error::<T>::NotApproved);
		RecoveryShares::<T>::remove((person, new.clone()), guardian);
		if recovery.approvals.is_empty() {
			Self::end_recovery(person, new, RequestEnd::Unsupported);
			return Ok(());
		}
		let threshold = GuardianSets::<T>::get(person).map_or(usize::MAX, |set| set.threshold());
		if recovery.approvals.len() < threshold && recovery.due.take().is_some() {
			recovery.ends_at = Self::now().saturating_add(T::ApprovalPeriod::get());
			Self::remind(Ending::Recovery(person, new.clone()), recovery.ends_at);
		}
		let approvals = count_of(&recovery.approvals);
		Recoveries::<T>::insert(person, &new, recovery);
		let by = guardian;
		Self::deposit_event(Event::RecoveryApprovalWithdrawn { person, new, by, approvals });
		Ok(())
	}

	/// The chain can't tell a share from garbage. The new device does, by the commitments, and the guardian may
	/// send another.
	pub(crate) fn do_hand_over_share(
		guardian: Delegate,
		person: Person,
		new: T::AccountId,
		share: SealedShare,
	) -> DispatchResult {
		Self::guardians_with(guardian, person)?;
		let recovery = Self::live_recovery(person, &new)?;
		ensure!(recovery.approvals.contains(&guardian), Error::<T>::NotApproved);
		Self::ensure_due(person, &recovery)?;
		ensure!(share.is_well_formed(), Error::<T>::InvalidSealedKey);
		RecoveryShares::<T>::insert((person, new.clone()), guardian, share);
		Self::deposit_event(Event::ShareHandedOver { person, new, by: guardian });
		Ok(())
	}

	/// Whether the account could finish this recovery now, as far as that doesn't depend on the new keys. Writes
	/// nothing.
	pub fn can_finish(who: &T::AccountId, person: Person) -> DispatchResult {
		let recovery = Self::live_recovery(person, who)?;
		Self::ensure_due(person, &recovery)?;
		Self::verified(person)?;
		Self::ensure_free(person, who)?;
		Ok(())
	}

	/// Whether the account has asked for this recovery. Writes nothing.
	pub fn can_cancel(who: &T::AccountId, person: Person) -> DispatchResult {
		Self::recovery(person, who)?;
		Ok(())
	}

	/// The hospital that answers for the person that the account is to recover, so that it pays for the account.
	pub fn expects(who: &T::AccountId, person: Person) -> Option<HospitalId> {
		Recoveries::<T>::contains_key(person, who)
			.then(|| T::Charts::person(person))
			.flatten()
			.map(|facts| facts.hospital)
			.filter(|hospital| T::Desks::is_active(*hospital))
	}

	/// Whether the account controls this person, and the other account is to take them over.
	pub fn may_veto(who: &T::AccountId, person: Person, new: &T::AccountId) -> bool {
		Recoveries::<T>::contains_key(person, new)
			&& T::Charts::person(person).is_some_and(|facts| facts.account == *who)
	}

	pub(crate) fn do_finish_recovery(
		who: T::AccountId,
		person: Person,
		with: NewSecrets,
	) -> DispatchResult {
		Self::can_finish(&who, person)?;
		let old = Self::verified(person)?.account;
		T::Charts::recover(person, who.clone(), with)?;
		RecoveryShares::<T>::drain_prefix((person, who.clone())).for_each(drop);
		Recoveries::<T>::remove(person, &who);
		Self::end_recoveries(person, RequestEnd::Overtaken);
		// Their shares open a root that opens nothing new.
		Self::forget_guardians(person);
		if let Person::Patient(patient) = person {
			Self::forget_acting_key(patient);
			Self::forget_plan(patient);
		}
		Self::deposit_event(Event::Recovered { person, old, new: who });
		Ok(())
	}

	pub(crate) fn do_veto_recovery(
		who: T::AccountId,
		person: Person,
		new: T::AccountId,
	) -> DispatchResult {
		let facts = T::Charts::person(person).ok_or(Error::<T>::PersonNotFound)?;
		ensure!(facts.account == who, Error::<T>::NotInControl);
		Self::recovery(person, &new)?;
		Self::end_recovery(person, new, RequestEnd::Refused);
		Ok(())
	}

	pub(crate) fn do_cancel_recovery(who: T::AccountId, person: Person) -> DispatchResult {
		Self::recovery(person, &who)?;
		Self::end_recovery(person, who, RequestEnd::TakenBack);
		Ok(())
	}

	/// Ends all requests for a person.
	pub(crate) fn end_recoveries(person: Person, why: RequestEnd) {
		// At most one for each guardian.
		let all: alloc::vec::Vec<_> = Recoveries::<T>::iter_key_prefix(person).collect();
		for new in all {
			Self::end_recovery(person, new, why);
		}
	}

	/// Ends a request without effect.
	pub(crate) fn end_recovery(person: Person, new: T::AccountId, why: RequestEnd) {
		RecoveryShares::<T>::drain_prefix((person, new.clone())).for_each(drop);
		Recoveries::<T>::remove(person, &new);
		Self::deposit_event(Event::RecoveryEnded { person, new, why });
	}

	/// Ends the requests for a person that have lapsed: they keep no guardian waiting until a block has had time for them.
	fn end_lapsed(person: Person) {
		let now = Self::now();
		// At most one for each guardian.
		let lapsed: alloc::vec::Vec<_> = Recoveries::<T>::iter_prefix(person)
			.filter(|(_, recovery)| recovery.ends_at <= now)
			.map(|(new, _)| new)
			.collect();
		for new in lapsed {
			Self::end_recovery(person, new, RequestEnd::Lapsed);
		}
	}

	/// Ends a request that has lapsed.
	pub(crate) fn sweep_recovery(person: Person, new: T::AccountId) {
		let ends_at = Recoveries::<T>::get(person, &new).map(|recovery| recovery.ends_at);
		if ends_at.is_some_and(|end| end <= Self::now()) {
			Self::end_recovery(person, new, RequestEnd::Lapsed);
		}
	}

	/// A request, which may have lapsed.
	fn recovery(person: Person, new: &T::AccountId) -> Result<Recovery, Error<T>> {
		Recoveries::<T>::get(person, new).ok_or(Error::<T>::RecoveryNotFound)
	}

	/// A request that has not lapsed.
	fn live_recovery(person: Person, new: &T::AccountId) -> Result<Recovery, Error<T>> {
		let recovery = Self::recovery(person, new)?;
		ensure!(Self::now() < recovery.ends_at, Error::<T>::RequestLapsed);
		Ok(recovery)
	}

	/// Whether enough guardians have approved, and the ward has had time to veto. An approval counts as long as the
	/// guardian could still give it: not by a hospital that was expelled since, or a person who was suspended or
	/// recovered, or is being recovered.
	fn ensure_due(person: Person, recovery: &Recovery) -> Result<(), Error<T>> {
		let due = recovery.due.ok_or(Error::<T>::TooFewApprovals)?;
		ensure!(due <= Self::now(), Error::<T>::DelayNotOver);
		let set = GuardianSets::<T>::get(person).ok_or(Error::<T>::NoGuardians)?;
		let counts =
			|one: &&Keeper| recovery.approvals.contains(&one.delegate) && Self::is_able(one);
		let is_approved = set.guardians.iter().filter(counts).count() >= set.threshold();
		ensure!(is_approved, Error::<T>::TooFewApprovals);
		Ok(())
	}

	/// Whether one of the guardians that the account is has approved it: a patient, a doctor, or a desk. They were
	/// different people when they were chosen, and may have come to share an account since. It has one vote.
	fn has_approved(who: &T::AccountId, recovery: &Recovery) -> bool {
		let people = [Capacity::Patient, Capacity::Doctor]
			.into_iter()
			.filter_map(|capacity| T::Charts::controlled_by(who, capacity))
			.map(Delegate::from);
		let desk = Self::desk_of(who).map(Delegate::Desk);
		people.chain(desk).any(|own| recovery.approvals.contains(&own))
	}

	/// Whether the account can take the person over: it controls none of this kind, and is no guardian's. A
	/// guardian would recover the ward to themselves.
	fn ensure_free(person: Person, new: &T::AccountId) -> Result<(), Error<T>> {
		let of = |capacity| T::Charts::controlled_by(new, capacity);
		let same = match person {
			Person::Patient(_) => Capacity::Patient,
			Person::Doctor(_) => Capacity::Doctor,
		};
		let guards = |own: Option<Person>| {
			own.is_some_and(|own| GuardedBy::<T>::contains_key(Delegate::from(own), person))
		};
		let is_desks = || {
			Self::desk_of(new)
				.is_some_and(|desk| GuardedBy::<T>::contains_key(Delegate::Desk(desk), person))
		};
		let is_taken = of(same).is_some()
			|| guards(of(Capacity::Patient))
			|| guards(of(Capacity::Doctor))
			|| is_desks();
		ensure!(!is_taken, Error::<T>::AccountTaken);
		Ok(())
	}
}
