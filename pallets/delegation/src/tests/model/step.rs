//! Each thing that happens, done on chain and in the model.

use super::{
	op::Op,
	reference::{DESKS, Holder, Model, ModelRecovery, ModelRepresentation, ModelRequest},
};
use crate::{mock::*, *};
use frame_support::dispatch::DispatchResultWithPostInfo;
use sp_runtime::DispatchResult;
use std::collections::BTreeSet;

fn id(number: u32) -> PatientId {
	PatientId(number)
}

/// Does it on chain and in the model, and checks that both agree on whether it works.
pub(super) fn step(model: &mut Model, op: Op) {
	model.notice();
	let what = op.clone();
	let agree = |done: DispatchResult, expected: bool| {
		assert_eq!(done.is_ok(), expected, "{what:?}: {done:?}");
		expected
	};
	let plain = |done: DispatchResultWithPostInfo| done.map(|_| ()).map_err(|why| why.error);
	match op {
		Op::Pass(hours) => pass(u64::from(hours) * HOUR),
		Op::Idle => {
			// Whatever lapses then had lapsed for the rules before.
			idle_blocks();
			for entry in &mut model.patients {
				entry.recovery = entry.recovery.take().filter(|one| !is_swept(one.ends));
				entry.asked.retain(|_, one| !is_swept(one.ends));
				let (holders, all) = (&mut entry.holders, &mut entry.representatives);
				all.retain(|other, one| {
					let lapses = one.named_at + ConfirmationPeriod::get();
					let is_over =
						one.until.is_some_and(is_swept) || (!one.confirmed && is_swept(lapses));
					if is_over && holders.remove(&Holder::Other(*other)) {
						holders.insert(Holder::Gone);
					}
					!is_over
				});
			}
		},
		Op::Suspend(patient) => {
			let done = MedicalRecords::suspend_patient(registrar(NORTH), id(patient));
			if agree(done, model.at(patient).verified) {
				model.at_mut(patient).verified = false;
				model.loses_others(patient);
			}
		},
		Op::Reinstate(patient) => {
			let done = MedicalRecords::reinstate_patient(registrar(NORTH), id(patient));
			if agree(done, !model.at(patient).verified) {
				model.at_mut(patient).verified = true;
			}
		},
		Op::Grant { patient, doctor } => {
			let (number, key) = (id(patient), key_for(DoctorId(doctor)));
			let epoch = model.at(patient).epoch;
			let done = MedicalRecords::grant_access(by(number), epoch, key, true, None);
			if agree(plain(done), model.at(patient).verified) {
				granted(model, patient, doctor);
			}
		},
		Op::Revoke { patient, doctor } => {
			let doctors = vec![DoctorId(doctor)].try_into().unwrap();
			let done = MedicalRecords::revoke_access(by(id(patient)), doctors, None);
			agree(plain(done), true);
			model.at_mut(patient).grants.remove(&doctor);
		},
		Op::Rotate(patient) => {
			let number = id(patient);
			let done = MedicalRecords::rotate_chart_key(by(number), rotation(number));
			agree(plain(done), true);
			model.rotated(patient);
		},
		Op::Name { patient, other, scopes, hours } => {
			let scopes = Scopes(scopes);
			let until = hours.map(|hours| now() + u64::from(hours) * HOUR);
			let origin = by(id(patient));
			let done = Delegation::name_representative(origin, id(other), scopes, until);
			let entry = model.at(patient);
			let before = entry.representatives.get(&other);
			let fits = entry.verified
				&& model.at(other).verified
				&& patient != other
				&& scopes.are_valid()
				&& before.is_none_or(|one| one.is_over());
			if agree(done, fits) {
				ended(model, patient, other);
				let (named_at, confirmed, key) = (now(), false, 0);
				let named = ModelRepresentation { scopes, until, named_at, confirmed, key };
				model.at_mut(patient).representatives.insert(other, named);
			}
		},
		Op::Confirm { patient, other } => {
			let named = model.at(patient).representatives.get(&other);
			let (scopes, until) = named.map_or((Scopes(15), None), |one| (one.scopes, one.until));
			let digest = <Delegation as Delegates>::key_digest(id(other)).unwrap_or_default();
			let (origin, one, two) = (registrar(NORTH), id(patient), id(other));
			let done = Delegation::confirm_representative(origin, one, two, scopes, until, digest);
			let key = model.at(other).key;
			let fits = model.at(patient).verified
				&& model.at(other).verified
				&& key > 0 && named.is_some_and(|one| !one.is_over() && one.key != key);
			if agree(done, fits) {
				let named = model.at_mut(patient).representatives.get_mut(&other).unwrap();
				(named.confirmed, named.key) = (true, key);
			}
		},
		Op::Seal { patient, other } => {
			let entry = model.at(patient);
			let key = model.at(other).key;
			let is_confirmed = entry.representatives.get(&other).is_some_and(|one| {
				let may_see = one.confirmed && !one.is_over() && one.scopes.include(Scopes::SEE);
				may_see && key > 0 && one.key == key
			});
			let fits = entry.verified && model.at(other).verified && is_confirmed;
			if agree(seals_to(id(patient), id(other)), fits) {
				model.at_mut(patient).holders.insert(Holder::Other(other));
			}
		},
		Op::NewKey(patient) => {
			let done = Delegation::set_acting_key(by(id(patient)), 1, x_wing_key(4));
			if agree(done, model.at(patient).verified) {
				let entry = model.at_mut(patient);
				entry.keys += 1;
				entry.key = entry.keys;
			}
		},
		Op::End { patient, other } => {
			let done = Delegation::end_representation(by(id(patient)), id(other));
			let is_there = model.at(patient).representatives.contains_key(&other);
			if agree(done, is_there) {
				ended(model, patient, other);
			}
		},
		Op::Resign { patient, other } => {
			let done = Delegation::resign_representation(by(id(other)), id(patient));
			let is_there = model.at(patient).representatives.contains_key(&other);
			if agree(done, is_there) {
				ended(model, patient, other);
			}
		},
		Op::RevokeFor { patient, other, doctor } => {
			let doctors = vec![DoctorId(doctor)].try_into().unwrap();
			let done = Delegation::revoke_access_for(by(id(other)), id(patient), doctors);
			if agree(plain(done), model.may(patient as usize, other, Scopes::REVOKE)) {
				model.at_mut(patient).grants.remove(&doctor);
			}
		},
		Op::GrantFor { patient, other, doctor } => {
			let (number, key) = (id(patient), key_for(DoctorId(doctor)));
			let (origin, epoch) = (by(id(other)), model.at(patient).epoch);
			let done = Delegation::grant_access_for(origin, number, epoch, key, true, None);
			let may = model.may(patient as usize, other, Scopes::GRANT);
			if agree(plain(done), may && model.at(patient).verified) {
				granted(model, patient, doctor);
			}
		},
		Op::AddFor { patient, other } => {
			let number = id(patient);
			let (origin, named) = (by(id(other)), recipients(number));
			let entry = model.at(patient);
			let epoch = entry.epoch + u32::from(entry.is_lost);
			let done = Delegation::add_records_for(origin, number, epoch, new_records(1), named);
			let may = model.may(patient as usize, other, Scopes::ADD);
			agree(plain(done), may && entry.verified);
		},
		Op::Approve { patient, desk } => approve(model, patient, desk, agree),
		Op::Withdraw { patient, desk } => {
			let new = model.at(patient).recovery.as_ref().map_or(9_999, |one| one.new);
			let done = withdraws(Delegate::Desk(DESKS[desk as usize]), id(patient), new);
			let recovery = model.at(patient).recovery.as_ref();
			let fits =
				recovery.is_some_and(|one| now() < one.ends && one.approvals.contains(&desk));
			if agree(done, fits) {
				let slot = &mut model.at_mut(patient).recovery;
				let one = slot.as_mut().unwrap();
				one.approvals.remove(&desk);
				if one.approvals.len() < 2 && one.due.take().is_some() {
					one.ends = now() + ApprovalPeriod::get();
				}
				if one.approvals.is_empty() {
					*slot = None;
				}
			}
		},
		Op::Veto(patient) => {
			let new = model.at(patient).recovery.as_ref().map_or(9_999, |one| one.new);
			let done = Delegation::veto_recovery(by(id(patient)), id(patient).into(), new);
			if agree(done, model.at(patient).recovery.is_some()) {
				model.at_mut(patient).recovery = None;
			}
		},
		Op::Finish(patient) => {
			let entry = model.at(patient);
			let new = entry.recovery.as_ref().map_or(9_999, |one| one.new);
			let fits = entry.verified
				&& entry
					.recovery
					.as_ref()
					.is_some_and(|one| now() < one.ends && one.due.is_some_and(|due| due <= now()));
			if agree(finishes(new, id(patient)), fits) {
				model.rotated(patient);
				model.loses_others(patient);
				model.without_plan(patient);
				for entry in &mut model.patients {
					if let Some(one) = entry.representatives.get_mut(&patient) {
						one.key = 0;
					}
				}
				let entry = model.at_mut(patient);
				(entry.account, entry.key, entry.guarded) = (new, 0, false);
				entry.recovery = None;
			}
		},
		Op::Guardians(patient) => {
			let desks = DESKS.map(Delegate::Desk);
			let done = chooses_guardians(id(patient), 2, &desks);
			if agree(done, model.at(patient).verified) {
				let entry = model.at_mut(patient);
				(entry.guarded, entry.recovery) = (true, None);
			}
		},
		Op::Plan(patient) => {
			if agree(plans(id(patient), 2, &DESKS), model.at(patient).verified) {
				model.without_plan(patient);
				let entry = model.at_mut(patient);
				entry.plan = Some(entry.epoch);
			}
		},
		Op::RemovePlan(patient) => {
			let done = Delegation::remove_emergency_plan(by(id(patient)));
			if agree(done, model.at(patient).plan.is_some()) {
				model.without_plan(patient);
			}
		},
		Op::Ask { patient, doctor } => {
			let done = asks_for_emergency(DoctorId(doctor), id(patient));
			let entry = model.at(patient);
			let is_pending = entry.asked.get(&doctor).is_some_and(|one| now() < one.ends);
			let fits = entry.plan.is_some() && !is_pending && !model.sees(patient as usize, doctor);
			if agree(done, fits) {
				let ends = now() + EmergencyRequestPeriod::get();
				let request = ModelRequest { confirmed: BTreeSet::new(), ends };
				model.at_mut(patient).asked.insert(doctor, request);
			}
		},
		Op::ConfirmEmergency { patient, doctor, desk } => {
			let hospital = DESKS[desk as usize];
			let done = confirms_emergency(hospital, id(patient), DoctorId(doctor));
			let asked = model.at(patient).asked.get(&doctor);
			let fits = asked.is_some_and(|one| now() < one.ends && !one.confirmed.contains(&desk));
			if agree(done, fits) {
				let entry = model.at_mut(patient);
				let asked = entry.asked.get_mut(&doctor).unwrap();
				asked.confirmed.insert(desk);
				if asked.confirmed.len() == 2 {
					entry.asked.remove(&doctor);
					entry.open.insert(doctor, now() + DAY);
				}
				// Whether for one doctor or for several, and whatever has become of the requests.
				entry.given.insert(desk);
				if entry.given.len() >= 2 && entry.plan == Some(entry.epoch) {
					entry.holders.insert(Holder::Gone);
				}
			}
		},
		Op::EndEmergency { patient, doctor } => {
			let done = Delegation::end_emergency(by(id(patient)), DoctorId(doctor));
			closed(model, patient, doctor, |fits| agree(done, fits));
		},
		Op::LeaveEmergency { patient, doctor } => {
			let by_doctor = by(DoctorId(doctor));
			let done = Delegation::withdraw_emergency_request(by_doctor, id(patient));
			closed(model, patient, doctor, |fits| agree(done, fits));
		},
	}
}

/// A doctor's request ends, or else the emergency.
fn closed(model: &mut Model, patient: u32, doctor: u32, agrees: impl FnOnce(bool) -> bool) {
	let entry = model.at_mut(patient);
	let is_open = entry.open.get(&doctor).is_some_and(|until| now() < *until);
	let is_asked = entry.asked.contains_key(&doctor);
	if agrees(is_asked || is_open) {
		if is_asked {
			entry.asked.remove(&doctor);
		} else {
			entry.open.remove(&doctor);
		}
	}
}

/// A desk asks for a new account, or approves the one that is asked for.
fn approve(
	model: &mut Model,
	patient: u32,
	desk: u32,
	agree: impl Fn(DispatchResult, bool) -> bool,
) {
	let guardian = Delegate::Desk(DESKS[desk as usize]);
	let is_guarded = model.at(patient).guarded;
	let Some(one) = model.at(patient).recovery.clone() else {
		model.accounts += 1;
		let new = model.accounts;
		if agree(requests(guardian, id(patient), new), is_guarded) {
			let (approvals, due) = (BTreeSet::from([desk]), None);
			let ends = now() + ApprovalPeriod::get();
			let recovery = ModelRecovery { new, approvals, due, ends };
			model.at_mut(patient).recovery = Some(recovery);
		}
		return;
	};
	let fits = now() < one.ends && !one.approvals.contains(&desk);
	if agree(approves(guardian, id(patient), one.new), fits) {
		let one = model.at_mut(patient).recovery.as_mut().unwrap();
		one.approvals.insert(desk);
		if one.due.is_none() && one.approvals.len() >= 2 {
			let due = now() + DAY;
			(one.due, one.ends) = (Some(due), due + ApprovalPeriod::get());
		}
	}
}

fn granted(model: &mut Model, patient: u32, doctor: u32) {
	let entry = model.at_mut(patient);
	entry.grants.insert(doctor);
	entry.holders.insert(Holder::Doctor(doctor));
}

/// Someone no longer acts for a patient. What they have they have lost.
fn ended(model: &mut Model, patient: u32, other: u32) {
	let entry = model.at_mut(patient);
	entry.representatives.remove(&other);
	if entry.holders.remove(&Holder::Other(other)) {
		entry.holders.insert(Holder::Gone);
	}
}

/// Whether blocks with time to spare have ended what ended then.
fn is_swept(end: Moment) -> bool {
	crate::agenda::hour_after(end) <= now() / HOUR
}
