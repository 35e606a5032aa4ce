//! Times in FHIR's forms `instant` and `dateTime`: RFC 3339, in UTC.

use jiff::Timestamp;
use medblock_client::medblock_primitives::Moment;

/// A required time. A time after the year 9999, the last that FHIR knows, is shown as that year's
/// end.
pub fn instant(moment: Moment) -> String {
	limit(moment).unwrap_or_else(|| Timestamp::MAX.to_string())
}

/// The time at which something ends; nothing if that is after the year 9999.
pub fn limit(moment: Moment) -> Option<String> {
	let ms = i64::try_from(moment).ok()?;
	Some(Timestamp::from_millisecond(ms).ok()?.to_string())
}

/// A time in seconds since 1970, which may also lie before.
pub fn date_time(seconds: i64) -> Option<String> {
	let time = Timestamp::from_second(seconds).ok()?;
	// FHIR's years have four digits and no sign.
	(time.strftime("%Y").to_string().len() == 4 && seconds > YEAR_1).then(|| time.to_string())
}

/// The beginning of the year 1, in seconds since 1970.
const YEAR_1: i64 = -62_135_596_800;

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn times_have_a_year_of_four_digits() {
		assert_eq!(instant(1_500), "1970-01-01T00:00:01.5Z");
		assert!(instant(Moment::MAX).starts_with("9999-12-"));
		assert_eq!(limit(Moment::MAX), None);
		assert_eq!(date_time(-1).as_deref(), Some("1969-12-31T23:59:59Z"));
		assert_eq!(date_time(YEAR_1 - 1), None);
		assert_eq!(date_time(YEAR_1 + 1).as_deref(), Some("0001-01-01T00:00:01Z"));
		assert_eq!(date_time(i64::MAX), None);
	}
}
