//! Forgetting what was given out years ago, if the hospital keeps that for so long only.

use crate::{errors::Refusal, http::App};
use medblock_primitives::Moment;
use std::{sync::Arc, time::Duration};

/// The time between two looks for what is too old.
const OFTEN: Duration = Duration::from_secs(24 * 60 * 60);
/// The time until a look that failed is tried again.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// Deletes each day what was written down of downloads longer ago than that, for as long as the gateway runs.
pub async fn keep(app: Arc<App>, kept: Duration) {
	let kept = Moment::try_from(kept.as_millis()).unwrap_or(Moment::MAX);
	loop {
		let pause = match forget(&app, kept).await {
			Ok(()) => OFTEN,
			Err(why) => {
				let code = why.code().as_str();
				tracing::warn!(code, "old disclosures were not deleted; it is tried again soon");
				AGAIN
			},
		};
		tokio::time::sleep(pause).await;
	}
}

async fn forget(app: &App, kept: Moment) -> Result<(), Refusal> {
	// Of several gateways, one does it.
	if !app.leader.leads() {
		return Ok(());
	}
	// By the chain's clock and this machine's: neither alone makes anything old.
	let before = app.authority.view().await?.chain_time().saturating_sub(kept);
	let forgetting = async {
		app.disclosures.forget(before).await?;
		app.receipts.forget(before).await
	};
	forgetting.await.map_err(|why| {
		app.metrics.failed(&why);
		tracing::error!(%why, "old disclosures can't be deleted");
		Refusal::from_io(&why)
	})
}
