//! People who have lost a delegated right open nothing that is added later, even if they are given everything that
//! the chain and the vaults have.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_medical_records as charts;

/// A way to lose what one had of a patient's chart. The representative is the patient's, and the doctor has an
/// emergency.
type Loss = fn(PatientId, PatientId, DoctorId);

const LOSSES: [(&str, Loss); 8] = [
	("ended by the patient", |patient, other, _| {
		assert_ok!(Delegation::end_representation(by(patient), other));
	}),
	("resigned", |patient, other, _| {
		assert_ok!(Delegation::resign_representation(by(other), patient));
	}),
	("ran out", |_, _, _| pass(9 * DAY)),
	("ran out and was swept", |_, _, _| {
		pass(9 * DAY + HOUR);
		idle_blocks();
	}),
	("was suspended", |_, other, _| suspends_patient(other)),
	("was recovered by guardians", |_, other, _| {
		assert_ok!(requests(Delegate::Desk(NORTH), other, 50));
		assert_ok!(approves(Delegate::Desk(EAST), other, 50));
		pass(DAY);
		assert_ok!(finishes(50, other));
	}),
	("emergency ran out", |_, _, _| pass(DAY)),
	("emergency was closed", |patient, _, doctor| {
		assert_ok!(Delegation::end_emergency(by(patient), doctor));
	}),
];

#[test]
fn nothing_later_is_sealed_to_what_anybody_has_lost() {
	for (name, loss) in LOSSES {
		let is_emergency = name.starts_with("emergency");
		chain(|| {
			let (patient, other, doctor) = (a_patient(), a_patient(), a_doctor());
			let desks = [Delegate::Desk(NORTH), Delegate::Desk(EAST)];
			assert_ok!(chooses_guardians(other, 2, &desks));
			adds(patient, 1);
			if is_emergency {
				assert_ok!(plans(patient, 2, &[NORTH, EAST]));
				assert_ok!(asks_for_emergency(doctor, patient));
				assert_ok!(confirms_emergency(NORTH, patient, doctor));
				assert_ok!(confirms_emergency(EAST, patient, doctor));
			} else {
				has_representative(patient, other, Scopes::SEE, Some(START + 9 * DAY));
				assert_ok!(seals_to(patient, other));
			}
			let had = epoch_of(patient);
			loss(patient, other, doctor);
			let mut later = Vec::new();
			for _ in 0..2 {
				// What the vault asks, and what files are encrypted to besides.
				assert!(!sees(patient, doctor, None), "{name}");
				// Someone who was recovered still represents the patient. Their lost device doesn't.
				let still_represents = name == "was recovered by guardians";
				assert_eq!(represents(patient, other), still_represents, "{name}");
				let info = MedicalRecords::recipients(patient).unwrap();
				assert!(info.doctors.is_empty() && info.representatives.is_empty(), "{name}");
				adds(patient, 1);
				let last = charts::Patients::<Test>::get(patient).unwrap().chart.records - 1;
				later.push(charts::Records::<Test>::get(patient, last).unwrap().sealed_to);
				rotates(patient);
			}
			// Each epoch's secret opens those before it, and none after it.
			assert!(later.iter().all(|epoch| *epoch > had), "{name}: {later:?}");
		});
	}
}

/// One hospital with all ciphertext, its shares and the whole chain state: k − 1 shares open no divided secret, and
/// no call of its own brings another.
#[test]
fn one_hospital_alone_gets_nothing() {
	chain(|| {
		let (patient, doctor) = (a_patient(), a_doctor());
		adds(patient, 1);
		assert_ok!(plans(patient, 2, &[NORTH, SOUTH]));
		let desks = [Delegate::Desk(NORTH), Delegate::Desk(SOUTH)];
		assert_ok!(chooses_guardians(patient, 2, &desks));
		// It has a doctor of its own ask, confirms that with each of its registrars, and asks for the patient's
		// account.
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert!(confirms_emergency(NORTH, patient, doctor).is_err());
		assert_ok!(requests(desks[0], patient, 50));
		assert!(approves(desks[0], patient, 50).is_err());
		pass(20 * DAY);
		assert!(hands_over(desks[0], patient, 50).is_err());
		assert!(finishes(50, patient).is_err());
		assert!(!sees(patient, doctor, None) && !is_due(patient));
	});
}
