//! The check of every age header before it is parsed.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use crate::{Error, MAX_HEADER, MAX_STANZAS};

const VERSION: &[u8] = b"age-encryption.org/v1\n";

/// Characters in a stanza body's full line.
const COLUMNS: usize = 64;

/// The length of the age header at the start of `beginning`, which is a file's first bytes or all of it. Only
/// the first [`MAX_HEADER`] bytes are read.
///
/// The check is strict: version 1, 1 to [`MAX_STANZAS`] stanzas of any kind, canonical base64 wrapped at
/// 64 columns, and none of the forms that older implementations also accepted. It needs no key, so gateways
/// can do it too.
///
/// # Errors
///
/// [`NotAnAgeFile`](Error::NotAnAgeFile), [`HeaderTooLong`](Error::HeaderTooLong),
/// [`TooManyStanzas`](Error::TooManyStanzas), and [`Truncated`](Error::Truncated) if `beginning` ends
/// within the header.
pub fn check_header(beginning: &[u8]) -> Result<usize, Error> {
	if !beginning.starts_with(VERSION) {
		let cut = VERSION.starts_with(beginning);
		return Err(if cut { Error::Truncated } else { Error::NotAnAgeFile });
	}
	let mut lines = Lines { bytes: beginning, position: VERSION.len() };
	let mut stanzas = 0;
	loop {
		let line = lines.next()?;
		if let Some(mac) = line.strip_prefix(b"--- ") {
			if stanzas == 0 || mac.len() != 43 || !is_base64(mac) {
				return Err(Error::NotAnAgeFile);
			}
			return Ok(lines.position);
		}
		let arguments = line.strip_prefix(b"-> ").ok_or(Error::NotAnAgeFile)?;
		stanzas += 1;
		if stanzas > MAX_STANZAS {
			return Err(Error::TooManyStanzas);
		}
		if !arguments.split(|byte| *byte == b' ').all(is_argument) {
			return Err(Error::NotAnAgeFile);
		}
		loop {
			let line = lines.next()?;
			if line.len() > COLUMNS || !is_base64(line) {
				return Err(Error::NotAnAgeFile);
			}
			// A body ends with a line that is not full, and may be empty.
			if line.len() < COLUMNS {
				break;
			}
		}
	}
}

/// One or more visible ASCII characters.
fn is_argument(argument: &[u8]) -> bool {
	!argument.is_empty() && argument.iter().all(u8::is_ascii_graphic)
}

/// Canonical base64 without padding.
fn is_base64(text: &[u8]) -> bool {
	BASE64_STANDARD_NO_PAD.decode(text).is_ok()
}

struct Lines<'a> {
	bytes: &'a [u8],
	position: usize,
}

impl<'a> Lines<'a> {
	/// The next line without its end.
	fn next(&mut self) -> Result<&'a [u8], Error> {
		let end = self.bytes.len().min(MAX_HEADER);
		let rest = &self.bytes[self.position..end];
		match rest.iter().position(|byte| *byte == b'\n') {
			Some(length) => {
				self.position += length + 1;
				Ok(&rest[..length])
			},
			None if end == MAX_HEADER => Err(Error::HeaderTooLong),
			None => Err(Error::Truncated),
		}
	}
}
