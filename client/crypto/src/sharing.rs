//! File keys of single records, wrapped for one doctor.

use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInPlace, KeyInit},
};
use rand::{RngCore, rngs::OsRng};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Error, FileKey, hidden::hide, kdf};

/// Bytes of a wrapped file key: nonce (12) ‖ ciphertext (16) ‖ tag (16).
pub const WRAPPED_FILE_KEY_LENGTH: usize = 44;

const LABEL: &[u8] = b"medblock/v1/share";

/// Wraps the file keys of the records that one patient shares with one doctor. Reaches the doctor by
/// [`seal`](crate::seal).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ShareKey([u8; 32]);

hide!(ShareKey);

/// Which record a wrapped file key opens, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareContext {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The doctor's number.
	pub doctor: u32,
	/// Which of this pair's share keys wraps it.
	pub generation: u32,
	/// The record's number within the patient's chart.
	pub record: u32,
}

impl ShareContext {
	fn bound(&self) -> Vec<u8> {
		[
			LABEL,
			&self.genesis,
			&self.patient.to_be_bytes(),
			&self.doctor.to_be_bytes(),
			&self.generation.to_be_bytes(),
			&self.record.to_be_bytes(),
		]
		.concat()
	}
}

impl ShareKey {
	/// A fresh key, from the operating system's random numbers.
	pub fn generate() -> Self {
		let mut key = Self([0; 32]);
		OsRng.fill_bytes(&mut key.0);
		key
	}

	/// A key that was sealed to us.
	pub fn from_bytes(key: [u8; 32]) -> Self {
		Self(key)
	}

	/// The bytes, to seal them to the doctor.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	/// Wraps a record's file key with ChaCha20-Poly1305 and a random nonce. The key is HKDF-Expand with info
	/// `medblock/v1/share`; the additional data are `medblock/v1/share` ‖ genesis ‖ patient ‖ doctor ‖
	/// generation ‖ record (u32, big endian).
	pub fn wrap(
		&self,
		context: &ShareContext,
		file_key: &FileKey,
	) -> [u8; WRAPPED_FILE_KEY_LENGTH] {
		let mut wrapped = [0; WRAPPED_FILE_KEY_LENGTH];
		let (nonce, rest) = wrapped.split_at_mut(12);
		let (secret, tag) = rest.split_at_mut(16);
		OsRng.fill_bytes(nonce);
		secret.copy_from_slice(file_key.expose());
		let made = self
			.wrapping()
			.encrypt_in_place_detached((&*nonce).into(), &context.bound(), secret)
			.expect("16 bytes are not too many");
		tag.copy_from_slice(&made);
		wrapped
	}

	/// Unwraps what [`wrap`](Self::wrap) made.
	///
	/// # Errors
	///
	/// [`WrongFileKey`](Error::WrongFileKey).
	pub fn unwrap(
		&self,
		context: &ShareContext,
		wrapped: &[u8; WRAPPED_FILE_KEY_LENGTH],
	) -> Result<FileKey, Error> {
		let (nonce, rest) = wrapped.split_at(12);
		let (secret, tag) = rest.split_at(16);
		let mut file_key = FileKey::from_bytes([0; 16]);
		file_key.as_mut().copy_from_slice(secret);
		self.wrapping()
			.decrypt_in_place_detached(
				nonce.into(),
				&context.bound(),
				file_key.as_mut(),
				tag.into(),
			)
			.map_err(|_| Error::WrongFileKey)?;
		Ok(file_key)
	}

	fn wrapping(&self) -> ChaCha20Poly1305 {
		ChaCha20Poly1305::new((&*kdf::expand(&self.0, &[LABEL])).into())
	}
}
