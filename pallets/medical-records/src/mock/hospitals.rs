//! What hospitals do, and the time.

use super::*;
use frame_support::{assert_ok, traits::Hooks, weights::Weight};

pub fn registrar(hospital: HospitalId) -> RuntimeOrigin {
	signed(100 + u64::from(hospital.0))
}

/// The hospital's institutions are closed for ever.
pub fn leaves(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.insert(hospital));
	(0..INSTITUTIONS)
		.map(InstitutionId)
		.filter(|one| hospital_of(*one) == hospital)
		.for_each(closes);
	MedicalRecords::hospital_left(hospital);
}

pub fn returns(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.remove(&hospital));
}

pub fn hospital_of(institution: InstitutionId) -> HospitalId {
	HospitalId(institution.0 % 3)
}

pub fn closes(institution: InstitutionId) {
	CLOSED.with_borrow_mut(|closed| closed.insert(institution));
}

pub fn by_operator(institution: InstitutionId) -> RuntimeOrigin {
	signed(FIRST_OPERATOR + u64::from(institution.0))
}

pub fn takes_in(hospital: HospitalId, mode: RegistrationMode) {
	MODES.with_borrow_mut(|modes| modes.insert(hospital, mode));
}

pub fn sponsors(hospital: HospitalId, who: AccountId) {
	SPONSORED.with_borrow_mut(|sponsored| sponsored.insert((hospital, who)));
}

pub fn suspends(doctor: DoctorId) {
	let hospital = doctor_entry(doctor).registration.hospital;
	assert_ok!(MedicalRecords::suspend_doctor(registrar(hospital), doctor));
}

pub fn reinstates(doctor: DoctorId) {
	let hospital = doctor_entry(doctor).registration.hospital;
	assert_ok!(MedicalRecords::reinstate_doctor(registrar(hospital), doctor));
}

pub fn licenses(doctor: DoctorId, until: Option<Moment>) {
	let hospital = doctor_entry(doctor).registration.hospital;
	let details = Details::default();
	assert_ok!(MedicalRecords::set_doctor_details(registrar(hospital), doctor, details, until));
}

pub fn now() -> Moment {
	Timestamp::get()
}

pub fn time_is(moment: Moment) {
	Timestamp::set_timestamp(moment);
}

pub fn pass(time: Moment) {
	time_is(now() + time);
}

/// A block with nothing else to do.
pub fn idle_block() -> Weight {
	System::set_block_number(System::block_number() + 1);
	MedicalRecords::on_idle(System::block_number(), Weight::MAX)
}
