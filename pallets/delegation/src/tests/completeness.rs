//! Promises to the reader: every error has a test.

use crate::{mock::*, *};
use scale_info::{TypeDef, TypeInfo};

const TESTS: &[&str] = &[
	include_str!("acts.rs"),
	include_str!("emergencies/access.rs"),
	include_str!("emergencies/confirmations.rs"),
	include_str!("emergencies/endings.rs"),
	include_str!("emergencies/requests.rs"),
	include_str!("guardians.rs"),
	include_str!("plans.rs"),
	include_str!("recovery.rs"),
	include_str!("recovery_meets.rs"),
	include_str!("representatives.rs"),
];

#[test]
fn every_error_is_named_by_a_test() {
	let TypeDef::Variant(errors) = Error::<Test>::type_info().type_def else {
		panic!("errors are an enumeration")
	};
	for error in errors.variants {
		let name = format!("Error::<Test>::{}", error.name);
		let is_named = |test: &&str| {
			test.match_indices(&name).any(|(at, _)| {
				!test[at + name.len()..].starts_with(|next: char| next.is_alphanumeric())
			})
		};
		assert!(TESTS.iter().any(is_named), "no test is refused with {name}");
	}
}
