//! The steps of a sequence.

use super::reference::PATIENTS;
use proptest::prelude::*;

/// A step. Patients are numbered from 0, doctors too, and desks are those of North, East and South.
#[derive(Clone, Debug)]
pub(super) enum Op {
	/// Time passes, in hours.
	Pass(u8),
	/// Blocks with time to spare.
	Idle,
	Suspend(u32),
	Reinstate(u32),
	Grant {
		patient: u32,
		doctor: u32,
	},
	Revoke {
		patient: u32,
		doctor: u32,
	},
	Rotate(u32),
	Name {
		patient: u32,
		other: u32,
		scopes: u8,
		hours: Option<u8>,
	},
	Confirm {
		patient: u32,
		other: u32,
	},
	Seal {
		patient: u32,
		other: u32,
	},
	NewKey(u32),
	End {
		patient: u32,
		other: u32,
	},
	Resign {
		patient: u32,
		other: u32,
	},
	RevokeFor {
		patient: u32,
		other: u32,
		doctor: u32,
	},
	GrantFor {
		patient: u32,
		other: u32,
		doctor: u32,
	},
	AddFor {
		patient: u32,
		other: u32,
	},
	/// A desk asks for the patient's new account, or approves it.
	Approve {
		patient: u32,
		desk: u32,
	},
	Withdraw {
		patient: u32,
		desk: u32,
	},
	Veto(u32),
	Finish(u32),
	Guardians(u32),
	Plan(u32),
	RemovePlan(u32),
	Ask {
		patient: u32,
		doctor: u32,
	},
	ConfirmEmergency {
		patient: u32,
		doctor: u32,
		desk: u32,
	},
	EndEmergency {
		patient: u32,
		doctor: u32,
	},
	/// The doctor takes the request back, or ends the emergency.
	LeaveEmergency {
		patient: u32,
		doctor: u32,
	},
}

pub(super) fn op() -> impl Strategy<Value = Op> {
	let p = || 0..PATIENTS;
	let pair = || (0..PATIENTS, 0..PATIENTS);
	let with_doctor = || (0..PATIENTS, 0u32..2);
	let with_desk = || (0..PATIENTS, 0u32..3);
	let scopes = prop_oneof![
		3 => Just(15u8),
		1 => Just(1u8),
		1 => Just(2u8),
		1 => Just(9u8),
		1 => Just(4u8),
	];
	let hours = prop::option::of(1u8..60);
	prop_oneof![
		6 => (1u8..40).prop_map(Op::Pass),
		3 => Just(Op::Idle),
		2 => p().prop_map(Op::Suspend),
		3 => p().prop_map(Op::Reinstate),
		3 => with_doctor().prop_map(|(patient, doctor)| Op::Grant { patient, doctor }),
		2 => with_doctor().prop_map(|(patient, doctor)| Op::Revoke { patient, doctor }),
		5 => p().prop_map(Op::Rotate),
		6 => (pair(), scopes, hours).prop_map(|((patient, other), scopes, hours)| {
			Op::Name { patient, other, scopes, hours }
		}),
		8 => pair().prop_map(|(patient, other)| Op::Confirm { patient, other }),
		8 => pair().prop_map(|(patient, other)| Op::Seal { patient, other }),
		1 => p().prop_map(Op::NewKey),
		2 => pair().prop_map(|(patient, other)| Op::End { patient, other }),
		1 => pair().prop_map(|(patient, other)| Op::Resign { patient, other }),
		3 => (pair(), 0u32..2).prop_map(|((patient, other), doctor)| {
			Op::RevokeFor { patient, other, doctor }
		}),
		3 => (pair(), 0u32..2).prop_map(|((patient, other), doctor)| {
			Op::GrantFor { patient, other, doctor }
		}),
		3 => pair().prop_map(|(patient, other)| Op::AddFor { patient, other }),
		8 => with_desk().prop_map(|(patient, desk)| Op::Approve { patient, desk }),
		1 => with_desk().prop_map(|(patient, desk)| Op::Withdraw { patient, desk }),
		1 => p().prop_map(Op::Veto),
		4 => p().prop_map(Op::Finish),
		2 => p().prop_map(Op::Guardians),
		3 => p().prop_map(Op::Plan),
		1 => p().prop_map(Op::RemovePlan),
		4 => with_doctor().prop_map(|(patient, doctor)| Op::Ask { patient, doctor }),
		8 => (with_doctor(), 0u32..3).prop_map(|((patient, doctor), desk)| {
			Op::ConfirmEmergency { patient, doctor, desk }
		}),
		2 => with_doctor().prop_map(|(patient, doctor)| Op::EndEmergency { patient, doctor }),
		1 => with_doctor().prop_map(|(patient, doctor)| Op::LeaveEmergency { patient, doctor }),
	]
}
