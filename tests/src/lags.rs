//! How long blocks take to become final, by a node's own news.

use jsonrpsee::{
	core::client::{Subscription, SubscriptionClientT},
	rpc_params,
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_runtime::Header;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::{Instant, sleep_until};

/// The blocks that a node told of, and the time until each was final.
#[derive(Clone, Debug, Default)]
pub struct Lags {
	/// When each block that is not final yet was told first.
	open: BTreeMap<u32, Instant>,
	/// The last height that is final, or that was told before this began.
	last: u32,
	times: Vec<Duration>,
}

impl Lags {
	/// A node tells its best block at the beginning: when that was new is not known.
	fn begins(&mut self, number: u32) {
		self.last = self.last.max(number);
	}

	/// A node has a new block.
	fn seen(&mut self, number: u32, at: Instant) {
		if number > self.last {
			self.open.entry(number).or_insert(at);
		}
	}

	/// A block is final, and with it all before it: nodes tell only the last of those that become final at once.
	fn is_final(&mut self, number: u32, at: Instant) {
		self.last = self.last.max(number);
		let later = self.open.split_off(&number.saturating_add(1));
		let done = std::mem::replace(&mut self.open, later);
		self.times.extend(done.into_values().map(|first| at.saturating_duration_since(first)));
	}

	/// What is not final yet has taken this long, at least. To leave it out would leave out the longest.
	fn give_up(&mut self, at: Instant) {
		let open = std::mem::take(&mut self.open);
		self.times.extend(open.into_values().map(|first| at.saturating_duration_since(first)));
	}

	/// The times.
	pub fn times(&self) -> &[Duration] {
		&self.times
	}
}

/// A node's news of blocks.
pub struct News {
	_client: WsClient,
	heads: Subscription<Header>,
	finals: Subscription<Header>,
	lags: Lags,
	has_begun: bool,
}

impl News {
	/// Listens to a node.
	pub async fn of(url: &str) -> Result<Self, String> {
		let client = WsClientBuilder::default().build(url).await.map_err(text)?;
		let heads = client
			.subscribe("chain_subscribeNewHeads", rpc_params![], "chain_unsubscribeNewHeads")
			.await
			.map_err(text)?;
		let finals = client
			.subscribe(
				"chain_subscribeFinalizedHeads",
				rpc_params![],
				"chain_unsubscribeFinalizedHeads",
			)
			.await
			.map_err(text)?;
		Ok(Self { _client: client, heads, finals, lags: Lags::default(), has_begun: false })
	}

	/// Waits for the next news. New blocks count if `is_counted`.
	async fn next(&mut self, is_counted: bool) -> Result<(), String> {
		let closed = "the node closed the connection";
		tokio::select! {
			head = self.heads.next() => {
				let head = head.ok_or(closed)?.map_err(text)?;
				if !self.has_begun {
					self.has_begun = true;
					self.lags.begins(head.number);
				} else if is_counted {
					self.lags.seen(head.number, Instant::now());
				}
			},
			head = self.finals.next() => {
				let head = head.ok_or(closed)?.map_err(text)?;
				self.lags.is_final(head.number, Instant::now());
			},
		}
		Ok(())
	}

	/// Follows the news until so many blocks that came meanwhile are final.
	pub async fn until(mut self, blocks: usize) -> Result<Lags, String> {
		while self.lags.times.len() < blocks {
			self.next(true).await?;
		}
		Ok(self.lags)
	}

	/// Follows the news for this time, and then until what came meanwhile is final, but for no longer than `patience`.
	pub async fn during(mut self, time: Duration, patience: Duration) -> Result<Lags, String> {
		let until = Instant::now() + time;
		loop {
			let is_counted = Instant::now() < until;
			let end = if is_counted { until } else { until + patience };
			if !is_counted && (self.lags.open.is_empty() || Instant::now() >= end) {
				self.lags.give_up(Instant::now());
				return Ok(self.lags);
			}
			tokio::select! {
				told = self.next(is_counted) => told?,
				() = sleep_until(end) => {},
			}
		}
	}
}

fn text(why: impl std::fmt::Display) -> String {
	why.to_string()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn blocks_that_become_final_at_once_each_have_a_time() {
		let began = Instant::now();
		let at = |seconds| began + Duration::from_secs(seconds);
		let mut lags = Lags::default();
		lags.begins(4);
		for (number, second) in [(4, 0), (5, 1), (6, 2), (6, 3), (7, 3)] {
			lags.seen(number, at(second));
		}
		// Only the last of two is told.
		lags.is_final(6, at(5));
		assert_eq!(lags.times(), [4, 3].map(Duration::from_secs));
		// News of a block that was final before is late.
		lags.seen(6, at(6));
		lags.is_final(8, at(8));
		assert_eq!(lags.times(), [4, 3, 5].map(Duration::from_secs));
		assert!(lags.open.is_empty());
	}

	#[test]
	fn a_block_that_does_not_become_final_is_not_left_out() {
		let began = Instant::now();
		let mut lags = Lags::default();
		lags.seen(1, began);
		lags.give_up(began + Duration::from_secs(20));
		assert_eq!(lags.times(), [Duration::from_secs(20)]);
	}
}
