//! The calls that transactions and the council may make. The runtime refuses all other calls of the
//! SDK's pallets.

use crate::{
	AccountId, BlockNumber, Consortium, MedicalRecords, NodeAuthorization, Runtime, RuntimeCall,
	RuntimeOrigin, configs::CouncilMotions, limits::MAX_NODES, migrations::is_open,
	weights::DatabaseWeight,
};
use frame_support::{defensive, traits::Contains, weights::Weight};
use medblock_primitives::HospitalId;
use pallet_consortium::{Call as ConsortiumCall, ConsortiumSettings, OnExpulsion, Powers};
use pallet_fair_use::{CallPolicy, Payers};
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
			RuntimeCall::Timestamp(_) | RuntimeCall::Consortium(_) | RuntimeCall::FairUse(_) => {
				true
			},
			// A migration that failed leaves some entries in their old shape.
			RuntimeCall::MedicalRecords(_) => is_open::<MedicalRecords>(),
			RuntimeCall::System(call) => {
				matches!(call, frame_system::Call::apply_authorized_upgrade { .. })
			},
			// `purge_keys` is excluded: with it, a careless hospital could take the chain below the
			// seats that finality needs. A validator leaves by the council's decision.
			RuntimeCall::Session(call) => matches!(call, pallet_session::Call::set_keys { .. }),
			RuntimeCall::Grandpa(call) => {
				!matches!(call, pallet_grandpa::Call::note_stalled { .. })
			},
			RuntimeCall::Council(call) => CouncilMotions::contains(call),
			_ => false,
		}
	}
}

/// The root calls within the powers of two thirds of the council.
pub struct CouncilPowers;

impl Powers<RuntimeCall, BlockNumber> for CouncilPowers {
	fn delay(call: &RuntimeCall) -> Option<BlockNumber> {
		match call {
			// The delay makes the coming change of the rules public.
			RuntimeCall::System(frame_system::Call::authorize_upgrade { .. }) => {
				Some(ConsortiumSettings::<Runtime>::get().upgrade_delay.max(1))
			},
			RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled { .. }) => Some(Zero::zero()),
			// Each node belongs to a hospital, and leaves together with it.
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

/// The policy of allowances and priorities; see [`pallet_fair_use`].
impl CallPolicy<AccountId, RuntimeCall> for Transactable {
	fn is_allowed(call: &RuntimeCall) -> bool {
		Self::contains(call)
	}

	// Only patients who were verified once can have granted access.
	fn is_urgent(who: &AccountId, call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::revoke_access { .. }
					| MedicalRecordsCall::unshare_records { .. }
			)
		) && MedicalRecords::may_retract(who)
	}

	fn is_retraction(who: &AccountId, call: &RuntimeCall) -> bool {
		let takes_away = matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::revoke_access { .. }
					| MedicalRecordsCall::rotate_chart_key { .. }
			)
		);
		takes_away && MedicalRecords::may_retract(who)
	}

	fn is_correction(who: &AccountId, call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::MedicalRecords(MedicalRecordsCall::update_patient_profile {
				patient,
				..
			}) => MedicalRecords::is_pending_patient(who, *patient),
			RuntimeCall::MedicalRecords(MedicalRecordsCall::update_doctor_profile {
				doctor,
				..
			}) => MedicalRecords::is_pending_doctor(who, *doctor),
			_ => false,
		}
	}

	fn is_registration(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::register_patient { .. }
					| MedicalRecordsCall::register_doctor { .. }
			) | RuntimeCall::Consortium(ConsortiumCall::accept_appointment { .. })
		)
	}

	fn registers_with(call: &RuntimeCall) -> Option<HospitalId> {
		match call {
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::register_patient { hospital, .. }
				| MedicalRecordsCall::register_doctor { hospital, .. },
			) => Some(*hospital),
			_ => None,
		}
	}

	// A hospital has few appointments waiting, and each is for one account.
	fn expected_by(_: &AccountId, call: &RuntimeCall) -> Option<HospitalId> {
		match call {
			RuntimeCall::Consortium(ConsortiumCall::accept_appointment { hospital, .. }) => {
				Some(*hospital)
			},
			_ => None,
		}
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
			RuntimeCall::Consortium(ConsortiumCall::accept_appointment {
				hospital,
				suite,
				key,
			}) => Consortium::can_accept_appointment(who, *hospital, *suite, key),
			_ => Err(DispatchError::BadOrigin),
		}
	}

	fn weight(call: &RuntimeCall) -> Weight {
		let reads = match call {
			// The person of the account, and the person's entry.
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::revoke_access { .. }
				| MedicalRecordsCall::unshare_records { .. }
				| MedicalRecordsCall::rotate_chart_key { .. }
				| MedicalRecordsCall::update_patient_profile { .. }
				| MedicalRecordsCall::update_doctor_profile { .. },
			) => 2,
			_ => 0,
		};
		DatabaseWeight::get().reads(reads)
	}
}

/// Hospitals pay for their registrars and controllers.
pub struct Staff;

impl Payers<AccountId> for Staff {
	fn payer(who: &AccountId) -> Option<HospitalId> {
		Consortium::acting_for(who)
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
		// One read for each node's owner, and three writes for each removed node. One more item is the
		// nodes' list, and three are for the doctors.
		let nodes = u64::from(MAX_NODES);
		DatabaseWeight::get()
			.reads_writes(nodes.saturating_add(3), nodes.saturating_mul(3).saturating_add(4))
	}
}
