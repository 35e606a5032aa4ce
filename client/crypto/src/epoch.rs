//! The secrets of a chart's epochs. Each opens the previous one, and none opens a later one.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
	Error, Identity, PublicKey, Root, WRAPPED_LENGTH, hidden::hide, kdf, key_digest, wrapping,
};

/// Random bytes that a patient draws afresh for every transaction that publishes an epoch.
pub type Salt = [u8; 16];

const WRAP_LABEL: &[u8] = b"medblock/v1/wrap";

/// The secret of one epoch of one chart.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct EpochSecret([u8; 32]);

hide!(EpochSecret);

impl EpochSecret {
	/// The secret that a patient's root gives for this chain (`genesis`: the hash of its block 0), salt and
	/// epoch: HKDF-SHA256(salt, root, `medblock/v1/epoch` ‖ genesis ‖ epoch (u32, big endian)).
	///
	/// The patient's id is not part of it, since epochs 0 and 1 are made before there is an id. The salt
	/// makes every attempt's secrets different.
	pub fn derive(root: &Root, genesis: &[u8; 32], salt: &Salt, epoch: u32) -> Self {
		let info: [&[u8]; 3] = [b"medblock/v1/epoch", genesis, &epoch.to_be_bytes()];
		Self(*kdf::derive(salt, root.expose(), &info))
	}

	/// A secret from its bytes, once unsealed.
	pub fn from_bytes(secret: [u8; 32]) -> Self {
		Self(secret)
	}

	/// The bytes, to seal them.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	/// The key that the epoch's records are encrypted to: HKDF-Expand, info `medblock/v1/epoch-identity`.
	pub fn identity(&self) -> Identity {
		Identity::from_seed(*kdf::expand(&self.0, &[b"medblock/v1/epoch-identity"]))
	}

	/// The public half of [`identity`](Self::identity), which the patient publishes.
	pub fn public_key(&self) -> PublicKey {
		self.identity().public_key()
	}

	/// Wraps the secret of epoch `epoch − 1` under this one, which is the secret of `epoch`, with
	/// ChaCha20-Poly1305 and a random nonce. The key is HKDF-Expand with info `medblock/v1/wrap`; the
	/// additional data are `medblock/v1/wrap` ‖ genesis ‖ epoch ‖ epoch − 1 (u32, big endian) ‖ SHA-256 of this
	/// epoch's public key ‖ SHA-256 of the previous one's.
	pub fn wrap_previous(
		&self,
		genesis: &[u8; 32],
		epoch: u32,
		previous: &Self,
	) -> [u8; WRAPPED_LENGTH] {
		let bound = self.bound(genesis, epoch, &key_digest(&previous.public_key()));
		wrapping::wrap(&self.wrapping_key(), &bound, &previous.0)
	}

	/// The secret of epoch `epoch − 1`, given that this is the secret of `epoch` and that the chain keeps
	/// `previous_key_digest` as the digest of that epoch's public key. The key is computed again and
	/// compared, so the result is known to be the right one.
	///
	/// # Errors
	///
	/// [`WrongPreviousEpoch`](Error::WrongPreviousEpoch).
	pub fn unwrap_previous(
		&self,
		genesis: &[u8; 32],
		epoch: u32,
		previous_key_digest: &[u8; 32],
		wrapped: &[u8; WRAPPED_LENGTH],
	) -> Result<Self, Error> {
		let bound = self.bound(genesis, epoch, previous_key_digest);
		let secret = wrapping::unwrap(&self.wrapping_key(), &bound, wrapped)
			.ok_or(Error::WrongPreviousEpoch)?;
		let previous = Self(*secret);
		if key_digest(&previous.public_key()) != *previous_key_digest {
			return Err(Error::WrongPreviousEpoch);
		}
		Ok(previous)
	}

	/// The tag that the patient publishes with a standby key. It proves to holders of this epoch that the
	/// key is the patient's: HMAC-SHA256 of the key, under HKDF-Expand with info `medblock/v1/standby`.
	pub fn standby_tag(&self, standby: &PublicKey) -> [u8; 32] {
		let key = kdf::expand(&self.0, &[b"medblock/v1/standby"]);
		let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_ref())
			.expect("HMAC takes keys of any length");
		mac.update(standby);
		mac.finalize().into_bytes().into()
	}

	/// Checks in constant time that a holder of this epoch published `standby`.
	///
	/// # Errors
	///
	/// [`WrongStandbyKey`](Error::WrongStandbyKey): the patient did not publish this key.
	pub fn check_standby(&self, standby: &PublicKey, tag: &[u8; 32]) -> Result<(), Error> {
		if bool::from(self.standby_tag(standby).ct_eq(tag)) {
			Ok(())
		} else {
			Err(Error::WrongStandbyKey)
		}
	}

	fn wrapping_key(&self) -> Zeroizing<[u8; 32]> {
		kdf::expand(&self.0, &[WRAP_LABEL])
	}

	/// The additional data. Epoch 0 has no previous one: its number wraps round, so a key wrapped there by
	/// mistake fits nowhere else.
	fn bound(&self, genesis: &[u8; 32], epoch: u32, previous_key_digest: &[u8; 32]) -> Vec<u8> {
		let own_key_digest = key_digest(&self.public_key());
		[
			WRAP_LABEL,
			genesis,
			&epoch.to_be_bytes(),
			&epoch.wrapping_sub(1).to_be_bytes(),
			&own_key_digest,
			previous_key_digest,
		]
		.concat()
	}
}
