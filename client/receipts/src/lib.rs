#![doc = include_str!("../README.md")]

mod chart;
mod disclosures;
mod lie;
mod receipts;
mod statements;
mod tree;

pub use chart::{Check, Checked, Line, Pin};
pub use disclosures::{
	Capacity, Disclosure, Link, MAX_APART, MAX_ENCODED, MAX_TITLES, Request, Session,
	SignedRequest, Signer, Subject, left_out,
};
pub use lie::Lie;
pub use receipts::{ANCHORED_WITHIN, Anchor, Receipt, Slip};
pub use statements::{ChartHead, LogHead, LogId, Promise, Signed, Statement, Vault, message};
pub use tree::{
	Edge, MAX_PROOF, Span, Subtree, Tree, consistency_spans, empty_root, inclusion_spans,
	leaf_hash, node_hash, prove,
};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Whether a log has grown, from one tree that a client believed to the next, and nothing else.
///
/// # Errors
///
/// [`Lie::Shrunk`] or [`Lie::Forked`].
pub fn check_growth(before: &Tree, now: &Tree, proof: &[Hash]) -> Result<(), Lie> {
	if now.size < before.size {
		return Err(Lie::Shrunk { before: before.size, now: now.size });
	}
	match before.grew_into(now, proof) {
		true => Ok(()),
		false => Err(Lie::Forked),
	}
}
