//! Connecting to nodes, of which some may be away or silent.

use crate::{
	Chain, Error, Result, Tokens,
	rpc::{PATIENCE, STANDSTILL},
};
use futures::{StreamExt, stream::FuturesUnordered};
use medblock_platform::clock::{Duration, timeout};
use std::{collections::BTreeMap, sync::Arc};

/// The time that a node has before the next one is called, too.
const HEAD_START: Duration = Duration::from_secs(2);

/// As many nodes as are wanted, in the order of their addresses, of those that answer first. If these are too few, also
/// the last address that did not lead to a node, and why.
pub(super) async fn first_ones(
	urls: &[String],
	wanted: usize,
	tokens: Option<Arc<dyn Tokens>>,
) -> Result<(Vec<Chain>, Option<(String, String)>)> {
	// The only node may stand still for a while. Where there are several, another one is called meanwhile.
	let patience = if urls.len() > 1 { PATIENCE } else { STANDSTILL };
	reached(urls, wanted, |url| Chain::connect_within(patience, url, tokens.clone())).await
}

async fn reached<'a, T, F>(
	urls: &'a [String],
	wanted: usize,
	connect: impl Fn(&'a str) -> F,
) -> Result<(Vec<T>, Option<(String, String)>)>
where
	F: Future<Output = Result<T>>,
{
	let mut left = urls.iter().enumerate();
	let mut calls = FuturesUnordered::new();
	let (mut found, mut missing) = (BTreeMap::new(), None);
	let call = |(index, url): (usize, &'a String)| {
		let connecting = connect(url);
		async move { (index, url, connecting.await) }
	};
	while found.len() < wanted {
		let needed = wanted.saturating_sub(found.len()).saturating_sub(calls.len());
		calls.extend(left.by_ref().take(needed).map(call));
		let (index, url, outcome) = match timeout(HEAD_START, calls.next()).await {
			Ok(Some(called)) => called,
			// No address is left.
			Ok(None) => break,
			Err(_) => {
				calls.extend(left.next().map(call));
				continue;
			},
		};
		match outcome {
			Ok(node) => {
				found.insert(index, node);
			},
			Err(why @ Error::BadAddress(_)) => return Err(why),
			Err(Error::NodeUnreachable { url, why }) => missing = Some((url, why)),
			// A node that refuses, or that the client can't understand, can't be used either.
			Err(why) => missing = Some((url.clone(), why.to_string())),
		}
	}
	Ok((found.into_values().collect(), missing))
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::FutureExt;
	use medblock_platform::clock::{Instant, sleep};

	/// Connects to addresses that say after how many milliseconds they answer. Those that begin with a minus fail then.
	async fn connected(urls: &[&str], wanted: usize) -> (Vec<String>, Option<String>) {
		let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
		let connect = |url: &str| {
			let url = url.to_owned();
			async move {
				let number: i64 = url.parse().map_err(|_| Error::BadAddress(url.clone()))?;
				sleep(Duration::from_millis(number.unsigned_abs())).await;
				if number < 0 { Err(Error::unreachable(&url, "away")) } else { Ok(url) }
			}
		};
		let (found, missing) = reached(&urls, wanted, connect).await.unwrap();
		(found, missing.map(|(url, _)| url))
	}

	#[tokio::test]
	async fn silent_node_does_not_hold_up_those_after_it() {
		let began = Instant::now();
		let (found, _) = connected(&["3600000", "10", "20"], 2).await;
		assert_eq!(found, ["10", "20"]);
		assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
	}

	#[tokio::test]
	async fn nodes_come_in_the_order_of_their_addresses() {
		let (found, missing) = connected(&["200", "10", "20"], 2).await;
		assert_eq!(found, ["200", "10"], "the third is not called");
		assert_eq!(missing, None);
		let (found, missing) = connected(&["-10", "200", "20"], 2).await;
		assert_eq!(found, ["200", "20"]);
		assert_eq!(missing.unwrap(), "-10");
		assert_eq!(connected(&["200", "10"], 1).await.0, ["200"]);
	}

	#[tokio::test]
	async fn too_few_nodes_are_told_with_the_reason() {
		let (found, missing) = connected(&["-10", "20"], 2).await;
		assert_eq!((found.len(), missing.unwrap().as_str()), (1, "-10"));
		assert!(connected(&[], 2).await.0.is_empty());
		let urls = ["10".to_owned(), "nonsense".to_owned()];
		let connect = |url: &str| {
			let bad = Error::BadAddress(url.to_owned());
			async move { if bad.to_string().starts_with("nonsense") { Err(bad) } else { Ok(()) } }
		};
		let refused = reached(&urls, 2, connect).now_or_never().unwrap();
		assert!(matches!(refused, Err(Error::BadAddress(_))));
	}
}
