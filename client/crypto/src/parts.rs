//! Reading a part of a record without the rest.

use std::ops::Range;

use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInPlace, KeyInit},
};
use zeroize::Zeroizing;

use crate::{
	CHUNK, Error, Key, check_header,
	file::{CHUNK_TAG, NONCE},
	hidden::hide,
	kdf,
	open::unwrapped,
};

/// Bytes of a full chunk in the file.
const STORED: u64 = (CHUNK + CHUNK_TAG) as u64;

/// What opens single chunks of one record.
///
/// A chunk authenticates itself and its place, but every holder of the file's key could have made it. It does not show that
/// it is the one that the chain names: compare the parts with digests from an index, whose own digest is in the record's
/// first chunk ([`peek_index`](crate::peek_index)).
pub struct Parts {
	key: Zeroizing<[u8; 32]>,
	/// The first chunk's place in the file.
	start: u64,
	size: u64,
	chunks: u64,
	length: u64,
}

hide!(Parts);

impl Parts {
	/// For a file of `size` bytes that begins with these: at least its header and its nonce.
	///
	/// # Errors
	///
	/// Those of [`file_key`](crate::file_key), also for a file's own key; [`Truncated`](Error::Truncated) if a file of this
	/// size has no chunk.
	pub fn new(key: Key<'_>, beginning: &[u8], size: u64) -> Result<Self, Error> {
		let header = check_header(beginning)?;
		let nonce = beginning.get(header..header + NONCE).ok_or(Error::Truncated)?;
		let start = (header + NONCE) as u64;
		let payload = size.checked_sub(start).filter(|some| *some > 0).ok_or(Error::Truncated)?;
		let chunks = payload.div_ceil(STORED);
		let length = payload.checked_sub(chunks.saturating_mul(CHUNK_TAG as u64));
		let length = length.ok_or(Error::Truncated)?;
		let file_key = unwrapped(key, beginning)?;
		// As the age specification derives it.
		let key = kdf::derive(nonce, file_key.expose(), &[b"payload"]);
		Ok(Self { key, start, size, chunks, length })
	}

	/// The length of the whole plaintext, in bytes: of headers, padding and body.
	pub fn length(&self) -> u64 {
		self.length
	}

	/// The bytes of the file that hold this part of the plaintext; nothing for an empty part, and for one that ends behind
	/// the plaintext.
	pub fn holding(&self, part: &Range<u64>) -> Option<Range<u64>> {
		if part.is_empty() || part.end > self.length {
			return None;
		}
		let place = |chunk: u64| self.start.saturating_add(chunk.saturating_mul(STORED));
		let (first, behind) = (part.start / CHUNK as u64, part.end.div_ceil(CHUNK as u64));
		Some(place(first)..place(behind).min(self.size))
	}

	/// A part of the plaintext, from the bytes that [`holding`](Self::holding) names for it.
	///
	/// # Errors
	///
	/// [`Damaged`](Error::Damaged).
	pub fn open(&self, part: &Range<u64>, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
		let held = self.holding(part).ok_or(Error::Damaged)?;
		if bytes.len() as u64 != held.end - held.start {
			return Err(Error::Damaged);
		}
		let cipher = ChaCha20Poly1305::new((&*self.key).into());
		let first = part.start / CHUNK as u64;
		let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
		for (number, chunk) in (first..).zip(bytes.chunks(STORED as usize)) {
			let (sealed, tag) = chunk.split_last_chunk::<CHUNK_TAG>().ok_or(Error::Damaged)?;
			let nonce = nonce(number, number + 1 == self.chunks);
			let from = plain.len();
			plain.extend_from_slice(sealed);
			cipher
				.decrypt_in_place_detached((&nonce).into(), b"", &mut plain[from..], tag.into())
				.map_err(|_| Error::Damaged)?;
		}
		let skipped = ((part.start % CHUNK as u64) as usize).min(plain.len());
		let length = (part.end - part.start) as usize;
		plain.drain(..skipped);
		plain.truncate(length);
		match plain.len() == length {
			true => Ok(plain),
			false => Err(Error::Damaged),
		}
	}
}

/// A chunk's nonce: its number in 11 bytes, big endian, and 1 for the last chunk.
fn nonce(number: u64, is_last: bool) -> [u8; 12] {
	let mut nonce = [0; 12];
	nonce[3..11].copy_from_slice(&number.to_be_bytes());
	nonce[11] = u8::from(is_last);
	nonce
}
