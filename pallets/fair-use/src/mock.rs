//! A runtime with some calls for all accounts, one for newcomers and two that are urgent.
//!
//! Computation is a unit a microsecond, and a byte is four. Nothing has a weight of its own that comes to a unit, so that
//! each transaction costs what its test says.

use crate::{self as pallet_fair_use, *};
use frame_support::{
	derive_impl,
	dispatch::DispatchResult,
	parameter_types,
	traits::{ConstU32, Time},
	weights::Weight,
};
use frame_system::{RawOrigin, limits::BlockWeights};
#[cfg(feature = "runtime-benchmarks")]
use medblock_primitives::MAX_DESK_BATCH;
use medblock_primitives::{HospitalId, Moment, Role, Roles};
use sp_runtime::{BuildStorage, DispatchError, Perbill};
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
	pub type FairUsage = pallet_fair_use;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type BlockWeights = WithoutBase;
	type AccountData = AccountData;
}

parameter_types! {
	/// With nothing for what a transaction costs anyway, so that each costs what its test says.
	pub WithoutBase: BlockWeights = BlockWeights::simple_max(Weight::MAX);
	/// Some tests want unfit ones.
	pub static TestAllowances: Allowances = Allowances {
		open_lane: Allowance { capacity: 100, refill: 50 },
		pending: Allowance { capacity: 100, refill: 1_000 },
		patient: Allowance { capacity: 1_000, refill: 100 },
		doctor: Allowance { capacity: 2_000, refill: 100 },
		hospital: Allowance { capacity: 100_000, refill: 100 },
		revocation_reserve: 500,
		controller_reserve: 400,
	};
	pub static TestShare: Share = Share { computation: 1_000, length: 5_000 };
	/// All of a block, but in tests of short slots.
	pub static TestBlockPart: Perbill = Perbill::from_percent(100);
	/// Few, but for measurements.
	pub static TestMaxSponsored: u32 = 3;
	/// The chain's time.
	pub storage Now: Moment = START;
}

/// The time at which tests begin, in milliseconds: 23 November 2026.
pub const START: Moment = 1_795_392_000_000;

pub struct Clock;
impl Time for Clock {
	type Moment = Moment;
	fn now() -> Moment {
		Now::get()
	}
}

/// Accounts 900 to 999 are hospital 0's staff, and 1,000 to 1,099 hospital 1's.
fn hospital_of(who: AccountId) -> Option<HospitalId> {
	match who {
		900..=999 => Some(HospitalId(0)),
		1_000..=1_099 => Some(HospitalId(1)),
		_ => None,
	}
}

/// The first registrars of the two hospitals.
pub const REGISTRAR: AccountId = 900;
pub const OTHER_REGISTRAR: AccountId = 1_000;

/// Gives the hospital of a registrar.
pub struct EnsureTestRegistrar;
impl frame_support::traits::EnsureOrigin<RuntimeOrigin> for EnsureTestRegistrar {
	type Success = HospitalId;
	fn try_origin(origin: RuntimeOrigin) -> Result<HospitalId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(who)) => hospital_of(who).ok_or(origin),
			_ => Err(origin),
		}
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Signed(REGISTRAR).into())
	}
}

pub struct TestPayers;
impl Payers<AccountId> for TestPayers {
	fn payer(who: &AccountId) -> Option<HospitalId> {
		let left = LEFT.with_borrow(|left| *left);
		hospital_of(*who).filter(|hospital| Some(*hospital) != left)
	}
	fn roles(who: &AccountId) -> Option<RoleSet> {
		GIVEN.with_borrow(|given| {
			given.as_ref().map(|given| given.get(who).copied().unwrap_or_default())
		})
	}
}

/// Weights of next to nothing, and of picoseconds that can be told apart.
pub struct Weightless;
impl WeightInfo for Weightless {
	fn sponsor() -> Weight {
		Weight::zero()
	}
	fn end_sponsorship() -> Weight {
		Weight::zero()
	}
	fn sponsor_accounts(_: u32) -> Weight {
		Weight::zero()
	}
	fn known() -> Weight {
		Weight::from_parts(10, 0)
	}
	fn hospital() -> Weight {
		Weight::from_parts(30, 0)
	}
	fn newcomer() -> Weight {
		Weight::from_parts(50, 0)
	}
	fn reshape_sponsorship() -> Weight {
		Weight::from_parts(1_000, 0)
	}
}

thread_local! {
	/// Whether registrations would succeed.
	pub static TAKES_IN: RefCell<bool> = const { RefCell::new(true) };
	/// The account whose registration hospital 0 waits for.
	pub static EXPECTED: RefCell<Option<AccountId>> = const { RefCell::new(None) };
	/// The accounts of people who wait to be verified.
	pub static PENDING: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
	/// The accounts of people who are suspended.
	pub static SUSPENDED: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
	/// The number of calls of each account that it can undo.
	pub static DONE: RefCell<BTreeMap<AccountId, u32>> = const { RefCell::new(BTreeMap::new()) };
	/// The hospital that has left.
	pub static LEFT: RefCell<Option<HospitalId>> = const { RefCell::new(None) };
	/// The roles that accounts were given, if anything is known of them.
	pub static GIVEN: RefCell<Option<BTreeMap<AccountId, RoleSet>>> = const { RefCell::new(None) };
}

/// `remark` is for all accounts, and the work of vaults, `remark_with_event` is a registration, `set_heap_pages` is urgent and
/// undoes something if its pages say so, `kill_storage` is for patients and suspended people,
/// `kill_prefix` corrects a profile, and nothing else is allowed.
pub struct TestCalls;
impl CallPolicy<AccountId, RuntimeCall> for TestCalls {
	fn is_allowed(call: &RuntimeCall) -> bool {
		use frame_system::Call;
		matches!(
			call,
			RuntimeCall::FairUsage(_)
				| RuntimeCall::System(
					Call::remark { .. }
						| Call::remark_with_event { .. }
						| Call::set_heap_pages { .. }
						| Call::kill_storage { .. }
						| Call::kill_prefix { .. }
				)
		)
	}
	fn is_urgent(_: &AccountId, call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::System(frame_system::Call::set_heap_pages { .. }))
	}
	fn is_retraction(who: &AccountId, call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::System(frame_system::Call::kill_storage { .. }))
			&& (SUSPENDED.with_borrow(|suspended| suspended.contains(who))
				|| frame_system::Account::<Test>::get(who).data.roles.contains(Role::Patient))
	}
	fn undoes(who: &AccountId, call: &RuntimeCall) -> bool {
		*call == undoing() && DONE.with_borrow(|done| done.get(who).is_some_and(|count| *count > 0))
	}
	fn is_correction(who: &AccountId, call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::System(frame_system::Call::kill_prefix { .. }))
			&& PENDING.with_borrow(|pending| pending.contains(who))
	}
	fn is_vaults_work(_: &AccountId, call: &RuntimeCall) -> bool {
		*call == remark()
	}
	fn is_registration(call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::System(frame_system::Call::remark_with_event { .. }))
	}
	fn registers_with(call: &RuntimeCall) -> Option<HospitalId> {
		match call {
			RuntimeCall::System(frame_system::Call::remark_with_event { remark }) => {
				Some(HospitalId(remark.len() as u32))
			},
			_ => None,
		}
	}
	fn expected_by(who: &AccountId, _: &RuntimeCall) -> Option<HospitalId> {
		EXPECTED.with_borrow(|expected| (*expected == Some(*who)).then_some(HospitalId(0)))
	}
	fn can_register(_: &AccountId, _: &RuntimeCall) -> DispatchResult {
		TAKES_IN.with_borrow(|open| open.then_some(()).ok_or(DispatchError::Unavailable))
	}
	fn weight(_: &RuntimeCall) -> Weight {
		Weight::from_parts(7, 0)
	}
}

impl Config for Test {
	type RegistrarOrigin = EnsureTestRegistrar;
	type Calls = TestCalls;
	type Payers = TestPayers;
	type Time = Clock;
	type Allowances = TestAllowances;
	type UnitsPerByte = ConstU32<4>;
	type HospitalShare = TestShare;
	type BlockPart = TestBlockPart;
	type NonceWindow = ConstU32<16>;
	type MaxSponsored = TestMaxSponsored;
	type WeightInfo = Weightless;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = TestHelper;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct TestHelper;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::Helper<Test> for TestHelper {
	fn registrar() -> RuntimeOrigin {
		FairUsage::gained(&REGISTRAR, Role::Registrar);
		TestMaxSponsored::set(MAX_DESK_BATCH);
		signed(REGISTRAR)
	}
	fn operator() -> RuntimeOrigin {
		FairUsage::gained(&REGISTRAR, Role::Operator);
		signed(REGISTRAR)
	}
	fn registration(_: &AccountId) -> RuntimeCall {
		registration()
	}
}

/// The chain at its first block.
pub fn externalities() -> sp_io::TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut externalities = sp_io::TestExternalities::new(storage.expect("a good genesis"));
	externalities.execute_with(|| System::set_block_number(1));
	externalities
}

/// Runs `test`, then checks the pallet's invariants.
pub fn chain(test: impl FnOnce()) {
	TAKES_IN.set(true);
	TestBlockPart::set(Perbill::from_percent(100));
	TestMaxSponsored::set(3);
	EXPECTED.set(None);
	PENDING.take();
	SUSPENDED.take();
	DONE.take();
	LEFT.set(None);
	externalities().execute_with(|| {
		test();
		FairUsage::do_try_state().expect("the invariants hold");
	});
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RawOrigin::Signed(who).into()
}

pub fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![] }.into()
}

/// With hospital 0.
pub fn registration() -> RuntimeCall {
	registration_with(0)
}

/// With a hospital, by the length of the remark.
pub fn registration_with(hospital: u32) -> RuntimeCall {
	frame_system::Call::remark_with_event { remark: vec![0; hospital as usize] }.into()
}

pub fn urgent() -> RuntimeCall {
	frame_system::Call::set_heap_pages { pages: 1 }.into()
}

/// Urgent, and undoes something if there is anything to undo.
pub fn undoing() -> RuntimeCall {
	frame_system::Call::set_heap_pages { pages: 2 }.into()
}

/// What a suspended person may still send, and a patient anyway. It is not urgent.
pub fn retraction() -> RuntimeCall {
	frame_system::Call::kill_storage { keys: vec![] }.into()
}

/// What a person who waits to be verified may send.
pub fn correction() -> RuntimeCall {
	frame_system::Call::kill_prefix { prefix: vec![], subkeys: 0 }.into()
}

/// Adds this account to a hospital's staff.
pub fn a_registrar(who: AccountId) {
	FairUsage::gained(&who, Role::Registrar);
}

/// Lets time pass, in seconds.
pub fn pass(seconds: u64) {
	Now::set(&(Now::get() + seconds * 1_000));
}
