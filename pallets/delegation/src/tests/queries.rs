//! What the chain answers, in pages.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_delegation_runtime_api::{EmergencyOf, Representing};

#[test]
fn wards_come_in_pages() {
	chain(|| {
		let desks = [Delegate::Desk(NORTH), Delegate::Desk(EAST)];
		for _ in 0..3 {
			assert_ok!(chooses_guardians(a_patient(), 2, &desks));
		}
		assert_ok!(requests(desks[0], PatientId(1), 50));
		let first = Delegation::wards(desks[0], None, 2);
		let second = Delegation::wards(desks[0], first.next, 2);
		assert_eq!((first.items.len(), second.items.len(), second.next), (2, 1, None));
		let mut all: Vec<_> = first.items.into_iter().chain(second.items).collect();
		all.sort_by_key(|one| one.recoveries);
		assert_eq!(all[2].person, Person::Patient(PatientId(1)));
		assert!(all.iter().all(|one| one.threshold == 2));
	});
}

#[test]
fn desks_find_what_waits_for_them() {
	chain(|| {
		let patients = [a_patient(), a_patient(), a_patient()];
		let doctor = a_doctor();
		for patient in &patients[..2] {
			assert_ok!(plans(*patient, 2, &[NORTH, EAST]));
			assert_ok!(asks_for_emergency(doctor, *patient));
			let named = patients[2];
			assert_ok!(Delegation::name_representative(by(*patient), named, Scopes(1), None));
		}
		let first = Delegation::emergencies_asked(NORTH, None, 1);
		let second = Delegation::emergencies_asked(NORTH, first.next, 1);
		assert_eq!((first.items.len(), second.items.len(), second.next), (1, 1, None));
		let asked = EmergencyOf { patient: first.items[0].patient, doctor };
		assert_eq!(first.next, Some(asked));
		let first = Delegation::awaiting_representatives(NORTH, None, 1);
		let second = Delegation::awaiting_representatives(NORTH, first.next, 1);
		assert_eq!((first.items.len(), second.items.len(), second.next), (1, 1, None));
		let patient = first.items[0].patient;
		let representative = patients[2];
		assert_eq!(first.next, Some(Representing { patient, representative }));
	});
}

/// It is stored until a block has had time for it, up to an hour later.
#[test]
fn lists_name_nothing_that_has_ended() {
	chain(|| {
		let (patient, acting, named) = (a_patient(), a_patient(), a_patient());
		let until = Some(START + DAY);
		has_representative(patient, acting, Scopes::SEE, until);
		assert_ok!(Delegation::name_representative(by(patient), named, Scopes::SEE, until));
		assert_ok!(plans(patient, 2, &[NORTH, EAST]));
		assert_ok!(asks_for_emergency(a_doctor(), patient));
		let listed = || {
			(
				Delegation::representatives(patient).len(),
				Delegation::represented(acting).len(),
				Delegation::awaiting_representatives(NORTH, None, 9).items.len(),
				Delegation::emergencies_asked(NORTH, None, 9).items.len(),
			)
		};
		pass(DAY - 1);
		assert_eq!(listed(), (2, 1, 1, 1));
		pass(1);
		assert_eq!(listed(), (0, 0, 0, 0));
		assert_eq!(Representatives::<Test>::get(patient).len(), 2);
		// The patient names the same person again at once.
		assert_ok!(Delegation::name_representative(by(patient), acting, Scopes::SEE, None));
		assert_eq!(listed(), (1, 0, 1, 0));
	});
}

#[test]
fn representatives_are_told_why_not() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		adds(patient, 1);
		let access = |record| Delegation::representative_access(patient, other, record).map(|_| ());
		assert_eq!(access(None), Err(Denied::NotGranted));
		has_representative(patient, other, Scopes::SEE, None);
		assert_eq!((access(None), access(Some(0))), (Ok(()), Ok(())));
		assert_eq!(access(Some(7)), Err(Denied::RecordNotFound));
		let nobody = Delegation::representative_access(PatientId(99), other, None);
		assert_eq!(nobody, Err(Denied::PatientNotFound));
	});
}
