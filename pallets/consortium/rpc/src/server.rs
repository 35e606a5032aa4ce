//! Answers from a node's state.

use crate::{ConsortiumRuntimeApi, api::ConsortiumApiServer};
use jsonrpsee::core::{RpcResult, async_trait};
use medblock_primitives::HospitalId;
use medblock_rpc::{State, errors::not_found};
use medblock_views::{Answer, BlockHash, Hospital, Page, PortalRelease};
use sc_network_types::PeerId;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};
use std::sync::Arc;

/// Serves the methods from a client's state.
pub struct Consortium<C, B> {
	state: State<C, B>,
}

impl<C, B> Consortium<C, B> {
	/// Serves from `client`.
	pub fn new(client: Arc<C>) -> Self {
		Self { state: State::new(client) }
	}
}

#[async_trait]
impl<C, B> ConsortiumApiServer for Consortium<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
	C::Api: ConsortiumRuntimeApi<B, AccountId32>,
{
	fn hospitals(
		&self,
		after: Option<HospitalId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Hospital, HospitalId>> {
		self.state.page(limit, at, |api, at, limit| api.hospitals(at, after, limit), |_| Ok(()))
	}

	fn hospital(&self, hospital: HospitalId, at: Option<BlockHash>) -> RpcResult<Answer<Hospital>> {
		let missing = |_| not_found("hospital", hospital);
		self.state.entry(at, |api, at| api.hospital(at, hospital), missing)
	}

	fn author(&self, at: Option<BlockHash>) -> RpcResult<Answer<Option<HospitalId>>> {
		self.state.answer(at, |api, at| api.author(at))
	}

	fn authorized_nodes(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<String>>> {
		let Answer { value: nodes, at } =
			self.state.answer::<_, Vec<Vec<u8>>>(at, |api, at| api.authorized_nodes(at))?;
		let peers = nodes.iter().filter_map(|bytes| PeerId::from_bytes(bytes).ok());
		Ok(Answer { value: peers.map(|peer| peer.to_base58()).collect(), at })
	}

	fn portal_releases(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<PortalRelease>>> {
		let Answer { value: releases, at } =
			self.state.answer::<_, Vec<medblock_primitives::PortalRelease>>(at, |api, at| {
				api.portal_releases(at)
			})?;
		Ok(Answer { value: releases.into_iter().map(Into::into).collect(), at })
	}
}
