//! Values that people type: times, digests, addresses.

use jiff::{Span, Timestamp, Zoned, civil::Date, tz::TimeZone};
use medblock_client::chain::AccountId;
use std::str::FromStr;

/// The end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
	/// The time in milliseconds since 1970, by universal time.
	pub moment: u64,
}

impl FromStr for Until {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		until(text, Timestamp::now())
	}
}

/// A time in RFC 3339, the end of a day, or a span from now.
fn until(text: &str, now: Timestamp) -> Result<Until, String> {
	let unknown = || "write a day like 2030-12-31, a time like 2030-12-31T12:00:00Z, or a span like 30d or 12h";
	let end = if let Ok(time) = text.parse::<Timestamp>() {
		time
	} else if let Ok(day) = text.parse::<Date>() {
		let midnight = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
		midnight.map_err(|_| unknown())?.timestamp() - Span::new().milliseconds(1)
	} else {
		let span: Span = text.parse().map_err(|_| unknown())?;
		let from = Zoned::new(now, TimeZone::UTC);
		from.checked_add(span).map_err(|_| unknown())?.timestamp()
	};
	match u64::try_from(end.as_millisecond()) {
		Ok(moment) if end > now => Ok(Until { moment }),
		_ => Err("that is over already".into()),
	}
}

/// The beginning of a period that may be past: a day by universal time, or a time.
pub fn beginning(text: &str) -> Result<u64, &'static str> {
	period(text).map(|(begin, _)| begin)
}

/// The end of such a period.
pub fn end(text: &str) -> Result<u64, &'static str> {
	period(text).map(|(_, end)| end)
}

/// The first and the last millisecond of a day, or twice the same time in RFC 3339.
fn period(text: &str) -> Result<(u64, u64), &'static str> {
	let unknown = "write a day like 2026-12-31, or a time like 2026-12-31T12:00:00Z";
	let moment = |time: Timestamp| u64::try_from(time.as_millisecond()).map_err(|_| unknown);
	if let Ok(time) = text.parse::<Timestamp>() {
		let time = moment(time)?;
		return Ok((time, time));
	}
	let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map_err(|_| unknown);
	let day: Date = text.parse().map_err(|_| unknown)?;
	let next = day.tomorrow().map_err(|_| unknown)?;
	let (begin, end) = (midnight(day)?.timestamp(), midnight(next)?.timestamp());
	Ok((moment(begin)?, moment(end)?.saturating_sub(1)))
}

/// SHA-256 of an encryption key, as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, &'static str> {
		let mut bytes = [0; 32];
		hex::decode_to_slice(text.trim_start_matches("0x"), &mut bytes)
			.map_err(|_| "a key's digest has 64 hex digits")?;
		Ok(Self(bytes))
	}
}

/// An account's address.
pub fn address(text: &str) -> Result<AccountId, &'static str> {
	text.parse().map_err(|_| "that is no SS58 address: copy it from the wallet once more")
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const NOW: Timestamp = Timestamp::UNIX_EPOCH;
	const DAY: u64 = 24 * 60 * 60 * 1_000;

	#[test]
	fn times_are_written_in_three_ways() {
		for (text, moment) in [
			("1970-01-03T00:00:00Z", 2 * DAY),
			("1970-01-03T02:00:00+02:00", 2 * DAY),
			("1970-01-03", 3 * DAY - 1),
			("30d", 30 * DAY),
			("12h", DAY / 2),
			("1 month", 31 * DAY),
		] {
			assert_eq!(until(text, NOW), Ok(Until { moment }), "{text}");
		}
	}

	#[test]
	fn nonsense_and_the_past_are_refused() {
		for text in ["", "soon", "1970-02-30", "99", "-3d", "0s", "1969-12-31", "9999999999d"] {
			assert!(until(text, NOW).is_err(), "{text}");
		}
	}

	#[test]
	fn past_days_have_a_beginning_and_an_end() {
		assert_eq!(period("1970-01-03"), Ok((2 * DAY, 3 * DAY - 1)));
		assert_eq!(period("1970-01-03T00:00:01Z"), Ok((2 * DAY + 1_000, 2 * DAY + 1_000)));
		for text in ["", "soon", "1970-02-30", "1969-12-31", "30d"] {
			assert!(period(text).is_err(), "{text}");
		}
	}

	#[test]
	fn digests_have_64_hex_digits() {
		assert_eq!("ab".repeat(32).parse(), Ok(Digest([0xab; 32])));
		assert_eq!(format!("0x{}", "ab".repeat(32)).parse(), Ok(Digest([0xab; 32])));
		for text in ["", "ab", &"ab".repeat(33), &"xy".repeat(32)] {
			assert!(text.parse::<Digest>().is_err(), "{text}");
		}
	}
}
