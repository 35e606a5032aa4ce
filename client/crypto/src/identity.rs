//! X-Wing keys (ML-KEM-768 with X25519, draft-connolly-cfrg-xwing-kem), printed like age 1.3's post-quantum
//! keys.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, bech32, hidden::hide, xwing};

/// The length of a public key: 1,184 bytes of ML-KEM-768, then 32 of X25519.
pub const PUBLIC_KEY_LENGTH: usize = 1_216;

/// An X-Wing public key.
pub type PublicKey = [u8; PUBLIC_KEY_LENGTH];

const IDENTITY_PREFIX: &str = "age-secret-key-pq-";
const RECIPIENT_PREFIX: &str = "age1pq";

/// A private key: X-Wing's 32-byte seed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Identity([u8; 32]);

hide!(Identity);

impl Identity {
	/// The key pair of this seed. Any 32 bytes are a seed.
	pub fn from_seed(seed: [u8; 32]) -> Self {
		Self(seed)
	}

	/// The public key, computed on every call (tens of microseconds).
	pub fn public_key(&self) -> PublicKey {
		xwing::public_key(&self.0)
	}

	/// `AGE-SECRET-KEY-PQ-1…`, as age ≥ 1.3 reads it.
	pub fn to_bech32(&self) -> Zeroizing<String> {
		let mut text = bech32::encode(IDENTITY_PREFIX, &self.0);
		text.make_ascii_uppercase();
		text
	}

	/// Reads `AGE-SECRET-KEY-PQ-1…`. White space around it is ignored.
	///
	/// # Errors
	///
	/// [`NotAnIdentity`](Error::NotAnIdentity).
	pub fn parse(text: &str) -> Result<Self, Error> {
		let data = bech32::decode(IDENTITY_PREFIX, text.trim()).ok_or(Error::NotAnIdentity)?;
		data.as_slice().try_into().map(Self).map_err(|_| Error::NotAnIdentity)
	}

	/// The seed, to divide it among guardians.
	pub fn seed(&self) -> &[u8; 32] {
		&self.0
	}
}

/// SHA-256 of a public key. The chain keeps it for keys of the past.
pub fn key_digest(key: &PublicKey) -> [u8; 32] {
	Sha256::digest(key).into()
}

/// `age1pq1…`, as age ≥ 1.3 reads it.
pub fn recipient_to_bech32(key: &PublicKey) -> String {
	String::clone(&bech32::encode(RECIPIENT_PREFIX, key))
}

/// Reads `age1pq1…`. White space around it is ignored.
///
/// # Errors
///
/// [`NotARecipient`](Error::NotARecipient), or [`InvalidPublicKey`](Error::InvalidPublicKey) if the text is
/// well formed but its key cannot be sealed to.
pub fn parse_recipient(text: &str) -> Result<PublicKey, Error> {
	let data = bech32::decode(RECIPIENT_PREFIX, text.trim()).ok_or(Error::NotARecipient)?;
	check_public_key(&data)
}

/// Accepts a key that can be sealed to: 1,216 bytes, with every ML-KEM coefficient below the modulus
/// (FIPS 203, §7.2).
///
/// # Errors
///
/// [`InvalidPublicKey`](Error::InvalidPublicKey).
pub fn check_public_key(bytes: &[u8]) -> Result<PublicKey, Error> {
	if !xwing::is_public_key(bytes) {
		return Err(Error::InvalidPublicKey);
	}
	bytes.try_into().map_err(|_| Error::InvalidPublicKey)
}
