//! Secrets handed to a doctor through the chain.

use zeroize::Zeroizing;

use crate::{
	Error, Identity, PublicKey,
	xwing::{self, ENCAPSULATED, TAG},
};

/// The suite: X-Wing, HKDF-SHA256, ChaCha20-Poly1305. The chain gives keys for it the same number.
const SUITE: u8 = 1;

/// The length of a sealed secret: suite (1) ‖ encapsulated key (1,120) ‖ ciphertext (32) ‖ tag (16).
pub const SEALED_LENGTH: usize = 1 + ENCAPSULATED + 32 + TAG;

/// A patient who shares, and the doctor who receives, on one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The doctor's number.
	pub doctor: u32,
}

impl Pair {
	/// The pair's fields, of fixed width so that no two pairs read the same.
	pub(crate) fn bytes(&self) -> [u8; 40] {
		let mut bytes = [0; 40];
		bytes[..32].copy_from_slice(&self.genesis);
		bytes[32..36].copy_from_slice(&self.patient.to_be_bytes());
		bytes[36..].copy_from_slice(&self.doctor.to_be_bytes());
		bytes
	}
}

/// Where a sealed secret belongs. The secret opens only in the context that it was sealed in, so it
/// cannot be passed off as another.
///
/// The two constructors are the only contexts there are, so that both ends build the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
	purpose: Purpose,
	pair: Pair,
	generation: u32,
	epoch: u32,
	key_version: u32,
}

/// What a sealed secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
	Epoch = 1,
	Share = 2,
}

impl SealContext {
	/// The context of an [`EpochSecret`](crate::EpochSecret), which opens a whole chart.
	///
	/// `generation` is the patient's: it changes when all grants are revoked at once. `key_version` is the
	/// version of the doctor's key that the secret is sealed to.
	pub fn epoch(pair: Pair, generation: u32, epoch: u32, key_version: u32) -> Self {
		Self { purpose: Purpose::Epoch, pair, generation, epoch, key_version }
	}

	/// The context of a [`ShareKey`](crate::ShareKey), which opens single records.
	///
	/// `generation` counts the pair's share keys. `key_version` is the version of the doctor's key that the
	/// share key is sealed to.
	pub fn share(pair: Pair, generation: u32, key_version: u32) -> Self {
		Self { purpose: Purpose::Share, pair, generation, epoch: 0, key_version }
	}

	/// HPKE's `info`: fields of fixed width, so that no two contexts read the same.
	fn info(&self) -> Vec<u8> {
		[
			b"medblock/v1/seal",
			&[self.purpose as u8][..],
			&self.pair.bytes(),
			&self.generation.to_be_bytes(),
			&self.epoch.to_be_bytes(),
			&self.key_version.to_be_bytes(),
		]
		.concat()
	}
}

/// Seals a secret to a doctor's key: HPKE (RFC 9180), base mode, with the [`SealContext`] as info and no
/// additional data.
///
/// # Errors
///
/// [`InvalidPublicKey`](Error::InvalidPublicKey).
pub fn seal(
	to: &PublicKey,
	context: &SealContext,
	secret: &[u8; 32],
) -> Result<[u8; SEALED_LENGTH], Error> {
	let (encapsulated, ciphertext) = xwing::seal(to, &context.info(), secret)?;
	let mut sealed = [0; SEALED_LENGTH];
	sealed[0] = SUITE;
	sealed[1..=ENCAPSULATED].copy_from_slice(&encapsulated);
	sealed[1 + ENCAPSULATED..].copy_from_slice(&ciphertext);
	Ok(sealed)
}

/// Opens a sealed secret.
///
/// # Errors
///
/// [`NotASealedKey`](Error::NotASealedKey) for another length or suite.
/// [`CannotUnseal`](Error::CannotUnseal) for another key or context, or if a bit was changed.
pub fn unseal(
	with: &Identity,
	context: &SealContext,
	sealed: &[u8],
) -> Result<Zeroizing<[u8; 32]>, Error> {
	let [SUITE, sealed @ ..] = sealed else { return Err(Error::NotASealedKey) };
	if sealed.len() != SEALED_LENGTH - 1 {
		return Err(Error::NotASealedKey);
	}
	let (encapsulated, ciphertext) = sealed.split_at(ENCAPSULATED);
	let opened = xwing::open(with.seed(), &context.info(), encapsulated, ciphertext)
		.ok_or(Error::CannotUnseal)?;
	let mut secret = Zeroizing::new([0; 32]);
	secret.copy_from_slice(&opened);
	Ok(secret)
}
