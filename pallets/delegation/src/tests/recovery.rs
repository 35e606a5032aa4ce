//! A lost phone, and everything that may go wrong on the way back.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_medical_records as charts;
use sp_runtime::testing::TestSignature;

pub(super) const NEW: AccountId = 50;
pub(super) const OTHER: AccountId = 51;

pub(super) const DESKS: [Delegate; 3] =
	[Delegate::Desk(NORTH), Delegate::Desk(EAST), Delegate::Desk(SOUTH)];

/// A patient, and three guardians; two have to agree: another patient, a doctor and a desk.
pub(super) fn a_ward() -> (PatientId, [Delegate; 3]) {
	let patient = a_patient();
	let guardians =
		[Delegate::Patient(a_patient()), Delegate::Doctor(a_doctor()), Delegate::Desk(NORTH)];
	assert_ok!(chooses_guardians(patient, 2, &guardians));
	(patient, guardians)
}

/// The same, after two have approved.
pub(super) fn an_approved_ward() -> (PatientId, [Delegate; 3]) {
	let (patient, guardians) = a_ward();
	assert_ok!(requests(guardians[0], patient, NEW));
	assert_ok!(approves(guardians[2], patient, NEW));
	(patient, guardians)
}

fn generation_of(person: impl Into<Person>) -> u32 {
	<MedicalRecords as Charts<AccountId>>::person(person.into()).unwrap().generation
}

#[test]
fn patient_takes_over_with_a_new_account_and_a_new_root() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = Person::Patient(patient);
		let doctor = a_doctor();
		adds(patient, 2);
		grants(patient, doctor);
		let (old, before) = (account_of(person), epoch_of(patient));

		assert_ok!(requests(guardians[0], patient, NEW));
		let key_digest = sp_io::hashing::sha2_256(&device_key());
		let by = guardians[0];
		assert_eq!(last_event(), Event::RecoveryRequested { person, new: NEW, key_digest, by });
		pass(HOUR);
		assert_ok!(approves(guardians[1], patient, NEW));
		let due = Some(START + HOUR + DAY);
		let approved =
			Event::RecoveryApproved { person, new: NEW, by: guardians[1], approvals: 2, due };
		assert_eq!(last_event(), approved);

		pass(DAY);
		for guardian in &guardians[..2] {
			assert_ok!(hands_over(*guardian, patient, NEW));
		}
		let shown = Delegation::recoveries(person);
		assert_eq!(shown.len(), 1);
		assert_eq!(shown[0].handed_over.len(), 2);
		assert_ok!(finishes(NEW, patient));
		assert_eq!(last_event(), Event::Recovered { person, old, new: NEW });

		assert_eq!((account_of(person), generation_of(patient)), (NEW, 1));
		assert_eq!(charts::PatientOf::<Test>::get(old), None);
		// New keys, and the doctor who could see the chart still can.
		assert_eq!((epoch_of(patient), is_due(patient)), (before + 2, false));
		assert!(sees(patient, doctor, Some(0)));
		// The guardians' shares open a root that opens nothing new.
		assert_eq!(Delegation::guardians(person), None);
		assert_eq!(Recoveries::<Test>::iter().count(), 0);
		assert_eq!(RecoveryShares::<Test>::iter().count(), 0);
		assert_eq!(Delegation::acting_key(patient), None);
		assert_noop!(
			MedicalRecords::add_records(signed(old), epoch_of(patient), new_records(1), None),
			charts::Error::<Test>::NotPatient
		);
		adds(patient, 1);
	});
}

#[test]
fn doctor_takes_over_and_each_chart_is_due() {
	chain(|| {
		let (doctor, patient) = (a_doctor(), a_patient());
		let person = Person::Doctor(doctor);
		adds(patient, 1);
		grants(patient, doctor);
		assert_ok!(chooses_guardians(doctor, 2, &DESKS));
		assert_ok!(requests(DESKS[0], doctor, NEW));
		assert_ok!(approves(DESKS[1], doctor, NEW));
		pass(DAY);
		assert!(!is_due(patient));
		assert_ok!(finishes(NEW, doctor));
		assert_eq!((account_of(person), generation_of(doctor)), (NEW, 1));
		// The lost device opens nothing that comes later.
		assert!(is_due(patient));
		let found = charts::Doctors::<Test>::get(doctor).unwrap();
		assert_eq!((found.key_version, found.vouched_version), (2, 1));
		rotates(patient);
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.key, KeyStatus::AwaitingPatient, "until the hospital has confirmed it");
		let digest = sp_io::hashing::sha2_256(&x_wing_key(99));
		assert_ok!(MedicalRecords::confirm_encryption_key(registrar(EAST), doctor, digest));
		rotates(patient);
		let allowed = MedicalRecords::access(patient, doctor, None).unwrap();
		assert_eq!(allowed.key, KeyStatus::Current);
	});
}

#[test]
fn nothing_is_handed_over_or_finished_before_the_delay_is_over() {
	chain(|| {
		let (patient, guardians) = a_ward();
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_noop!(hands_over(guardians[0], patient, NEW), Error::<Test>::TooFewApprovals);
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(DAY - 1);
		assert_noop!(hands_over(guardians[0], patient, NEW), Error::<Test>::DelayNotOver);
		assert_noop!(finishes(NEW, patient), Error::<Test>::DelayNotOver);
		pass(1);
		assert_ok!(hands_over(guardians[0], patient, NEW));
		assert_noop!(hands_over(guardians[2], patient, NEW), Error::<Test>::NotApproved);
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn old_account_vetoes_up_to_the_last_block() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let person = Person::Patient(patient);
		pass(DAY);
		assert_ok!(hands_over(guardians[0], patient, NEW));
		// The delay is over, and the new account has not finished yet.
		assert!(Delegation::may_veto(&account_of(person), person, &NEW));
		assert_ok!(Delegation::veto_recovery(by(patient), person, NEW));
		let ended = Event::RecoveryEnded { person, new: NEW, why: RequestEnd::Refused };
		assert_eq!(last_event(), ended);
		assert_noop!(finishes(NEW, patient), Error::<Test>::RecoveryNotFound);
		assert_noop!(
			Delegation::veto_recovery(by(patient), person, NEW),
			Error::<Test>::RecoveryNotFound
		);
		assert_eq!(RecoveryShares::<Test>::iter().count(), 0);
		// They are still guardians, and the thief may try again as loudly.
		assert_ok!(requests(guardians[0], patient, NEW));
	});
}

#[test]
fn nobody_else_vetoes_or_cancels() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let person = Person::Patient(patient);
		for stranger in [registrar(NORTH), signed(NEW), signed(9_999), acting(guardians[1]).0] {
			assert_noop!(
				Delegation::veto_recovery(stranger, person, NEW),
				Error::<Test>::NotInControl
			);
		}
		let nobody = Person::Patient(PatientId(99));
		assert_noop!(
			Delegation::veto_recovery(by(patient), nobody, NEW),
			Error::<Test>::PersonNotFound
		);
		assert_noop!(
			Delegation::cancel_recovery(by(patient), person),
			Error::<Test>::RecoveryNotFound
		);
		assert_ok!(Delegation::cancel_recovery(signed(NEW), person));
		let ended = Event::RecoveryEnded { person, new: NEW, why: RequestEnd::TakenBack };
		assert_eq!(last_event(), ended);
	});
}

#[test]
fn approvals_are_counted_once_and_for_one_new_account() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(chooses_guardians(patient, 3, &DESKS));
		assert_ok!(requests(DESKS[0], patient, NEW));
		assert_noop!(approves(DESKS[0], patient, NEW), Error::<Test>::AlreadyApproved);
		// Another registrar of the same hospital is the same guardian, and another account is another device.
		assert_noop!(requests(DESKS[0], patient, OTHER), Error::<Test>::SupportsAnother);
		assert_noop!(requests(DESKS[1], patient, NEW), Error::<Test>::AlreadyRequested);
		assert_ok!(requests(DESKS[1], patient, OTHER));
		assert_noop!(approves(DESKS[1], patient, NEW), Error::<Test>::SupportsAnother);
		assert_noop!(approves(DESKS[2], patient, 52), Error::<Test>::RecoveryNotFound);
		assert_ok!(approves(DESKS[2], patient, NEW));
		assert!(Delegation::recoveries(patient.into()).iter().all(|one| one.due.is_none()));
		// One changes their mind.
		assert_ok!(withdraws(DESKS[1], patient, OTHER));
		let person = Person::Patient(patient);
		let ended = Event::RecoveryEnded { person, new: OTHER, why: RequestEnd::Unsupported };
		assert_eq!(last_event(), ended);
		assert_ok!(approves(DESKS[1], patient, NEW));
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn delay_begins_anew_when_too_few_are_left() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let person = Person::Patient(patient);
		pass(DAY);
		assert_ok!(hands_over(guardians[2], patient, NEW));
		assert_ok!(withdraws(guardians[2], patient, NEW));
		let by = guardians[2];
		let withdrawn = Event::RecoveryApprovalWithdrawn { person, new: NEW, by, approvals: 1 };
		assert_eq!(last_event(), withdrawn);
		assert_noop!(withdraws(guardians[2], patient, NEW), Error::<Test>::NotApproved);
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		assert_eq!(RecoveryShares::<Test>::iter().count(), 0, "a share of one who takes it back");
		assert_ok!(approves(guardians[1], patient, NEW));
		assert_noop!(finishes(NEW, patient), Error::<Test>::DelayNotOver);
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn strangers_neither_ask_nor_approve() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let stranger = Delegate::Patient(a_patient());
		assert_noop!(requests(stranger, patient, NEW), Error::<Test>::NotGuardian);
		assert_noop!(requests(Delegate::Desk(EAST), patient, NEW), Error::<Test>::NotGuardian);
		let alone = a_patient();
		assert_noop!(requests(guardians[0], alone, NEW), Error::<Test>::NoGuardians);
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_noop!(approves(stranger, patient, NEW), Error::<Test>::NotGuardian);
		assert_noop!(hands_over(stranger, patient, NEW), Error::<Test>::NotGuardian);
	});
}

#[test]
fn expelled_hospital_is_no_guardian_any_more() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(chooses_guardians(patient, 2, &DESKS));
		leaves(NORTH);
		assert!(requests(DESKS[0], patient, NEW).is_err(), "it has no registrars");
		assert!(!Delegation::guardians(patient.into()).unwrap().guardians[0].able);
		assert_ok!(requests(DESKS[1], patient, NEW));
		assert_ok!(approves(DESKS[2], patient, NEW));
		pass(DAY);
		// No hospital could verify the patient anew. But they were verified, and their guardians know them.
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn approval_names_the_device_that_the_guardian_has_seen() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = Person::Patient(patient);
		let (origin, capacity) = acting(guardians[0]);
		// Signed by another account, for another person, or with another key: replayed.
		let foreign = [
			asks(OTHER, person),
			asks(NEW, Person::Patient(PatientId(99))),
			TestSignature(NEW, Delegation::recovery_message(person, &NEW, 1, &x_wing_key(3))),
		];
		for proof in foreign {
			assert_noop!(
				Delegation::request_recovery(
					origin.clone(),
					person,
					capacity,
					NEW,
					1,
					device_key(),
					proof
				),
				Error::<Test>::InvalidProof
			);
		}
		let proof =
			TestSignature(NEW, Delegation::recovery_message(person, &NEW, 1, &unusable_key()));
		assert_noop!(
			Delegation::request_recovery(origin, person, capacity, NEW, 1, unusable_key(), proof),
			Error::<Test>::InvalidKey
		);
		assert_ok!(requests(guardians[0], patient, NEW));
		let (origin, capacity) = acting(guardians[2]);
		assert_noop!(
			Delegation::approve_recovery(origin, person, capacity, NEW, [0; 32]),
			Error::<Test>::KeyChanged
		);
	});
}

#[test]
fn garbage_is_refused_and_another_share_replaces_the_first() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let person = Person::Patient(patient);
		pass(DAY);
		let (origin, capacity) = acting(guardians[0]);
		for share in malformed_shares() {
			assert_noop!(
				Delegation::hand_over_share(origin.clone(), person, capacity, NEW, share),
				Error::<Test>::InvalidSealedKey
			);
		}
		// The chain can't tell what a sealed share is; the new device can, and asks for another.
		assert_ok!(hands_over(guardians[0], patient, NEW));
		assert_ok!(hands_over(guardians[0], patient, NEW));
		assert_eq!(Delegation::recoveries(person)[0].handed_over, [guardians[0]]);
	});
}

#[test]
fn request_lapses_and_a_late_approval_is_refused() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = Person::Patient(patient);
		assert_ok!(requests(guardians[0], patient, NEW));
		pass(14 * DAY);
		assert_noop!(approves(guardians[1], patient, NEW), Error::<Test>::RequestLapsed);
		pass(HOUR);
		idle_blocks();
		let ended = Event::RecoveryEnded { person, new: NEW, why: RequestEnd::Lapsed };
		assert_eq!(last_event(), ended);
		assert_noop!(approves(guardians[1], patient, NEW), Error::<Test>::RecoveryNotFound);

		// One that is approved has to be finished, too.
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(15 * DAY);
		assert_noop!(finishes(NEW, patient), Error::<Test>::RequestLapsed);
		assert_noop!(hands_over(guardians[0], patient, NEW), Error::<Test>::RequestLapsed);
		pass(HOUR);
		idle_blocks();
		assert_eq!(Recoveries::<Test>::iter().count(), 0);
	});
}

#[test]
fn requests_that_have_lapsed_keep_no_guardian_waiting() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = Person::Patient(patient);
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_ok!(requests(guardians[1], patient, OTHER));
		pass(14 * DAY);
		// Before any block had time for them: for the same new account, and by one who supports another.
		assert_ok!(requests(guardians[2], patient, NEW));
		for new in [NEW, OTHER] {
			let ended = Event::RecoveryEnded { person, new, why: RequestEnd::Lapsed };
			assert!(events().contains(&ended));
		}
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
	});
}

/// The guardians have until then, and no longer.
#[test]
fn request_that_has_lapsed_does_not_begin_anew_with_those_who_are_left() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		pass(15 * DAY);
		// Before any block had time for it.
		assert_noop!(withdraws(guardians[2], patient, NEW), Error::<Test>::RequestLapsed);
		assert_noop!(approves(guardians[1], patient, NEW), Error::<Test>::RequestLapsed);
		pass(HOUR);
		idle_blocks();
		assert_eq!(Recoveries::<Test>::iter().count(), 0);
	});
}

#[test]
fn approval_of_a_request_that_has_lapsed_keeps_no_guardian_from_the_next() {
	chain(|| {
		let (patient, guardians) = a_ward();
		assert_ok!(requests(guardians[0], patient, OTHER));
		pass(DAY);
		assert_ok!(requests(guardians[1], patient, NEW));
		assert_noop!(approves(guardians[0], patient, NEW), Error::<Test>::SupportsAnother);
		pass(13 * DAY);
		// The first has lapsed, and no block had time for it. The second has not.
		assert_ok!(approves(guardians[0], patient, NEW));
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
		assert_eq!(Recoveries::<Test>::iter().count(), 0);
	});
}
