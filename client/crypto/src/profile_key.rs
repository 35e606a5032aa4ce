//! The secrets of a hospital's profile key. Each version opens the previous one, and none opens a later
//! one. They are random and belong to no person: registrars receive them by [`seal`](crate::seal).

use rand::{RngCore, rngs::OsRng};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, Identity, PublicKey, WRAPPED_LENGTH, hidden::hide, kdf, key_digest, wrapping};

const WRAP_LABEL: &[u8] = b"medblock/v1/profile-wrap";

/// The secret of one version of a hospital's profile key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ProfileSecret([u8; 32]);

hide!(ProfileSecret);

/// A version of a hospital's profile key, on one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileVersion {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The hospital's number.
	pub hospital: u32,
	/// The version: 1 for the first.
	pub version: u32,
}

impl ProfileSecret {
	/// A fresh secret, from the system's random numbers.
	pub fn generate() -> Self {
		let mut secret = Self([0; 32]);
		OsRng.fill_bytes(&mut secret.0);
		secret
	}

	/// A secret from its bytes, once unsealed.
	pub fn from_bytes(secret: [u8; 32]) -> Self {
		Self(secret)
	}

	/// The bytes, to seal them.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	/// The key that profiles are encrypted to: HKDF-Expand, info `medblock/v1/profile-identity`.
	pub fn identity(&self) -> Identity {
		Identity::from_seed(*kdf::expand(&self.0, &[b"medblock/v1/profile-identity"]))
	}

	/// The public half of [`identity`](Self::identity), which the hospital publishes.
	pub fn public_key(&self) -> PublicKey {
		self.identity().public_key()
	}

	/// Wraps the secret of the version before `this` under this one, which is the secret of `this`, with
	/// ChaCha20-Poly1305 and a random nonce. The key is HKDF-Expand with info `medblock/v1/profile-wrap`; the
	/// additional data are `medblock/v1/profile-wrap` ‖ genesis ‖ hospital ‖ version ‖ version − 1 (u32, big
	/// endian) ‖ SHA-256 of this version's public key ‖ SHA-256 of the previous one's.
	pub fn wrap_previous(&self, this: &ProfileVersion, previous: &Self) -> [u8; WRAPPED_LENGTH] {
		let bound = self.bound(this, &key_digest(&previous.public_key()));
		wrapping::wrap(&self.wrapping_key(), &bound, &previous.0)
	}

	/// The secret of the version before `this`, given that this is the secret of `this` and that the chain
	/// keeps `previous_key_digest` as the digest of that version's public key. The key is computed again
	/// and compared, so the result is known to be the right one.
	///
	/// # Errors
	///
	/// [`WrongPreviousVersion`](Error::WrongPreviousVersion).
	pub fn unwrap_previous(
		&self,
		this: &ProfileVersion,
		previous_key_digest: &[u8; 32],
		wrapped: &[u8; WRAPPED_LENGTH],
	) -> Result<Self, Error> {
		let bound = self.bound(this, previous_key_digest);
		let secret = wrapping::unwrap(&self.wrapping_key(), &bound, wrapped)
			.ok_or(Error::WrongPreviousVersion)?;
		let previous = Self(*secret);
		if key_digest(&previous.public_key()) != *previous_key_digest {
			return Err(Error::WrongPreviousVersion);
		}
		Ok(previous)
	}

	fn wrapping_key(&self) -> Zeroizing<[u8; 32]> {
		kdf::expand(&self.0, &[WRAP_LABEL])
	}

	/// The additional data. A first version has no previous one: its number wraps round, so a secret
	/// wrapped there by mistake fits nowhere else.
	fn bound(&self, this: &ProfileVersion, previous_key_digest: &[u8; 32]) -> Vec<u8> {
		let own_key_digest = key_digest(&self.public_key());
		[
			WRAP_LABEL,
			&this.genesis,
			&this.hospital.to_be_bytes(),
			&this.version.to_be_bytes(),
			&this.version.wrapping_sub(1).to_be_bytes(),
			&own_key_digest,
			previous_key_digest,
		]
		.concat()
	}
}
