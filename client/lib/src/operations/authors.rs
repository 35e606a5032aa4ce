//! The authors of recent blocks. The chain itself takes an hour to notice that a validator has
//! stopped.

use crate::{Result, chain::Chain};
use medblock_primitives::HospitalId;
use pallet_consortium_runtime_api::SeatStatus;
use std::collections::BTreeMap;

/// The number of turns that every seated validator has in the blocks of one search.
const TURNS: u32 = 8;

/// The largest number of blocks in one search. Nodes forget the state after a block once 256 others
/// are final.
const LOOKED_AT_MOST: u32 = 240;

/// The authors of a node's last blocks, among the hospitals whose validators are seated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authors {
	looked: u32,
	seated: Vec<HospitalId>,
	last: BTreeMap<HospitalId, u32>,
}

impl Authors {
	/// Searches backwards from the best block, until it has found each of them or each had enough
	/// turns.
	pub async fn of(chain: &Chain) -> Result<Self> {
		let best = chain.best().await?;
		let seated: Vec<HospitalId> = best
			.hospitals()
			.await?
			.into_iter()
			.filter(|one| one.seat == SeatStatus::Seated)
			.map(|one| one.id)
			.collect();
		let seats = u32::try_from(seated.len()).unwrap_or(u32::MAX);
		let looked = TURNS.saturating_mul(seats).min(LOOKED_AT_MOST);
		let mut last: BTreeMap<HospitalId, u32> = BTreeMap::new();
		for number in (best.number().saturating_sub(looked)..=best.number()).rev() {
			if seated.iter().all(|one| last.contains_key(one)) {
				break;
			}
			let Some(at) = chain.at_number(number).await? else { continue };
			if let Some(author) = at.author().await? {
				last.entry(author).or_insert(number);
			}
		}
		Ok(Self { looked, seated, last })
	}

	/// The largest number of blocks in this search.
	pub fn looked(&self) -> u32 {
		self.looked
	}

	/// The last of these blocks that a hospital has made.
	pub fn last_of(&self, hospital: HospitalId) -> Option<u32> {
		self.last.get(&hospital).copied()
	}

	/// The hospitals that are seated and have made none of these blocks.
	pub fn silent(&self) -> impl Iterator<Item = HospitalId> + '_ {
		self.seated.iter().copied().filter(|one| !self.last.contains_key(one))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn silent_are_the_seated_who_made_nothing() {
		let seated = vec![HospitalId(0), HospitalId(1), HospitalId(3)];
		// A validator that has just lost its seat may still have made some.
		let last = BTreeMap::from([(HospitalId(0), 7), (HospitalId(2), 8)]);
		let authors = Authors { looked: 24, seated, last };
		let silent: Vec<_> = authors.silent().collect();
		assert_eq!(silent, [HospitalId(1), HospitalId(3)]);
		assert_eq!(
			(authors.last_of(HospitalId(0)), authors.last_of(HospitalId(1))),
			(Some(7), None)
		);
	}
}
