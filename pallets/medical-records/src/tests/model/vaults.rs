//! Where documents are kept. The model has one table for each chart, of where everything is that names a
//! hospital, and one of the council's; the chain has only what differs.

use super::{op::PATIENTS, reference::Model};
use crate::{mock::*, *};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

const HOSPITALS: [HospitalId; 3] = [NORTH, EAST, SOUTH];

/// A step about vaults. Hospitals are places in [`HOSPITALS`].
#[derive(Clone, Debug)]
pub(super) enum VaultOp {
	Mirror(u32, Option<usize>),
	Move(u32, usize, usize),
	Successor(usize, Option<usize>),
}

pub(super) fn vault_op() -> impl Strategy<Value = VaultOp> {
	let p = 0..PATIENTS;
	let h = 0..HOSPITALS.len();
	prop_oneof![
		2 => (p.clone(), prop::option::of(h.clone()))
			.prop_map(|(patient, mirror)| VaultOp::Mirror(patient, mirror)),
		4 => (p, h.clone(), h.clone())
			.prop_map(|(patient, from, to)| VaultOp::Move(patient, from, to)),
		2 => (h.clone(), prop::option::of(h))
			.prop_map(|(left, successor)| VaultOp::Successor(left, successor)),
	]
}

/// A chart's vaults.
#[derive(Clone, Debug)]
pub(super) struct ModelVaults {
	pub(super) mirror: Option<HospitalId>,
	/// Where the patient wants what names a hospital.
	pub(super) kept: BTreeMap<HospitalId, HospitalId>,
}

impl Default for ModelVaults {
	fn default() -> Self {
		Self { mirror: None, kept: HOSPITALS.map(|one| (one, one)).into() }
	}
}

impl Model {
	/// Where the patient wants what names hospital North.
	pub(super) fn keeper(&self, patient: u32) -> HospitalId {
		self.patients.get(&patient).map_or(NORTH, |found| found.vaults.kept[&NORTH])
	}

	fn is_active(&self, hospital: HospitalId) -> bool {
		!self.left.contains(&hospital)
	}

	/// The hospital, or its successor if it has left.
	fn in_office(&self, hospital: HospitalId) -> HospitalId {
		match self.successors.get(&hospital) {
			Some(successor) if !self.is_active(hospital) => *successor,
			_ => hospital,
		}
	}
}

pub(super) fn step(model: &mut Model, op: VaultOp) {
	let what = op.clone();
	let agree = |done: DispatchResult, expected: bool| {
		assert_eq!(done.is_ok(), expected, "{what:?}: {done:?}");
		expected
	};
	let origin = |id: u32| match Patients::<Test>::get(PatientId(id)) {
		Some(found) => signed(found.registration.account),
		None => signed(9_999),
	};
	let is_verified = |model: &Model, id: u32| {
		model.patients.get(&id).is_some_and(|found| found.standing == Standing::Verified)
	};
	match op {
		VaultOp::Mirror(id, mirror) => {
			let mirror = mirror.map(|place| HOSPITALS[place]);
			let home = model.in_office(model.keeper(id));
			let fits = is_verified(model, id)
				&& mirror.is_none_or(|one| model.is_active(one) && one != home);
			if agree(MedicalRecords::set_mirror(origin(id), mirror), fits) {
				model.patients.get_mut(&id).expect("it fits").vaults.mirror = mirror;
			}
		},
		VaultOp::Move(id, from, to) => {
			let (from, to) = (HOSPITALS[from], HOSPITALS[to]);
			// Where it is, or where it was when that hospital left.
			let moving: Vec<_> = HOSPITALS
				.into_iter()
				.filter(|keeper| *keeper == from || model.in_office(*keeper) == from)
				.collect();
			let fits = is_verified(model, id)
				&& from != to
				&& model.is_active(to)
				&& model.patients.get(&id).is_some_and(|found| {
					let kept = &found.vaults.kept;
					kept[&from] == from && (kept[&to] == to || moving.contains(&kept[&to]))
				});
			if agree(MedicalRecords::move_vault(origin(id), from, to), fits) {
				let found = model.patients.get_mut(&id).expect("it fits");
				for keeper in found.vaults.kept.values_mut().filter(|one| moving.contains(one)) {
					*keeper = to;
				}
			}
		},
		VaultOp::Successor(left, successor) => {
			let left = HOSPITALS[left];
			let successor = successor.map(|place| HOSPITALS[place]);
			let fits = match successor {
				Some(successor) => !model.is_active(left) && model.is_active(successor),
				None => model.successors.contains_key(&left),
			};
			let root = RuntimeOrigin::root();
			if agree(MedicalRecords::set_successor(root, left, successor), fits) {
				let Some(successor) = successor else {
					model.successors.remove(&left);
					return;
				};
				model.successors.insert(left, successor);
				for keeper in model.successors.values_mut().filter(|one| **one == left) {
					*keeper = successor;
				}
				// What it keeps is its own.
				model.successors.remove(&successor);
			}
		},
	}
}

/// Compares what is where, for all that may be named.
pub(super) fn compare(model: &Model) {
	for (id, found) in &model.patients {
		let vaults = MedicalRecords::vaults_of(PatientId(*id));
		for named in HOSPITALS {
			let Vaults { home, mirror, former } = vaults(named);
			let expected = model.in_office(found.vaults.kept[&named]);
			assert_eq!(home, expected, "what names {named} of patient {id}");
			let expected = found.vaults.mirror.map(|one| model.in_office(one));
			let expected = expected.filter(|one| *one != home && model.is_active(*one));
			assert_eq!(mirror, expected, "the mirror of patient {id}");
			// Clients find a file where it was uploaded, as long as that vault answers.
			let all: Vec<_> = [home].into_iter().chain(mirror).chain(former.clone()).collect();
			assert!(all.contains(&named) || !model.is_active(named));
			// No vault is asked twice, and none in vain.
			assert!(former.iter().all(|one| model.is_active(*one)));
			let distinct: std::collections::BTreeSet<_> = all.iter().collect();
			assert_eq!(distinct.len(), all.len());
		}
	}
}
