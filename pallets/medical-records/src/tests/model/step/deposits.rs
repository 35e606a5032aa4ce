//! Institutions, and what patients let them add.

use super::{after, agree, outcome, patient_origin};
use crate::{
	mock::*,
	tests::model::{
		op::Op,
		reference::{Model, ModelDeposit},
	},
	*,
};

pub(super) fn close_institution(model: &mut Model, institution: u32) {
	model.closed.insert(institution);
	closes(InstitutionId(institution));
}

pub(super) fn allow(
	model: &mut Model,
	what: &Op,
	patient: u32,
	institution: u32,
	hours: Option<u8>,
) {
	let ends = after(hours);
	let is_open = !model.closed.contains(&institution);
	let entry = model.patients.get_mut(&patient);
	let fits = is_open
		&& ends.is_none_or(|ends| now() < ends)
		&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
	let origin = patient_origin(patient);
	let done = MedicalRecords::allow_deposit(origin, InstitutionId(institution), ends);
	if agree(what, done, fits) {
		let deposit = ModelDeposit { ends, left: AppendBudget::get() };
		entry.expect("it fits").deposits.insert(institution, deposit);
	}
}

pub(super) fn end(model: &mut Model, what: &Op, patient: u32, institution: u32) {
	let entry = model.patients.get_mut(&patient);
	let fits = entry
		.as_ref()
		.is_some_and(|p| matches!(p.standing, Standing::Verified | Standing::Suspended));
	let ended = institutions(&[InstitutionId(institution)]);
	let done = MedicalRecords::end_deposit(patient_origin(patient), ended);
	if agree(what, done, fits) {
		entry.expect("it fits").deposits.remove(&institution);
	}
}

pub(super) fn deposit(
	model: &mut Model,
	what: &Op,
	patient: u32,
	institution: u32,
	stale: bool,
	note: bool,
	named: bool,
) {
	let is_right = model.has_right_recipients(patient, named);
	let named = model.digest(patient, named);
	let epoch = model.sealing_epoch(patient) ^ u32::from(stale);
	let is_open = !model.closed.contains(&institution);
	let vault = model.keeper(patient);
	let is_served = !model.left.contains(&vault);
	let entry = model.patients.get_mut(&patient);
	let deposit = entry.as_ref().and_then(|p| p.deposits.get(&institution));
	let is_live =
		|deposit: &ModelDeposit| deposit.left > 0 && deposit.ends.is_none_or(|ends| now() < ends);
	let fits = !stale && !note && is_open && is_right && is_served && deposit.is_some_and(is_live);
	let records = if note { note_to(0) } else { new_records(1) };
	let records = at_vault(vault, records);
	let origin = by_operator(InstitutionId(institution));
	let id = PatientId(patient);
	let done = MedicalRecords::deposit_records(origin, id, epoch, records, named);
	if agree(what, outcome(done), fits) {
		let entry = entry.expect("it fits");
		entry.records.push((epoch, true));
		entry.deposits.get_mut(&institution).expect("it fits").left -= 1;
	}
}
