//! Records as age v1 files (C2SP `age`): their measures, and what they are opened with.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Identity, hidden::hide};

/// Bytes that a header has at most. Four stanzas need 6.2 KiB.
pub const MAX_HEADER: usize = 16 * 1024;

/// Stanzas that a header has at most.
pub const MAX_STANZAS: usize = 4;

/// Keys that a file is encrypted to at most. Each has a stanza, and the age library adds one that nobody
/// opens (random, 13 to 190 bytes), so that all readers learn to pass over what they do not know.
pub const MAX_RECIPIENTS: usize = MAX_STANZAS - 1;

/// Plaintext bytes in every chunk but the last.
pub const CHUNK: usize = 64 * 1024;

/// Bytes between the header and the first chunk.
pub(crate) const NONCE: usize = 16;

/// Bytes that each chunk grows by.
pub(crate) const CHUNK_TAG: usize = 16;

/// As many of a file's first bytes as [`peek`](crate::peek) and [`head_of`](crate::head_of) need, however
/// long its header.
pub const PEEK_LENGTH: u64 = (MAX_HEADER + NONCE + CHUNK + CHUNK_TAG) as u64;

/// The key of one file: 128 bits, never used for another.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; 16]);

hide!(FileKey);

impl FileKey {
	/// A key that was shared with us.
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

/// What a file is opened with.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
	/// Any of these private keys.
	Identities(&'a [Identity]),
	/// The file's own key.
	File(&'a FileKey),
}
