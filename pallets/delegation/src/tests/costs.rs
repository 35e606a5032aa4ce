//! What rules, requests and shares cost in the state: the table in the README.

use crate::{mock::*, *};
use frame_support::assert_ok;
use sp_io::{hashing::twox_128, storage};
use sp_runtime::DispatchResult;

const README: &str = include_str!("../../README.md");

/// The bytes that an account has more on a real chain than here.
const ACCOUNT: usize = 32 - 8;

/// The keys and values of all items of the pallet in bytes, without the trie's own nodes.
fn stored() -> usize {
	let prefix = twox_128(b"Delegation").to_vec();
	let mut key = prefix.clone();
	let mut sum = 0;
	while let Some(next) = storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
		sum += next.len() + storage::get(&next).map_or(0, |value| value.len());
		key = next;
	}
	sum
}

/// The bytes that something adds, with so many accounts in it.
fn added(accounts: usize, what: impl FnOnce() -> DispatchResult) -> usize {
	let before = stored();
	assert_ok!(what());
	stored() - before + accounts * ACCOUNT
}

/// A number as people write it.
fn grouped(number: usize) -> String {
	match number / 1_000 {
		0 => number.to_string(),
		thousands => format!("{thousands},{:03}", number % 1_000),
	}
}

#[test]
fn costs_are_those_of_the_readme() {
	chain(|| {
		let (patient, other, doctor) = (registers_patient(1_000), a_patient(), a_doctor());
		let desks = [NORTH, EAST, SOUTH].map(Delegate::Desk);
		// There is one of these, whatever is on the agenda.
		FirstHour::<Test>::put(START / HOUR);
		let rows = [
			(
				"a key for acting for others",
				added(0, || {
					publishes_key(patient);
					Ok(())
				}),
			),
			("three guardians", added(0, || chooses_guardians(patient, 2, &desks))),
			("a request for recovery", added(2, || requests(desks[0], patient, 50))),
			("the approval that begins the delay", added(1, || approves(desks[1], patient, 50))),
			(
				"a share that is handed over",
				added(1, || {
					pass(DAY);
					hands_over(desks[0], patient, 50)
				}),
			),
			(
				"a representative with the chart's key, until a date",
				added(0, || {
					has_representative(patient, other, Scopes(15), Some(now() + DAY));
					seals_to(patient, other)
				}),
			),
			(
				"an emergency plan for the whole chart with three holders",
				added(0, || plans(patient, 2, &[NORTH, EAST, SOUTH])),
			),
			("a request for an emergency", added(0, || asks_for_emergency(doctor, patient))),
			("a confirmation", added(0, || confirms_emergency(NORTH, patient, doctor))),
		];
		for (what, bytes) in rows {
			let row = format!("| {what} | {} |", grouped(bytes));
			assert!(README.contains(&row), "the README has to say: {row}");
		}
	});
}
