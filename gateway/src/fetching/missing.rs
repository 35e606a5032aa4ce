//! What the vault is to keep and lacks, and since when.

use crate::metrics::Metrics;
use medblock_primitives::PatientId;
use std::collections::{BTreeSet, HashMap};

/// What is missing of a chart, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
	/// Files that another vault may have.
	pub files: u64,
	/// Their bytes.
	pub bytes: u64,
	/// Files that no other vault has.
	pub nowhere: u64,
}

impl Part {
	/// Adds a file that another vault may have.
	pub fn add(&mut self, bytes: u64) {
		self.files = self.files.saturating_add(1);
		self.bytes = self.bytes.saturating_add(bytes);
	}

	/// Adds a file that no other vault has.
	pub fn add_nowhere(&mut self) {
		self.nowhere = self.nowhere.saturating_add(1);
	}
}

/// What is missing, by chart.
#[derive(Default)]
pub struct Missing {
	charts: HashMap<PatientId, (Part, Option<u64>)>,
	/// The charts of which another vault may have something, by the time since when.
	by_age: BTreeSet<(u64, PatientId)>,
	all: Part,
}

impl Missing {
	/// Notes what is missing of a chart at `now`, in seconds since 1970.
	pub fn set(&mut self, patient: PatientId, part: Part, now: u64) {
		let before = self.charts.remove(&patient);
		let (had, since) = before.unwrap_or_default();
		if let Some(since) = since {
			self.by_age.remove(&(since, patient));
		}
		let all = &mut self.all;
		all.files = all.files.saturating_sub(had.files).saturating_add(part.files);
		all.bytes = all.bytes.saturating_sub(had.bytes).saturating_add(part.bytes);
		all.nowhere = all.nowhere.saturating_sub(had.nowhere).saturating_add(part.nowhere);
		if part == Part::default() {
			return;
		}
		let since = (part.files > 0).then(|| since.unwrap_or(now));
		self.by_age.extend(since.map(|since| (since, patient)));
		self.charts.insert(patient, (part, since));
	}

	/// The charts of which something is missing.
	pub fn charts(&self) -> Vec<PatientId> {
		self.charts.keys().copied().collect()
	}

	/// Whether nothing is missing that another vault may have.
	pub fn is_nothing(&self) -> bool {
		self.all.files == 0
	}

	/// Since when something is missing that another vault may have, in seconds since 1970.
	fn since(&self) -> Option<u64> {
		self.by_age.first().map(|(since, _)| *since)
	}

	/// Sets the figures.
	pub fn show(&self, metrics: &Metrics) {
		let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
		metrics.lacking_files.set(gauge(self.all.files));
		metrics.lacking_bytes.set(gauge(self.all.bytes));
		metrics.nowhere_files.set(gauge(self.all.nowhere));
		metrics.lacking_since.set(gauge(self.since().unwrap_or_default()));
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn part(files: u64, nowhere: u64) -> Part {
		Part { files, bytes: 10 * files, nowhere }
	}

	#[test]
	fn the_oldest_gap_says_how_far_the_vault_lags() {
		let mut missing = Missing::default();
		assert_eq!(missing.since(), None);
		missing.set(PatientId(1), part(2, 0), 100);
		missing.set(PatientId(2), part(1, 1), 200);
		assert_eq!((missing.all, missing.since()), (part(3, 1), Some(100)));
		missing.set(PatientId(1), part(1, 0), 300);
		assert_eq!((missing.all, missing.since()), (part(2, 1), Some(100)), "still since then");
		missing.set(PatientId(1), Part::default(), 400);
		assert_eq!((missing.all, missing.since()), (part(1, 1), Some(200)));
		assert_eq!(missing.charts(), [PatientId(2)]);
	}

	#[test]
	fn what_no_vault_has_is_no_lag() {
		let mut missing = Missing::default();
		missing.set(PatientId(1), part(1, 0), 100);
		missing.set(PatientId(1), part(0, 1), 200);
		assert!(missing.is_nothing());
		assert_eq!((missing.all, missing.since()), (part(0, 1), None));
		assert_eq!(missing.charts(), [PatientId(1)], "it is looked at again");
		missing.set(PatientId(1), part(1, 0), 300);
		assert_eq!(missing.since(), Some(300));
	}
}
