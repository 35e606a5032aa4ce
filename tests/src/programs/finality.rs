//! Prints how long blocks take to become final on an idle local network: for each block, the time
//! between a node's news of it and its news that the block is final. Run by
//! `scripts/measure-finality`.

use jsonrpsee::{
	core::client::{Subscription, SubscriptionClientT},
	rpc_params,
	ws_client::WsClientBuilder,
};
use medblock_e2e::Network;
use medblock_runtime::Header;
use std::{
	collections::BTreeMap,
	time::{Duration, Instant},
};

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
	let blocks: usize = match arguments.first() {
		Some(text) => text.parse()?,
		None => 120,
	};
	let network = Network::start().await;
	let client = WsClientBuilder::default().build(network.url(0)).await?;
	let mut heads: Subscription<Header> = client
		.subscribe("chain_subscribeNewHeads", rpc_params![], "chain_unsubscribeNewHeads")
		.await?;
	let mut finals: Subscription<Header> = client
		.subscribe(
			"chain_subscribeFinalizedHeads",
			rpc_params![],
			"chain_unsubscribeFinalizedHeads",
		)
		.await?;
	let mut seen = BTreeMap::new();
	let mut lags: Vec<Duration> = Vec::new();
	while lags.len() < blocks {
		tokio::select! {
			head = heads.next() => {
				let head = head.ok_or("the node closed the connection")??;
				seen.entry(head.number).or_insert_with(Instant::now);
			},
			head = finals.next() => {
				let head = head.ok_or("the node closed the connection")??;
				if let Some(first) = seen.remove(&head.number) {
					lags.push(first.elapsed());
				}
			},
		}
	}
	lags.sort();
	let at = |percent: usize| lags.get(lags.len() * percent / 100).map_or(0, Duration::as_millis);
	println!(
		"finality lag over {} blocks, four validators: p50 {} ms, p90 {} ms, p99 {} ms",
		lags.len(),
		at(50),
		at(90),
		at(99),
	);
	Ok(())
}
