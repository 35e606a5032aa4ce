//! Reading records.

use std::{
	cell::RefCell,
	io::{self, BufRead, BufReader, Chain, Cursor, Read},
};

use age::{DecryptError, Decryptor, stream::StreamReader};
use age_core::format;

use crate::{
	CHUNK, Error, FileKey, Headers, Identity, IndexDigest, Key, MAX_HEADER, check_header,
	digest::first_chunk, file::NONCE,
};

/// The beginning, read for the header, and the rest.
type Input<R> = Chain<Cursor<Vec<u8>>, BufReader<R>>;

/// The body of a record, to be read.
///
/// Every byte is authentic, but only the end proves that none are missing: do not act on a part as if it were the
/// whole. If a chunk does not authenticate, this read and all later ones fail with
/// [`io::ErrorKind::InvalidData`] around [`Error::Damaged`], which [`Error::from_read`] takes out again.
pub struct Body<R: Read> {
	plain: BufReader<StreamReader<Input<R>>>,
	failed: bool,
}

/// Opens a record. Reads its headers at once; the body is streamed in constant memory.
///
/// # Errors
///
/// Those of [`check_header`]; [`NotForThisKey`](Error::NotForThisKey) if the file is encrypted to other keys
/// (this tells a file with a false epoch from a damaged one);
/// [`HeaderMac`](Error::HeaderMac), also for the wrong [`Key::File`]; [`Damaged`](Error::Damaged);
/// [`NotARecord`](Error::NotARecord); [`Reading`](Error::Reading).
pub fn open<R: Read>(key: Key<'_>, mut input: R) -> Result<(Headers, Body<R>), Error> {
	let mut beginning = Vec::new();
	(&mut input).take(MAX_HEADER as u64).read_to_end(&mut beginning).map_err(Error::Reading)?;
	check_header(&beginning)?;
	let whole = Cursor::new(beginning).chain(BufReader::new(input));
	let mut body = Body { plain: BufReader::new(decrypt(&key, whole)?), failed: false };
	let headers = Headers::read(&mut body.plain)?;
	Ok((headers, body))
}

/// A record's headers, from its first [`PEEK_LENGTH`](crate::PEEK_LENGTH) bytes, or from all of a shorter
/// file. The rest of the file is not checked.
///
/// # Errors
///
/// As [`open`], and [`Truncated`](Error::Truncated) if the first chunk is missing.
pub fn peek(key: Key<'_>, beginning: &[u8]) -> Result<Headers, Error> {
	Ok(first_headers(key, beginning)?.0)
}

/// The digest of the index at the end of a record's body, if it has one: from its beginning, as [`peek`].
///
/// # Errors
///
/// As [`peek`].
pub fn peek_index(key: Key<'_>, beginning: &[u8]) -> Result<Option<IndexDigest>, Error> {
	Ok(first_headers(key, beginning)?.1)
}

fn first_headers(key: Key<'_>, beginning: &[u8]) -> Result<(Headers, Option<IndexDigest>), Error> {
	let plain = decrypt(&key, first_chunk(beginning)?)?;
	// Past the first chunk, the reader would miss the second.
	Headers::read_to_padding(&mut BufReader::new(plain.take(CHUNK as u64)))
}

/// The file's own key, which shares this one record, from its first bytes: at least its whole header.
///
/// The header's MAC is verified with the key. So an attacker cannot copy another file's stanza into a file to
/// make the patient give that other file's key away.
///
/// # Errors
///
/// Those of [`check_header`], [`NotForThisKey`](Error::NotForThisKey), [`HeaderMac`](Error::HeaderMac).
pub fn file_key(identities: &[Identity], beginning: &[u8]) -> Result<FileKey, Error> {
	unwrapped(Key::Identities(identities), beginning)
}

/// The file's own key, by any key to it, once it fits the header's MAC.
pub(crate) fn unwrapped(key: Key<'_>, beginning: &[u8]) -> Result<FileKey, Error> {
	let header = &beginning[..check_header(beginning)?];
	let witness = Witness { key, seen: RefCell::new(None) };
	// The MAC does not cover the nonce: any will do.
	decrypt(&witness, header.chain(&[0; NONCE][..]))?;
	witness.seen.into_inner().ok_or(Error::NotForThisKey)
}

/// An identity that notes the file key.
struct Witness<'a> {
	key: Key<'a>,
	seen: RefCell<Option<FileKey>>,
}

impl age::Identity for Witness<'_> {
	fn unwrap_stanza(
		&self,
		stanza: &format::Stanza,
	) -> Option<Result<format::FileKey, DecryptError>> {
		let found = self.key.unwrap_stanza(stanza)?;
		if let Ok(file_key) = &found {
			self.seen.replace(Some(file_key.into()));
		}
		Some(found)
	}
}

/// Decrypts a file whose header [`check_header`] has accepted.
fn decrypt<R: BufRead>(key: &dyn age::Identity, input: R) -> Result<StreamReader<R>, Error> {
	let refused = |error| match error {
		DecryptError::NoMatchingKeys => Error::NotForThisKey,
		DecryptError::InvalidMac => Error::HeaderMac,
		DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Error::Truncated,
		DecryptError::Io(error) => Error::Reading(error),
		_ => Error::NotAnAgeFile,
	};
	Decryptor::new_buffered(input)
		.and_then(|file| file.decrypt(std::iter::once(key)))
		.map_err(refused)
}

impl<R: Read> Read for Body<R> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		if self.failed {
			return Err(io::Error::new(io::ErrorKind::InvalidData, Error::Damaged));
		}
		self.plain.read(buffer).map_err(|error| {
			self.failed = true;
			match error.kind() {
				io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
					io::Error::new(io::ErrorKind::InvalidData, Error::Damaged)
				},
				_ => error,
			}
		})
	}
}
