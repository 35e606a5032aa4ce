//! Promises to the reader: every error has a test.

use crate::{mock::*, *};
use scale_info::{TypeDef, TypeInfo};

const TESTS: &[&str] = &[
	include_str!("account_changes.rs"),
	include_str!("accounts.rs"),
	include_str!("deposit_limits.rs"),
	include_str!("deposits.rs"),
	include_str!("directory.rs"),
	include_str!("due.rs"),
	include_str!("grants.rs"),
	include_str!("keys.rs"),
	include_str!("life.rs"),
	include_str!("moves.rs"),
	include_str!("profiles.rs"),
	include_str!("recipients.rs"),
	include_str!("records.rs"),
	include_str!("registration.rs"),
	include_str!("revocation.rs"),
	include_str!("rotation.rs"),
	include_str!("shares.rs"),
	include_str!("standing.rs"),
	include_str!("vaults.rs"),
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
