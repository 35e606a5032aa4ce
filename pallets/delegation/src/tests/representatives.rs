//! Representatives: their beginning, their end, and their keys.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

const ALL: Scopes = Scopes(15);

#[test]
fn parent_sees_a_childs_chart_once_the_hospital_has_confirmed_it() {
	chain(|| {
		let (child, parent) = (a_patient(), a_patient());
		let until = Some(START + 30 * DAY);
		assert_ok!(Delegation::name_representative(by(child), parent, ALL, until));
		let named = Event::RepresentativeNamed {
			patient: child,
			representative: parent,
			scopes: ALL,
			until,
		};
		assert_eq!(last_event(), named);
		assert_eq!(Delegation::awaiting_representatives(NORTH, None, 9).items.len(), 1);
		assert!(!represents(child, parent));
		assert_noop!(seals_to(child, parent), Error::<Test>::NotConfirmed);
		assert_ok!(confirms(child, parent, ALL, until));
		assert!(represents(child, parent));
		assert!(Delegation::awaiting_representatives(NORTH, None, 9).items.is_empty());
		assert_ok!(seals_to(child, parent));
		let given =
			Event::RepresentativeGivenKey { patient: child, representative: parent, epoch: 0 };
		assert_eq!(last_event(), given);
		let allowed = Delegation::representative_access(child, parent, None).unwrap();
		assert_eq!(allowed.key, KeyStatus::Current);
		assert_eq!((allowed.until, allowed.may_append), (until, true));
		assert_eq!(Delegation::represented(parent).len(), 1);
	});
}

#[test]
fn coming_of_age_ends_it_and_makes_the_chart_due() {
	chain(|| {
		let (child, parent) = (a_patient(), a_patient());
		let majority = START + 30 * DAY;
		has_representative(child, parent, ALL, Some(majority));
		assert_ok!(seals_to(child, parent));
		adds(child, 1);
		pass(30 * DAY - 1);
		assert!(represents(child, parent) && !is_due(child));
		pass(1);
		// At once, whether or not a block has had time for it.
		assert!(!represents(child, parent) && is_due(child));
		assert_noop!(
			MedicalRecords::add_records(by(child), 0, new_records(1), None),
			pallet_medical_records::Error::<Test>::StaleEpoch
		);
		assert_noop!(
			Delegation::revoke_access_for(by(parent), child, vec![DoctorId(0)].try_into().unwrap()),
			Error::<Test>::RepresentationOver
		);
		pass(HOUR);
		idle_blocks();
		let why = RepresentationEnd::Over;
		let ended = Event::RepresentationEnded { patient: child, representative: parent, why };
		assert_eq!(last_event(), ended);
		assert_eq!(Representatives::<Test>::iter().count(), 0);
		// New keys, which the parent is not given.
		rotates(child);
		assert!(!is_due(child));
	});
}

#[test]
fn several_people_act_for_one_up_to_a_bound() {
	chain(|| {
		let child = a_patient();
		let people: Vec<_> = (0..5).map(|_| a_patient()).collect();
		for one in &people[..4] {
			has_representative(child, *one, Scopes::SEE, None);
			assert_ok!(seals_to(child, *one));
		}
		assert_noop!(
			Delegation::name_representative(by(child), people[4], Scopes::SEE, None),
			Error::<Test>::MaxRepresentativesExceeded
		);
		// The end of one makes the chart due, and the others can be given the next key.
		assert_ok!(Delegation::end_representation(by(child), people[0]));
		assert!(is_due(child));
		rotates(child);
		for one in &people[1..4] {
			let allowed = Delegation::representative_access(child, *one, None).unwrap();
			assert_eq!(allowed.key, KeyStatus::AwaitingPatient);
			assert_ok!(seals_to(child, *one));
		}
		assert!(!is_due(child));
		has_representative(child, people[4], Scopes::SEE, None);
	});
}

#[test]
fn one_person_acts_for_sixteen() {
	chain(|| {
		let carer = a_patient();
		for _ in 0..16 {
			has_representative(a_patient(), carer, Scopes::ADD, None);
		}
		let one_more = a_patient();
		assert_ok!(Delegation::name_representative(by(one_more), carer, Scopes::ADD, None));
		assert_noop!(
			confirms(one_more, carer, Scopes::ADD, None),
			Error::<Test>::MaxRepresentedExceeded
		);
	});
}

#[test]
fn naming_is_checked() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		let names = |representative, scopes, until| {
			Delegation::name_representative(by(patient), representative, scopes, until)
		};
		assert_noop!(names(patient, ALL, None), Error::<Test>::OwnRepresentative);
		// None, an unknown one, and granting without seeing.
		for scopes in [0, 16, 4, 6, 12, 255] {
			assert_noop!(names(other, Scopes(scopes), None), Error::<Test>::InvalidScopes);
		}
		assert_noop!(names(other, ALL, Some(START)), Error::<Test>::UntilPassed);
		assert_noop!(names(PatientId(99), ALL, None), Error::<Test>::PersonNotFound);
		let suspended = a_patient();
		suspends_patient(suspended);
		assert_noop!(names(suspended, ALL, None), Error::<Test>::NotVerified);
		assert_ok!(names(other, ALL, None));
		assert_noop!(names(other, Scopes::SEE, None), Error::<Test>::AlreadyRepresents);
	});
}

#[test]
fn only_the_patients_hospital_confirms_what_the_patient_has_named() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		let until = Some(START + DAY);
		assert_noop!(confirms(patient, other, ALL, until), Error::<Test>::NotRepresentative);
		assert_ok!(Delegation::name_representative(by(patient), other, Scopes::SEE, until));
		assert_noop!(confirms(patient, other, ALL, until), Error::<Test>::NamingChanged);
		assert_noop!(confirms(patient, other, Scopes::SEE, None), Error::<Test>::NamingChanged);
		let by_hospital = |hospital, digest| {
			let origin = registrar(hospital);
			Delegation::confirm_representative(origin, patient, other, Scopes::SEE, until, digest)
		};
		assert_noop!(by_hospital(EAST, acting_digest(other)), Error::<Test>::OtherHospital);
		assert_noop!(
			Delegation::refuse_representative(registrar(EAST), patient, other),
			Error::<Test>::OtherHospital
		);
		assert_noop!(by_hospital(NORTH, [0; 32]), Error::<Test>::KeyChanged);
		// The key has changed in between.
		let seen = acting_digest(other);
		publishes_key(other);
		assert_noop!(by_hospital(NORTH, seen), Error::<Test>::KeyChanged);
		assert_ok!(by_hospital(NORTH, acting_digest(other)));
		let confirmed =
			Event::RepresentativeConfirmed { patient, representative: other, key_version: 2 };
		assert_eq!(last_event(), confirmed);
		assert_noop!(by_hospital(NORTH, acting_digest(other)), Error::<Test>::AlreadyConfirmed);
		// A hospital ends none that it has confirmed.
		assert_noop!(
			Delegation::refuse_representative(registrar(NORTH), patient, other),
			Error::<Test>::AlreadyConfirmed
		);
	});
}

#[test]
fn representative_without_a_key_is_not_confirmed() {
	chain(|| {
		let (patient, other) = (a_patient(), registers_patient(1_900));
		assert_ok!(Delegation::name_representative(by(patient), other, ALL, None));
		assert_noop!(
			Delegation::confirm_representative(
				registrar(NORTH),
				patient,
				other,
				ALL,
				None,
				[0; 32]
			),
			Error::<Test>::KeyMissing
		);
		assert_ok!(Delegation::refuse_representative(registrar(NORTH), patient, other));
		let why = RepresentationEnd::Refused;
		let ended = Event::RepresentationEnded { patient, representative: other, why };
		assert_eq!(last_event(), ended);
	});
}

#[test]
fn naming_lapses_without_the_hospital() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		assert_ok!(Delegation::name_representative(by(patient), other, ALL, None));
		pass(14 * DAY);
		assert_noop!(confirms(patient, other, ALL, None), Error::<Test>::RepresentationOver);
		pass(HOUR);
		idle_blocks();
		let why = RepresentationEnd::Unconfirmed;
		let ended = Event::RepresentationEnded { patient, representative: other, why };
		assert_eq!(last_event(), ended);
	});
}

#[test]
fn representations_that_are_over_keep_no_one_waiting() {
	chain(|| {
		let child = a_patient();
		let people: Vec<_> = (0..5).map(|_| a_patient()).collect();
		let until = Some(START + 30 * DAY);
		for one in &people[..4] {
			has_representative(child, *one, ALL, until);
			assert_ok!(seals_to(child, *one));
		}
		let names = |one| Delegation::name_representative(by(child), one, Scopes::SEE, None);
		pass(30 * DAY - 1);
		assert_noop!(names(people[0]), Error::<Test>::AlreadyRepresents);
		assert_noop!(names(people[4]), Error::<Test>::MaxRepresentativesExceeded);
		pass(1);
		// Before any block had time for them: the same person again, and another one in the last place.
		for one in [people[0], people[4]] {
			assert_ok!(names(one));
			assert_noop!(names(one), Error::<Test>::AlreadyRepresents);
		}
		let over = |event: &Event<Test>| {
			matches!(event, Event::RepresentationEnded { why: RepresentationEnd::Over, .. })
		};
		assert_eq!(events().iter().filter(|event| over(event)).count(), 2);
		// What they had is lost all the same, and the new naming gives nothing by itself.
		assert!(is_due(child) && !represents(child, people[0]));
	});
}

#[test]
fn patients_whom_a_person_represents_no_more_leave_room_for_others() {
	chain(|| {
		let carer = a_patient();
		let until = Some(START + DAY);
		for _ in 0..MAX_REPRESENTED {
			has_representative(a_patient(), carer, Scopes::ADD, until);
		}
		let one_more = a_patient();
		assert_ok!(Delegation::name_representative(by(one_more), carer, Scopes::ADD, None));
		pass(DAY);
		// Before any block had time for them.
		assert_ok!(confirms(one_more, carer, Scopes::ADD, None));
		check_invariants();
		assert_eq!(Represented::<Test>::get(carer).len(), 16);
		pass(HOUR);
		idle_blocks();
		assert_eq!(Delegation::represented(carer).len(), 1);
	});
}

/// The representatives who wait at a hospital's desk.
fn waiting_at(hospital: HospitalId) -> Vec<PatientId> {
	let waiting = Delegation::awaiting_representatives(hospital, None, 9).items;
	waiting.into_iter().map(|one| one.representative).collect()
}

#[test]
fn naming_goes_along_when_the_patient_moves() {
	chain(|| {
		let (patient, other, confirmed) = (a_patient(), a_patient(), a_patient());
		has_representative(patient, confirmed, Scopes::SEE, None);
		assert_ok!(Delegation::name_representative(by(patient), other, ALL, None));
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(EAST)));
		assert_eq!(waiting_at(NORTH), [other], "until it has taken the patient in");
		assert_ok!(MedicalRecords::accept_patient(registrar(EAST), patient));
		check_invariants();
		assert!(waiting_at(NORTH).is_empty());
		assert_eq!(waiting_at(EAST), [other]);
		assert!(represents(patient, confirmed));
		assert_noop!(confirms(patient, other, ALL, None), Error::<Test>::OtherHospital);
		let (desk, digest) = (registrar(EAST), acting_digest(other));
		assert_ok!(Delegation::confirm_representative(desk, patient, other, ALL, None, digest));
		assert!(waiting_at(EAST).is_empty() && represents(patient, other));
	});
}

#[test]
fn namings_go_along_when_the_council_moves_a_hospitals_people() {
	chain(|| {
		let patient = a_patient();
		let others: Vec<_> = (0..MAX_REPRESENTATIVES).map(|_| a_patient()).collect();
		for other in &others {
			assert_ok!(Delegation::name_representative(by(patient), *other, Scopes::SEE, None));
		}
		leaves(NORTH);
		assert_ok!(MedicalRecords::move_people(RuntimeOrigin::root(), NORTH, EAST));
		idle_blocks();
		assert!(waiting_at(NORTH).is_empty());
		assert_eq!(waiting_at(EAST).len(), others.len());
		assert_ok!(Delegation::refuse_representative(registrar(EAST), patient, others[0]));
		assert_ok!(Delegation::end_representation(by(patient), others[1]));
		assert_eq!(waiting_at(EAST).len(), others.len() - 2);
	});
}

#[test]
fn representatives_end_it_themselves_and_the_chart_is_due() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		has_representative(patient, other, ALL, None);
		assert_ok!(seals_to(patient, other));
		assert_ok!(Delegation::resign_representation(by(other), patient));
		let why = RepresentationEnd::ByRepresentative;
		let ended = Event::RepresentationEnded { patient, representative: other, why };
		assert_eq!(last_event(), ended);
		assert!(is_due(patient));
		assert_noop!(
			Delegation::resign_representation(by(other), patient),
			Error::<Test>::NotRepresentative
		);
		assert_noop!(
			Delegation::end_representation(by(patient), other),
			Error::<Test>::NotRepresentative
		);
	});
}

#[test]
fn suspended_patient_ends_representations_and_names_none() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		has_representative(patient, other, ALL, None);
		assert!(Delegation::has_representative(&account_of(patient.into()), other));
		suspends_patient(patient);
		let another = a_patient();
		assert_noop!(
			Delegation::name_representative(by(patient), another, ALL, None),
			Error::<Test>::NotVerified
		);
		assert_noop!(seals_to(patient, other), Error::<Test>::NotVerified);
		assert_ok!(Delegation::end_representation(by(patient), other));
	});
}

#[test]
fn suspended_representative_loses_the_key_and_gets_the_next() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		has_representative(patient, other, ALL, None);
		assert_ok!(seals_to(patient, other));
		suspends_patient(other);
		assert!(is_due(patient) && !represents(patient, other));
		let lost = Event::RepresentativeKeyLost { patient, representative: other };
		assert_eq!(last_event(), lost);
		rotates(patient);
		assert_noop!(seals_to(patient, other), Error::<Test>::NotVerified);
		reinstates_patient(other);
		assert!(represents(patient, other), "the patient's choice counts again");
		let allowed = Delegation::representative_access(patient, other, None).unwrap();
		assert_eq!(allowed.key, KeyStatus::AwaitingPatient);
		assert_ok!(seals_to(patient, other));
	});
}

#[test]
fn key_is_sealed_for_the_present_epoch_and_key() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		has_representative(patient, other, ALL, None);
		let seals = |version, sealed| {
			Delegation::seal_to_representative(by(patient), other, version, sealed)
		};
		let stale = sealed_epoch(patient);
		rotates(patient);
		assert_noop!(seals(1, stale), Error::<Test>::StaleEpoch);
		assert_noop!(seals(2, sealed_epoch(patient)), Error::<Test>::KeyChanged);
		let malformed = SealedEpoch { epoch: 2, key: malformed_key() };
		assert_noop!(seals(1, malformed), Error::<Test>::InvalidSealedKey);
		// A key that the hospital has not seen.
		publishes_key(other);
		assert_noop!(seals(2, sealed_epoch(patient)), Error::<Test>::NotConfirmed);
		assert_ok!(confirms(patient, other, ALL, None));
		assert_ok!(seals(2, sealed_epoch(patient)));
		// One who only adds is given no key.
		let adder = a_patient();
		has_representative(patient, adder, Scopes::ADD, None);
		assert_noop!(seals_to(patient, adder), Error::<Test>::OutOfScope);
		assert!(!represents(patient, adder));
	});
}

/// A patient who has died can't end anything, but their hospital suspends them.
#[test]
fn representation_that_outlives_the_patient_only_takes_away() {
	chain(|| {
		let (patient, other, doctor) = (a_patient(), a_patient(), a_doctor());
		has_representative(patient, other, ALL, None);
		assert_ok!(seals_to(patient, other));
		grants(patient, doctor);
		suspends_patient(patient);
		let epoch = sealing_epoch(patient);
		assert_noop!(
			Delegation::add_records_for(by(other), patient, epoch, new_records(1), None),
			pallet_medical_records::Error::<Test>::PatientNotVerified
		);
		let key = key_for(doctor);
		assert_noop!(
			Delegation::grant_access_for(by(other), patient, epoch, key, true, None),
			pallet_medical_records::Error::<Test>::PatientNotVerified
		);
		let doctors = vec![doctor].try_into().unwrap();
		assert_ok!(Delegation::revoke_access_for(by(other), patient, doctors));
		assert_ok!(Delegation::resign_representation(by(other), patient));
	});
}

/// No one can reinstate a patient whose hospital has suspended them and was expelled since.
#[test]
fn representatives_of_a_patient_who_is_gone_for_good_get_nothing_new() {
	chain(|| {
		let (patient, parent, named) = (a_patient(), a_patient(), a_patient());
		let doctor = a_doctor();
		has_representative(patient, parent, ALL, Some(START + 30 * DAY));
		assert_ok!(seals_to(patient, parent));
		assert_ok!(Delegation::name_representative(by(patient), named, ALL, None));
		suspends_patient(patient);
		leaves(NORTH);
		assert!(MedicalRecords::reinstate_patient(registrar(NORTH), patient).is_err());

		assert!(represents(patient, parent), "what was given ends when the patient has said");
		assert_noop!(seals_to(patient, parent), Error::<Test>::NotVerified);
		let (epoch, key) = (sealing_epoch(patient), key_for(doctor));
		assert_noop!(
			Delegation::add_records_for(by(parent), patient, epoch, new_records(1), None),
			pallet_medical_records::Error::<Test>::PatientNotVerified
		);
		assert_noop!(
			Delegation::grant_access_for(by(parent), patient, epoch, key, true, None),
			pallet_medical_records::Error::<Test>::PatientNotVerified
		);
		// The own hospital is gone, and no other one answers for the patient.
		assert!(confirms(patient, named, ALL, None).is_err());
		let (desk, digest) = (registrar(EAST), acting_digest(named));
		assert_noop!(
			Delegation::confirm_representative(desk, patient, named, ALL, None, digest),
			Error::<Test>::NotVerified
		);

		pass(14 * DAY + HOUR);
		idle_blocks();
		let why = RepresentationEnd::Unconfirmed;
		assert_eq!(
			last_event(),
			Event::RepresentationEnded { patient, representative: named, why }
		);
		assert!(represents(patient, parent) && waiting_at(NORTH).is_empty());
		pass(16 * DAY);
		idle_blocks();
		let why = RepresentationEnd::Over;
		assert_eq!(
			last_event(),
			Event::RepresentationEnded { patient, representative: parent, why }
		);
		assert!(!represents(patient, parent) && is_due(patient));
		// Nothing of it is left, and the parent has room for another.
		assert_eq!(Representatives::<Test>::iter().count(), 0);
		assert_eq!(RepresentativeKeys::<Test>::iter().count(), 0);
		assert_eq!(Represented::<Test>::iter().count(), 0);
	});
}
