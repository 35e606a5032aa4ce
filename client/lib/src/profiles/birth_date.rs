//! Birth dates, as FHIR R4 has them (<https://hl7.org/fhir/R4/datatypes.html#date>): a year, a month, or a day.

use crate::{Error, Result};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use medblock_primitives::Moment;

/// The earliest year that is taken for one of a living person. Anything before is a slip.
const EARLIEST: i16 = 1850;

/// By which places on earth are ahead of universal time at most, in milliseconds: a child born there today
/// was born on the next day by universal time.
const AHEAD: i64 = 14 * 60 * 60 * 1_000;

/// A birth date as it was typed: `1980`, `1980-05` or `1980-05-12`. Nothing if it is empty. `now` says which
/// days are yet to come.
///
/// # Errors
///
/// [`Error::BadValue`] if this is no date in one of these forms, or none of a living person.
pub fn birth_date(text: &str, now: Moment) -> Result<Option<String>> {
	let text = text.trim();
	if text.is_empty() {
		return Ok(None);
	}
	let wrong = |problem| Error::BadValue { what: "the birth date", problem };
	let born = beginning(text).ok_or(wrong(
		"has to be a day as 1980-12-31, or a month as 1980-12 or a year as 1980 if no more is known",
	))?;
	if born.year() < EARLIEST {
		return Err(wrong("is too long ago"));
	}
	let now = i64::try_from(now).unwrap_or(i64::MAX).saturating_add(AHEAD);
	let today = Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX);
	if born > today.to_zoned(TimeZone::UTC).date() {
		return Err(wrong("is in the future"));
	}
	Ok(Some(text.to_owned()))
}

/// The time at which a person with this birth date becomes so old, by universal time. Of a month or a year, the
/// first day counts. Nothing if this is no date, or that time is before 1970.
pub fn comes_of_age(birth_date: &str, years: u8) -> Option<Moment> {
	let span = Span::new().try_years(years).ok()?;
	// Who is born on the 29th of February comes of age on the 28th, where there is no 29th.
	let day = beginning(birth_date)?.checked_add(span).ok()?;
	let midnight = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
	Moment::try_from(midnight.as_millisecond()).ok().filter(|moment| *moment > 0)
}

/// Whether this is a date in one of FHIR's forms, and one that there is.
pub fn is_fhir_date(text: &str) -> bool {
	beginning(text).is_some()
}

/// The first day that the text may mean.
fn beginning(text: &str) -> Option<Date> {
	let mut parts = text.split('-');
	let year = digits(parts.next()?, 4)?;
	let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
	let day = parts.next().map_or(Some(1), |part| digits(part, 2))?;
	if parts.next().is_some() || year == 0 {
		return None;
	}
	Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i16> {
	let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
	fits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	/// 2026-11-28, noon.
	const NOW: Moment = 1_795_867_200_000;

	#[test]
	fn age_is_counted_from_the_first_day_that_the_birth_date_may_mean() {
		let midnight = |text: &str| {
			let day: Date = text.parse().unwrap();
			let time = day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
			Some(time as Moment)
		};
		for (born, years, day) in [
			("2015-05-12", 18, "2033-05-12"),
			("2015-05", 18, "2033-05-01"),
			("2015", 16, "2031-01-01"),
			("2012-02-29", 18, "2030-02-28"),
			("2012-02-29", 20, "2032-02-29"),
		] {
			assert_eq!(comes_of_age(born, years), midnight(day), "{born}");
		}
		for born in ["", "12.5.2015", "2015-13"] {
			assert_eq!(comes_of_age(born, 18), None, "{born}");
		}
		assert_eq!(comes_of_age("1940", 18), None);
	}

	#[test]
	fn years_months_and_days_are_kept_as_they_were_typed() {
		for date in ["1980", "1980-05", "1980-05-12", "2000-02-29", "2026-11-28", "2026-11-29"] {
			assert_eq!(birth_date(date, NOW).unwrap().as_deref(), Some(date), "{date}");
			assert!(is_fhir_date(date), "{date}");
		}
		assert_eq!(birth_date(" 1980-05\n", NOW).unwrap().as_deref(), Some("1980-05"));
		for empty in ["", "  "] {
			assert_eq!(birth_date(empty, NOW).unwrap(), None);
		}
	}

	#[test]
	fn what_is_no_date_of_a_living_person_is_refused() {
		for wrong in [
			"31.12.1980",
			"1980-02-30",
			"1980-13-01",
			"3000-01-01",
			"2026-11-30",
			"1780-01-01",
			"1980-5",
			"80",
			"1980-05-12T00:00:00Z",
			"1980-05-12-01",
			"0000",
			"+980",
			"1980/05/12",
			"١٩٨٠",
			"once",
			"1980-",
			"-1980",
		] {
			let why = birth_date(wrong, NOW).unwrap_err();
			assert!(
				matches!(why, Error::BadValue { what: "the birth date", .. }),
				"{wrong}: {why}"
			);
		}
	}
}
