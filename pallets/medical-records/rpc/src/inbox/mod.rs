//! What is new for doctors, block by finalized block.
//!
//! A subscription is driven by a number: the next block that its doctor has not been told of. It is
//! woken when finality moves on, and then goes through the blocks one by one, however many there are.
//! So nothing can be lost or come twice, and a slow reader delays no other. What a block brought is
//! read once, for all subscriptions, and kept for a while. Subscriptions that begin in the past queue for
//! the blocks that are kept no more, and hold up no one who follows.

mod cursor;
mod digest;
mod reader;
mod threads;

pub(crate) use reader::Reader;

use crate::{
	ConsortiumRuntimeApi, MedicalRecordsRuntimeApi,
	errors::{internal, state_pruned},
};
use cursor::Cursor;
use digest::Digest;
use futures::{FutureExt, StreamExt};
use jsonrpsee::core::RpcResult;
use medblock_primitives::DoctorId;
use medblock_views::{BlockHash, BlockRef};
use sc_client_api::BlockchainEvents;
use sc_rpc::SubscriptionTaskExecutor;
use schnellru::{ByLength, LruMap};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{
	AccountId32,
	traits::{Block as BlockT, UniqueSaturatedInto},
};
use std::{
	marker::PhantomData,
	sync::{Arc, Mutex, PoisonError},
};
use threads::Threads;
use tokio::sync::{OnceCell, watch};

/// How many blocks back an inbox may begin: a day at one a second.
pub const MAX_REPLAY: u32 = 86_400;

/// After how many blocks without news a notification without events is sent.
pub const HEARTBEAT: u32 = 60;

/// How many blocks' digests are kept. Reading a block before them is a replay.
const KEPT: u32 = 256;

const TASK: &str = "medical-records-inbox";
const GROUP: Option<&str> = Some("rpc");

/// A digest that is being made, or is there.
type Slot = Arc<OnceCell<Arc<Digest>>>;

/// What all subscriptions share.
pub struct Inbox<C, B> {
	client: Arc<C>,
	threads: Threads,
	finalized: watch::Receiver<u32>,
	digests: Mutex<LruMap<H256, Slot>>,
	block: PhantomData<B>,
}

impl<C, B> Inbox<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + BlockchainEvents<B> + Send + Sync + 'static,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32> + ConsortiumRuntimeApi<B, AccountId32>,
{
	/// Follows a client's finality for as long as the client lives. `executor` runs that, and reads
	/// the state.
	pub fn start(client: Arc<C>, executor: SubscriptionTaskExecutor) -> Arc<Self> {
		// Before the number is read, so that none is missed in between.
		let mut notifications = client.finality_notification_stream();
		let number = |client: &C| client.info().finalized_number.unique_saturated_into();
		let (moved, finalized) = watch::channel(number(&client));
		let follower = client.clone();
		let following = async move {
			// A notification holds its block's state back from pruning, hence it is dropped at once.
			while notifications.next().await.map(drop).is_some() {
				moved.send_replace(number(&follower));
			}
		};
		executor.spawn(TASK, GROUP, following.boxed());
		let digests = Mutex::new(LruMap::new(ByLength::new(KEPT)));
		let threads = Threads::new(executor);
		Arc::new(Self { client, threads, finalized, digests, block: PhantomData })
	}

	/// The threads for questions to the runtime.
	pub(crate) fn threads(&self) -> &Threads {
		&self.threads
	}

	/// A reader for one doctor. Refuses what could not be followed from the start.
	pub(crate) async fn open(
		self: &Arc<Self>,
		doctor: DoctorId,
		after: Option<u32>,
	) -> RpcResult<Reader<C, B>> {
		let finalized = self.client.info().finalized_number.unique_saturated_into();
		let cursor = Cursor::new(after, finalized)?;
		if let Some(first) = cursor.due(finalized) {
			self.digest(first).await?;
		}
		let greeting = match after {
			None => Some(self.block(finalized)?),
			Some(_) => None,
		};
		Ok(Reader::new(self.clone(), doctor, cursor, greeting))
	}

	/// A finalized block by its number.
	fn block(&self, number: u32) -> RpcResult<BlockRef> {
		let hash = self.client.hash(number.into()).map_err(internal)?;
		// A node that took a short cut when it caught up does not have them all.
		let hash = hash.ok_or_else(|| state_pruned(number))?;
		Ok(BlockRef { number, hash: BlockHash(hash.0) })
	}

	/// What a finalized block brought. Read once, however many ask at the same time.
	async fn digest(&self, number: u32) -> RpcResult<Arc<Digest>> {
		let block = self.block(number)?;
		let slot = {
			let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
			match digests.get_or_insert(H256(block.hash.0), Slot::default) {
				Some(slot) => slot.clone(),
				None => Slot::default(),
			}
		};
		slot.get_or_try_init(|| self.read(block)).await.cloned()
	}

	async fn read(&self, block: BlockRef) -> RpcResult<Arc<Digest>> {
		let client = self.client.clone();
		let reading = move || Digest::read::<C, B>(&client, block);
		let newest = *self.finalized.borrow();
		let digest = match newest.saturating_sub(block.number) < KEPT {
			true => self.threads.run(reading).await,
			false => self.threads.replay(reading).await,
		};
		digest.map(Arc::new)
	}
}
