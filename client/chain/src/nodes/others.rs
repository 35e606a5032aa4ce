//! The nodes beside the two that a client uses. They are connected to for a revocation only.

use super::{Nodes, ensure_two};
use crate::{Chain, Receipt, Tokens, Until, submit::Sent};
use futures::{StreamExt, future::join_all, stream::FuturesUnordered};
use medblock_platform::clock::{Duration, timeout};
use std::sync::Arc;

/// The time in which a node has to say whose it is.
const INTRODUCTION: Duration = Duration::from_secs(2);

/// Hands a revocation to all other nodes. What the first of them says that has it in a block, if it is of another hospital
/// than the nodes in use.
pub(super) async fn told(
	nodes: &Nodes,
	tokens: Option<Arc<dyn Tokens>>,
	until: Until,
	sent: &Sent,
) -> Option<Receipt> {
	let mut asked: FuturesUnordered<_> =
		nodes.others.iter().map(|url| of_one(nodes, url, tokens.clone(), until, sent)).collect();
	while let Some(said) = asked.next().await {
		if said.is_some() {
			return said;
		}
	}
	None
}

async fn of_one(
	nodes: &Nodes,
	url: &str,
	tokens: Option<Arc<dyn Tokens>>,
	until: Until,
	sent: &Sent,
) -> Option<Receipt> {
	let node = Chain::connect_as(url, tokens).await.ok()?;
	if node.genesis() != nodes.first.genesis() {
		return None;
	}
	// It may have it from the others already, and refuses it then.
	let _ = node.hand_over(until, sent).await;
	let receipt = node.settle(until, sent).await.ok()?;
	is_independent(nodes, &node).await.then_some(receipt)
}

/// Whether the node is of another hospital than those in use. One that does not say whose it is counts, as it does for those.
async fn is_independent(nodes: &Nodes, node: &Chain) -> bool {
	let used = [Some(&nodes.first), nodes.beside()].into_iter().flatten();
	let compared = used.map(|used| timeout(INTRODUCTION, ensure_two(used, node)));
	join_all(compared).await.into_iter().all(|outcome| !matches!(outcome, Ok(Err(_))))
}
