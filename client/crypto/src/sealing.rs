//! Secrets handed to a doctor through the chain.

use zeroize::Zeroizing;

use crate::{
	Error, Identity, PublicKey,
	xwing::{self, ENCAPSULATED, TAG},
};

/// The suite: X-Wing, HKDF-SHA256, ChaCha20-Poly1305. The chain gives keys for it the same number.
const SUITE: u8 = 1;

/// Bytes of a sealed secret: suite (1) ‖ encapsulated key (1,120) ‖ ciphertext (32) ‖ tag (16).
pub const SEALED_LENGTH: usize = 1 + ENCAPSULATED + 32 + TAG;

/// What a sealed secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
	/// An [`EpochSecret`](crate::EpochSecret): access to a whole chart.
	Epoch,
	/// A [`ShareKey`](crate::ShareKey): access to single records.
	Share,
}

/// Where a sealed secret belongs. It opens in exactly the context that it was sealed in, so that nobody can
/// pass one off as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
	/// What the secret is for.
	pub purpose: Purpose,
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The doctor's number.
	pub doctor: u32,
	/// For an epoch, the patient's generation; for a share key, which one of this pair it is.
	pub generation: u32,
	/// Which epoch; 0 for a share key.
	pub epoch: u32,
	/// Which of the doctor's keys it is sealed to.
	pub key_version: u32,
}

impl SealContext {
	/// HPKE's `info`: fields of fixed width, so that no two contexts read the same.
	fn info(&self) -> Vec<u8> {
		let purpose = match self.purpose {
			Purpose::Epoch => 1,
			Purpose::Share => 2,
		};
		[
			b"medblock/v1/seal",
			&[purpose][..],
			&self.genesis,
			&self.patient.to_be_bytes(),
			&self.doctor.to_be_bytes(),
			&self.generation.to_be_bytes(),
			&self.epoch.to_be_bytes(),
			&self.key_version.to_be_bytes(),
		]
		.concat()
	}
}

/// Seals a secret to a doctor's key: HPKE (RFC 9180), base mode, info as [`SealContext`] says, no
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

/// Opens what [`seal`] made.
///
/// # Errors
///
/// [`NotASealedKey`](Error::NotASealedKey) for another length or suite,
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
