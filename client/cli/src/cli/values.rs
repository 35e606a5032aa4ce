//! Values that people type: times, digests, addresses.

use crate::exit::Failure;
use jiff::{SignedDuration, Span, Timestamp, Zoned, civil::Date, tz::TimeZone};
use medblock_client::{
	chain::AccountId,
	medblock_primitives::{Moment, may_be_address},
	profiles,
};
use medblock_platform::clock;
use std::str::FromStr;

/// The end of a period.
#[derive(Clone, Copy, Debug)]
pub enum Until {
	/// A time.
	At(Timestamp),
	/// A span from now: by the chain's clock, since this machine's may be wrong.
	In(Span),
}

impl FromStr for Until {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, &'static str> {
		Self::typed(text, Timestamp::now())
	}
}

/// What is said of an end that has passed.
const OVER: &str = "that is over already";

/// What is said of an end behind the last day that the program can count to, as of 9999-12-31.
const FAR: &str = "that is too far in the future: leave it out if there is to be no end";

/// By how much a machine's clock may be wrong before a time is called over that is not, or yet to come: the chain decides.
const SLACK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Until {
	/// A time in RFC 3339, the end of a day, or a span.
	fn typed(text: &str, now: Timestamp) -> Result<Self, &'static str> {
		let unknown = "write a day like 2030-12-31, a time like 2030-12-31T12:00:00Z, or a span like 30d or 12h";
		let text = text.trim();
		let end = if let Ok(time) = text.parse::<Timestamp>() {
			time
		} else if let Some(day) = day(text) {
			let midnight = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
			midnight.map_err(|_| FAR)?.timestamp() - Span::new().milliseconds(1)
		} else {
			let span: Span = text.parse().map_err(|_| unknown)?;
			return if span.is_positive() { Ok(Self::In(span)) } else { Err(OVER) };
		};
		match now.checked_sub(SLACK).is_ok_and(|before| end < before) {
			true => Err(OVER),
			false => Ok(Self::At(end)),
		}
	}

	/// The moment, counted from the chain's time.
	pub fn after(self, now: Moment) -> Result<Moment, Failure> {
		let now = i64::try_from(now).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
		let now = now.unwrap_or(Timestamp::MAX);
		let end = match self {
			Self::At(end) => end,
			Self::In(span) => {
				let end = Zoned::new(now, TimeZone::UTC).checked_add(span);
				end.map_err(|_| Failure::usage("the end is too far in the future"))?.timestamp()
			},
		};
		match u64::try_from(end.as_millisecond()) {
			Ok(moment) if end > now => Ok(moment),
			_ => Err(Failure::usage(format!("{end} can't be the end: {OVER}"))),
		}
	}
}

/// A span of time, in milliseconds.
pub fn span(text: &str) -> Result<u64, &'static str> {
	const WRITE: &str = "write a span like 36h or 7d";
	let span: Span = text.trim().parse().map_err(|_| WRITE)?;
	let end = Zoned::new(Timestamp::UNIX_EPOCH, TimeZone::UTC).checked_add(span);
	let length = end.map_err(|_| WRITE)?.timestamp().as_millisecond();
	u64::try_from(length).ok().filter(|length| *length > 0).ok_or(WRITE)
}

/// A birth date, or that there is none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthDate(pub Option<String>);

impl FromStr for BirthDate {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		Self::typed(text, clock::now())
	}
}

/// When this was written, 2026-11-28: a machine's clock that shows less is wrong.
const WRITTEN: Moment = 1_795_824_000_000;

/// The latest time that it may be if this machine's clock shows `now`. What is after it is yet to come.
fn latest(now: Moment) -> Moment {
	let slack = u64::try_from(SLACK.as_millis()).unwrap_or_default();
	now.max(WRITTEN).saturating_add(slack)
}

impl BirthDate {
	/// Which days are yet to come is as this machine's clock has it, which may be behind. The day is compared with the
	/// chain's when it is written.
	fn typed(text: &str, now: Moment) -> Result<Self, String> {
		profiles::birth_date(text, latest(now)).map(Self).map_err(|why| why.to_string())
	}
}

/// The year in which a doctor began to practise. Which years are yet to come is as for [`BirthDate`].
pub fn year(text: &str) -> Result<u16, &'static str> {
	year_by(text, clock::now())
}

fn year_by(text: &str, now: Moment) -> Result<u16, &'static str> {
	let now = i64::try_from(latest(now)).ok();
	let now = now.and_then(|now| Timestamp::from_millisecond(now).ok()).unwrap_or(Timestamp::MAX);
	let text = text.trim();
	let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
	let year = text.parse::<u16>().ok().filter(|year| is_year && *year >= 1900);
	let year = year.ok_or("write a year like 2001, and not before 1900")?;
	match i32::from(year) > i32::from(now.to_zoned(TimeZone::UTC).year()) {
		true => Err("that year is yet to come"),
		false => Ok(year),
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
	let text = text.trim();
	if let Ok(time) = text.parse::<Timestamp>() {
		let time = moment(time)?;
		return Ok((time, time));
	}
	let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map_err(|_| unknown);
	let day = day(text).ok_or(unknown)?;
	let next = day.tomorrow().map_err(|_| unknown)?;
	let (begin, end) = (midnight(day)?.timestamp(), midnight(next)?.timestamp());
	Ok((moment(begin)?, moment(end)?.saturating_sub(1)))
}

/// A day, and nothing beside it: of a time without a zone, which may be meant in any, the parser would take the day.
fn day(text: &str) -> Option<Date> {
	let is_day = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
	is_day.then(|| text.parse().ok())?
}

/// SHA-256 of an encryption key, as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, &'static str> {
		let mut bytes = [0; 32];
		let text = text.trim();
		let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
		hex::decode_to_slice(digits, &mut bytes).map_err(|_| "a key's digest has 64 hex digits")?;
		Ok(Self(bytes))
	}
}

/// An account's address.
pub fn address(text: &str) -> Result<AccountId, &'static str> {
	let text = text.trim();
	let account = may_be_address(text).then(|| text.parse().ok()).flatten();
	account.ok_or("that is no SS58 address: copy it from the wallet once more")
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const DAY: u64 = 24 * 60 * 60 * 1_000;

	fn end(text: &str, now: Moment) -> Option<Moment> {
		Until::typed(text, Timestamp::UNIX_EPOCH).ok()?.after(now).ok()
	}

	#[test]
	fn times_are_written_in_three_ways() {
		for (text, moment) in [
			("1970-01-03T00:00:00Z", 2 * DAY),
			("1970-01-03T02:00:00+02:00", 2 * DAY),
			("1970-01-03", 3 * DAY - 1),
			("30d", 30 * DAY),
			("12h", DAY / 2),
			("1 month", 31 * DAY),
			("1w", 7 * DAY),
			("P30D", 30 * DAY),
			("PT12H", DAY / 2),
			("11h60m", DAY / 2),
			(" 30d\n", 30 * DAY),
			(" 1970-01-03", 3 * DAY - 1),
		] {
			assert_eq!(end(text, 0), Some(moment), "{text}");
		}
	}

	#[test]
	fn spans_count_from_the_chains_time() {
		// This machine's clock shows another year.
		assert_eq!(end("1h", 7 * DAY), Some(7 * DAY + DAY / 24));
		assert_eq!(end("1970-01-09", 7 * DAY), Some(9 * DAY - 1));
		assert_eq!(end("1970-01-07", 7 * DAY), None);
		// It may be some days ahead; what is over by more is refused at once.
		let machine = Timestamp::from_second(30 * 24 * 60 * 60).unwrap();
		assert!(Until::typed("1970-01-26", machine).is_ok());
		assert!(Until::typed("1970-01-20", machine).is_err());
	}

	/// Some programs write the last day of four digits for no end at all.
	#[test]
	fn end_of_all_days_is_refused_in_a_sentence_of_its_own() {
		let typed = |text: &str| Until::typed(text, Timestamp::UNIX_EPOCH);
		assert!(matches!(typed("9999-12-31"), Err(FAR)));
		assert!(typed("9998-12-31").is_ok());
	}

	#[test]
	fn nonsense_and_the_past_are_refused() {
		for text in [
			"",
			"soon",
			"1970-02-30",
			"99",
			"-3d",
			"0s",
			"1969-12-31",
			"9999999999d",
			// In which zone?
			"1970-01-03T12:00",
			"1970-01-03 12:00",
			"1970-01-03[Europe/Berlin]",
			"1970-1-3",
			"١٩٧٠-01-03",
			"0",
			"30",
			"3/1/1970",
			"03.01.1970",
			"70-01-03",
			"1970-01-03T24:00:00Z",
			"1971-02-29",
			"10000-01-01",
			"30d ago",
			"30 cats",
		] {
			assert!(end(text, 0).is_none(), "{text}");
		}
	}

	#[test]
	fn birth_dates_are_checked_when_they_are_typed() {
		for date in ["1980", "1980-05", "1980-05-12"] {
			assert_eq!(date.parse(), Ok(BirthDate(Some(date.to_owned()))));
		}
		assert_eq!("".parse(), Ok(BirthDate(None)));
		for wrong in [
			"31.12.1980",
			"1980-02-30",
			"1980-13-01",
			"3000-01-01",
			"0000",
			"1980-5-1",
			"19800512",
			"١٩٨٠",
			"1980-05-12T00:00",
			"1980-05-12\u{200e}",
		] {
			assert!(wrong.parse::<BirthDate>().is_err(), "{wrong}");
		}
		// As it is pasted.
		assert_eq!(" 1980 ".parse(), Ok(BirthDate(Some("1980".to_owned()))));
		assert_eq!("\u{a0}".parse(), Ok(BirthDate(None)));
		// A child that was born today, on a machine whose clock is two days behind.
		let today = WRITTEN + 30 * DAY;
		assert!(BirthDate::typed("2026-12-28", today - 2 * DAY).is_ok());
		assert!(BirthDate::typed("2027-01-28", today).is_err());
		// A machine whose clock has lost its battery.
		assert!(BirthDate::typed("2020-05-12", 0).is_ok());
		assert!(BirthDate::typed("3000-01-01", 0).is_err());
	}

	#[test]
	fn years_of_practice_are_checked_when_they_are_typed() {
		for (text, typed) in [("1900", 1900), (" 2001 ", 2001), ("2026", 2026)] {
			assert_eq!(year_by(text, 0), Ok(typed), "{text}");
		}
		for wrong in ["", "soon", "0", "201", "1899", "2027", "20011", "65535", "+2001", "٢٠٠١"]
		{
			assert!(year_by(wrong, 0).is_err(), "{wrong}");
		}
		assert_eq!(year_by("2027", WRITTEN + 40 * DAY), Ok(2027));
		// In the first hours of a year, on a machine whose clock is behind.
		assert_eq!(year_by("2027", WRITTEN + 33 * DAY), Ok(2027));
	}

	#[test]
	fn past_days_have_a_beginning_and_an_end() {
		assert_eq!(period("1970-01-03"), Ok((2 * DAY, 3 * DAY - 1)));
		assert_eq!(period("1970-01-03T00:00:01Z"), Ok((2 * DAY + 1_000, 2 * DAY + 1_000)));
		for text in ["", "soon", "1970-02-30", "1969-12-31", "30d", "1970-01-03T12:00"] {
			assert!(period(text).is_err(), "{text}");
		}
	}

	#[test]
	fn spans_are_longer_than_nothing() {
		for (text, length) in
			[("7d", 7 * DAY), ("36h", 3 * DAY / 2), ("6s", 6_000), ("1d 12h", 3 * DAY / 2)]
		{
			assert_eq!(span(text), Ok(length), "{text}");
		}
		for text in ["", "7", "soon", "0d", "-1d", "99999999999999d"] {
			assert!(span(text).is_err(), "{text}");
		}
	}

	#[test]
	fn addresses_of_any_length_are_refused_and_not_panicked_on() {
		let own = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		assert_eq!(address(own).unwrap().to_string(), own);
		assert_eq!(address(&format!(" {own}\n")).unwrap().to_string(), own);
		for text in ["", "5F", &"1".repeat(133), &"1".repeat(100_000), &own.repeat(3)] {
			assert!(address(text).is_err(), "{text}");
		}
	}

	#[test]
	fn digests_have_64_hex_digits() {
		assert_eq!("ab".repeat(32).parse(), Ok(Digest([0xab; 32])));
		for text in ["0x", "0X", " ", "\t0x"].map(|before| format!("{before}{}", "AB".repeat(32))) {
			assert_eq!(text.parse(), Ok(Digest([0xab; 32])), "{text}");
		}
		for text in ["", "ab", &"ab".repeat(33), &"xy".repeat(32)] {
			assert!(text.parse::<Digest>().is_err(), "{text}");
		}
	}
}
