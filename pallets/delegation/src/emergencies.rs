//! Emergencies: a doctor asks, holders confirm, and what the patient has planned is open for a while.

use crate::*;
use alloc::{collections::BTreeMap, vec::Vec};
use core::cmp::Reverse;
use frame_support::{defensive, ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_emergency(
		who: T::AccountId,
		patient: PatientId,
		reason: EmergencyReason,
		details: [u8; 32],
	) -> DispatchResult {
		let (doctor, facts) = Self::doctor_of(&who)?;
		ensure!(T::Charts::practises(doctor), Error::<T>::NotPractising);
		let key_version = facts.key_version.ok_or(Error::<T>::KeyMissing)?;
		let plan = EmergencyPlans::<T>::get(patient).ok_or(Error::<T>::NoEmergencyPlan)?;
		let of = T::Charts::person(Person::Patient(patient)).ok_or(Error::<T>::PersonNotFound)?;
		ensure!(of.account != who, Error::<T>::OwnChart);
		let now = Self::now();
		let sees = T::Charts::sees_chart(patient, doctor)
			|| <Self as Delegates>::emergency(patient, doctor, now).is_some();
		ensure!(!sees, Error::<T>::AlreadyGranted);
		let before = EmergencyRequests::<T>::get(patient, doctor);
		let is_pending = before.as_ref().is_some_and(|before| now < before.ends_at);
		ensure!(!is_pending, Error::<T>::AlreadyAsked);
		let others: Vec<_> = EmergencyRequests::<T>::iter_prefix(patient)
			.filter(|(one, _)| *one != doctor)
			.collect();
		if count_of(&others) >= MAX_EMERGENCY_REQUESTS {
			let (other, why) = Self::making_room(&others, facts.hospital)
				.ok_or(Error::<T>::MaxRequestsExceeded)?;
			Self::end_request(patient, other, &plan, why);
		}
		match before {
			Some(_) => Self::end_request(patient, doctor, &plan, RequestEnd::Lapsed),
			None => Self::clear_closed(patient, doctor),
		}
		let ends_at = now.saturating_add(T::EmergencyRequestPeriod::get());
		let request = EmergencyRequest {
			reason,
			details,
			key_version,
			asked_at: now,
			ends_at,
			confirmed: Confirmations::default(),
		};
		EmergencyRequests::<T>::insert(patient, doctor, request);
		for hospital in desks(&plan) {
			EmergenciesAsked::<T>::insert(hospital, (patient, doctor), ());
		}
		Self::remind(Ending::Emergency(patient, doctor), ends_at);
		Self::deposit_event(Event::EmergencyRequested { patient, doctor, reason, details });
		Ok(())
	}

	/// The request that makes room for a doctor of this hospital, where as many wait as can, and the reason why it ends.
	/// One that has lapsed keeps no one waiting until a block has had time for it. Otherwise it is one of the hospital
	/// that has the most, if that has at least two more than the doctor's: else one hospital could keep all others from
	/// asking. Of its requests, the one ends that the fewest holders have confirmed, and of several the last.
	fn making_room(
		waiting: &[(DoctorId, EmergencyRequest)],
		own: HospitalId,
	) -> Option<(DoctorId, RequestEnd)> {
		let now = Self::now();
		let mut by_hospital = BTreeMap::<HospitalId, Vec<&(DoctorId, EmergencyRequest)>>::new();
		for one in waiting {
			let hospital = T::Charts::person(Person::Doctor(one.0))?.hospital;
			by_hospital.entry(hospital).or_default().push(one);
		}
		if let Some((lapsed, _)) = waiting.iter().find(|(_, request)| request.ends_at <= now) {
			return Some((*lapsed, RequestEnd::Lapsed));
		}
		let own = by_hospital.get(&own).map_or(0, |its| its.len());
		let most = by_hospital.into_values().max_by_key(|its| its.len())?;
		let last = most
			.iter()
			.min_by_key(|(_, request)| (request.confirmed.len(), Reverse(request.asked_at)))?;
		(most.len() > own.saturating_add(1)).then_some((last.0, RequestEnd::Overtaken))
	}

	pub(crate) fn do_confirm_emergency(
		hospital: HospitalId,
		patient: PatientId,
		doctor: DoctorId,
		key_version: u32,
		share: SealedShare,
	) -> DispatchResult {
		let mut plan = EmergencyPlans::<T>::get(patient).ok_or(Error::<T>::NoEmergencyPlan)?;
		ensure!(plan.is_held_by(hospital), Error::<T>::NotHolder);
		let mut request =
			EmergencyRequests::<T>::get(patient, doctor).ok_or(Error::<T>::EmergencyNotFound)?;
		let now = Self::now();
		ensure!(now < request.ends_at, Error::<T>::RequestLapsed);
		ensure!(T::Charts::practises(doctor), Error::<T>::NotPractising);
		let current = T::Charts::person(Person::Doctor(doctor)).and_then(|facts| facts.key_version);
		let is_current = current == Some(key_version) && request.key_version == key_version;
		ensure!(is_current, Error::<T>::KeyChanged);
		ensure!(share.is_well_formed(), Error::<T>::InvalidSealedKey);
		ensure!(!request.confirmed.contains(&hospital), Error::<T>::AlreadyConfirmed);
		let kept = Emergencies::<T>::get(patient);
		let has_room = !kept.is_full() || kept.iter().any(|one| !one.is_open(now));
		ensure!(has_room, Error::<T>::MaxEmergenciesExceeded);
		request.confirmed.try_push(hospital).map_err(|_| Error::<T>::NotHolder)?;
		ConfirmedShares::<T>::insert((patient, doctor), hospital, share);
		let confirmations = count_of(&request.confirmed);
		let by = hospital;
		Self::deposit_event(Event::EmergencyConfirmed { patient, doctor, by, confirmations });
		EmergenciesAsked::<T>::remove(hospital, (patient, doctor));
		plan.note_given(&request.confirmed);
		// A hospital that was expelled since does not confirm any more. Its share stays one, as do those of requests that
		// have ended, so that doctors may have enough of them before enough hospitals agree.
		let (agree, gone): (Vec<_>, Vec<_>) =
			request.confirmed.iter().copied().partition(|one| T::Desks::is_active(*one));
		if agree.len() < plan.commitments.len() {
			// If it comes back, it has to confirm again.
			for one in gone {
				EmergenciesAsked::<T>::insert(one, (patient, doctor), ());
			}
			request.confirmed = Confirmations::truncate_from(agree);
			match plan.is_given() {
				true => Self::use_plan(patient, plan),
				false => EmergencyPlans::<T>::insert(patient, plan),
			}
			EmergencyRequests::<T>::insert(patient, doctor, request);
			return Ok(());
		}
		let until = now.saturating_add(plan.duration);
		Self::unask(patient, doctor, &plan);
		EmergencyRequests::<T>::remove(patient, doctor);
		Self::use_plan(patient, plan);
		Self::open((patient, kept), doctor, request, until);
		Ok(())
	}

	/// Notes that doctors may have the secret of the plan's key. If that opens the whole chart, they learn the chart's
	/// secret: from now on files are sealed past it.
	fn use_plan(patient: PatientId, plan: EmergencyPlan) {
		EmergencyPlans::<T>::insert(patient, EmergencyPlan { used: true, ..plan });
		if let Some(EmergencySet::Chart(SealedEpoch { epoch, .. })) =
			EmergencySets::<T>::get(patient)
		{
			T::Charts::lose(patient, epoch);
		}
	}

	/// Opens what the plan opens.
	fn open(
		(patient, mut kept): (PatientId, EmergenciesOf),
		doctor: DoctorId,
		request: EmergencyRequest,
		until: Moment,
	) {
		let now = Self::now();
		let EmergencyRequest { reason, details, confirmed, .. } = request;
		let opened =
			Emergency { doctor, reason, details, confirmed, opened_at: now, until, review: None };
		// The oldest that is closed makes room.
		let closed = kept.iter().position(|one| !one.is_open(now)).filter(|_| kept.is_full());
		let dropped = closed.map(|closed| kept.remove(closed).doctor);
		if kept.try_push(opened).is_err() {
			defensive!("there was room");
		}
		if let Some(dropped) = dropped.filter(|dropped| {
			!kept.iter().any(|one| one.doctor == *dropped)
				&& !EmergencyRequests::<T>::contains_key(patient, dropped)
		}) {
			Self::clear_closed(patient, dropped);
		}
		Emergencies::<T>::insert(patient, kept);
		Self::remind(Ending::Emergency(patient, doctor), until);
		Self::deposit_event(Event::EmergencyOpened { patient, doctor, until });
	}

	pub(crate) fn do_end_emergency(who: T::AccountId, doctor: DoctorId) -> DispatchResult {
		let patient = Self::patient_of(&who)?;
		let is_ended = Self::refuse(patient, doctor) || Self::close(patient, doctor, true);
		ensure!(is_ended, Error::<T>::EmergencyNotFound);
		Ok(())
	}

	/// Whether the account's patient could end this doctor's emergency, or the request for one.
	pub fn may_end_emergency(who: &T::AccountId, doctor: DoctorId) -> bool {
		Self::patient_of(who).is_ok_and(|patient| {
			EmergencyRequests::<T>::contains_key(patient, doctor)
				|| <Self as Delegates>::emergency(patient, doctor, Self::now()).is_some()
		})
	}

	pub(crate) fn do_withdraw_emergency_request(
		who: T::AccountId,
		patient: PatientId,
	) -> DispatchResult {
		let (doctor, _) = Self::doctor_of(&who)?;
		let plan = EmergencyPlans::<T>::get(patient).ok_or(Error::<T>::EmergencyNotFound)?;
		if EmergencyRequests::<T>::contains_key(patient, doctor) {
			Self::end_request(patient, doctor, &plan, RequestEnd::TakenBack);
			return Ok(());
		}
		ensure!(Self::close(patient, doctor, false), Error::<T>::EmergencyNotFound);
		Ok(())
	}

	pub(crate) fn do_review_emergency(
		who: T::AccountId,
		doctor: DoctorId,
		opened_at: Moment,
		review: Review,
	) -> DispatchResult {
		let patient = Self::patient_of(&who)?;
		let now = Self::now();
		Emergencies::<T>::try_mutate(patient, |all| {
			let found = all
				.iter_mut()
				.find(|one| one.doctor == doctor && one.opened_at == opened_at)
				.ok_or(Error::<T>::EmergencyNotFound)?;
			ensure!(!found.is_open(now), Error::<T>::EmergencyOpen);
			ensure!(found.review.is_none(), Error::<T>::AlreadyReviewed);
			found.review = Some(review);
			Ok::<(), Error<T>>(())
		})?;
		Self::deposit_event(Event::EmergencyReviewed { patient, doctor, review });
		Ok(())
	}

	/// Ends a doctor's request by the patient's wish. Returns whether there was one.
	fn refuse(patient: PatientId, doctor: DoctorId) -> bool {
		let plan = EmergencyPlans::<T>::get(patient);
		let is_there = EmergencyRequests::<T>::contains_key(patient, doctor);
		match plan.filter(|_| is_there) {
			Some(plan) => {
				Self::end_request(patient, doctor, &plan, RequestEnd::Refused);
				true
			},
			None => false,
		}
	}

	/// Closes a doctor's open emergency, by the patient's wish or the doctor's. Returns whether there was one.
	fn close(patient: PatientId, doctor: DoctorId, by_patient: bool) -> bool {
		let now = Self::now();
		let mut all = Emergencies::<T>::get(patient);
		let open = all.iter_mut().find(|one| one.doctor == doctor && one.is_open(now));
		let Some(open) = open else { return false };
		open.until = now;
		Emergencies::<T>::insert(patient, all);
		ConfirmedShares::<T>::drain_prefix((patient, doctor)).for_each(drop);
		Self::deposit_event(Event::EmergencyClosed { patient, doctor, by_patient });
		true
	}

	/// Clears away what is left of an emergency that has closed by itself, and tells that it has.
	fn clear_closed(patient: PatientId, doctor: DoctorId) {
		if ConfirmedShares::<T>::drain_prefix((patient, doctor)).count() > 0 {
			Self::deposit_event(Event::EmergencyClosed { patient, doctor, by_patient: false });
		}
	}

	/// Closes everything that is open.
	pub(crate) fn close_all(patient: PatientId) {
		let now = Self::now();
		let open = Emergencies::<T>::get(patient).into_iter().filter(|one| one.is_open(now));
		for Emergency { doctor, .. } in open {
			Self::close(patient, doctor, true);
		}
	}

	/// Ends a request without effect.
	pub(crate) fn end_request(
		patient: PatientId,
		doctor: DoctorId,
		plan: &EmergencyPlan,
		why: RequestEnd,
	) {
		Self::unask(patient, doctor, plan);
		EmergencyRequests::<T>::remove(patient, doctor);
		ConfirmedShares::<T>::drain_prefix((patient, doctor)).for_each(drop);
		Self::deposit_event(Event::EmergencyRequestEnded { patient, doctor, why });
	}

	/// Takes a request off the lists of the holders.
	fn unask(patient: PatientId, doctor: DoctorId, plan: &EmergencyPlan) {
		for hospital in desks(plan) {
			EmergenciesAsked::<T>::remove(hospital, (patient, doctor));
		}
	}

	/// Ends a request that has lapsed, and clears away what is left of an emergency that has closed.
	pub(crate) fn sweep_emergency(patient: PatientId, doctor: DoctorId) {
		let now = Self::now();
		match EmergencyRequests::<T>::get(patient, doctor) {
			Some(request) if request.ends_at <= now => {
				if let Some(plan) = EmergencyPlans::<T>::get(patient) {
					Self::end_request(patient, doctor, &plan, RequestEnd::Lapsed);
				}
			},
			Some(_) => (),
			None => {
				let is_open = <Self as Delegates>::emergency(patient, doctor, now).is_some();
				if !is_open {
					Self::clear_closed(patient, doctor);
				}
			},
		}
	}
}

/// The hospitals that hold a plan's shares.
fn desks(plan: &EmergencyPlan) -> impl Iterator<Item = HospitalId> + '_ {
	plan.holders.iter().filter_map(|holder| match holder.delegate {
		Delegate::Desk(hospital) => Some(hospital),
		Delegate::Patient(_) | Delegate::Doctor(_) => None,
	})
}
