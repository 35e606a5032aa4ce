//! A text that is taken is the text that is written for what was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medblock_crypto::Challenge;

fuzz_target!(|bytes: &[u8]| {
	if let Ok(text) = Challenge::unwrap_signed(bytes) {
		assert_eq!(Challenge::signed_bytes(text), bytes);
	}
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Ok(challenge) = Challenge::parse(text) {
		assert_eq!(challenge.text(), text);
		assert!(challenge.issued < challenge.expires);
		assert!(text.len() <= 1_024);
	}
});
