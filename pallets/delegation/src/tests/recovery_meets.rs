//! A recovery that meets suspensions, moves, changes of account, other guardians, and what else the person had.

use super::recovery::{DESKS, NEW, OTHER, a_ward, an_approved_ward};
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_medical_records as charts;
use sp_runtime::testing::TestSignature;

#[test]
fn new_account_is_free_and_no_guardians() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let taken = account_of(a_patient().into());
		let own = account_of(patient.into());
		for new in [taken, own] {
			assert_noop!(requests(guardians[2], patient, new), Error::<Test>::AccountTaken);
		}
		// A doctor who is a guardian controls no patient, and would be the patient.
		let guardian = account_of(guardians[1].person().unwrap());
		assert_noop!(requests(guardians[2], patient, guardian), Error::<Test>::AccountTaken);
		// Nor is a registrar of the desk that is a guardian. Account 100 is one of North's.
		assert_noop!(requests(guardians[0], patient, 100), Error::<Test>::AccountTaken);
		// The account is taken in between.
		assert_ok!(requests(guardians[2], patient, NEW));
		assert_ok!(approves(guardians[0], patient, NEW));
		pass(DAY);
		registers_patient(NEW);
		assert_noop!(finishes(NEW, patient), Error::<Test>::AccountTaken);
	});
}

#[test]
fn suspended_person_waits_and_vetoes() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = Person::Patient(patient);
		suspends_patient(patient);
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(DAY);
		assert_noop!(finishes(NEW, patient), Error::<Test>::NotVerified);
		reinstates_patient(patient);
		assert_ok!(Delegation::can_finish(&NEW, person));
		suspends_patient(patient);
		// The account in control can always veto, also while the person is suspended.
		assert_ok!(Delegation::veto_recovery(by(patient), person, NEW));
	});
}

#[test]
fn suspended_guardian_does_not_act() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		let origin = by(guardian);
		suspends_patient(guardian);
		let proof = asks(NEW, patient.into());
		let (person, capacity) = (patient.into(), ActingAs::Patient);
		assert_noop!(
			Delegation::request_recovery(origin, person, capacity, NEW, 1, device_key(), proof),
			Error::<Test>::NotVerified
		);
	});
}

#[test]
fn approval_counts_while_the_guardian_could_still_give_it() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		let person = Person::Patient(patient);
		pass(DAY);
		assert_ok!(Delegation::can_finish(&NEW, person));
		suspends_patient(guardian);
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		// Nor does the new device get what the others have.
		assert_noop!(hands_over(guardians[2], patient, NEW), Error::<Test>::TooFewApprovals);
		reinstates_patient(guardian);
		assert_ok!(Delegation::can_finish(&NEW, person));
		leaves(NORTH);
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		assert_noop!(hands_over(guardians[0], patient, NEW), Error::<Test>::TooFewApprovals);
		// Another one makes up for the hospital that was expelled. The ward has had time to veto.
		assert_ok!(approves(guardians[1], patient, NEW));
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn approval_of_a_guardian_who_was_recovered_since_does_not_count() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		assert_ok!(chooses_guardians(guardian, 2, &DESKS));
		assert_ok!(requests(DESKS[0], guardian, OTHER));
		assert_ok!(approves(DESKS[1], guardian, OTHER));
		pass(DAY);
		assert_ok!(finishes(OTHER, guardian));
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		assert_ok!(approves(guardians[1], patient, NEW));
		assert_ok!(finishes(NEW, patient));
	});
}

/// The account of a guardian who is being recovered may be a thief's, who approved before anyone noticed.
#[test]
fn approval_of_a_guardian_who_is_being_recovered_does_not_count_meanwhile() {
	chain(|| {
		let (patient, guardians) = an_approved_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		assert_ok!(chooses_guardians(guardian, 2, &DESKS));
		pass(DAY);
		assert_ok!(Delegation::can_finish(&NEW, patient.into()));
		assert_ok!(requests(DESKS[0], guardian, OTHER));
		assert_noop!(finishes(NEW, patient), Error::<Test>::TooFewApprovals);
		assert_noop!(hands_over(guardians[2], patient, NEW), Error::<Test>::TooFewApprovals);
		assert!(!Delegation::guardians(patient.into()).unwrap().guardians[0].able);
		// The guardian says that nothing is lost.
		assert_ok!(Delegation::veto_recovery(by(guardian), guardian.into(), OTHER));
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn guardian_for_whom_a_request_has_lapsed_helps_again() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		assert_ok!(chooses_guardians(guardian, 2, &DESKS));
		assert_ok!(requests(DESKS[0], guardian, OTHER));
		pass(14 * DAY - 1);
		assert_noop!(requests(guardians[0], patient, NEW), Error::<Test>::GuardianInRecovery);
		pass(1);
		// At once, whether or not a block had time for it.
		assert!(Delegation::guardians(patient.into()).unwrap().guardians[0].able);
		assert_ok!(requests(guardians[0], patient, NEW));
	});
}

#[test]
fn move_to_another_hospital_changes_nothing() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(EAST)));
		assert_ok!(MedicalRecords::accept_patient(registrar(EAST), patient));
		pass(DAY);
		assert_ok!(MedicalRecords::request_move(by(patient), Capacity::Patient, Some(SOUTH)));
		assert_ok!(finishes(NEW, patient));
		assert_ok!(MedicalRecords::accept_patient(registrar(SOUTH), patient));
	});
}

fn asks_to_change(person: impl Into<Person>, to: AccountId) {
	let person = person.into();
	let old = account_of(person);
	let message = MedicalRecords::change_account_message(person, &old, &to);
	let proof = TestSignature(to, message);
	assert_ok!(MedicalRecords::change_account(signed(old), capacity_of(person), to, proof));
}

/// A guardian who begins to work at a desk that is another guardian would be two of them, with one account.
#[test]
fn guardian_who_came_to_a_guardians_desk_has_one_vote() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let Delegate::Patient(guardian) = guardians[0] else { panic!("a patient") };
		// Account 100 is one of North's registrars.
		asks_to_change(guardian, 100);
		pass(DAY);
		idle_blocks();
		assert_eq!(account_of(guardian.into()), 100);
		for (first, second) in [(guardians[0], guardians[2]), (guardians[2], guardians[0])] {
			assert_ok!(requests(first, patient, NEW));
			assert_noop!(approves(second, patient, NEW), Error::<Test>::AlreadyApproved);
			assert_ok!(withdraws(first, patient, NEW));
		}
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn guardians_who_came_to_share_an_account_have_one_vote() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let [Some(first), Some(second)] = [guardians[0], guardians[1]].map(|one| one.person())
		else {
			panic!("people")
		};
		asks_to_change(second, account_of(first));
		pass(DAY);
		idle_blocks();
		assert_eq!(account_of(second), account_of(first));
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_noop!(approves(guardians[1], patient, NEW), Error::<Test>::AlreadyApproved);
		assert_ok!(approves(guardians[2], patient, NEW));
	});
}

#[test]
fn pending_change_of_account_ends_with_the_recovery() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		pass(DAY);
		asks_to_change(patient, OTHER);
		assert_ok!(finishes(NEW, patient));
		assert_eq!(MedicalRecords::account_change(patient.into()), None);
		pass(2 * DAY);
		idle_blocks();
		assert_eq!(account_of(patient.into()), NEW);
	});
}

#[test]
fn account_that_has_changed_in_between_can_veto() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		let old = account_of(patient.into());
		asks_to_change(patient, OTHER);
		pass(DAY);
		idle_blocks();
		assert_eq!(account_of(patient.into()), OTHER);
		let person = patient.into();
		assert_noop!(
			Delegation::veto_recovery(signed(old), person, NEW),
			Error::<Test>::NotInControl
		);
		assert_ok!(Delegation::veto_recovery(signed(OTHER), person, NEW));
	});
}

/// Where people guard each other, one recovery must not lead to the next.
#[test]
fn ring_of_guardians_does_not_fall_one_after_another() {
	chain(|| {
		let [one, two, three] = [a_patient(), a_patient(), a_patient()];
		let ring = [(one, two), (two, three), (three, one)];
		for (ward, guardian) in ring {
			let guardians = [Delegate::Patient(guardian), DESKS[0], DESKS[1]];
			assert_ok!(chooses_guardians(ward, 2, &guardians));
		}
		// While a new account is asked for `two`, she can help no one.
		assert_ok!(requests(DESKS[0], two, NEW));
		assert_noop!(
			requests(Delegate::Patient(two), one, OTHER),
			Error::<Test>::GuardianInRecovery
		);
		assert_ok!(approves(DESKS[1], two, NEW));
		pass(DAY);
		assert_ok!(finishes(NEW, two));
		// Her new account has nothing of what she kept for others.
		assert_noop!(requests(Delegate::Patient(two), one, OTHER), Error::<Test>::GuardianChanged);
		assert!(!Delegation::guardians(one.into()).unwrap().guardians[0].able);
		// The desks are enough, so no one in the ring is locked out.
		assert_ok!(requests(DESKS[0], one, OTHER));
		assert_ok!(approves(DESKS[1], one, OTHER));
		pass(DAY);
		assert_ok!(finishes(OTHER, one));
	});
}

#[test]
fn keys_that_do_not_fit_change_nothing_and_can_be_sent_again() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		let doctor = a_doctor();
		pass(DAY);
		let person = Person::Patient(patient);
		let prepared = new_secrets(person);
		grants(patient, doctor);
		assert_noop!(
			Delegation::finish_recovery(signed(NEW), person, prepared),
			charts::Error::<Test>::DoctorMissing
		);
		let foreign = NewSecrets::Doctor { suite: 1, key: x_wing_key(9) };
		assert_noop!(
			Delegation::finish_recovery(signed(NEW), person, foreign),
			charts::Error::<Test>::InvalidChartKeys
		);
		assert_ok!(finishes(NEW, patient));
	});
}

#[test]
fn everything_of_the_lost_device_ends() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		let ward = a_patient();
		has_representative(ward, patient, Scopes::SEE, None);
		assert_ok!(seals_to(ward, patient));
		assert_ok!(plans(patient, 2, &[NORTH, EAST]));
		pass(DAY);
		assert_ok!(finishes(NEW, patient));
		// The chart that the lost device could open for another patient is due.
		assert!(is_due(ward));
		let lost = Event::RepresentativeKeyLost { patient: ward, representative: patient };
		assert!(events().contains(&lost));
		assert_eq!(Delegation::emergency_plan(patient), None);
		// With a new key, the hospital has to see it again.
		publishes_key(patient);
		assert_noop!(seals_to(ward, patient), Error::<Test>::NotConfirmed);
		assert_ok!(confirms(ward, patient, Scopes::SEE, None));
		assert_ok!(seals_to(ward, patient));
	});
}

#[test]
fn emergency_that_is_open_ends_with_the_recovery_and_can_be_judged_after() {
	chain(|| {
		let (patient, _) = an_approved_ward();
		let doctor = a_doctor();
		assert_ok!(plans(patient, 2, &[NORTH, EAST]));
		pass(DAY - HOUR);
		let opened_at = now();
		assert_ok!(asks_for_emergency(doctor, patient));
		assert_ok!(confirms_emergency(NORTH, patient, doctor));
		assert_ok!(confirms_emergency(EAST, patient, doctor));
		assert!(sees(patient, doctor, None));
		pass(HOUR);
		assert_ok!(finishes(NEW, patient));
		assert!(!sees(patient, doctor, None) && !is_due(patient));
		assert_eq!(ConfirmedShares::<Test>::iter().count(), 0);
		let review = Review::Unjustified;
		assert_ok!(Delegation::review_emergency(signed(NEW), doctor, opened_at, review));
	});
}

#[test]
fn hospital_pays_only_for_one_who_is_awaited() {
	chain(|| {
		let (patient, guardians) = a_ward();
		let person = patient.into();
		assert_eq!(Delegation::expects(&NEW, person), None);
		assert_ok!(requests(guardians[0], patient, NEW));
		assert_eq!(Delegation::expects(&NEW, person), Some(NORTH));
		assert!(Delegation::can_finish(&NEW, person).is_err());
		assert_ok!(Delegation::can_cancel(&NEW, person));
		assert!(Delegation::can_cancel(&OTHER, person).is_err());
		assert_ok!(approves(guardians[1], patient, NEW));
		pass(DAY);
		assert_ok!(Delegation::can_finish(&NEW, person));
		leaves(NORTH);
		assert_eq!(Delegation::expects(&NEW, person), None, "it has nothing to pay with");
	});
}
