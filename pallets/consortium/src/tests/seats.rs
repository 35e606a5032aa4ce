use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_session::SessionManager;

#[test]
fn nothing_changes_while_nothing_changes() {
	consortium(|| {
		pass_sessions(12);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		assert_eq!(events(), []);
		// `None`, or GRANDPA would begin a new set in each session.
		assert_eq!(<Consortium as SessionManager<_>>::new_session(99), None);
	});
}

/// GRANDPA begins a new set with new keys, and misconduct has to be provable against them.
#[test]
fn new_keys_make_a_new_set_once() {
	consortium(|| {
		pass_sessions(2);
		let root = |session| pallet_session::historical::HistoricalSessions::<Test>::get(session);
		let before = root(3);
		let keys = sp_runtime::testing::UintAuthorityId(77);
		assert_ok!(Session::set_keys(signed(3), keys, vec![]));
		pass_sessions(1);
		assert_eq!(root(3), before);
		assert_ne!(root(4), before);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		pass_sessions(1);
		assert_eq!(<Consortium as SessionManager<_>>::new_session(99), None);
	});
}

#[test]
fn silent_validator_is_benched_and_returns_by_one_call() {
	consortium(|| {
		pass_sessions_with_silent(3, &[WEST]);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		pass_sessions_with_silent(1, &[WEST]);
		assert_eq!(
			events(),
			[Event::SeatBenched { hospital: WEST }, Event::SeatLeft { hospital: WEST }]
		);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		// Its people go on working, and it keeps its vote.
		assert!(Consortium::is_active(WEST));
		assert!(members().contains(&account(3)));
		pass_sessions(5);
		assert_eq!(seated(), [NORTH, EAST, SOUTH]);
		assert_ok!(Consortium::reclaim_seat(signed(3)));
		assert_eq!(last_event(), Event::SeatReclaimed { hospital: WEST });
		pass_sessions(5);
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
	});
}

#[test]
fn one_block_in_time_is_enough() {
	consortium(|| {
		for _ in 0..4 {
			pass_sessions_with_silent(2, &[WEST]);
			pass_sessions(1);
		}
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
	});
}

#[test]
fn silence_at_the_minimum_is_reported_and_tolerated() {
	with_minimum(4, || {
		pass_sessions_with_silent(4, &[WEST]);
		assert_eq!(last_event(), Event::SilenceTolerated { hospital: WEST });
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
	});
}

#[test]
fn of_many_silent_ones_only_so_many_are_benched_as_can_be_spared() {
	with_minimum(3, || {
		pass_sessions_with_silent(8, &[NORTH, EAST, SOUTH]);
		assert_eq!(seated(), [EAST, SOUTH, WEST]);
		assert!(events().contains(&Event::SilenceTolerated { hospital: SOUTH }));
	});
}

#[test]
fn seat_can_be_kept_by_asking_before_it_is_gone() {
	consortium(|| {
		pass_sessions_with_silent(3, &[WEST]);
		Hospitals::<Test>::mutate_extant(WEST, |hospital| hospital.seat = Seat::Benched);
		assert_ok!(Consortium::reclaim_seat(signed(3)));
		pass_sessions_with_silent(2, &[WEST]);
		assert!(seated().contains(&WEST), "silence is counted anew");
	});
}

#[test]
fn only_a_benched_seat_is_reclaimed() {
	consortium(|| {
		assert_noop!(Consortium::reclaim_seat(signed(3)), Error::<Test>::NotBenched);
		assert_noop!(Consortium::reclaim_seat(signed(99)), Error::<Test>::NotController);
		equivocates(WEST, 0);
		assert_noop!(Consortium::reclaim_seat(signed(3)), Error::<Test>::NotBenched);
	});
}

#[test]
fn seat_accounts_are_found_again_and_no_other_account_is_one() {
	for id in [0, 1, 4, u32::MAX] {
		let seat = Consortium::seat_account(HospitalId(id));
		assert_eq!(Consortium::hospital_of_seat(&seat), Some(HospitalId(id)));
	}
	assert_eq!(Consortium::hospital_of_seat(&account(0)), None);
}

#[test]
fn author_of_a_block_is_noted() {
	consortium(|| {
		let seat = Consortium::seat_account(EAST);
		<Consortium as pallet_authorship::EventHandler<_, _>>::note_author(seat);
		assert_eq!(Author::<Test>::get(), Some(EAST));
	});
}

#[test]
fn past_sessions_are_forgotten() {
	consortium(|| {
		pass_sessions(20);
		let stored = pallet_session::historical::HistoricalSessions::<Test>::iter_keys().count();
		// The depth, the current session and the planned one.
		assert_eq!(stored, 8 + 2);
	});
}
