//! Upgrades of the chain after a transaction was signed.
//!
//! A signature covers the version of the runtime, and a transaction is signed for the runtime of the last final block. The
//! best block may have a newer one by then. A node that has that block calls the signature a bad one; a node that has taken
//! the transaction before drops it without a word. It is signed again, for the new runtime, once the block that the client
//! signs at has it. A runtime whose transactions this client can't make ends that: [`Error::NewerClientNeeded`].
//!
//! This can't take effect twice. After an upgrade, no block contains a transaction that was signed for the runtime before: its
//! signature is a bad one. Before the upgrade is final, only what the node has refused, or what may be sent twice, is signed
//! again; and as long as no block has a transaction with its nonce, it gets the same one, so that the chain takes one of both.

use super::{INTERVAL, Sent, Until};
use crate::{At, Chain, Error, Result, rpc::Handed};
use medblock_platform::clock::{Duration, Instant, sleep};

/// The time in which the block that the client signs at gets the new runtime. It is longer than it takes until finality
/// counts as stopped, from when on what takes access away is signed at the best block.
const UPGRADED: Duration = Duration::from_secs(120);

impl Chain {
	/// What follows if a node takes a transaction's signature for a bad one. If the runtime is newer than the one that it was
	/// signed for, this waits until the transaction can be signed again.
	///
	/// # Errors
	///
	/// [`Error::Overtaken`] once it can be signed again, or the refusal if that is no consequence of an upgrade.
	pub(super) async fn outlast_upgrade(
		&self,
		until: Until,
		sent: &Sent,
		refusal: Error,
	) -> Result<Handed> {
		if !sent.is_outdated_at(&self.best().await?).await? {
			return Err(refusal);
		}
		tracing::debug!("the chain was upgraded after signing, says {}", self.url);
		let deadline = Instant::now() + UPGRADED;
		while Instant::now() < deadline {
			// Also keeps attempts from following each other at once.
			sleep(INTERVAL).await;
			let at = self.anchor(until, sent.is_next).await?;
			if !sent.is_outdated_at(&at).await? {
				continue;
			}
			// Its nonce is in a block, perhaps with this very transaction: another node may have had it before the upgrade.
			if at.nonce(sent.account).await? > sent.nonce {
				return Ok(Handed::Perhaps(refusal));
			}
			return Err(sent.outdated());
		}
		Err(refusal)
	}
}

impl Sent {
	/// Fails if no block after this one can contain the transaction because of an upgrade.
	///
	/// # Errors
	///
	/// [`Error::Overtaken`], after which it can be signed again.
	pub(super) async fn ensure_not_outdated_at(&self, at: &At) -> Result<()> {
		if self.is_outdated_at(at).await? {
			return Err(self.outdated());
		}
		Ok(())
	}

	/// The error of a transaction that an upgrade has outdated. The same goes for all others that the account sent before.
	fn outdated(&self) -> Error {
		if let Some(signed_for) = self.spec_version {
			self.turns.outdated(signed_for);
		}
		Error::Overtaken
	}

	/// Whether the block leaves a newer runtime in force than the one that the transaction was signed for. Each upgrade has a
	/// higher version than the one before. An older runtime says nothing: the node may be behind the one that told the version.
	async fn is_outdated_at(&self, at: &At) -> Result<bool> {
		let Some(signed_for) = self.spec_version else { return Ok(false) };
		Ok(at.spec_version().await? > signed_for)
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests;
