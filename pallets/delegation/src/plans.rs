//! Emergency plans: what a patient lets doctors see in an emergency, and which hospitals have to confirm it.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_emergency_plan(
		who: T::AccountId,
		divided: Divided,
		(suite, key): (u8, PublicKey),
		set: EmergencySet,
		duration: Moment,
	) -> DispatchResult {
		let patient = Self::verified_patient_of(&who)?;
		check_public_key(suite, &key).map_err(Error::<T>::from)?;
		let is_allowed = duration > 0 && duration <= T::MaxEmergencyDuration::get();
		ensure!(is_allowed, Error::<T>::InvalidDuration);
		let are_desks =
			divided.shares.iter().all(|share| matches!(share.delegate, Delegate::Desk(_)));
		ensure!(are_desks, Error::<T>::NotDesk);
		let (holders, _) = Self::keepers(&divided)?;
		let whole = Self::ensure_set(patient, &set)?;
		Self::forget_plan(patient);
		let Divided { commitments, secret, shares } = divided;
		for ShareFor { delegate, share, .. } in shares {
			if let Delegate::Desk(hospital) = delegate {
				EmergencyShares::<T>::insert(patient, hospital, share);
			}
		}
		let (threshold, count) = (count_of(&commitments), count_of(&holders));
		let set_at = Self::now();
		let plan = EmergencyPlan {
			commitments,
			secret,
			suite,
			key,
			holders,
			duration,
			set_at,
			used: false,
		};
		EmergencyPlans::<T>::insert(patient, plan);
		EmergencySets::<T>::insert(patient, set);
		Self::deposit_event(Event::EmergencyPlanSet {
			patient,
			threshold,
			holders: count,
			whole,
			duration,
		});
		Ok(())
	}

	/// Whether a set is one that can be opened. Returns whether it is the whole chart.
	fn ensure_set(patient: PatientId, set: &EmergencySet) -> Result<bool, Error<T>> {
		match set {
			EmergencySet::Chart(SealedEpoch { epoch, key }) => {
				ensure!(key.is_well_formed(), Error::<T>::InvalidSealedKey);
				ensure!(T::Charts::epoch(patient) == Some(*epoch), Error::<T>::StaleEpoch);
				Ok(true)
			},
			EmergencySet::Records { key, records } => {
				ensure!(key.is_well_formed(), Error::<T>::InvalidSealedKey);
				let are_there = !records.is_empty()
					&& records.keys().all(|record| T::Charts::has_record(patient, *record));
				ensure!(are_there, Error::<T>::InvalidEmergencySet);
				Ok(false)
			},
		}
	}

	/// If an emergency is open by this plan, its doctor is not given the new secret: the plan has to be replaced first.
	pub(crate) fn do_renew_emergency_key(
		who: T::AccountId,
		plan: Moment,
		sealed: SealedEpoch,
	) -> DispatchResult {
		let patient = Self::verified_patient_of(&who)?;
		let found = EmergencyPlans::<T>::get(patient).ok_or(Error::<T>::NoEmergencyPlan)?;
		// A doctor has the secret of a plan that was used.
		ensure!(found.set_at == plan && !found.used, Error::<T>::NoEmergencyPlan);
		let is_whole = matches!(EmergencySets::<T>::get(patient), Some(EmergencySet::Chart(_)));
		ensure!(is_whole, Error::<T>::NotWholeChart);
		let set = EmergencySet::Chart(sealed);
		Self::ensure_set(patient, &set)?;
		let epoch = match &set {
			EmergencySet::Chart(SealedEpoch { epoch, .. }) => *epoch,
			EmergencySet::Records { .. } => return Err(Error::<T>::NotWholeChart.into()),
		};
		EmergencySets::<T>::insert(patient, set);
		Self::deposit_event(Event::EmergencyKeyRenewed { patient, epoch });
		Ok(())
	}

	pub(crate) fn do_remove_emergency_plan(who: T::AccountId) -> DispatchResult {
		let patient = Self::patient_of(&who)?;
		ensure!(Self::forget_plan(patient), Error::<T>::NoEmergencyPlan);
		Ok(())
	}

	/// Whether the account's patient has a plan, which it can remove.
	pub fn has_plan(who: &T::AccountId) -> bool {
		Self::patient_of(who).is_ok_and(EmergencyPlans::<T>::contains_key)
	}

	/// Removes a patient's plan, with its shares, its requests, and what is open by it. Returns whether there was one.
	pub(crate) fn forget_plan(patient: PatientId) -> bool {
		let Some(plan) = EmergencyPlans::<T>::take(patient) else { return false };
		// At most `MAX_EMERGENCY_REQUESTS`.
		let asked: alloc::vec::Vec<_> = EmergencyRequests::<T>::iter_key_prefix(patient).collect();
		for doctor in asked {
			Self::end_request(patient, doctor, &plan, RequestEnd::Overtaken);
		}
		Self::close_all(patient);
		EmergencySets::<T>::remove(patient);
		for Keeper { delegate, .. } in plan.holders {
			if let Delegate::Desk(hospital) = delegate {
				EmergencyShares::<T>::remove(patient, hospital);
			}
		}
		Self::deposit_event(Event::EmergencyPlanRemoved { patient });
		true
	}
}
