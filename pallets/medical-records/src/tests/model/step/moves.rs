//! Doctors who change hospitals, and hospitals that leave and return.

use super::{agree, doctor_origin};
use crate::{
	mock::*,
	tests::model::{
		op::{INSTITUTIONS, Op},
		reference::Model,
	},
	*,
};

pub(super) fn move_at_once(model: &mut Model, what: &Op, id: u32, to_east: bool) {
	let to = if to_east { EAST } else { SOUTH };
	let is_other = model.doctors.get(&id).is_some_and(|doctor| doctor.hospital != to);
	let fits = is_other && model.may_move(id) && !model.left.contains(&to);
	let origin = doctor_origin(id);
	let asked = MedicalRecords::request_move(origin, Capacity::Doctor, Some(to));
	if agree(what, asked, fits) {
		let accepted = MedicalRecords::accept_doctor(registrar(to), DoctorId(id));
		agree(what, accepted, true);
		let doctor = model.doctors.get_mut(&id).expect("it fits");
		(doctor.hospital, doctor.asked) = (to, None);
		doctor.entry.moves();
	}
}

pub(super) fn ask(model: &mut Model, what: &Op, id: u32, to_east: Option<bool>) {
	let to = to_east.map(|east| if east { EAST } else { SOUTH });
	let is_other = model.doctors.get(&id).is_some_and(|doctor| to != Some(doctor.hospital));
	let is_there = to.is_none_or(|to| !model.left.contains(&to));
	let fits = is_other && is_there && model.may_move(id);
	let done = MedicalRecords::request_move(doctor_origin(id), Capacity::Doctor, to);
	if agree(what, done, fits) {
		let until = now() + RegistrationPeriod::get();
		model.doctors.get_mut(&id).expect("it fits").asked = to.map(|to| (to, until));
	}
}

pub(super) fn answer(model: &mut Model, what: &Op, doctor: u32, east: bool, takes_in: bool) {
	let hospital = if east { EAST } else { SOUTH };
	let asked = model.doctors.get(&doctor).and_then(|found| found.asked);
	let is_asked = asked.is_some_and(|(asked, until)| asked == hospital && now() < until);
	let is_there = !model.left.contains(&hospital);
	let fits = is_asked && is_there && (!takes_in || model.may_move(doctor));
	let (origin, id) = (registrar(hospital), DoctorId(doctor));
	let done = match takes_in {
		true => MedicalRecords::accept_doctor(origin, id),
		false => MedicalRecords::decline_move(origin, Person::Doctor(id)),
	};
	if agree(what, done, fits) {
		let found = model.doctors.get_mut(&doctor).expect("it fits");
		found.asked = None;
		if takes_in {
			found.hospital = hospital;
			found.entry.moves();
		}
	}
}

pub(super) fn hospital_leaves(model: &mut Model, east: bool) {
	let hospital = if east { EAST } else { SOUTH };
	if model.left.insert(hospital) {
		leaves(hospital);
		let own = |one: &u32| hospital_of(InstitutionId(*one)) == hospital;
		model.closed.extend((0..INSTITUTIONS).filter(own));
	}
}

pub(super) fn hospital_returns(model: &mut Model, east: bool) {
	let hospital = if east { EAST } else { SOUTH };
	if model.left.remove(&hospital) {
		returns(hospital);
	}
}
