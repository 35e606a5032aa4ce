//! A runtime of four hospitals with the pallet of charts, so that what people do for each other meets the rules of
//! charts.

mod deeds;
mod people;

pub use deeds::*;
pub use people::*;

use crate::{self as pallet_delegation, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, EnsureOrigin, GetStorageVersion},
};
use frame_system::{EnsureRoot, RawOrigin};
use pallet_medical_records::HospitalRegistry;
#[cfg(feature = "runtime-benchmarks")]
use pallet_medical_records::benchmarking as charts;
use sp_runtime::{
	BuildStorage,
	testing::{TestSignature, UintAuthorityId},
};
use std::{
	cell::RefCell,
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
	#[runtime::pallet_index(3)]
	pub type Delegation = pallet_delegation;
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
	pub const ExpiredGrantsKept: Moment = 30 * DAY;
	pub const MaxDelay: Moment = 90 * DAY;
	pub const ApprovalPeriod: Moment = 14 * DAY;
	pub const ConfirmationPeriod: Moment = 14 * DAY;
	pub const EmergencyRequestPeriod: Moment = DAY;
	pub const MaxEmergencyDuration: Moment = 7 * DAY;
}

impl pallet_medical_records::Config for Test {
	type RegistrarOrigin = EnsureMockRegistrar;
	type CouncilOrigin = EnsureRoot<AccountId>;
	type Hospitals = MockHospitals;
	type Time = Timestamp;
	type Delegates = Delegation;
	type Roles = ();
	type Signature = TestSignature;
	type Signer = UintAuthorityId;
	type MaxRecords = ConstU32<1_300>;
	type PatientsReserve = ConstU32<256>;
	type AppendBudget = ConstU32<1_000>;
	type ExpiredGrantsKept = ExpiredGrantsKept;
	type MaxDocumentSize = MaxDocumentSize;
	type RegistrationPeriod = RegistrationPeriod;
	type MaxRelocations = ConstU32<2>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = MockHelper;
}

impl Config for Test {
	type RegistrarOrigin = EnsureMockRegistrar;
	type Charts = MedicalRecords;
	type Desks = MockHospitals;
	type Time = Timestamp;
	type Signature = TestSignature;
	type Signer = UintAuthorityId;
	type MaxDelay = MaxDelay;
	type ApprovalPeriod = ApprovalPeriod;
	type ConfirmationPeriod = ConfirmationPeriod;
	type EmergencyRequestPeriod = EmergencyRequestPeriod;
	type MaxEmergencyDuration = MaxEmergencyDuration;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = MockHelper;
}

thread_local! {
	static LEFT: RefCell<BTreeSet<HospitalId>> = const { RefCell::new(BTreeSet::new()) };
	static KEYS: RefCell<BTreeMap<HospitalId, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// The number of hospitals.
const HOSPITALS: u32 = 64;

pub struct MockHospitals;
impl HospitalRegistry<AccountId> for MockHospitals {
	fn is_active(hospital: HospitalId) -> bool {
		hospital.0 < HOSPITALS && !LEFT.with_borrow(|left| left.contains(&hospital))
	}
	fn is_known(hospital: HospitalId) -> bool {
		hospital.0 < HOSPITALS
	}
	fn registration(_: HospitalId) -> RegistrationMode {
		RegistrationMode::Open
	}
	fn has_sponsored(_: HospitalId, _: &AccountId) -> bool {
		false
	}
	fn count_decision(_: HospitalId, _: Paced, _: Capacity, _: u32) -> bool {
		true
	}
	fn is_open(_: InstitutionId) -> bool {
		false
	}
	fn operated_by(_: &AccountId) -> Option<InstitutionId> {
		None
	}
}

impl Desks for MockHospitals {
	fn is_active(hospital: HospitalId) -> bool {
		<Self as HospitalRegistry<AccountId>>::is_active(hospital)
	}
	/// Hospital 63 has no profile key.
	fn key_version(hospital: HospitalId) -> Option<u32> {
		let version = KEYS.with_borrow(|keys| keys.get(&hospital).copied().unwrap_or(1));
		(hospital.0 < HOSPITALS - 1).then_some(version)
	}
}

/// Accounts 100 to 163 verify people for the hospitals 0 to 63, and have their desks.
pub struct EnsureMockRegistrar;
impl EnsureOrigin<RuntimeOrigin> for EnsureMockRegistrar {
	type Success = HospitalId;
	fn try_origin(origin: RuntimeOrigin) -> Result<HospitalId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(who @ 100..=163)) => {
				let hospital = HospitalId((who - 100) as u32);
				<MockHospitals as Desks>::is_active(hospital).then_some(hospital).ok_or(origin)
			},
			_ => Err(origin),
		}
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Signed(100).into())
	}
}

#[cfg(feature = "runtime-benchmarks")]
pub struct MockHelper;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::Helper<Test> for MockHelper {
	fn hospital(number: u32) -> HospitalId {
		HospitalId(number)
	}
	fn registrar(hospital: HospitalId) -> RuntimeOrigin {
		registrar(hospital)
	}
	fn patient(number: u32) -> (PatientId, AccountId) {
		let who = 10_000 + AccountId::from(number);
		let known = pallet_medical_records::PatientOf::<Test>::get(who);
		(known.unwrap_or_else(|| registers_patient(who)), who)
	}
	fn doctor(number: u32) -> (DoctorId, AccountId) {
		let who = 20_000 + AccountId::from(number);
		let known = pallet_medical_records::DoctorOf::<Test>::get(who);
		(known.unwrap_or_else(|| registers_doctor(who)), who)
	}
	fn becomes(who: &AccountId, capacity: Capacity) {
		match capacity {
			Capacity::Patient => {
				registers_patient(*who);
			},
			Capacity::Doctor => {
				registers_doctor(*who);
			},
		}
	}
	/// Accounts have their desks from the beginning.
	fn joins_desk(_: &AccountId) {}
	fn chart_to_look_at(grants: u32) -> (PatientId, AccountId) {
		charts::chart_to_look_at::<Test>(grants)
	}
	fn look_for_recipients(patient: PatientId) -> u32 {
		charts::look_for_recipients::<Test>(patient).0
	}
	fn changes_account(person: Person, who: &AccountId) {
		charts::begin_account_change::<Test>(person, who);
	}
	fn shares_under_earlier_key(patient: PatientId, doctor: DoctorId) {
		charts::share_under_earlier_key::<Test>(patient, doctor);
	}
	fn fill_chart(patient: PatientId) {
		charts::fill_grants::<Test>(patient, &account_of(patient.into()));
	}
	fn notes(patient: PatientId, count: u32) -> NewRecords {
		charts::fill_batch::<Test>(&account_of(patient.into()));
		charts::move_documents::<Test>(patient);
		charts::notes_in_all_vaults::<Test>(count)
	}
	fn records(patient: PatientId, count: u32) {
		adds(patient, count as usize);
	}
	fn grants(patient: PatientId, doctor: DoctorId) {
		grants(patient, doctor);
	}
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, TestSignature) {
		(99, TestSignature(99, message(&99)))
	}
	fn set_time(now: Moment) {
		Timestamp::set_timestamp(now);
	}
}
#[cfg(feature = "runtime-benchmarks")]
impl pallet_medical_records::benchmarking::Helper<Test> for MockHelper {
	fn hospitals() -> (HospitalId, HospitalId) {
		(NORTH, EAST)
	}
	fn hospital(number: u32) -> HospitalId {
		HospitalId(number)
	}
	fn sponsor(_: HospitalId, _: &AccountId) {}
	fn expel(hospital: HospitalId) {
		leaves(hospital);
	}
	fn registrar(hospital: HospitalId) -> RuntimeOrigin {
		registrar(hospital)
	}
	fn council() -> RuntimeOrigin {
		RawOrigin::Root.into()
	}
	fn operator() -> (InstitutionId, RuntimeOrigin) {
		(InstitutionId(0), signed(300))
	}
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, TestSignature) {
		(99, TestSignature(99, message(&99)))
	}
	fn names(who: &AccountId, representatives: &[PatientId]) {
		for representative in representatives {
			let naming =
				Delegation::name_representative(signed(*who), *representative, Scopes(15), None);
			naming.expect("the patient is verified");
		}
	}
	/// Only the runtime measures that.
	fn represents(_: (PatientId, &AccountId), _: &[(PatientId, AccountId)]) {}
	fn plans(_: &AccountId, _: u32) {}
	fn set_time(now: Moment) {
		Timestamp::set_timestamp(now);
	}
}

pub const HOUR: Moment = 3_600_000;
pub const DAY: Moment = 24 * HOUR;
/// The time at which tests begin: 23 November 2026.
pub const START: Moment = 1_795_392_000_000;

pub const NORTH: HospitalId = HospitalId(0);
pub const EAST: HospitalId = HospitalId(1);
pub const SOUTH: HospitalId = HospitalId(2);
pub const WEST: HospitalId = HospitalId(3);
pub const NOWHERE: HospitalId = HospitalId(64);
/// A hospital without a profile key.
pub const KEYLESS: HospitalId = HospitalId(63);

/// The chain before its first block.
pub fn externalities() -> sp_io::TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut externalities = sp_io::TestExternalities::new(storage.expect("a good genesis"));
	externalities.execute_with(|| {
		MedicalRecords::in_code_storage_version().put::<MedicalRecords>();
		Delegation::in_code_storage_version().put::<Delegation>();
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
	});
	externalities
}

/// Runs `test`, then checks both pallets' invariants.
pub fn chain(test: impl FnOnce()) {
	LEFT.take();
	KEYS.take();
	externalities().execute_with(|| {
		test();
		check_invariants();
	});
}

pub fn check_invariants() {
	MedicalRecords::do_try_state().expect("the charts' invariants hold");
	Delegation::do_try_state().expect("the invariants hold");
}

/// A hospital is expelled.
pub fn leaves(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.insert(hospital));
	MedicalRecords::hospital_left(hospital);
}

/// A hospital that was expelled is admitted again.
pub fn returns(hospital: HospitalId) {
	LEFT.with_borrow_mut(|left| left.remove(&hospital));
}

/// A hospital's registrars make a new profile key.
pub fn changes_profile_key(hospital: HospitalId) {
	KEYS.with_borrow_mut(|keys| *keys.entry(hospital).or_insert(1) += 1);
}
