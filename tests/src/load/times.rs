//! How long things took.

use serde_json::{Value, json};
use std::time::Duration;

/// The upper bounds of a histogram's classes, in milliseconds. The last class has none.
const BOUNDS: [u64; 12] =
	[250, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 13_000, 21_000, 34_000];

/// Times, the shortest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times(Vec<Duration>);

impl FromIterator<Duration> for Times {
	fn from_iter<T: IntoIterator<Item = Duration>>(times: T) -> Self {
		let mut times: Vec<_> = times.into_iter().collect();
		times.sort_unstable();
		Self(times)
	}
}

impl Times {
	/// The number of them.
	pub fn count(&self) -> usize {
		self.0.len()
	}

	/// The shortest time that at least so many percent of all do not exceed. None if there are none.
	pub fn percentile(&self, percent: usize) -> Option<Duration> {
		let rank = (self.0.len() * percent).div_ceil(100).max(1);
		self.0.get(rank - 1).copied()
	}

	/// The number of times in each class, with the class's upper bound in milliseconds.
	pub fn histogram(&self) -> Vec<(Option<u64>, usize)> {
		let up_to = |bound: u64| {
			let bound = Duration::from_millis(bound);
			self.0.partition_point(|time| *time <= bound)
		};
		let mut before = 0;
		let mut classes = Vec::new();
		for bound in BOUNDS {
			let all = up_to(bound);
			classes.push((Some(bound), all - before));
			before = all;
		}
		classes.push((None, self.0.len() - before));
		classes
	}

	/// The usual percentiles and the histogram, each time also as a multiple of `check`.
	pub fn json(&self, check: Duration) -> Value {
		let at = |percent| self.percentile(percent).map(|time| in_checks(time, check));
		let classes = self.histogram();
		let classes: Vec<_> = classes
			.iter()
			.map(|(bound, count)| json!({ "upToMs": bound, "count": count }))
			.collect();
		json!({
			"count": self.count(),
			"p50": at(50),
			"p95": at(95),
			"p99": at(99),
			"histogram": classes,
		})
	}
}

/// A time in milliseconds, and as a multiple of `check`.
pub fn in_checks(time: Duration, check: Duration) -> Value {
	json!({ "ms": time.as_secs_f64() * 1_000.0, "v": multiple(time.as_secs_f64(), check) })
}

/// So many seconds as a multiple of `check`.
pub fn multiple(seconds: f64, check: Duration) -> f64 {
	seconds / check.as_secs_f64()
}

#[cfg(test)]
mod tests {
	use super::*;

	fn milliseconds(all: impl IntoIterator<Item = u64>) -> Times {
		all.into_iter().map(Duration::from_millis).collect()
	}

	#[test]
	fn percentiles_are_times_that_occurred() {
		let hundred = milliseconds((1..=100).rev());
		let at = |percent| hundred.percentile(percent).map(|time| time.as_millis());
		assert_eq!([at(0), at(50), at(95), at(99)], [1, 50, 95, 99].map(Some));
		assert_eq!(at(100), Some(100));
		let one = milliseconds([7]);
		let at = |percent| one.percentile(percent).map(|time| time.as_millis());
		assert_eq!([at(1), at(50), at(99)], [Some(7); 3]);
		// Of three, the second is the median, and the last is all above two thirds.
		let three = milliseconds([30, 10, 20]);
		let at = |percent| three.percentile(percent).map(|time| time.as_millis());
		assert_eq!([at(33), at(34), at(50), at(67), at(99)], [10, 20, 20, 30, 30].map(Some));
	}

	#[test]
	fn no_times_have_no_percentile() {
		let none = Times::default();
		assert_eq!((none.count(), none.percentile(50)), (0, None));
		assert_eq!(none.json(Duration::from_micros(50))["p99"], Value::Null);
	}

	#[test]
	fn each_time_is_in_one_class_of_the_histogram() {
		let times = milliseconds([1, 250, 251, 999, 1_000, 34_000, 34_001, 90_000]);
		let classes = times.histogram();
		assert_eq!(classes.iter().map(|(_, count)| count).sum::<usize>(), times.count());
		let of = |bound| classes.iter().find(|(one, _)| *one == bound).map(|(_, count)| *count);
		assert_eq!((of(Some(250)), of(Some(500)), of(Some(750))), (Some(2), Some(1), Some(0)));
		assert_eq!((of(Some(1_000)), of(Some(34_000)), of(None)), (Some(2), Some(1), Some(2)));
	}

	#[test]
	fn times_are_multiples_of_a_check() {
		let told = in_checks(Duration::from_millis(1), Duration::from_micros(50));
		assert_eq!(
			(told["ms"].as_f64(), told["v"].as_f64().map(f64::round)),
			(Some(1.0), Some(20.0))
		);
	}
}
