//! The consortium over JSON-RPC.
//!
//! | method | gives |
//! |---|---|
//! | `consortium_hospitals(after?, limit?, at?)` | hospitals in order of their ids |
//! | `consortium_author(at?)` | the id of the hospital that authored a block |
//! | `consortium_authorizedNodes(at?)` | peer ids of the nodes that may join the network |
//!
//! `at` is a block hash; the best block if left out. Errors: `-32602` for a limit outside 1–256,
//! `-32001` for a block that this node does not have, `-32603` when the runtime could not answer.

use codec::Codec;
use jsonrpsee::{
	core::{RpcResult, async_trait},
	proc_macros::rpc,
	types::error::{ErrorObjectOwned, INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE},
};
use medblock_primitives::{HospitalId, RegistrationMode};
use pallet_consortium_runtime_api::{HospitalInfo, SeatStatus};
use serde::{Deserialize, Serialize};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as BlockT;
use std::{fmt::Display, sync::Arc};

pub use pallet_consortium_runtime_api::ConsortiumApi as ConsortiumRuntimeApi;

/// The most hospitals in one answer.
pub const MAX_LIMIT: u32 = 256;

/// Code of the error for a block that the node does not have.
pub const UNKNOWN_BLOCK: i32 = -32001;

/// A hospital, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hospital<AccountId> {
	/// Its id.
	pub id: HospitalId,
	/// Its name.
	pub name: String,
	/// The URL of its gateway.
	pub gateway: String,
	/// The account that acts for it, in SS58.
	pub controller: AccountId,
	/// The account that its validator is known by, in SS58.
	pub seat_account: AccountId,
	/// `seated`, `waiting`, `keyless`, `benched`, `suspended` or `expelled`.
	pub seat: String,
	/// How it takes in people: `Open`, `SponsoredOnly` or `Closed`.
	pub registration: RegistrationMode,
	/// How many people verify for it.
	pub registrars: u32,
}

impl<AccountId> From<HospitalInfo<AccountId>> for Hospital<AccountId> {
	fn from(info: HospitalInfo<AccountId>) -> Self {
		let seat = match info.seat {
			SeatStatus::Seated => "seated",
			SeatStatus::Waiting => "waiting",
			SeatStatus::Keyless => "keyless",
			SeatStatus::Benched => "benched",
			SeatStatus::Suspended => "suspended",
			SeatStatus::Expelled => "expelled",
		};
		Self {
			id: info.id,
			name: String::from_utf8_lossy(&info.name).into_owned(),
			gateway: String::from_utf8_lossy(&info.gateway).into_owned(),
			controller: info.controller,
			seat_account: info.seat_account,
			seat: seat.into(),
			registration: info.registration,
			registrars: info.registrars,
		}
	}
}

/// The methods.
#[rpc(client, server)]
pub trait ConsortiumApi<BlockHash, AccountId> {
	/// Up to `limit` (1–256, 256 if left out) hospitals with ids greater than `after`, in order of
	/// their ids.
	#[method(name = "consortium_hospitals")]
	fn hospitals(
		&self,
		after: Option<HospitalId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Vec<Hospital<AccountId>>>;

	/// The hospital that authored the block; `null` for the genesis.
	#[method(name = "consortium_author")]
	fn author(&self, at: Option<BlockHash>) -> RpcResult<Option<HospitalId>>;

	/// Peer ids, in base58, of the nodes that may take part in the network.
	#[method(name = "consortium_authorizedNodes")]
	fn authorized_nodes(&self, at: Option<BlockHash>) -> RpcResult<Vec<String>>;
}

/// Serves the methods from a client's state.
pub struct Consortium<C, B> {
	client: Arc<C>,
	block: std::marker::PhantomData<B>,
}

impl<C, B> Consortium<C, B> {
	/// Serves from `client`.
	pub fn new(client: Arc<C>) -> Self {
		Self { client, block: Default::default() }
	}
}

impl<C: HeaderBackend<B>, B: BlockT> Consortium<C, B> {
	fn block(&self, at: Option<B::Hash>) -> RpcResult<B::Hash> {
		let Some(hash) = at else { return Ok(self.client.info().best_hash) };
		match self.client.header(hash) {
			Ok(Some(_)) => Ok(hash),
			_ => Err(error(UNKNOWN_BLOCK, format!("this node has no block {hash:?}"))),
		}
	}
}

fn error(code: i32, message: impl Display) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(code, message.to_string(), None::<()>)
}

fn answered<T>(answer: Result<T, ApiError>) -> RpcResult<T> {
	answer.map_err(|why| error(INTERNAL_ERROR_CODE, format!("the runtime did not answer: {why}")))
}

#[async_trait]
impl<C, B, AccountId> ConsortiumApiServer<B::Hash, AccountId> for Consortium<C, B>
where
	B: BlockT,
	AccountId: Codec + Clone + Serialize + Send + Sync + 'static,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
	C::Api: ConsortiumRuntimeApi<B, AccountId>,
{
	fn hospitals(
		&self,
		after: Option<HospitalId>,
		limit: Option<u32>,
		at: Option<B::Hash>,
	) -> RpcResult<Vec<Hospital<AccountId>>> {
		let limit = limit.unwrap_or(MAX_LIMIT);
		if !(1..=MAX_LIMIT).contains(&limit) {
			return Err(error(INVALID_PARAMS_CODE, format!("limit has to be 1 to {MAX_LIMIT}")));
		}
		let at = self.block(at)?;
		let found = answered(self.client.runtime_api().hospitals(at, after, limit))?;
		Ok(found.into_iter().map(Hospital::from).collect())
	}

	fn author(&self, at: Option<B::Hash>) -> RpcResult<Option<HospitalId>> {
		let at = self.block(at)?;
		answered(self.client.runtime_api().author(at))
	}

	fn authorized_nodes(&self, at: Option<B::Hash>) -> RpcResult<Vec<String>> {
		let at = self.block(at)?;
		let nodes = answered(self.client.runtime_api().authorized_nodes(at))?;
		Ok(nodes
			.iter()
			.filter_map(|bytes| sc_network_types::PeerId::from_bytes(bytes).ok())
			.map(|peer| peer.to_base58())
			.collect())
	}
}
