//! Other transactions of the account with a transaction's nonce: its rivals. A second program, or a second device, asked for
//! a nonce at the same time, of another node or before the first one's transaction was there.
//!
//! An ordinary transaction that loses is signed again with a later nonce: at once if a node refuses it because of the rival, and
//! otherwise when a final block has the rival.
//!
//! What takes access away has the nonce of the best block, so that it takes the place of a pending transaction. A node
//! refuses it if the pending one has the same priority, as another revocation has: a thief's, or one from the owner's second
//! device. And if another node makes the next block, it may take the rival, after this node has accepted ours. In each case ours
//! can have the next nonce as soon as the rival is in a block. A rival needs a block of its own each time, and is paid for by
//! the account's allowance, so this comes to an end.

use super::{INTERVAL, STALL, Sent};
use crate::{Chain, Error, Result};
use medblock_platform::clock::{Instant, sleep};

/// The maximum number of times that a call is signed. Each takes a block, so the client tries for about as long as it waits
/// for one transaction: [`super::LIFETIME`].
const ATTEMPTS: u32 = 64;

/// What follows the refusal of a transaction because of a rival.
#[derive(Debug, PartialEq, Eq)]
enum Next {
	/// Waiting for a block.
	Wait,
	/// Handing the same transaction over again. The rival may be gone, as one that the account could not pay for is.
	Again,
	/// Signing another one, with a later nonce: a rival is in a block.
	Anew,
	/// Nothing: no block can contain the transaction any more.
	GiveUp,
}

/// What follows a refusal at the best block `refused_at`, when the best block is `best`, and the account's nonce in it is
/// `nonce`.
fn after_refusal(sent: &Sent, refused_at: u32, best: u32, nonce: u64) -> Next {
	if nonce > sent.nonce {
		Next::Anew
	} else if u64::from(best) > sent.last {
		Next::GiveUp
	} else if best > refused_at {
		Next::Again
	} else {
		Next::Wait
	}
}

impl Chain {
	/// Leaves the nonce to a rival that the node has. The pause keeps attempts from following each other at once.
	pub(super) async fn gave_way(&self) -> Error {
		tracing::debug!("another transaction of the account has the nonce at {}", self.url);
		sleep(INTERVAL).await;
		Error::Overtaken
	}

	/// Waits until a transaction that a node has refused because of a rival, or for now, can be handed over again. `false` if
	/// it never can, or no block comes.
	///
	/// # Errors
	///
	/// [`Error::Overtaken`] if a rival is in a block.
	pub(super) async fn outwait(&self, sent: &Sent) -> Result<bool> {
		let refused_at = self.best().await?.number();
		let deadline = Instant::now() + STALL;
		loop {
			let best = self.best().await?;
			let nonce = best.nonce(sent.account).await?;
			match after_refusal(sent, refused_at, best.number(), nonce) {
				Next::Anew => return Err(Error::Overtaken),
				Next::Again => return Ok(true),
				Next::Wait if Instant::now() < deadline => sleep(INTERVAL).await,
				Next::Wait | Next::GiveUp => return Ok(false),
			}
		}
	}
}

/// Sends again, with the nonce and for the runtime that are then the next, as long as rivals take the place, or upgrades come
/// between.
///
/// # Errors
///
/// [`Error::Overtaken`] after [`ATTEMPTS`].
pub(crate) async fn outlast<T, F>(send: impl Fn() -> F) -> Result<T>
where
	F: Future<Output = Result<T>>,
{
	for _ in 1..ATTEMPTS {
		match send().await {
			Err(Error::Overtaken) => {},
			outcome => return outcome,
		}
	}
	send().await
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{AccountId, call::Funds, turns::Turns};
	use futures::{FutureExt, future::ready};
	use std::cell::Cell;

	/// A transaction with nonce 7 that block 74 may still contain.
	fn sent() -> Sent {
		let account = AccountId::from([5; 32]);
		Sent {
			call: "MedicalRecords.revoke_access".to_owned(),
			transaction: vec![1, 2, 3],
			first: 11,
			last: 74,
			started: Instant::now(),
			account,
			nonce: 7,
			spec_version: Some(1),
			funds: Funds::Debt,
			is_next: true,
			turns: Turns::of([9; 32], &account),
		}
	}

	#[test]
	fn refused_transaction_is_handed_over_again_with_each_block_until_a_rival_is_in() {
		let sent = sent();
		for (best, nonce, next) in [
			(10, 7, Next::Wait),
			(9, 7, Next::Wait),
			(11, 7, Next::Again),
			(74, 7, Next::Again),
			(75, 7, Next::GiveUp),
			// It may have been in the block of the refusal already.
			(10, 8, Next::Anew),
			(11, 8, Next::Anew),
			// The next transaction has a life of its own.
			(75, 24, Next::Anew),
			// The best block was replaced by one without earlier transactions of the account.
			(11, 6, Next::Again),
		] {
			assert_eq!(after_refusal(&sent, 10, best, nonce), next, "block {best}, nonce {nonce}");
		}
	}

	/// Sends until the outcome is another than this, and counts.
	fn sends(overtaken: u32, then: fn() -> Result<u8>) -> (Result<u8>, u32) {
		let count = Cell::new(0);
		let send = || {
			count.set(count.get() + 1);
			ready(if count.get() > overtaken { then() } else { Err(Error::Overtaken) })
		};
		(outlast(send).now_or_never().unwrap(), count.get())
	}

	#[test]
	fn call_is_sent_until_no_rival_takes_its_place() {
		for overtaken in [0, 1, ATTEMPTS - 1] {
			let (outcome, count) = sends(overtaken, || Ok(3));
			assert_eq!((outcome.unwrap(), count), (3, overtaken + 1));
		}
	}

	#[test]
	fn account_that_never_stops_sending_ends_the_attempts() {
		let (outcome, count) = sends(u32::MAX, || Ok(3));
		assert!(matches!(outcome, Err(Error::Overtaken)));
		assert_eq!(count, ATTEMPTS);
	}

	#[test]
	fn only_a_rival_is_a_reason_to_send_again() {
		let (outcome, count) = sends(0, || Err(Error::Expired));
		assert!(matches!(outcome, Err(Error::Expired)));
		assert_eq!(count, 1);
	}
}
