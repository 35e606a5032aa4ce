//! The rules, as plainly as they can be said.

use super::{people::ModelEntry, vaults::ModelVaults};
use crate::{mock::*, *};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Access {
	Chart,
	Records,
}

/// The access that a patient grants to a doctor.
#[derive(Clone, Debug)]
pub(super) struct ModelGrant {
	pub(super) access: Access,
	pub(super) may_append: bool,
	pub(super) ends: Option<Moment>,
	pub(super) shared: BTreeSet<RecordIndex>,
	/// The version of the doctor's key that the share key is sealed to.
	pub(super) share_key: Option<u32>,
	/// The number of records that the doctor may still add.
	pub(super) left: u32,
}

/// A permission to an institution to add records.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ModelDeposit {
	pub(super) ends: Option<Moment>,
	/// The number of records that the institution may still add.
	pub(super) left: u32,
}

#[derive(Clone, Debug)]
pub(super) struct ModelPatient {
	pub(super) standing: Standing,
	pub(super) has_profile: bool,
	pub(super) entry: ModelEntry,
	pub(super) vaults: ModelVaults,
	/// The epoch of each record, and whether it is still there.
	pub(super) records: Vec<(Epoch, bool)>,
	pub(super) grants: BTreeMap<u32, ModelGrant>,
	pub(super) deposits: BTreeMap<u32, ModelDeposit>,
	pub(super) epoch: Epoch,
	/// The doctors who were given the current distributed secret, and have had access since.
	pub(super) holders: BTreeSet<u32>,
	/// Whether one of them has lost access.
	pub(super) is_lost: bool,
	/// The recipients that a client has read, and the digest that it will name.
	pub(super) read: Option<(Vec<(u32, u32)>, RecipientsDigest)>,
}

#[derive(Clone, Debug)]
pub(super) struct ModelDoctor {
	pub(super) standing: Standing,
	pub(super) entry: ModelEntry,
	pub(super) hospital: HospitalId,
	/// The hospital that the doctor wants to move to, and when the request lapses.
	pub(super) asked: Option<(HospitalId, Moment)>,
	pub(super) licence: Option<Moment>,
	pub(super) key: u32,
	pub(super) vouched: u32,
}

#[derive(Default)]
pub(super) struct Model {
	pub(super) patients: BTreeMap<u32, ModelPatient>,
	pub(super) doctors: BTreeMap<u32, ModelDoctor>,
	pub(super) left: BTreeSet<HospitalId>,
	/// The hospitals that keep the documents of those that have left.
	pub(super) successors: BTreeMap<HospitalId, HospitalId>,
	/// The institutions that are closed.
	pub(super) closed: BTreeSet<u32>,
	/// The number of names and accounts that were given out.
	pub(super) names: u32,
}

impl Model {
	pub(super) fn next_name(&mut self) -> u32 {
		// By two, so that the one before was never used.
		self.names += 2;
		self.names
	}

	pub(super) fn practises(&self, doctor: u32) -> bool {
		self.doctors.get(&doctor).is_some_and(|doctor| {
			doctor.standing == Standing::Verified
				&& doctor.licence.is_none_or(|ends| now() < ends)
				&& !self.left.contains(&doctor.hospital)
		})
	}

	/// Whether the doctor may choose another hospital.
	pub(super) fn may_move(&self, doctor: u32) -> bool {
		self.doctors.get(&doctor).is_some_and(|doctor| match doctor.standing {
			Standing::Verified => true,
			Standing::Pending | Standing::Suspended => self.left.contains(&doctor.hospital),
			Standing::Rejected => false,
		})
	}

	pub(super) fn may_see(&self, patient: u32, doctor: u32) -> Option<Access> {
		let grant = self.patients.get(&patient)?.grants.get(&doctor)?;
		let is_live = grant.ends.is_none_or(|ends| now() < ends);
		(is_live && self.practises(doctor)).then_some(grant.access)
	}

	/// Notices lost access, whatever the cause.
	pub(super) fn notice(&mut self) {
		let lost: Vec<_> = self
			.patients
			.iter()
			.filter(|(patient, entry)| {
				let kept = |doctor: &u32| self.may_see(**patient, *doctor) == Some(Access::Chart);
				!entry.holders.iter().all(kept)
			})
			.map(|(patient, _)| *patient)
			.collect();
		for patient in lost {
			if let Some(entry) = self.patients.get_mut(&patient) {
				entry.is_lost = true;
			}
		}
	}

	pub(super) fn sealing_epoch(&self, patient: u32) -> Epoch {
		self.patients.get(&patient).map_or(0, |entry| entry.epoch + u32::from(entry.is_lost))
	}

	pub(super) fn has_confirmed_key(&self, doctor: u32) -> bool {
		self.doctors.get(&doctor).is_some_and(|doctor| doctor.vouched == doctor.key)
	}

	/// The version of the key that the doctor has published.
	pub(super) fn key_version(&self, doctor: u32) -> Option<u32> {
		self.doctors.get(&doctor).map(|doctor| doctor.key)
	}

	/// The doctors that a due chart's files are encrypted to, with the versions of their keys.
	pub(super) fn recipients(&self, patient: u32) -> Option<Vec<(u32, u32)>> {
		self.patients.get(&patient).filter(|entry| entry.is_lost)?;
		let key = |doctor: u32| Some((doctor, self.doctors.get(&doctor)?.key));
		Some(self.reachable(patient).into_iter().filter_map(key).collect())
	}

	/// Whether files that name what the client has read are right now, or name no doctor.
	pub(super) fn has_right_recipients(&self, patient: u32, named: bool) -> bool {
		let Some(recipients) = self.recipients(patient) else { return true };
		let read = self.patients.get(&patient).and_then(|entry| entry.read.as_ref());
		!named || read.is_none_or(|(read, _)| *read == recipients)
	}

	/// The digest that the client names.
	pub(super) fn digest(&self, patient: u32, named: bool) -> Option<RecipientsDigest> {
		let read = self.patients.get(&patient)?.read.as_ref();
		read.filter(|_| named).map(|(_, digest)| *digest)
	}

	/// The doctors that a rotation has to reach.
	pub(super) fn reachable(&self, patient: u32) -> BTreeSet<u32> {
		let doctors = self.doctors.iter();
		doctors
			.filter(|(id, doctor)| {
				self.may_see(patient, **id) == Some(Access::Chart) && doctor.vouched == doctor.key
			})
			.map(|(id, _)| *id)
			.collect()
	}

	pub(super) fn rotated(&mut self, patient: u32, to: BTreeSet<u32>) {
		let entry = self.patients.get_mut(&patient).expect("it rotated");
		entry.epoch += 2;
		entry.holders = to;
		entry.is_lost = false;
		// The digest of another epoch, if it named the same doctors, would be a wrong one.
		entry.read = None;
	}
}
