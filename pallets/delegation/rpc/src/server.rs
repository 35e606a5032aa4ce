//! Answers from a node's state.

use crate::{DelegationRuntimeApi, api::DelegationApiServer};
use jsonrpsee::core::{RpcResult, async_trait};
use medblock_primitives::{HospitalId, PatientId, Person};
use medblock_rpc::State;
use medblock_views::{
	Answer, BlockHash, Emergency, EmergencyOf, EmergencyPlan, EmergencyRequest, EncryptionKey,
	Guardians, Page, Recovery, Representative, Representing,
};
use sp_api::{ApiError, ApiRef, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};
use std::sync::Arc;

/// Serves the methods from a client's state.
pub struct Delegation<C, B> {
	state: State<C, B>,
}

impl<C, B> Delegation<C, B> {
	/// Serves from `client`.
	pub fn new(client: Arc<C>) -> Self {
		Self { state: State::new(client) }
	}
}

impl<C, B> Delegation<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
	C::Api: DelegationRuntimeApi<B, AccountId32>,
{
	/// A short list.
	fn list<Info, Shown: From<Info>>(
		&self,
		at: Option<BlockHash>,
		question: impl FnOnce(ApiRef<'_, C::Api>, H256) -> Result<Vec<Info>, ApiError>,
	) -> RpcResult<Answer<Vec<Shown>>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, question)?;
		Ok(Answer { value: found.into_iter().map(Into::into).collect(), at })
	}
}

#[async_trait]
impl<C, B> DelegationApiServer for Delegation<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
	C::Api: DelegationRuntimeApi<B, AccountId32>,
{
	fn acting_key(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>> {
		self.state.optional(at, |api, at| api.acting_key(at, patient), |_| Ok(()))
	}

	fn guardians(
		&self,
		person: Person,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Guardians>>> {
		self.state.optional(at, |api, at| api.guardians(at, person), |_| Ok(()))
	}

	fn recoveries(
		&self,
		person: Person,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Recovery>>> {
		self.list(at, |api, at| api.recoveries(at, person))
	}

	fn representatives(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Representative>>> {
		self.list(at, |api, at| api.representatives(at, patient))
	}

	fn represented(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Representative>>> {
		self.list(at, |api, at| api.represented(at, patient))
	}

	fn awaiting_representatives(
		&self,
		hospital: HospitalId,
		after: Option<Representing>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Representative, Representing>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.awaiting_representatives(at, hospital, after, limit),
			|_| Ok(()),
		)
	}

	fn emergency_plan(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EmergencyPlan>>> {
		self.state.optional(at, |api, at| api.emergency_plan(at, patient), |_| Ok(()))
	}

	fn emergency_requests(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<EmergencyRequest>>> {
		self.list(at, |api, at| api.emergency_requests(at, patient))
	}

	fn emergencies_asked(
		&self,
		hospital: HospitalId,
		after: Option<EmergencyOf>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<EmergencyRequest, EmergencyOf>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.emergencies_asked(at, hospital, after, limit),
			|_| Ok(()),
		)
	}

	fn emergencies(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Emergency>>> {
		self.list(at, |api, at| api.emergencies(at, patient))
	}
}
