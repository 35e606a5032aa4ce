//! Which transactions are certainly ordinary: of kinds that protect no person, from any account.

use super::door::Kinds;
use crate::parts::Client;
use codec::{DecodeLimit, Encode};
use medblock_runtime::{OpaqueBlock as Block, UncheckedExtrinsic, VERSION, calls::may_be_urgent};
use sc_client_api::HeaderBackend;
use sp_api::CallApiAt;
use sp_core::traits::CallContext;
use sp_runtime::{OpaqueExtrinsic, generic::Preamble};
use std::sync::Arc;

/// The depth of what is decoded, as the decoder counts it: it never counts down within a transaction. Calls within calls
/// would otherwise take all of a thread's stack. A node asks the chain about what is deeper, such as a large batch.
const DEPTH: u32 = 32;

/// What the node knows of this chain's transactions. It is certain as long as the chain has the runtime that the node was
/// built with: another one may give a call's bytes another meaning.
pub fn kinds(client: &Arc<Client>) -> Kinds<OpaqueExtrinsic> {
	let client = client.clone();
	Kinds {
		is_ordinary: Box::new(is_known_as_ordinary),
		is_certain: Box::new(move || has_own_runtime(&client)),
	}
}

/// Whether a transaction is ordinary if the chain has the runtime that this node was built with.
fn is_known_as_ordinary(transaction: &OpaqueExtrinsic) -> bool {
	let encoded = transaction.encode();
	let decoded = UncheckedExtrinsic::decode_with_depth_limit(DEPTH, &mut &encoded[..]);
	decoded.is_ok_and(|known| {
		matches!(known.preamble, Preamble::Signed(..)) && !may_be_urgent(&known.function)
	})
}

/// Whether the best block's runtime is the one that this node was built with.
fn has_own_runtime(client: &Client) -> bool {
	let best = client.info().best_hash;
	let found = CallApiAt::<Block>::runtime_version_at(client, best, CallContext::Offchain);
	found.is_ok_and(|found| {
		found.spec_name == VERSION.spec_name && found.spec_version == VERSION.spec_version
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	/// A call that says nothing: `System.remark`.
	const REMARK: [u8; 3] = [0, 0, 0];

	/// A transaction of this call, with a signature of zeros.
	fn signed(call: &[u8]) -> OpaqueExtrinsic {
		let mut all = vec![0x84, 0];
		all.extend([0; 32]);
		// sr25519.
		all.push(1);
		all.extend([0; 64]);
		// For ever, the first of its account, and without a hash of the metadata.
		all.extend([0, 0, 0]);
		all.extend(call);
		OpaqueExtrinsic::from_blob(all)
	}

	/// A motion within a motion, so many times.
	fn motions(count: usize) -> Vec<u8> {
		// `Council.propose`, with a threshold of one.
		let mut all = [4, 2, 4].repeat(count);
		all.extend(REMARK);
		// The longest calls, in bytes.
		all.extend(vec![0; count]);
		all
	}

	#[test]
	fn calls_that_protect_nobody_are_ordinary() {
		assert!(is_known_as_ordinary(&signed(&REMARK)));
		assert!(is_known_as_ordinary(&signed(&motions(2))));
	}

	#[test]
	fn revocations_are_not() {
		// `MedicalRecords.revoke_access` of doctor 7, without a rotation.
		assert!(!is_known_as_ordinary(&signed(&[12, 25, 4, 7, 0, 0, 0, 0])));
	}

	#[test]
	fn what_is_unknown_is_not() {
		assert!(!is_known_as_ordinary(&signed(&[255, 255])));
		assert!(!is_known_as_ordinary(&OpaqueExtrinsic::from_blob(Vec::new())));
		// It has no signature.
		assert!(!is_known_as_ordinary(&OpaqueExtrinsic::from_blob(vec![0x04, 0, 0, 0])));
	}

	#[test]
	fn deep_calls_take_no_stack() {
		assert!(!is_known_as_ordinary(&signed(&motions(100_000))));
	}
}
