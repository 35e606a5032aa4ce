//! What signs transactions: a key that is at hand, or a wallet that its owner has to be asked for.

use crate::{AccountId, LIFETIME, Signed, call::is_revocation};
use codec::Encode;
use futures::{
	FutureExt,
	future::{BoxFuture, ready},
};
use subxt::utils::{Era, H256};
use subxt_signer::sr25519::{Keypair, Signature};

/// A transaction before it is signed, with everything that its signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
	/// The account that signs.
	pub account: AccountId,
	/// The call's name: pallet and function.
	pub name: String,
	/// The call, SCALE-encoded.
	pub call: Vec<u8>,
	/// The bytes to sign: call, extensions and what they imply, or the Blake2-256 of these if they have more
	/// than 256 bytes.
	pub payload: Vec<u8>,
	/// The number of the account's transactions before this one.
	pub nonce: u64,
	/// The number of blocks within which it can be included.
	pub lifetime: u64,
	/// The number of the block from which these count.
	pub number: u32,
	/// That block's hash.
	pub block: H256,
	/// The hash of the chain's first block.
	pub genesis: H256,
	/// The runtime's version.
	pub spec_version: u32,
	/// The version of the runtime's transactions.
	pub transaction_version: u32,
	/// The names of the runtime's transaction extensions, in order.
	pub extensions: Vec<String>,
}

impl Unsigned {
	/// The blocks in which the transaction can be included, as transactions encode them.
	pub fn era(&self) -> Vec<u8> {
		Era::mortal(self.lifetime, self.number.into()).encode()
	}

	/// Whether the transaction takes access back. Nothing may delay it.
	pub fn is_revocation(&self) -> bool {
		is_revocation(&self.name)
	}
}

/// The reason why a transaction, or a sign-in, was not signed: a whole sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSigned(pub String);

/// What signs an account's transactions.
pub trait Signer: Send + Sync {
	/// The account.
	fn account(&self) -> AccountId;

	/// The number of blocks within which a transaction can be included, a power of two. Someone who has to be
	/// asked needs more than the default.
	fn lifetime(&self) -> u64 {
		LIFETIME
	}

	/// The sr25519 signature (context `substrate`) of the transaction's payload.
	fn sign_transaction<'a>(
		&'a self,
		transaction: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>>;

	/// Keeps a signed transaction before any node has it, so that a program that is started again knows of it. If this
	/// fails, it is not sent. By default, nothing is kept.
	fn note<'a>(&'a self, _signed: &'a Signed) -> BoxFuture<'a, Result<(), NotSigned>> {
		ready(Ok(())).boxed()
	}
}

impl Signer for Keypair {
	fn account(&self) -> AccountId {
		AccountId::from(self.public_key().0)
	}

	fn sign_transaction<'a>(
		&'a self,
		transaction: &'a Unsigned,
	) -> BoxFuture<'a, Result<[u8; 64], NotSigned>> {
		let Signature(bytes) = self.sign(&transaction.payload);
		ready(Ok(bytes)).boxed()
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use subxt_signer::sr25519::{PublicKey, dev, verify};

	fn unsigned(number: u32, lifetime: u64) -> Unsigned {
		Unsigned {
			account: dev::alice().account(),
			name: "MedicalRecords.revoke_access".into(),
			call: vec![1, 2, 3],
			payload: vec![4; 100],
			nonce: 7,
			lifetime,
			number,
			block: H256([5; 32]),
			genesis: H256([6; 32]),
			spec_version: 1,
			transaction_version: 1,
			extensions: vec!["CheckNonce".into()],
		}
	}

	#[test]
	fn era_is_encoded_as_transactions_have_it() {
		// The SDK's own example: a period of 64 from block 42.
		assert_eq!(unsigned(42, 64).era(), [0xa5, 0x02]);
		assert_eq!(unsigned(42 + 64, 64).era(), [0xa5, 0x02]);
		assert_ne!(unsigned(42, 512).era(), unsigned(42, 64).era());
	}

	#[test]
	fn key_at_hand_signs_the_payload() {
		let alice = dev::alice();
		let transaction = unsigned(42, 64);
		let signed = alice.sign_transaction(&transaction).now_or_never().unwrap().unwrap();
		let public = PublicKey(alice.account().0);
		assert!(verify(&Signature(signed), &transaction.payload, &public));
		assert_eq!(alice.lifetime(), LIFETIME);
	}
}
