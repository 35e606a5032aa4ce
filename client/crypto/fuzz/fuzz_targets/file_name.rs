//! Whatever the name, what becomes of it is safe, and stays as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medblock_crypto::safe_file_name;

fuzz_target!(|name: &str| {
	let safe = safe_file_name(name);
	assert!((1..=200).contains(&safe.len()));
	assert!(!safe.contains(['/', '\\', ':', '\0', '\u{1b}', '\u{202e}', '\n']));
	assert!(!safe.starts_with(['.', '-', ' ', '~']) && !safe.ends_with(['.', ' ']));
	assert_eq!(safe_file_name(&safe), safe);
});
