//! All calls of all roles, in any order, with time passing: after each step the pallet's invariants
//! hold, and it agrees with a plain model of what the rules say.
//!
//! The model knows nothing of clocks, counters and re-checks. It remembers each secret that was ever
//! given out and looks, after every step, whether its holder may still see the chart. Once somebody
//! may not, the secret is lost for good.

use crate::{mock::*, *};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::{BTreeMap, BTreeSet};

const PATIENTS: u32 = 2;
const DOCTORS: u32 = 3;

/// What somebody does. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Op {
	/// Time passes, in hours.
	Pass(u8),
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
	Move(u32, bool),
	HospitalLeaves(bool),
	HospitalReturns(bool),
	Add {
		patient: u32,
		stale: bool,
	},
	Append {
		patient: u32,
		doctor: u32,
		stale: bool,
		note: bool,
	},
	UpdateProfile {
		patient: u32,
		stale: bool,
	},
	Withdraw {
		patient: u32,
		record: u32,
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
		patient: u32,
		doctor: u32,
	},
}

/// What may be wrong with a rotation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
	None,
	ForgetsOne,
	AddsOne(u32),
	NamesOneTwice,
	WrongEpoch,
	OldKey,
}

fn mistake() -> impl Strategy<Value = Mistake> {
	prop_oneof![
		6 => Just(Mistake::None),
		1 => Just(Mistake::ForgetsOne),
		1 => (0..DOCTORS).prop_map(Mistake::AddsOne),
		1 => Just(Mistake::NamesOneTwice),
		1 => Just(Mistake::WrongEpoch),
		1 => Just(Mistake::OldKey),
	]
}

fn op() -> impl Strategy<Value = Op> {
	let p = 0..PATIENTS;
	let d = 0..DOCTORS;
	let stale = prop::bool::weighted(0.2);
	prop_oneof![
		6 => (1u8..30).prop_map(Op::Pass),
		1 => Just(Op::Idle),
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
		1 => any::<bool>().prop_map(Op::HospitalLeaves),
		3 => any::<bool>().prop_map(Op::HospitalReturns),
		6 => (p.clone(), stale).prop_map(|(patient, stale)| Op::Add { patient, stale }),
		8 => (p.clone(), d.clone(), prop::bool::weighted(0.2), any::<bool>())
			.prop_map(|(patient, doctor, stale, note)| Op::Append { patient, doctor, stale, note }),
		2 => (p.clone(), prop::bool::weighted(0.2))
			.prop_map(|(patient, stale)| Op::UpdateProfile { patient, stale }),
		1 => (p.clone(), 0u32..4).prop_map(|(patient, record)| Op::Withdraw { patient, record }),
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
		6 => (p.clone(), d.clone(), prop::option::of(mistake()))
			.prop_map(|(patient, doctor, rotation)| Op::Revoke { patient, doctor, rotation }),
		5 => (p.clone(), mistake()).prop_map(|(patient, mistake)| Op::Rotate { patient, mistake }),
		2 => (p, d).prop_map(|(patient, doctor)| Op::Relinquish { patient, doctor }),
	]
}

fn hours() -> impl Strategy<Value = Option<u8>> {
	prop::option::of(0u8..60)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Access {
	Chart,
	Records,
}

/// What a patient allows a doctor.
#[derive(Clone, Debug)]
struct ModelGrant {
	access: Access,
	may_append: bool,
	ends: Option<Moment>,
	shared: BTreeSet<RecordIndex>,
	has_share_key: bool,
}

#[derive(Clone, Debug)]
struct ModelPatient {
	standing: Standing,
	/// The epoch of each record, and whether it is still there.
	records: Vec<(Epoch, bool)>,
	grants: BTreeMap<u32, ModelGrant>,
	epoch: Epoch,
	/// Everybody who was given the current distributed secret, and lived up to it since.
	holders: BTreeSet<u32>,
	/// Whether one of them did not.
	is_lost: bool,
}

#[derive(Clone, Debug)]
struct ModelDoctor {
	standing: Standing,
	hospital: HospitalId,
	licence: Option<Moment>,
	key: u32,
	vouched: u32,
}

#[derive(Default)]
struct Model {
	patients: BTreeMap<u32, ModelPatient>,
	doctors: BTreeMap<u32, ModelDoctor>,
	left: BTreeSet<HospitalId>,
}

impl Model {
	fn practises(&self, doctor: u32) -> bool {
		self.doctors.get(&doctor).is_some_and(|doctor| {
			doctor.standing == Standing::Verified
				&& doctor.licence.is_none_or(|ends| now() < ends)
				&& !self.left.contains(&doctor.hospital)
		})
	}

	fn may_see(&self, patient: u32, doctor: u32) -> Option<Access> {
		let grant = self.patients.get(&patient)?.grants.get(&doctor)?;
		let is_live = grant.ends.is_none_or(|ends| now() < ends);
		(is_live && self.practises(doctor)).then_some(grant.access)
	}

	/// Notices who has lost access, by whatever it was.
	fn notice(&mut self) {
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

	fn sealing_epoch(&self, patient: u32) -> Epoch {
		self.patients.get(&patient).map_or(0, |entry| entry.epoch + u32::from(entry.is_lost))
	}

	/// Whom a rotation has to reach.
	fn reachable(&self, patient: u32) -> BTreeSet<u32> {
		let doctors = self.doctors.iter();
		doctors
			.filter(|(id, doctor)| {
				self.may_see(patient, **id) == Some(Access::Chart) && doctor.vouched == doctor.key
			})
			.map(|(id, _)| *id)
			.collect()
	}

	fn rotated(&mut self, patient: u32, to: BTreeSet<u32>) {
		let entry = self.patients.get_mut(&patient).expect("it rotated");
		entry.epoch += 2;
		entry.holders = to;
		entry.is_lost = false;
	}
}

/// Ends as the chain takes them.
fn after(hours: Option<u8>) -> Option<Moment> {
	hours.map(|hours| now() + u64::from(hours) * DAY / 24)
}

/// A rotation to whom the chain says, with this mistake; and whether that leaves it unfit.
fn made_rotation(patient: PatientId, leaving: &[DoctorId], mistake: Mistake) -> Option<Rotation> {
	Patients::<Test>::get(patient)?;
	let mut to = remaining(patient, leaving);
	match mistake {
		Mistake::ForgetsOne => {
			to.pop()?;
		},
		Mistake::AddsOne(doctor) => {
			let doctor = DoctorId(doctor);
			Doctors::<Test>::get(doctor).filter(|_| !to.contains(&doctor))?;
			to.push(doctor);
		},
		Mistake::NamesOneTwice => to.push(*to.first()?),
		_ => (),
	}
	let mut rotation = rotation_to(patient, &to);
	match mistake {
		Mistake::WrongEpoch => rotation.epoch += 2,
		Mistake::OldKey => rotation.sealed.iter_mut().next()?.key_version -= 1,
		_ => (),
	}
	Some(rotation)
}

/// Does it on chain and in the model, and checks that both agree on whether it works.
fn step(model: &mut Model, op: Op) {
	model.notice();
	let agree = |what: &Op, done: DispatchResult, expected: bool| {
		assert_eq!(done.is_ok(), expected, "{what:?}: {done:?}");
		expected
	};
	let outcome = |result: frame_support::dispatch::DispatchResultWithPostInfo| {
		result.map(|_| ()).map_err(|refused| refused.error)
	};
	let what = op.clone();
	let patient_origin = |id: u32| match Patients::<Test>::get(PatientId(id)) {
		Some(found) => signed(found.account),
		None => signed(9_999),
	};
	let doctor_origin = |id: u32| match Doctors::<Test>::get(DoctorId(id)) {
		Some(found) => signed(found.account),
		None => signed(9_999),
	};
	match op {
		Op::Pass(hours) => pass(u64::from(hours) * DAY / 24),
		Op::Idle => {
			idle_block();
			// What lapses is nobody's business here but the chain's.
			model.patients.retain(|id, _| Patients::<Test>::contains_key(PatientId(*id)));
			model.doctors.retain(|id, _| Doctors::<Test>::contains_key(DoctorId(*id)));
		},
		Op::RegisterPatient => {
			let id = NextPatient::<Test>::get().0;
			if id < PATIENTS {
				registers_patient(1_000 + u64::from(id), NORTH);
				model.patients.insert(
					id,
					ModelPatient {
						standing: Standing::Pending,
						records: vec![],
						grants: BTreeMap::new(),
						epoch: 0,
						holders: BTreeSet::new(),
						is_lost: false,
					},
				);
			}
		},
		Op::RegisterDoctor => {
			let id = NextDoctor::<Test>::get().0;
			if id < DOCTORS && !model.left.contains(&EAST) {
				registers_doctor(2_000 + u64::from(id), EAST);
				let standing = Standing::Pending;
				let entry =
					ModelDoctor { standing, hospital: EAST, licence: None, key: 1, vouched: 0 };
				model.doctors.insert(id, entry);
			}
		},
		Op::VerifyPatient(id) | Op::RejectPatient(id) => {
			let (call, to): (fn(_, _) -> _, _) = match what {
				Op::VerifyPatient(_) => (MedicalRecords::verify_patient, Standing::Verified),
				_ => (MedicalRecords::reject_patient, Standing::Rejected),
			};
			let entry = model.patients.get_mut(&id);
			let is_pending = entry.as_ref().is_some_and(|p| p.standing == Standing::Pending);
			if agree(&what, call(registrar(NORTH), PatientId(id)), is_pending) {
				entry.expect("pending").standing = to;
			}
		},
		Op::SuspendPatient(id) | Op::ReinstatePatient(id) => {
			let (call, from, to): (fn(_, _) -> _, _, _) = match what {
				Op::SuspendPatient(_) => {
					(MedicalRecords::suspend_patient, Standing::Verified, Standing::Suspended)
				},
				_ => (MedicalRecords::reinstate_patient, Standing::Suspended, Standing::Verified),
			};
			let entry = model.patients.get_mut(&id);
			let fits = entry.as_ref().is_some_and(|p| p.standing == from);
			if agree(&what, call(registrar(NORTH), PatientId(id)), fits) {
				entry.expect("it fits").standing = to;
			}
		},
		Op::VerifyDoctor(id, licence) => {
			let licence = after(licence);
			let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
			let fits = model.doctors.get(&id).is_some_and(|d| d.standing == Standing::Pending)
				&& licence.is_none_or(|ends| now() < ends)
				&& !model.left.contains(&hospital);
			let digest = EncryptionKeys::<Test>::get(DoctorId(id))
				.map_or([0; 32], |key| sp_io::hashing::sha2_256(&key.key));
			let origin = registrar(hospital);
			let done = MedicalRecords::verify_doctor(origin, DoctorId(id), digest, licence);
			if agree(&what, done, fits) {
				let entry = model.doctors.get_mut(&id).expect("it fits");
				entry.standing = Standing::Verified;
				entry.licence = licence;
				entry.vouched = entry.key;
			}
		},
		Op::RejectDoctor(id) | Op::SuspendDoctor(id) | Op::ReinstateDoctor(id) => {
			let (call, from, to): (fn(_, _) -> _, _, _) = match what {
				Op::RejectDoctor(_) => {
					(MedicalRecords::reject_doctor, Standing::Pending, Standing::Rejected)
				},
				Op::SuspendDoctor(_) => {
					(MedicalRecords::suspend_doctor, Standing::Verified, Standing::Suspended)
				},
				_ => (MedicalRecords::reinstate_doctor, Standing::Suspended, Standing::Verified),
			};
			let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
			let fits = model.doctors.get(&id).is_some_and(|doctor| doctor.standing == from)
				&& !model.left.contains(&hospital);
			if agree(&what, call(registrar(hospital), DoctorId(id)), fits) {
				model.doctors.get_mut(&id).expect("it fits").standing = to;
			}
		},
		Op::Licence(id, until) => {
			let until = after(until);
			let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
			let fits = model.doctors.get(&id).is_some_and(|d| d.standing != Standing::Rejected)
				&& !model.left.contains(&hospital);
			let details = Details::default();
			let origin = registrar(hospital);
			let done = MedicalRecords::set_doctor_details(origin, DoctorId(id), details, until);
			if agree(&what, done, fits) {
				model.doctors.get_mut(&id).expect("it fits").licence = until;
			}
		},
		Op::ChangeKey(id) => {
			let fits = model.doctors.get(&id).is_some_and(|d| d.standing != Standing::Rejected);
			let key = x_wing_key(model.doctors.get(&id).map_or(1, |d| d.key as u8 + 1));
			let done = MedicalRecords::set_encryption_key(doctor_origin(id), 1, key);
			if agree(&what, done, fits) {
				model.doctors.get_mut(&id).expect("it fits").key += 1;
			}
		},
		Op::ConfirmKey(id) => {
			let hospital = model.doctors.get(&id).map_or(EAST, |doctor| doctor.hospital);
			let fits = model.doctors.get(&id).is_some_and(|doctor| {
				matches!(doctor.standing, Standing::Verified | Standing::Suspended)
			}) && !model.left.contains(&hospital);
			let digest = EncryptionKeys::<Test>::get(DoctorId(id))
				.map_or([0; 32], |key| sp_io::hashing::sha2_256(&key.key));
			let origin = registrar(hospital);
			let done = MedicalRecords::confirm_encryption_key(origin, DoctorId(id), digest);
			if agree(&what, done, fits) {
				let entry = model.doctors.get_mut(&id).expect("it fits");
				entry.vouched = entry.key;
			}
		},
		Op::Move(id, to_east) => {
			let to = if to_east { EAST } else { SOUTH };
			let fits = model.doctors.get(&id).is_some_and(|doctor| {
				doctor.standing != Standing::Rejected && doctor.hospital != to
			}) && !model.left.contains(&to);
			let origin = doctor_origin(id);
			let asked = MedicalRecords::request_move(origin, Capacity::Doctor, Some(to));
			if agree(&what, asked, fits) {
				let accepted = MedicalRecords::accept_doctor(registrar(to), DoctorId(id));
				agree(&what, accepted, true);
				model.doctors.get_mut(&id).expect("it fits").hospital = to;
			}
		},
		Op::HospitalLeaves(east) => {
			let hospital = if east { EAST } else { SOUTH };
			if model.left.insert(hospital) {
				leaves(hospital);
			}
		},
		Op::HospitalReturns(east) => {
			let hospital = if east { EAST } else { SOUTH };
			if model.left.remove(&hospital) {
				returns(hospital);
			}
		},
		Op::Add { patient, stale } => {
			let epoch = model.sealing_epoch(patient) + u32::from(stale);
			let entry = model.patients.get_mut(&patient);
			let fits = !stale && entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
			let records = new_records(1);
			let done = MedicalRecords::add_records(patient_origin(patient), epoch, records);
			if agree(&what, outcome(done), fits) {
				entry.expect("it fits").records.push((epoch, true));
			}
		},
		Op::Append { patient, doctor, stale, note } => {
			let right = model.sealing_epoch(patient);
			// What was right until somebody lost access, or would be if somebody did.
			let epoch = if stale { right ^ 1 } else { right };
			let may = model.may_see(patient, doctor);
			let entry = model.patients.get_mut(&patient);
			let grant = entry.as_ref().and_then(|p| p.grants.get(&doctor));
			let is_visible = |record: RecordIndex| {
				let entry = entry.as_ref();
				let is_there = entry
					.and_then(|p| p.records.get(record as usize))
					.is_some_and(|(_, is_there)| *is_there);
				let is_open = may == Some(Access::Chart)
					|| grant.is_some_and(|grant| grant.shared.contains(&record));
				is_there && is_open
			};
			let fits = !stale
				&& may.is_some()
				&& grant.is_some_and(|grant| grant.may_append)
				&& (!note || is_visible(0));
			let records = if note { note_to(0) } else { new_records(1) };
			let origin = doctor_origin(doctor);
			let id = PatientId(patient);
			let done = MedicalRecords::append_records(origin, id, epoch, records);
			if agree(&what, outcome(done), fits) {
				entry.expect("it fits").records.push((epoch, true));
			}
		},
		Op::UpdateProfile { patient, stale } => {
			let epoch = model.sealing_epoch(patient) ^ u32::from(stale);
			let fits = !stale
				&& model
					.patients
					.get(&patient)
					.is_some_and(|p| matches!(p.standing, Standing::Pending | Standing::Verified));
			let origin = patient_origin(patient);
			let id = PatientId(patient);
			let done = MedicalRecords::update_patient_profile(origin, id, document(), epoch);
			agree(&what, outcome(done), fits);
		},
		Op::Withdraw { patient, record } => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| {
				matches!(p.standing, Standing::Verified | Standing::Suspended)
					&& p.records.get(record as usize).is_some_and(|(_, is_there)| *is_there)
			});
			let done = MedicalRecords::withdraw_record(patient_origin(patient), record);
			if agree(&what, done, fits) {
				let entry = entry.expect("it fits");
				entry.records[record as usize].1 = false;
				for grant in entry.grants.values_mut() {
					grant.shared.remove(&record);
				}
			}
		},
		Op::Grant { patient, doctor, may_append, hours } => {
			let ends = after(hours);
			let vouched = model.doctors.get(&doctor).is_some_and(|d| d.vouched == d.key);
			let practises = model.practises(doctor);
			let entry = model.patients.get_mut(&patient);
			let fits = practises
				&& vouched && ends.is_none_or(|ends| now() < ends)
				&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
			let epoch = entry.as_ref().map_or(0, |p| p.epoch);
			let key_version = model.doctors.get(&doctor).map_or(0, |doctor| doctor.key);
			let key = KeyForDoctor { doctor: DoctorId(doctor), key_version, key: sealed_key() };
			let origin = patient_origin(patient);
			let done = MedicalRecords::grant_access(origin, epoch, key, may_append, ends);
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				entry.holders.insert(doctor);
				let access = Access::Chart;
				let shared = BTreeSet::new();
				let grant = ModelGrant { access, may_append, ends, shared, has_share_key: false };
				entry.grants.insert(doctor, grant);
			}
		},
		Op::Share { patient, doctor, record, new_key, may_append } => {
			let vouched = model.doctors.get(&doctor).is_some_and(|d| d.vouched == d.key);
			let practises = model.practises(doctor);
			let entry = model.patients.get_mut(&patient);
			let before = entry.as_ref().and_then(|p| p.grants.get(&doctor)).cloned();
			let has_key = before.as_ref().is_some_and(|grant| grant.has_share_key);
			let fits = practises
				&& (if new_key { vouched } else { has_key })
				&& entry.as_ref().is_some_and(|p| {
					p.standing == Standing::Verified
						&& p.records.get(record as usize).is_some_and(|(_, is_there)| *is_there)
				});
			let generation =
				Patients::<Test>::get(PatientId(patient)).map_or(0, |p| p.chart.shares + 1);
			let key_version = model.doctors.get(&doctor).map_or(0, |doctor| doctor.key);
			let key = new_key.then(|| ShareKey { generation, key_version, key: sealed_key() });
			let done = MedicalRecords::share_records(
				patient_origin(patient),
				DoctorId(doctor),
				key,
				shared(&[record]),
				may_append,
				None,
			);
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				let mut shared = match before {
					Some(grant) if !new_key => grant.shared,
					_ => BTreeSet::new(),
				};
				shared.insert(record);
				if entry.holders.remove(&doctor) {
					entry.is_lost = true;
				}
				let access = Access::Records;
				let grant =
					ModelGrant { access, may_append, ends: None, shared, has_share_key: true };
				entry.grants.insert(doctor, grant);
			}
		},
		Op::Revoke { patient, doctor, rotation } => {
			let id = PatientId(patient);
			let leaving = [DoctorId(doctor)];
			let made = rotation.and_then(|mistake| made_rotation(id, &leaving, mistake));
			let fits = model
				.patients
				.get(&patient)
				.is_some_and(|p| matches!(p.standing, Standing::Verified | Standing::Suspended));
			let origin = patient_origin(patient);
			let done = MedicalRecords::revoke_access(origin, doctors(&leaving), made.clone());
			if agree(&what, outcome(done), fits) {
				let entry = model.patients.get_mut(&patient).expect("it fits");
				entry.grants.remove(&doctor);
				if entry.holders.remove(&doctor) {
					entry.is_lost = true;
				}
				if made.is_some() && rotation == Some(Mistake::None) {
					let to = model.reachable(patient);
					model.rotated(patient, to);
				}
			}
		},
		Op::Rotate { patient, mistake } => {
			let Some(rotation) = made_rotation(PatientId(patient), &[], mistake) else { return };
			let fits = mistake == Mistake::None
				&& model.patients.get(&patient).is_some_and(|p| {
					matches!(p.standing, Standing::Verified | Standing::Suspended)
				});
			let done = MedicalRecords::rotate_chart_key(patient_origin(patient), rotation);
			if agree(&what, outcome(done), fits) {
				let to = model.reachable(patient);
				model.rotated(patient, to);
			}
		},
		Op::Relinquish { patient, doctor } => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| p.grants.contains_key(&doctor));
			let origin = doctor_origin(doctor);
			let done = MedicalRecords::relinquish_access(origin, PatientId(patient));
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				entry.grants.remove(&doctor);
				if entry.holders.remove(&doctor) {
					entry.is_lost = true;
				}
			}
		},
	}
	model.notice();
}

/// Everything that can be asked, asked on both sides.
fn compare(model: &Model) {
	check_invariants();
	for (id, entry) in &model.patients {
		let patient = PatientId(*id);
		let found = patient_entry(patient);
		assert_eq!(found.standing, entry.standing);
		assert_eq!(found.chart.epoch, entry.epoch);
		assert_eq!(sealing_epoch(patient), model.sealing_epoch(*id), "what to seal to");
		assert_eq!(found.chart.grants as usize, entry.grants.len());
		let stored: Vec<_> = (0..found.chart.records)
			.map(|index| Records::<Test>::get(patient, index).expect("counted"))
			.map(|record| (record.sealed_to, record.document.is_some()))
			.collect();
		assert_eq!(stored, entry.records);
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
				assert_eq!(allowed.key == KeyStatus::Current, reads_on, "doctor {doctor}'s key");
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
