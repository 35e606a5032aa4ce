//! A runtime of three hospitals, with verbs of the domain: registers, verifies, grants, appends.

use crate::{self as pallet_medical_records, *};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU32, EnsureOrigin, GetStorageVersion, Hooks},
	weights::Weight,
};
use frame_system::{EnsureRoot, RawOrigin};
use sp_io::hashing::sha2_256;
use sp_runtime::{
	BuildStorage, DispatchResult,
	testing::{TestSignature, UintAuthorityId},
};
use std::{
	cell::{Cell, RefCell},
	collections::{BTreeMap, BTreeSet},
};

pub type AccountId = u64;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type MedicalRecords = pallet_medical_records;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

parameter_types! {
	pub const MaxDocumentSize: u64 = 1 << 30;
	pub const RegistrationPeriod: Moment = 14 * DAY;
	/// Some tests want less.
	pub static ExpiredGrantsKept: Moment = 30 * DAY;
	pub static AppendBudget: u32 = 1_000;
	/// The roles of accounts.
	pub storage KnownRoles: BTreeSet<(AccountId, Role)> = BTreeSet::new();
}

impl Config for Test {
	type RegistrarOrigin = EnsureMockRegistrar;
	type CouncilOrigin = EnsureRoot<AccountId>;
	type Hospitals = MockHospitals;
	type Time = Timestamp;
	type Roles = MockRoles;
	type Signature = TestSignature;
	type Signer = UintAuthorityId;
	type MaxRecords = ConstU32<1_300>;
	type PatientsReserve = ConstU32<256>;
	type AppendBudget = AppendBudget;
	type ExpiredGrantsKept = ExpiredGrantsKept;
	type MaxDocumentSize = MaxDocumentSize;
	type RegistrationPeriod = RegistrationPeriod;
	type MaxRelocations = ConstU32<2>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = MockHelper;
}

thread_local! {
	static LEFT: RefCell<BTreeSet<HospitalId>> = const { RefCell::new(BTreeSet::new()) };
	static MODES: RefCell<BTreeMap<HospitalId, RegistrationMode>> =
		const { RefCell::new(BTreeMap::new()) };
	static SPONSORED: RefCell<BTreeSet<(HospitalId, AccountId)>> =
		const { RefCell::new(BTreeSet::new()) };
	/// Whether hospitals may suspend more people.
	pub static MAY_SUSPEND: Cell<bool> = const { Cell::new(true) };
	/// The suspension that was counted last.
	pub static ASKED: Cell<Option<(HospitalId, Capacity, u32)>> = const { Cell::new(None) };
}

pub struct MockHospitals;
impl HospitalRegistry<AccountId> for MockHospitals {
	fn is_active(hospital: HospitalId) -> bool {
		hospital.0 < 3 && !LEFT.with_borrow(|left| left.contains(&hospital))
	}
	fn registration(hospital: HospitalId) -> RegistrationMode {
		MODES.with_borrow(|modes| modes.get(&hospital).copied().unwrap_or_default())
	}
	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool {
		SPONSORED.with_borrow(|sponsored| sponsored.contains(&(hospital, *who)))
	}
	fn count_suspension(hospital: HospitalId, capacity: Capacity, people: u32) -> bool {
		ASKED.set(Some((hospital, capacity, people)));
		MAY_SUSPEND.get()
	}
}

/// Accounts 100 to 102 verify people for the hospitals 0 to 2.
pub struct EnsureMockRegistrar;
impl EnsureOrigin<RuntimeOrigin> for EnsureMockRegistrar {
	type Success = HospitalId;
	fn try_origin(origin: RuntimeOrigin) -> Result<HospitalId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(who @ 100..=102)) => {
				let hospital = HospitalId((who - 100) as u32);
				MockHospitals::is_active(hospital).then_some(hospital).ok_or(origin)
			},
			_ => Err(origin),
		}
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Signed(100).into())
	}
}

/// Remembers the roles of accounts.
pub struct MockRoles;
impl Roles<AccountId> for MockRoles {
	fn gained(who: &AccountId, role: Role) {
		let mut roles = KnownRoles::get();
		assert!(roles.insert((*who, role)), "gained twice");
		KnownRoles::set(&roles);
	}
	fn lost(who: &AccountId, role: Role) {
		let mut roles = KnownRoles::get();
		assert!(roles.remove(&(*who, role)), "never gained");
		KnownRoles::set(&roles);
	}
	fn succeeded(old: &AccountId, new: &AccountId, role: Option<Role>) {
		if let Some(role) = role {
			Self::lost(old, role);
			Self::gained(new, role);
		}
	}
}

#[cfg(feature = "runtime-benchmarks")]
pub struct MockHelper;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::Helper<Test> for MockHelper {
	fn hospitals() -> (HospitalId, HospitalId) {
		(NORTH, EAST)
	}
	fn expel(hospital: HospitalId) {
		leaves(hospital);
	}
	fn registrar(hospital: HospitalId) -> RuntimeOrigin {
		registrar(hospital)
	}
	fn council() -> RuntimeOrigin {
		RawOrigin::Root.into()
	}
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, TestSignature) {
		(99, TestSignature(99, message(&99)))
	}
	fn set_time(now: Moment) {
		Timestamp::set_timestamp(now);
	}
}

pub const DAY: Moment = 86_400_000;
/// The time at which tests begin: 23 November 2026.
pub const START: Moment = 1_795_392_000_000;

pub const NORTH: HospitalId = HospitalId(0);
pub const EAST: HospitalId = HospitalId(1);
pub const SOUTH: HospitalId = HospitalId(2);
pub const NOWHERE: HospitalId = HospitalId(3);

/// The chain before its first block.
pub fn externalities() -> sp_io::TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut externalities = sp_io::TestExternalities::new(storage.expect("a good genesis"));
	externalities.execute_with(|| {
		MedicalRecords::in_code_storage_version().put::<MedicalRecords>();
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
	});
	externalities
}

/// Runs `test`, then checks the pallet's invariants.
pub fn chain(test: impl FnOnce()) {
	LEFT.take();
	MODES.take();
	SPONSORED.take();
	ExpiredGrantsKept::set(30 * DAY);
	AppendBudget::set(1_000);
	MAY_SUSPEND.set(true);
	ASKED.take();
	externalities().execute_with(|| {
		test();
		check_invariants();
	});
}

pub fn check_invariants() {
	MedicalRecords::do_try_state().expect("the invariants hold");
	let verified = Patients::<Test>::iter_values()
		.filter(|patient| patient.registration.standing == Standing::Verified)
		.map(|patient| (patient.registration.account, Role::Patient));
	let practising = Doctors::<Test>::iter_values()
		.filter(|doctor| doctor.registration.standing == Standing::Verified)
		.map(|doctor| (doctor.registration.account, Role::Doctor));
	let roles: BTreeSet<_> = verified.chain(practising).collect();
	assert_eq!(KnownRoles::get(), roles, "roles follow standing");
}

// Hospitals

pub fn registrar(hospital: HospitalId) -> RuntimeOrigin {
	signed(100 + u64::from(hospital.0))
}

pub fn leaves(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.insert(hospital));
	MedicalRecords::hospital_left(hospital);
}

pub fn returns(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.remove(&hospital));
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

// Time

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

// People

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

// What they send

pub fn text<Bound: frame_support::traits::Get<u32>>(
	text: &str,
) -> frame_support::BoundedVec<u8, Bound> {
	text.as_bytes().to_vec().try_into().expect("short enough")
}

pub fn profile(name: &str) -> DoctorProfile {
	DoctorProfile {
		name: text(name),
		specialty: text("cardiology"),
		qualification: text("MD"),
		practising_since: 2001,
	}
}

/// A usable key; others have other bytes in their X25519 half.
pub fn x_wing_key(byte: u8) -> PublicKey {
	let mut key = vec![0; 1_184];
	key.resize(1_216, byte);
	key.try_into().expect("just as long")
}

/// A key to which nothing can be sealed: its coefficients are 4,095.
pub fn unusable_key() -> PublicKey {
	vec![0xff; 1_216].try_into().expect("just as long")
}

pub fn sealed_key() -> SealedKey {
	SealedKey(vec![1; SEALED_KEY_LENGTH as usize].try_into().expect("just as long"))
}

pub fn epoch_key(epoch: Epoch) -> EpochKey {
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

pub fn document() -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: NORTH }
}

pub fn new_records(count: usize) -> NewRecords {
	let record = NewRecord { document: document(), in_reply_to: None };
	vec![record; count].try_into().expect("few enough")
}

pub fn note_to(record: RecordIndex) -> NewRecords {
	let note = NewRecord { document: document(), in_reply_to: Some(record) };
	vec![note].try_into().expect("one")
}

pub fn key_for(doctor: DoctorId) -> KeyForDoctor {
	KeyForDoctor { doctor, key_version: doctor_entry(doctor).key_version, key: sealed_key() }
}

pub fn share_key(patient: PatientId, doctor: DoctorId) -> ShareKey {
	ShareKey {
		generation: patient_entry(patient).chart.shares + 1,
		key_version: doctor_entry(doctor).key_version,
		key: sealed_key(),
	}
}

pub fn new_share(patient: PatientId, doctor: DoctorId) -> ShareUnder {
	ShareUnder::New(share_key(patient, doctor))
}

/// The share key that the doctor has, if it is still the present one.
pub fn present_share(patient: PatientId, doctor: DoctorId) -> ShareUnder {
	ShareUnder::Present(ShareKeys::<Test>::get(patient, doctor).map_or(1, |key| key.generation))
}

pub fn shared(records: &[RecordIndex]) -> SharedRecords {
	records
		.iter()
		.map(|record| SharedRecord { record: *record, key: WrappedFileKey([7; 44]) })
		.collect::<Vec<_>>()
		.try_into()
		.expect("few enough")
}

pub fn indices(records: &[RecordIndex]) -> RecordIndices {
	records.to_vec().try_into().expect("few enough")
}

pub fn patients(patients: &[PatientId]) -> PatientIds {
	patients.to_vec().try_into().expect("few enough")
}

pub fn doctors(doctors: &[DoctorId]) -> DoctorIds {
	doctors.to_vec().try_into().expect("few enough")
}

/// The doctors who may see the whole chart and can be reached, apart from `leaving`.
pub fn remaining(patient: PatientId, leaving: &[DoctorId]) -> Vec<DoctorId> {
	let mut remaining: Vec<_> = Grants::<Test>::iter_key_prefix(patient)
		.filter(|doctor| !leaving.contains(doctor))
		.filter(|doctor| {
			MedicalRecords::access(patient, *doctor, None)
				.is_ok_and(|allowed| allowed.scope == Scope::Chart)
		})
		.filter(|doctor| doctor_entry(*doctor).is_key_vouched())
		.collect();
	remaining.sort();
	remaining
}

/// A rotation to these doctors.
pub fn rotation_to(patient: PatientId, doctors: &[DoctorId]) -> Rotation {
	let epoch = patient_entry(patient).chart.epoch + 2;
	Rotation {
		epoch,
		keys: chart_keys(epoch),
		sealed: doctors
			.iter()
			.map(|doctor| key_for(*doctor))
			.collect::<Vec<_>>()
			.try_into()
			.expect("few enough"),
	}
}

/// The rotation that a good client sends when it revokes `leaving`.
pub fn rotation(patient: PatientId, leaving: &[DoctorId]) -> Rotation {
	rotation_to(patient, &remaining(patient, leaving))
}

// What they do

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

pub fn relinquishes(doctor: DoctorId, patient: PatientId) {
	assert_ok!(MedicalRecords::relinquish_access(by_doctor(doctor), patients(&[patient])));
}

// What the chain shows

pub fn sealing_epoch(patient: PatientId) -> Epoch {
	MedicalRecords::sealing_epoch(patient, &patient_entry(patient).chart, now())
}

pub fn is_due(patient: PatientId) -> bool {
	sealing_epoch(patient) != patient_entry(patient).chart.epoch
}

/// The digest that a good client names.
pub fn recipients(patient: PatientId) -> Option<RecipientsDigest> {
	MedicalRecords::recipients(patient).expect("there is such a patient").digest
}

pub fn access(patient: PatientId, doctor: DoctorId) -> Result<Scope, Denied> {
	MedicalRecords::access(patient, doctor, None).map(|allowed| allowed.scope)
}

pub fn key_status(patient: PatientId, doctor: DoctorId) -> KeyStatus {
	MedicalRecords::access(patient, doctor, None).expect("access").key
}

pub fn events() -> Vec<Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::MedicalRecords(event) => Some(event),
			_ => None,
		})
		.collect()
}

pub fn last_event() -> Event<Test> {
	events().pop().expect("something happened")
}
