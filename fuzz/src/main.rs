//! libFuzzer with the target that `MEDBLOCK_FUZZ` names. Run by `scripts/fuzz`.

#![no_main]
// libFuzzer calls functions by their names, which the macro exports.
#![allow(unsafe_code)]

use libfuzzer_sys::fuzz_target;
use medblock_fuzz::{TARGETS, Target, find};
use std::{env, fs, path::Path, process, sync::LazyLock};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
	let name = env::var("MEDBLOCK_FUZZ").unwrap_or_default();
	find(&name).unwrap_or_else(|| {
		let names: Vec<&str> = TARGETS.iter().map(|one| one.name).collect();
		eprintln!("MEDBLOCK_FUZZ has to be one of {}", names.join(", "));
		process::exit(2)
	})
});

/// Says which targets there are, or writes the target's seeds into a folder, which libFuzzer reads after that.
fn begin() {
	if env::var_os("MEDBLOCK_FUZZ_LIST").is_some() {
		TARGETS.iter().for_each(|one| println!("{}", one.name));
		process::exit(0);
	}
	let target = *TARGET;
	let Some(folder) = env::var_os("MEDBLOCK_FUZZ_SEEDS") else { return };
	for (number, seed) in (target.seeds)().iter().enumerate() {
		if let Err(why) = fs::write(Path::new(&folder).join(format!("seed-{number}")), seed) {
			eprintln!("can't write the seeds: {why}");
			process::exit(2);
		}
	}
}

fuzz_target!(init: begin(), |bytes: &[u8]| (TARGET.run)(bytes));
