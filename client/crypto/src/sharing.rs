//! File keys of single records, wrapped for one doctor.

use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInPlace, KeyInit},
};
use rand::{RngCore, rngs::OsRng};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{EmergencyPlan, Error, FileKey, Pair, Root, hidden::hide, kdf};

/// The length of a wrapped file key: nonce (12) ‖ ciphertext (16) ‖ tag (16).
pub const WRAPPED_FILE_KEY_LENGTH: usize = 44;

const LABEL: &[u8] = b"medblock/v1/share";

/// The purpose of a wrapped file key that a plan for emergencies opens.
const EMERGENCY_LABEL: &[u8] = b"medblock/v1/emergency-record";

/// The key that wraps the file keys of the records that one patient shares with one doctor, or opens in an emergency. It
/// reaches the doctor by [`seal`](crate::seal).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ShareKey([u8; 32]);

hide!(ShareKey);

/// The record that a wrapped file key opens, and the doctor or the plan it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareContext(Purpose);

/// What a file key is wrapped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
	Share { pair: Pair, generation: u32, record: u32 },
	Emergency { plan: EmergencyPlan, record: u32 },
}

impl ShareContext {
	/// The context of a record, by its number in the patient's chart, under the pair's share key of this
	/// `generation`.
	pub fn new(pair: Pair, generation: u32, record: u32) -> Self {
		Self(Purpose::Share { pair, generation, record })
	}

	/// The context of a record, by its number in the patient's chart, that a plan for emergencies opens.
	pub fn emergency(plan: EmergencyPlan, record: u32) -> Self {
		Self(Purpose::Emergency { plan, record })
	}

	fn bound(&self) -> Vec<u8> {
		match &self.0 {
			Purpose::Share { pair, generation, record } => {
				[LABEL, &pair.bytes(), &generation.to_be_bytes(), &record.to_be_bytes()].concat()
			},
			Purpose::Emergency { plan, record } => {
				[EMERGENCY_LABEL, &plan.bytes(), &record.to_be_bytes()].concat()
			},
		}
	}
}

impl ShareKey {
	/// The share key that a patient's root gives for a pair, the share's `generation` and the version of
	/// the doctor's key that it is sealed to: HKDF-SHA256 of the root, info `medblock/v1/share-key` ‖ genesis
	/// ‖ patient ‖ doctor ‖ generation ‖ key version (u32, big endian).
	///
	/// So the patient can add records to a share without the records that were shared before. A doctor
	/// whose key was replaced has no share key in common with a holder of the earlier one.
	pub fn derive(root: &Root, pair: Pair, generation: u32, key_version: u32) -> Self {
		let info: [&[u8]; 4] = [
			b"medblock/v1/share-key",
			&pair.bytes(),
			&generation.to_be_bytes(),
			&key_version.to_be_bytes(),
		];
		Self(*kdf::derive(&[], root.expose(), &info))
	}

	/// A fresh key, from the system's random numbers: for a plan for emergencies, which is never added to.
	pub fn generate() -> Self {
		let mut key = Self([0; 32]);
		OsRng.fill_bytes(&mut key.0);
		key
	}

	/// A key from its bytes, once unsealed.
	pub fn from_bytes(key: [u8; 32]) -> Self {
		Self(key)
	}

	/// The bytes, to seal them.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	/// Wraps a record's file key with ChaCha20-Poly1305 and a random nonce. The key is HKDF-Expand with info
	/// `medblock/v1/share`; the additional data are `medblock/v1/share` ‖ genesis ‖ patient ‖ doctor ‖
	/// generation ‖ record (u32, big endian). For an emergency they are `medblock/v1/emergency-record` ‖ genesis ‖ patient ‖
	/// division ‖ record.
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

	/// Unwraps a file key.
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
