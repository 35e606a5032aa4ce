//! Every way to lose access makes the chart due, and nothing else does.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, weights::Weight};

/// Loses a doctor's access in some way, and says when that can be undone without the patient.
type Loss = fn(PatientId, DoctorId);

const LOSSES: [(&str, Loss); 9] = [
	("revoked", |patient, doctor| revokes(patient, doctor)),
	("relinquished", |patient, doctor| {
		relinquishes(doctor, patient);
	}),
	("expired", |_, _| time_is(START + DAY)),
	("downgraded", |patient, doctor| shares(patient, doctor, &[0])),
	("suspended", |_, doctor| suspends(doctor)),
	("licence ran out", |_, doctor| {
		licenses(doctor, Some(START + 10));
		time_is(START + 10);
	}),
	("licence withdrawn", |_, doctor| licenses(doctor, Some(START))),
	("hospital left", |_, _| leaves(EAST)),
	("hospital left, and the doctor was moved", |_, doctor| {
		leaves(EAST);
		assert_ok!(MedicalRecords::request_move(by_doctor(doctor), Capacity::Doctor, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), doctor));
	}),
];

fn a_granted_chart() -> (PatientId, DoctorId) {
	let patient = a_verified_patient();
	let doctor = a_verified_doctor();
	adds(patient, 1);
	grants_until(patient, doctor, Some(START + DAY));
	assert!(!is_due(patient));
	(patient, doctor)
}

#[test]
fn every_loss_makes_the_chart_due() {
	for (name, lose) in LOSSES {
		chain(|| {
			let (patient, doctor) = a_granted_chart();
			lose(patient, doctor);
			assert!(is_due(patient), "{name}");
			let stale = MedicalRecords::add_records(by(patient), 0, new_records(1), None);
			assert_noop!(stale, Error::<Test>::StaleEpoch);
			adds(patient, 1);
			assert_eq!(Records::<Test>::get(patient, 1).unwrap().sealed_to, 1, "{name}");
			rotates(patient);
			assert!(!is_due(patient), "{name}");
			adds(patient, 1);
			assert_eq!(Records::<Test>::get(patient, 2).unwrap().sealed_to, 2, "{name}");
		});
	}
}

/// Nothing that a hospital, the council or time does later makes the lost secret good again.
#[test]
fn loss_is_not_undone_by_giving_access_back() {
	type Undo = fn(DoctorId);
	let undone: [(Loss, Undo); 4] = [
		(|_, doctor| suspends(doctor), |doctor| reinstates(doctor)),
		(LOSSES[5].1, |doctor| licenses(doctor, None)),
		(|_, doctor| licenses(doctor, Some(START)), |doctor| licenses(doctor, Some(START + DAY))),
		(|_, _| leaves(EAST), |_| returns(EAST)),
	];
	for (case, (lose, undo)) in undone.into_iter().enumerate() {
		// Whether or not a call touched the chart in between.
		for touched in [false, true] {
			chain(|| {
				let (patient, doctor) = a_granted_chart();
				lose(patient, doctor);
				if touched {
					adds(patient, 1);
				}
				undo(doctor);
				assert_eq!(access(patient, doctor), Ok(Scope::Chart), "{case}");
				assert!(is_due(patient), "{case} {touched}");
				assert_eq!(key_status(patient, doctor), KeyStatus::OwnKey);
				appends(doctor, patient);
				rotates(patient);
				assert_eq!(key_status(patient, doctor), KeyStatus::Current);
				assert!(!is_due(patient), "{case} {touched}");
			});
		}
	}
}

#[test]
fn reinstated_doctor_stays_dormant_until_resealed() {
	chain(|| {
		let (patient, doctor) = a_granted_chart();
		suspends(doctor);
		rotates(patient);
		reinstates(doctor);
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		assert_eq!(key_status(patient, doctor), KeyStatus::AwaitingPatient);
		assert!(!is_due(patient));
		// By a new grant, or by the next rotation.
		grants(patient, doctor);
		assert_eq!(key_status(patient, doctor), KeyStatus::Current);
	});
}

#[test]
fn chart_is_due_in_the_very_millisecond_of_expiry() {
	chain(|| {
		let (patient, _) = a_granted_chart();
		time_is(START + DAY - 1);
		assert!(!is_due(patient));
		time_is(START + DAY);
		assert!(is_due(patient));
	});
}

#[test]
fn earliest_of_all_expiries_counts() {
	chain(|| {
		let patient = a_verified_patient();
		for days in [5, 2, 7] {
			grants_until(patient, a_verified_doctor(), Some(START + days * DAY));
		}
		time_is(START + 2 * DAY - 1);
		assert!(!is_due(patient));
		time_is(START + 2 * DAY);
		assert!(is_due(patient));
		rotates(patient);
		// The next one is recomputed.
		assert_eq!(patient_entry(patient).chart.next_expiry, Some(START + 5 * DAY));
		time_is(START + 5 * DAY - 1);
		assert!(!is_due(patient));
		time_is(START + 5 * DAY);
		assert!(is_due(patient));
	});
}

#[test]
fn prolonged_grant_or_licence_is_no_loss() {
	chain(|| {
		let (patient, doctor) = a_granted_chart();
		licenses(doctor, Some(START + 2 * DAY));
		grants_until(patient, doctor, None);
		time_is(START + DAY);
		assert!(!is_due(patient));
		adds(patient, 1);
		licenses(doctor, Some(START + 3 * DAY));
		time_is(START + 2 * DAY);
		assert!(!is_due(patient));
		adds(patient, 1);
		time_is(START + 3 * DAY);
		assert!(is_due(patient));
	});
}

#[test]
fn shortened_licence_counts() {
	chain(|| {
		let (patient, doctor) = a_granted_chart();
		licenses(doctor, Some(START + 100));
		assert!(!is_due(patient));
		adds(patient, 1);
		time_is(START + 100);
		assert!(is_due(patient));
	});
}

/// Doctors come and go all the time; charts that they have no key to stay as they are.
#[test]
fn other_peoples_losses_change_nothing() {
	chain(|| {
		let (patient, doctor) = a_granted_chart();
		let other = a_verified_doctor();
		let dormant = a_verified_doctor();
		grants(patient, dormant);
		suspends(dormant);
		rotates(patient);
		reinstates(dormant);
		suspends(other);
		suspends(dormant);
		leaves(SOUTH);
		assert!(!is_due(patient));
		adds(patient, 1);
		assert_eq!(key_status(patient, doctor), KeyStatus::Current);
		assert_eq!(patient_entry(patient).chart.lapses_seen, Lapses::<Test>::get());
	});
}

/// A hospital that left once is not held against doctors who came afterwards.
#[test]
fn only_doctors_of_the_time_lapse_with_their_hospital() {
	chain(|| {
		let patient = a_verified_patient();
		leaves(SOUTH);
		returns(SOUTH);
		let doctor = registers_doctor(5, SOUTH);
		assert_ok!(verifies(doctor, None));
		grants(patient, doctor);
		// And one who comes from another hospital keeps what they hold.
		let moving = a_verified_doctor();
		grants(patient, moving);
		assert_ok!(MedicalRecords::request_move(by_doctor(moving), Capacity::Doctor, Some(SOUTH)));
		assert_ok!(MedicalRecords::accept_doctor(registrar(SOUTH), moving));
		suspends(a_verified_doctor());
		assert!(!is_due(patient));
		leaves(SOUTH);
		assert!(is_due(patient));
	});
}

#[test]
fn thousand_appends_between_two_revocations_and_one_rotation() {
	chain(|| {
		let patient = a_verified_patient();
		let all = [(); 4].map(|()| a_verified_doctor());
		for doctor in all {
			grants(patient, doctor);
		}
		adds(patient, 10);
		revokes(patient, all[0]);
		revokes(patient, all[1]);
		for _ in 0..1_000 {
			appends(all[2], patient);
		}
		assert_eq!(patient_entry(patient).chart.records, 1_010);
		assert_eq!(key_status(patient, all[3]), KeyStatus::OwnKey);
		rotates(patient);
		assert_eq!(key_status(patient, all[2]), KeyStatus::Current);
		assert_eq!(key_status(patient, all[3]), KeyStatus::Current);
		assert_eq!(PastEpochs::<Test>::get(patient, 0).unwrap().records_until, 10);
		assert_eq!(PastEpochs::<Test>::get(patient, 1).unwrap().records_until, 1_010);
	});
}

/// Looking at all doctors is for when something moved; a call that did not have to pays less.
#[test]
fn doctors_are_looked_at_only_when_something_moved() {
	chain(|| {
		let patient = a_verified_patient();
		for _ in 0..3 {
			grants_until(patient, a_verified_doctor(), Some(START + DAY));
		}
		let looked_at = || {
			let records = new_records(1);
			let epoch = sealing_epoch(patient);
			let done = MedicalRecords::add_records(by(patient), epoch, records, None).unwrap();
			let base = <() as WeightInfo>::add_records(1);
			let settling = done.actual_weight.unwrap() - base;
			(0..=3).find(|grants| match grants {
				0 => settling == Weight::zero(),
				grants => settling == <() as WeightInfo>::settle(*grants),
			})
		};
		assert_eq!(looked_at(), Some(0));
		MedicalRecords::next_lapse(EAST);
		assert_eq!(looked_at(), Some(3));
		assert_eq!(looked_at(), Some(0));
		time_is(START + DAY);
		assert_eq!(looked_at(), Some(3));
		// Once it is lost, there is nothing left to find out.
		MedicalRecords::next_lapse(EAST);
		assert_eq!(looked_at(), Some(0));
	});
}
