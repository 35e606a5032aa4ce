//! What a client asks: who may, what that costs, and the node's answer.

use super::{
	connection::Connection,
	decide,
	facts::{Payer, Shared},
	message::{Failure, Id, raw},
	question::{self, Asked, Question},
	shared,
	subscriptions::KINDS,
	turns::Turn,
	unavailable,
};
use medblock_chain::{BlockHash, Chain, Error, NotAnswered, RawValue};
use medblock_vault_protocol::door::{Refused, TRANSACTION};
use medblock_views::BlockHash as Hash;
use serde_json::Value;
use std::sync::Arc;

/// A request that goes on to the node.
pub(super) struct Admitted {
	pub(super) chain: Chain,
	pub(super) params: Vec<Value>,
	/// The records to leave in the answer, unless it may have all.
	shared: Option<Shared>,
}

impl Connection {
	/// The answer to a request; none if it was sent already.
	pub(super) async fn answer(
		self: &Arc<Self>,
		id: &Id,
		method: &str,
		params: Value,
	) -> Option<Result<Box<RawValue>, Failure>> {
		if let Some(kind) = KINDS.iter().find(|kind| kind.subscribe == method) {
			return match self.subscribe(id, kind, params).await {
				Ok(()) => None,
				Err(why) => Some(Err(why)),
			};
		}
		if KINDS.iter().any(|kind| kind.unsubscribe == method) {
			return Some(self.unsubscribe(&params));
		}
		Some(match method {
			TRANSACTION => self.transaction(params).await,
			_ => self.pass_on(method, params).await,
		})
	}

	/// Asks the node, if the client may ask that.
	async fn pass_on(&self, method: &str, params: Value) -> Result<Box<RawValue>, Failure> {
		let asked = self.read(method, params)?;
		let cost = asked.cost;
		let _turn = self.turn().await?;
		let Admitted { chain, params, shared } = self.admit(asked).await?;
		let answer = chain.pass_on(method, Some(raw(&params)?)).await.map_err(failure)?;
		self.owe(&answer, cost);
		match shared {
			Some(shared) => shared::only(&shared, method, &answer),
			None => Ok(answer),
		}
	}

	/// Whether a transaction is in a block: for everybody who knows its hash.
	async fn transaction(&self, params: Value) -> Result<Box<RawValue>, Failure> {
		let (Hash(block), Hash(transaction)) =
			serde_json::from_value(params).map_err(|_| Refused::NotUnderstood)?;
		let door = self.door()?;
		let _turn = self.turn().await?;
		let view = door.any_view(&self.app.authority).await?;
		let at = door.blocks.recent(&view, BlockHash::from(block), self).await?;
		let found = door.recent.find(&at, BlockHash::from(transaction), self).await?;
		let answer = raw(&found)?;
		self.owe(&answer, 1);
		Ok(answer)
	}

	/// Reads a request, and counts what is known of its cost. One request was counted when the message came.
	pub(super) fn read(&self, method: &str, params: Value) -> Result<Asked, Refused> {
		let asked = question::read(method, params)?;
		self.count(asked.cost.saturating_sub(1))?;
		Ok(asked)
	}

	/// Waits for a turn at the node.
	pub(super) async fn turn(&self) -> Result<Turn, Refused> {
		let turn = self.door()?.turns.take(self.caller()).await;
		turn.ok_or(Refused::TooManyRequests)
	}

	/// What to ask the node, if the client may ask this.
	pub(super) async fn admit(&self, asked: Asked) -> Result<Admitted, Refused> {
		let Asked { question, params, block, .. } = asked;
		if question == Question::Network && self.session().is_none() {
			return Err(Refused::NotSignedIn);
		}
		// Of these, nothing that the chain knows of the account matters.
		if matches!(question, Question::Public | Question::Network) {
			let door = self.door()?;
			let view = door.any_view(&self.app.authority).await?;
			if let Some(block) = block {
				door.blocks.recent(&view, block, self).await?;
			}
			return Ok(Admitted { chain: view.chain, params, shared: None });
		}
		let (chain, shared) = self.decide(question, block).await?;
		Ok(Admitted { chain, params, shared })
	}

	/// Decides by the final and by the best block, and by the one that is asked about. All have to agree: a revocation
	/// counts as soon as it is in a block, a grant once it is final, and neither for the time before. Of an answer that
	/// is more than the account may have, also returns the records that it may.
	pub(super) async fn decide(
		&self,
		question: Question,
		block: Option<BlockHash>,
	) -> Result<(Chain, Option<Shared>), Refused> {
		let account = self.session().ok_or(Refused::NotSignedIn)?.account;
		let door = self.door()?;
		let view = door.view(&self.app.authority).await?;
		let mut blocks = vec![view.finalized.clone()];
		blocks.extend(view.best_apart().cloned());
		if let Some(block) = block {
			let named = door.blocks.recent(&view, block, self).await?;
			if blocks.iter().all(|known| known.hash() != named.hash()) {
				blocks.push(named);
			}
		}
		let (mut doctors, mut is_partial) = (Vec::new(), false);
		for at in &blocks {
			let who = door.facts.who(at, account, &question, self).await?;
			decide::decide(&question, Some(&who), view.now())?;
			is_partial |= decide::is_partial(&question, &who, view.now());
			doctors.extend(who.doctor.map(|doctor| (at, doctor)));
		}
		let (Question::Records(patient), true) = (question, is_partial) else {
			return Ok((view.chain, None));
		};
		let mut shared: Option<Shared> = None;
		for (at, doctor) in doctors {
			let here = door.facts.shared(at, patient, doctor, self).await?;
			shared = Some(match shared {
				Some(before) => Arc::new(before.intersection(&here).copied().collect()),
				None => here,
			});
		}
		Ok((view.chain, shared))
	}
}

impl Payer for Connection {
	fn pay(&self, questions: u64) -> Result<(), Refused> {
		self.count(questions)
	}

	fn failed(&self, why: &Error) -> Refused {
		unavailable(&self.app.authority.failed(why))
	}
}

/// The node's own refusal, or that it can't be asked.
pub(super) fn failure(why: NotAnswered) -> Failure {
	match why {
		NotAnswered::Refused { code, message, data } => Failure { code, message, data },
		NotAnswered::Lost(_) => Refused::NodeUnreachable.into(),
	}
}
