//! The header that pads a record, so that its size says little about its content.

use std::io::BufRead;

use crate::{Error, line};

/// The last header. Its value is only `x`, folded over many lines.
pub(crate) const NAME: &str = "MedBlock-Padding";

/// The shortest: name, colon and one line.
const MIN: usize = NAME.len() + 1 + MIN_LINE;

/// A space, at least one `x`, and CR LF.
const MIN_LINE: usize = 4;

/// Bytes in each line, its end included. RFC 5322 allows 1,000.
const LINE: usize = 512;

const SMALL_STEP: u64 = 4 * 1024;
const LARGE_STEP: u64 = 64 * 1024;
const SMALL: u64 = 1024 * 1024;

/// The longest padding that is read: a large step and the shortest padding.
const MAX: usize = LARGE_STEP as usize + MIN;

/// The length of the whole entity, given its length without padding: a multiple of 4 KiB up to 1 MiB, and of
/// 64 KiB beyond.
pub(crate) fn padded(unpadded: u64) -> u64 {
	let least = unpadded.saturating_add(MIN as u64);
	let step = if least <= SMALL { SMALL_STEP } else { LARGE_STEP };
	least.checked_next_multiple_of(step).unwrap_or(u64::MAX)
}

/// Appends a padding header of `length` bytes, or of [`MIN`] if that is more.
pub(crate) fn write(length: usize, out: &mut Vec<u8>) {
	out.extend_from_slice(NAME.as_bytes());
	out.push(b':');
	let mut left = length.max(MIN) - NAME.len() - 1;
	let mut room = LINE - NAME.len() - 1;
	while left > 0 {
		// Never leaves less than a line.
		let line = match left.checked_sub(room) {
			None | Some(0) => left,
			Some(rest) if rest < MIN_LINE => room - MIN_LINE,
			Some(_) => room,
		};
		out.push(b' ');
		out.resize(out.len() + line - 3, b'x');
		out.extend_from_slice(b"\r\n");
		left -= line;
		room = LINE;
	}
}

/// Whether this is a line of padding, after the name and without its end.
pub(crate) fn is_line(line: &[u8]) -> bool {
	matches!(line, [b' ', b'x', rest @ ..] if rest.iter().all(|byte| *byte == b'x'))
}

/// Reads the padding's further lines and the empty line that ends the headers.
pub(crate) fn skip(input: &mut impl BufRead) -> Result<(), Error> {
	let mut total = 0;
	loop {
		let line = line::read(input)?;
		if line.is_empty() {
			return Ok(());
		}
		if !is_line(&line) {
			return Err(Error::NotARecord("something stands in or behind its padding"));
		}
		total += line.len() + 2;
		if total > MAX {
			return Err(Error::NotARecord("its padding is too long"));
		}
	}
}
