//! Transactions of a program that ended before it knew what became of them.

use super::{Receipt, Sent, Until};
use crate::{AccountId, Chain, Result, call::Funds, rpc::Handed, turns::Turns};
use medblock_platform::clock::Instant;

/// A signed transaction, as it is kept before a node has it. It can be handed over again without taking effect twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
	/// The call's name: pallet and function.
	pub call: String,
	/// The transaction, encoded.
	pub transaction: Vec<u8>,
	/// The first block that may contain it.
	pub first: u32,
	/// No block after this one can contain it.
	pub last: u64,
	/// The number of the account's transactions before it.
	pub nonce: u64,
	/// The version of the runtime that it was signed for, if that is known. No block after an upgrade can contain it.
	pub spec_version: Option<u32>,
}

impl Signed {
	pub(super) fn of(sent: &Sent) -> Self {
		Self {
			call: sent.call.clone(),
			transaction: sent.transaction.clone(),
			first: sent.first,
			last: sent.last,
			nonce: sent.nonce,
			spec_version: sent.spec_version,
		}
	}

	fn of_account(self, account: AccountId, turns: Turns) -> Sent {
		let Self { call, transaction, first, last, nonce, spec_version } = self;
		let (started, funds) = (Instant::now(), Funds::Allowance);
		Sent {
			call,
			transaction,
			first,
			last,
			started,
			account,
			nonce,
			spec_version,
			funds,
			is_next: false,
			turns,
		}
	}
}

impl Chain {
	/// Hands an account's transaction over, which a node may have had before, and waits until it is in a final block.
	///
	/// # Errors
	///
	/// [`crate::Error::Refused`] if the chain executed it and it failed, [`crate::Error::Expired`] or [`crate::Error::Overtaken`] if no block
	/// contains it or ever will, and the others of [`Chain::submit`] that leave it open.
	pub async fn resume(&self, account: AccountId, signed: Signed) -> Result<Receipt> {
		let sent = signed.of_account(account, Turns::of(self.genesis(), &account));
		match self.rpc.submit(&sent.transaction).await {
			Ok(Handed::Over) => sent.turns.took(sent.nonce, sent.spec_version),
			// A node that has it in a block calls it outdated, or its signature a bad one after an upgrade. Only the blocks tell.
			Ok(Handed::Perhaps(why)) | Err(why) => {
				tracing::debug!("a transaction was not handed over again: {why}");
			},
		}
		self.settle(Until::Final, &sent).await
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	use super::*;

	#[test]
	fn transaction_is_the_same_after_it_was_kept() {
		let account = AccountId::from([5; 32]);
		let signed = Signed {
			call: "MedicalRecords.add_records".to_owned(),
			transaction: vec![1, 2, 3],
			first: 11,
			last: 75,
			nonce: 7,
			spec_version: Some(1),
		};
		let sent = signed.clone().of_account(account, Turns::of([9; 32], &account));
		assert!(!sent.is_next, "it takes the place of none");
		assert_eq!(Signed::of(&sent), signed);
	}
}
