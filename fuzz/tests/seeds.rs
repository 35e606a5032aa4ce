//! Every target on its seeds, on prefixes of them, and on mutations of them.
//!
//! `MEDBLOCK_FUZZ_EXECUTIONS` sets the number of mutations of each target, and `MEDBLOCK_FUZZ_SEED` makes them others.

#![allow(clippy::unwrap_used)]

use medblock_fuzz::{
	TARGETS,
	mutate::{Numbers, mutated},
};
use std::{
	collections::BTreeSet,
	env,
	panic::catch_unwind,
	time::{Duration, Instant},
};

/// The mutations of each target.
const EXECUTIONS: u64 = 300;
/// No input may take longer than that, on a machine that does much else.
const SLOW: Duration = Duration::from_secs(20);

fn number(name: &str, otherwise: u64) -> u64 {
	env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn no_input_makes_a_parser_panic() {
	let (executions, seed) =
		(number("MEDBLOCK_FUZZ_EXECUTIONS", EXECUTIONS), number("MEDBLOCK_FUZZ_SEED", 1));
	for target in TARGETS {
		let seeds = (target.seeds)();
		assert!(!seeds.is_empty(), "{} has no seeds", target.name);
		let run = |bytes: &[u8]| {
			let began = Instant::now();
			let outcome = catch_unwind(|| (target.run)(bytes));
			let shown = || format!("{}, input {}", target.name, hex::encode(bytes));
			assert!(outcome.is_ok(), "{}", shown());
			assert!(began.elapsed() < SLOW, "too slow: {}", shown());
		};
		run(&[]);
		for seed in &seeds {
			run(seed);
			for part in 1..8 {
				run(&seed[..seed.len() * part / 8]);
			}
		}
		let mut numbers = Numbers::new(seed);
		for _ in 0..executions {
			run(&mutated(&seeds, &mut numbers));
		}
	}
}

#[test]
fn names_are_files_names_and_each_stands_once() {
	let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
	assert_eq!(names.len(), TARGETS.len());
	let is_plain = |name: &str| name.bytes().all(|one| one.is_ascii_lowercase() || one == b'_');
	assert!(names.iter().all(|name| is_plain(name)));
}
