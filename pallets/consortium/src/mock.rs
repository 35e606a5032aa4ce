//! A runtime of four hospitals with real sessions and a real council.

use crate::{self as pallet_consortium, *};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, Contains, Hooks, NeverEnsureOrigin, OnTimestampSet, Time},
	weights::Weight,
};
use frame_system::{EnsureRoot, RawOrigin};
use medblock_primitives::{Moment, Role, Roles, SealedKey};
use sp_core::{Pair as _, sr25519::Pair};
use sp_runtime::{
	AccountId32, BuildStorage, KeyTypeId, MultiSignature, MultiSigner, testing::UintAuthorityId,
	traits::IdentityLookup,
};
use sp_staking::{
	SessionIndex,
	offence::{OffenceDetails, OnOffenceHandler},
};
use std::{
	cell::{Cell, RefCell},
	collections::BTreeSet,
};

pub type AccountId = AccountId32;

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
	pub type Council = pallet_collective<Instance1>;
	#[runtime::pallet_index(2)]
	pub type Consortium = pallet_consortium;
	#[runtime::pallet_index(3)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(4)]
	pub type Session = pallet_session;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type BaseCallFilter = Filter;
}

/// Refuses what is refused about motions.
pub struct Filter;
impl Contains<RuntimeCall> for Filter {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::Council(call) => TestMotions::contains(call),
			_ => true,
		}
	}
}

pub type TestMotions = Motions<Test, pallet_collective::Instance1>;

parameter_types! {
	pub const SilenceLimit: SessionIndex = 3;
	pub const HistoryDepth: SessionIndex = 8;
	pub MaxProposalWeight: Weight = Weight::MAX;
	pub const MaxDelayedWeight: Weight = Weight::from_parts(1_000_000_000, 100_000);
}

impl pallet_collective::Config<pallet_collective::Instance1> for Test {
	type RuntimeOrigin = RuntimeOrigin;
	type RuntimeEvent = RuntimeEvent;
	type Proposal = RuntimeCall;
	type MotionDuration = MotionDuration<Test>;
	type MaxProposals = ConstU32<MAX_MOTIONS>;
	type MaxMembers = ConstU32<6>;
	type DefaultVote = pallet_collective::PrimeDefaultVote;
	type WeightInfo = ();
	type SetMembersOrigin = NeverEnsureOrigin<()>;
	type MaxProposalWeight = MaxProposalWeight;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type Consideration = MotionPlace<Test, pallet_collective::Instance1>;
}

impl pallet_session::historical::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = pallet_consortium::Unit;
}

/// Accepts any keys: what matters here is whether there are some.
pub struct Handler;
impl pallet_session::SessionHandler<AccountId> for Handler {
	const KEY_TYPE_IDS: &'static [KeyTypeId] = &[sp_core::crypto::key_types::DUMMY];
	fn on_genesis_session<K: sp_runtime::traits::OpaqueKeys>(_: &[(AccountId, K)]) {}
	fn on_new_session<K: sp_runtime::traits::OpaqueKeys>(
		_: bool,
		_: &[(AccountId, K)],
		_: &[(AccountId, K)],
	) {
	}
	fn on_disabled(_: u32) {}
}

impl pallet_session::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = Consortium;
	type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength<Test>, ConstZero>;
	type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength<Test>, ConstZero>;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Test, Consortium>;
	type SessionHandler = Handler;
	type Keys = UintAuthorityId;
	type DisablingStrategy = ();
	type WeightInfo = ();
	type Currency = NoDeposit<RuntimeHoldReason>;
	type KeyDeposit = frame_support::traits::ConstU128<0>;
}

pub struct ConstZero;
impl frame_support::traits::Get<u64> for ConstZero {
	fn get() -> u64 {
		0
	}
}

/// `remark` at once, `remark_with_event` and `authorize_upgrade` after five blocks, little else.
pub struct TestPowers;
impl Powers<RuntimeCall, u64> for TestPowers {
	fn delay(call: &RuntimeCall) -> Option<u64> {
		match call {
			RuntimeCall::System(frame_system::Call::remark { .. }) => Some(0),
			RuntimeCall::System(frame_system::Call::set_heap_pages { .. }) => Some(0),
			RuntimeCall::System(frame_system::Call::set_storage { items }) if items.is_empty() => {
				Some(5)
			},
			RuntimeCall::System(frame_system::Call::authorize_upgrade { .. }) => Some(5),
			RuntimeCall::System(frame_system::Call::remark_with_event { .. })
				if !FORGOTTEN.with_borrow(|forgotten| *forgotten) =>
			{
				Some(5)
			},
			_ => None,
		}
	}
}

thread_local! {
	/// Whether an upgrade took `remark_with_event` out of the council's powers.
	pub static FORGOTTEN: RefCell<bool> = const { RefCell::new(false) };
	/// The hospitals that have left.
	pub static EXPELLED: RefCell<Vec<HospitalId>> = const { RefCell::new(Vec::new()) };
}

pub struct NoteExpulsion;
impl OnExpulsion<AccountId> for NoteExpulsion {
	fn on_expulsion(hospital: HospitalId, seat: &AccountId) {
		assert_eq!(*seat, Consortium::seat_account(hospital));
		EXPELLED.with_borrow_mut(|expelled| expelled.push(hospital));
	}
	fn weight() -> Weight {
		Weight::from_parts(7, 0)
	}
}

pub struct Past;
impl SessionHistory<AccountId> for Past {
	fn forget_before(session: SessionIndex) {
		Historical::prune_up_to(session);
	}
	fn forget_keys(seat: &AccountId) {
		if let Some(keys) = pallet_session::NextKeys::<Test>::take(seat) {
			let owner = (sp_core::crypto::key_types::DUMMY, keys.as_ref().to_vec());
			pallet_session::KeyOwner::<Test>::remove(owner);
		}
	}
	fn keys_changed() -> bool {
		pallet_session::QueuedKeys::<Test>::get()
			.iter()
			.any(|(seat, keys)| pallet_session::NextKeys::<Test>::get(seat).as_ref() != Some(keys))
	}
}

thread_local! {
	/// The accounts that act for hospitals, with their roles.
	pub static ROLES: RefCell<BTreeSet<(AccountId, Role)>> = const { RefCell::new(BTreeSet::new()) };
}

/// Accounts have to exist before they can set session keys.
pub struct MockRoles;
impl Roles<AccountId> for MockRoles {
	fn gained(who: &AccountId, role: Role) {
		if System::providers(who) == 0 {
			System::inc_providers(who);
		}
		assert!(ROLES.with_borrow_mut(|roles| roles.insert((who.clone(), role))), "gained twice");
	}
	fn lost(who: &AccountId, role: Role) {
		assert!(ROLES.with_borrow_mut(|roles| roles.remove(&(who.clone(), role))), "never gained");
	}
	fn succeeded(_: &AccountId, _: &AccountId, _: Option<Role>) {
		unreachable!("hospitals' staff are no patients or doctors");
	}
}

/// A clock that shows a second a block, and the time that passed without blocks.
pub struct Clock;
impl Time for Clock {
	type Moment = Moment;
	fn now() -> Moment {
		System::block_number() * 1_000 + WITHOUT_BLOCKS.get()
	}
}

thread_local! {
	/// The time in which the chain stood still.
	static WITHOUT_BLOCKS: Cell<Moment> = const { Cell::new(0) };
}

/// Lets the chain stand still for so long. The next block sets its clock.
pub fn stands_still(time: Moment) {
	WITHOUT_BLOCKS.set(WITHOUT_BLOCKS.get() + time);
	Consortium::on_timestamp_set(Clock::now());
}

impl Config for Test {
	type RuntimeCall = RuntimeCall;
	type CouncilOrigin =
		pallet_collective::EnsureProportionAtLeast<AccountId, pallet_collective::Instance1, 2, 3>;
	type Council = TestMotions;
	type Powers = TestPowers;
	type Sessions = Session;
	type History = Past;
	type Signature = MultiSignature;
	type Signer = MultiSigner;
	type Roles = MockRoles;
	type OnExpulsion = NoteExpulsion;
	type MaxHospitals = ConstU32<6>;
	type MaxRegistrars = ConstU32<4>;
	type MaxAppointments = ConstU32<3>;
	type MaxInstitutions = ConstU32<3>;
	type MaxOperators = ConstU32<2>;
	type AppointmentPeriod = ConstU64<10>;
	type MaxMotions = ConstU32<MAX_MOTIONS>;
	type MaxPending = ConstU32<2>;
	type EnactmentPeriod = ConstU64<{ 14 * DAY }>;
	type MaxDelayedWeight = MaxDelayedWeight;
	type SilenceLimit = SilenceLimit;
	type HistoryDepth = HistoryDepth;
	type Time = Clock;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = TestHelper;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct TestHelper;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::Helper<AccountId, RuntimeCall, MultiSignature> for TestHelper {
	fn set_session_keys(controller: &AccountId, seed: u32) {
		let origin = RawOrigin::Signed(controller.clone()).into();
		assert_ok!(Session::set_keys(origin, UintAuthorityId(seed.into()), vec![]));
	}
	fn open_motions() {}
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, MultiSignature) {
		let (account, pair) = vault(99);
		let signature = pair.sign(&message(&account));
		(account, signature.into())
	}
	fn delayed() -> RuntimeCall {
		RuntimeCall::System(frame_system::Call::remark_with_event { remark: vec![] })
	}
	/// Only the runtime measures that.
	fn put_in_office(_: &[AccountId]) {}
	fn own_nodes(_: &AccountId) {}
	fn set_session(index: SessionIndex) {
		pallet_session::CurrentIndex::<Test>::put(index);
	}
	fn end_session() {
		Session::rotate_session();
	}
}

pub const NORTH: HospitalId = HospitalId(0);
pub const EAST: HospitalId = HospitalId(1);
pub const SOUTH: HospitalId = HospitalId(2);
pub const WEST: HospitalId = HospitalId(3);
pub const FIFTH: HospitalId = HospitalId(4);

pub const SESSION: u64 = 6;

/// As many as the council may have open.
pub const MAX_MOTIONS: u32 = 8;

pub const DAY: Moment = 86_400_000;

/// Some account; controllers of the founders are 0 to 3.
pub fn account(n: u8) -> AccountId {
	AccountId32::new([n; 32])
}

pub fn controller(hospital: HospitalId) -> RuntimeOrigin {
	RawOrigin::Signed(Hospitals::<Test>::get(hospital).expect("admitted").controller).into()
}

pub fn signed(n: u8) -> RuntimeOrigin {
	RawOrigin::Signed(account(n)).into()
}

/// Three quarters of the council.
pub fn council() -> RuntimeOrigin {
	pallet_collective::RawOrigin::Members(3, 4).into()
}

/// Half of the council, which is not enough for anything.
pub fn half_the_council() -> RuntimeOrigin {
	pallet_collective::RawOrigin::Members(2, 4).into()
}

pub fn name(text: &str) -> Name {
	text.as_bytes().to_vec().try_into().expect("short enough")
}

pub fn gateway(text: &str) -> Gateway {
	text.as_bytes().to_vec().try_into().expect("short enough")
}

pub fn x_wing_key(byte: u8) -> PublicKey {
	vec![byte; 1_216].try_into().expect("just as long")
}

/// A secret sealed to someone, in form.
pub fn sealed(byte: u8) -> SealedKey {
	let mut bytes = [byte; 1_169];
	bytes[0] = 1;
	SealedKey::new(bytes)
}

/// Secrets for these registrars, sealed to the first versions of their keys.
pub fn for_registrars(registrars: &[u8]) -> KeysForRegistrars<Test> {
	let one = |n: &u8| KeyForRegistrar { registrar: account(*n), key_version: 1, key: sealed(*n) };
	registrars.iter().map(one).collect::<Vec<_>>().try_into().expect("few enough")
}

/// A registrar who was appointed by the hospital with this controller, and has accepted.
pub fn joins(registrar: u8, controller: u8) {
	let hospital = ControllerOf::<Test>::get(account(controller)).expect("a controller");
	assert_ok!(Consortium::appoint_registrar(signed(controller), account(registrar)));
	let key = x_wing_key(7);
	assert_ok!(Consortium::accept_appointment(signed(registrar), hospital, 1, key));
}

/// A new laboratory of the hospital with this controller.
pub fn laboratory(controller: u8) -> InstitutionId {
	let institution = NextInstitution::<Test>::get();
	let kind = InstitutionKind::Laboratory;
	assert_ok!(Consortium::add_institution(signed(controller), kind, name("Blood")));
	institution
}

/// An operator appointed by the hospital with this controller, who has accepted.
pub fn operates(operator: u8, institution: InstitutionId, controller: u8) {
	let (hospital, operator) = (signed(controller), account(operator));
	assert_ok!(Consortium::appoint_operator(hospital, institution, operator.clone()));
	assert_ok!(Consortium::join_institution(RawOrigin::Signed(operator).into(), institution));
}

/// An account that can become a vault's, with its key.
pub fn vault(seed: u8) -> (AccountId, Pair) {
	let pair = Pair::from_seed(&[seed; 32]);
	(AccountId::from(pair.public().0), pair)
}

/// Some account's signature that it becomes the vault's of a hospital.
pub fn agrees(seed: u8, hospital: HospitalId) -> MultiSignature {
	let (account, pair) = vault(seed);
	pair.sign(&Consortium::vault_account_message(hospital, &account)).into()
}

/// The vault account of a hospital, which its controller has chosen.
pub fn has_vault(hospital: HospitalId, seed: u8) -> RuntimeOrigin {
	let (account, _) = vault(seed);
	let proof = agrees(seed, hospital);
	assert_ok!(Consortium::set_vault_account(controller(hospital), account.clone(), proof));
	RawOrigin::Signed(account).into()
}

/// Publishes the next version of a hospital's profile key, by one registrar for these.
pub fn publishes(registrar: u8, hospital: HospitalId, registrars: &[u8]) {
	let version = Consortium::profile_key_version(hospital) + 1;
	let held = ProfileKeyStates::<Test>::get(hospital).holders > 0;
	assert_ok!(Consortium::publish_profile_key(
		signed(registrar),
		hospital,
		version,
		1,
		x_wing_key(version as u8),
		held.then_some(WrappedSecret([7; 60])),
		for_registrars(registrars),
	));
}

/// Runs `test` on four seated hospitals that need at least `minimum` of them, then checks the
/// pallet's invariants.
pub fn with_minimum(minimum_seats: u32, test: impl FnOnce()) {
	let hospitals = (0..4)
		.map(|n| Founder {
			name: format!("Hospital {n}"),
			gateway: format!("https://vault{n}.example"),
			controller: Some(account(n)),
			registrars: vec![account(100 + n)],
		})
		.collect();
	let settings = Settings {
		slot_duration: 1_000,
		session_length: SESSION as u32,
		upgrade_delay: 5,
		minimum_seats,
		motion_duration: 10,
	};
	let keys = (0..4)
		.map(|n| {
			let seat = Consortium::seat_account(HospitalId(n.into()));
			(account(n), seat, UintAuthorityId(n.into()))
		})
		.collect();
	FORGOTTEN.set(false);
	EXPELLED.take();
	ROLES.take();
	WITHOUT_BLOCKS.set(0);
	let storage = RuntimeGenesisConfig {
		consortium: GenesisConfig { settings, hospitals },
		session: pallet_session::GenesisConfig { keys, ..Default::default() },
		..Default::default()
	}
	.build_storage()
	.expect("a good genesis");
	let mut externalities = sp_io::TestExternalities::new(storage);
	externalities.execute_with(|| {
		System::set_block_number(1);
		test();
		check_invariants();
	});
}

/// [`with_minimum`] of one, so that seats can be lost.
pub fn consortium(test: impl FnOnce()) {
	with_minimum(1, test);
}

/// The council's members.
pub fn members() -> Vec<AccountId> {
	pallet_collective::Members::<Test, pallet_collective::Instance1>::get()
}

pub fn check_invariants() {
	Consortium::do_try_state().expect("the invariants hold");
	let members = members();
	assert_eq!(members, Consortium::controllers(), "the council is the controllers");
	TestMotions::check().expect("every motion needs two thirds");
	let controllers = members.into_iter().map(|who| (who, Role::Controller));
	let registrars = RegistrarOf::<Test>::iter_keys().map(|who| (who, Role::Registrar));
	let operators = OperatorOf::<Test>::iter_keys().map(|who| (who, Role::Operator));
	let vaults = VaultOf::<Test>::iter_keys().map(|who| (who, Role::Vault));
	let roles: BTreeSet<_> = controllers.chain(registrars).chain(operators).chain(vaults).collect();
	ROLES.with_borrow(|known| assert_eq!(*known, roles, "roles follow appointments"));
}

/// Authors a block for each hospital that is seated and not in `silent`, until `sessions` have
/// passed.
pub fn pass_sessions_with_silent(sessions: u32, silent: &[HospitalId]) {
	let target = Session::current_index() + sessions;
	while Session::current_index() < target {
		let block = System::block_number() + 1;
		System::set_block_number(block);
		for seat in Session::validators() {
			let hospital = Consortium::hospital_of_seat(&seat).expect("a seat account");
			if !silent.contains(&hospital) {
				<Consortium as pallet_authorship::EventHandler<_, _>>::note_author(seat);
			}
		}
		let before = Seats::<Test>::get();
		Session::on_initialize(block);
		let after = Seats::<Test>::get();
		let changes = before.iter().filter(|seat| !after.contains(seat)).count()
			+ after.iter().filter(|seat| !before.contains(seat)).count();
		assert!(changes <= 1, "more than one seat changed: {before:?} to {after:?}");
		check_invariants();
	}
}

pub fn pass_sessions(sessions: u32) {
	pass_sessions_with_silent(sessions, &[]);
}

pub fn seated() -> Vec<HospitalId> {
	Seats::<Test>::get().into_inner()
}

pub fn set_keys(hospital: HospitalId) {
	let key = UintAuthorityId(hospital.0.into());
	assert_ok!(Session::set_keys(controller(hospital), key, vec![]));
}

pub fn equivocates(hospital: HospitalId, session: SessionIndex) {
	let offender = (Consortium::seat_account(hospital), ());
	<Consortium as OnOffenceHandler<AccountId, _, Weight>>::on_offence(
		&[OffenceDetails { offender, reporters: vec![] }],
		&[Default::default()],
		session,
	);
}

pub fn events() -> Vec<Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Consortium(event) => Some(event),
			_ => None,
		})
		.collect()
}

pub fn last_event() -> Event<Test> {
	events().pop().expect("something happened")
}
