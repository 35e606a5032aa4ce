//! Answers from a node's state.

use crate::{
	ConsortiumRuntimeApi,
	api::{AnchorNumber, ConsortiumApiServer, Version},
};
use jsonrpsee::core::{RpcResult, async_trait};
use medblock_primitives::{HospitalId, InstitutionId};
use medblock_rpc::{State, errors::not_found};
use medblock_views::{
	Account, Answer, Appointment, BlockHash, BlockRef, DisclosureAnchor, DisclosureLog,
	HeldProfileKey, Hospital, Institution, OperatorAppointment, Operators, Page, PortalRelease,
	ProfileKey, ProfileKeyVersion, Registrar,
};
use sc_network_types::PeerId;
use sp_api::{ApiError, ApiRef, ProvideRuntimeApi};
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

impl<C, B> Consortium<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
	C::Api: ConsortiumRuntimeApi<B, AccountId32>,
{
	/// A list of a hospital's. If it is empty, there has to be such a hospital.
	fn list_of<Info, Shown: From<Info>>(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
		question: impl FnOnce(ApiRef<'_, C::Api>, H256) -> Result<Vec<Info>, ApiError>,
	) -> RpcResult<Answer<Vec<Shown>>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, question)?;
		if found.is_empty() {
			self.ensure_hospital(hospital, at)?;
		}
		Ok(Answer { value: found.into_iter().map(Into::into).collect(), at })
	}

	fn ensure_hospital(&self, hospital: HospitalId, at: BlockRef) -> RpcResult<()> {
		let found = self.state.ask(at, |api, at| api.hospital(at, hospital))?;
		found.map(|_| ()).ok_or_else(|| not_found("hospital", hospital))
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

	fn registrars(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Registrar>>> {
		self.list_of(hospital, at, |api, at| api.registrars(at, hospital))
	}

	fn appointments(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Appointment>>> {
		self.list_of(hospital, at, |api, at| api.appointments(at, hospital))
	}

	fn appointments_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Appointment>>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, |api, at| api.appointments_of(at, account.0.into()))?;
		Ok(Answer { value: found.into_iter().map(Into::into).collect(), at })
	}

	fn institutions(
		&self,
		after: Option<InstitutionId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Institution, InstitutionId>> {
		self.state.page(limit, at, |api, at, limit| api.institutions(at, after, limit), |_| Ok(()))
	}

	fn institution(
		&self,
		institution: InstitutionId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Institution>> {
		let missing = |_| not_found("institution", institution);
		self.state.entry(at, |api, at| api.institution(at, institution), missing)
	}

	fn operator_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<InstitutionId>>> {
		self.state.answer(at, |api, at| api.operator_of(at, account.0.into()))
	}

	fn operators(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Operators>>> {
		self.list_of(hospital, at, |api, at| api.operators(at, hospital))
	}

	fn operator_appointment(
		&self,
		institution: InstitutionId,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<OperatorAppointment>>> {
		let at = self.state.block(at)?;
		let until = self
			.state
			.ask(at, |api, at| api.operator_appointment(at, institution, account.0.into()))?;
		let appointment = |until| OperatorAppointment { operator: account, until };
		Ok(Answer { value: until.map(appointment), at })
	}

	fn profile_key(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<ProfileKey>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, |api, at| api.profile_key(at, hospital))?;
		if found.key.is_none() {
			self.ensure_hospital(hospital, at)?;
		}
		Ok(Answer { value: found.into(), at })
	}

	fn profile_key_versions(
		&self,
		hospital: HospitalId,
		after: Option<Version>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<ProfileKeyVersion, Version>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.profile_key_versions(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn held_profile_key(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<HeldProfileKey>>> {
		self.state.optional(at, |api, at| api.held_profile_key(at, account.0.into()), |_| Ok(()))
	}

	fn disclosure_log(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<DisclosureLog>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, |api, at| api.disclosure_log(at, hospital))?;
		if found.vault_account.is_none() && found.last.is_none() {
			self.ensure_hospital(hospital, at)?;
		}
		Ok(Answer { value: found.into(), at })
	}

	fn disclosure_anchors(
		&self,
		hospital: HospitalId,
		after: Option<AnchorNumber>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<DisclosureAnchor, AnchorNumber>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.disclosure_anchors(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
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
