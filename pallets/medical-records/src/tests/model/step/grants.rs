//! Grants, their ends, and the rotations after them.

use super::{after, agree, doctor_origin, outcome, patient_origin};
use crate::{
	mock::*,
	tests::model::{
		op::{Mistake, Op},
		reference::{Access, Model, ModelGrant, ModelPatient},
	},
	*,
};
use std::collections::BTreeSet;

pub(super) fn grant(
	model: &mut Model,
	what: &Op,
	patient: u32,
	doctor: u32,
	may_append: bool,
	hours: Option<u8>,
) {
	let ends = after(hours);
	let vouched = model.doctors.get(&doctor).is_some_and(|d| d.vouched == d.key);
	let practises = model.practises(doctor);
	let entry = model.patients.get_mut(&patient);
	let fits = practises
		&& vouched
		&& ends.is_none_or(|ends| now() < ends)
		&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
	let epoch = entry.as_ref().map_or(0, |p| p.epoch);
	let key_version = model.doctors.get(&doctor).map_or(0, |doctor| doctor.key);
	let key = KeyForDoctor { doctor: DoctorId(doctor), key_version, key: sealed_key() };
	let origin = patient_origin(patient);
	let done = MedicalRecords::grant_access(origin, epoch, key, may_append, ends);
	if agree(what, outcome(done), fits) {
		let entry = entry.expect("it fits");
		entry.holders.insert(doctor);
		let access = Access::Chart;
		let shared = BTreeSet::new();
		let left = AppendBudget::get();
		let grant = ModelGrant { access, may_append, ends, shared, share_key: None, left };
		entry.grants.insert(doctor, grant);
	}
}

pub(super) fn share(
	model: &mut Model,
	what: &Op,
	patient: u32,
	doctor: u32,
	record: u32,
	new_key: bool,
	may_append: bool,
) {
	let vouched = model.doctors.get(&doctor).is_some_and(|d| d.vouched == d.key);
	let practises = model.practises(doctor);
	let entry = model.patients.get_mut(&patient);
	let before = entry.as_ref().and_then(|p| p.grants.get(&doctor)).cloned();
	let key_version = model.doctors.get(&doctor).map_or(0, |doctor| doctor.key);
	let has_key = before.as_ref().is_some_and(|grant| grant.share_key == Some(key_version));
	let fits = practises
		&& vouched
		&& (new_key || has_key)
		&& entry.as_ref().is_some_and(|p| {
			p.standing == Standing::Verified
				&& p.records.get(record as usize).is_some_and(|(_, is_there)| *is_there)
		});
	let generation = Patients::<Test>::get(PatientId(patient)).map_or(0, |p| p.chart.shares + 1);
	let under = match new_key {
		true => ShareUnder::New(ShareKey { generation, key_version, key: sealed_key() }),
		false => present_share(PatientId(patient), DoctorId(doctor)),
	};
	let done = MedicalRecords::share_records(
		patient_origin(patient),
		DoctorId(doctor),
		under,
		shared(&[record]),
		may_append,
		None,
	);
	if agree(what, outcome(done), fits) {
		let entry = entry.expect("it fits");
		let mut shared = match before {
			Some(grant) if !new_key => grant.shared,
			_ => BTreeSet::new(),
		};
		shared.insert(record);
		if entry.holders.remove(&doctor) {
			entry.is_lost = true;
		}
		let grant = ModelGrant {
			access: Access::Records,
			may_append,
			ends: None,
			shared,
			share_key: Some(key_version),
			left: AppendBudget::get(),
		};
		entry.grants.insert(doctor, grant);
	}
}

pub(super) fn unshare(model: &mut Model, what: &Op, patient: u32, doctor: u32, record: u32) {
	let entry = model.patients.get_mut(&patient);
	let fits = entry.as_ref().is_some_and(|p| {
		matches!(p.standing, Standing::Verified | Standing::Suspended)
			&& p.grants.get(&doctor).is_some_and(|grant| grant.shared.contains(&record))
	});
	let origin = patient_origin(patient);
	let done = MedicalRecords::unshare_records(origin, DoctorId(doctor), indices(&[record]));
	if agree(what, done, fits) {
		let grants = &mut entry.expect("it fits").grants;
		let grant = grants.get_mut(&doctor).expect("it fits");
		grant.shared.remove(&record);
		if grant.shared.is_empty() && !grant.may_append {
			grants.remove(&doctor);
		}
	}
}

pub(super) fn renew_budget(model: &mut Model, what: &Op, patient: u32, doctor: u32) {
	let entry = model.patients.get_mut(&patient);
	let fits = entry.as_ref().is_some_and(|p| {
		p.standing == Standing::Verified
			&& p.grants.get(&doctor).is_some_and(|grant| grant.may_append)
	});
	let origin = patient_origin(patient);
	let done = MedicalRecords::renew_append_budget(origin, DoctorId(doctor));
	if agree(what, done, fits) {
		let grants = &mut entry.expect("it fits").grants;
		grants.get_mut(&doctor).expect("it fits").left = AppendBudget::get();
	}
}

pub(super) fn revoke(
	model: &mut Model,
	what: &Op,
	patient: u32,
	doctor: u32,
	rotation: Option<Mistake>,
) {
	let id = PatientId(patient);
	let leaving = [DoctorId(doctor)];
	let made = rotation.and_then(|mistake| made_rotation(id, &leaving, mistake));
	let fits = model
		.patients
		.get(&patient)
		.is_some_and(|p| matches!(p.standing, Standing::Verified | Standing::Suspended));
	let origin = patient_origin(patient);
	let done = MedicalRecords::revoke_access(origin, doctors(&leaving), made.clone());
	if agree(what, outcome(done), fits) {
		ends(model.patients.get_mut(&patient).expect("it fits"), doctor);
		if made.is_some() && rotation == Some(Mistake::None) {
			let to = model.reachable(patient);
			model.rotated(patient, to);
		}
	}
}

pub(super) fn rotate(model: &mut Model, what: &Op, patient: u32, mistake: Mistake) {
	let Some(rotation) = made_rotation(PatientId(patient), &[], mistake) else { return };
	let fits = mistake == Mistake::None
		&& model
			.patients
			.get(&patient)
			.is_some_and(|p| matches!(p.standing, Standing::Verified | Standing::Suspended));
	let done = MedicalRecords::rotate_chart_key(patient_origin(patient), rotation);
	if agree(what, outcome(done), fits) {
		let to = model.reachable(patient);
		model.rotated(patient, to);
	}
}

pub(super) fn relinquish(model: &mut Model, what: &Op, count: u32, doctor: u32) {
	let named: Vec<_> = (0..count).collect();
	let has =
		|id: &u32| model.patients.get(id).is_some_and(|entry| entry.grants.contains_key(&doctor));
	let fits = named.iter().any(has);
	let ids: Vec<_> = named.iter().map(|id| PatientId(*id)).collect();
	let done = MedicalRecords::relinquish_access(doctor_origin(doctor), patients(&ids));
	if agree(what, done, fits) {
		for id in named {
			if let Some(entry) = model.patients.get_mut(&id) {
				ends(entry, doctor);
			}
		}
	}
}

/// A rotation to the doctors that the chain expects, with this mistake. There is none where the mistake can't be made.
fn made_rotation(patient: PatientId, leaving: &[DoctorId], mistake: Mistake) -> Option<Rotation> {
	Patients::<Test>::get(patient)?;
	let mut to = remaining(patient, leaving);
	match mistake {
		Mistake::ForgetsOne => {
			to.pop()?;
		},
		Mistake::AddsOne(doctor) => {
			let doctor = DoctorId(doctor);
			Doctors::<Test>::get(doctor).filter(|_| !to.contains(&doctor))?;
			to.push(doctor);
		},
		Mistake::NamesOneTwice => to.push(*to.first()?),
		_ => (),
	}
	let mut rotation = rotation_to(patient, &to);
	match mistake {
		Mistake::WrongEpoch => rotation.epoch += 2,
		Mistake::OldKey => rotation.sealed.iter_mut().next()?.key_version -= 1,
		_ => (),
	}
	Some(rotation)
}

/// The doctor's grant ends, if there is one.
pub(super) fn ends(entry: &mut ModelPatient, doctor: u32) {
	entry.grants.remove(&doctor);
	if entry.holders.remove(&doctor) {
		entry.is_lost = true;
	}
}
