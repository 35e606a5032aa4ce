//! People who act for a patient, for people.

use medblock_client::{medblock_primitives::Scopes, representatives::State};

/// What a representative may do.
pub fn rights(scopes: Scopes) -> String {
	let all = [
		(Scopes::SEE, "see"),
		(Scopes::ADD, "add"),
		(Scopes::GRANT, "grant"),
		(Scopes::REVOKE, "revoke"),
	];
	let given: Vec<&str> =
		all.into_iter().filter(|(scope, _)| scopes.include(*scope)).map(|(_, word)| word).collect();
	given.join(", ")
}

/// A representative's state, as the patient reads it.
pub fn of_patient(state: State) -> &'static str {
	match state {
		State::Waiting => "waits for your hospital",
		State::Inactive => "can't act now",
		State::WithoutSight => "acts for you",
		State::KeyNotConfirmed => "has a new key, which your hospital has to confirm",
		State::WithoutKey => "needs your chart's key: `medblock patient representatives seal`",
		State::WithEarlierKey => {
			"has an earlier key of your chart: `medblock patient representatives seal`"
		},
		State::WithKey => "acts for you, and sees all of it",
	}
}

/// The same, as the representative reads it.
pub fn of_representative(state: State) -> &'static str {
	match state {
		State::Waiting => "waits for the hospital",
		State::Inactive => "you can't act now",
		State::WithoutSight => "you act",
		State::KeyNotConfirmed => "the hospital has to confirm your new key",
		State::WithoutKey => "the patient's device has to give you the chart's key",
		State::WithEarlierKey => "the patient's device has to give you the chart's newer key",
		State::WithKey => "you act, and see all of it",
	}
}

/// The same, as a word for scripts.
pub fn word(state: State) -> &'static str {
	match state {
		State::Waiting => "waiting",
		State::Inactive => "inactive",
		State::WithoutSight => "without-sight",
		State::KeyNotConfirmed => "key-not-confirmed",
		State::WithoutKey => "without-key",
		State::WithEarlierKey => "with-earlier-key",
		State::WithKey => "with-key",
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn rights_are_told_in_their_order() {
		assert_eq!(rights(Scopes(15)), "see, add, grant, revoke");
		assert_eq!(rights(Scopes(10)), "add, revoke");
	}
}
