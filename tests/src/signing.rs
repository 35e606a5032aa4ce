//! Signed transactions.

use codec::Encode;
use frame_metadata_hash_extension::CheckMetadataHash;
use medblock_runtime::{
	Hash, Nonce, Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic,
};
use sp_core::{Pair, sr25519};
use sp_runtime::{MultiAddress, MultiSignature, generic::Era};

/// What signatures cover besides the calls: the chain, its runtime, and how long a transaction is valid.
#[derive(Clone, Copy, Debug)]
pub struct Form {
	genesis: Hash,
	spec_version: u32,
	transaction_version: u32,
	era: Era,
	/// The block that the era begins with; the genesis if it has no end.
	checkpoint: Hash,
}

impl Form {
	/// Transactions that stay valid.
	pub fn immortal(genesis: Hash, spec_version: u32, transaction_version: u32) -> Self {
		let (era, checkpoint) = (Era::Immortal, genesis);
		Self { genesis, spec_version, transaction_version, era, checkpoint }
	}

	/// Transactions that are valid for at least so many blocks, a power of two up to 4,096, after this one.
	pub fn mortal(self, blocks: u32, number: u32, hash: Hash) -> Self {
		Self { era: Era::mortal(blocks.into(), number.into()), checkpoint: hash, ..self }
	}

	/// Signs a call.
	pub fn sign(
		&self,
		signer: &sr25519::Pair,
		nonce: Nonce,
		call: RuntimeCall,
	) -> UncheckedExtrinsic {
		let extension: TxExtension = (
			frame_system::CheckNonZeroSender::<Runtime>::new(),
			frame_system::CheckSpecVersion::<Runtime>::new(),
			frame_system::CheckTxVersion::<Runtime>::new(),
			frame_system::CheckGenesis::<Runtime>::new(),
			frame_system::CheckEra::<Runtime>::from(self.era),
			pallet_fair_use::FairUse::<Runtime>(nonce),
			frame_system::CheckWeight::<Runtime>::new(),
			CheckMetadataHash::<Runtime>::new(false),
		);
		let implicit = (
			(),
			self.spec_version,
			self.transaction_version,
			self.genesis,
			self.checkpoint,
			(),
			(),
			None,
		);
		let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
		let signature = payload.using_encoded(|bytes| signer.sign(bytes));
		UncheckedExtrinsic::new_signed(
			call,
			MultiAddress::Id(signer.public().into()),
			MultiSignature::from(signature),
			extension,
		)
	}
}
