//! A runtime of three hospitals, with verbs of the domain: registers, verifies, grants, appends.

mod deeds;
mod hospitals;
mod people;
mod sent;
mod shown;

pub use deeds::*;
pub use hospitals::*;
pub use people::*;
pub use sent::*;
pub use shown::*;

use crate::{self as pallet_medical_records, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, EnsureOrigin, GetStorageVersion},
};
use frame_system::{EnsureRoot, RawOrigin};
use sp_runtime::{
	BuildStorage,
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
	type Delegates = ();
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
	/// The number of hospitals. Measurements want more.
	static HOSPITALS: Cell<u32> = const { Cell::new(3) };
	static CLOSED: RefCell<BTreeSet<InstitutionId>> = const { RefCell::new(BTreeSet::new()) };
	/// The decisions of which hospitals may make no more.
	pub static EXHAUSTED: Cell<Option<Paced>> = const { Cell::new(None) };
	/// The number of times that a hospital was asked about.
	pub static LOOKED_UP: Cell<u32> = const { Cell::new(0) };
	/// The decision that was counted last.
	pub static ASKED: Cell<Option<(HospitalId, Paced, Capacity, u32)>> = const { Cell::new(None) };
}

pub struct MockHospitals;
impl HospitalRegistry<AccountId> for MockHospitals {
	fn is_active(hospital: HospitalId) -> bool {
		LOOKED_UP.set(LOOKED_UP.get() + 1);
		hospital.0 < HOSPITALS.get() && !LEFT.with_borrow(|left| left.contains(&hospital))
	}
	/// Those with higher numbers had left before the tests begin, but for one that there never was.
	fn is_known(hospital: HospitalId) -> bool {
		hospital != NEVER
	}
	fn registration(hospital: HospitalId) -> RegistrationMode {
		MODES.with_borrow(|modes| modes.get(&hospital).copied().unwrap_or_default())
	}
	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool {
		SPONSORED.with_borrow(|sponsored| sponsored.contains(&(hospital, *who)))
	}
	fn count_decision(hospital: HospitalId, what: Paced, capacity: Capacity, people: u32) -> bool {
		ASKED.set(Some((hospital, what, capacity, people)));
		EXHAUSTED.get() != Some(what)
	}
	fn is_open(institution: InstitutionId) -> bool {
		institution.0 < INSTITUTIONS && !CLOSED.with_borrow(|closed| closed.contains(&institution))
	}
	fn operated_by(who: &AccountId) -> Option<InstitutionId> {
		let number = who.checked_sub(FIRST_OPERATOR).and_then(|number| number.try_into().ok());
		number.map(InstitutionId).filter(|institution| Self::is_open(*institution))
	}
}

/// The number of institutions, each with one operator. They belong to the three hospitals in turn.
pub const INSTITUTIONS: u32 = 99;

const FIRST_OPERATOR: AccountId = 300;

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
	fn hospital(number: u32) -> HospitalId {
		HOSPITALS.set(64);
		HospitalId(number)
	}
	fn sponsor(hospital: HospitalId, who: &AccountId) {
		takes_in(hospital, RegistrationMode::SponsoredOnly);
		sponsors(hospital, *who);
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
	fn operator() -> (InstitutionId, RuntimeOrigin) {
		(LABORATORY, by_operator(LABORATORY))
	}
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, TestSignature) {
		(99, TestSignature(99, message(&99)))
	}
	/// No one acts for others here.
	fn names(_: &AccountId, _: &[PatientId]) {}
	fn represents(_: (PatientId, &AccountId), _: &[(PatientId, AccountId)]) {}
	fn plans(_: &AccountId, _: u32) {}
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
pub const NEVER: HospitalId = HospitalId(u32::MAX);

/// Institutions of the hospitals East and South.
pub const LABORATORY: InstitutionId = InstitutionId(1);
pub const IMAGING: InstitutionId = InstitutionId(2);

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
	CLOSED.take();
	MODES.take();
	SPONSORED.take();
	ExpiredGrantsKept::set(30 * DAY);
	AppendBudget::set(1_000);
	EXHAUSTED.take();
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
