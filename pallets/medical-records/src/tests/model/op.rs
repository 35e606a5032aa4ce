//! The steps of a sequence.

use super::{
	people::{PeopleOp, people_op},
	vaults::{VaultOp, vault_op},
};
use proptest::prelude::*;

pub(super) const PATIENTS: u32 = 2;
pub(super) const DOCTORS: u32 = 3;
/// One of each hospital. That of North stays open.
pub(super) const INSTITUTIONS: u32 = 3;

/// A step. Numbers are taken modulo the number of people or records.
#[derive(Clone, Debug)]
pub(super) enum Op {
	/// Time passes, in hours.
	Pass(u8),
	/// As much time as hospitals have to answer.
	Wait,
	/// A block with time to spare.
	Idle,
	RegisterPatient,
	RegisterDoctor,
	VerifyPatient(u32),
	VerifyDoctor(u32, Option<u8>),
	RejectPatient(u32),
	RejectDoctor(u32),
	SuspendPatient(u32),
	SuspendDoctor(u32),
	ReinstatePatient(u32),
	ReinstateDoctor(u32),
	Licence(u32, Option<u8>),
	ChangeKey(u32),
	ConfirmKey(u32),
	/// A doctor asks a hospital, and it takes the doctor in at once.
	Move(u32, bool),
	/// A doctor asks a hospital, or withdraws that.
	Ask(u32, Option<bool>),
	/// A hospital takes a doctor in who may have asked, or declines.
	Answer {
		doctor: u32,
		east: bool,
		takes_in: bool,
	},
	HospitalLeaves(bool),
	HospitalReturns(bool),
	/// A client reads the doctors that it has to encrypt to.
	ReadRecipients(u32),
	Add {
		patient: u32,
		stale: bool,
		named: bool,
	},
	Append {
		patient: u32,
		doctor: u32,
		stale: bool,
		note: bool,
		named: bool,
	},
	UpdateProfile {
		patient: u32,
		stale: bool,
		named: bool,
	},
	RemoveProfile(u32),
	Withdraw {
		patient: u32,
		record: u32,
		count: u32,
	},
	Grant {
		patient: u32,
		doctor: u32,
		may_append: bool,
		hours: Option<u8>,
	},
	Share {
		patient: u32,
		doctor: u32,
		record: u32,
		new_key: bool,
		may_append: bool,
	},
	Unshare {
		patient: u32,
		doctor: u32,
		record: u32,
	},
	RenewBudget {
		patient: u32,
		doctor: u32,
	},
	Revoke {
		patient: u32,
		doctor: u32,
		rotation: Option<Mistake>,
	},
	Rotate {
		patient: u32,
		mistake: Mistake,
	},
	Relinquish {
		patients: u32,
		doctor: u32,
	},
	People(PeopleOp),
	Vaults(VaultOp),
	CloseInstitution(u32),
	AllowDeposit {
		patient: u32,
		institution: u32,
		hours: Option<u8>,
	},
	EndDeposit {
		patient: u32,
		institution: u32,
	},
	Deposit {
		patient: u32,
		institution: u32,
		stale: bool,
		note: bool,
		named: bool,
	},
}

/// The mistakes that a rotation may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mistake {
	None,
	ForgetsOne,
	AddsOne(u32),
	NamesOneTwice,
	WrongEpoch,
	OldKey,
}

pub(super) fn mistake() -> impl Strategy<Value = Mistake> {
	prop_oneof![
		6 => Just(Mistake::None),
		1 => Just(Mistake::ForgetsOne),
		1 => (0..DOCTORS).prop_map(Mistake::AddsOne),
		1 => Just(Mistake::NamesOneTwice),
		1 => Just(Mistake::WrongEpoch),
		1 => Just(Mistake::OldKey),
	]
}

pub(super) fn op() -> impl Strategy<Value = Op> {
	let p = 0..PATIENTS;
	let d = 0..DOCTORS;
	let i = 0..INSTITUTIONS;
	let stale = prop::bool::weighted(0.2);
	prop_oneof![
		6 => (1u8..30).prop_map(Op::Pass),
		1 => Just(Op::Wait),
		2 => Just(Op::Idle),
		1 => Just(Op::RegisterPatient),
		1 => Just(Op::RegisterDoctor),
		2 => p.clone().prop_map(Op::VerifyPatient),
		2 => (d.clone(), hours()).prop_map(|(doctor, hours)| Op::VerifyDoctor(doctor, hours)),
		1 => p.clone().prop_map(Op::RejectPatient),
		1 => d.clone().prop_map(Op::RejectDoctor),
		1 => p.clone().prop_map(Op::SuspendPatient),
		3 => d.clone().prop_map(Op::SuspendDoctor),
		2 => p.clone().prop_map(Op::ReinstatePatient),
		4 => d.clone().prop_map(Op::ReinstateDoctor),
		3 => (d.clone(), hours()).prop_map(|(doctor, hours)| Op::Licence(doctor, hours)),
		1 => d.clone().prop_map(Op::ChangeKey),
		2 => d.clone().prop_map(Op::ConfirmKey),
		2 => (d.clone(), any::<bool>()).prop_map(|(doctor, east)| Op::Move(doctor, east)),
		3 => (d.clone(), prop::option::weighted(0.8, any::<bool>()))
			.prop_map(|(doctor, to_east)| Op::Ask(doctor, to_east)),
		4 => (d.clone(), any::<bool>(), any::<bool>())
			.prop_map(|(doctor, east, takes_in)| Op::Answer { doctor, east, takes_in }),
		1 => any::<bool>().prop_map(Op::HospitalLeaves),
		3 => any::<bool>().prop_map(Op::HospitalReturns),
		6 => p.clone().prop_map(Op::ReadRecipients),
		6 => (p.clone(), stale, any::<bool>())
			.prop_map(|(patient, stale, named)| Op::Add { patient, stale, named }),
		8 => (p.clone(), d.clone(), prop::bool::weighted(0.2), any::<bool>(), any::<bool>())
			.prop_map(|(patient, doctor, stale, note, named)| {
				Op::Append { patient, doctor, stale, note, named }
			}),
		2 => (p.clone(), prop::bool::weighted(0.2), any::<bool>())
			.prop_map(|(patient, stale, named)| Op::UpdateProfile { patient, stale, named }),
		1 => p.clone().prop_map(Op::RemoveProfile),
		2 => (p.clone(), 0u32..4, 1u32..3)
			.prop_map(|(patient, record, count)| Op::Withdraw { patient, record, count }),
		12 => (p.clone(), d.clone(), any::<bool>(), hours()).prop_map(
			|(patient, doctor, may_append, hours)| Op::Grant { patient, doctor, may_append, hours }
		),
		3 => (p.clone(), d.clone(), 0u32..4, any::<bool>(), any::<bool>()).prop_map(
			|(patient, doctor, record, new_key, may_append)| Op::Share {
				patient,
				doctor,
				record,
				new_key,
				may_append,
			}
		),
		3 => (p.clone(), d.clone(), 0u32..4)
			.prop_map(|(patient, doctor, record)| Op::Unshare { patient, doctor, record }),
		2 => (p.clone(), d.clone())
			.prop_map(|(patient, doctor)| Op::RenewBudget { patient, doctor }),
		6 => (p.clone(), d.clone(), prop::option::of(mistake()))
			.prop_map(|(patient, doctor, rotation)| Op::Revoke { patient, doctor, rotation }),
		5 => (p.clone(), mistake()).prop_map(|(patient, mistake)| Op::Rotate { patient, mistake }),
		10 => people_op().prop_map(Op::People),
		4 => vault_op().prop_map(Op::Vaults),
		1 => (1..INSTITUTIONS).prop_map(Op::CloseInstitution),
		4 => (p.clone(), i.clone(), hours()).prop_map(|(patient, institution, hours)| {
			Op::AllowDeposit { patient, institution, hours }
		}),
		2 => (p.clone(), i.clone())
			.prop_map(|(patient, institution)| Op::EndDeposit { patient, institution }),
		6 => (p.clone(), i, prop::bool::weighted(0.2), prop::bool::weighted(0.1), any::<bool>())
			.prop_map(|(patient, institution, stale, note, named)| {
				Op::Deposit { patient, institution, stale, note, named }
			}),
		2 => (1..=PATIENTS, d).prop_map(|(patients, doctor)| Op::Relinquish { patients, doctor }),
	]
}

pub(super) fn hours() -> impl Strategy<Value = Option<u8>> {
	prop::option::of(0u8..60)
}
