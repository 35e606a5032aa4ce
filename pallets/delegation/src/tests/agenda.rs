//! What ends by itself, and what that may take of a block.

use crate::{WeightInfo, mock::*, *};
use frame_support::{assert_ok, traits::Hooks, weights::Weight};

fn tasks() -> usize {
	Agenda::<Test>::iter().count()
}

#[test]
fn block_takes_no_more_than_it_has() {
	chain(|| {
		let (patient, doctors) = (a_patient(), [a_doctor(), a_doctor(), a_doctor()]);
		assert_ok!(plans(patient, 2, &[NORTH, EAST]));
		for doctor in doctors {
			assert_ok!(asks_for_emergency(doctor, patient));
		}
		assert_eq!(tasks(), 3);
		pass(DAY + HOUR);
		let number = System::block_number();
		let base = <Test as Config>::WeightInfo::on_idle_base();
		let sweep = <Test as Config>::WeightInfo::sweep();
		assert_eq!(Delegation::on_idle(number, Weight::zero()), Weight::zero());
		assert_eq!(Delegation::on_idle(number, base), base);
		assert_eq!(tasks(), 3);
		// One task, and not quite another.
		let limit = base + sweep + sweep - Weight::from_parts(1, 0);
		assert_eq!(Delegation::on_idle(number, limit), base + sweep);
		assert_eq!(tasks(), 2);
		Delegation::on_idle(number, Weight::MAX);
		assert_eq!(tasks(), 0);
		assert_eq!(EmergencyRequests::<Test>::iter().count(), 0);
	});
}

#[test]
fn chain_that_stood_still_catches_up() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		has_representative(patient, other, Scopes::SEE, Some(START + DAY));
		assert_ok!(seals_to(patient, other));
		pass(90 * DAY);
		assert!(is_due(patient), "whoever asks is told by the clock");
		idle_blocks();
		assert_eq!((tasks(), Representatives::<Test>::iter().count()), (0, 0));
	});
}

#[test]
fn flood_of_tasks_takes_several_blocks() {
	chain(|| {
		let other = a_patient();
		for _ in 0..40 {
			let patient = a_patient();
			assert_ok!(Delegation::name_representative(by(patient), other, Scopes::ADD, None));
		}
		pass(14 * DAY + HOUR);
		idle_block();
		assert_eq!(tasks(), 40 - 32);
		idle_blocks();
		assert_eq!(tasks(), 0);
		assert_eq!(AwaitingConfirmation::<Test>::iter().count(), 0);
	});
}

#[test]
fn task_of_something_that_has_ended_before_does_nothing() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		let until = Some(START + DAY);
		has_representative(patient, other, Scopes::SEE, until);
		assert_ok!(Delegation::end_representation(by(patient), other));
		has_representative(patient, other, Scopes::SEE, None);
		pass(20 * DAY);
		idle_blocks();
		assert!(represents(patient, other));
	});
}

/// Else an account could fill the agenda with ends that are centuries away.
#[test]
fn representation_that_has_ended_leaves_nothing_there() {
	chain(|| {
		let (patient, other) = (a_patient(), a_patient());
		for until in [Some(Moment::MAX), Some(START + DAY), None] {
			assert_ok!(Delegation::name_representative(by(patient), other, Scopes::SEE, until));
			assert!(tasks() > 0);
			assert_ok!(Delegation::end_representation(by(patient), other));
			assert_eq!(tasks(), 0);
		}
	});
}
