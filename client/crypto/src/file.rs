//! Records as age v1 files (C2SP `age`): their limits, and the keys that open them.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Identity, hidden::hide};

/// The longest header, in bytes. 64 stanzas need 97.4 KiB.
pub const MAX_HEADER: usize = 104 * 1024;

/// The most stanzas in a header: while a chart is due, a file is encrypted to each of its doctors.
pub const MAX_STANZAS: usize = 64;

/// The most keys that a file is encrypted to. Each has a stanza, and the age library adds a random one of 13
/// to 190 bytes that no key opens, so that readers have to ignore stanzas that they do not know.
pub const MAX_RECIPIENTS: usize = MAX_STANZAS - 1;

/// Plaintext bytes in every chunk but the last.
pub const CHUNK: usize = 64 * 1024;

/// Bytes between the header and the first chunk.
pub(crate) const NONCE: usize = 16;

/// Bytes that encryption adds to each chunk.
pub(crate) const CHUNK_TAG: usize = 16;

/// The number of a file's first bytes that [`peek`](crate::peek) and [`head_of`](crate::head_of) need,
/// however long the header is.
pub const PEEK_LENGTH: u64 = (MAX_HEADER + NONCE + CHUNK + CHUNK_TAG) as u64;

/// The number of first bytes that are enough for most files: up to nine stanzas.
/// [`peek_length`](crate::peek_length) then tells whether they are.
pub const USUAL_PEEK_LENGTH: u64 = (16 * 1024 + NONCE + CHUNK + CHUNK_TAG) as u64;

/// The key of one file: 128 bits, used for this file only.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; 16]);

hide!(FileKey);

impl FileKey {
	/// A key from its bytes, once unwrapped.
	pub fn from_bytes(key: [u8; 16]) -> Self {
		Self(key)
	}

	/// The bytes.
	pub fn expose(&self) -> &[u8; 16] {
		&self.0
	}

	pub(crate) fn as_mut(&mut self) -> &mut [u8; 16] {
		&mut self.0
	}
}

/// What opens a file.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
	/// Any of these private keys.
	Identities(&'a [Identity]),
	/// The file's own key.
	File(&'a FileKey),
}
