//! Subscriptions to heads, which all clients share: the node has one of each kind.

use super::subscriptions::Kind;
use futures::StreamExt;
use medblock_chain::{Chain, Items, NotAnswered, RawValue};
use std::{
	collections::HashMap,
	sync::{Arc, PoisonError},
};
use tokio::{
	sync::{Mutex, broadcast},
	task::AbortHandle,
};

/// How many heads a client may be behind.
const BEHIND: usize = 64;

/// A head, as the node sent it.
type Head = Arc<RawValue>;

/// The kinds that clients follow, by the method that subscribes to them.
#[derive(Clone, Default)]
pub(super) struct Heads(Arc<Mutex<HashMap<&'static str, Upstream>>>);

/// A subscription at the node.
struct Upstream {
	/// The node's address.
	url: String,
	sent: Arc<Sent>,
	task: AbortHandle,
}

/// What the node has sent, and will send.
struct Sent {
	last: std::sync::Mutex<Option<Head>>,
	heads: broadcast::Sender<Head>,
}

/// A client's part in a subscription.
pub(super) struct Following {
	last: Option<Head>,
	heads: broadcast::Receiver<Head>,
}

/// The reason why no more heads come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
	/// The client took them too slowly.
	TooSlow,
	/// The node was lost.
	Lost,
}

impl Heads {
	/// Follows a kind of heads from the last one on. Subscribes at the node only if no client does yet.
	pub(super) async fn follow(
		&self,
		chain: &Chain,
		kind: &'static Kind,
	) -> Result<Following, NotAnswered> {
		let mut upstreams = self.0.lock().await;
		let known = upstreams.get(kind.subscribe);
		let known = known.filter(|one| one.url == chain.url() && !one.task.is_finished());
		if let Some(known) = known {
			return Ok(known.sent.follow());
		}
		let items = chain.subscribe(kind.subscribe, None, kind.unsubscribe).await?;
		let sent = Arc::new(Sent::default());
		let following = sent.follow();
		let task = tokio::spawn(pass_on(self.clone(), kind, sent.clone(), items)).abort_handle();
		let upstream = Upstream { url: chain.url().to_owned(), sent, task };
		if let Some(before) = upstreams.insert(kind.subscribe, upstream) {
			// Its clients learn that the node was lost, and come again.
			before.task.abort();
		}
		Ok(following)
	}
}

/// Gives the heads to all who follow them, until the node is lost or no one follows any more.
async fn pass_on(heads: Heads, kind: &'static Kind, sent: Arc<Sent>, mut items: Items) {
	while let Some(item) = items.next().await {
		if sent.pass_on(item.into()) {
			continue;
		}
		// No client can begin to follow while this is locked.
		let mut upstreams = heads.0.lock().await;
		if sent.heads.receiver_count() == 0 {
			remove(&mut upstreams, kind, &sent);
			return;
		}
	}
	remove(&mut *heads.0.lock().await, kind, &sent);
}

/// Removes a subscription that ends, unless another one has taken its place.
fn remove(upstreams: &mut HashMap<&'static str, Upstream>, kind: &Kind, sent: &Arc<Sent>) {
	if upstreams.get(kind.subscribe).is_some_and(|one| Arc::ptr_eq(&one.sent, sent)) {
		upstreams.remove(kind.subscribe);
	}
}

impl Default for Sent {
	fn default() -> Self {
		let (heads, _) = broadcast::channel(BEHIND);
		Self { last: std::sync::Mutex::default(), heads }
	}
}

impl Sent {
	/// Gives a head to all who follow. Returns whether there is anybody.
	fn pass_on(&self, head: Head) -> bool {
		// Held over both, so that who begins to follow gets each head once. A poisoned lock still holds a head.
		let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
		*last = Some(head.clone());
		self.heads.send(head).is_ok()
	}

	fn follow(&self) -> Following {
		let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
		Following { last: last.clone(), heads: self.heads.subscribe() }
	}
}

impl Following {
	/// The next head.
	pub(super) async fn next(&mut self) -> Result<Head, Ended> {
		if let Some(last) = self.last.take() {
			return Ok(last);
		}
		self.heads.recv().await.map_err(|why| match why {
			broadcast::error::RecvError::Lagged(_) => Ended::TooSlow,
			broadcast::error::RecvError::Closed => Ended::Lost,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::channel::mpsc;

	static KIND: Kind = Kind { subscribe: "s", unsubscribe: "u", notification: "n" };

	fn head(number: usize) -> Head {
		serde_json::value::to_raw_value(&number).unwrap().into()
	}

	async fn next(following: &mut Following) -> Result<String, Ended> {
		following.next().await.map(|head| head.get().to_owned())
	}

	#[tokio::test]
	async fn each_client_gets_the_last_head_and_then_all() {
		let sent = Sent::default();
		let mut early = sent.follow();
		assert!(sent.pass_on(head(1)));
		let mut late = sent.follow();
		assert!(sent.pass_on(head(2)));
		for following in [&mut early, &mut late] {
			assert_eq!(next(following).await, Ok("1".into()));
			assert_eq!(next(following).await, Ok("2".into()));
		}
		drop((early, late));
		assert!(!sent.pass_on(head(3)), "nobody follows any more");
	}

	#[tokio::test]
	async fn a_slow_client_is_told_and_others_go_on() {
		let sent = Sent::default();
		let (mut slow, mut quick) = (sent.follow(), sent.follow());
		for number in 0..=BEHIND {
			sent.pass_on(head(number));
			assert_eq!(next(&mut quick).await, Ok(number.to_string()));
		}
		assert_eq!(next(&mut slow).await, Err(Ended::TooSlow));
		drop(sent);
		assert_eq!(next(&mut quick).await, Err(Ended::Lost));
	}

	#[tokio::test]
	async fn the_node_is_left_when_no_one_follows() {
		let (heads, sent) = (Heads::default(), Arc::new(Sent::default()));
		let (node, items) = mpsc::unbounded();
		let following = sent.follow();
		let items: Items =
			Box::pin(items.map(|number: usize| serde_json::value::to_raw_value(&number).unwrap()));
		let task = tokio::spawn(pass_on(heads.clone(), &KIND, sent.clone(), items));
		let upstream = Upstream { url: String::new(), sent, task: task.abort_handle() };
		heads.0.lock().await.insert(KIND.subscribe, upstream);
		drop(following);
		node.unbounded_send(1).unwrap();
		task.await.unwrap();
		assert!(heads.0.lock().await.is_empty());
		assert!(node.is_closed(), "the subscription at the node has ended");
	}

	#[tokio::test]
	async fn a_subscription_that_was_replaced_leaves_the_new_one() {
		let (heads, old, new) =
			(Heads::default(), Arc::new(Sent::default()), Arc::new(Sent::default()));
		let task = tokio::spawn(std::future::pending::<()>()).abort_handle();
		let upstream = Upstream { url: String::new(), sent: new.clone(), task };
		heads.0.lock().await.insert(KIND.subscribe, upstream);
		pass_on(heads.clone(), &KIND, old, Box::pin(futures::stream::empty())).await;
		let upstreams = heads.0.lock().await;
		assert!(Arc::ptr_eq(&upstreams.get(KIND.subscribe).unwrap().sent, &new));
	}
}
