//! Checks of the properties that the crate's documentation names.

use crate::{agenda::hour_after, *};
use alloc::collections::BTreeSet;
use codec::Encode;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks all of them.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_guardians()?;
		Self::check_recoveries()?;
		Self::check_representatives()?;
		Self::check_plans()?;
		Self::check_emergencies()?;
		Self::check_agenda()
	}

	/// `guardians`
	fn check_guardians() -> Result<(), TryRuntimeError> {
		let mut listed = BTreeSet::new();
		for (person, set) in GuardianSets::<T>::iter() {
			let all: BTreeSet<_> = set.guardians.iter().map(|one| one.delegate).collect();
			ensure!(all.len() == set.guardians.len(), "guardians: one is named twice");
			ensure!(!all.contains(&Delegate::from(person)), "guardians: of themselves");
			ensure!(
				set.threshold() >= 2 && set.threshold() <= all.len(),
				"guardians: too few or too many have to agree"
			);
			for delegate in all {
				ensure!(
					GuardianShares::<T>::contains_key(person, delegate),
					"guardians: one has no share"
				);
				listed.insert((delegate, person).encode());
			}
		}
		ensure!(
			GuardianShares::<T>::iter_keys().count() == listed.len(),
			"guardians: a share is nobody's"
		);
		let index: BTreeSet<_> = GuardedBy::<T>::iter_keys().map(|entry| entry.encode()).collect();
		ensure!(index == listed, "guardians: the index differs");
		Ok(())
	}

	/// `recoveries`
	fn check_recoveries() -> Result<(), TryRuntimeError> {
		for (person, _, recovery) in Recoveries::<T>::iter() {
			let set = GuardianSets::<T>::get(person).ok_or("recoveries: without guardians")?;
			ensure!(!recovery.approvals.is_empty(), "recoveries: nobody supports one");
			let is_guardian =
				|one: &Delegate| set.guardians.iter().any(|guardian| guardian.delegate == *one);
			ensure!(
				recovery.approvals.iter().all(is_guardian),
				"recoveries: supported by somebody else"
			);
			let is_approved = recovery.approvals.len() >= set.threshold();
			ensure!(recovery.due.is_some() == is_approved, "recoveries: another delay");
		}
		for ((person, new), guardian) in RecoveryShares::<T>::iter_keys() {
			let recovery =
				Recoveries::<T>::get(person, &new).ok_or("recoveries: a share is for nobody")?;
			ensure!(
				recovery.approvals.contains(&guardian),
				"recoveries: a share is by somebody else"
			);
		}
		Ok(())
	}

	/// `representatives`
	fn check_representatives() -> Result<(), TryRuntimeError> {
		let mut confirmed = BTreeSet::new();
		let mut awaiting = BTreeSet::new();
		for (patient, all) in Representatives::<T>::iter() {
			ensure!(!all.is_empty(), "representatives: an empty item is stored");
			let facts = T::Charts::person(Person::Patient(patient));
			let facts = facts.ok_or("representatives: nobody is represented")?;
			for (representative, found) in all.iter() {
				ensure!(patient != *representative, "representatives: of themselves");
				ensure!(found.scopes.are_valid(), "representatives: unknown scopes");
				let has_key = RepresentativeKeys::<T>::contains_key(patient, representative);
				ensure!(has_key == found.epoch.is_some(), "representatives: another key");
				ensure!(
					!has_key || (found.confirmed && found.scopes.include(Scopes::SEE)),
					"representatives: a key for one who may not see"
				);
				ensure!(
					found.confirmed || found.asked == facts.hospital,
					"representatives: one waits for another hospital"
				);
				match found.confirmed {
					true => confirmed.insert((*representative, patient)),
					false => awaiting.insert((found.asked, (patient, *representative))),
				};
			}
		}
		for (patient, representative) in RepresentativeKeys::<T>::iter_keys() {
			ensure!(
				Self::representation(patient, representative).is_ok(),
				"representatives: a key is nobody's"
			);
		}
		let index: BTreeSet<_> = Represented::<T>::iter()
			.flat_map(|(one, patients)| patients.into_iter().map(move |patient| (one, patient)))
			.collect();
		ensure!(index == confirmed, "representatives: the index differs");
		let asked: BTreeSet<_> = AwaitingConfirmation::<T>::iter_keys().collect();
		ensure!(asked == awaiting, "representatives: others wait for their hospital");
		Ok(())
	}

	/// `plans`
	fn check_plans() -> Result<(), TryRuntimeError> {
		let mut shares = 0;
		for (patient, plan) in EmergencyPlans::<T>::iter() {
			let all: BTreeSet<_> = plan.holders.iter().map(|one| one.delegate).collect();
			ensure!(all.len() == plan.holders.len(), "plans: a holder is named twice");
			ensure!(
				plan.commitments.len() >= 2 && plan.commitments.len() <= all.len(),
				"plans: too few or too many have to confirm"
			);
			ensure!(plan.used || !plan.is_given(), "plans: doctors have its secret unnoticed");
			for delegate in all {
				let Delegate::Desk(hospital) = delegate else {
					return Err("plans: a holder is no desk".into());
				};
				ensure!(
					EmergencyShares::<T>::contains_key(patient, hospital),
					"plans: a holder has no share"
				);
				shares += 1;
			}
			let set = EmergencySets::<T>::get(patient).ok_or("plans: one has no set")?;
			if let EmergencySet::Records { records, .. } = set {
				ensure!(
					records.keys().all(|record| T::Charts::has_record(patient, *record)),
					"plans: a key of a record that is gone"
				);
			}
		}
		ensure!(EmergencyShares::<T>::iter_keys().count() == shares, "plans: a share is nobody's");
		ensure!(
			EmergencySets::<T>::iter_keys().count() == EmergencyPlans::<T>::iter_keys().count(),
			"plans: a set without a plan"
		);
		Ok(())
	}

	/// `emergencies`
	fn check_emergencies() -> Result<(), TryRuntimeError> {
		let mut asked = BTreeSet::new();
		for (patient, doctor, request) in EmergencyRequests::<T>::iter() {
			let plan = EmergencyPlans::<T>::get(patient).ok_or("emergencies: without a plan")?;
			ensure!(
				plan.used || request.confirmed.len() < plan.commitments.len(),
				"emergencies: enough have confirmed it"
			);
			ensure!(
				request.confirmed.iter().all(|one| plan.is_given_by(*one)),
				"emergencies: a share is not counted"
			);
			for Keeper { delegate, .. } in plan.holders {
				let Delegate::Desk(hospital) = delegate else { continue };
				if !request.confirmed.contains(&hospital) {
					asked.insert((hospital, (patient, doctor)));
				}
			}
		}
		let index: BTreeSet<_> = EmergenciesAsked::<T>::iter_keys().collect();
		ensure!(index == asked, "emergencies: other holders are asked");
		for ((patient, doctor), _) in ConfirmedShares::<T>::iter_keys() {
			let is_known = EmergencyRequests::<T>::contains_key(patient, doctor)
				|| Emergencies::<T>::get(patient).iter().any(|one| one.doctor == doctor);
			ensure!(is_known, "emergencies: a share is for nobody");
		}
		let now = Self::now();
		for (patient, all) in Emergencies::<T>::iter() {
			let mut doctors = BTreeSet::new();
			for open in all.into_iter().filter(|one| one.is_open(now)) {
				let doctor = open.doctor;
				let is_planned = EmergencyPlans::<T>::get(patient).is_some_and(|plan| plan.used);
				ensure!(is_planned, "emergencies: one is open by no plan that was used");
				ensure!(doctors.insert(doctor), "emergencies: two of one doctor are open");
				let has_share =
					|by: &HospitalId| ConfirmedShares::<T>::contains_key((patient, doctor), by);
				ensure!(
					open.confirmed.iter().all(has_share),
					"emergencies: one is open without its shares"
				);
			}
		}
		Ok(())
	}

	/// `agenda`
	fn check_agenda() -> Result<(), TryRuntimeError> {
		let stands = |task: Ending<T::AccountId>, end: Moment| {
			Agenda::<T>::contains_key(hour_after(end), task)
		};
		for (person, new, recovery) in Recoveries::<T>::iter() {
			let task = Ending::Recovery(person, new);
			ensure!(stands(task, recovery.ends_at), "agenda: a recovery is forgotten");
		}
		for (patient, all) in Representatives::<T>::iter() {
			for (representative, found) in all {
				let task = Ending::Representation(patient, representative);
				let lapses_at = found.named_at.saturating_add(T::ConfirmationPeriod::get());
				let ends = found.until.into_iter().chain((!found.confirmed).then_some(lapses_at));
				for end in ends {
					ensure!(stands(task.clone(), end), "agenda: a representation is forgotten");
				}
			}
		}
		for (patient, doctor, request) in EmergencyRequests::<T>::iter() {
			let task = Ending::Emergency(patient, doctor);
			ensure!(stands(task, request.ends_at), "agenda: a request is forgotten");
		}
		let now = Self::now();
		for (patient, all) in Emergencies::<T>::iter() {
			for open in all.into_iter().filter(|one| one.is_open(now)) {
				let task = Ending::Emergency(patient, open.doctor);
				ensure!(stands(task, open.until), "agenda: an emergency is forgotten");
			}
		}
		let is_late = |first: u64| Agenda::<T>::iter_keys().any(|(hour, _)| hour < first);
		ensure!(
			!FirstHour::<T>::get().map_or(Agenda::<T>::iter_keys().next().is_some(), is_late),
			"agenda: a task was passed over"
		);
		Ok(())
	}
}
