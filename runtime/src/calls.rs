//! Which calls there are for whom. Everything else the SDK's pallets bring along is refused.

use crate::{
	AccountId, BlockNumber, Consortium, Hash, MedicalRecords, NodeAuthorization, Runtime,
	RuntimeCall, RuntimeOrigin, System, limits::MAX_NODES, weights::DatabaseWeight,
};
use alloc::vec::Vec;
use frame_support::{defensive, storage::unhashed, traits::Contains, weights::Weight};
use medblock_primitives::HospitalId;
use pallet_collective::Instance1;
use pallet_consortium::{ConsortiumSettings, OnExpulsion, Powers};
use pallet_fair_use::CallPolicy;
use pallet_medical_records::Call as MedicalRecordsCall;
use sp_runtime::{
	DispatchError, DispatchResult,
	traits::{Lookup, Zero},
};

/// The calls that a transaction may make, or that the council may pass under its own origin.
pub struct Transactable;

impl Contains<RuntimeCall> for Transactable {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::Timestamp(_)
			| RuntimeCall::Consortium(_)
			| RuntimeCall::FairUse(_)
			| RuntimeCall::MedicalRecords(_) => true,
			RuntimeCall::System(call) => {
				matches!(call, frame_system::Call::apply_authorized_upgrade { .. })
			},
			// Not `purge_keys`: a validator leaves by the council's decision, or a careless
			// hospital could take the chain below the seats that its finality needs.
			RuntimeCall::Session(call) => matches!(call, pallet_session::Call::set_keys { .. }),
			RuntimeCall::Grandpa(call) => {
				!matches!(call, pallet_grandpa::Call::note_stalled { .. })
			},
			RuntimeCall::Council(call) => match call {
				pallet_collective::Call::propose { .. } | pallet_collective::Call::close { .. } => {
					true
				},
				pallet_collective::Call::vote { proposal, .. } => can_be_voted_on(*proposal),
				_ => false,
			},
			_ => false,
		}
	}
}

/// What pallet-collective stores of a motion, and shows to nobody: number, threshold, who is for it, who
/// is against it, and the block in which the vote ends.
type Votes = (u32, u32, Vec<AccountId>, Vec<AccountId>, BlockNumber);

/// Whether a motion's time has not run out. The pallet itself never looks, and would carry out what
/// late votes approve: a proposal that everybody has forgotten could come true at any time. One that is
/// not there is for the pallet to refuse.
fn can_be_voted_on(motion: Hash) -> bool {
	let key = pallet_collective::Voting::<Runtime, Instance1>::hashed_key_for(motion);
	unhashed::get::<Votes>(&key).is_none_or(|(.., end)| System::block_number() < end)
}

/// The root calls that two thirds of the council may have made.
pub struct CouncilPowers;

impl Powers<RuntimeCall, BlockNumber> for CouncilPowers {
	fn delay(call: &RuntimeCall) -> Option<BlockNumber> {
		match call {
			// Everybody gets to see that the rules are about to change.
			RuntimeCall::System(frame_system::Call::authorize_upgrade { .. }) => {
				Some(ConsortiumSettings::<Runtime>::get().upgrade_delay.max(1))
			},
			RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled { .. }) => Some(Zero::zero()),
			// A node belongs to a hospital, so that it goes when the hospital goes.
			RuntimeCall::NodeAuthorization(
				pallet_node_authorization::Call::add_well_known_node { owner, .. },
			) => {
				let lookup = frame_system::ChainContext::<Runtime>::default();
				let owner = <_ as Lookup>::lookup(&lookup, owner.clone()).ok()?;
				let hospital = Consortium::hospital_of_seat(&owner)?;
				Consortium::is_active(hospital).then(Zero::zero)
			},
			RuntimeCall::NodeAuthorization(
				pallet_node_authorization::Call::remove_well_known_node { .. }
				| pallet_node_authorization::Call::swap_well_known_node { .. },
			) => Some(Zero::zero()),
			_ => None,
		}
	}
}

/// What an account has to be allowed, and what comes first; see [`pallet_fair_use`].
impl CallPolicy<AccountId, RuntimeCall> for Transactable {
	fn is_allowed(call: &RuntimeCall) -> bool {
		Self::contains(call)
	}

	// Only of somebody who can have given access: a hospital has known them.
	fn is_urgent(who: &AccountId, call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::MedicalRecords(MedicalRecordsCall::revoke_access { .. }))
			&& MedicalRecords::may_retract(who)
	}

	fn is_registration(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::register_patient { .. }
					| MedicalRecordsCall::register_doctor { .. }
			)
		)
	}

	fn can_register(who: &AccountId, call: &RuntimeCall) -> DispatchResult {
		match call {
			RuntimeCall::MedicalRecords(MedicalRecordsCall::register_patient {
				hospital,
				keys,
				profile,
			}) => MedicalRecords::can_register_patient(who, *hospital, keys, profile),
			RuntimeCall::MedicalRecords(MedicalRecordsCall::register_doctor {
				hospital,
				profile,
				suite,
				key,
			}) => MedicalRecords::can_register_doctor(who, *hospital, profile, *suite, key),
			_ => Err(DispatchError::BadOrigin),
		}
	}
}

/// An expelled hospital's doctors lose access, and its nodes leave the network.
pub struct Leave;

impl OnExpulsion<AccountId> for Leave {
	fn on_expulsion(hospital: HospitalId, seat: &AccountId) {
		MedicalRecords::hospital_left(hospital);
		for node in NodeAuthorization::well_known_nodes() {
			if NodeAuthorization::owners(&node).as_ref() == Some(seat)
				&& NodeAuthorization::remove_well_known_node(RuntimeOrigin::root(), node).is_err()
			{
				defensive!("a listed node can be removed");
			}
		}
	}

	fn weight() -> Weight {
		// Each node's owner is read; each of this hospital's is removed with three writes. One item
		// more is for the nodes' list, and two are for the doctors.
		let nodes = u64::from(MAX_NODES);
		DatabaseWeight::get()
			.reads_writes(nodes.saturating_add(2), nodes.saturating_mul(3).saturating_add(2))
	}
}
