//! What every answer has in common.

use crate::BlockHash;
#[cfg(feature = "schema")]
use crate::schema;
use medblock_primitives as primitives;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct BlockRef {
	/// The block's number.
	#[cfg_attr(feature = "schema", schemars(with = "schema::BlockNumber"))]
	pub number: u32,
	/// The block's hash.
	pub hash: BlockHash,
}

/// A single thing, and the block at which it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema), schemars(inline))]
pub struct Answer<T> {
	/// What was asked for.
	pub value: T,
	/// The block whose state was read.
	pub at: BlockRef,
}

/// Some items of a list, and the block at which they were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema), schemars(inline))]
pub struct Page<T, Cursor> {
	/// The items. There may be few, or none, without this being the end of the list.
	pub items: Vec<T>,
	/// The `after` of the next page; `null` at the end of the list.
	pub next: Option<Cursor>,
	/// The block whose state was read. With its hash as `at`, the next page is of the same moment.
	pub at: BlockRef,
}

impl<T, Cursor> Page<T, Cursor> {
	/// Shows a page that the runtime gave.
	pub fn new(page: primitives::Page<impl Into<T>, Cursor>, at: BlockRef) -> Self {
		Self { items: page.items.into_iter().map(Into::into).collect(), next: page.next, at }
	}
}
