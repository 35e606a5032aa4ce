//! All calls of all roles, in any order, with time passing: after each step the pallet's invariants
//! hold, and it agrees with a plain model of what the rules say.
//!
//! The model has no clocks, counters or re-checks. It remembers each secret that was ever given out,
//! and looks after every step whether its holder may still see the chart. Once a holder may not, the
//! secret is lost for good.

mod op;
mod people;
mod reference;
mod step;
mod vaults;

use crate::{mock::*, *};
use op::{DOCTORS, Op, PATIENTS, op};
use proptest::prelude::*;
use reference::{Access, Model, ModelDeposit};
use std::collections::BTreeMap;
use step::step;

/// Asks both sides all questions, and compares the answers.
fn compare(model: &Model) {
	check_invariants();
	people::compare(model);
	vaults::compare(model);
	for (id, entry) in &model.doctors {
		let doctor = DoctorId(*id);
		let asked = doctor_entry(doctor).registration.moving_to;
		let until = MoveRequests::<Test>::get(Person::Doctor(doctor));
		assert_eq!(asked.zip(until), entry.asked, "where doctor {id} wants to go");
	}
	for (id, entry) in &model.patients {
		let patient = PatientId(*id);
		let found = patient_entry(patient);
		assert_eq!(found.registration.standing, entry.standing);
		assert_eq!(found.chart.epoch, entry.epoch);
		assert_eq!(sealing_epoch(patient), model.sealing_epoch(*id), "what to seal to");
		assert_eq!(found.chart.grants as usize, entry.grants.len());
		let info = MedicalRecords::recipients(patient).expect("there is such a patient");
		let named: Vec<_> =
			info.doctors.iter().map(|one| (one.doctor.0, one.key_version)).collect();
		assert_eq!(named, model.recipients(*id).unwrap_or_default(), "whom to encrypt to");
		assert_eq!(info.digest.is_some(), entry.is_lost);
		let stored: Vec<_> = (0..found.chart.records)
			.map(|index| Records::<Test>::get(patient, index).expect("counted"))
			.map(|record| (record.sealed_to, record.document.is_some()))
			.collect();
		assert_eq!(stored, entry.records);
		let live = entry.records.iter().filter(|(_, is_there)| *is_there).count();
		assert_eq!(found.chart.live as usize, live);
		assert_eq!(found.profile.is_some(), entry.has_profile);
		for (doctor, grant) in &entry.grants {
			let left = Grants::<Test>::get(patient, DoctorId(*doctor)).map(|one| one.appends_left);
			assert_eq!(left, Some(grant.left), "what doctor {doctor} may add");
		}
		let deposits: BTreeMap<_, _> = MedicalRecords::deposits(patient)
			.into_iter()
			.map(|one| {
				let deposit = ModelDeposit { ends: one.expires_at, left: one.appends_left };
				(one.institution.0, deposit)
			})
			.collect();
		assert_eq!(deposits, entry.deposits, "who may add");
		for doctor in 0..DOCTORS {
			let seen = MedicalRecords::access(patient, DoctorId(doctor), None);
			let expected = model.may_see(*id, doctor);
			let scope = seen.ok().map(|allowed| allowed.scope);
			let expected_scope = expected.map(|access| match access {
				Access::Chart => Scope::Chart,
				Access::Records => Scope::Records,
			});
			assert_eq!(scope, expected_scope, "doctor {doctor} and patient {id}");
			if let (Ok(allowed), Some(Access::Chart)) = (seen, expected) {
				let reads_on = entry.holders.contains(&doctor) && !entry.is_lost;
				// What was sealed is not the model's, but which key is the doctor's is.
				let seal = Grants::<Test>::get(patient, DoctorId(doctor)).and_then(|one| one.seal);
				let is_earlier = model.has_confirmed_key(doctor)
					&& seal.map(|seal| seal.key_version) != model.key_version(doctor);
				let expected = match reads_on {
					true if is_earlier => KeyStatus::EarlierKey,
					true => KeyStatus::Current,
					false if entry.is_lost && model.has_confirmed_key(doctor) => KeyStatus::OwnKey,
					false => KeyStatus::AwaitingPatient,
				};
				assert_eq!(allowed.key, expected, "doctor {doctor}'s key");
			}
			for (index, (_, is_there)) in entry.records.iter().enumerate() {
				let index = index as RecordIndex;
				let grant = entry.grants.get(&doctor);
				let opens = *is_there
					&& match expected {
						Some(Access::Chart) => true,
						Some(Access::Records) => {
							grant.is_some_and(|grant| grant.shared.contains(&index))
						},
						None => false,
					};
				let seen = MedicalRecords::access(patient, DoctorId(doctor), Some(index));
				assert_eq!(seen.is_ok(), opens, "record {index} and doctor {doctor}");
			}
		}
	}
}

/// A busy beginning, so that most sequences get somewhere.
fn begin() -> Model {
	let mut model = Model::default();
	AppendBudget::set(4);
	ExpiredGrantsKept::set(DAY);
	for _ in 0..PATIENTS {
		step(&mut model, Op::RegisterPatient);
	}
	for _ in 0..DOCTORS - 1 {
		step(&mut model, Op::RegisterDoctor);
	}
	step(&mut model, Op::VerifyPatient(0));
	step(&mut model, Op::VerifyDoctor(0, None));
	step(&mut model, Op::VerifyDoctor(1, Some(50)));
	model
}

proptest! {
	#![proptest_config(ProptestConfig {
		cases: 3_000,
		max_shrink_iters: 20_000,
		failure_persistence: None,
		..ProptestConfig::default()
	})]

	#[test]
	fn chain_agrees_with_the_model(ops in prop::collection::vec(op(), 1..80)) {
		chain(|| {
			let mut model = begin();
			for op in ops {
				step(&mut model, op);
				compare(&model);
			}
		});
	}
}
