//! What people do with their charts and for each other, in any order, with time passing: after each step both pallets'
//! invariants hold, and they agree with a plain model of what the rules say.
//!
//! The model has no agenda, counters or re-checks. It remembers who was ever given a chart's secret, and looks
//! after every step whether they may still see the chart. Once one may not, the secret is lost for good, until new
//! keys are made.

mod op;
mod reference;
mod step;

use crate::{mock::*, *};
use op::{Op, op};
use proptest::prelude::*;
use reference::{Model, PATIENTS};
use step::step;

/// Asks both sides all questions, and compares the answers.
fn compare(model: &Model) {
	check_invariants();
	for (number, entry) in model.patients.iter().enumerate() {
		let patient = PatientId(number as u32);
		assert_eq!(account_of(patient.into()), entry.account, "who controls {number}");
		assert_eq!(epoch_of(patient), entry.epoch);
		assert_eq!(is_due(patient), entry.is_lost, "whether {number} is due");
		for other in 0..PATIENTS {
			let seen = represents(patient, PatientId(other));
			assert_eq!(seen, model.represents(number, other), "{other} for {number}");
		}
		for doctor in 0..2 {
			let id = DoctorId(doctor);
			let seen = sees(patient, id, None);
			assert_eq!(seen, model.sees(number, doctor), "doctor {doctor} and {number}");
			let asked = EmergencyRequests::<Test>::get(patient, id);
			let asked = asked.filter(|asked| now() < asked.ends_at);
			let expected = entry.asked.get(&doctor).filter(|asked| now() < asked.ends);
			assert_eq!(
				asked.map(|asked| asked.confirmed.len()),
				expected.map(|asked| asked.confirmed.len()),
				"what doctor {doctor} has asked for"
			);
		}
		let pending: Vec<_> = Delegation::recoveries(patient.into())
			.into_iter()
			.filter(|one| now() < one.ends_at)
			.map(|one| (one.new, one.approvals.len(), one.due))
			.collect();
		let expected: Vec<_> = entry
			.recovery
			.iter()
			.filter(|one| now() < one.ends)
			.map(|one| (one.new, one.approvals.len(), one.due))
			.collect();
		assert_eq!(pending, expected, "who asks for {number}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig {
		cases: 1_000,
		max_shrink_iters: 20_000,
		failure_persistence: None,
		..ProptestConfig::default()
	})]

	#[test]
	fn chain_agrees_with_the_model(ops in prop::collection::vec(op(), 1..60)) {
		chain(|| {
			let mut model = Model::begin();
			for op in ops {
				step(&mut model, op);
				model.notice();
				compare(&model);
			}
		});
	}
}

/// Sequences that were worth keeping.
#[test]
fn chain_agrees_about_these() {
	let sequences: [&[Op]; 4] = [
		// Access that ends by the clock alone, before new keys.
		&[
			Op::Name { patient: 0, other: 1, scopes: 15, hours: Some(5) },
			Op::Confirm { patient: 0, other: 1 },
			Op::Seal { patient: 0, other: 1 },
			Op::Pass(6),
			Op::Rotate(0),
			Op::Idle,
		],
		// A representative who is recovered, and a patient who is.
		&[
			Op::Name { patient: 0, other: 1, scopes: 1, hours: None },
			Op::Confirm { patient: 0, other: 1 },
			Op::Seal { patient: 0, other: 1 },
			Op::Approve { patient: 1, desk: 0 },
			Op::Approve { patient: 1, desk: 1 },
			Op::Pass(24),
			Op::Finish(1),
			Op::Rotate(0),
		],
		// An emergency in the middle of which the plan is replaced.
		&[
			Op::Plan(0),
			Op::Ask { patient: 0, doctor: 1 },
			Op::ConfirmEmergency { patient: 0, doctor: 1, desk: 0 },
			Op::ConfirmEmergency { patient: 0, doctor: 1, desk: 2 },
			Op::Plan(0),
			Op::Pass(30),
			Op::Idle,
		],
		// A request that the patient refuses, and another one: each has one holder's share.
		&[
			Op::Plan(0),
			Op::Ask { patient: 0, doctor: 1 },
			Op::ConfirmEmergency { patient: 0, doctor: 1, desk: 0 },
			Op::EndEmergency { patient: 0, doctor: 1 },
			Op::Ask { patient: 0, doctor: 1 },
			Op::ConfirmEmergency { patient: 0, doctor: 1, desk: 2 },
			Op::Rotate(0),
		],
	];
	for sequence in sequences {
		chain(|| {
			let mut model = Model::begin();
			for op in sequence {
				step(&mut model, op.clone());
				model.notice();
				compare(&model);
			}
		});
	}
}
