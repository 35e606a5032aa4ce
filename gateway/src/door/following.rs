//! What a client follows: heads, and doctors' inboxes.

use super::{
	asking::failure,
	connection::{Connection, PAUSE},
	heads::{Ended, Following},
	message::{Failure, Id, notification, raw},
	question::Question,
	subscriptions::Kind,
};
use futures::StreamExt;
use medblock_chain::{Items, RawValue};
use medblock_vault_protocol::door::Refused;
use serde_json::Value;
use std::sync::{Arc, Weak};
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

/// The blocks of an inbox's past that count for one request. Nodes replay a day at most, and a day has to cost less than
/// all that an account may ask at once.
const REPLAYED: u32 = 128;

/// What a subscription brings.
enum Source {
	/// Heads, which all clients share.
	Heads(Following),
	/// A doctor's inbox, with the question that it answers.
	Inbox(Items, Question),
}

impl Connection {
	pub(super) async fn subscribe(
		self: &Arc<Self>,
		id: &Id,
		kind: &'static Kind,
		params: Value,
	) -> Result<(), Failure> {
		let asked = self.read(kind.subscribe, params)?;
		let (question, after) = (asked.question, asked.replays_after);
		let _turn = self.turn().await?;
		let admitted = self.admit(asked).await?;
		let own = self.subscriptions.reserve().ok_or(Refused::TooManySubscriptions)?;
		let subscribed = async {
			let name = raw(&own)?;
			let door = self.door()?;
			if question == Question::Network {
				let heads = door.heads.follow(&admitted.chain, kind).await.map_err(failure)?;
				return Ok::<_, Failure>((Source::Heads(heads), None, name));
			}
			let right = door.limits.inbox(self.caller()).ok_or(Refused::TooManySubscriptions)?;
			if let Some(after) = after {
				let last = door.view(&self.app.authority).await?.finalized.number();
				self.count(cost_of_past(after, last))?;
			}
			let params = raw(&admitted.params)?;
			let items = admitted.chain.subscribe(kind.subscribe, Some(params), kind.unsubscribe);
			let items = items.await.map_err(failure)?;
			Ok((Source::Inbox(items, question), Some(right), name))
		};
		let (source, right, name) = subscribed.await.inspect_err(|_| {
			self.subscriptions.end(&own);
		})?;
		self.send(id, Ok(name));
		// A task that held the connection would keep it, and itself, after the client has gone.
		let connection = Arc::downgrade(self);
		let of_task = own.clone();
		let task = tokio::spawn(async move {
			let _right = right;
			let ended = forward(&connection, kind, &of_task, source).await;
			if let (Some(connection), Some(why)) = (connection.upgrade(), ended) {
				let text = notification(kind.notification, &of_task, Err(&why.into()));
				connection.outbox.send(Message::text(text));
				connection.subscriptions.end(&of_task);
			}
		});
		self.subscriptions.keep(&own, task.abort_handle());
		Ok(())
	}

	/// Whether the account may have the next item.
	async fn still_may(&self, question: Question) -> Result<(), Refused> {
		if question == Question::Network {
			return self.session().map(|_| ()).ok_or(Refused::NotSignedIn);
		}
		loop {
			match self.decide(question, None).await {
				// The items come when the account's other requests leave room for deciding.
				Err(Refused::TooManyRequests) => sleep(PAUSE).await,
				decided => return decided.map(|_| ()),
			}
		}
	}

	pub(super) fn unsubscribe(&self, params: &Value) -> Result<Box<RawValue>, Failure> {
		match params.as_array().map(Vec::as_slice) {
			Some([Value::String(id)]) => raw(&self.subscriptions.end(id)),
			_ => Err(Refused::NotUnderstood.into()),
		}
	}
}

/// What an inbox's past costs, from the block after this one to the last.
fn cost_of_past(after: u32, last: u32) -> u64 {
	u64::from(last.saturating_sub(after) / REPLAYED)
}

/// Passes items on as long as the account may have them. Returns the refusal that ended it.
async fn forward(
	connection: &Weak<Connection>,
	kind: &Kind,
	id: &str,
	mut source: Source,
) -> Option<Refused> {
	loop {
		let next = match &mut source {
			Source::Heads(heads) => match heads.next().await {
				Ok(head) => Some(notification(kind.notification, id, Ok(&head))),
				Err(Ended::TooSlow) => return Some(Refused::TooSlow),
				Err(Ended::Lost) => None,
			},
			Source::Inbox(items, _) => {
				items.next().await.map(|item| notification(kind.notification, id, Ok(&item)))
			},
		};
		let connection = connection.upgrade()?;
		let Some(text) = next else {
			connection.lost.notify_one();
			return None;
		};
		let question = match &source {
			Source::Heads(_) => Question::Network,
			Source::Inbox(_, question) => *question,
		};
		if let Err(why) = connection.still_may(question).await {
			return Some(why);
		}
		connection.outbox.room().await;
		connection.outbox.send(Message::text(text))?;
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::door::{Caller, limits::Limits};

	#[test]
	fn a_day_of_an_inbox_is_counted_in_full_and_leaves_the_account_requests() {
		let (limits, account, now) = (Limits::default(), Caller::Account([1; 32]), 1_780_000_000);
		let last = 1_000_000;
		let cost = cost_of_past(last - 86_400, last);
		limits.count(account, cost, now).unwrap();
		limits.count(account, 1_000 - cost, now).unwrap();
		assert!(limits.count(account, 1, now).is_err());
	}
}
