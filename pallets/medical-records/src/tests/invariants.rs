//! The checks find what they are there for: each state here was reached by no call.

use crate::{mock::*, *};
use frame_support::storage::{TransactionOutcome, with_transaction_unchecked};

/// Breaks the state of a busy chart in some way and expects to be told.
#[track_caller]
fn broken(expected: &'static str, damage: impl FnOnce(PatientId, DoctorId)) {
	chain(|| {
		let patient = a_verified_patient();
		let (doctor, sharer) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 2);
		grants(patient, doctor);
		shares(patient, sharer, &[0]);
		rotates(patient);
		adds(patient, 1);
		check_invariants();
		with_transaction_unchecked(|| {
			damage(patient, doctor);
			let found = MedicalRecords::do_try_state().expect_err("the damage is found");
			assert_eq!(found, expected.into());
			TransactionOutcome::Rollback(())
		});
	});
}

fn chart(patient: PatientId, change: impl FnOnce(&mut Chart)) {
	Patients::<Test>::mutate(patient, |found| change(&mut found.as_mut().unwrap().chart));
}

#[test]
fn reverse_index() {
	broken("reverse-index: not listed", |patient, doctor| {
		GrantedTo::<Test>::remove(doctor, patient);
	});
	broken("reverse-index: no such grant", |patient, doctor| {
		Grants::<Test>::remove(patient, doctor);
	});
}

#[test]
fn counts() {
	broken("counts: grants", |patient, _| chart(patient, |chart| chart.grants = 1));
	broken("counts: records", |patient, _| chart(patient, |chart| chart.records = 2));
	for live in [2, 4] {
		broken("counts: live records", |patient, _| chart(patient, |chart| chart.live = live));
	}
	broken("counts: an append budget", |patient, doctor| {
		Grants::<Test>::mutate(patient, doctor, |grant| {
			grant.as_mut().unwrap().appends_left = 1_001;
		});
	});
	broken("counts: too many records", |patient, _| {
		let record = Records::<Test>::get(patient, 2).unwrap();
		for index in 3..1_301 {
			Records::<Test>::insert(patient, index, record.clone());
		}
		chart(patient, |chart| (chart.records, chart.live) = (1_301, 1_301));
	});
	broken("counts: others took the patient's room", |patient, doctor| {
		let author = Author::Doctor(doctor);
		let record = Record { author, ..Records::<Test>::get(patient, 2).unwrap() };
		for index in 3..1_048 {
			Records::<Test>::insert(patient, index, record.clone());
		}
		chart(patient, |chart| (chart.records, chart.live) = (1_048, 1_048));
	});
	broken("counts: past epochs", |patient, _| PastEpochs::<Test>::remove(patient, 1));
	broken("counts: records of no patient", |patient, _| {
		let record = Records::<Test>::get(patient, 0).unwrap();
		Records::<Test>::insert(PatientId(9), 0, record);
	});
}

#[test]
fn deposits() {
	let put = |patient, left, allowed_at| {
		let mut all = Deposits::<Test>::get(patient);
		let deposit = Deposit { expires_at: None, allowed_at, appends_left: left };
		all.try_insert(LABORATORY, deposit).unwrap();
		Deposits::<Test>::insert(patient, all);
	};
	broken("deposits: an append budget", |patient, _| put(patient, 1_001, START));
	broken("deposits: allowed in the future", |patient, _| put(patient, 1, START + 1));
	broken("deposits: of no patient", |_, _| put(PatientId(9), 1, START));
	broken("deposits: none, and stored", |patient, _| {
		Deposits::<Test>::insert(patient, Deposits::<Test>::get(patient));
	});
	broken("deposits: the patient never was verified", |_, _| {
		put(registers_patient(5, NORTH), 1, START);
	});
}

#[test]
fn sealed_current() {
	broken("sealed-current: a doctor was given no key", |patient, doctor| {
		GrantKeys::<Test>::remove(patient, doctor);
	});
	broken("sealed-current: a key from the future", |patient, doctor| {
		Grants::<Test>::mutate(patient, doctor, |grant| {
			grant.as_mut().unwrap().seal.as_mut().unwrap().epoch = 4;
		});
	});
}

#[test]
fn no_stale_append() {
	let sealed_to = |index, epoch| {
		move |patient, _| {
			Records::<Test>::mutate(patient, index, |record| {
				record.as_mut().unwrap().sealed_to = epoch;
			});
		}
	};
	broken("no-stale-append: sealed to an epoch that was over", sealed_to(2, 0));
	broken("no-stale-append: sealed to an epoch that was over", sealed_to(0, 2));
	broken("no-stale-append: sealed to an idle standby", sealed_to(2, 3));
	broken("no-stale-append: no such epoch", sealed_to(2, 5));
}

#[test]
fn bound_keys() {
	broken("bound-keys: an epoch's key without a grant", |patient, _| {
		GrantKeys::<Test>::insert(patient, DoctorId(9), sealed_key());
	});
	broken("bound-keys: a share key without a grant", |patient, doctor| {
		ShareKeys::<Test>::insert(patient, doctor, share_key(patient, doctor));
	});
	broken("bound-keys: no share key", |patient, _| {
		ShareKeys::<Test>::remove(patient, DoctorId(1));
	});
	broken("bound-keys: a share key from the future", |patient, _| {
		chart(patient, |chart| chart.shares = 0);
	});
	broken("bound-keys: a key of a record that is gone", |patient, _| {
		Records::<Test>::mutate(patient, 0, |record| record.as_mut().unwrap().document = None);
	});
	broken("bound-keys: an empty share is stored", |patient, _| {
		SharedRecordsOf::<Test>::insert(
			patient,
			DoctorId(1),
			frame_support::BoundedBTreeMap::default(),
		);
	});
	broken("bound-keys: charts and their keys differ", |patient, _| {
		CurrentKeys::<Test>::remove(patient);
	});
	broken("bound-keys: a doctor has another key", |_, doctor| {
		EncryptionKeys::<Test>::remove(doctor);
	});
	broken("bound-keys: the directory differs", |_, doctor| Directory::<Test>::remove(doctor));
	broken("bound-keys: a key of no doctor", |_, doctor| {
		let entry = Directory::<Test>::get(doctor).unwrap();
		Directory::<Test>::insert(DoctorId(9), entry);
	});
	broken("bound-keys: vouched too early", |_, doctor| {
		Doctors::<Test>::mutate(doctor, |found| found.as_mut().unwrap().vouched_version = 2);
	});
}

#[test]
fn one_person() {
	broken("one-person: an account controls no patient", |_, _| {
		PatientOf::<Test>::insert(5, PatientId(9));
	});
	broken("one-person: two accounts control a patient", |patient, _| {
		PatientOf::<Test>::insert(5, patient);
	});
	broken("one-person: an account acts for no doctor", |_, _| {
		DoctorOf::<Test>::insert(5, DoctorId(9));
	});
	broken("one-person: two accounts act for a doctor", |_, doctor| {
		DoctorOf::<Test>::insert(5, doctor);
	});
	broken("one-person: no account controls a person", |patient, _| {
		PatientOf::<Test>::remove(patient_entry(patient).registration.account);
	});
	broken("one-person: an id from the future", |_, _| NextPatient::<Test>::kill());
}

#[test]
fn people() {
	broken("people: a hospital's numbers differ", |_, _| {
		People::<Test>::mutate(NORTH, |people| people.patients += 1);
	});
	broken("people: a hospital's numbers differ", |_, _| People::<Test>::remove(EAST));
}

#[test]
fn hospital_index() {
	broken("hospital-index: other patients wait", |patient, _| {
		AwaitingPatients::<Test>::insert(NORTH, Place::from(patient.0), ());
	});
	broken("hospital-index: other patients belong to a hospital", |patient, _| {
		PatientsOf::<Test>::remove(NORTH, Place::from(patient.0));
	});
	broken("hospital-index: other doctors wait", |_, doctor| {
		AwaitingDoctors::<Test>::insert(EAST, Place::from(doctor.0), ());
	});
	broken("hospital-index: other people have asked to move", |patient, _| {
		MoveRequests::<Test>::insert(Person::Patient(patient), START);
	});
}

#[test]
fn pending_changes() {
	let asks = |patient| {
		frame_support::assert_ok!(asks_to_change(Person::Patient(patient), 5));
		Person::Patient(patient)
	};
	let change = |person, edit: fn(&mut AccountChange<AccountId>)| {
		AccountChanges::<Test>::mutate(NORTH, person, |found| edit(found.as_mut().unwrap()));
	};
	broken("pending-changes: the queue and the changes differ", |patient, _| {
		asks(patient);
		ChangeQueue::<Test>::remove(0);
	});
	broken("pending-changes: of nobody", |patient, _| {
		asks(patient);
		let found = AccountChanges::<Test>::take(NORTH, Person::Patient(patient)).unwrap();
		AccountChanges::<Test>::insert(NORTH, Person::Patient(PatientId(9)), found);
	});
	broken("pending-changes: the person's hospital can't stop it", |patient, _| {
		let person = asks(patient);
		MedicalRecords::carry_change(person, &account_of(person), NORTH, EAST);
	});
	broken("pending-changes: the person is not verified", |patient, _| {
		asks(patient);
		Patients::<Test>::mutate(patient, |found| {
			found.as_mut().unwrap().registration.standing = Standing::Suspended;
		});
	});
	broken("pending-changes: another place in the queue", |patient, _| {
		change(asks(patient), |change| change.place = 1);
	});
	broken("pending-changes: outside the queue", |patient, _| {
		asks(patient);
		NextChange::<Test>::put(0);
	});
	broken("pending-changes: out of order", |patient, doctor| {
		frame_support::assert_ok!(asks_to_change(Person::Doctor(doctor), 6));
		change(asks(patient), |change| change.due -= 1);
	});
}

#[test]
fn vouched_directory() {
	broken("vouched-directory: a proposal of nobody", |_, _| {
		ProposedProfiles::<Test>::insert(EAST, DoctorId(9), profile("Eve"));
	});
	broken("vouched-directory: the doctor's hospital can't confirm it", |_, doctor| {
		ProposedProfiles::<Test>::insert(NORTH, doctor, profile("Eve"));
	});
	broken("vouched-directory: a proposal of an unverified doctor", |_, doctor| {
		proposes(doctor, profile("Eve"));
		Doctors::<Test>::mutate(doctor, |found| {
			found.as_mut().unwrap().registration.standing = Standing::Pending;
		});
	});
}

#[test]
fn verified_only() {
	broken("verified-only: the patient never was", |patient, _| {
		Patients::<Test>::mutate(patient, |found| {
			found.as_mut().unwrap().registration.standing = Standing::Rejected;
		});
	});
	broken("verified-only: the doctor never was", |_, doctor| {
		Doctors::<Test>::mutate(doctor, |found| {
			found.as_mut().unwrap().registration.standing = Standing::Pending;
		});
	});
}

#[test]
fn one_home() {
	let with = |moves: &[(HospitalId, HospitalId)]| {
		let mut choice = VaultChoice::default();
		for (from, to) in moves {
			choice.moves.try_insert(*from, *to).unwrap();
		}
		choice
	};
	broken("one-home: no such patient", |_, _| {
		VaultChoices::<Test>::insert(PatientId(9), with(&[(NORTH, EAST)]));
	});
	broken("one-home: the patient never was verified", |_, _| {
		VaultChoices::<Test>::insert(registers_patient(5, NORTH), with(&[(NORTH, EAST)]));
	});
	broken("one-home: an empty choice is stored", |patient, _| {
		VaultChoices::<Test>::insert(patient, VaultChoice::default());
	});
	broken("one-home: moved on by the patient", |patient, _| {
		VaultChoices::<Test>::insert(patient, with(&[(NORTH, EAST), (EAST, SOUTH)]));
	});
	broken("one-home: other patients have chosen a vault", |patient, _| {
		VaultChoices::<Test>::insert(patient, with(&[(NORTH, EAST)]));
	});
	broken("one-home: other patients have chosen a vault", |patient, _| {
		ChosenBy::<Test>::insert(EAST, Place::from(patient.0), ());
	});
	broken("one-home: a successor has a successor", |_, _| {
		let mut successors = SuccessorMap::new();
		successors.try_insert(SOUTH, EAST).unwrap();
		successors.try_insert(EAST, NORTH).unwrap();
		Successors::<Test>::put(successors);
	});
}
