//! The transactions of a block, each with its own events.

use crate::{At, BlockHash, Result, blake2_256, shape};
use codec::{Compact, Encode};
use subxt::events::Phase;

/// A transaction of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
	/// The Blake2-256 of its bytes.
	pub hash: BlockHash,
	/// Its events, as the chain's storage has those of a block: a SCALE vector of event records.
	pub events: Vec<u8>,
}

impl At {
	/// The block's transactions, in their order.
	pub async fn transactions(&self) -> Result<Vec<Transaction>> {
		let body = self.rpc.body(self.hash()).await?;
		let described = self.described().await?;
		let events = self.rpc.within(described.events().fetch()).await?;
		if !shape::are_events(events.bytes(), described.metadata_ref()) {
			return Err(self.rpc.incomprehensible("events"));
		}
		let mut found = vec![(0_u32, Vec::new()); body.len()];
		for event in events.iter() {
			let event = event.map_err(|_| self.rpc.incomprehensible("events"))?;
			let Phase::ApplyExtrinsic(index) = event.phase() else { continue };
			let index = usize::try_from(index).unwrap_or(usize::MAX);
			let slot = found.get_mut(index).ok_or_else(|| self.rpc.incomprehensible("events"))?;
			slot.0 = slot.0.saturating_add(1);
			slot.1.extend_from_slice(event.bytes());
		}
		let transaction = |(bytes, (count, records)): (Vec<u8>, (u32, Vec<u8>))| {
			let mut events = Compact(count).encode();
			events.extend(records);
			Transaction { hash: blake2_256(&bytes), events }
		};
		Ok(body.into_iter().zip(found).map(transaction).collect())
	}
}
