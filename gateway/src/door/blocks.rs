//! Blocks that requests name.
//!
//! Only recent ones are answered about. Otherwise an account could ask, by the access that it has now, about times at
//! which it had none, and each request for an old block would cost the node the state, and perhaps the runtime, of that
//! block.

use super::{facts::Payer, kept::Kept};
use crate::authority::View;
use medblock_chain::{At, BlockHash, Error};
use medblock_vault_protocol::door::Refused;

/// How many blocks behind the final one a block may be: the states that a node without an archive has. Clients read at
/// one final block while they do one thing, which takes seconds.
const RECENT: u32 = 256;
/// How many blocks are known by their hash.
const KEPT: usize = 1_024;

/// The blocks that were named last.
pub(super) struct Blocks(Kept<(String, BlockHash), At>);

impl Default for Blocks {
	fn default() -> Self {
		Self(Kept::new(KEPT))
	}
}

impl Blocks {
	/// The block with this hash, if it is recent: the final one, one of those just before, or any that is not final yet.
	/// A block that the node does not know is refused, too.
	pub(super) async fn recent(
		&self,
		view: &View,
		hash: BlockHash,
		client: &impl Payer,
	) -> Result<At, Refused> {
		if let Some(known) = [&view.finalized, &view.best].into_iter().find(|at| at.hash() == hash)
		{
			return Ok(known.clone());
		}
		// Another node may not have the block.
		let key = (view.chain.url().to_owned(), hash);
		let named = self.0.get(key, async {
			client.pay(1)?;
			view.chain.at(hash).await.map_err(|why| match why {
				Error::UnknownBlock(_) => Refused::OldBlock,
				why => client.failed(&why),
			})
		});
		let at = named.await?;
		is_recent(at.number(), view.finalized.number()).then_some(at).ok_or(Refused::OldBlock)
	}
}

/// Whether a block of this number is answered about while the final one has that number. A block beside the chain has
/// the state of a recent one, too.
fn is_recent(number: u32, finalized: u32) -> bool {
	number.saturating_add(RECENT) >= finalized
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn recent_blocks_are_those_around_the_final_one_and_all_after_it() {
		for (number, finalized, expected) in [
			(0, 0, true),
			(0, 256, true),
			(0, 257, false),
			(743, 1_000, false),
			(744, 1_000, true),
			(1_000, 1_000, true),
			(1_001, 1_000, true),
			(u32::MAX, 1_000, true),
			(u32::MAX - 256, u32::MAX, true),
			(u32::MAX - 257, u32::MAX, false),
		] {
			assert_eq!(is_recent(number, finalized), expected, "{number} at {finalized}");
		}
	}
}
