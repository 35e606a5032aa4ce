//! The public keys to which records, grants and profiles are sealed.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// X-Wing: ML-KEM-768 combined with X25519 (draft-connolly-cfrg-xwing-kem). The only suite so far.
pub const SUITE_X_WING: u8 = 1;

/// The number of bytes in an X-Wing public key: 1,184 of ML-KEM-768 and then 32 of X25519.
pub const X_WING_PUBLIC_KEY_LENGTH: u32 = 1_216;

/// The number of bytes of ML-KEM's polynomial vector: 3 × 256 coefficients of 12 bits (FIPS 203, §5.1).
const COEFFICIENT_BYTES: usize = 1_152;

/// ML-KEM's modulus q (FIPS 203, §8).
const MODULUS: u16 = 3_329;

/// The bytes of a public key, not checked yet.
pub type PublicKey = BoundedVec<u8, ConstU32<X_WING_PUBLIC_KEY_LENGTH>>;

/// The reason why a public key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidKey {
	/// This chain does not know the suite.
	UnknownSuite,
	/// The key is not 1,216 bytes long.
	WrongLength,
	/// A coefficient is not below the modulus, so nothing could be sealed to this key.
	CoefficientTooLarge,
}

/// A published encryption key, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct EncryptionKey {
	/// The suite of algorithms that the key is for; see [`SUITE_X_WING`].
	pub suite: u8,
	/// The public key's bytes.
	pub key: PublicKey,
	/// The version: 1 for the owner's first key, one more for each that replaced it.
	pub version: u32,
}

/// Whether data can be sealed to `key`: a known suite, the right length, and the modulus check that
/// FIPS 203 §7.2 asks for before encapsulation.
pub fn check_public_key(suite: u8, key: &PublicKey) -> Result<(), InvalidKey> {
	if suite != SUITE_X_WING {
		return Err(InvalidKey::UnknownSuite);
	}
	if key.len() != X_WING_PUBLIC_KEY_LENGTH as usize {
		return Err(InvalidKey::WrongLength);
	}
	let reduced = key.chunks_exact(3).take(COEFFICIENT_BYTES / 3).all(|bytes| match bytes {
		// Two coefficients of 12 bits, least significant bit first (FIPS 203, algorithm 6).
		[a, b, c] => {
			let [a, b, c] = [*a, *b, *c].map(u16::from);
			(a | (b & 0x0f) << 8) < MODULUS && (b >> 4 | c << 4) < MODULUS
		},
		_ => false,
	});
	if !reduced {
		return Err(InvalidKey::CoefficientTooLarge);
	}
	Ok(())
}

impl EncryptionKey {
	/// Accepts `key` if [`check_public_key`] does.
	pub fn new(suite: u8, key: PublicKey, version: u32) -> Result<Self, InvalidKey> {
		check_public_key(suite, &key)?;
		Ok(Self { suite, key, version })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn key_with(index: usize, bytes: [u8; 3]) -> PublicKey {
		let mut key = vec![0u8; X_WING_PUBLIC_KEY_LENGTH as usize];
		key[index * 3..index * 3 + 3].copy_from_slice(&bytes);
		key.try_into().unwrap()
	}

	/// Packs two 12-bit coefficients.
	fn packed(low: u16, high: u16) -> [u8; 3] {
		[low as u8, (low >> 8) as u8 | (high as u8) << 4, (high >> 4) as u8]
	}

	#[test]
	fn every_coefficient_has_to_be_below_the_modulus() {
		for position in [0, 1, 200, 383] {
			for (low, high, fits) in
				[(3_328, 3_328, true), (3_329, 0, false), (0, 3_329, false), (4_095, 4_095, false)]
			{
				let made = EncryptionKey::new(1, key_with(position, packed(low, high)), 1);
				let expected = if fits { Ok(()) } else { Err(InvalidKey::CoefficientTooLarge) };
				assert_eq!(made.map(|_| ()), expected, "{position} {low} {high}");
			}
		}
	}

	#[test]
	fn bytes_behind_the_coefficients_are_free() {
		let mut key = vec![0u8; X_WING_PUBLIC_KEY_LENGTH as usize];
		key[COEFFICIENT_BYTES..].fill(0xff);
		assert!(EncryptionKey::new(1, key.try_into().unwrap(), 1).is_ok());
	}

	#[test]
	fn other_lengths_and_suites_are_refused() {
		for length in [0, 32, 1_184, 1_215] {
			let key = vec![0u8; length].try_into().unwrap();
			assert_eq!(EncryptionKey::new(1, key, 1), Err(InvalidKey::WrongLength));
		}
		for suite in [0, 2, 255] {
			let made = EncryptionKey::new(suite, key_with(0, [0; 3]), 1);
			assert_eq!(made, Err(InvalidKey::UnknownSuite));
		}
	}
}
