//! Patients and doctors, and the accounts that act for them.

use super::*;
use frame_support::assert_ok;
use sp_io::hashing::sha2_256;
use sp_runtime::DispatchResult;

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RawOrigin::Signed(who).into()
}

pub fn patient_entry(patient: PatientId) -> Patient<AccountId> {
	Patients::<Test>::get(patient).expect("there is such a patient")
}

pub fn doctor_entry(doctor: DoctorId) -> Doctor<AccountId> {
	Doctors::<Test>::get(doctor).expect("there is such a doctor")
}

pub fn by(patient: PatientId) -> RuntimeOrigin {
	signed(patient_entry(patient).registration.account)
}

pub fn by_doctor(doctor: DoctorId) -> RuntimeOrigin {
	signed(doctor_entry(doctor).registration.account)
}

pub fn registers_patient(who: AccountId, hospital: HospitalId) -> PatientId {
	let id = NextPatient::<Test>::get();
	assert_ok!(MedicalRecords::register_patient(signed(who), hospital, chart_keys(0), None));
	id
}

pub fn registers_doctor(who: AccountId, hospital: HospitalId) -> DoctorId {
	let id = NextDoctor::<Test>::get();
	let key = x_wing_key(1);
	assert_ok!(MedicalRecords::register_doctor(signed(who), hospital, profile("Ada"), 1, key));
	id
}

/// A patient of hospital North, with account 1,000 or a later one.
pub fn a_verified_patient() -> PatientId {
	let patient = registers_patient(1_000 + u64::from(NextPatient::<Test>::get().0), NORTH);
	assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
	patient
}

/// A doctor of hospital East, with account 2,000 or a later one.
pub fn a_verified_doctor() -> DoctorId {
	let doctor = registers_doctor(2_000 + u64::from(NextDoctor::<Test>::get().0), EAST);
	assert_ok!(verifies(doctor, None));
	doctor
}

/// The doctor's hospital verifies key and entry as they are published.
pub fn verifies(doctor: DoctorId, licence: Option<Moment>) -> DispatchResult {
	let hospital = Doctors::<Test>::get(doctor).map_or(EAST, |found| found.registration.hospital);
	let (key, profile) = (key_digest(doctor), profile_digest(doctor));
	MedicalRecords::verify_doctor(registrar(hospital), doctor, key, profile, licence)
}

/// The words that patients see.
pub fn entry(doctor: DoctorId) -> DoctorProfile {
	Directory::<Test>::get(doctor).expect("an entry").profile
}

pub fn profile_digest(doctor: DoctorId) -> [u8; 32] {
	MedicalRecords::profile_digest(&entry(doctor))
}

pub fn proposes(doctor: DoctorId, profile: DoctorProfile) {
	assert_ok!(MedicalRecords::update_doctor_profile(by_doctor(doctor), doctor, profile));
}

/// The consent of an account to take over.
pub fn agrees(new: AccountId, person: Person, old: AccountId) -> TestSignature {
	TestSignature(new, MedicalRecords::change_account_message(person, &old, &new))
}

pub fn account_of(person: Person) -> AccountId {
	match person {
		Person::Patient(patient) => patient_entry(patient).registration.account,
		Person::Doctor(doctor) => doctor_entry(doctor).registration.account,
	}
}

pub fn asks_to_change(person: Person, new: AccountId) -> DispatchResult {
	let old = account_of(person);
	let capacity = match person {
		Person::Patient(_) => Capacity::Patient,
		Person::Doctor(_) => Capacity::Doctor,
	};
	MedicalRecords::change_account(signed(old), capacity, new, agrees(new, person, old))
}

/// Asks, and waits until the change has taken effect.
pub fn changes_account(person: Person, new: AccountId) {
	assert_ok!(asks_to_change(person, new));
	pass(ACCOUNT_DELAY);
	idle_block();
	assert_eq!(account_of(person), new);
}

pub fn key_digest(doctor: DoctorId) -> [u8; 32] {
	sha2_256(&EncryptionKeys::<Test>::get(doctor).expect("a key").key)
}

pub fn changes_key(doctor: DoctorId) {
	let version = doctor_entry(doctor).key_version as u8;
	assert_ok!(MedicalRecords::set_encryption_key(by_doctor(doctor), 1, x_wing_key(version + 1)));
}

pub fn confirms_key(doctor: DoctorId) {
	let hospital = doctor_entry(doctor).registration.hospital;
	let digest = key_digest(doctor);
	assert_ok!(MedicalRecords::confirm_encryption_key(registrar(hospital), doctor, digest));
}
