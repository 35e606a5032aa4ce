//! A key or phrase that is read prints as what was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medblock_crypto::{Identity, Mnemonic, check_public_key, parse_recipient, recipient_to_bech32};

fuzz_target!(|bytes: &[u8]| {
	let _ = check_public_key(bytes);
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Ok(identity) = Identity::parse(text) {
		assert!(identity.to_bech32().eq_ignore_ascii_case(text.trim()));
	}
	if let Ok(key) = parse_recipient(text) {
		assert!(recipient_to_bech32(&key).eq_ignore_ascii_case(text.trim()));
	}
	if let Ok(phrase) = Mnemonic::parse(text) {
		let text = text.to_lowercase();
		let words =
			text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
		assert!(phrase.words().split(' ').eq(words));
	}
});
