//! Signing a transaction that is written down before any node has it.

use crate::{
	Keys, Result,
	chain::{AccountId, Call, NotSigned, Signed, Signer, Unsigned, Until},
	client::{Client, Done, Mode},
	outbox::begun::Work,
};
use futures::{
	FutureExt, StreamExt,
	channel::{mpsc, oneshot},
	future::{BoxFuture, Either, pending, select},
};
use std::{convert::Infallible, pin::pin};

/// A transaction to write down, and what to tell when that is done.
type Note = (Signed, oneshot::Sender<Result<(), NotSigned>>);

/// The account's keys, which pass on what they have signed. In browsers, what writes can't be part of a signer.
struct Noting<'a> {
	keys: &'a Keys,
	notes: mpsc::UnboundedSender<Note>,
}

impl Signer for Noting<'_> {
	fn account(&self) -> AccountId {
		self.keys.account()
	}

	fn lifetime(&self) -> u64 {
		self.keys.lifetime()
	}

	fn sign_transaction<'a>(
		&'a self,
		transaction: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
		self.keys.sign_transaction(transaction)
	}

	fn note<'a>(&'a self, signed: &'a Signed) -> BoxFuture<'a, Result<(), NotSigned>> {
		let (done, noted) = oneshot::channel();
		// If nothing takes it, the answer says so.
		let _ = self.notes.unbounded_send((signed.clone(), done));
		noted.map(|answer| answer.unwrap_or_else(|_| Err(not_noted("it was interrupted")))).boxed()
	}
}

fn not_noted(why: impl std::fmt::Display) -> NotSigned {
	NotSigned(format!("The transaction could not be written down first ({why}); it was not sent"))
}

impl Client {
	/// As [`Client::conclude`]. The command's entry gets the transaction before a node does, so that the same command can
	/// hand it over again.
	pub(crate) async fn conclude_noting(&self, call: &Call, work: &mut Work) -> Result<Done> {
		if self.mode != Mode::Submit {
			return self.conclude(call).await;
		}
		self.sign_in_first().await?;
		self.keys.ensure_signs()?;
		let (notes, noted) = mpsc::unbounded();
		let signer = Noting { keys: &self.keys, notes };
		let sending = self.until_final(self.nodes.submit_until(Until::Final, &signer, call));
		match select(pin!(sending), pin!(self.write_down(noted, work))).await {
			Either::Left((sent, _)) => Ok(Done::Sent(sent?)),
			Either::Right((never, _)) => match never {},
		}
	}

	/// Writes down one transaction after another: what overtakes one makes it another, and so does an upgrade.
	async fn write_down(
		&self,
		mut notes: mpsc::UnboundedReceiver<Note>,
		work: &mut Work,
	) -> Infallible {
		while let Some((signed, done)) = notes.next().await {
			work.begun.signs(&signed);
			let noted = self.outbox.note(&work.key, &work.begun).await;
			// The signer is gone only if the command is given up.
			let _ = done.send(noted.map_err(not_noted));
		}
		pending().await
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;

	fn signed() -> Signed {
		let call = "MedicalRecords.add_records".to_owned();
		Signed { call, transaction: vec![1], first: 1, last: 65, nonce: 0, spec_version: Some(1) }
	}

	#[test]
	fn transaction_is_not_sent_before_it_is_written_down() {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let (notes, mut noted) = mpsc::unbounded();
		let signer = Noting { keys: &keys, notes };
		let transaction = signed();
		let mut noting = signer.note(&transaction);
		assert!((&mut noting).now_or_never().is_none(), "it waits");
		let (written, done) = noted.next().now_or_never().unwrap().unwrap();
		assert_eq!(written, signed());
		done.send(Ok(())).unwrap();
		assert_eq!(noting.now_or_never(), Some(Ok(())));

		let (notes, noted) = mpsc::unbounded();
		drop(noted);
		let signer = Noting { keys: &keys, notes };
		assert!(signer.note(&transaction).now_or_never().unwrap().is_err(), "nothing writes");
	}
}
