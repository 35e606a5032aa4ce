//! Key derivation: HKDF-SHA256 (RFC 5869), with a label of its own for each use.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Extracts from `input` and expands to 32 bytes. `info` is given in parts.
pub(crate) fn derive(salt: &[u8], input: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	expanded(&Hkdf::new(Some(salt), input), info)
}

/// Expands a key that is already uniformly random.
pub(crate) fn expand(key: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	expanded(&Hkdf::from_prk(key).expect("32 bytes are a full key for SHA-256"), info)
}

fn expanded(hkdf: &Hkdf<Sha256>, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	let mut key = Zeroizing::new([0; 32]);
	hkdf.expand_multi_info(info, key.as_mut()).expect("HKDF gives up to 8,160 bytes");
	key
}
