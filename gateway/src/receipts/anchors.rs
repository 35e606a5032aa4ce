//! Putting the size and root of the log on the chain.

use super::blocking;
use crate::{errors::Refusal, http::App};
use medblock_chain::Call;
use medblock_primitives::{ANCHOR_INTERVAL, Moment};
use std::{sync::Arc, time::Duration};
use tokio::time::MissedTickBehavior;

/// The longest time until it is looked at whether the log has to be put on the chain.
const LOOK: Duration = Duration::from_secs(60);

/// Why the log is not put on the chain.
#[derive(Debug, thiserror::Error)]
enum Failed {
	#[error(transparent)]
	Refused(#[from] Refusal),
	#[error(transparent)]
	Chain(#[from] medblock_chain::Error),
	#[error(transparent)]
	Disk(#[from] std::io::Error),
}

/// Puts the log on the chain at each interval in which it has grown, for as long as the gateway runs.
pub async fn keep_anchored(app: Arc<App>, interval: Duration) {
	let mut ticks = tokio::time::interval(interval.min(LOOK));
	ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
	let interval = Moment::try_from(interval.as_millis()).unwrap_or(Moment::MAX);
	loop {
		ticks.tick().await;
		match anchor(&app, interval.max(ANCHOR_INTERVAL)).await {
			Ok(()) => (),
			// Without a node, this is said elsewhere.
			Err(Failed::Refused(why)) => {
				tracing::debug!(%why, "the log can't be put on the chain now");
			},
			Err(why) => {
				tracing::warn!(%why, "the log was not put on the chain; it is tried again soon");
			},
		}
	}
}

/// Puts the log on the chain, if it has grown, and the last time is long enough ago.
async fn anchor(app: &App, interval: Moment) -> Result<(), Failed> {
	let metrics = &app.metrics;
	let view = app.authority.view().await?;
	let block = view.block();
	let Some(log) = app.receipts.log(&app.authority, &block).await? else {
		metrics.unanchored.set(0);
		return Ok(());
	};
	let last = app.authority.disclosure_log(&block).await?.last.map(|(_, last)| last);
	let tree = blocking(move || log.tree()).await?;
	let anchored = last.map_or(0, |last| last.size);
	let missing = tree.size.saturating_sub(anchored);
	metrics.unanchored.set(i64::try_from(missing).unwrap_or(i64::MAX));
	let at = last.map_or(0, |last| last.at);
	metrics.anchored.set(i64::try_from(at / 1_000).unwrap_or(i64::MAX));
	// By the chain's time alone, as clients count. This machine's clock may be hours behind, and a node that claims too late
	// a time brings the log onto the chain sooner, if the chain takes it.
	let is_due = last.is_none_or(|last| view.finalized_time >= last.at.saturating_add(interval));
	// Of several gateways, one does it.
	if missing == 0 || !is_due || !app.leader.leads() {
		return Ok(());
	}
	let call = Call::anchor_disclosures(tree.size, tree.root);
	view.chain.submit(app.receipts.key(), &call).await?;
	metrics.unanchored.set(0);
	tracing::info!(size = tree.size, "the log is on the chain");
	Ok(())
}
