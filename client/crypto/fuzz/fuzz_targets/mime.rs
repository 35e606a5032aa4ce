//! Headers that are taken show nothing that misleads, and come back from a record that is written with them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use medblock_crypto::{
	Headers, Identity, Key, MAX_TITLE, PublicKey, encrypt, open, safe_file_name,
};

static IDENTITY: LazyLock<[Identity; 1]> = LazyLock::new(|| [Identity::from_seed([1; 32])]);
static RECIPIENT: LazyLock<[PublicKey; 1]> = LazyLock::new(|| [IDENTITY[0].public_key()]);

fuzz_target!(|entity: &[u8]| {
	let mut rest = entity;
	let Ok(headers) = Headers::read(&mut rest) else { return };
	assert!(entity.ends_with(rest) && entity.len() - rest.len() < 80 * 1024);
	assert!(headers.title.len() <= MAX_TITLE);
	assert!(!headers.title.chars().any(|letter| letter.is_control() || letter == '\u{202e}'));
	assert!(headers.media_type.contains('/') && headers.media_type.is_ascii());
	if let Some(name) = &headers.file_name {
		assert_eq!(*name, safe_file_name(name));
	}
	// What is read is more than what is written: a title may be empty.
	let mut file = Vec::new();
	if let Ok(sealed) = encrypt(&*RECIPIENT, &headers, rest, rest.len() as u64, &mut file) {
		assert_eq!(sealed.size, file.len() as u64);
		let (found, _) = open(Key::Identities(&*IDENTITY), &file[..]).expect("it is ours");
		assert!(found == headers);
	}
});
