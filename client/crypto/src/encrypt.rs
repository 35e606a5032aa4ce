//! Writing records.

use std::io::{self, BufWriter, Read, Write};

use age::Encryptor;
use zeroize::Zeroizing;

use crate::{
	CHUNK, Error, Headers, IndexDigest, MAX_HEADER, MAX_RECIPIENTS, PublicKey, Sealed,
	digest::Digest,
	file::{CHUNK_TAG, NONCE},
	stanza::Recipient,
};

/// Encrypts a record to every key in `to` (at most [`MAX_RECIPIENTS`]) under a fresh file key. Streams in
/// constant memory. Returns what the chain has to keep.
///
/// If this fails, the output is useless: write to a temporary file, and rename it afterwards.
///
/// # Errors
///
/// Before anything is written: [`RecipientCount`](Error::RecipientCount),
/// [`InvalidPublicKey`](Error::InvalidPublicKey), and the errors about `headers`. Afterwards:
/// [`BodyLength`](Error::BodyLength) if `body` does not have exactly `body_length` bytes,
/// [`Reading`](Error::Reading) and [`Writing`](Error::Writing).
pub fn encrypt(
	to: &[PublicKey],
	headers: &Headers,
	body: impl Read,
	body_length: u64,
	out: impl Write,
) -> Result<Sealed, Error> {
	write(to, headers, None, (body, body_length), out)
}

/// As [`encrypt`], for a body that ends with an index of what is in it. The record's first chunk, which the chain's head
/// covers, then names the index's digest: [`peek_index`](crate::peek_index) reads it. So a reader who fetches a part of the
/// record knows that it is the very part that the chain names, if the index has the digests of all parts.
///
/// # Errors
///
/// Those of [`encrypt`].
pub fn encrypt_indexed(
	to: &[PublicKey],
	headers: &Headers,
	index: &IndexDigest,
	body: impl Read,
	body_length: u64,
	out: impl Write,
) -> Result<Sealed, Error> {
	write(to, headers, Some(index), (body, body_length), out)
}

fn write(
	to: &[PublicKey],
	headers: &Headers,
	index: Option<&IndexDigest>,
	(mut body, body_length): (impl Read, u64),
	out: impl Write,
) -> Result<Sealed, Error> {
	headers.check()?;
	let encryptor = encryptor(to)?;
	// The age library writes its header word by word, and fails without a reason if a write is partial.
	// The buffer holds the whole header, so only whole blocks reach `out`.
	let out = BufWriter::with_capacity(MAX_HEADER, Hashed { digest: Digest::new(), out });
	let mut stream = encryptor.wrap_output(out).map_err(Error::Writing)?;
	stream.write_all(&headers.write(index, body_length)).map_err(Error::Writing)?;
	copy_exactly(&mut body, body_length, &mut stream)?;
	let mut out = stream.finish().map_err(Error::Writing)?;
	out.flush().map_err(Error::Writing)?;
	let out = out.into_inner().map_err(|error| Error::Writing(error.into_error()))?;
	out.digest.finish()
}

/// The length of the encrypted file without its age header, in bytes: [`encrypt`] makes one that is longer by that alone,
/// which is at most [`MAX_HEADER`].
pub fn length_without_header(headers: &Headers, body_length: u64) -> u64 {
	let plaintext = headers.plaintext_length(None, body_length);
	let chunks = plaintext.div_ceil(CHUNK as u64).max(1);
	plaintext.saturating_add(chunks.saturating_mul(CHUNK_TAG as u64)).saturating_add(NONCE as u64)
}

fn encryptor(to: &[PublicKey]) -> Result<Encryptor, Error> {
	if to.is_empty() || to.len() > MAX_RECIPIENTS {
		return Err(Error::RecipientCount(to.len()));
	}
	let recipients: Vec<_> = to.iter().map(Recipient).collect();
	// There is at least one, and all are of one kind: only a key can be wrong.
	Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as _))
		.map_err(|_| Error::InvalidPublicKey)
}

fn copy_exactly(from: &mut impl Read, length: u64, to: &mut impl Write) -> Result<(), Error> {
	let mut buffer = Zeroizing::new(vec![0; CHUNK]);
	let mut left = length;
	loop {
		let count = match from.read(&mut buffer) {
			Ok(count) => count,
			Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
			Err(error) => return Err(Error::Reading(error)),
		};
		// The end has to come exactly when nothing is left: one further read checks that.
		match (count as u64, left) {
			(0, 0) => return Ok(()),
			(0, _) => return Err(Error::BodyLength),
			(count, left) if count > left => return Err(Error::BodyLength),
			_ => left -= count as u64,
		}
		to.write_all(&buffer[..count]).map_err(Error::Writing)?;
	}
}

/// Writes and hashes.
struct Hashed<W> {
	digest: Digest,
	out: W,
}

impl<W: Write> Write for Hashed<W> {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		let written = self.out.write(bytes)?;
		self.digest.update(&bytes[..written]);
		Ok(written)
	}

	fn flush(&mut self) -> io::Result<()> {
		self.out.flush()
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{Identity, check_header};

	#[test]
	fn length_is_known_before_anything_is_encrypted() {
		let headers = Headers {
			title: "Scan".into(),
			media_type: "application/dicom".into(),
			file_name: Some("a scan.dcm".into()),
			written_at: None,
		};
		let keys = [Identity::from_seed([7; 32]).public_key()];
		for length in [0, 1, 3_900, 65_536, 1_048_576, 2_000_003] {
			let (body, mut file) = (vec![9; length], Vec::new());
			let sealed = encrypt(&keys, &headers, &body[..], length as u64, &mut file);
			let header = check_header(&file).unwrap() as u64;
			let without = length_without_header(&headers, length as u64);
			assert_eq!(sealed.unwrap().size, header + without, "{length}");
		}
	}
}
