//! Arbitrary bytes never open as a file, and parsing a header stays within its bounds.
#![no_main]

use std::{io::Read, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use medblock_crypto::{
	Digest, FileKey, Identity, Key, MAX_HEADER, check_header, file_key, head_of, open, peek,
};

static IDENTITY: LazyLock<[Identity; 1]> = LazyLock::new(|| [Identity::from_seed([1; 32])]);

fuzz_target!(|file: &[u8]| {
	let length = check_header(file);
	if let Ok(length) = length {
		assert!(length <= MAX_HEADER && length <= file.len());
		assert_eq!(file[length - 1], b'\n');
		// The bytes behind the header do not matter.
		assert_eq!(check_header(&file[..length]).ok(), Some(length));
		assert!(check_header(&file[..length - 1]).is_err());
	}
	let mut digest = Digest::new();
	digest.update(file);
	assert_eq!(digest.finish().ok().map(|sealed| sealed.head), head_of(file).ok());
	assert!(file_key(&*IDENTITY, file).is_err());
	let own = FileKey::from_bytes([1; 16]);
	for key in [Key::Identities(&*IDENTITY), Key::File(&own)] {
		let _ = peek(key, file);
		if let Ok((_, mut body)) = open(key, file) {
			let _ = body.read_to_end(&mut Vec::new());
		}
		assert!(length.is_ok() || open(key, file).is_err());
	}
});
