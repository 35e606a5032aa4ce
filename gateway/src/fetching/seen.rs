//! The charts that were looked at, so that a look at a chart costs nothing until it changes.

use medblock_chain::{HospitalInfo, PatientInfo};
use medblock_primitives::{PatientId, Succession};
use pallet_consortium_runtime_api::SeatStatus;
use std::{
	collections::{HashMap, HashSet},
	hash::{DefaultHasher, Hash, Hasher},
};

/// How far a chart is known to be complete.
#[derive(Clone, Copy)]
struct Mark {
	/// A hash of what decides where its documents are, and of its profile.
	places: u64,
	/// The number of records of which the vault has all that it is to keep.
	records: u32,
}

/// All charts that are complete as far as their marks say.
#[derive(Default)]
pub struct Seen {
	/// A hash of what decides for all charts where documents are.
	consortium: u64,
	charts: HashMap<PatientId, Mark>,
	/// The charts that were looked at in this round.
	now: HashSet<PatientId>,
}

impl Seen {
	/// Begins another round. Returns whether nothing is known any more, because hospitals have changed.
	pub fn begin(&mut self, hospitals: &[HospitalInfo], successions: &[Succession]) -> bool {
		self.now.clear();
		let mut hasher = DefaultHasher::new();
		for one in hospitals {
			(one.id, one.seat == SeatStatus::Expelled).hash(&mut hasher);
		}
		for one in successions {
			(one.left, one.successor).hash(&mut hasher);
		}
		let consortium = hasher.finish();
		let has_changed = self.consortium != consortium;
		if has_changed {
			*self = Self { consortium, ..Self::default() };
		}
		has_changed
	}

	/// Forgets all charts.
	pub fn forget(&mut self) {
		self.charts.clear();
	}

	/// The record from which on to look at a chart; none if there is nothing new.
	pub fn next(&self, chart: &PatientInfo) -> Option<u32> {
		if self.now.contains(&chart.id) {
			return None;
		}
		match self.charts.get(&chart.id) {
			Some(mark) if mark.places == places(chart) => {
				(mark.records < chart.records).then_some(mark.records)
			},
			_ => Some(0),
		}
	}

	/// Notes that the vault has all that it is to keep of a chart.
	pub fn complete(&mut self, chart: &PatientInfo) {
		let mark = Mark { places: places(chart), records: chart.records };
		self.charts.insert(chart.id, mark);
	}

	/// Notes that a chart need not be looked at again in this round.
	pub fn looked_at(&mut self, chart: &PatientInfo) {
		self.now.insert(chart.id);
	}
}

fn places(chart: &PatientInfo) -> u64 {
	let mut hasher = DefaultHasher::new();
	(chart.vault, chart.mirror).hash(&mut hasher);
	for one in &chart.moves {
		(one.from, one.to).hash(&mut hasher);
	}
	if let Some(profile) = &chart.profile {
		profile.document.digest.hash(&mut hasher);
	}
	hasher.finish()
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_primitives::{Document, HospitalId, SealedDocument, Standing, VaultMove};

	fn chart(records: u32) -> PatientInfo {
		PatientInfo {
			id: PatientId(7),
			account: [7; 32].into(),
			generation: 0,
			hospital: HospitalId(0),
			standing: Standing::Verified,
			registered_at: 0,
			moving_to: None,
			profile: None,
			records,
			live: records,
			grants: 0,
			shares: 0,
			epoch: 0,
			sealing_epoch: 0,
			vault: HospitalId(0),
			mirror: None,
			moves: Vec::new(),
			profile_vaults: None,
		}
	}

	#[test]
	fn only_what_is_new_in_a_chart_is_looked_at() {
		let mut seen = Seen::default();
		assert_eq!(seen.next(&chart(3)), Some(0));
		seen.complete(&chart(3));
		assert_eq!(seen.next(&chart(3)), None);
		assert_eq!(seen.next(&chart(5)), Some(3));
		seen.looked_at(&chart(5));
		assert_eq!(seen.next(&chart(5)), None, "it was tried in this round");
		seen.begin(&[], &[]);
		assert_eq!(seen.next(&chart(5)), Some(0), "of another consortium");
	}

	#[test]
	fn what_moves_is_looked_at_from_the_beginning() {
		let document = Document { digest: [1; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
		let profile = Some(SealedDocument { document, sealed_to: 0 });
		let moves = vec![VaultMove { from: HospitalId(0), to: HospitalId(1) }];
		for changed in [
			PatientInfo { mirror: Some(HospitalId(1)), ..chart(3) },
			PatientInfo { vault: HospitalId(1), ..chart(3) },
			PatientInfo { moves, ..chart(3) },
			PatientInfo { profile, ..chart(3) },
		] {
			let mut seen = Seen::default();
			seen.complete(&chart(3));
			assert_eq!(seen.next(&changed), Some(0), "{changed:?}");
		}
	}

	#[test]
	fn a_successor_makes_all_charts_new() {
		let mut seen = Seen::default();
		let succession = [Succession { left: HospitalId(0), successor: HospitalId(1) }];
		assert!(seen.begin(&[], &[]), "nothing was known");
		seen.complete(&chart(3));
		assert!(!seen.begin(&[], &[]));
		assert_eq!(seen.next(&chart(3)), None);
		assert!(seen.begin(&[], &succession));
		assert_eq!(seen.next(&chart(3)), Some(0));
	}
}
