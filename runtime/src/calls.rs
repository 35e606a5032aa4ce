//! The calls that transactions and the council may make. The runtime refuses all other calls of the
//! SDK's pallets.

use crate::{
	AccountId, BlockNumber, Consortium, Delegation, FairUse, MedicalRecords, NodeAuthorization,
	Runtime, RuntimeCall, RuntimeOrigin,
	configs::CouncilMotions,
	migrations::{is_current, is_migrating, is_open},
	weights::DatabaseWeight,
};
use frame_support::{defensive, traits::Contains, weights::Weight};
use medblock_primitives::{Capacity, Charts, HospitalId, Role, Standing};
use pallet_consortium::{
	Call as ConsortiumCall, ConsortiumSettings, ControllerOf, OnExpulsion, OperatorOf, Powers,
	RegistrarOf, VaultOf, WeightInfo as _,
};
use pallet_delegation::Call as DelegationCall;
use pallet_fair_use::{CallPolicy, Payers, RoleSet};
use pallet_medical_records::{Call as MedicalRecordsCall, PatientOf};
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
			RuntimeCall::MedicalRecords(_) | RuntimeCall::Delegation(_) => {
				is_open::<MedicalRecords>()
			},
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

	// Only patients who were verified once can have granted access. A call that stops no change of the
	// account that sends it, such as a registrar's, is like all others.
	fn is_urgent(who: &AccountId, call: &RuntimeCall) -> bool {
		may_be_urgent(call)
			&& match call {
				RuntimeCall::MedicalRecords(MedicalRecordsCall::stop_account_change { person }) => {
					is_migrating::<MedicalRecords>() || MedicalRecords::may_take_back(who, *person)
				},
				RuntimeCall::Delegation(call) => {
					is_migrating::<MedicalRecords>() || undoes(who, call)
				},
				_ => may_retract(who),
			}
	}

	fn is_retraction(who: &AccountId, call: &RuntimeCall) -> bool {
		let takes_away = matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::revoke_access { .. }
					| MedicalRecordsCall::rotate_chart_key { .. }
					| MedicalRecordsCall::end_deposit { .. }
			)
		);
		let ends_delegation = match call {
			RuntimeCall::Delegation(call) => {
				protects(call) && (is_migrating::<MedicalRecords>() || undoes(who, call))
			},
			_ => false,
		};
		ends_delegation || (takes_away && may_retract(who))
	}

	// Each of these succeeds. A revocation that brings a rotation is large, and what is unshared may not
	// have been shared; the reserve serves those. All that a call names count: one that undoes a grant, and names
	// more doctors without one, would take more than the grant's cost.
	fn undoes(who: &AccountId, call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::MedicalRecords(MedicalRecordsCall::revoke_access {
				doctors,
				rotation: None,
			}) => MedicalRecords::has_granted(who, doctors),
			RuntimeCall::MedicalRecords(MedicalRecordsCall::end_deposit { institutions }) => {
				MedicalRecords::has_allowed(who, institutions)
			},
			RuntimeCall::MedicalRecords(MedicalRecordsCall::stop_account_change { person }) => {
				MedicalRecords::may_take_back(who, *person)
			},
			RuntimeCall::Delegation(call) => protects(call) && undoes(who, call),
			_ => false,
		}
	}

	fn is_correction(who: &AccountId, call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::MedicalRecords(MedicalRecordsCall::update_patient_profile {
				patient,
				..
			}) => {
				is_migrating::<MedicalRecords>()
					|| MedicalRecords::is_pending_patient(who, *patient)
			},
			RuntimeCall::MedicalRecords(MedicalRecordsCall::remove_patient_profile {}) => {
				is_migrating::<MedicalRecords>()
					|| PatientOf::<Runtime>::get(who)
						.is_some_and(|patient| MedicalRecords::is_pending_patient(who, patient))
			},
			RuntimeCall::MedicalRecords(MedicalRecordsCall::update_doctor_profile {
				doctor,
				..
			}) => is_migrating::<MedicalRecords>() || MedicalRecords::is_pending_doctor(who, *doctor),
			_ => false,
		}
	}

	// All that a vault's account can do is anchor its log, and it does so only every ten minutes.
	fn is_vaults_work(who: &AccountId, call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::Consortium(ConsortiumCall::anchor_disclosures { size, root }) => {
				Consortium::can_anchor(who, *size, *root).is_ok()
			},
			_ => false,
		}
	}

	fn is_registration(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::register_patient { .. }
					| MedicalRecordsCall::register_doctor { .. }
			) | RuntimeCall::Consortium(
				ConsortiumCall::accept_appointment { .. } | ConsortiumCall::join_institution { .. }
			) | RuntimeCall::Delegation(
				DelegationCall::finish_recovery { .. } | DelegationCall::cancel_recovery { .. }
			)
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
	fn expected_by(who: &AccountId, call: &RuntimeCall) -> Option<HospitalId> {
		match call {
			// Guardians have asked for this very account.
			RuntimeCall::Delegation(
				DelegationCall::finish_recovery { person, .. }
				| DelegationCall::cancel_recovery { person },
			) => Delegation::expects(who, *person),
			RuntimeCall::Consortium(ConsortiumCall::accept_appointment { hospital, .. }) => {
				Some(*hospital)
			},
			RuntimeCall::Consortium(ConsortiumCall::join_institution { institution }) => {
				Consortium::institution_hospital(*institution)
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
			RuntimeCall::Consortium(ConsortiumCall::join_institution { institution }) => {
				Consortium::can_join_institution(who, *institution)
			},
			RuntimeCall::Delegation(DelegationCall::finish_recovery { person, .. }) => {
				Delegation::can_finish(who, *person)
			},
			RuntimeCall::Delegation(DelegationCall::cancel_recovery { person }) => {
				Delegation::can_cancel(who, *person)
			},
			_ => Err(DispatchError::BadOrigin),
		}
	}

	// What the filter reads about the council's motions is in the weights of these calls: `CouncilWeight`.
	fn weight(call: &RuntimeCall) -> Weight {
		let reads = match call {
			// The version of the pallet's storage, the person of the account, the person's entry, and each doctor's
			// grant.
			RuntimeCall::MedicalRecords(MedicalRecordsCall::revoke_access {
				doctors,
				rotation: None,
			}) => u64::try_from(doctors.len()).unwrap_or(u64::MAX).saturating_add(3),
			// The same without grants, and the deposits, which are one item.
			RuntimeCall::MedicalRecords(MedicalRecordsCall::end_deposit { .. }) => 4,
			// The version, the person's entry, and the change.
			RuntimeCall::MedicalRecords(MedicalRecordsCall::stop_account_change { .. }) => 3,
			// The version, the person of the account, and the person's entry.
			RuntimeCall::MedicalRecords(
				MedicalRecordsCall::revoke_access { .. }
				| MedicalRecordsCall::unshare_records { .. }
				| MedicalRecordsCall::rotate_chart_key { .. }
				| MedicalRecordsCall::update_patient_profile { .. }
				| MedicalRecordsCall::remove_patient_profile {}
				| MedicalRecordsCall::update_doctor_profile { .. },
			) => 3,
			RuntimeCall::MedicalRecords(_) => 1,
			// The version, the person of the account, the person's entry, what is to end, and each doctor's grant.
			RuntimeCall::Delegation(DelegationCall::revoke_access_for { doctors, .. }) => {
				u64::try_from(doctors.len()).unwrap_or(u64::MAX).saturating_add(6)
			},
			RuntimeCall::Delegation(call) if protects(call) => 6,
			// The version, the request, the guardians with each one's entry and eight requests, the person's entry, and
			// the persons and the desk that the new account stands for.
			RuntimeCall::Delegation(DelegationCall::finish_recovery { .. }) => 84,
			// The version and the request.
			RuntimeCall::Delegation(DelegationCall::cancel_recovery { .. }) => 2,
			RuntimeCall::Delegation(_) => 1,
			// The hospital of the vault, and its log.
			RuntimeCall::Consortium(ConsortiumCall::anchor_disclosures { .. }) => 2,
			_ => 0,
		};
		DatabaseWeight::get().reads(reads)
	}
}

/// Whether a call is of a kind that comes before all others when the right account sends it. No state is needed: a node
/// whose pool is full refuses all other kinds before it asks the chain anything.
pub fn may_be_urgent(call: &RuntimeCall) -> bool {
	match call {
		RuntimeCall::MedicalRecords(call) => matches!(
			call,
			MedicalRecordsCall::revoke_access { .. }
				| MedicalRecordsCall::unshare_records { .. }
				| MedicalRecordsCall::end_deposit { .. }
				| MedicalRecordsCall::stop_account_change { .. }
		),
		RuntimeCall::Delegation(call) => protects(call),
		_ => false,
	}
}

/// Whether the account's person may take access away. While people's entries get a new shape, the chain can't
/// tell, and carries out nothing. The pool keeps what waits, and asks again afterwards.
fn may_retract(who: &AccountId) -> bool {
	is_migrating::<MedicalRecords>() || MedicalRecords::may_retract(who)
}

/// Whether the call takes away what its account has given to people who act for it, or stops those.
fn protects(call: &DelegationCall<Runtime>) -> bool {
	matches!(
		call,
		DelegationCall::veto_recovery { .. }
			| DelegationCall::end_representation { .. }
			| DelegationCall::end_emergency { .. }
			| DelegationCall::resign_representation { .. }
			| DelegationCall::remove_emergency_plan {}
			| DelegationCall::revoke_access_for { .. }
	)
}

/// Whether such a call certainly ends something.
fn undoes(who: &AccountId, call: &DelegationCall<Runtime>) -> bool {
	match call {
		DelegationCall::veto_recovery { person, new } => Delegation::may_veto(who, *person, new),
		DelegationCall::end_representation { representative } => {
			Delegation::has_representative(who, *representative)
		},
		DelegationCall::resign_representation { patient } => Delegation::may_resign(who, *patient),
		DelegationCall::remove_emergency_plan {} => Delegation::has_plan(who),
		DelegationCall::end_emergency { doctor } => Delegation::may_end_emergency(who, *doctor),
		DelegationCall::revoke_access_for { patient, doctors } => {
			Delegation::may_revoke_for(who, *patient)
				&& MedicalRecords::has_granted_all(*patient, doctors)
		},
		_ => false,
	}
}

/// Hospitals pay for their registrars, controllers and institutions' operators.
pub struct Staff;

impl Payers<AccountId> for Staff {
	fn payer(who: &AccountId) -> Option<HospitalId> {
		Consortium::acting_for(who)
	}

	fn roles(who: &AccountId) -> Option<RoleSet> {
		if !is_current::<MedicalRecords>() {
			return None;
		}
		let mut roles = RoleSet::default();
		for (capacity, role) in
			[(Capacity::Patient, Role::Patient), (Capacity::Doctor, Role::Doctor)]
		{
			let person =
				MedicalRecords::controlled_by(who, capacity).and_then(MedicalRecords::person);
			roles = match person.map(|person| person.standing) {
				Some(Standing::Verified) => roles.with(role),
				Some(Standing::Suspended) => roles.suspended(role),
				Some(Standing::Pending | Standing::Rejected) | None => roles,
			};
		}
		for (is_given, role) in [
			(ControllerOf::<Runtime>::contains_key(who), Role::Controller),
			(RegistrarOf::<Runtime>::contains_key(who), Role::Registrar),
			(OperatorOf::<Runtime>::contains_key(who), Role::Operator),
			(VaultOf::<Runtime>::contains_key(who), Role::Vault),
		] {
			if is_given {
				roles = roles.with(role);
			}
		}
		Some(roles)
	}
}

/// An expelled hospital's doctors lose access, it sponsors no account any more, and its nodes leave the network.
pub struct Leave;

impl OnExpulsion<AccountId> for Leave {
	fn on_expulsion(hospital: HospitalId, seat: &AccountId) {
		MedicalRecords::hospital_left(hospital);
		FairUse::hospital_left(hospital);
		for node in NodeAuthorization::well_known_nodes() {
			if NodeAuthorization::owners(&node).as_ref() == Some(seat)
				&& NodeAuthorization::remove_well_known_node(RuntimeOrigin::root(), node).is_err()
			{
				defensive!("a listed node can be removed");
			}
		}
	}

	fn weight() -> Weight {
		<Runtime as pallet_consortium::Config>::WeightInfo::leave()
	}
}
