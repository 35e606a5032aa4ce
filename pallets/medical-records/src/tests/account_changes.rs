//! A change of account waits, and can be stopped.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};

fn stops(origin: RuntimeOrigin, person: Person) -> DispatchResult {
	MedicalRecords::stop_account_change(origin, person)
}

fn is_pending(person: Person) -> bool {
	MedicalRecords::account_change(person).is_some()
}

fn stopped(person: Person, why: ChangeStop) -> Event<Test> {
	Event::AccountChangeStopped { person, why }
}

#[test]
fn change_takes_effect_after_a_day_and_not_before() {
	chain(|| {
		let patient = a_verified_patient();
		let (person, old) = (Person::Patient(patient), patient_entry(patient).registration.account);
		assert_ok!(asks_to_change(person, 5));
		let due = START + DAY;
		assert_eq!(last_event(), Event::AccountChangeRequested { person, old, new: 5, due });
		time_is(due - 1);
		idle_block();
		assert_eq!(PatientOf::<Test>::get(old), Some(patient));
		// Until then the new account has no role, and the old one does everything.
		let refused = MedicalRecords::add_records(signed(5), 0, new_records(1), None);
		assert_noop!(refused, Error::<Test>::NotPatient);
		adds(patient, 1);
		time_is(due);
		idle_block();
		assert_eq!(last_event(), Event::AccountChanged { person, old, new: 5 });
		assert_eq!((PatientOf::<Test>::get(old), PatientOf::<Test>::get(5)), (None, Some(patient)));
		assert!(!is_pending(person));
		let refused = MedicalRecords::add_records(signed(old), 0, new_records(1), None);
		assert_noop!(refused, Error::<Test>::NotPatient);
		adds(patient, 1);
	});
}

#[test]
fn old_account_takes_a_change_back_and_the_hospital_refuses_it() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let people = [
			(Person::Patient(patient), by(patient), NORTH),
			(Person::Doctor(doctor), by_doctor(doctor), EAST),
		];
		for (person, owner, hospital) in people {
			for (who, why) in
				[(owner.clone(), ChangeStop::TakenBack), (registrar(hospital), ChangeStop::Refused)]
			{
				assert_ok!(asks_to_change(person, 5));
				assert_ok!(stops(who.clone(), person));
				assert_eq!(last_event(), stopped(person, why));
				assert_noop!(stops(who, person), Error::<Test>::NoAccountChange);
				pass(2 * DAY);
				idle_block();
				assert_ne!(account_of(person), 5);
			}
		}
	});
}

#[test]
fn others_stop_nothing() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		for (person, other) in [(Person::Patient(patient), EAST), (Person::Doctor(doctor), NORTH)] {
			assert_ok!(asks_to_change(person, 5));
			assert_noop!(stops(signed(5), person), DispatchError::BadOrigin);
			assert_noop!(stops(signed(77), person), DispatchError::BadOrigin);
			assert_noop!(stops(RuntimeOrigin::root(), person), DispatchError::BadOrigin);
			assert_noop!(stops(registrar(other), person), Error::<Test>::OtherHospital);
		}
		let nobody = stops(registrar(NORTH), Person::Patient(PatientId(9)));
		assert_noop!(nobody, Error::<Test>::PatientNotFound);
		let nobody = stops(registrar(NORTH), Person::Doctor(DoctorId(9)));
		assert_noop!(nobody, Error::<Test>::DoctorNotFound);
	});
}

#[test]
fn one_change_at_a_time() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		for person in [Person::Patient(patient), Person::Doctor(doctor)] {
			assert_ok!(asks_to_change(person, 5));
			for new in [5, 6] {
				assert_noop!(asks_to_change(person, new), Error::<Test>::AccountChangePending);
			}
		}
		NextChange::<Test>::put(u64::MAX);
		let third = Person::Patient(a_verified_patient());
		assert_noop!(asks_to_change(third, 7), Error::<Test>::IdsExhausted);
	});
}

#[test]
fn suspended_people_change_no_account() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		suspends(doctor);
		let refused = asks_to_change(Person::Patient(patient), 5);
		assert_noop!(refused, Error::<Test>::PatientNotVerified);
		let refused = asks_to_change(Person::Doctor(doctor), 5);
		assert_noop!(refused, Error::<Test>::DoctorNotVerified);
	});
}

#[test]
fn suspension_ends_a_pending_change() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let people = [Person::Patient(patient), Person::Doctor(doctor)];
		for person in people {
			assert_ok!(asks_to_change(person, 5));
		}
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		suspends(doctor);
		for person in people {
			assert!(events().contains(&stopped(person, ChangeStop::Suspended)));
			assert!(!is_pending(person));
		}
		// Reinstated ones have to ask anew.
		assert_ok!(MedicalRecords::reinstate_patient(registrar(NORTH), patient));
		reinstates(doctor);
		pass(2 * DAY);
		idle_block();
		assert!(people.into_iter().all(|person| account_of(person) != 5));
		for person in people {
			assert_ok!(asks_to_change(person, 5));
		}
		pass(DAY);
		idle_block();
		assert!(people.into_iter().all(|person| account_of(person) == 5));
	});
}

#[test]
fn account_that_is_taken_meanwhile_takes_nothing_over() {
	chain(|| {
		let (one, other) = (a_verified_patient(), a_verified_patient());
		let [first, second] = [one, other].map(Person::Patient);
		assert_ok!(asks_to_change(first, 5));
		assert_ok!(asks_to_change(second, 5));
		let third = Person::Doctor(a_verified_doctor());
		assert_ok!(asks_to_change(third, 6));
		registers_doctor(6, NORTH);
		pass(DAY);
		idle_block();
		assert_eq!(PatientOf::<Test>::get(5), Some(one));
		for person in [second, third] {
			assert!(events().contains(&stopped(person, ChangeStop::Impossible)));
			assert!(!is_pending(person));
		}
	});
}

#[test]
fn change_needs_a_hospital_that_could_stop_it() {
	chain(|| {
		let people = [0, 1, 2].map(|n| {
			let patient = registers_patient(3_000 + n, SOUTH);
			assert_ok!(MedicalRecords::verify_patient(registrar(SOUTH), patient));
			Person::Patient(patient)
		});
		let [stays, moves, late] = people;
		assert_ok!(asks_to_change(stays, 5));
		assert_ok!(asks_to_change(moves, 6));
		leaves(SOUTH);
		assert_noop!(asks_to_change(late, 7), Error::<Test>::HospitalNotActive);
		let Person::Patient(moving) = moves else { unreachable!() };
		assert_ok!(MedicalRecords::request_move(by(moving), Capacity::Patient, Some(EAST)));
		assert_ok!(MedicalRecords::accept_patient(registrar(EAST), moving));
		pass(DAY);
		idle_block();
		assert!(events().contains(&stopped(stays, ChangeStop::Impossible)));
		assert_eq!((account_of(stays), account_of(moves)), (3_000, 6));

		// One that is admitted again in time can stop it again.
		returns(SOUTH);
		assert_ok!(asks_to_change(late, 7));
		leaves(SOUTH);
		pass(DAY - 1);
		idle_block();
		returns(SOUTH);
		pass(1);
		idle_block();
		assert_eq!(account_of(late), 7);
	});
}

#[test]
fn change_goes_along_with_a_person_who_moves() {
	chain(|| {
		let (patient, doctor) = (a_verified_patient(), a_verified_doctor());
		let people = [Person::Patient(patient), Person::Doctor(doctor)];
		for person in people {
			assert_ok!(asks_to_change(person, 5));
		}
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), patient));
		assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
		for (person, old) in [(people[0], NORTH), (people[1], EAST)] {
			assert_noop!(stops(registrar(old), person), Error::<Test>::OtherHospital);
			assert!(MedicalRecords::account_changes(old, None, 9).items.is_empty());
		}
		assert_eq!(MedicalRecords::account_changes(SOUTH, None, 9).items.len(), 2);
		assert_ok!(stops(registrar(SOUTH), people[1]));
		pass(DAY);
		idle_block();
		assert_eq!(account_of(people[0]), 5);
		assert_ne!(account_of(people[1]), 5);
	});
}

#[test]
fn change_goes_along_with_a_relocation() {
	chain(|| {
		let doctor = registers_doctor(3_000, SOUTH);
		assert_ok!(verifies(doctor, None));
		let person = Person::Doctor(doctor);
		assert_ok!(asks_to_change(person, 5));
		proposes(doctor, profile("Ada L."));
		leaves(SOUTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		idle_block();
		assert_eq!(doctor_entry(doctor).registration.hospital, EAST);
		check_invariants();
		assert_ok!(stops(registrar(EAST), person));
	});
}

/// The new hospital can stop it for as long as a hospital could that had stayed.
#[test]
fn delay_begins_anew_with_a_move() {
	chain(|| {
		let patient = registers_patient(3_000, SOUTH);
		assert_ok!(MedicalRecords::verify_patient(registrar(SOUTH), patient));
		let doctor = registers_doctor(3_001, SOUTH);
		assert_ok!(verifies(doctor, None));
		let people = [Person::Patient(patient), Person::Doctor(doctor)];
		for person in people {
			assert_ok!(asks_to_change(person, 5));
		}
		leaves(SOUTH);
		time_is(START + DAY - 1);
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(EAST)));
		assert_ok!(MedicalRecords::accept_patient(registrar(EAST), patient));
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), SOUTH, EAST));
		idle_block();
		check_invariants();
		let due = START + 2 * DAY - 1;
		for (person, old) in people.into_iter().zip([3_000, 3_001]) {
			let told = Event::AccountChangeRequested { person, old, new: 5, due };
			assert!(events().contains(&told));
			assert_eq!(MedicalRecords::account_change(person).unwrap().due, due);
		}
		time_is(due - 1);
		idle_block();
		assert!(people.into_iter().all(|person| account_of(person) != 5));
		assert_ok!(stops(registrar(EAST), people[1]));
		time_is(due);
		idle_block();
		assert_eq!((account_of(people[0]), account_of(people[1])), (5, 3_001));
		assert_eq!(FirstChange::<Test>::get(), NextChange::<Test>::get());
	});
}

#[test]
fn change_without_a_place_in_the_queue_ends_with_a_move() {
	chain(|| {
		let patient = a_verified_patient();
		let person = Person::Patient(patient);
		assert_ok!(asks_to_change(person, 5));
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		NextChange::<Test>::put(u64::MAX);
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), patient));
		assert!(events().contains(&stopped(person, ChangeStop::Impossible)));
		assert!(!is_pending(person));
	});
}

#[test]
fn queue_is_carried_out_in_order_and_in_bounded_steps() {
	chain(|| {
		let people: Vec<_> = (0..80).map(|_| Person::Patient(a_verified_patient())).collect();
		for (person, new) in people.iter().zip(5_000..) {
			assert_ok!(asks_to_change(*person, new));
			pass(1);
		}
		// Stopped ones leave empty places.
		for person in people.iter().step_by(2) {
			assert_ok!(stops(registrar(NORTH), *person));
		}
		time_is(START + DAY + 80);
		let is_patient = |account: &AccountId| PatientOf::<Test>::contains_key(account);
		let changed = || (5_000..5_080).filter(is_patient).count();
		for expected in [16, 32, 40] {
			idle_block();
			check_invariants();
			assert_eq!(changed(), expected);
		}
		assert_eq!((FirstChange::<Test>::get(), NextChange::<Test>::get()), (80, 80));
		assert_eq!(ChangeQueue::<Test>::iter().count(), 0);
	});
}

#[test]
fn each_change_waits_for_its_own_time() {
	chain(|| {
		let [early, late] = [(); 2].map(|()| Person::Patient(a_verified_patient()));
		assert_ok!(asks_to_change(early, 5));
		pass(DAY / 2);
		assert_ok!(asks_to_change(late, 6));
		pass(DAY / 2);
		idle_block();
		assert_eq!(account_of(early), 5);
		assert_ne!(account_of(late), 6);
		pass(DAY / 2);
		idle_block();
		assert_eq!(account_of(late), 6);
	});
}

#[test]
fn block_without_time_to_spare_changes_nothing_and_pays_nothing() {
	chain(|| {
		let person = Person::Doctor(a_verified_doctor());
		// The doctor was looked at.
		idle_block();
		assert_ok!(asks_to_change(person, 5));
		pass(DAY);
		let base = <() as WeightInfo>::on_idle_base();
		assert_eq!(MedicalRecords::on_idle(2, Weight::zero()), Weight::zero());
		assert_eq!(MedicalRecords::on_idle(2, base), base);
		assert_ne!(account_of(person), 5);
		let enough = base + <() as WeightInfo>::change_accounts();
		assert_eq!(MedicalRecords::on_idle(2, enough), enough);
		assert_eq!(account_of(person), 5);
	});
}

/// A rotation belongs to the chart, not to the account that sent it.
#[test]
fn chart_rotates_before_and_after_its_account_changes() {
	chain(|| {
		let patient = a_verified_patient();
		let old = by(patient);
		assert_ok!(asks_to_change(Person::Patient(patient), 5));
		let (one, other) = (rotation(patient, &[]), rotation(patient, &[]));
		assert_ok!(MedicalRecords::rotate_chart_key(old.clone(), one));
		// The second of two rotations, from whatever root, finds another epoch.
		let second = MedicalRecords::rotate_chart_key(old.clone(), other);
		assert_noop!(second.map_err(|refused| refused.error), Error::<Test>::StaleEpoch);
		pass(DAY);
		idle_block();
		let late = MedicalRecords::rotate_chart_key(old, rotation(patient, &[]));
		assert_noop!(late.map_err(|refused| refused.error), Error::<Test>::NotPatient);
		rotates(patient);
		assert_eq!(patient_entry(patient).chart.epoch, 4);
	});
}

#[test]
fn genesis_chooses_the_delay() {
	chain(|| {
		use frame_support::traits::BuildGenesisConfig;
		assert_eq!(GenesisConfig::<Test>::default().account_delay, DAY);
		let chosen = GenesisConfig::<Test> { account_delay: 6_000, ..Default::default() };
		chosen.build();
		let person = Person::Patient(a_verified_patient());
		assert_ok!(asks_to_change(person, 5));
		pass(5_999);
		idle_block();
		assert_ne!(account_of(person), 5);
		pass(1);
		idle_block();
		assert_eq!(account_of(person), 5);
	});
}

#[test]
fn hospital_lists_the_changes_of_its_people_page_by_page() {
	chain(|| {
		let mut people: Vec<_> = (0..5).map(|_| Person::Patient(a_verified_patient())).collect();
		for (person, new) in people.iter().zip(5_000..) {
			assert_ok!(asks_to_change(*person, new));
		}
		let mut listed = Vec::new();
		let mut after = None;
		loop {
			let page = MedicalRecords::account_changes(NORTH, after, 2);
			assert!(page.items.len() <= 2);
			listed.extend(page.items.into_iter().map(|change| change.person));
			match page.next {
				None => break,
				next => after = next,
			}
		}
		let by_id = |person: &Person| match person {
			Person::Patient(PatientId(id)) | Person::Doctor(DoctorId(id)) => *id,
		};
		people.sort_by_key(by_id);
		listed.sort_by_key(by_id);
		assert_eq!(listed, people);
		let first = MedicalRecords::account_change(people[0]).unwrap();
		assert_eq!((first.new, first.due), (5_000, START + DAY));
		assert_eq!(MedicalRecords::account_change(Person::Doctor(DoctorId(9))), None);
		assert_eq!(MedicalRecords::account_change(Person::Patient(PatientId(9))), None);
	});
}
