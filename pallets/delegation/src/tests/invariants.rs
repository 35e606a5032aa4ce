//! Planted faults, each of which is found under the name of its property.

use crate::{mock::*, *};
use frame_support::assert_ok;

/// A chain on which there is some of everything.
fn busy() -> (PatientId, PatientId, DoctorId) {
	let (patient, other, doctor) = (a_patient(), a_patient(), a_doctor());
	assert_ok!(chooses_guardians(patient, 2, &[Delegate::Desk(NORTH), Delegate::Patient(other)]));
	assert_ok!(requests(Delegate::Desk(NORTH), patient, 50));
	assert_ok!(approves(Delegate::Patient(other), patient, 50));
	has_representative(patient, other, Scopes(15), Some(START + 9 * DAY));
	assert_ok!(seals_to(patient, other));
	assert_ok!(Delegation::name_representative(by(other), patient, Scopes(15), None));
	assert_ok!(plans(patient, 2, &[NORTH, EAST]));
	assert_ok!(asks_for_emergency(doctor, patient));
	assert_ok!(confirms_emergency(NORTH, patient, doctor));
	(patient, other, doctor)
}

type Fault = fn(PatientId, PatientId, DoctorId);

const FAULTS: [(&str, Fault); 24] = [
	("guardians", |patient, _, _| {
		GuardedBy::<Test>::remove(Delegate::Desk(NORTH), Person::Patient(patient));
	}),
	("guardians", |patient, _, _| {
		GuardianShares::<Test>::remove(Person::Patient(patient), Delegate::Desk(NORTH));
	}),
	("guardians", |patient, _, _| {
		GuardianSets::<Test>::mutate(Person::Patient(patient), |set| {
			set.as_mut().unwrap().commitments.pop();
		});
	}),
	("guardians", |patient, _, _| {
		GuardianShares::<Test>::insert(
			Person::Patient(patient),
			Delegate::Desk(SOUTH),
			sealed_share(),
		);
	}),
	("recoveries", |patient, _, _| {
		Recoveries::<Test>::mutate(Person::Patient(patient), 50, |found| {
			found.as_mut().unwrap().due = None;
		});
	}),
	("recoveries", |patient, _, _| {
		Recoveries::<Test>::mutate(Person::Patient(patient), 50, |found| {
			let found = found.as_mut().unwrap();
			found.approvals.retain(|one| *one != Delegate::Desk(NORTH));
			found.approvals.try_push(Delegate::Desk(SOUTH)).unwrap();
		});
	}),
	("recoveries", |patient, _, _| {
		let key = (Person::Patient(patient), 51);
		RecoveryShares::<Test>::insert(key, Delegate::Desk(NORTH), sealed_share());
	}),
	("representatives", |_, other, _| Represented::<Test>::remove(other)),
	("representatives", |patient, other, _| {
		RepresentativeKeys::<Test>::remove(patient, other);
	}),
	("representatives", |patient, other, _| {
		RepresentativeKeys::<Test>::insert(other, patient, sealed_key());
	}),
	("representatives", |patient, other, _| {
		AwaitingConfirmation::<Test>::remove(NORTH, (other, patient));
	}),
	("representatives", |patient, other, _| {
		Representatives::<Test>::mutate(other, |all| {
			all.get_mut(&patient).unwrap().asked = EAST;
		});
	}),
	("plans", |patient, _, _| EmergencyShares::<Test>::remove(patient, EAST)),
	("plans", |patient, _, _| EmergencySets::<Test>::remove(patient)),
	("plans", |patient, _, _| EmergencySets::<Test>::insert(patient, chosen(&[7]))),
	("plans", |patient, _, _| {
		EmergencyPlans::<Test>::mutate(patient, |plan| {
			plan.as_mut().unwrap().note_given(&[NORTH, EAST]);
		});
	}),
	("emergencies", |patient, _, _| {
		EmergencyPlans::<Test>::mutate(patient, |plan| {
			for holder in plan.as_mut().unwrap().holders.iter_mut() {
				holder.generation = 0;
			}
		});
	}),
	("emergencies", |patient, _, doctor| {
		EmergenciesAsked::<Test>::remove(EAST, (patient, doctor));
	}),
	("emergencies", |_, other, doctor| {
		ConfirmedShares::<Test>::insert((other, doctor), NORTH, sealed_share());
	}),
	("emergencies", |patient, _, doctor| {
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		ConfirmedShares::<Test>::remove((patient, doctor), EAST);
	}),
	("emergencies", |patient, _, doctor| {
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		Emergencies::<Test>::mutate(patient, |all| {
			let again = all[0].clone();
			all.try_push(again).unwrap();
		});
	}),
	("agenda", |patient, _, doctor| {
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		let task = Ending::Emergency(patient, doctor);
		let all: Vec<_> = Agenda::<Test>::iter_keys().filter(|(_, one)| *one == task).collect();
		for (hour, task) in all {
			Agenda::<Test>::remove(hour, task);
		}
	}),
	("agenda", |_, _, _| {
		let all: Vec<_> = Agenda::<Test>::iter_keys().collect();
		for (hour, task) in all {
			Agenda::<Test>::remove(hour, task);
		}
	}),
	("agenda", |_, _, _| FirstHour::<Test>::put(u64::MAX)),
];

#[test]
fn every_fault_is_found() {
	for (name, fault) in FAULTS {
		externalities().execute_with(|| {
			let (patient, other, doctor) = busy();
			check_invariants();
			fault(patient, other, doctor);
			let found = Delegation::do_try_state().unwrap_err();
			let found: &'static str = found.into();
			assert!(found.starts_with(name), "{name}: {found}");
		});
	}
}

/// What a representative may hold until a date, the chart has to remember.
#[test]
fn chart_that_would_not_notice_a_representatives_end_is_found() {
	externalities().execute_with(|| {
		let (patient, ..) = busy();
		check_invariants();
		pallet_medical_records::Patients::<Test>::mutate(patient, |found| {
			found.as_mut().unwrap().chart.next_expiry = Some(START + 9 * DAY + 1);
		});
		let found = MedicalRecords::do_try_state().unwrap_err();
		let found: &'static str = found.into();
		assert!(found.starts_with("no-stale-append"), "{found}");
	});
}
