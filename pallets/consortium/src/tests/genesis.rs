use crate::{mock::*, *};
use frame_support::traits::Get;

fn founder(n: u8) -> Founder<AccountId> {
	Founder {
		name: format!("Hospital {n}"),
		gateway: "https://vault.example".into(),
		controller: Some(account(n)),
		registrars: vec![],
	}
}

fn found(settings: Settings, founders: &[Founder<AccountId>]) {
	sp_io::TestExternalities::default().execute_with(|| Consortium::found(settings, founders));
}

#[test]
fn founders_are_seated_and_on_the_council() {
	consortium(|| {
		assert_eq!(seated(), [NORTH, EAST, SOUTH, WEST]);
		assert_eq!(members().len(), 4);
		assert_eq!(RegistrarOf::<Test>::get(account(102)), Some(SOUTH));
	});
}

#[test]
fn settings_are_what_other_pallets_see() {
	consortium(|| {
		assert_eq!(<SlotDuration<Test> as Get<u64>>::get(), 1_000);
		assert_eq!(<MinimumPeriod<Test> as Get<u64>>::get(), 500);
		assert_eq!(<SessionLength<Test> as Get<u64>>::get(), SESSION);
		assert_eq!(<MotionDuration<Test> as Get<u64>>::get(), 10);
	});
}

#[test]
#[should_panic(expected = "slotDuration")]
fn impossible_slots_are_refused() {
	found(Settings { slot_duration: 0, ..Default::default() }, &[]);
}

#[test]
#[should_panic(expected = "sessionLength")]
fn impossible_sessions_are_refused() {
	found(Settings { session_length: 0, ..Default::default() }, &[]);
}

/// With two blocks a session and thirteen validators in turn, each would be silent for six sessions now
/// and then, and lose its seat.
#[test]
#[should_panic(expected = "sessionLength has to be at least the number of hospitals")]
fn sessions_too_short_for_all_turns_are_refused() {
	let founders: Vec<_> = (1..=3).map(founder).collect();
	found(Settings { session_length: 2, ..Default::default() }, &founders);
}

#[test]
fn sessions_with_one_turn_for_each_are_long_enough() {
	let founders: Vec<_> = (1..=3).map(founder).collect();
	found(Settings { session_length: 3, ..Default::default() }, &founders);
}

#[test]
#[should_panic(expected = "minimumSeats")]
fn impossible_minimum_is_refused() {
	found(Settings { minimum_seats: 0, ..Default::default() }, &[]);
}

#[test]
#[should_panic(expected = "motionDuration")]
fn motions_that_nobody_can_vote_on_are_refused() {
	found(Settings { motion_duration: 9, ..Default::default() }, &[]);
}

#[test]
#[should_panic(expected = "motionDuration")]
fn motions_that_never_end_are_refused() {
	found(Settings { motion_duration: u32::MAX, ..Default::default() }, &[]);
}

#[test]
#[should_panic(expected = "printable name")]
fn nameless_founder_is_refused() {
	found(Settings::default(), &[Founder { name: String::new(), ..founder(1) }]);
}

#[test]
#[should_panic(expected = "gateway")]
fn founder_without_a_gateway_is_refused() {
	found(Settings::default(), &[Founder { gateway: "nowhere".into(), ..founder(1) }]);
}

#[test]
#[should_panic(expected = "a controller each")]
fn founders_with_the_same_controller_are_refused() {
	found(Settings::default(), &[founder(1), founder(1)]);
}

#[test]
#[should_panic(expected = "no other founder's")]
fn founders_with_the_same_registrar_are_refused() {
	let with = |n| Founder { registrars: vec![account(9)], ..founder(n) };
	found(Settings::default(), &[with(1), with(2)]);
}
