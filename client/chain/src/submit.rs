//! Sending a transaction and waiting until what it did is final.
//!
//! A transaction is mortal: it can be included within [`LIFETIME`] blocks of the one that it was
//! signed at, and never after. So there is always an answer: it is in a final block, or it never
//! will be in any.

use crate::{
	AccountId, At, Call, Chain, Error, Event, Prepared, Refusal, Result, TRANSACTION_VERSION,
	rpc::Handed,
};
use futures::try_join;
use medblock_platform::clock::{Duration, Instant, sleep};
use subxt::{
	config::DefaultExtrinsicParamsBuilder,
	error::DispatchError,
	events::Phase,
	utils::{H256, MultiSignature},
};
use subxt_signer::sr25519::{Keypair, Signature};

/// How many blocks a transaction may wait for.
pub const LIFETIME: u64 = 64;

/// How often a node is asked whether another block is final. It has one about every second.
const INTERVAL: Duration = Duration::from_millis(100);

/// How many of the last blocks are looked at again while none is final.
const REORGANIZED: u32 = 8;

/// Blocks after the last final one from which on finality counts as stopped. Fewer than [`LIFETIME`],
/// so that what is signed before can still be included.
pub const STOPPED: u32 = 60;

/// How long there may be no new final block before waiting is given up.
const STALL: Duration = Duration::from_secs(60);

/// A transaction in a final block.
#[derive(Clone, Debug)]
pub struct Receipt {
	/// The call's name.
	pub call: String,
	/// The block's hash.
	pub block: H256,
	/// The block's number.
	pub number: u32,
	/// What the transaction brought about, in order.
	pub events: Vec<Event>,
	/// From handing it to the node until its block was known to be final, or only to be there.
	pub took: Duration,
	/// Which of both was waited for.
	pub until: Until,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
	/// A final block.
	Final,
	/// Any block of the best chain, which may yet be given up: for mending finality itself.
	Included,
}

impl Receipt {
	/// The first event of this name, if there is one.
	pub fn event(&self, name: &str) -> Option<&Event> {
		self.events.iter().find(|event| event.name == name)
	}
}

impl Chain {
	/// The call's bytes, for somebody else to sign.
	pub async fn prepare(&self, call: &Call) -> Result<Prepared> {
		let client = self.current(self.finalized_hash().await?).await?;
		let data = client.tx().call_data(call).map_err(|why| Error::refused(&self.url, why))?;
		Ok(Prepared { name: call.name(), data })
	}

	/// Signs the call, sends it and waits until it is in a final block.
	///
	/// # Errors
	///
	/// [`Error::Refused`] if it was executed and failed, [`Error::NodeRefused`] if the node did not
	/// take it, [`Error::AllowanceSpent`] if that is why, [`Error::Expired`] if it can't be included any
	/// more, [`Error::FinalityStopped`] if nothing becomes final any more, [`Error::Stalled`] if that
	/// begins meanwhile, [`Error::Unsettled`] if the node was lost for good meanwhile,
	/// [`Error::NewerClientNeeded`] after an upgrade.
	pub async fn submit(&self, signer: &Keypair, call: &Call) -> Result<Receipt> {
		self.submit_until(Until::Final, signer, call).await
	}

	/// As [`Chain::submit`], saying what to wait for. What is only to be included is also built on the
	/// best block: a transaction that is as old as the last final one would have run out already.
	pub async fn submit_until(
		&self,
		until: Until,
		signer: &Keypair,
		call: &Call,
	) -> Result<Receipt> {
		let account = AccountId::from(signer.public_key().0);
		let signed_at = self.anchor(until, call).await?;
		let client = self.current(signed_at.hash()).await?;
		// A revocation takes the place of whatever waits: it has to be the very next.
		let nonce = if call.is_revocation() {
			self.best().await?.nonce(account).await?
		} else {
			self.rpc.next_nonce(&account).await?
		};
		let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).mortal(LIFETIME).build();
		let refused = |why| Error::refused(&self.url, why);
		let mut unsigned =
			client.tx().create_signable(call, &account, params).await.map_err(refused)?;
		let Signature(signature) = signer.sign(&unsigned.signer_payload().map_err(refused)?);
		let transaction = unsigned
			.sign_with_account_and_signature(&account, &MultiSignature::Sr25519(signature))
			.map_err(refused)?;
		let started = Instant::now();
		let handed = match self.rpc.submit(transaction.encoded()).await {
			Err(why) => return Err(self.explained(why, account, transaction.encoded()).await),
			Ok(handed) => handed,
		};
		let first = signed_at.number().saturating_add(1);
		let found = self.included(until, transaction.encoded(), first).await;
		let (block, number, index) = match (found, handed) {
			// Now it is known that the refusal was meant.
			(Err(Error::Expired), Handed::Perhaps(why @ Error::NodeRefused { .. })) => {
				return Err(why);
			},
			(found, _) => found?,
		};
		let took = started.elapsed();
		let events = self.events(block, index).await?;
		Ok(Receipt { call: call.name(), block, number, events, took, until })
	}

	/// The head of the chain that something is waited for on.
	async fn head(&self, until: Until) -> Result<At> {
		match until {
			Until::Final => self.finalized().await,
			Until::Included => self.best().await,
		}
	}

	/// The block that a transaction is signed at. Once finality has stopped, one that names the last
	/// final block would have run out already. A revocation is sent all the same: whoever revokes is
	/// not to wait for validators.
	async fn anchor(&self, until: Until, call: &Call) -> Result<At> {
		let (last, best) = try_join!(self.head(until), self.best())?;
		if best.number() <= last.number().saturating_add(STOPPED) {
			return Ok(last);
		}
		if call.is_revocation() {
			return Ok(best);
		}
		Err(Error::FinalityStopped(last.number(), best.number()))
	}

	/// The runtime as of a block, if this client can make transactions for it.
	async fn current(
		&self,
		block: H256,
	) -> Result<
		subxt::client::ClientAtBlock<
			subxt::SubstrateConfig,
			subxt::client::OnlineClientAtBlockImpl<subxt::SubstrateConfig>,
		>,
	> {
		let client = self.rpc.within(self.client.at_block(block)).await?;
		match client.transaction_version() {
			TRANSACTION_VERSION => Ok(client),
			found => Err(Error::NewerClientNeeded { found, known: TRANSACTION_VERSION }),
		}
	}

	/// Where the transaction is: block, its number, and the place in it. Looks at every block up
	/// to the head from `first` on, so that a connection lost meanwhile does no harm.
	async fn included(
		&self,
		until: Until,
		transaction: &[u8],
		first: u32,
	) -> Result<(H256, u32, u32)> {
		let last = u64::from(first).saturating_add(LIFETIME);
		let (mut next, mut furthest) = (first, first);
		let mut moved = Instant::now();
		loop {
			match self.look_for(until, transaction, &mut next).await {
				Ok(Some(place)) => return Ok(place),
				Ok(None) => {},
				// Whether it took effect must not be lost with a connection, nor for a node's word: it has
				// been sent.
				Err(_) if moved.elapsed() < STALL => {},
				Err(why) => return Err(self.unsettled(why)),
			}
			if next > furthest {
				furthest = next;
				moved = Instant::now();
			}
			if u64::from(next) > last {
				return Err(Error::Expired);
			}
			if moved.elapsed() > STALL {
				return Err(Error::Stalled(STALL.as_secs()));
			}
			sleep(INTERVAL).await;
			if until == Until::Included {
				// Blocks that are not final may have been given up for others since they were looked at.
				next = next.saturating_sub(REORGANIZED).max(first);
			}
		}
	}

	/// The transaction's block, number and place, if it is in one of the blocks from `next` to the
	/// head. Moves `next` behind what was looked at.
	async fn look_for(
		&self,
		until: Until,
		transaction: &[u8],
		next: &mut u32,
	) -> Result<Option<(H256, u32, u32)>> {
		let head = self.head(until).await?.number();
		while *next <= head {
			let Some(at) = self.at_number(*next).await? else { break };
			let body = self.rpc.body(at.hash()).await?;
			if let Some(index) = body.iter().position(|one| one == transaction) {
				let index = u32::try_from(index).unwrap_or(u32::MAX);
				return Ok(Some((at.hash(), *next, index)));
			}
			*next = next.saturating_add(1);
		}
		Ok(None)
	}

	/// What is said once a transaction has been sent and the node can't be asked any more.
	fn unsettled(&self, why: Error) -> Error {
		let why = match why {
			Error::NodeUnreachable { why, .. } => why,
			Error::NodeRefused { why, .. } => why.to_string(),
			other => other.to_string(),
		};
		Error::Unsettled { url: self.url.to_string(), why }
	}

	/// What the transaction at this place in a block brought about, or why it failed. It is in the
	/// block whatever happens here, so that no failure to ask is a refusal.
	async fn events(&self, block: H256, index: u32) -> Result<Vec<Event>> {
		let strange = || self.rpc.incomprehensible("events");
		let deadline = Instant::now() + STALL;
		let (client, all) = loop {
			let fetched = self.rpc.within(async {
				let client = self.client.at_block(block).await.map_err(|why| why.to_string())?;
				let all = client.events().fetch().await.map_err(|why| why.to_string())?;
				Ok::<_, String>((client, all))
			});
			match fetched.await {
				Ok(found) => break found,
				Err(_) if Instant::now() < deadline => sleep(INTERVAL).await,
				Err(why) => return Err(self.unsettled(why)),
			}
		};
		let mut events = Vec::new();
		for event in all.iter() {
			let event = event.map_err(|_| strange())?;
			if event.phase() != Phase::ApplyExtrinsic(index) {
				continue;
			}
			if (event.pallet_name(), event.event_name()) == ("System", "ExtrinsicFailed") {
				let error = DispatchError::decode_from(event.field_bytes(), client.metadata())
					.map_err(|_| strange())?;
				return Err(Refusal::of(error).into());
			}
			events.push(Event::of(&event, client.metadata()).map_err(|_| strange())?);
		}
		Ok(events)
	}
}
