//! Ranges of bytes (RFC 9110, §14): one a request. Other than that RFC suggests, a malformed range is refused
//! and not ignored, so that no client gets, and has written down for it, more than it wanted.

use std::ops::Range;

/// The value of `Range` for these bytes.
pub fn header(bytes: &Range<u64>) -> String {
	format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1))
}

/// The value of `Content-Range` for these bytes of a file of `length`.
pub fn content_header(bytes: &Range<u64>, length: u64) -> String {
	format!("bytes {}-{}/{length}", bytes.start, bytes.end.saturating_sub(1))
}

/// The value of `Content-Range` that goes with status 416, for a file of `length`.
pub fn unsatisfied_header(length: u64) -> String {
	format!("bytes */{length}")
}

/// Reads the value of `Range` for a file of `length`: one range that has at least one of its bytes.
pub fn parse(text: &str, length: u64) -> Option<Range<u64>> {
	let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
	let range = match (first, last) {
		("", suffix) => length.saturating_sub(number(suffix)?)..length,
		(first, "") => number(first)?..length,
		(first, last) => {
			let (first, last) = (number(first)?, number(last)?);
			if first > last {
				return None;
			}
			first..last.saturating_add(1).min(length)
		},
	};
	(range.start < range.end).then_some(range)
}

fn number(text: &str) -> Option<u64> {
	let is_plain = text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
	is_plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn a_range_is_one_part_of_the_file() {
		for (text, expected) in [
			("bytes=0-0", Some(0..1)),
			("bytes=0-99", Some(0..100)),
			("bytes=10-19", Some(10..20)),
			("bytes=10-", Some(10..100)),
			("bytes=10-1000", Some(10..100)),
			("bytes=-10", Some(90..100)),
			("bytes=-1000", Some(0..100)),
			("bytes=-0", None),
			("bytes=100-", None),
			("bytes=20-10", None),
			("bytes=0-1,5-6", None),
			("bytes=", None),
			("bytes=-", None),
			("bytes=a-b", None),
			("bytes=+1-2", None),
			("bytes= 1-2", None),
			("bytes=1-2 ", None),
			("bytes=99999999999999999999-", None),
			("bytes=0-18446744073709551615", None),
			("items=0-1", None),
		] {
			assert_eq!(parse(text, 100), expected, "{text}");
		}
	}

	proptest! {
		#[test]
		fn a_range_reads_back(length in 1..u64::MAX / 4, start: u64, size: u64) {
			let start = start % length;
			let bytes = start..start + 1 + size % (length - start);
			prop_assert_eq!(parse(&header(&bytes), length), Some(bytes));
		}
	}
}
