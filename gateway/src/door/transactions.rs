//! Whether a transaction is in a block, and what it did.
//!
//! Browsers ask for each new block while they wait. The gateway fetches a block once, and gives each client the
//! events of the transaction whose hash it names: a client that did not make a transaction does not know its hash.

use medblock_chain::{BlockHash, Chain, Error, Transaction};
use medblock_vault_protocol::door::Found;
use std::{
	collections::VecDeque,
	sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// How many blocks are kept.
const BLOCKS: usize = 32;

type Block = Arc<OnceCell<Vec<Transaction>>>;

/// The transactions of the blocks that clients asked for last.
#[derive(Default)]
pub(super) struct Recent(Mutex<VecDeque<(BlockHash, Block)>>);

impl Recent {
	/// The transaction with this hash in a block, if the block contains it.
	pub(super) async fn find(
		&self,
		chain: &Chain,
		block: BlockHash,
		transaction: BlockHash,
	) -> Result<Option<Found>, Error> {
		let kept = self.block(block);
		let read = async || chain.at(block).await?.transactions().await;
		let all = kept.get_or_try_init(read).await?;
		let index = all.iter().position(|one| one.hash == transaction);
		let found = index.and_then(|index| Some((u32::try_from(index).ok()?, all.get(index)?)));
		Ok(found.map(|(index, found)| {
			let events = format!("0x{}", hex::encode(&found.events));
			Found { index, events }
		}))
	}

	/// The block's slot, which many may wait for.
	fn block(&self, hash: BlockHash) -> Block {
		let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
		if let Some((_, block)) = blocks.iter().find(|(known, _)| *known == hash) {
			return block.clone();
		}
		if blocks.len() >= BLOCKS {
			blocks.pop_front();
		}
		let block = Block::default();
		blocks.push_back((hash, block.clone()));
		block
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_last_blocks_are_kept() {
		let recent = Recent::default();
		let hash = |number: u8| BlockHash::from([number; 32]);
		let first = recent.block(hash(0));
		assert!(Arc::ptr_eq(&first, &recent.block(hash(0))));
		for number in 1..=32 {
			recent.block(hash(number));
		}
		assert!(!Arc::ptr_eq(&first, &recent.block(hash(0))), "it was dropped, and is read again");
		assert_eq!(recent.0.lock().unwrap().len(), BLOCKS);
	}
}
