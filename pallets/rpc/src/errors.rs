//! Refusals. A code never changes its meaning. A message is one sentence for the client's author, and
//! may change.
//!
//! | code | what it means | what to do |
//! |---|---|---|
//! | -32602 | a parameter is missing, malformed or out of bounds | correct it; `data` or the message says which |
//! | -32001 | this node does not know the block | check the hash, or ask a node that has caught up |
//! | -32002 | this node has discarded the block's state | ask an archive node |
//! | -32003 | the block is on an abandoned fork | ask for a block of the best chain |
//! | -32004 | there is no such patient, doctor, hospital or record | check the id |
//! | -32005 | `after` is too long ago, or ahead of the finalized block | `data` says what is possible |
//! | -32603 | the runtime could not answer | report it, with the node's log |
//!
//! What the server itself refuses, before a method is asked:
//!
//! | code | what it means |
//! |---|---|
//! | -32700, -32600, -32601 | no JSON, no request, no such method |
//! | -32006 | more subscriptions than one connection may have |
//! | -32007, -32008 | a request or an answer is too large |
//! | -32009 | the server has as many connections as it takes |
//! | -32010, -32011 | a batch, or its answer, is too large |
//!
//! A node that was started with `--rpc-disable-batch-requests` answers a batch with the server's own
//! -32005.

use jsonrpsee::types::error::{ErrorObjectOwned, INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE};
use sp_api::ApiError;
use sp_core::H256;
use std::fmt::Display;

/// A parameter is missing, malformed or out of bounds.
pub const INVALID_PARAMS: i32 = INVALID_PARAMS_CODE;
/// This node does not know the block.
pub const UNKNOWN_BLOCK: i32 = -32001;
/// This node has discarded the block's state.
pub const STATE_PRUNED: i32 = -32002;
/// The block is not on the best chain.
pub const ABANDONED_FORK: i32 = -32003;
/// There is no such patient, doctor, hospital or record.
pub const NOT_FOUND: i32 = -32004;
/// An inbox cannot begin there.
pub const AFTER_OUT_OF_RANGE: i32 = -32005;
/// The runtime could not answer.
pub const INTERNAL: i32 = INTERNAL_ERROR_CODE;

fn refusal(code: i32, message: impl Display) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(code, message.to_string(), None::<()>)
}

/// The limit is out of bounds.
pub(crate) fn bad_limit() -> ErrorObjectOwned {
	refusal(INVALID_PARAMS, format_args!("limit has to be 1 to {}", crate::MAX_LIMIT))
}

/// This node does not know the block.
pub(crate) fn unknown_block(hash: H256) -> ErrorObjectOwned {
	refusal(
		UNKNOWN_BLOCK,
		format_args!(
			"this node does not know block {hash:?}: check the hash, or ask a node that has caught up"
		),
	)
}

/// This node no longer has the state of a block, which is named by its number or hash.
pub fn state_pruned(block: impl Display) -> ErrorObjectOwned {
	refusal(
		STATE_PRUNED,
		format_args!("this node no longer has the state of block {block}: ask an archive node"),
	)
}

/// The block is not on the best chain.
pub(crate) fn abandoned_fork(hash: H256) -> ErrorObjectOwned {
	refusal(
		ABANDONED_FORK,
		format_args!(
			"block {hash:?} is not on the best chain: leave `at` out, or give a finalized block's hash"
		),
	)
}

/// There is no such thing, for instance the `patient` 7.
pub fn not_found(what: &str, id: impl Display) -> ErrorObjectOwned {
	refusal(
		NOT_FOUND,
		format_args!(
			"there is no {what} {id} in this block: check the id, or ask for a later block"
		),
	)
}

/// The runtime could not answer.
pub fn internal(why: impl Display) -> ErrorObjectOwned {
	refusal(
		INTERNAL,
		format_args!("the runtime could not answer, report this with the node's log: {why}"),
	)
}

/// The refusal when the runtime could not be asked at a block that the node knows.
pub fn not_answered(block: u32, why: ApiError) -> ErrorObjectOwned {
	match why {
		// The node has the header, so it is the state that is missing.
		ApiError::UnknownBlock(_) => state_pruned(block),
		why => internal(why),
	}
}
