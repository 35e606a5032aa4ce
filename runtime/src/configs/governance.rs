//! Parameters of the hospitals, their council, and the nodes that may join.

use super::{
	RuntimeBlockWeights,
	consensus::{HistoryDepth, PastSessions},
	council_weight::CouncilWeight,
};
use crate::{
	AccountId, BlockNumber, FairUse, Moment, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
	Session, Signature, Timestamp,
	calls::{CouncilPowers, Leave},
	limits::{MAX_HOSPITALS, MAX_NODES},
};
use frame_support::{
	parameter_types,
	traits::{ConstU32, NeverEnsureOrigin},
	weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{EnsureProportionAtLeast, Instance1, PrimeDefaultVote};
use pallet_consortium::{MotionDuration, MotionPlace, Motions};
use sp_runtime::{Perbill, traits::Verify};
use sp_staking::SessionIndex;

/// The maximum number of motions that are open at the same time.
const MAX_MOTIONS: u32 = 32;

/// The council's motions, each of which needs the votes of two thirds of it.
pub type CouncilMotions = Motions<Runtime, Instance1>;

/// The origin of at least two thirds of the council.
pub type TwoThirdsOfCouncil = EnsureProportionAtLeast<AccountId, Instance1, 2, 3>;

parameter_types! {
	pub MaxProposalWeight: Weight =
		Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
	/// Six sessions of ten minutes: an hour in which a validator authored nothing.
	pub const SilenceLimit: SessionIndex = 6;
	/// Two weeks, at one block a second, in which an appointed account can accept.
	pub const AppointmentPeriod: BlockNumber = 14 * 86_400;
	/// Two weeks, in which a hospital carries a decision out.
	pub const EnactmentPeriod: Moment = 14 * 86_400_000;
	/// Delayed calls are small: `authorize_upgrade` writes one item.
	pub const MaxDelayedWeight: Weight = Weight::from_parts(2_000_000_000, 100_000);
}

impl pallet_collective::Config<Instance1> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type RuntimeEvent = RuntimeEvent;
	type Proposal = RuntimeCall;
	type MotionDuration = MotionDuration<Runtime>;
	type MaxProposals = ConstU32<MAX_MOTIONS>;
	type MaxMembers = ConstU32<MAX_HOSPITALS>;
	type DefaultVote = PrimeDefaultVote;
	type WeightInfo = CouncilWeight;
	// The members are the hospitals' controllers. Only pallet-consortium changes them.
	type SetMembersOrigin = NeverEnsureOrigin<()>;
	type MaxProposalWeight = MaxProposalWeight;
	type DisapproveOrigin = NeverEnsureOrigin<()>;
	type KillOrigin = NeverEnsureOrigin<()>;
	type Consideration = MotionPlace<Runtime, Instance1>;
}

impl pallet_node_authorization::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type MaxWellKnownNodes = ConstU32<MAX_NODES>;
	type MaxPeerIdLength = ConstU32<64>;
	type AddOrigin = EnsureRoot<AccountId>;
	type RemoveOrigin = EnsureRoot<AccountId>;
	type SwapOrigin = EnsureRoot<AccountId>;
	type ResetOrigin = NeverEnsureOrigin<()>;
	type WeightInfo = ();
}

impl pallet_consortium::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type CouncilOrigin = TwoThirdsOfCouncil;
	type Council = CouncilMotions;
	type Powers = CouncilPowers;
	type Sessions = Session;
	type History = PastSessions;
	type Signature = Signature;
	type Signer = <Signature as Verify>::Signer;
	type Roles = FairUse;
	type OnExpulsion = Leave;
	type MaxHospitals = ConstU32<MAX_HOSPITALS>;
	type MaxRegistrars = ConstU32<256>;
	// As many people as begin at a desk within two weeks. Each may begin on the chain outside the open lane.
	type MaxAppointments = ConstU32<32>;
	// A laboratory, an imaging and a records department in each of five houses.
	type MaxInstitutions = ConstU32<16>;
	// The people and machines of one department. The hospital's allowance bounds what all of them add.
	type MaxOperators = ConstU32<32>;
	type AppointmentPeriod = AppointmentPeriod;
	type MaxMotions = ConstU32<MAX_MOTIONS>;
	type MaxPending = ConstU32<16>;
	type EnactmentPeriod = EnactmentPeriod;
	type MaxDelayedWeight = MaxDelayedWeight;
	type SilenceLimit = SilenceLimit;
	type HistoryDepth = HistoryDepth;
	type Time = Timestamp;
	type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = benchmarks::Helper;
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks {
	use super::{super::people::benchmarks::Helper as Person, *};
	use crate::{Consortium, Council, Hash, SessionKeys, configs::consensus::HISTORY_DEPTH};
	use alloc::{boxed::Box, collections::BTreeSet, vec, vec::Vec};
	use frame_support::assert_ok;
	use frame_system::RawOrigin;
	use sp_core::{OpaquePeerId, ed25519, sr25519};
	use sp_runtime::traits::{Convert, Hash as _};

	/// The session keys and calls for the measurements.
	pub struct Helper;

	impl pallet_consortium::benchmarking::Helper<AccountId, RuntimeCall, Signature> for Helper {
		fn set_session_keys(controller: &AccountId, seed: u32) {
			let mut raw = [0; 32];
			raw[..4].copy_from_slice(&seed.to_le_bytes());
			let keys = SessionKeys {
				aura: sr25519::Public::from_raw(raw).into(),
				grandpa: ed25519::Public::from_raw(raw).into(),
			};
			// Does as `set_keys` does, but for the proof of ownership: these keys have no secrets.
			if let Some(seat) = Consortium::convert(controller.clone()) {
				pallet_session::NextKeys::<Runtime>::insert(seat, keys);
			}
		}

		fn open_motions() {
			let members = pallet_collective::Members::<Runtime, Instance1>::get();
			// Each by another member, since each has its share.
			for (enactment, proposer) in (0..MAX_MOTIONS).zip(members.iter().cycle()) {
				let call = RuntimeCall::Consortium(pallet_consortium::Call::call_off { enactment });
				let hash = <Runtime as frame_system::Config>::Hashing::hash_of(&call);
				let signed = |member: &AccountId| RawOrigin::Signed(member.clone()).into();
				let threshold = CouncilMotions::threshold();
				assert_ok!(Council::propose(signed(proposer), threshold, Box::new(call), 100));
				for member in &members {
					assert_ok!(Council::vote(signed(member), hash, enactment, true));
				}
			}
		}

		fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
			<Person as pallet_medical_records::benchmarking::Helper<Runtime>>::new_account(message)
		}

		fn delayed() -> RuntimeCall {
			let code_hash = Hash::zero();
			RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash })
		}

		fn put_in_office(seats: &[AccountId]) {
			let keys: Vec<_> = seats
				.iter()
				.filter_map(|seat| {
					let keys = pallet_session::NextKeys::<Runtime>::get(seat)?;
					Some((seat.clone(), keys))
				})
				.collect();
			pallet_session::Validators::<Runtime>::put(seats.to_vec());
			pallet_session::QueuedKeys::<Runtime>::put(keys);
			pallet_session::QueuedChanged::<Runtime>::put(true);
		}

		fn own_nodes(seat: &AccountId) {
			let node = |number: u32| {
				// As long as the pallet takes them.
				let mut id = vec![1; 63];
				id[..4].copy_from_slice(&number.to_be_bytes());
				OpaquePeerId(id)
			};
			let nodes: BTreeSet<_> = (0..MAX_NODES).map(node).collect();
			for one in &nodes {
				pallet_node_authorization::Owners::<Runtime>::insert(one, seat);
			}
			pallet_node_authorization::WellKnownNodes::<Runtime>::put(nodes);
		}

		fn set_session(index: SessionIndex) {
			pallet_session::CurrentIndex::<Runtime>::put(index);
			// With the next session, the first of these has been kept long enough.
			let kept = (index.saturating_sub(HISTORY_DEPTH), index.saturating_add(1));
			pallet_session::historical::StoredRange::<Runtime>::put(kept);
		}

		fn end_session() {
			Session::rotate_session();
		}
	}
}
