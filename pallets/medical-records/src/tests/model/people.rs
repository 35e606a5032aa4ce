//! The words that patients see of doctors, and the accounts that control people.

use super::{
	op::{DOCTORS, PATIENTS},
	reference::Model,
};
use crate::{mock::*, *};
use proptest::prelude::*;
use sp_runtime::DispatchResult;

/// A person of the model.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
	Patient(u32),
	Doctor(u32),
}

/// A step about a person's entry rather than about a chart.
#[derive(Clone, Debug)]
pub(super) enum PeopleOp {
	/// The doctor changes the entry, or proposes to.
	Describe(u32),
	/// A registrar changes the doctor's entry.
	Correct(u32),
	/// A registrar confirms what is proposed, or what was proposed before.
	Confirm(u32, bool),
	/// The doctor or a registrar discards what is proposed.
	Discard(u32, bool),
	/// The account asks to be replaced.
	ChangeAccount(Who),
	/// The account or a registrar stops that.
	StopChange(Who, bool),
}

/// What the model knows of a person beside standing and hospital.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelEntry {
	pub(super) account: AccountId,
	/// The account that is to take over, and when.
	pub(super) change: Option<(AccountId, Moment)>,
	/// The name that patients see, and the one that is proposed.
	pub(super) name: u32,
	pub(super) proposed: Option<u32>,
}

impl ModelEntry {
	pub(super) fn of(account: AccountId) -> Self {
		Self { account, ..Self::default() }
	}

	/// The person comes to another hospital, which has the whole delay to stop a change.
	pub(super) fn moves(&mut self) {
		if let Some((_, due)) = &mut self.change {
			*due = now() + ACCOUNT_DELAY;
		}
	}
}

pub(super) fn people_op() -> impl Strategy<Value = PeopleOp> {
	let d = 0..DOCTORS;
	let who = prop_oneof![(0..PATIENTS).prop_map(Who::Patient), (0..DOCTORS).prop_map(Who::Doctor)];
	prop_oneof![
		4 => d.clone().prop_map(PeopleOp::Describe),
		1 => d.clone().prop_map(PeopleOp::Correct),
		3 => (d.clone(), prop::bool::weighted(0.2))
			.prop_map(|(doctor, stale)| PeopleOp::Confirm(doctor, stale)),
		1 => (d, any::<bool>()).prop_map(|(doctor, own)| PeopleOp::Discard(doctor, own)),
		3 => who.clone().prop_map(PeopleOp::ChangeAccount),
		1 => (who, any::<bool>()).prop_map(|(who, own)| PeopleOp::StopChange(who, own)),
	]
}

/// The entry's words under a name of the model. A registration begins with 0.
fn words(name: u32) -> DoctorProfile {
	match name {
		0 => profile("Ada"),
		name => profile(&format!("Ada {name}")),
	}
}

/// Standing, hospital and account of a person.
fn found(model: &Model, who: Who) -> Option<(Standing, HospitalId, AccountId)> {
	match who {
		Who::Patient(id) => {
			let found = model.patients.get(&id)?;
			Some((found.standing, NORTH, found.entry.account))
		},
		Who::Doctor(id) => {
			let found = model.doctors.get(&id)?;
			Some((found.standing, found.hospital, found.entry.account))
		},
	}
}

fn entry(model: &mut Model, who: Who) -> &mut ModelEntry {
	match who {
		Who::Patient(id) => &mut model.patients.get_mut(&id).expect("found").entry,
		Who::Doctor(id) => &mut model.doctors.get_mut(&id).expect("found").entry,
	}
}

impl Who {
	fn person(self) -> Person {
		match self {
			Self::Patient(id) => Person::Patient(PatientId(id)),
			Self::Doctor(id) => Person::Doctor(DoctorId(id)),
		}
	}
}

pub(super) fn step(model: &mut Model, op: PeopleOp) {
	let what = op.clone();
	let agree = |done: DispatchResult, expected: bool| {
		assert_eq!(done.is_ok(), expected, "{what:?}: {done:?}");
		expected
	};
	let nobody = (Standing::Rejected, EAST, 9_999);
	match op {
		PeopleOp::Describe(id) => {
			let (standing, _, account) = found(model, Who::Doctor(id)).unwrap_or(nobody);
			let name = model.next_name();
			let doctor = DoctorId(id);
			let done = MedicalRecords::update_doctor_profile(signed(account), doctor, words(name));
			if agree(done, matches!(standing, Standing::Pending | Standing::Verified)) {
				let entry = entry(model, Who::Doctor(id));
				match standing {
					Standing::Pending => entry.name = name,
					_ => entry.proposed = Some(name),
				}
			}
		},
		PeopleOp::Correct(id) => {
			let (standing, hospital, _) = found(model, Who::Doctor(id)).unwrap_or(nobody);
			let name = model.next_name();
			let (origin, doctor) = (registrar(hospital), DoctorId(id));
			let done = MedicalRecords::update_doctor_profile(origin, doctor, words(name));
			let fits = standing != Standing::Rejected && !model.left.contains(&hospital);
			if agree(done, fits) {
				entry(model, Who::Doctor(id)).name = name;
			}
		},
		PeopleOp::Confirm(id, stale) => {
			let (_, hospital, _) = found(model, Who::Doctor(id)).unwrap_or(nobody);
			let proposed = model.doctors.get(&id).and_then(|found| found.entry.proposed);
			let seen = proposed.map_or(0, |name| name - u32::from(stale));
			let digest = MedicalRecords::profile_digest(&words(seen));
			let (origin, doctor) = (registrar(hospital), DoctorId(id));
			let done = MedicalRecords::confirm_doctor_profile(origin, doctor, digest);
			let fits = !stale && proposed.is_some() && !model.left.contains(&hospital);
			if agree(done, fits) {
				let entry = entry(model, Who::Doctor(id));
				entry.proposed = None;
				entry.name = seen;
			}
		},
		PeopleOp::Discard(id, own) => {
			let (_, hospital, account) = found(model, Who::Doctor(id)).unwrap_or(nobody);
			let proposed = model.doctors.get(&id).and_then(|found| found.entry.proposed);
			let origin = if own { signed(account) } else { registrar(hospital) };
			let done = MedicalRecords::discard_doctor_profile(origin, DoctorId(id));
			let fits = proposed.is_some() && (own || !model.left.contains(&hospital));
			if agree(done, fits) {
				entry(model, Who::Doctor(id)).proposed = None;
			}
		},
		PeopleOp::ChangeAccount(who) => {
			let (standing, hospital, old) = found(model, who).unwrap_or(nobody);
			let new = 10_000 + AccountId::from(model.next_name());
			let capacity = match who {
				Who::Patient(_) => Capacity::Patient,
				Who::Doctor(_) => Capacity::Doctor,
			};
			let proof = agrees(new, who.person(), old);
			let done = MedicalRecords::change_account(signed(old), capacity, new, proof);
			let fits = standing == Standing::Verified
				&& !model.left.contains(&hospital)
				&& entry(model, who).change.is_none();
			if agree(done, fits) {
				entry(model, who).change = Some((new, now() + ACCOUNT_DELAY));
			}
		},
		PeopleOp::StopChange(who, own) => {
			let (_, hospital, account) = found(model, who).unwrap_or(nobody);
			let is_there = found(model, who).is_some();
			let fits = is_there
				&& entry(model, who).change.is_some()
				&& (own || !model.left.contains(&hospital));
			let origin = if own { signed(account) } else { registrar(hospital) };
			let done = MedicalRecords::stop_account_change(origin, who.person());
			if agree(done, fits) {
				entry(model, who).change = None;
			}
		},
	}
}

/// What a block's spare time brings: changes that are due, where a hospital could have stopped them.
pub(super) fn idle(model: &mut Model) {
	let patients = model.patients.values_mut().map(|found| (NORTH, &mut found.entry));
	let doctors = model.doctors.values_mut().map(|found| (found.hospital, &mut found.entry));
	for (hospital, entry) in patients.chain(doctors) {
		if entry.change.is_some_and(|(_, due)| due <= now()) {
			let (new, _) = entry.change.take().expect("due");
			if !model.left.contains(&hospital) {
				entry.account = new;
			}
		}
	}
}

/// Compares accounts and words with what the chain shows.
pub(super) fn compare(model: &Model) {
	for (id, found) in &model.patients {
		check(&found.entry, Person::Patient(PatientId(*id)));
	}
	for (id, found) in &model.doctors {
		let doctor = DoctorId(*id);
		check(&found.entry, Person::Doctor(doctor));
		let shown = MedicalRecords::doctor(doctor).expect("registered").profile;
		let expected = (found.standing != Standing::Rejected).then(|| words(found.entry.name));
		assert_eq!(shown, expected, "what patients see of doctor {id}");
		let proposed = MedicalRecords::proposed_profile(doctor);
		assert_eq!(proposed, found.entry.proposed.map(words));
	}
}

fn check(entry: &ModelEntry, person: Person) {
	assert_eq!(account_of(person), entry.account);
	let pending = MedicalRecords::account_change(person).map(|change| (change.new, change.due));
	assert_eq!(pending, entry.change);
}
