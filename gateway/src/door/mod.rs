//! The door to the hospital's node: JSON-RPC 2.0 over a WebSocket, by [`medblock_vault_protocol::door`].
//!
//! `question` reads a request and says what it asks, and about which person. What it can't read is not passed on.
//! `decide` is the one place that says who may ask that, as a pure function of `facts` that are read from the
//! final block, the best one, and the one that the request names, which `blocks` wants to be recent. What is allowed goes
//! to the node in the words of this crate, not the client's: no parameter reaches the node that was not understood.
//!
//! No client may take what others need: `places` bounds connections, `limits` requests by their cost and inboxes,
//! `turns` requests at the node, `outbox` the bytes that wait for a client. `heads` are followed once for all.

mod arguments;
mod asking;
mod blocks;
mod connection;
mod decide;
mod facts;
mod following;
mod heads;
mod kept;
mod limits;
mod message;
mod outbox;
mod places;
mod question;
mod shared;
mod subscriptions;
pub mod table;
mod transactions;
mod turns;

pub use connection::serve;
pub use limits::Caller;
pub use places::Place;

use crate::{
	authority::{Authority, View},
	errors::Refusal,
	http::now,
};
use blocks::Blocks;
use facts::Facts;
use heads::Heads;
use limits::Limits;
use medblock_vault_protocol::door::Refused;
use message::Request;
use places::Places;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use transactions::Recent;
use turns::Turns;

/// What a message would have the node asked, if its sender may ask it: the method, and the parameters as the door writes
/// them.
///
/// # Errors
///
/// The message is no request, or one that this door passes on for no one.
pub fn understood(message: &str) -> Result<(String, Vec<Value>), Refused> {
	let Request { method, params, .. } = Request::parse(message)?;
	let asked = question::read(&method, params)?;
	Ok((method, asked.params))
}

/// How long the final and the best block count as the last ones. So many requests a second ask the node once.
const GLANCE: Duration = Duration::from_millis(250);

/// How many requests a new connection counts for: a client that connects over and over again pushes others out.
const ENTERING: u64 = 5;

/// What all connections share.
pub struct Door {
	places: Places,
	limits: Limits,
	turns: Turns,
	facts: Facts,
	blocks: Blocks,
	heads: Heads,
	recent: Recent,
	last: Mutex<Option<(Instant, View)>>,
}

impl Door {
	/// A door for this many connections at once.
	pub fn new(connections: usize) -> Self {
		Self {
			places: Places::new(connections),
			limits: Limits::default(),
			turns: Turns::default(),
			facts: Facts::default(),
			blocks: Blocks::default(),
			heads: Heads::default(),
			recent: Recent::default(),
			last: Mutex::default(),
		}
	}

	/// A place for a connection from this address.
	pub fn enter(&self, address: Caller) -> Result<Place, Refusal> {
		self.limits.count(address, ENTERING, now())?;
		self.places.enter(address)
	}

	/// The blocks to decide by.
	async fn view(&self, authority: &Authority) -> Result<View, Refused> {
		// Held while the node is asked, so that requests that come together ask once.
		let mut last = self.last.lock().await;
		if let Some((at, view)) = last.as_ref()
			&& at.elapsed() < GLANCE
		{
			return Ok(view.clone());
		}
		let asked = Instant::now();
		let view = authority.view().await.map_err(|why| unavailable(&why))?;
		*last = Some((asked, view.clone()));
		Ok(view)
	}

	/// The last blocks, for questions that need no decision: also those of a node whose final block is old, or no one
	/// could revoke while finality stands still.
	async fn any_view(&self, authority: &Authority) -> Result<View, Refused> {
		match self.view(authority).await {
			Err(Refused::NodeBehind) => authority.view_behind().ok_or(Refused::NodeUnreachable),
			answer => answer,
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
