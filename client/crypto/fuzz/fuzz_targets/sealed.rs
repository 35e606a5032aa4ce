//! Nothing that was not sealed for us opens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medblock_crypto::{
	EpochSecret, Identity, Pair, SEALED_LENGTH, SealContext, ShareContext, ShareKey,
	WRAPPED_FILE_KEY_LENGTH, WRAPPED_LENGTH, unseal,
};

fuzz_target!(|bytes: &[u8]| {
	let genesis = [0; 32];
	let pair = Pair { genesis, patient: 1, doctor: 2 };
	let context = SealContext::epoch(pair, 0, 0, 1);
	let identity = Identity::from_seed([1; 32]);
	assert!(unseal(&identity, &context, bytes).is_err());
	// Long enough to be looked into.
	let mut sealed = [0; SEALED_LENGTH];
	let length = bytes.len().min(SEALED_LENGTH - 1);
	sealed[0] = 1;
	sealed[1..=length].copy_from_slice(&bytes[..length]);
	assert!(unseal(&identity, &context, &sealed).is_err());

	let mut wrapped = [0; WRAPPED_LENGTH];
	let length = bytes.len().min(WRAPPED_LENGTH);
	wrapped[..length].copy_from_slice(&bytes[..length]);
	let secret = EpochSecret::from_bytes([1; 32]);
	assert!(secret.unwrap_previous(&genesis, 1, &[0; 32], &wrapped).is_err());

	let mut wrapped = [0; WRAPPED_FILE_KEY_LENGTH];
	let length = bytes.len().min(WRAPPED_FILE_KEY_LENGTH);
	wrapped[..length].copy_from_slice(&bytes[..length]);
	let context = ShareContext::new(pair, 0, 0);
	assert!(ShareKey::from_bytes([1; 32]).unwrap(&context, &wrapped).is_err());
});
