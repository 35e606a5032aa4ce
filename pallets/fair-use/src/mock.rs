//! A runtime with some calls for all accounts, one for newcomers and one that is urgent.

use crate::{self as pallet_fair_use, *};
use frame_support::{
	derive_impl, dispatch::DispatchResult, parameter_types, traits::ConstU32, weights::Weight,
};
use frame_system::{EnsureSignedBy, RawOrigin, limits::BlockWeights};
use medblock_primitives::HospitalId;
use sp_runtime::{BuildStorage, DispatchError};
use std::cell::RefCell;

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
	pub const TestAllowances: Allowances = Allowances {
		registered: Allowance { capacity: 100, recovery: 1 },
		patient: Allowance { capacity: 1_000, recovery: 10 },
		doctor: Allowance { capacity: 2_000, recovery: 20 },
		hospital: Allowance { capacity: 10_000, recovery: 1_000 },
		revocation_reserve: 500,
	};
	/// The registrar of hospital 0.
	pub const Registrar: AccountId = 900;
	/// The registrar of hospital 1.
	pub const OtherRegistrar: AccountId = 901;
}

/// Gives the hospital of the two registrars.
pub struct EnsureTestRegistrar;
impl frame_support::traits::EnsureOrigin<RuntimeOrigin> for EnsureTestRegistrar {
	type Success = HospitalId;
	fn try_origin(origin: RuntimeOrigin) -> Result<HospitalId, RuntimeOrigin> {
		EnsureSignedBy::<RegistrarSet, AccountId>::try_origin(origin)
			.map(|who| HospitalId((who - 900) as u32))
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Signed(900).into())
	}
}

pub struct RegistrarSet;
impl frame_support::traits::SortedMembers<AccountId> for RegistrarSet {
	fn sorted_members() -> Vec<AccountId> {
		vec![Registrar::get(), OtherRegistrar::get()]
	}
}

thread_local! {
	/// Whether registrations would succeed.
	pub static TAKES_IN: RefCell<bool> = const { RefCell::new(true) };
	/// The account whose registration a hospital waits for.
	pub static EXPECTED: RefCell<Option<AccountId>> = const { RefCell::new(None) };
}

/// `remark` is for all accounts, `remark_with_event` is a registration, `set_heap_pages` is urgent,
/// and nothing else is allowed.
pub struct TestCalls;
impl CallPolicy<AccountId, RuntimeCall> for TestCalls {
	fn is_allowed(call: &RuntimeCall) -> bool {
		Self::is_registration(call)
			|| matches!(call, RuntimeCall::System(frame_system::Call::set_heap_pages { .. }))
			|| matches!(call, RuntimeCall::System(frame_system::Call::remark { .. }))
			|| matches!(call, RuntimeCall::FairUsage(_))
	}
	fn is_urgent(_: &AccountId, call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::System(frame_system::Call::set_heap_pages { .. }))
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
	fn is_expected(who: &AccountId, _: &RuntimeCall) -> bool {
		EXPECTED.with_borrow(|expected| *expected == Some(*who))
	}
	fn can_register(_: &AccountId, _: &RuntimeCall) -> DispatchResult {
		TAKES_IN.with_borrow(|open| open.then_some(()).ok_or(DispatchError::Unavailable))
	}
}

impl Config for Test {
	type RegistrarOrigin = EnsureTestRegistrar;
	type Calls = TestCalls;
	type Allowances = TestAllowances;
	type OpenLane = ConstU32<2>;
	type NonceWindow = ConstU32<16>;
	type MaxSponsored = ConstU32<3>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = TestHelper;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct TestHelper;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::Helper<Test> for TestHelper {
	fn registrar() -> RuntimeOrigin {
		signed(Registrar::get())
	}
	fn registration() -> RuntimeCall {
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
	EXPECTED.set(None);
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
