//! Patients and doctors, their accounts and keys, and the time.

use super::*;
use frame_support::{assert_ok, traits::Hooks, weights::Weight};
use sp_io::hashing::sha2_256;

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RawOrigin::Signed(who).into()
}

pub fn registrar(hospital: HospitalId) -> RuntimeOrigin {
	signed(100 + u64::from(hospital.0))
}

pub fn account_of(person: Person) -> AccountId {
	<MedicalRecords as Charts<AccountId>>::person(person).expect("registered").account
}

pub fn by(person: impl Into<Person>) -> RuntimeOrigin {
	signed(account_of(person.into()))
}

/// A usable key; others have other bytes in their X25519 half.
pub fn x_wing_key(byte: u8) -> PublicKey {
	let mut key = vec![0; 1_184];
	key.resize(1_216, byte);
	key.try_into().expect("just as long")
}

/// A key to which nothing can be sealed.
pub fn unusable_key() -> PublicKey {
	vec![0xff; 1_216].try_into().expect("just as long")
}

fn epoch_key(epoch: Epoch) -> EpochKey {
	EpochKey {
		key: x_wing_key(epoch as u8),
		salt: [epoch as u8; 16],
		previous: (epoch > 0).then_some(WrappedSecret([epoch as u8; 60])),
	}
}

pub fn chart_keys(epoch: Epoch) -> ChartKeys {
	ChartKeys {
		suite: 1,
		distributed: epoch_key(epoch),
		standby: epoch_key(epoch + 1),
		standby_tag: [9; 32],
	}
}

/// A verified patient of hospital North, with this account.
pub fn registers_patient(who: AccountId) -> PatientId {
	let patient = pallet_medical_records::NextPatient::<Test>::get();
	assert_ok!(MedicalRecords::register_patient(signed(who), NORTH, chart_keys(0), None));
	assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
	patient
}

/// A verified doctor of hospital East, with this account.
pub fn registers_doctor(who: AccountId) -> DoctorId {
	let doctor = pallet_medical_records::NextDoctor::<Test>::get();
	let text = |text: &str| text.as_bytes().to_vec().try_into().expect("short");
	let profile = DoctorProfile {
		name: text("Ada"),
		specialty: text("surgery"),
		qualification: text("MD"),
		practising_since: 2001,
	};
	let digest = MedicalRecords::profile_digest(&profile);
	assert_ok!(MedicalRecords::register_doctor(signed(who), EAST, profile, 1, x_wing_key(1)));
	let key = sha2_256(&x_wing_key(1));
	assert_ok!(MedicalRecords::verify_doctor(registrar(EAST), doctor, key, digest, None));
	doctor
}

/// A patient with account 1,000 or a later one, and with a key for acting for others.
pub fn a_patient() -> PatientId {
	let next = pallet_medical_records::NextPatient::<Test>::get();
	let patient = registers_patient(1_000 + u64::from(next.0));
	publishes_key(patient);
	patient
}

/// A doctor with account 2,000 or a later one.
pub fn a_doctor() -> DoctorId {
	registers_doctor(2_000 + u64::from(pallet_medical_records::NextDoctor::<Test>::get().0))
}

/// The patient publishes a new key for acting for others.
pub fn publishes_key(patient: PatientId) {
	let version = ActingKeys::<Test>::get(patient).map_or(0, |own| own.versions);
	assert_ok!(Delegation::set_acting_key(by(patient), 1, x_wing_key(version as u8 + 1)));
}

pub fn acting_digest(patient: PatientId) -> [u8; 32] {
	<Delegation as Delegates>::key_digest(patient).expect("a key")
}

/// The doctor publishes a new key, and the hospital confirms it.
pub fn changes_doctors_key(doctor: DoctorId) {
	let found = pallet_medical_records::Doctors::<Test>::get(doctor).expect("registered");
	let key = x_wing_key(found.key_version as u8 + 1);
	let digest = sha2_256(&key);
	assert_ok!(MedicalRecords::set_encryption_key(by(doctor), 1, key));
	assert_ok!(MedicalRecords::confirm_encryption_key(registrar(EAST), doctor, digest));
}

pub fn suspends_patient(patient: PatientId) {
	assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
}

pub fn reinstates_patient(patient: PatientId) {
	assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), patient));
}

pub fn suspends_doctor(doctor: DoctorId) {
	assert_ok!(MedicalRecords::suspend_doctor(registrar(EAST), doctor));
}

pub fn now() -> Moment {
	Timestamp::get()
}

pub fn pass(time: Moment) {
	Timestamp::set_timestamp(now() + time);
}

/// A block with time to spare.
pub fn idle_block() -> Weight {
	System::set_block_number(System::block_number() + 1);
	MedicalRecords::on_idle(System::block_number(), Weight::MAX)
		.saturating_add(Delegation::on_idle(System::block_number(), Weight::MAX))
}

/// As many blocks as it takes to look at everything whose time has come.
pub fn idle_blocks() {
	for _ in 0..100 {
		idle_block();
	}
}

pub fn events() -> Vec<Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Delegation(event) => Some(event),
			_ => None,
		})
		.collect()
}

pub fn last_event() -> Event<Test> {
	events().pop().expect("something happened")
}
