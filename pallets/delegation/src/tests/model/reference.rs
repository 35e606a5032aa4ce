//! The rules, as plainly as they can be said.

use crate::{mock::*, *};
use frame_support::assert_ok;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const PATIENTS: u32 = 3;

/// The desks that guard and hold: those of North, East and South. Two have to agree.
pub(super) const DESKS: [HospitalId; 3] = [NORTH, EAST, SOUTH];

/// Someone who can have a chart's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
	/// A doctor, by a grant.
	Doctor(u32),
	/// A representative.
	Other(u32),
	/// Someone who has it, and may see nothing any more.
	Gone,
}

#[derive(Clone, Debug)]
pub(super) struct ModelRepresentation {
	pub(super) scopes: Scopes,
	pub(super) until: Option<Moment>,
	pub(super) named_at: Moment,
	pub(super) confirmed: bool,
	/// The version of the key that the hospital has seen.
	pub(super) key: u32,
}

impl ModelRepresentation {
	pub(super) fn is_over(&self) -> bool {
		self.until.is_some_and(|until| until <= now())
			|| (!self.confirmed && self.named_at + ConfirmationPeriod::get() <= now())
	}
}

#[derive(Clone, Debug)]
pub(super) struct ModelRecovery {
	pub(super) new: AccountId,
	pub(super) approvals: BTreeSet<u32>,
	pub(super) due: Option<Moment>,
	pub(super) ends: Moment,
}

#[derive(Clone, Debug)]
pub(super) struct ModelRequest {
	pub(super) confirmed: BTreeSet<u32>,
	pub(super) ends: Moment,
}

#[derive(Clone, Debug)]
pub(super) struct ModelPatient {
	pub(super) account: AccountId,
	pub(super) verified: bool,
	pub(super) epoch: Epoch,
	/// Those who were given the current secret.
	pub(super) holders: BTreeSet<Holder>,
	/// Whether one of them has lost access.
	pub(super) is_lost: bool,
	pub(super) grants: BTreeSet<u32>,
	pub(super) representatives: BTreeMap<u32, ModelRepresentation>,
	/// The version of the own key for acting for others; 0 if none.
	pub(super) key: u32,
	/// The number of keys that there have been.
	pub(super) keys: u32,
	pub(super) guarded: bool,
	pub(super) recovery: Option<ModelRecovery>,
	/// The epoch that the emergency plan opens.
	pub(super) plan: Option<Epoch>,
	/// The desks that have given a doctor their shares of the plan.
	pub(super) given: BTreeSet<u32>,
	pub(super) asked: BTreeMap<u32, ModelRequest>,
	/// The ends of the emergencies that are open.
	pub(super) open: BTreeMap<u32, Moment>,
}

pub(super) struct Model {
	pub(super) patients: Vec<ModelPatient>,
	pub(super) accounts: AccountId,
}

impl Model {
	/// Three patients with keys and guardians, and two doctors.
	pub(super) fn begin() -> Self {
		let patients = (0..PATIENTS).map(|_| {
			let patient = a_patient();
			let desks = DESKS.map(Delegate::Desk);
			assert_ok!(chooses_guardians(patient, 2, &desks));
			ModelPatient {
				account: account_of(patient.into()),
				verified: true,
				epoch: 0,
				holders: BTreeSet::new(),
				is_lost: false,
				grants: BTreeSet::new(),
				representatives: BTreeMap::new(),
				key: 1,
				keys: 1,
				guarded: true,
				recovery: None,
				plan: None,
				given: BTreeSet::new(),
				asked: BTreeMap::new(),
				open: BTreeMap::new(),
			}
		});
		let patients = patients.collect();
		for _ in 0..2 {
			a_doctor();
		}
		Self { patients, accounts: 5_000 }
	}

	pub(super) fn at(&self, number: u32) -> &ModelPatient {
		&self.patients[number as usize]
	}

	pub(super) fn at_mut(&mut self, number: u32) -> &mut ModelPatient {
		&mut self.patients[number as usize]
	}

	/// Whether a person may act for a patient within this scope.
	pub(super) fn may(&self, patient: usize, other: u32, scope: Scopes) -> bool {
		self.at(other).verified
			&& self.patients[patient]
				.representatives
				.get(&other)
				.is_some_and(|one| one.confirmed && !one.is_over() && one.scopes.include(scope))
	}

	pub(super) fn represents(&self, patient: usize, other: u32) -> bool {
		self.may(patient, other, Scopes::SEE)
	}

	pub(super) fn sees(&self, patient: usize, doctor: u32) -> bool {
		let entry = &self.patients[patient];
		entry.grants.contains(&doctor)
			|| entry.open.get(&doctor).is_some_and(|until| now() < *until)
	}

	/// Notices lost access, whatever the cause.
	pub(super) fn notice(&mut self) {
		let lost: Vec<_> = (0..self.patients.len())
			.filter(|patient| {
				self.patients[*patient].holders.iter().any(|holder| match holder {
					Holder::Doctor(doctor) => !self.patients[*patient].grants.contains(doctor),
					Holder::Other(other) => !self.represents(*patient, *other),
					Holder::Gone => true,
				})
			})
			.collect();
		for patient in lost {
			self.patients[patient].is_lost = true;
		}
	}

	/// Takes back what a person was given of the charts of others.
	pub(super) fn loses_others(&mut self, other: u32) {
		for entry in &mut self.patients {
			if entry.holders.remove(&Holder::Other(other)) {
				entry.holders.insert(Holder::Gone);
			}
		}
	}

	/// A chart has new keys, for its doctors.
	pub(super) fn rotated(&mut self, patient: u32) {
		let entry = self.at_mut(patient);
		entry.epoch += 2;
		entry.is_lost = false;
		entry.holders = entry.grants.iter().map(|doctor| Holder::Doctor(*doctor)).collect();
	}

	/// Ends all requests and emergencies.
	pub(super) fn without_plan(&mut self, patient: u32) {
		let entry = self.at_mut(patient);
		entry.plan = None;
		entry.given.clear();
		entry.asked.clear();
		entry.open.clear();
	}
}
