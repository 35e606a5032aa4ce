//! The door to the hospital's node: JSON-RPC 2.0 over a WebSocket, by [`medblock_vault_protocol::door`].
//!
//! `question` reads a request and says what it asks, and about which person. What it can't read is not passed on.
//! `decide` is the one place that says who may ask that, as a pure function of `facts` that are read from the
//! final and the best block. `limits` bounds what a client may take. What is allowed goes to the node in the
//! words of this crate, not the client's: no parameter reaches the node that was not understood.

mod arguments;
mod connection;
mod decide;
mod facts;
mod limits;
mod message;
mod question;
mod shared;
mod subscriptions;
mod transactions;

pub use connection::serve;
pub use limits::{Caller, Place};

use crate::{
	authority::{Authority, View},
	errors::Refusal,
};
use limits::Limits;
use medblock_chain::Chain;
use medblock_vault_protocol::door::Refused;
use std::{
	sync::{Mutex, PoisonError},
	time::{Duration, Instant},
};
use transactions::Recent;

/// How long the final and the best block count as the last ones. So many requests a second ask the node once.
const GLANCE: Duration = Duration::from_millis(250);

/// What all connections share.
pub struct Door {
	limits: Limits,
	recent: Recent,
	last: Mutex<Option<(Instant, View)>>,
}

impl Door {
	/// A door for this many connections at once.
	pub fn new(connections: usize) -> Self {
		Self { limits: Limits::new(connections), recent: Recent::default(), last: Mutex::default() }
	}

	/// A place for a connection from this address.
	pub fn enter(&self, caller: Caller) -> Result<Place, Refusal> {
		self.limits.enter(caller)
	}

	/// The blocks to decide by.
	async fn view(&self, authority: &Authority) -> Result<View, Refused> {
		let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some((_, view)) = last.filter(|(at, _)| at.elapsed() < GLANCE) {
			return Ok(view);
		}
		let asked = Instant::now();
		let view = authority.view().await.map_err(|why| unavailable(&why))?;
		let mut slot = self.last.lock().unwrap_or_else(PoisonError::into_inner);
		*slot = Some((asked, view.clone()));
		Ok(view)
	}

	/// The node, for questions that need no decision: also one whose final block is old, or no one could revoke
	/// while finality stands still.
	async fn chain(&self, authority: &Authority) -> Result<Chain, Refused> {
		match self.view(authority).await {
			Ok(view) => Ok(view.chain),
			Err(Refused::NodeBehind) => {
				authority.chain_behind().await.ok_or(Refused::NodeUnreachable)
			},
			Err(why) => Err(why),
		}
	}
}

/// The refusal while no node can be asked.
fn unavailable(why: &Refusal) -> Refused {
	match why {
		Refusal::NodeBehind | Refusal::OtherChain => Refused::NodeBehind,
		_ => Refused::NodeUnreachable,
	}
}
