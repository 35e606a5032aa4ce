//! Times as JSON has them: RFC 3339 in UTC, such as `2026-11-23T14:05:00.25Z`. For use with
//! `#[serde(with = "…")]`.
//!
//! The format is that of [`medblock_views`], so later times than [`medblock_views::LAST`] are written as that.

/// Milliseconds since 1970 ([`Moment`](medblock_primitives::Moment)).
pub mod milliseconds {
	use medblock_primitives::Moment;
	use medblock_views::Time;
	use serde::{Deserialize, Deserializer, Serialize, Serializer};

	/// Writes a time.
	pub fn serialize<S: Serializer>(time: &Moment, to: S) -> Result<S::Ok, S::Error> {
		Time::from(*time).serialize(to)
	}

	/// Reads a time. Those before 1970 are refused.
	pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
		Time::deserialize(from).map(Into::into)
	}
}

/// Seconds since 1970.
pub mod seconds {
	use super::milliseconds;
	use serde::{Deserializer, Serializer};

	/// Writes a time.
	pub fn serialize<S: Serializer>(time: &u64, to: S) -> Result<S::Ok, S::Error> {
		milliseconds::serialize(&time.saturating_mul(1_000), to)
	}

	/// Reads a time, without its fraction of a second. Those before 1970 are refused.
	pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
		milliseconds::deserialize(from).map(|time| time / 1_000)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use medblock_primitives::Moment;
	use serde::{Deserialize, Serialize};
	use serde_json::{Value, from_value, json, to_value};

	#[derive(Debug, PartialEq, Serialize, Deserialize)]
	struct Times {
		#[serde(with = "super::milliseconds")]
		fine: Moment,
		#[serde(with = "super::seconds")]
		coarse: u64,
	}

	#[test]
	fn times_are_rfc_3339_in_utc() {
		let times = Times { fine: 1_795_442_700_250, coarse: 1_795_442_700 };
		let json = json!({ "fine": "2026-11-23T14:05:00.25Z", "coarse": "2026-11-23T14:05:00Z" });
		assert_eq!(to_value(&times).unwrap(), json);
		assert_eq!(from_value::<Times>(json).unwrap(), times);
		let elsewhere =
			json!({ "fine": "2026-11-23T15:05:00.25+01:00", "coarse": "2026-11-23T14:05:00.9Z" });
		assert_eq!(from_value::<Times>(elsewhere).unwrap(), times);
		let end = to_value(Times { fine: Moment::MAX, coarse: u64::MAX }).unwrap();
		assert!(end["fine"].as_str().unwrap().starts_with("9999-01-01T"), "{end}");
		assert!(end["coarse"].as_str().unwrap().starts_with("9999-01-01T"), "{end}");
	}

	#[test]
	fn other_things_are_no_times() {
		let bad =
			[json!(1_795_442_700), json!("1969-12-31T23:59:59Z"), json!("today"), Value::Null];
		for bad in bad {
			let json = json!({ "fine": bad, "coarse": "2026-11-23T14:05:00Z" });
			assert!(from_value::<Times>(json).is_err(), "{bad}");
		}
	}
}
