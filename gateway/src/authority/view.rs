//! The two blocks that every question is put to.

use super::Block;
use crate::errors::Refusal;
use medblock_chain::{At, BlockHash, Chain};
use medblock_primitives::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// The greatest age of the final block, in milliseconds by the wall clock.
pub const MAX_AGE: Moment = 60_000;

/// A node's final and best block, and the current time.
#[derive(Clone)]
pub struct View {
	/// The node.
	pub chain: Chain,
	/// The final block.
	pub finalized: At,
	/// The best block.
	pub best: At,
	/// The final block's time as the node says it, also if this machine's clock has not come there.
	pub finalized_time: Moment,
	best_time: Moment,
	wall: Moment,
}

impl View {
	/// Asks a node for its final and its best block. Only blocks that are new since `before` are read: a block
	/// does not change.
	pub async fn of(chain: &Chain, before: Option<&Self>) -> Result<Self, medblock_chain::Error> {
		let (finalized, best) = tokio::try_join!(chain.finalized_hash(), chain.best_hash())?;
		let block = |hash| async move {
			if let Some(known) = before.and_then(|before| before.known(hash)) {
				return Ok(known);
			}
			let at = chain.at(hash).await?;
			let time = at.now().await?;
			Ok::<_, medblock_chain::Error>((at, time))
		};
		let ((finalized, finalized_time), (best, best_time)) =
			tokio::try_join!(block(finalized), block(best))?;
		let (chain, wall) = (chain.clone(), wall_clock());
		Ok(Self { chain, finalized, best, finalized_time, best_time, wall })
	}

	/// The block with this hash and its time, if it is one of the two.
	fn known(&self, hash: BlockHash) -> Option<(At, Moment)> {
		if hash == self.finalized.hash() {
			return Some((self.finalized.clone(), self.finalized_time));
		}
		(hash == self.best.hash()).then(|| (self.best.clone(), self.best_time))
	}

	/// The best block, unless it is the final one.
	pub fn best_apart(&self) -> Option<&At> {
		(self.best.hash() != self.finalized.hash()).then_some(&self.best)
	}

	/// Whether one of the two blocks is new since `before`.
	pub fn has_news(&self, before: &Self) -> bool {
		[&self.finalized, &self.best].iter().any(|at| before.known(at.hash()).is_none())
	}

	/// The latest time that any clock shows, so that a slow clock makes no grant last longer.
	pub fn now(&self) -> Moment {
		self.wall.max(self.best_time).max(self.finalized_time)
	}

	/// The final block's time, as far as this machine's clock has come. It tells how long files are kept: a node that
	/// claims a later time must make none of them older.
	pub fn chain_time(&self) -> Moment {
		bounded(self.finalized_time, self.wall)
	}

	/// The age of the final block, in milliseconds by the wall clock.
	pub fn age(&self) -> Moment {
		self.wall.saturating_sub(self.finalized_time)
	}

	/// Refuses a final block that is too old to decide by.
	pub fn fresh(self) -> Result<Self, Refusal> {
		match is_fresh(self.finalized_time, self.wall) {
			true => Ok(self),
			false => Err(Refusal::NodeBehind),
		}
	}

	/// The final block.
	pub fn block(&self) -> Block {
		Block {
			number: self.finalized.number(),
			hash: self.finalized.hash().0,
			time: self.chain_time(),
		}
	}
}

/// Whether a block of this time is recent.
fn is_fresh(block: Moment, wall: Moment) -> bool {
	wall.saturating_sub(block) <= MAX_AGE
}

/// The time of a block that counts: none that is ahead of the wall clock.
pub(super) fn bounded(block: Moment, wall: Moment) -> Moment {
	block.min(wall)
}

/// Milliseconds since 1970 by this machine's clock.
pub fn wall_clock() -> Moment {
	let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	Moment::try_from(since.as_millis()).unwrap_or(Moment::MAX)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_block_is_fresh_for_a_minute() {
		let wall = 1_780_000_000_000;
		assert!(is_fresh(wall, wall));
		assert!(is_fresh(wall - 60_000, wall));
		assert!(!is_fresh(wall - 60_001, wall));
		// Genesis has no time.
		assert!(!is_fresh(0, wall));
		// A validator's clock may be ahead of ours.
		assert!(is_fresh(wall + 5_000, wall));
	}

	#[test]
	fn a_block_of_the_future_has_the_time_of_this_machines_clock() {
		let wall = 1_780_000_000_000;
		assert_eq!(bounded(wall - 5_000, wall), wall - 5_000);
		assert_eq!(bounded(wall, wall), wall);
		for future in [wall + 1, wall + 40 * 24 * 60 * 60 * 1_000, Moment::MAX] {
			assert_eq!(bounded(future, wall), wall);
		}
	}
}
