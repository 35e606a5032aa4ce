//! Lines of a record's headers.

use std::io::{BufRead, Read};

use crate::Error;

/// The longest line, its end included (RFC 5322, §2.1.1). Seven headers, each at most once and none folded, stay
/// below 8 KiB, so that all of them are in a record's first chunk.
const MAX_LINE: u64 = 1_000;

/// The next line without its CR LF.
pub(crate) fn read(input: &mut impl BufRead) -> Result<Vec<u8>, Error> {
	let mut line = Vec::new();
	input.take(MAX_LINE).read_until(b'\n', &mut line).map_err(Error::from_read)?;
	match line.strip_suffix(b"\r\n") {
		Some(text) => {
			let length = text.len();
			line.truncate(length);
			Ok(line)
		},
		None => Err(Error::NotARecord("a line of its headers is too long, or does not end")),
	}
}
