//! One subscription.

use super::{Inbox, cursor::Cursor};
use crate::{ConsortiumRuntimeApi, MedicalRecordsRuntimeApi};
use jsonrpsee::{
	core::RpcResult,
	server::{SubscriptionMessage, SubscriptionSink},
};
use medblock_primitives::DoctorId;
use medblock_views::{BlockRef, InboxEvent, InboxNotification};
use sc_client_api::BlockchainEvents;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};
use std::sync::Arc;
use tokio::sync::watch;

/// Tells one subscriber what concerns one doctor.
pub(crate) struct Reader<C, B> {
	inbox: Arc<Inbox<C, B>>,
	finalized: watch::Receiver<u32>,
	doctor: DoctorId,
	cursor: Cursor,
	greeting: Option<BlockRef>,
}

/// The subscriber has gone.
struct Gone;

impl<C, B> Reader<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + BlockchainEvents<B> + Send + Sync + 'static,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32> + ConsortiumRuntimeApi<B, AccountId32>,
{
	pub(super) fn new(
		inbox: Arc<Inbox<C, B>>,
		doctor: DoctorId,
		cursor: Cursor,
		greeting: Option<BlockRef>,
	) -> Self {
		let finalized = inbox.finalized.clone();
		Self { inbox, finalized, doctor, cursor, greeting }
	}

	/// Tells until the subscriber goes. An error is why it cannot be gone on with.
	pub(crate) async fn follow(&mut self, sink: &SubscriptionSink) -> RpcResult<()> {
		if let Some(block) = self.greeting.take()
			&& tell(sink, block, Vec::new()).await.is_err()
		{
			return Ok(());
		}
		loop {
			let finalized = *self.finalized.borrow_and_update();
			while let Some(number) = self.cursor.due(finalized) {
				let digest = self.inbox.digest(number).await?;
				let events = digest.events_for(self.doctor);
				let has_to_know = self.cursor.pass(!events.is_empty());
				let gone = match has_to_know {
					true => tell(sink, digest.block(), events).await.is_err(),
					false => sink.is_closed(),
				};
				if gone {
					return Ok(());
				}
			}
			tokio::select! {
				() = sink.closed() => return Ok(()),
				moved = self.finalized.changed() => if moved.is_err() { return Ok(()) },
			}
		}
	}
}

/// Waits until the connection has room for it.
async fn tell(
	sink: &SubscriptionSink,
	block: BlockRef,
	events: Vec<InboxEvent>,
) -> Result<(), Gone> {
	let notification = InboxNotification { block, events };
	let message = SubscriptionMessage::from_json(&notification).map_err(|_| Gone)?;
	sink.send(message).await.map_err(|_| Gone)
}
