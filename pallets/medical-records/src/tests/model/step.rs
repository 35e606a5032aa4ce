//! Each thing that happens, done on chain and in the model.

mod deposits;
mod grants;
mod moves;
mod records;
mod standing;

use super::{
	op::Op,
	people,
	reference::{Model, ModelGrant},
	vaults,
};
use crate::{mock::*, *};
use frame_support::dispatch::DispatchResultWithPostInfo;
use sp_runtime::DispatchResult;

/// Does it on chain and in the model, and checks that both agree on whether it works.
pub(super) fn step(model: &mut Model, op: Op) {
	model.notice();
	let what = &op.clone();
	match op {
		Op::Pass(hours) => pass(u64::from(hours) * DAY / 24),
		Op::Wait => pass(RegistrationPeriod::get()),
		Op::Idle => idle(model),
		Op::RegisterPatient => standing::register_patient(model),
		Op::RegisterDoctor => standing::register_doctor(model),
		Op::VerifyPatient(id) | Op::RejectPatient(id) => standing::answer_patient(model, what, id),
		Op::SuspendPatient(id) | Op::ReinstatePatient(id) => {
			standing::suspend_or_reinstate_patient(model, what, id);
		},
		Op::VerifyDoctor(id, licence) => standing::verify_doctor(model, what, id, licence),
		Op::RejectDoctor(id) | Op::SuspendDoctor(id) | Op::ReinstateDoctor(id) => {
			standing::change_doctors_standing(model, what, id);
		},
		Op::Licence(id, until) => standing::set_licence(model, what, id, until),
		Op::ChangeKey(id) => standing::change_key(model, what, id),
		Op::ConfirmKey(id) => standing::confirm_key(model, what, id),
		Op::Move(id, to_east) => moves::move_at_once(model, what, id, to_east),
		Op::Ask(id, to_east) => moves::ask(model, what, id, to_east),
		Op::Answer { doctor, east, takes_in } => moves::answer(model, what, doctor, east, takes_in),
		Op::HospitalLeaves(east) => moves::hospital_leaves(model, east),
		Op::HospitalReturns(east) => moves::hospital_returns(model, east),
		Op::ReadRecipients(patient) => records::read_recipients(model, patient),
		Op::Add { patient, stale, named } => records::add(model, what, patient, stale, named),
		Op::Append { patient, doctor, stale, note, named } => {
			records::append(model, what, patient, doctor, stale, note, named);
		},
		Op::UpdateProfile { patient, stale, named } => {
			records::update_profile(model, what, patient, stale, named);
		},
		Op::RemoveProfile(patient) => records::remove_profile(model, what, patient),
		Op::Withdraw { patient, record, count } => {
			records::withdraw(model, what, patient, record, count);
		},
		Op::Grant { patient, doctor, may_append, hours } => {
			grants::grant(model, what, patient, doctor, may_append, hours);
		},
		Op::Share { patient, doctor, record, new_key, may_append } => {
			grants::share(model, what, patient, doctor, record, new_key, may_append);
		},
		Op::Unshare { patient, doctor, record } => {
			grants::unshare(model, what, patient, doctor, record);
		},
		Op::RenewBudget { patient, doctor } => grants::renew_budget(model, what, patient, doctor),
		Op::Revoke { patient, doctor, rotation } => {
			grants::revoke(model, what, patient, doctor, rotation);
		},
		Op::Rotate { patient, mistake } => grants::rotate(model, what, patient, mistake),
		Op::Relinquish { patients, doctor } => grants::relinquish(model, what, patients, doctor),
		Op::People(op) => people::step(model, op),
		Op::Vaults(op) => vaults::step(model, op),
		Op::CloseInstitution(institution) => deposits::close_institution(model, institution),
		Op::AllowDeposit { patient, institution, hours } => {
			deposits::allow(model, what, patient, institution, hours);
		},
		Op::EndDeposit { patient, institution } => {
			deposits::end(model, what, patient, institution);
		},
		Op::Deposit { patient, institution, stale, note, named } => {
			deposits::deposit(model, what, patient, institution, stale, note, named);
		},
	}
	model.notice();
}

/// Checks that a step works if the model expects it, and only then.
fn agree(what: &Op, done: DispatchResult, expected: bool) -> bool {
	assert_eq!(done.is_ok(), expected, "{what:?}: {done:?}");
	expected
}

fn outcome(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(|_| ()).map_err(|refused| refused.error)
}

fn patient_origin(id: u32) -> RuntimeOrigin {
	match Patients::<Test>::get(PatientId(id)) {
		Some(found) => signed(found.registration.account),
		None => signed(9_999),
	}
}

fn doctor_origin(id: u32) -> RuntimeOrigin {
	match Doctors::<Test>::get(DoctorId(id)) {
		Some(found) => signed(found.registration.account),
		None => signed(9_999),
	}
}

/// Ends as the chain takes them.
fn after(hours: Option<u8>) -> Option<Moment> {
	hours.map(|hours| now() + u64::from(hours) * DAY / 24)
}

/// A block's spare time, in which the chain lets go of what is over.
fn idle(model: &mut Model) {
	idle_block();
	people::idle(model);
	for doctor in model.doctors.values_mut() {
		doctor.asked = doctor.asked.filter(|(_, until)| now() < *until);
	}
	// The model leaves lapses to the chain.
	model.patients.retain(|id, _| Patients::<Test>::contains_key(PatientId(*id)));
	model.doctors.retain(|id, _| Doctors::<Test>::contains_key(DoctorId(*id)));
	for entry in model.patients.values_mut() {
		let is_over = |grant: &ModelGrant| {
			grant.ends.is_some_and(|ends| ends + ExpiredGrantsKept::get() <= now())
		};
		let over: Vec<_> = entry
			.grants
			.iter()
			.filter(|(_, grant)| is_over(grant))
			.map(|(doctor, _)| *doctor)
			.collect();
		for doctor in over {
			grants::ends(entry, doctor);
		}
		entry.deposits.retain(|institution, deposit| {
			!model.closed.contains(institution)
				&& deposit.ends.is_none_or(|ends| now() < ends + ExpiredGrantsKept::get())
		});
	}
}
