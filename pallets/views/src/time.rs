//! Times, as JSON.

use jiff::Timestamp;
use medblock_primitives::{Minute, Moment};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt};

/// The latest time that is shown, `9999-01-01T00:00:00Z`: RFC 3339 ends with the year 9999.
pub const LAST: Moment = 253_370_764_800_000;

/// A time, not later than [`LAST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(Moment);

impl From<Moment> for Time {
	fn from(moment: Moment) -> Self {
		Self(moment.min(LAST))
	}
}

impl From<Minute> for Time {
	fn from(minute: Minute) -> Self {
		Moment::from(minute.0).saturating_mul(60_000).into()
	}
}

impl From<Time> for Moment {
	fn from(time: Time) -> Self {
		time.0
	}
}

impl fmt::Display for Time {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		let milliseconds = i64::try_from(self.0).map_err(|_| fmt::Error)?;
		let time = Timestamp::from_millisecond(milliseconds).map_err(|_| fmt::Error)?;
		time.fmt(formatter)
	}
}

impl Serialize for Time {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

impl<'de> Deserialize<'de> for Time {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Cow::<str>::deserialize(deserializer)?;
		let time = text.parse::<Timestamp>().ok();
		time.and_then(|time| Moment::try_from(time.as_millisecond()).ok())
			.map(Self::from)
			.ok_or_else(|| D::Error::custom("a time has to be RFC 3339, and not before 1970"))
	}
}
