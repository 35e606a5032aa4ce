//! The guardians that people may choose, and the number of those who have to agree.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

fn desks(hospitals: &[HospitalId]) -> Vec<Delegate> {
	hospitals.iter().copied().map(Delegate::Desk).collect()
}

#[test]
fn people_and_desks_of_different_hospitals_are_chosen_together() {
	chain(|| {
		let patient = a_patient();
		let guardians = [
			Delegate::Patient(a_patient()),
			Delegate::Doctor(a_doctor()),
			Delegate::Desk(NORTH),
			Delegate::Desk(EAST),
		];
		assert_ok!(chooses_guardians(patient, 3, &guardians));
		let person = Person::Patient(patient);
		let set = Event::GuardiansSet { person, threshold: 3, guardians: 4, delay: DAY };
		assert_eq!(last_event(), set);
		let stored = GuardianSets::<Test>::get(person).unwrap();
		assert_eq!(stored.guardians.iter().map(|one| one.delegate).collect::<Vec<_>>(), guardians);
		for guardian in guardians {
			assert_eq!(Delegation::wards(guardian, None, 9).items[0].person, person);
			assert!(GuardianShares::<Test>::contains_key(person, guardian));
		}
	});
}

#[test]
fn doctors_choose_guardians_too() {
	chain(|| {
		let doctor = a_doctor();
		assert_ok!(chooses_guardians(doctor, 2, &desks(&[NORTH, EAST])));
		assert!(Delegation::guardians(doctor.into()).is_some());
	});
}

#[test]
fn new_guardians_replace_the_others_and_their_shares() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(chooses_guardians(patient, 2, &desks(&[NORTH, EAST, SOUTH])));
		assert_ok!(requests(Delegate::Desk(NORTH), patient, 50));
		assert_ok!(chooses_guardians(patient, 2, &desks(&[EAST, WEST])));
		let person = Person::Patient(patient);
		assert!(!GuardianShares::<Test>::contains_key(person, Delegate::Desk(NORTH)));
		assert!(Delegation::wards(Delegate::Desk(NORTH), None, 9).items.is_empty());
		let ended = Event::RecoveryEnded { person, new: 50, why: RequestEnd::Refused };
		assert!(events().contains(&ended), "those who have begun are not its guardians any more");
		assert_ok!(Delegation::remove_guardians(by(patient), Capacity::Patient));
		assert_eq!(last_event(), Event::GuardiansRemoved { person });
		assert_eq!(GuardianShares::<Test>::iter().count(), 0);
		assert_noop!(
			Delegation::remove_guardians(by(patient), Capacity::Patient),
			Error::<Test>::NoGuardians
		);
	});
}

#[test]
fn two_at_least_have_to_agree_and_no_more_than_there_are() {
	chain(|| {
		let patient = a_patient();
		let three = desks(&[NORTH, EAST, SOUTH]);
		for threshold in [0, 1, 4, 8] {
			assert_noop!(
				chooses_guardians(patient, threshold, &three),
				Error::<Test>::InvalidThreshold
			);
		}
		for few in [0, 1] {
			assert_noop!(
				chooses_guardians(patient, 2, &three[..few]),
				Error::<Test>::InvalidShares
			);
		}
		for threshold in [2, 3] {
			assert_ok!(chooses_guardians(patient, threshold, &three));
		}
		let eight: Vec<_> = (0..8).map(|number| Delegate::Desk(HospitalId(number))).collect();
		assert_ok!(chooses_guardians(patient, 8, &eight));
	});
}

#[test]
fn nobody_is_their_own_guardian() {
	chain(|| {
		let patient = a_patient();
		// The same human as a doctor.
		let doctor = registers_doctor(account_of(patient.into()));
		for own in [Delegate::Patient(patient), Delegate::Doctor(doctor)] {
			let guardians = [own, Delegate::Desk(NORTH), Delegate::Desk(EAST)];
			assert_noop!(chooses_guardians(patient, 2, &guardians), Error::<Test>::OwnGuardian);
			assert_noop!(chooses_guardians(doctor, 2, &guardians), Error::<Test>::OwnGuardian);
		}
	});
}

#[test]
fn nobody_has_two_shares() {
	chain(|| {
		let patient = a_patient();
		let other = a_patient();
		let same = registers_doctor(account_of(other.into()));
		let twice = [
			[Delegate::Desk(NORTH), Delegate::Desk(NORTH)],
			[Delegate::Patient(other), Delegate::Patient(other)],
			[Delegate::Patient(other), Delegate::Doctor(same)],
		];
		for guardians in twice {
			assert_noop!(chooses_guardians(patient, 2, &guardians), Error::<Test>::DelegateTwice);
		}
	});
}

/// One account would agree for itself and for the desk.
#[test]
fn registrars_are_no_guardians_beside_their_own_desk() {
	chain(|| {
		let patient = a_patient();
		// Account 101 is a registrar of East's.
		let doctor = Delegate::Doctor(registers_doctor(101));
		let beside = |desk| chooses_guardians(patient, 2, &[Delegate::Desk(desk), doctor]);
		assert_noop!(beside(EAST), Error::<Test>::DelegateTwice);
		assert_ok!(beside(NORTH));
	});
}

#[test]
fn guardians_are_known_and_have_keys() {
	chain(|| {
		let patient = a_patient();
		let with = |one: Delegate| chooses_guardians(patient, 2, &[Delegate::Desk(NORTH), one]);
		assert_noop!(with(Delegate::Desk(NOWHERE)), Error::<Test>::HospitalNotActive);
		leaves(WEST);
		assert_noop!(with(Delegate::Desk(WEST)), Error::<Test>::HospitalNotActive);
		assert_noop!(with(Delegate::Desk(KEYLESS)), Error::<Test>::KeyMissing);
		assert_noop!(with(Delegate::Patient(PatientId(99))), Error::<Test>::PersonNotFound);
		let keyless = registers_patient(1_900);
		assert_noop!(with(Delegate::Patient(keyless)), Error::<Test>::KeyMissing);
		let suspended = a_patient();
		suspends_patient(suspended);
		assert_noop!(with(Delegate::Patient(suspended)), Error::<Test>::NotVerified);
		let doctor = a_doctor();
		assert_ok!(MedicalRecords::set_encryption_key(by(doctor), 1, x_wing_key(2)));
		assert_noop!(with(Delegate::Doctor(doctor)), Error::<Test>::KeyMissing);
	});
}

#[test]
fn shares_are_sealed_to_the_key_that_the_guardian_has_now() {
	chain(|| {
		let (patient, other, doctor) = (a_patient(), a_patient(), a_doctor());
		let guardians = [Delegate::Patient(other), Delegate::Doctor(doctor), Delegate::Desk(EAST)];
		let changes: [fn(PatientId, DoctorId); 3] = [
			|other, _| publishes_key(other),
			|_, doctor| changes_doctors_key(doctor),
			|_, _| changes_profile_key(EAST),
		];
		for change in changes {
			let prepared = divided(2, &guardians);
			change(other, doctor);
			assert_noop!(
				Delegation::set_guardians(by(patient), Capacity::Patient, prepared, DAY),
				Error::<Test>::KeyChanged
			);
		}
		for share in malformed_shares() {
			let mut malformed = divided(2, &guardians);
			malformed.shares[1].share = share;
			assert_noop!(
				Delegation::set_guardians(by(patient), Capacity::Patient, malformed, DAY),
				Error::<Test>::InvalidSealedKey
			);
		}
	});
}

#[test]
fn delay_leaves_time_to_veto() {
	chain(|| {
		let patient = a_patient();
		let two = divided(2, &desks(&[NORTH, EAST]));
		for delay in [0, 1, DAY - 1, 90 * DAY + 1, Moment::MAX] {
			assert_noop!(
				Delegation::set_guardians(by(patient), Capacity::Patient, two.clone(), delay),
				Error::<Test>::InvalidDelay
			);
		}
		for delay in [DAY, 90 * DAY] {
			let two = two.clone();
			assert_ok!(Delegation::set_guardians(by(patient), Capacity::Patient, two, delay));
		}
		// A chain whose genesis asks for no delay has one all the same.
		MinDelay::<Test>::put(0);
		let sets =
			|delay| Delegation::set_guardians(by(patient), Capacity::Patient, two.clone(), delay);
		assert_noop!(sets(0), Error::<Test>::InvalidDelay);
		assert_ok!(sets(1));
	});
}

#[test]
fn only_verified_people_choose() {
	chain(|| {
		let patient = a_patient();
		assert_ok!(chooses_guardians(patient, 2, &desks(&[NORTH, EAST])));
		suspends_patient(patient);
		let two = divided(2, &desks(&[NORTH, EAST]));
		assert_noop!(
			Delegation::set_guardians(by(patient), Capacity::Patient, two.clone(), DAY),
			Error::<Test>::NotVerified
		);
		// A suspended person's account may be a thief's.
		assert_noop!(
			Delegation::remove_guardians(by(patient), Capacity::Patient),
			Error::<Test>::NotVerified
		);
		assert_noop!(
			Delegation::set_guardians(signed(9_999), Capacity::Patient, two, DAY),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn acting_keys_are_numbered_and_can_be_sealed_to() {
	chain(|| {
		let patient = registers_patient(1_000);
		assert_noop!(
			Delegation::set_acting_key(by(patient), 2, x_wing_key(1)),
			Error::<Test>::UnknownSuite
		);
		assert_noop!(
			Delegation::set_acting_key(by(patient), 1, vec![0; 32].try_into().unwrap()),
			Error::<Test>::InvalidKeyLength
		);
		assert_noop!(
			Delegation::set_acting_key(by(patient), 1, unusable_key()),
			Error::<Test>::InvalidKey
		);
		for version in 1..3 {
			publishes_key(patient);
			assert_eq!(last_event(), Event::ActingKeySet { patient, version });
			assert_eq!(Delegation::acting_key(patient).unwrap().version, version);
		}
		ActingKeys::<Test>::mutate(patient, |own| own.as_mut().unwrap().versions = u32::MAX);
		assert_noop!(
			Delegation::set_acting_key(by(patient), 1, x_wing_key(1)),
			Error::<Test>::IdsExhausted
		);
	});
}
