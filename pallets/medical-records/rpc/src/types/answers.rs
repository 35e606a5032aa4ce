//! What every answer has in common.

use crate::{BlockHash, schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockRef {
	/// Its number.
	#[schemars(with = "schema::BlockNumber")]
	pub number: u32,
	/// Its hash.
	pub hash: BlockHash,
}

/// A single thing, and the block at which it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Answer<T> {
	/// What was asked for.
	pub value: T,
	/// The block whose state was read.
	pub at: BlockRef,
}

/// Some items of a list, and the block at which they were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline, bound = "T: JsonSchema")]
pub struct Page<T, Cursor> {
	/// The items. There may be few, or none, without this being the end of the list.
	pub items: Vec<T>,
	/// What to give as `after` for the next page; `null` at the end of the list.
	#[schemars(with = "Option<u32>")]
	pub next: Option<Cursor>,
	/// The block whose state was read. Give its hash as `at` for the next page, and that is of the
	/// same moment.
	pub at: BlockRef,
}
