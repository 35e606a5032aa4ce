//! Reading a client's state.

use crate::errors::{abandoned_fork, bad_limit, internal, not_answered, unknown_block};
use jsonrpsee::{core::RpcResult, types::ErrorObjectOwned};
use medblock_primitives as primitives;
use medblock_views::{Answer, BlockHash, BlockRef, Page};
use sp_api::{ApiError, ApiRef, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::traits::{Block as BlockT, UniqueSaturatedInto};
use std::{marker::PhantomData, sync::Arc};

/// The most items in one answer.
pub const MAX_LIMIT: u32 = 256;

/// The most items in an answer whose caller gave no limit.
pub const DEFAULT_LIMIT: u32 = 64;

/// A client's state at its blocks.
pub struct State<C, B> {
	client: Arc<C>,
	block: PhantomData<B>,
}

impl<C, B> State<C, B> {
	/// Reads from `client`.
	pub fn new(client: Arc<C>) -> Self {
		Self { client, block: PhantomData }
	}
}

impl<C, B> Clone for State<C, B> {
	fn clone(&self) -> Self {
		Self::new(self.client.clone())
	}
}

impl<C, B> State<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
{
	/// The block that a caller means: one on the best chain, or the last finalized one.
	pub fn block(&self, at: Option<BlockHash>) -> RpcResult<BlockRef> {
		let Some(BlockHash(hash)) = at else {
			let info = self.client.info();
			let number = info.finalized_number.unique_saturated_into();
			return Ok(BlockRef { number, hash: BlockHash(info.finalized_hash.0) });
		};
		let hash = H256(hash);
		let number = self.client.number(hash).map_err(internal)?;
		let number = number.ok_or_else(|| unknown_block(hash))?;
		if self.client.hash(number).map_err(internal)? != Some(hash) {
			return Err(abandoned_fork(hash));
		}
		Ok(BlockRef { number: number.unique_saturated_into(), hash: BlockHash(hash.0) })
	}

	/// What the runtime says at a block.
	pub fn ask<'a, T>(
		&'a self,
		at: BlockRef,
		question: impl FnOnce(ApiRef<'a, C::Api>, H256) -> Result<T, ApiError>,
	) -> RpcResult<T> {
		let BlockHash(hash) = at.hash;
		question(self.client.runtime_api(), H256(hash)).map_err(|why| not_answered(at.number, why))
	}

	/// What the runtime says at the block that a caller means.
	pub fn answer<'a, T, Shown: From<T>>(
		&'a self,
		at: Option<BlockHash>,
		question: impl FnOnce(ApiRef<'a, C::Api>, H256) -> Result<T, ApiError>,
	) -> RpcResult<Answer<Shown>> {
		let at = self.block(at)?;
		Ok(Answer { value: self.ask(at, question)?.into(), at })
	}

	/// What the runtime says of a thing at the block that a caller means. If there is no such thing,
	/// `missing` is the refusal.
	pub fn entry<'a, T, Shown: From<T>>(
		&'a self,
		at: Option<BlockHash>,
		question: impl FnOnce(ApiRef<'a, C::Api>, H256) -> Result<Option<T>, ApiError>,
		missing: impl FnOnce(BlockRef) -> ErrorObjectOwned,
	) -> RpcResult<Answer<Shown>> {
		let at = self.block(at)?;
		let found = self.ask(at, question)?.ok_or_else(|| missing(at))?;
		Ok(Answer { value: found.into(), at })
	}

	/// What the runtime says of a thing that may be missing. Then `exists` refuses, unless those whose
	/// thing it could be are there.
	pub fn optional<'a, T, Shown: From<T>>(
		&'a self,
		at: Option<BlockHash>,
		question: impl FnOnce(ApiRef<'a, C::Api>, H256) -> Result<Option<T>, ApiError>,
		exists: impl FnOnce(BlockRef) -> RpcResult<()>,
	) -> RpcResult<Answer<Option<Shown>>> {
		let at = self.block(at)?;
		let found = self.ask(at, question)?;
		if found.is_none() {
			exists(at)?;
		}
		Ok(Answer { value: found.map(Into::into), at })
	}

	/// A page of a list at the block that a caller means. If it is empty and the last, `exists` refuses,
	/// unless those whose list it is are there.
	pub fn page<'a, Item, Cursor, Shown: From<Item>>(
		&'a self,
		limit: Option<u32>,
		at: Option<BlockHash>,
		question: impl FnOnce(
			ApiRef<'a, C::Api>,
			H256,
			u32,
		) -> Result<primitives::Page<Item, Cursor>, ApiError>,
		exists: impl FnOnce(BlockRef) -> RpcResult<()>,
	) -> RpcResult<Page<Shown, Cursor>> {
		let limit = bounded(limit)?;
		let at = self.block(at)?;
		let page = self.ask(at, |api, at| question(api, at, limit))?;
		// Only a caller who finds nothing has to be told whether there could have been something.
		if page.items.is_empty() && page.next.is_none() {
			exists(at)?;
		}
		Ok(Page::new(page, at))
	}
}

/// The most items that a page may have.
fn bounded(limit: Option<u32>) -> RpcResult<u32> {
	let limit = limit.unwrap_or(DEFAULT_LIMIT);
	(1..=MAX_LIMIT).contains(&limit).then_some(limit).ok_or_else(bad_limit)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::errors::INVALID_PARAMS;

	#[test]
	fn limits_are_1_to_256_and_64_if_nothing_is_said() {
		assert_eq!(bounded(None).unwrap(), 64);
		for limit in [1, 64, 256] {
			assert_eq!(bounded(Some(limit)).unwrap(), limit);
		}
		for limit in [0, 257, 1_000_000_000, u32::MAX] {
			let refused = bounded(Some(limit)).unwrap_err();
			assert_eq!(refused.code(), INVALID_PARAMS);
			assert_eq!(refused.message(), "limit has to be 1 to 256");
		}
	}
}
