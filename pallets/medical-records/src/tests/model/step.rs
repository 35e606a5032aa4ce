//! Each thing that happens, done on chain and in the model.

use super::{
	op::{DOCTORS, INSTITUTIONS, Mistake, Op, PATIENTS},
	people::{self, ModelEntry},
	reference::{Access, Model, ModelDeposit, ModelDoctor, ModelGrant, ModelPatient},
	vaults::{self, ModelVaults},
};
use crate::{mock::*, *};
use sp_runtime::DispatchResult;
use std::collections::{BTreeMap, BTreeSet};

/// Ends as the chain takes them.
fn after(hours: Option<u8>) -> Option<Moment> {
	hours.map(|hours| now() + u64::from(hours) * DAY / 24)
}

/// A rotation to the doctors that the chain expects, with this mistake. Also returns whether the
/// mistake makes it a misfit.
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
pub(super) fn step(model: &mut Model, op: Op) {
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
		Some(found) => signed(found.registration.account),
		None => signed(9_999),
	};
	let doctor_origin = |id: u32| match Doctors::<Test>::get(DoctorId(id)) {
		Some(found) => signed(found.registration.account),
		None => signed(9_999),
	};
	match op {
		Op::Pass(hours) => pass(u64::from(hours) * DAY / 24),
		Op::Wait => pass(RegistrationPeriod::get()),
		Op::Idle => {
			idle_block();
			people::idle(model);
			for doctor in model.doctors.values_mut() {
				doctor.asked = doctor.asked.filter(|(_, until)| now() < *until);
			}
			// The model leaves lapses to the chain.
			model.patients.retain(|id, _| Patients::<Test>::contains_key(PatientId(*id)));
			model.doctors.retain(|id, _| Doctors::<Test>::contains_key(DoctorId(*id)));
			for entry in model.patients.values_mut() {
				let is_over = |grant: &ModelGrant| {
					grant.ends.is_some_and(|ends| ends + ExpiredGrantsKept::get() <= now())
				};
				let over: Vec<_> = entry
					.grants
					.iter()
					.filter(|(_, grant)| is_over(grant))
					.map(|(doctor, _)| *doctor)
					.collect();
				for doctor in over {
					ends(entry, doctor);
				}
				entry.deposits.retain(|institution, deposit| {
					!model.closed.contains(institution)
						&& deposit.ends.is_none_or(|ends| now() < ends + ExpiredGrantsKept::get())
				});
			}
		},
		Op::RegisterPatient => {
			let id = NextPatient::<Test>::get().0;
			if id < PATIENTS {
				registers_patient(1_000 + u64::from(id), NORTH);
				model.patients.insert(
					id,
					ModelPatient {
						standing: Standing::Pending,
						has_profile: false,
						entry: ModelEntry::of(1_000 + u64::from(id)),
						vaults: ModelVaults::default(),
						records: vec![],
						grants: BTreeMap::new(),
						deposits: BTreeMap::new(),
						epoch: 0,
						holders: BTreeSet::new(),
						is_lost: false,
						read: None,
					},
				);
			}
		},
		Op::RegisterDoctor => {
			let id = NextDoctor::<Test>::get().0;
			if id < DOCTORS && !model.left.contains(&EAST) {
				registers_doctor(2_000 + u64::from(id), EAST);
				let standing = Standing::Pending;
				let entry = ModelEntry::of(2_000 + u64::from(id));
				let doctor = ModelDoctor {
					standing,
					entry,
					hospital: EAST,
					asked: None,
					licence: None,
					key: 1,
					vouched: 0,
				};
				model.doctors.insert(id, doctor);
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
				let entry = entry.expect("pending");
				entry.standing = to;
				entry.has_profile &= to == Standing::Verified;
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
				let entry = entry.expect("it fits");
				entry.standing = to;
				entry.entry.change = None;
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
			let profile = Directory::<Test>::get(DoctorId(id))
				.map_or([0; 32], |entry| MedicalRecords::profile_digest(&entry.profile));
			let origin = registrar(hospital);
			let doctor = DoctorId(id);
			let done = MedicalRecords::verify_doctor(origin, doctor, digest, profile, licence);
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
				let doctor = model.doctors.get_mut(&id).expect("it fits");
				doctor.standing = to;
				doctor.entry.change = None;
				doctor.asked = None;
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
			let fits = model
				.doctors
				.get(&id)
				.is_some_and(|d| matches!(d.standing, Standing::Pending | Standing::Verified));
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
			let is_other = model.doctors.get(&id).is_some_and(|doctor| doctor.hospital != to);
			let fits = is_other && model.may_move(id) && !model.left.contains(&to);
			let origin = doctor_origin(id);
			let asked = MedicalRecords::request_move(origin, Capacity::Doctor, Some(to));
			if agree(&what, asked, fits) {
				let accepted = MedicalRecords::accept_doctor(registrar(to), DoctorId(id));
				agree(&what, accepted, true);
				let doctor = model.doctors.get_mut(&id).expect("it fits");
				(doctor.hospital, doctor.asked) = (to, None);
			}
		},
		Op::Ask(id, to_east) => {
			let to = to_east.map(|east| if east { EAST } else { SOUTH });
			let is_other = model.doctors.get(&id).is_some_and(|doctor| to != Some(doctor.hospital));
			let is_there = to.is_none_or(|to| !model.left.contains(&to));
			let fits = is_other && is_there && model.may_move(id);
			let done = MedicalRecords::request_move(doctor_origin(id), Capacity::Doctor, to);
			if agree(&what, done, fits) {
				let until = now() + RegistrationPeriod::get();
				model.doctors.get_mut(&id).expect("it fits").asked = to.map(|to| (to, until));
			}
		},
		Op::Answer { doctor, east, takes_in } => {
			let hospital = if east { EAST } else { SOUTH };
			let asked = model.doctors.get(&doctor).and_then(|found| found.asked);
			let is_asked = asked.is_some_and(|(asked, until)| asked == hospital && now() < until);
			let is_there = !model.left.contains(&hospital);
			let fits = is_asked && is_there && (!takes_in || model.may_move(doctor));
			let (origin, id) = (registrar(hospital), DoctorId(doctor));
			let done = match takes_in {
				true => MedicalRecords::accept_doctor(origin, id),
				false => MedicalRecords::decline_move(origin, Person::Doctor(id)),
			};
			if agree(&what, done, fits) {
				let found = model.doctors.get_mut(&doctor).expect("it fits");
				found.asked = None;
				if takes_in {
					found.hospital = hospital;
				}
			}
		},
		Op::HospitalLeaves(east) => {
			let hospital = if east { EAST } else { SOUTH };
			if model.left.insert(hospital) {
				leaves(hospital);
				let own = |one: &u32| hospital_of(InstitutionId(*one)) == hospital;
				model.closed.extend((0..INSTITUTIONS).filter(own));
			}
		},
		Op::HospitalReturns(east) => {
			let hospital = if east { EAST } else { SOUTH };
			if model.left.remove(&hospital) {
				returns(hospital);
			}
		},
		Op::ReadRecipients(patient) => {
			let digest = MedicalRecords::recipients(PatientId(patient)).and_then(|all| all.digest);
			let read = model.recipients(patient).zip(digest);
			if let Some(entry) = model.patients.get_mut(&patient) {
				entry.read = read;
			}
		},
		Op::Add { patient, stale, named } => {
			let epoch = model.sealing_epoch(patient) + u32::from(stale);
			let is_right = model.has_right_recipients(patient, named);
			let named = model.digest(patient, named);
			let vault = model.keeper(patient);
			let is_served = !model.left.contains(&vault);
			let entry = model.patients.get_mut(&patient);
			let fits = !stale
				&& is_right && is_served
				&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
			let records = at_vault(vault, new_records(1));
			let origin = patient_origin(patient);
			let done = MedicalRecords::add_records(origin, epoch, records, named);
			if agree(&what, outcome(done), fits) {
				entry.expect("it fits").records.push((epoch, true));
			}
		},
		Op::Append { patient, doctor, stale, note, named } => {
			let is_right = model.has_right_recipients(patient, named);
			let named = model.digest(patient, named);
			let right = model.sealing_epoch(patient);
			// The epoch that was right before a doctor lost access, or would be right after.
			let epoch = if stale { right ^ 1 } else { right };
			let may = model.may_see(patient, doctor);
			let vault = model.keeper(patient);
			let is_served = !model.left.contains(&vault);
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
				&& is_right && is_served
				&& may.is_some()
				&& grant.is_some_and(|grant| grant.may_append && grant.left > 0)
				&& (!note || is_visible(0));
			let records = if note { note_to(0) } else { new_records(1) };
			let records = at_vault(vault, records);
			let origin = doctor_origin(doctor);
			let id = PatientId(patient);
			let done = MedicalRecords::append_records(origin, id, epoch, records, named);
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				entry.records.push((epoch, true));
				entry.grants.get_mut(&doctor).expect("it fits").left -= 1;
			}
		},
		Op::UpdateProfile { patient, stale, named } => {
			let epoch = model.sealing_epoch(patient) ^ u32::from(stale);
			let vault = model.keeper(patient);
			let document = Document { vault, ..document() };
			let fits = !stale
				&& !model.left.contains(&vault)
				&& model.has_right_recipients(patient, named)
				&& model
					.patients
					.get(&patient)
					.is_some_and(|p| matches!(p.standing, Standing::Pending | Standing::Verified));
			let origin = patient_origin(patient);
			let id = PatientId(patient);
			let named = model.digest(patient, named);
			let done = MedicalRecords::update_patient_profile(origin, id, document, epoch, named);
			if agree(&what, outcome(done), fits) {
				model.patients.get_mut(&patient).expect("it fits").has_profile = true;
			}
		},
		Op::RemoveProfile(patient) => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| {
				matches!(p.standing, Standing::Pending | Standing::Verified) && p.has_profile
			});
			let done = MedicalRecords::remove_patient_profile(patient_origin(patient));
			if agree(&what, done, fits) {
				entry.expect("it fits").has_profile = false;
			}
		},
		Op::Withdraw { patient, record, count } => {
			let records: Vec<_> = (record..record + count).collect();
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| {
				let is_there = |record: &RecordIndex| {
					p.records.get(*record as usize).is_some_and(|(_, is_there)| *is_there)
				};
				p.standing == Standing::Verified && records.iter().all(is_there)
			});
			let origin = patient_origin(patient);
			let done = MedicalRecords::withdraw_records(origin, indices(&records));
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				for record in records {
					entry.records[record as usize].1 = false;
					for grant in entry.grants.values_mut() {
						grant.shared.remove(&record);
					}
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
				let left = AppendBudget::get();
				let grant = ModelGrant { access, may_append, ends, shared, share_key: None, left };
				entry.grants.insert(doctor, grant);
			}
		},
		Op::Share { patient, doctor, record, new_key, may_append } => {
			let vouched = model.doctors.get(&doctor).is_some_and(|d| d.vouched == d.key);
			let practises = model.practises(doctor);
			let entry = model.patients.get_mut(&patient);
			let before = entry.as_ref().and_then(|p| p.grants.get(&doctor)).cloned();
			let key_version = model.doctors.get(&doctor).map_or(0, |doctor| doctor.key);
			let has_key = before.as_ref().is_some_and(|grant| grant.share_key == Some(key_version));
			let fits = practises
				&& vouched && (new_key || has_key)
				&& entry.as_ref().is_some_and(|p| {
					p.standing == Standing::Verified
						&& p.records.get(record as usize).is_some_and(|(_, is_there)| *is_there)
				});
			let generation =
				Patients::<Test>::get(PatientId(patient)).map_or(0, |p| p.chart.shares + 1);
			let under = match new_key {
				true => ShareUnder::New(ShareKey { generation, key_version, key: sealed_key() }),
				false => present_share(PatientId(patient), DoctorId(doctor)),
			};
			let done = MedicalRecords::share_records(
				patient_origin(patient),
				DoctorId(doctor),
				under,
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
				let grant = ModelGrant {
					access: Access::Records,
					may_append,
					ends: None,
					shared,
					share_key: Some(key_version),
					left: AppendBudget::get(),
				};
				entry.grants.insert(doctor, grant);
			}
		},
		Op::Unshare { patient, doctor, record } => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| {
				matches!(p.standing, Standing::Verified | Standing::Suspended)
					&& p.grants.get(&doctor).is_some_and(|grant| grant.shared.contains(&record))
			});
			let origin = patient_origin(patient);
			let done =
				MedicalRecords::unshare_records(origin, DoctorId(doctor), indices(&[record]));
			if agree(&what, done, fits) {
				let grants = &mut entry.expect("it fits").grants;
				let grant = grants.get_mut(&doctor).expect("it fits");
				grant.shared.remove(&record);
				if grant.shared.is_empty() && !grant.may_append {
					grants.remove(&doctor);
				}
			}
		},
		Op::RenewBudget { patient, doctor } => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry.as_ref().is_some_and(|p| {
				p.standing == Standing::Verified
					&& p.grants.get(&doctor).is_some_and(|grant| grant.may_append)
			});
			let origin = patient_origin(patient);
			let done = MedicalRecords::renew_append_budget(origin, DoctorId(doctor));
			if agree(&what, done, fits) {
				let grants = &mut entry.expect("it fits").grants;
				grants.get_mut(&doctor).expect("it fits").left = AppendBudget::get();
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
				ends(model.patients.get_mut(&patient).expect("it fits"), doctor);
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
		Op::People(op) => people::step(model, op),
		Op::Vaults(op) => vaults::step(model, op),
		Op::CloseInstitution(institution) => {
			model.closed.insert(institution);
			closes(InstitutionId(institution));
		},
		Op::AllowDeposit { patient, institution, hours } => {
			let ends = after(hours);
			let is_open = !model.closed.contains(&institution);
			let entry = model.patients.get_mut(&patient);
			let fits = is_open
				&& ends.is_none_or(|ends| now() < ends)
				&& entry.as_ref().is_some_and(|p| p.standing == Standing::Verified);
			let origin = patient_origin(patient);
			let done = MedicalRecords::allow_deposit(origin, InstitutionId(institution), ends);
			if agree(&what, done, fits) {
				let deposit = ModelDeposit { ends, left: AppendBudget::get() };
				entry.expect("it fits").deposits.insert(institution, deposit);
			}
		},
		Op::EndDeposit { patient, institution } => {
			let entry = model.patients.get_mut(&patient);
			let fits = entry
				.as_ref()
				.is_some_and(|p| matches!(p.standing, Standing::Verified | Standing::Suspended));
			let ended = institutions(&[InstitutionId(institution)]);
			let done = MedicalRecords::end_deposit(patient_origin(patient), ended);
			if agree(&what, done, fits) {
				entry.expect("it fits").deposits.remove(&institution);
			}
		},
		Op::Deposit { patient, institution, stale, note, named } => {
			let is_right = model.has_right_recipients(patient, named);
			let named = model.digest(patient, named);
			let epoch = model.sealing_epoch(patient) ^ u32::from(stale);
			let is_open = !model.closed.contains(&institution);
			let vault = model.keeper(patient);
			let is_served = !model.left.contains(&vault);
			let entry = model.patients.get_mut(&patient);
			let deposit = entry.as_ref().and_then(|p| p.deposits.get(&institution));
			let is_live = |deposit: &ModelDeposit| {
				deposit.left > 0 && deposit.ends.is_none_or(|ends| now() < ends)
			};
			let fits =
				!stale && !note && is_open && is_right && is_served && deposit.is_some_and(is_live);
			let records = if note { note_to(0) } else { new_records(1) };
			let records = at_vault(vault, records);
			let origin = by_operator(InstitutionId(institution));
			let id = PatientId(patient);
			let done = MedicalRecords::deposit_records(origin, id, epoch, records, named);
			if agree(&what, outcome(done), fits) {
				let entry = entry.expect("it fits");
				entry.records.push((epoch, true));
				entry.deposits.get_mut(&institution).expect("it fits").left -= 1;
			}
		},
		Op::Relinquish { patients: count, doctor } => {
			let named: Vec<_> = (0..count).collect();
			let has = |id: &u32| {
				model.patients.get(id).is_some_and(|entry| entry.grants.contains_key(&doctor))
			};
			let fits = named.iter().any(has);
			let ids: Vec<_> = named.iter().map(|id| PatientId(*id)).collect();
			let done = MedicalRecords::relinquish_access(doctor_origin(doctor), patients(&ids));
			if agree(&what, done, fits) {
				for id in named {
					if let Some(entry) = model.patients.get_mut(&id) {
						ends(entry, doctor);
					}
				}
			}
		},
	}
	model.notice();
}

/// The doctor's grant ends, if there is one.
fn ends(entry: &mut ModelPatient, doctor: u32) {
	entry.grants.remove(&doctor);
	if entry.holders.remove(&doctor) {
		entry.is_lost = true;
	}
}
