//! Whether a transaction is in a block, and what it did.
//!
//! Browsers ask for each new block while they wait. The gateway fetches a block once, and gives each client the
//! events of the transaction whose hash it names: a client that did not make a transaction does not know its hash.

use super::{facts::Payer, kept::Kept};
use medblock_chain::{At, BlockHash, Transaction};
use medblock_vault_protocol::door::{Found, Refused};
use std::sync::Arc;

/// How many blocks are kept.
const BLOCKS: usize = 32;
/// How many questions reading a whole block counts for.
const WHOLE_BLOCK: u64 = 5;

/// The transactions of the blocks that clients asked for last.
pub(super) struct Recent(Kept<BlockHash, Arc<Vec<Transaction>>>);

impl Default for Recent {
	fn default() -> Self {
		Self(Kept::new(BLOCKS))
	}
}

impl Recent {
	/// The transaction with this hash in a block, if the block contains it.
	pub(super) async fn find(
		&self,
		at: &At,
		transaction: BlockHash,
		client: &impl Payer,
	) -> Result<Option<Found>, Refused> {
		let all = self.0.get(at.hash(), async {
			client.pay(WHOLE_BLOCK)?;
			at.transactions().await.map(Arc::new).map_err(|why| client.failed(&why))
		});
		Ok(found(&all.await?, transaction))
	}
}

fn found(all: &[Transaction], transaction: BlockHash) -> Option<Found> {
	let index = all.iter().position(|one| one.hash == transaction)?;
	let events = format!("0x{}", hex::encode(&all.get(index)?.events));
	Some(Found { index: u32::try_from(index).ok()?, events })
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_transaction_is_found_by_its_hash_with_its_own_events() {
		let hash = |number: u8| BlockHash::from([number; 32]);
		let all = [1, 2].map(|number| Transaction { hash: hash(number), events: vec![number] });
		assert_eq!(found(&all, hash(2)), Some(Found { index: 1, events: "0x02".into() }));
		assert_eq!(found(&all, hash(3)), None);
	}
}
