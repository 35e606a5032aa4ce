//! Passing on what others ask, for a gateway that has decided that they may.

use crate::{Chain, Error};
use futures::{Stream, StreamExt};
use medblock_platform::clock::{Duration, timeout};
use std::pin::Pin;
use subxt_rpcs::UserError;

pub use subxt_rpcs::client::RawValue;

/// The time limit for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The node did not answer.
#[derive(Debug, thiserror::Error)]
pub enum NotAnswered {
	/// The node refused. These are its own code, sentence and data.
	#[error("the node refused ({message})")]
	Refused {
		/// The error's code (JSON-RPC 2.0, §5.1).
		code: i32,
		/// The error's sentence.
		message: String,
		/// More about it.
		data: Option<Box<RawValue>>,
	},
	/// The node could not be asked.
	#[error("{0}")]
	Lost(Error),
}

/// What a subscription brings, until the connection is lost.
pub type Items = Pin<Box<dyn Stream<Item = Box<RawValue>> + Send>>;

impl Chain {
	/// Asks the node, and returns its answer as it is.
	pub async fn pass_on(
		&self,
		method: &str,
		params: Option<Box<RawValue>>,
	) -> Result<Box<RawValue>, NotAnswered> {
		let client = self.rpc.client();
		match timeout(PATIENCE, client.request_raw(method, params)).await {
			Ok(answer) => answer.map_err(|why| self.not_answered(why)),
			Err(_) => Err(self.silent()),
		}
	}

	/// Subscribes at the node. Dropping the items ends the subscription.
	pub async fn subscribe(
		&self,
		subscribe: &str,
		params: Option<Box<RawValue>>,
		unsubscribe: &str,
	) -> Result<Items, NotAnswered> {
		let client = self.rpc.client();
		let subscribing = client.subscribe_raw(subscribe, params, unsubscribe);
		let subscription = match timeout(PATIENCE, subscribing).await {
			Ok(answer) => answer.map_err(|why| self.not_answered(why))?,
			Err(_) => return Err(self.silent()),
		};
		// After an error the subscription is gone: the node would not know of it when it is back.
		let items = subscription.stream.take_while(|item| std::future::ready(item.is_ok()));
		Ok(Box::pin(items.filter_map(|item| std::future::ready(item.ok()))))
	}

	fn not_answered(&self, why: subxt_rpcs::Error) -> NotAnswered {
		match why {
			subxt_rpcs::Error::User(UserError { code, message, data }) => {
				NotAnswered::Refused { code, message, data }
			},
			why => NotAnswered::Lost(Error::unreachable(&self.url, why)),
		}
	}

	fn silent(&self) -> NotAnswered {
		NotAnswered::Lost(Error::unreachable(&self.url, "no answer within ten seconds"))
	}
}
