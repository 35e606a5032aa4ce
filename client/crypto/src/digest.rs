//! What the chain keeps about a file.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::{
	CHUNK, Error, PEEK_LENGTH, check_header,
	file::{CHUNK_TAG, NONCE},
};

/// What the chain keeps about an encrypted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
	/// SHA-256 of the whole file.
	pub digest: [u8; 32],
	/// The first 16 bytes of SHA-256 of the header, the nonce and the first chunk; see [`head_of`].
	pub head: [u8; 16],
	/// The file's size in bytes.
	pub size: u64,
}

/// Computes a file's [`Sealed`] as its bytes pass by, in constant memory.
pub struct Digest {
	whole: Sha256,
	beginning: Vec<u8>,
	size: u64,
}

impl Default for Digest {
	fn default() -> Self {
		Self::new()
	}
}

impl Digest {
	/// The digest of no bytes yet.
	pub fn new() -> Self {
		Self { whole: Sha256::new(), beginning: Vec::new(), size: 0 }
	}

	/// Adds the file's next bytes.
	pub fn update(&mut self, bytes: &[u8]) {
		self.whole.update(bytes);
		let wanted = PEEK_LENGTH as usize - self.beginning.len();
		self.beginning.extend_from_slice(&bytes[..bytes.len().min(wanted)]);
		self.size += bytes.len() as u64;
	}

	/// What the chain has to keep, if the bytes are an encrypted record.
	///
	/// # Errors
	///
	/// Those of [`head_of`].
	pub fn finish(self) -> Result<Sealed, Error> {
		let head = head_of(&self.beginning)?;
		Ok(Sealed { digest: self.whole.finalize().into(), head, size: self.size })
	}
}

impl Write for Digest {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		self.update(bytes);
		Ok(bytes.len())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

/// The first 16 bytes of SHA-256 of a file's header, nonce and first chunk with its tag, given the file's
/// first [`PEEK_LENGTH`] bytes or all of it.
///
/// It proves that what [`peek`](crate::peek) shows belongs to the file that the chain names, before the
/// rest is fetched.
///
/// # Errors
///
/// Those of [`check_header`], and [`Truncated`](Error::Truncated) if no chunk follows the header.
pub fn head_of(beginning: &[u8]) -> Result<[u8; 16], Error> {
	let digest = Sha256::digest(first_chunk(beginning)?);
	let mut head = [0; 16];
	head.copy_from_slice(&digest[..16]);
	Ok(head)
}

/// The number of a file's first bytes that [`peek`](crate::peek) and [`head_of`] need, as far as
/// `beginning` tells: at most [`PEEK_LENGTH`], and more than a short file has.
///
/// # Errors
///
/// Those of [`check_header`], except for [`Truncated`](Error::Truncated).
pub fn peek_length(beginning: &[u8]) -> Result<u64, Error> {
	match check_header(beginning) {
		Ok(header) => Ok((header + NONCE + CHUNK + CHUNK_TAG) as u64),
		Err(Error::Truncated) => Ok(PEEK_LENGTH),
		Err(why) => Err(why),
	}
}

/// Header, nonce and first chunk with its tag.
pub(crate) fn first_chunk(beginning: &[u8]) -> Result<&[u8], Error> {
	let payload = check_header(beginning)? + NONCE;
	if beginning.len() < payload + CHUNK_TAG {
		return Err(Error::Truncated);
	}
	Ok(&beginning[..beginning.len().min(payload + CHUNK + CHUNK_TAG)])
}
