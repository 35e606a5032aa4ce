//! Time, block production, sessions, finality and misconduct.

use super::grandpa_weight::GrandpaWeight;
use crate::{
	AccountId, Aura, BlockNumber, Consortium, Historical, Moment, Offences, Runtime, RuntimeEvent,
	RuntimeHoldReason, Session, SessionKeys, System, limits::MAX_HOSPITALS,
};
use frame_support::{
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU128, Get},
};
use pallet_consortium::{
	MinimumPeriod, NoDeposit, SessionHistory, SessionLength, SlotDuration, WeightInfo as _,
};
use pallet_session::ShouldEndSession;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::OpaqueKeys;
use sp_staking::SessionIndex;

/// The number of sessions for which misconduct can be proven: a day, in sessions of ten minutes.
pub const HISTORY_DEPTH: SessionIndex = 144;

parameter_types! {
	pub const HistoryDepth: SessionIndex = HISTORY_DEPTH;
	pub const MaxSetIdSessionEntries: u64 = HISTORY_DEPTH as u64;
	/// The first session begins with the chain.
	pub const Offset: u32 = 0;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = Moment;
	// An authorized upgrade has an end.
	type OnTimestampSet = (Aura, Consortium);
	type MinimumPeriod = MinimumPeriod<Runtime>;
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type DisabledValidators = Session;
	type MaxAuthorities = ConstU32<MAX_HOSPITALS>;
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type SlotDuration = SlotDuration<Runtime>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = Consortium;
}

impl pallet_session::historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = pallet_consortium::Unit;
}

/// The sessions' ends.
type Periods = pallet_session::PeriodicSessions<SessionLength<Runtime>, Offset>;

/// Ends a session, and never asks the session pallet to end one. That would declare all of the block's weight, and
/// the block would take no transaction, not even a revocation.
pub struct EndSession;

impl ShouldEndSession<BlockNumber> for EndSession {
	fn should_end_session(now: BlockNumber) -> bool {
		if Periods::should_end_session(now) {
			Session::rotate_session();
			let weight = <Runtime as pallet_consortium::Config>::WeightInfo::end_session();
			System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
		}
		false
	}
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = Consortium;
	type ShouldEndSession = EndSession;
	type NextSessionRotation = Periods;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, Consortium>;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = ();
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
	type Currency = NoDeposit<RuntimeHoldReason>;
	type KeyDeposit = ConstU128<0>;
}

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
	type OnOffenceHandler = Consortium;
}

/// The number of blocks for which a past equivocation can be reported.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
	fn get() -> u64 {
		let session: u32 = SessionLength::<Runtime>::get();
		u64::from(session).saturating_mul(u64::from(HISTORY_DEPTH))
	}
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = GrandpaWeight;
	type MaxAuthorities = ConstU32<MAX_HOSPITALS>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

/// The memory of the session pallets.
pub struct PastSessions;

impl SessionHistory<AccountId> for PastSessions {
	fn forget_before(session: SessionIndex) {
		// Pruning deposits an event each time, even if it finds nothing.
		let stored = pallet_session::historical::StoredRange::<Runtime>::get();
		if stored.is_some_and(|(first, _)| first < session) {
			Historical::prune_up_to(session);
		}
	}

	fn forget_keys(seat: &AccountId) {
		let Some(keys) = pallet_session::NextKeys::<Runtime>::take(seat) else { return };
		for id in SessionKeys::key_ids() {
			let owner = (*id, keys.get_raw(*id).to_vec());
			pallet_session::KeyOwner::<Runtime>::remove(owner);
		}
	}

	fn keys_changed() -> bool {
		pallet_session::QueuedKeys::<Runtime>::get().iter().any(|(seat, keys)| {
			pallet_session::NextKeys::<Runtime>::get(seat).as_ref() != Some(keys)
		})
	}
}
