//! Registrations, and what registrars decide of people, licences and keys.

use super::{after, agree, doctor_origin};
use crate::{
	mock::*,
	tests::model::{
		op::{DOCTORS, Op, PATIENTS},
		people::ModelEntry,
		reference::{Model, ModelDoctor, ModelPatient},
		vaults::ModelVaults,
	},
	*,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn register_patient(model: &mut Model) {
	let id = NextPatient::<Test>::get().0;
	if id < PATIENTS {
		registers_patient(1_000 + u64::from(id), NORTH);
		model.patients.insert(
			id,
			ModelPatient {
				standing: Standing::Pending,
				has_profile: false,
				entry: ModelEntry::of(1_000 + u64::from(id)),
				vaults: ModelVaults::default(),
				records: vec![],
				grants: BTreeMap::new(),
				deposits: BTreeMap::new(),
				epoch: 0,
				holders: BTreeSet::new(),
				is_lost: false,
				read: None,
			},
		);
	}
}

pub(super) fn register_doctor(model: &mut Model) {
	let id = NextDoctor::<Test>::get().0;
	if id < DOCTORS && !model.left.contains(&EAST) {
		registers_doctor(2_000 + u64::from(id), EAST);
		let standing = Standing::Pending;
		let entry = ModelEntry::of(2_000 + u64::from(id));
		let doctor = ModelDoctor {
			standing,
			entry,
			hospital: EAST,
			asked: None,
			licence: None,
			key: 1,
			vouched: 0,
		};
		model.doctors.insert(id, doctor);
	}
}

/// Verifies or rejects.
pub(super) fn answer_patient(model: &mut Model, what: &Op, id: u32) {
	let (call, to): (fn(_, _) -> _, _) = match what {
		Op::VerifyPatient(_) => (MedicalRecords::verify_patient, Standing::Verified),
		_ => (MedicalRecords::reject_patient, Standing::Rejected),
	};
	let entry = model.patients.get_mut(&id);
	let is_pending = entry.as_ref().is_some_and(|p| p.standing == Standing::Pending);
	if agree(what, call(registrar(NORTH), PatientId(id)), is_pending) {
		let entry = entry.expect("pending");
		entry.standing = to;
		entry.has_profile &= to == Standing::Verified;
	}
}

pub(super) fn suspend_or_reinstate_patient(model: &mut Model, what: &Op, id: u32) {
	let (call, from, to): (fn(_, _) -> _, _, _) = match what {
		Op::SuspendPatient(_) => {
			(MedicalRecords::suspend_patient, Standing::Verified, Standing::Suspended)
		},
		_ => (MedicalRecords::reinstate_patient, Standing::Suspended, Standing::Verified),
	};
	let entry = model.patients.get_mut(&id);
	let fits = entry.as_ref().is_some_and(|p| p.standing == from);
	if agree(what, call(registrar(NORTH), PatientId(id)), fits) {
		let entry = entry.expect("it fits");
		entry.standing = to;
		entry.entry.change = None;
	}
}

pub(super) fn verify_doctor(model: &mut Model, what: &Op, id: u32, licence: Option<u8>) {
	let licence = after(licence);
	let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
	let fits = model.doctors.get(&id).is_some_and(|d| d.standing == Standing::Pending)
		&& licence.is_none_or(|ends| now() < ends)
		&& !model.left.contains(&hospital);
	let digest = EncryptionKeys::<Test>::get(DoctorId(id))
		.map_or([0; 32], |key| sp_io::hashing::sha2_256(&key.key));
	let profile = Directory::<Test>::get(DoctorId(id))
		.map_or([0; 32], |entry| MedicalRecords::profile_digest(&entry.profile));
	let origin = registrar(hospital);
	let doctor = DoctorId(id);
	let done = MedicalRecords::verify_doctor(origin, doctor, digest, profile, licence);
	if agree(what, done, fits) {
		let entry = model.doctors.get_mut(&id).expect("it fits");
		entry.standing = Standing::Verified;
		entry.licence = licence;
		entry.vouched = entry.key;
	}
}

pub(super) fn change_doctors_standing(model: &mut Model, what: &Op, id: u32) {
	let (call, from, to): (fn(_, _) -> _, _, _) = match what {
		Op::RejectDoctor(_) => {
			(MedicalRecords::reject_doctor, Standing::Pending, Standing::Rejected)
		},
		Op::SuspendDoctor(_) => {
			(MedicalRecords::suspend_doctor, Standing::Verified, Standing::Suspended)
		},
		_ => (MedicalRecords::reinstate_doctor, Standing::Suspended, Standing::Verified),
	};
	let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
	let fits = model.doctors.get(&id).is_some_and(|doctor| doctor.standing == from)
		&& !model.left.contains(&hospital);
	if agree(what, call(registrar(hospital), DoctorId(id)), fits) {
		let doctor = model.doctors.get_mut(&id).expect("it fits");
		doctor.standing = to;
		doctor.entry.change = None;
		doctor.asked = None;
	}
}

pub(super) fn set_licence(model: &mut Model, what: &Op, id: u32, until: Option<u8>) {
	let until = after(until);
	let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
	let fits = model.doctors.get(&id).is_some_and(|d| d.standing != Standing::Rejected)
		&& !model.left.contains(&hospital);
	let details = Details::default();
	let origin = registrar(hospital);
	let done = MedicalRecords::set_doctor_details(origin, DoctorId(id), details, until);
	if agree(what, done, fits) {
		model.doctors.get_mut(&id).expect("it fits").licence = until;
	}
}

pub(super) fn change_key(model: &mut Model, what: &Op, id: u32) {
	let fits = model
		.doctors
		.get(&id)
		.is_some_and(|d| matches!(d.standing, Standing::Pending | Standing::Verified));
	let key = x_wing_key(model.doctors.get(&id).map_or(1, |d| d.key as u8 + 1));
	let done = MedicalRecords::set_encryption_key(doctor_origin(id), 1, key);
	if agree(what, done, fits) {
		model.doctors.get_mut(&id).expect("it fits").key += 1;
	}
}

pub(super) fn confirm_key(model: &mut Model, what: &Op, id: u32) {
	let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
	let fits =
		model.doctors.get(&id).is_some_and(|doctor| {
			matches!(doctor.standing, Standing::Verified | Standing::Suspended)
		}) && !model.left.contains(&hospital);
	let digest = EncryptionKeys::<Test>::get(DoctorId(id))
		.map_or([0; 32], |key| sp_io::hashing::sha2_256(&key.key));
	let origin = registrar(hospital);
	let done = MedicalRecords::confirm_encryption_key(origin, DoctorId(id), digest);
	if agree(what, done, fits) {
		let entry = model.doctors.get_mut(&id).expect("it fits");
		entry.vouched = entry.key;
	}
}
