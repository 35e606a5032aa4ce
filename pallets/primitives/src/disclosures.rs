//! The logs of what hospitals' vaults gave out, as far as the chain knows them.

use crate::Moment;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The maximum number of anchors that the chain keeps of one hospital: six weeks of one an hour.
pub const MAX_ANCHORS: u32 = 1_024;

/// The shortest time between two anchors of one hospital, in milliseconds: ten minutes. So the last
/// [`MAX_ANCHORS`] cover a week at least, and no hospital pushes its own past out of sight.
pub const ANCHOR_INTERVAL: Moment = 10 * 60 * 1_000;

/// The size and root of a vault's log at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct DisclosureAnchor {
	/// The log's number among the hospital's, from 0. A hospital that has lost its log begins another.
	pub log: u32,
	/// The number of disclosures in the log.
	pub size: u64,
	/// The root of the log's Merkle tree (RFC 9162, §2.1.1).
	pub root: [u8; 32],
	/// The time of the block that has it, in milliseconds since 1970.
	pub at: Moment,
}

/// An anchor, and its number. Not a pair: @polkadot/api mixes up pages of different pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct NumberedAnchor {
	/// The anchor's number among its hospital's, from 0.
	pub number: u32,
	/// The anchor.
	pub anchor: DisclosureAnchor,
}
