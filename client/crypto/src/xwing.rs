//! HPKE (RFC 9180) in base mode, single shot, with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305: the only suite,
//! within age files and outside them.

use hpke::{
	Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
	kem::XWing,
};
use zeroize::Zeroizing;

use crate::{Error, PublicKey};

/// The length of an encapsulated key, in bytes.
pub(crate) const ENCAPSULATED: usize = 1_120;

/// The length of the authentication tag, in bytes.
pub(crate) const TAG: usize = 16;

/// The public key of a 32-byte X-Wing seed.
pub(crate) fn public_key(seed: &[u8; 32]) -> PublicKey {
	XWing::sk_to_pk(&private_key(seed)).to_bytes().into()
}

/// Whether these bytes are a key to seal to: their length, and the modulus check of FIPS 203, §7.2.
pub(crate) fn is_public_key(bytes: &[u8]) -> bool {
	<XWing as Kem>::PublicKey::from_bytes(bytes).is_ok()
}

/// Seals `secret`. Returns the encapsulated key, and the ciphertext with its tag.
pub(crate) fn seal(
	to: &PublicKey,
	info: &[u8],
	secret: &[u8],
) -> Result<([u8; ENCAPSULATED], Vec<u8>), Error> {
	let to = <XWing as Kem>::PublicKey::from_bytes(to).map_err(|_| Error::InvalidPublicKey)?;
	let (encapsulated, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
		&OpModeS::Base,
		&to,
		info,
		secret,
		&[],
	)
	.map_err(|_| Error::InvalidPublicKey)?;
	Ok((encapsulated.to_bytes().into(), sealed))
}

/// The secret in `sealed`, if it was sealed to this seed's key with this `info`.
pub(crate) fn open(
	with: &[u8; 32],
	info: &[u8],
	encapsulated: &[u8],
	sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
	let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
	hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
		&OpModeR::Base,
		&private_key(with),
		&encapsulated,
		info,
		sealed,
		&[],
	)
	.map(Zeroizing::new)
	.ok()
}

fn private_key(seed: &[u8; 32]) -> <XWing as Kem>::PrivateKey {
	<XWing as Kem>::PrivateKey::from_bytes(seed).expect("every 32 bytes are a seed")
}
