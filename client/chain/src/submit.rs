//! Sending a transaction, and waiting until its effect is final.
//!
//! A transaction is mortal: it can be included within [`LIFETIME`] blocks of the one that it was
//! signed at, and never after. So either a final block contains it in the end, or no block ever will.
//! The client learns which as long as it can search these blocks. A door shows the last 256 only: a
//! client that was asleep for longer says that the outcome is open ([`Error::Unsettled`]).
//!
//! The account's other transactions (`rivals`) and upgrades of the chain (`upgrades`) can keep one out of all blocks. It is
//! signed again then.

mod affording;
mod resuming;
pub(crate) mod rivals;
mod upgrades;

use crate::{
	AccountId, At, Call, Chain, Error, Event, Prepared, Refusal, Result, Signer,
	TRANSACTION_VERSION, Unsigned,
	call::Funds,
	rpc::Handed,
	shape,
	turns::{Turn, Turns},
};
use futures::try_join;
use medblock_platform::clock::{Duration, Instant, sleep};
pub use resuming::Signed;
use subxt::{
	SubstrateConfig,
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	events::Phase,
	transactions::SignableTransaction,
	utils::{H256, MultiSignature},
};

/// The number of blocks within which a transaction can be included, unless its signer needs more.
pub const LIFETIME: u64 = 64;

/// The interval between two questions for the next final block. A node has one about every second.
const INTERVAL: Duration = Duration::from_millis(100);

/// The number of recent blocks to search again while they are not final.
const REORGANIZED: u32 = 8;

/// The number of blocks after the last final one from which finality counts as stopped. It is lower
/// than [`LIFETIME`], so that a transaction signed before can still be included.
pub const STOPPED: u32 = 60;

/// The time without a new final block after which the client stops waiting.
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
	/// The events of the transaction, in order.
	pub events: Vec<Event>,
	/// The time from handing it to the node until the client knew that its block was final, or only
	/// that it was there.
	pub took: Duration,
	/// Which of both the client waited for.
	pub until: Until,
	/// Whether a second node, of another hospital, says the same. Only revocations ask for that.
	pub is_confirmed: bool,
}

/// The state of a block for which the client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
	/// A final block.
	Final,
	/// Any block of the best chain, even if another may still replace it: for repairing finality
	/// itself.
	Included,
}

/// A transaction that its owner may sign.
pub(crate) struct Signable<'call> {
	unsigned: Unsigned,
	inner:
		SignableTransaction<'call, SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>, Call>,
	turns: Turns,
	/// Held from choosing a nonce until the node has the transaction, so that two that are sent at the same time get
	/// two. A call that takes the place of pending ones has none.
	turn: Option<Turn>,
	funds: Funds,
}

/// A signed transaction that a node has, or may have.
pub(crate) struct Sent {
	/// The call's name.
	call: String,
	/// The transaction, encoded.
	pub(crate) transaction: Vec<u8>,
	/// The first block that may contain it.
	first: u32,
	/// No block after this one can contain it.
	last: u64,
	/// When it was handed to the node.
	started: Instant,
	pub(crate) account: AccountId,
	pub(crate) nonce: u64,
	/// The version of the runtime that it was signed for, if that is known.
	spec_version: Option<u32>,
	/// What pays for it.
	pub(crate) funds: Funds,
	/// Whether it takes the place of the account's pending transactions.
	is_next: bool,
	/// Remembers the account's nonces while the outcome is open.
	turns: Turns,
}

impl Receipt {
	/// The first event of this name, if there is one.
	pub fn event(&self, name: &str) -> Option<&Event> {
		self.events.iter().find(|event| event.name == name)
	}
}

impl Chain {
	/// The call's bytes, for another party to sign.
	pub async fn prepare(&self, call: &Call) -> Result<Prepared> {
		let client = self.current(self.finalized_hash().await?).await?;
		let data = client.tx().call_data(call).map_err(|why| Error::refused(&self.url, why))?;
		Ok(Prepared { name: call.name(), data })
	}

	/// Signs the call, sends it and waits until it is in a final block.
	///
	/// # Errors
	///
	/// [`Error::Refused`] if the chain executed it and it failed, [`Error::NodeRefused`] if the node did
	/// not take it, [`Error::AllowanceSpent`] if the account's allowance is the reason, [`Error::Expired`]
	/// if it can't be included any more, [`Error::Overtaken`] if other transactions of the account take its place again and
	/// again, [`Error::NotSigned`] if the signer did not sign it,
	/// [`Error::FinalityStopped`] if finality has stopped before,
	/// [`Error::Stalled`] if finality stops meanwhile, [`Error::Unsettled`] if the node is lost for good
	/// meanwhile or no longer shows the blocks that may contain it, [`Error::NewerClientNeeded`] after
	/// an upgrade.
	pub async fn submit(&self, signer: &(impl Signer + ?Sized), call: &Call) -> Result<Receipt> {
		self.submit_until(Until::Final, signer, call).await
	}

	/// Like [`Chain::submit`], with a choice of what to wait for. A transaction that only has to be
	/// included also builds on the best block: if it named the last final one, it would have
	/// expired already.
	pub async fn submit_until(
		&self,
		until: Until,
		signer: &(impl Signer + ?Sized),
		call: &Call,
	) -> Result<Receipt> {
		rivals::outlast(|| self.attempt(until, signer, call)).await
	}

	/// Signs the call once, sends it and waits.
	async fn attempt(
		&self,
		until: Until,
		signer: &(impl Signer + ?Sized),
		call: &Call,
	) -> Result<Receipt> {
		let signable = self.make(until, signer.account(), signer.lifetime(), call).await?;
		let (sent, turn) = self.sign(signable, signer).await?;
		let handed = self.hand_over(until, &sent).await?;
		drop(turn);
		match (self.settle(until, &sent).await, handed) {
			// The transaction has expired, so the refusal was meant.
			(Err(Error::Expired), Handed::Perhaps(why @ Error::NodeRefused { .. })) => Err(why),
			(outcome, _) => outcome,
		}
	}

	/// Makes the transaction, up to its signature. Asks the node alone, and not the account's owner.
	pub(crate) async fn make<'call>(
		&self,
		until: Until,
		account: AccountId,
		lifetime: u64,
		call: &'call Call,
	) -> Result<Signable<'call>> {
		let signed_at = self.anchor(until, call.is_next()).await?;
		let client = self.current(signed_at.hash()).await?;
		let turns = Turns::of(self.genesis(), &account);
		let (turn, nonce) = if call.is_next() {
			// A revocation, for instance, takes the place of the account's pending transactions, so it has to be
			// the very next. It waits for none that is being signed or sent.
			(None, self.best().await?.nonce(account).await?)
		} else {
			let turn = turns.next().await;
			(Some(turn), turns.nonce(self.rpc.next_nonce(&account).await?))
		};
		let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).mortal(lifetime).build();
		let refused = |why| Error::refused(&self.url, why);
		let made = self.rpc.within(async {
			Ok::<_, Error>(client.tx().create_signable(call, &account, params).await)
		});
		let inner = made.await?.map_err(refused)?;
		let extensions =
			client.metadata_ref().extrinsic().transaction_extensions_to_use_for_encoding();
		let unsigned = Unsigned {
			account,
			name: call.name(),
			call: client.tx().call_data(call).map_err(refused)?,
			payload: inner.signer_payload().map_err(refused)?,
			nonce,
			lifetime,
			number: signed_at.number(),
			block: signed_at.hash(),
			genesis: H256(self.genesis()),
			spec_version: client.spec_version(),
			transaction_version: client.transaction_version(),
			extensions: extensions.map(|one| one.identifier().to_owned()).collect(),
		};
		Ok(Signable { unsigned, inner, turns, turn, funds: call.funds() })
	}

	/// Has the transaction signed. Its turn lasts until a node has it.
	pub(crate) async fn sign(
		&self,
		signable: Signable<'_>,
		signer: &(impl Signer + ?Sized),
	) -> Result<(Sent, Option<Turn>)> {
		let Signable { unsigned, mut inner, turns, turn, funds } = signable;
		let (account, lifetime) = (unsigned.account, unsigned.lifetime);
		let signature = signer.sign_transaction(&unsigned).await?;
		let transaction = inner
			.sign_with_account_and_signature(&account, &MultiSignature::Sr25519(signature))
			.map_err(|why| Error::refused(&self.url, why))?;
		// While its owner was asked, blocks have passed that can't contain it. A node that is silent by now must not lose
		// the signature.
		let first = match lifetime {
			LIFETIME => unsigned.number,
			_ => self.finalized().await.map_or(unsigned.number, |at| at.number()),
		};
		let sent = Sent {
			call: unsigned.name,
			transaction: transaction.encoded().to_vec(),
			first: first.saturating_add(1),
			last: u64::from(unsigned.number).saturating_add(lifetime).saturating_add(1),
			started: Instant::now(),
			account,
			nonce: unsigned.nonce,
			spec_version: Some(unsigned.spec_version),
			funds,
			is_next: turn.is_none(),
			turns,
		};
		// From here on a node may have it, even if this program ends now.
		signer.note(&Signed::of(&sent)).await?;
		Ok((sent, turn))
	}

	/// Hands a transaction to the node, which another one may have, too. One that takes the place of pending ones is handed
	/// over again with every block, while another one with its nonce is in the way. Any other gets the nonce after that one's
	/// at once. One that the node has no room for, for now, is handed over again with every block, too.
	///
	/// # Errors
	///
	/// [`Error::Overtaken`] once another one has its nonce for good, or can be signed for the runtime of an upgrade; or the
	/// node's refusal.
	pub(crate) async fn hand_over(&self, until: Until, sent: &Sent) -> Result<Handed> {
		loop {
			match self.rpc.submit(&sent.transaction).await {
				Ok(handed) => {
					if matches!(handed, Handed::Over) {
						sent.turns.took(sent.nonce, sent.spec_version);
					}
					return Ok(handed);
				},
				Err(why) if why.is_about_a_rival() => {
					if !sent.is_next {
						return Err(self.gave_way().await);
					}
					if !self.outwait(sent).await? {
						return Err(why);
					}
				},
				Err(why) if why.is_for_now() => match self.outwait(sent).await {
					Ok(true) => {},
					Ok(false) => return Err(why),
					// Its nonce is in a block, perhaps with this very transaction.
					Err(Error::Overtaken) => return Ok(Handed::Perhaps(why)),
					Err(other) => return Err(other),
				},
				Err(why) if why.is_about_the_signature() => {
					return self.outlast_upgrade(until, sent, why).await;
				},
				Err(why) => return Err(self.explained(why, sent).await),
			}
		}
	}

	/// Waits for the outcome of a transaction. This node need not be the one that was given it.
	pub(crate) async fn settle(&self, until: Until, sent: &Sent) -> Result<Receipt> {
		let (block, number, index) = self.included(until, sent).await?;
		let took = sent.started.elapsed();
		let events = self.events(block, index, &sent.transaction).await?;
		let call = sent.call.clone();
		Ok(Receipt { call, block, number, events, took, until, is_confirmed: false })
	}

	/// The chain's head for this kind of waiting.
	async fn head(&self, until: Until) -> Result<At> {
		match until {
			Until::Final => self.finalized().await,
			Until::Included => self.best().await,
		}
	}

	/// The block that a transaction is signed at. Once finality has stopped, a transaction that
	/// names the last final block would have expired already. The client still sends what undoes then: a patient who
	/// revokes must not have to wait for validators.
	async fn anchor(&self, until: Until, is_next: bool) -> Result<At> {
		let (last, best) = try_join!(self.head(until), self.best())?;
		if best.number() <= last.number().saturating_add(STOPPED) {
			return Ok(last);
		}
		if is_next {
			return Ok(best);
		}
		Err(Error::FinalityStopped(last.number(), best.number()))
	}

	/// The runtime at a block, if this client can make transactions for it.
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

	/// The transaction's block, the block's number, and the place in it. Searches every block from the first that may
	/// contain it to the head, so that a connection lost meanwhile does no harm.
	async fn included(&self, until: Until, sent: &Sent) -> Result<(H256, u32, u32)> {
		let (mut next, mut furthest) = (sent.first, sent.first);
		let mut moved = Instant::now();
		loop {
			match self.look_for(until, sent, &mut next).await {
				Ok(Some(place)) => return Ok(place),
				Ok(None) => {},
				Err(why @ Error::Overtaken) => return Err(why),
				// The transaction has been sent. A lost connection, or a node's answer, must not
				// hide its effect.
				Err(_) if moved.elapsed() < STALL => {},
				Err(why) => return Err(self.unsettled(why)),
			}
			if next > furthest {
				furthest = next;
				moved = Instant::now();
			}
			if u64::from(next) > sent.last {
				return Err(Error::Expired);
			}
			if moved.elapsed() > STALL {
				return Err(Error::Stalled(STALL.as_secs()));
			}
			sleep(INTERVAL).await;
			if until == Until::Included {
				// A block that is not final may have been replaced since the last look.
				next = next.saturating_sub(REORGANIZED).max(sent.first);
			}
		}
	}

	/// The transaction's block, number and place, if one of the blocks from `next` to the head
	/// contains it. Moves `next` behind the blocks that it has searched.
	async fn look_for(
		&self,
		until: Until,
		sent: &Sent,
		next: &mut u32,
	) -> Result<Option<(H256, u32, u32)>> {
		let head = self.head(until).await?;
		let begun = *next;
		// A lying node may name any number, and has an answer about each.
		let end = head.number().min(u32::try_from(sent.last).unwrap_or(u32::MAX));
		while *next <= end {
			let Some(at) = self.at_number(*next).await? else { return Ok(None) };
			if let Some(index) = self.rpc.place(at.hash(), &sent.transaction).await? {
				return Ok(Some((at.hash(), *next, index)));
			}
			*next = next.saturating_add(1);
		}
		// Of a head that another may still replace, this says little: only what may be sent twice is sent again for it.
		let is_certain = sent.is_next || until == Until::Final;
		if is_certain && *next > begun {
			if head.nonce(sent.account).await? > sent.nonce {
				return Err(Error::Overtaken);
			}
			sent.ensure_not_outdated_at(&head).await?;
		}
		Ok(None)
	}

	/// The error after a transaction has been sent and the node can't be asked any more.
	fn unsettled(&self, why: Error) -> Error {
		let why = match why {
			Error::NodeUnreachable { why, .. } => why,
			Error::NodeRefused { why, .. } => why.to_string(),
			other => other.to_string(),
		};
		Error::Unsettled { url: self.url.to_string(), why }
	}

	/// The events of the transaction at this place in a block, or the reason why it failed. The
	/// block contains it in any case, so that a failure to ask is no refusal.
	async fn events(&self, block: H256, index: u32, transaction: &[u8]) -> Result<Vec<Event>> {
		let strange = || self.rpc.incomprehensible("events");
		let deadline = Instant::now() + STALL;
		let (client, all) = loop {
			let fetched = self.rpc.within(async {
				let client = self.client.at_block(block).await.map_err(|why| why.to_string())?;
				let own = self.rpc.own_events(block, transaction).await;
				let all = match own.map_err(|why| why.to_string())? {
					Some(own) => client.events().from_bytes(own),
					None => client.events().fetch().await.map_err(|why| why.to_string())?,
				};
				Ok::<_, String>((client, all))
			});
			match fetched.await {
				Ok(found) => break found,
				Err(_) if Instant::now() < deadline => sleep(INTERVAL).await,
				Err(why) => return Err(self.unsettled(why)),
			}
		};
		if !shape::are_events(all.bytes(), client.metadata_ref()) {
			return Err(strange());
		}
		let mut events = Vec::new();
		for event in all.iter() {
			let event = event.map_err(|_| strange())?;
			if event.phase() != Phase::ApplyExtrinsic(index) {
				continue;
			}
			if (event.pallet_name(), event.event_name()) == ("System", "ExtrinsicFailed") {
				let error = shape::dispatch_error(event.field_bytes(), client.metadata())
					.ok_or_else(strange)?;
				return Err(Refusal::of(error).into());
			}
			events.push(Event::of(&event, client.metadata()).map_err(|_| strange())?);
		}
		Ok(events)
	}
}
