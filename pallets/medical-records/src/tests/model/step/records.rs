//! Records and profiles, of patients and of the doctors who append.

use super::{agree, doctor_origin, outcome, patient_origin};
use crate::{
	mock::*,
	tests::model::{
		op::Op,
		reference::{Access, Model},
	},
	*,
};

pub(super) fn read_recipients(model: &mut Model, patient: u32) {
	let digest = MedicalRecords::recipients(PatientId(patient)).and_then(|all| all.digest);
	let read = model.recipients(patient).zip(digest);
	if let Some(entry) = model.patients.get_mut(&patient) {
		entry.read = read;
	}
}

pub(super) fn add(model: &mut Model, what: &Op, patient: u32, stale: bool, named: bool) {
	let epoch = model.sealing_epoch(patient) + u32::from(stale);
	let is_right = model.has_right_recipients(patient, named);
	let named = model.digest(patient, named);
	let vault = model.keeper(patient);
	let is_served = !model.left.contains(&vault);
	let entry = model.patients.get_mut(&patient);
	let fits = !stale
		&& is_right
		&& is_served
		&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
	let records = at_vault(vault, new_records(1));
	let origin = patient_origin(patient);
	let done = MedicalRecords::add_records(origin, epoch, records, named);
	if agree(what, outcome(done), fits) {
		entry.expect("it fits").records.push((epoch, true));
	}
}

pub(super) fn append(
	model: &mut Model,
	what: &Op,
	patient: u32,
	doctor: u32,
	stale: bool,
	note: bool,
	named: bool,
) {
	let is_right = model.has_right_recipients(patient, named);
	let named = model.digest(patient, named);
	let right = model.sealing_epoch(patient);
	// The epoch that was right before a doctor lost access, or would be right after.
	let epoch = if stale { right ^ 1 } else { right };
	let may = model.may_see(patient, doctor);
	let vault = model.keeper(patient);
	let is_served = !model.left.contains(&vault);
	let entry = model.patients.get_mut(&patient);
	let grant = entry.as_ref().and_then(|p| p.grants.get(&doctor));
	let is_visible = |record: RecordIndex| {
		let entry = entry.as_ref();
		let is_there = entry
			.and_then(|p| p.records.get(record as usize))
			.is_some_and(|(_, is_there)| *is_there);
		let is_open =
			may == Some(Access::Chart) || grant.is_some_and(|grant| grant.shared.contains(&record));
		is_there && is_open
	};
	let fits = !stale
		&& is_right
		&& is_served
		&& may.is_some()
		&& grant.is_some_and(|grant| grant.may_append && grant.left > 0)
		&& (!note || is_visible(0));
	let records = if note { note_to(0) } else { new_records(1) };
	let records = at_vault(vault, records);
	let origin = doctor_origin(doctor);
	let id = PatientId(patient);
	let done = MedicalRecords::append_records(origin, id, epoch, records, named);
	if agree(what, outcome(done), fits) {
		let entry = entry.expect("it fits");
		entry.records.push((epoch, true));
		entry.grants.get_mut(&doctor).expect("it fits").left -= 1;
	}
}

pub(super) fn update_profile(model: &mut Model, what: &Op, patient: u32, stale: bool, named: bool) {
	let epoch = model.sealing_epoch(patient) ^ u32::from(stale);
	let vault = model.keeper(patient);
	let document = Document { vault, ..document() };
	let fits = !stale
		&& !model.left.contains(&vault)
		&& model.has_right_recipients(patient, named)
		&& model
			.patients
			.get(&patient)
			.is_some_and(|p| matches!(p.standing, Standing::Pending | Standing::Verified));
	let origin = patient_origin(patient);
	let id = PatientId(patient);
	let named = model.digest(patient, named);
	let done = MedicalRecords::update_patient_profile(origin, id, document, epoch, named);
	if agree(what, outcome(done), fits) {
		model.patients.get_mut(&patient).expect("it fits").has_profile = true;
	}
}

pub(super) fn remove_profile(model: &mut Model, what: &Op, patient: u32) {
	let entry = model.patients.get_mut(&patient);
	let fits = entry.as_ref().is_some_and(|p| {
		matches!(p.standing, Standing::Pending | Standing::Verified) && p.has_profile
	});
	let done = MedicalRecords::remove_patient_profile(patient_origin(patient));
	if agree(what, done, fits) {
		entry.expect("it fits").has_profile = false;
	}
}

pub(super) fn withdraw(model: &mut Model, what: &Op, patient: u32, record: u32, count: u32) {
	let records: Vec<_> = (record..record + count).collect();
	let entry = model.patients.get_mut(&patient);
	let fits = entry.as_ref().is_some_and(|p| {
		let is_there = |record: &RecordIndex| {
			p.records.get(*record as usize).is_some_and(|(_, is_there)| *is_there)
		};
		p.standing == Standing::Verified && records.iter().all(is_there)
	});
	let origin = patient_origin(patient);
	let done = MedicalRecords::withdraw_records(origin, indices(&records));
	if agree(what, outcome(done), fits) {
		let entry = entry.expect("it fits");
		for record in records {
			entry.records[record as usize].1 = false;
			for grant in entry.grants.values_mut() {
				grant.shared.remove(&record);
			}
		}
	}
}
