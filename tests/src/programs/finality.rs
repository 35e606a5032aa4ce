//! Prints how long blocks take to become final on an idle local network: for each block, the time
//! between a node's news of it and its news that the block, or one after it, is final. Run by
//! `scripts/measure-finality`.

use medblock_e2e::{Network, News, arguments::numbers, load::times::Times};
use std::{error::Error, time::Duration};

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let [blocks] = numbers(arguments, [("BLOCKS", 120)])?;
	let network = Network::start().await;
	let lags = News::of(&network.url(0)).await?.until(usize::try_from(blocks)?).await?;
	let times: Times = lags.times().iter().copied().collect();
	let at = |percent| times.percentile(percent).as_ref().map_or(0, Duration::as_millis);
	println!(
		"finality lag over {} blocks, four validators: p50 {} ms, p90 {} ms, p99 {} ms",
		times.count(),
		at(50),
		at(90),
		at(99),
	);
	Ok(())
}
