//! An emergency, refused, abused, or ending in the middle.

mod access;
mod confirmations;
mod endings;
mod requests;

use crate::{mock::*, *};
use frame_support::assert_ok;

const DESKS: [HospitalId; 3] = [NORTH, EAST, SOUTH];

/// A patient with two records and a plan for the whole chart, and a doctor.
fn a_plan() -> (PatientId, DoctorId) {
	let (patient, doctor) = (a_patient(), a_doctor());
	adds(patient, 2);
	assert_ok!(plans(patient, 2, &DESKS));
	(patient, doctor)
}

/// The same, opened.
fn an_emergency() -> (PatientId, DoctorId) {
	let (patient, doctor) = a_plan();
	assert_ok!(asks_for_emergency(doctor, patient));
	assert_ok!(confirms_emergency(NORTH, patient, doctor));
	assert_ok!(confirms_emergency(EAST, patient, doctor));
	(patient, doctor)
}
