//! How much is kept: a bounded number of segments and bytes. The oldest make room for new ones.

use medblock_platform::{Files, Result, clock, storage::Found};
use std::collections::BTreeMap;

/// The most that is kept for one account of one chain.
#[derive(Clone, Copy)]
pub(super) struct Limits {
	pub(super) segments: usize,
	pub(super) bytes: u64,
}

impl Limits {
	/// Titles of some fifty thousand records, in up to a thousand charts. A browser reads all of it at its start.
	pub(super) const USUAL: Self = Self { segments: 1_024, bytes: 8 * 1_024 * 1_024 };
}

/// The segments that are stored, by their names.
pub(super) struct Room(BTreeMap<String, Written>);

struct Written {
	length: u64,
	/// In milliseconds since 1970. No two that this program has written are the same.
	at: u64,
}

impl Room {
	/// What is in a folder, which is given with a last `/`.
	pub(super) async fn of(files: &dyn Files, folder: &str) -> Result<Self> {
		let found = files.list(folder).await?.into_iter();
		let written =
			found.map(|Found { name, length, modified }| (name, Written { length, at: modified }));
		Ok(Self(written.collect()))
	}

	pub(super) fn names(&self) -> impl Iterator<Item = &str> {
		self.0.keys().map(String::as_str)
	}

	/// Notes what was written.
	pub(super) fn note(&mut self, name: String, length: usize) {
		let newest = self.0.values().map(|one| one.at).max().unwrap_or_default();
		let at = clock::now().max(newest.saturating_add(1));
		self.0.insert(name, Written { length: length as u64, at });
	}

	pub(super) fn forget(&mut self, name: &str) {
		self.0.remove(name);
	}

	/// The oldest segments, as many as are too many.
	pub(super) fn excess(&self, limits: Limits) -> Vec<String> {
		let mut count = self.0.len();
		let mut bytes: u64 = self.0.values().map(|one| one.length).sum();
		let mut oldest: Vec<_> = self.0.iter().collect();
		oldest.sort_unstable_by_key(|(_, one)| one.at);
		let mut excess = Vec::new();
		for (name, one) in oldest {
			if count <= limits.segments && bytes <= limits.bytes {
				break;
			}
			excess.push(name.clone());
			count = count.saturating_sub(1);
			bytes = bytes.saturating_sub(one.length);
		}
		excess
	}
}
