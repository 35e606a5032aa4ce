//! Asking the chain again while an answer is sent, however slow its reader is.

use super::documents::Cut;
use crate::{errors::Refusal, metrics::Metrics};
use std::{
	pin::pin,
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// The time after which the chain is asked again while the reader takes what it was given.
pub(super) const AGAIN: Duration = Duration::from_secs(5);
/// How long a reader may go on with what it was given while no node answers: a node restarts in less.
const UNHEARD: Duration = Duration::from_secs(30);

/// The question whether a reader may have what is being sent.
pub(super) trait Ask {
	/// The time of the question, if the chain allows it.
	fn ask(&mut self) -> impl Future<Output = Result<Instant, Refusal>> + Send;
}

/// Sends something while the chain is asked: first after `pause`, then every few seconds. Returns when it was asked last, if
/// it has answered then.
pub(super) async fn guarded(
	metrics: &Metrics,
	sending: impl Future<Output = Result<(), Cut>>,
	asking: &mut impl Ask,
	mut pause: Duration,
) -> Result<Option<Instant>, Cut> {
	let (mut asked, mut heard) = (None, Instant::now());
	let mut sending = pin!(sending);
	loop {
		let watching = async {
			sleep(pause).await;
			asking.ask().await
		};
		let answer = tokio::select! {
			sent = &mut sending => return sent.map(|()| asked),
			answer = watching => answer,
		};
		match answer {
			Ok(at) => (asked, heard) = (Some(at), at),
			Err(Refusal::NodeUnreachable) if heard.elapsed() < UNHEARD => asked = None,
			Err(why) => return Err(refused(metrics, &why)),
		}
		pause = AGAIN;
	}
}

/// Counts the refusal that cuts an answer.
pub(super) fn refused(metrics: &Metrics, why: &Refusal) -> Cut {
	let code = why.code().as_str();
	metrics.refusals.with_label_values(&[code]).inc();
	tracing::info!(code, "an answer is cut");
	Cut
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_primitives::Denied;
	use std::future::pending;

	const SOON: Duration = Duration::from_millis(10);

	struct Always(Result<(), Refusal>);

	impl Ask for Always {
		async fn ask(&mut self) -> Result<Instant, Refusal> {
			self.0.clone().map(|()| Instant::now())
		}
	}

	#[tokio::test]
	async fn a_reader_who_takes_nothing_is_cut_once_access_has_ended() {
		let metrics = Metrics::new().unwrap();
		let mut ended = Always(Err(Refusal::Denied(Denied::NotGranted)));
		let sent = guarded(&metrics, pending(), &mut ended, SOON).await;
		assert!(sent.is_err());
		assert!(metrics.text().unwrap().contains(r#"refusals_total{reason="not-granted"} 1"#));
	}

	#[tokio::test]
	async fn a_reader_goes_on_while_the_chain_allows_it_or_a_node_restarts() {
		let metrics = Metrics::new().unwrap();
		for (mut asking, is_heard) in
			[(Always(Ok(())), true), (Always(Err(Refusal::NodeUnreachable)), false)]
		{
			let sending = async {
				sleep(20 * SOON).await;
				Ok(())
			};
			let sent = guarded(&metrics, sending, &mut asking, SOON).await;
			assert_eq!(sent.ok().map(|asked| asked.is_some()), Some(is_heard));
		}
	}
}
