//! What people do with charts.

use super::*;
use frame_support::assert_ok;

pub fn grants(patient: PatientId, doctor: DoctorId) {
	grants_until(patient, doctor, None);
}

pub fn grants_until(patient: PatientId, doctor: DoctorId, until: Option<Moment>) {
	let epoch = patient_entry(patient).chart.epoch;
	assert_ok!(MedicalRecords::grant_access(by(patient), epoch, key_for(doctor), true, until));
}

pub fn shares(patient: PatientId, doctor: DoctorId, records: &[RecordIndex]) {
	let under = new_share(patient, doctor);
	let records = shared(records);
	assert_ok!(MedicalRecords::share_records(by(patient), doctor, under, records, false, None));
}

pub fn revokes(patient: PatientId, doctor: DoctorId) {
	assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&[doctor]), None));
}

pub fn revokes_and_rotates(patient: PatientId, doctor: DoctorId) {
	let rotation = rotation(patient, &[doctor]);
	assert_ok!(MedicalRecords::revoke_access(by(patient), doctors(&[doctor]), Some(rotation)));
}

pub fn rotates(patient: PatientId) {
	assert_ok!(MedicalRecords::rotate_chart_key(by(patient), rotation(patient, &[])));
}

pub fn adds(patient: PatientId, count: usize) {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	assert_ok!(MedicalRecords::add_records(by(patient), epoch, new_records(count), named));
}

pub fn appends(doctor: DoctorId, patient: PatientId) {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	let (origin, records) = (by_doctor(doctor), new_records(1));
	assert_ok!(MedicalRecords::append_records(origin, patient, epoch, records, named));
}

pub fn withdraws(patient: PatientId, records: &[RecordIndex]) {
	assert_ok!(MedicalRecords::withdraw_records(by(patient), indices(records)));
}

pub fn allows_deposit(patient: PatientId, institution: InstitutionId, until: Option<Moment>) {
	assert_ok!(MedicalRecords::allow_deposit(by(patient), institution, until));
}

pub fn ends_deposit(patient: PatientId, institution: InstitutionId) {
	let institutions = institutions(&[institution]);
	assert_ok!(MedicalRecords::end_deposit(by(patient), institutions));
}

pub fn deposits(institution: InstitutionId, patient: PatientId) {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	let (origin, records) = (by_operator(institution), new_records(1));
	assert_ok!(MedicalRecords::deposit_records(origin, patient, epoch, records, named));
}

pub fn relinquishes(doctor: DoctorId, patient: PatientId) {
	assert_ok!(MedicalRecords::relinquish_access(by_doctor(doctor), patients(&[patient])));
}
