//! A secret of 32 bytes, wrapped under a key of the secret that follows it.

use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInPlace, KeyInit},
};
use rand::{RngCore, rngs::OsRng};
use zeroize::Zeroizing;

/// Bytes of a wrapped secret: nonce (12) ‖ ciphertext (32) ‖ tag (16).
pub const WRAPPED_LENGTH: usize = 60;

/// Encrypts with ChaCha20-Poly1305 and a random nonce. `bound` are the additional data.
pub(crate) fn wrap(key: &[u8; 32], bound: &[u8], secret: &[u8; 32]) -> [u8; WRAPPED_LENGTH] {
	let mut wrapped = [0; WRAPPED_LENGTH];
	let (nonce, rest) = wrapped.split_at_mut(12);
	let (encrypted, tag) = rest.split_at_mut(32);
	OsRng.fill_bytes(nonce);
	encrypted.copy_from_slice(secret);
	let made = ChaCha20Poly1305::new(key.into())
		.encrypt_in_place_detached((&*nonce).into(), bound, encrypted)
		.expect("32 bytes are not too many");
	tag.copy_from_slice(&made);
	wrapped
}

/// Decrypts what [`wrap`] made, if key and additional data are the same.
pub(crate) fn unwrap(
	key: &[u8; 32],
	bound: &[u8],
	wrapped: &[u8; WRAPPED_LENGTH],
) -> Option<Zeroizing<[u8; 32]>> {
	let (nonce, rest) = wrapped.split_at(12);
	let (encrypted, tag) = rest.split_at(32);
	let mut secret = Zeroizing::new([0; 32]);
	secret.copy_from_slice(encrypted);
	ChaCha20Poly1305::new(key.into())
		.decrypt_in_place_detached(nonce.into(), bound, secret.as_mut(), tag.into())
		.ok()?;
	Some(secret)
}
