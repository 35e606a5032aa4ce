//! Answers from a node's state.

use crate::{
	Account, BlockHash, Bytes, ConsortiumRuntimeApi, Inbox, MedicalRecordsRuntimeApi,
	api::{DEFAULT_LIMIT, DiscoveryServer, MAX_LIMIT, MedicalRecordsApiServer},
	errors::{abandoned_fork, bad_limit, internal, not_answered, not_found, unknown_block},
	types::*,
};
use jsonrpsee::{
	core::{RpcResult, async_trait},
	server::{PendingSubscriptionSink, SubscriptionCloseResponse},
	types::ErrorObjectOwned,
};
use medblock_primitives::{DoctorId, Epoch, HospitalId, PatientId, RecordIndex};
use pallet_medical_records_runtime_api::Page as RuntimePage;
use sc_client_api::BlockchainEvents;
use serde_json::value::RawValue;
use sp_api::{ApiError, ApiRef, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{
	AccountId32,
	traits::{Block as BlockT, UniqueSaturatedInto},
};
use std::{marker::PhantomData, sync::Arc};

/// The methods' OpenRPC document.
pub const OPENRPC: &str = include_str!("../openrpc.json");

/// Serves the document.
pub struct Discover;

impl DiscoveryServer for Discover {
	fn discover(&self) -> RpcResult<Box<RawValue>> {
		RawValue::from_string(OPENRPC.into()).map_err(internal)
	}
}

/// Serves the methods from a client's state.
pub struct MedicalRecords<C, B> {
	client: Arc<C>,
	inbox: Arc<Inbox<C, B>>,
	block: PhantomData<B>,
}

impl<C, B> MedicalRecords<C, B> {
	/// Serves from `client`, and subscriptions from `inbox`.
	pub fn new(client: Arc<C>, inbox: Arc<Inbox<C, B>>) -> Self {
		Self { client, inbox, block: PhantomData }
	}
}

impl<C, B> MedicalRecords<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32> + ConsortiumRuntimeApi<B, AccountId32>,
{
	/// The block that is meant: on the best chain, or the last finalized one.
	fn block(&self, at: Option<BlockHash>) -> RpcResult<BlockRef> {
		let Some(BlockHash(hash)) = at else {
			let info = self.client.info();
			let number = info.finalized_number.unique_saturated_into();
			return Ok(BlockRef { number, hash: BlockHash(info.finalized_hash) });
		};
		let number = self.client.number(hash).map_err(internal)?;
		let number = number.ok_or_else(|| unknown_block(hash))?;
		if self.client.hash(number).map_err(internal)? != Some(hash) {
			return Err(abandoned_fork(hash));
		}
		Ok(BlockRef { number: number.unique_saturated_into(), hash: BlockHash(hash) })
	}

	fn ask<'a, T>(
		&'a self,
		at: BlockRef,
		question: impl FnOnce(ApiRef<'a, C::Api>, H256) -> Result<T, ApiError>,
	) -> RpcResult<T> {
		question(self.client.runtime_api(), at.hash.0).map_err(|why| not_answered(at.number, why))
	}

	fn page<'a, Item, Cursor, Shown: From<Item>>(
		&'a self,
		limit: Option<u32>,
		at: Option<BlockHash>,
		question: impl FnOnce(
			ApiRef<'a, C::Api>,
			H256,
			u32,
		) -> Result<RuntimePage<Item, Cursor>, ApiError>,
		exists: impl FnOnce(BlockRef) -> RpcResult<()>,
	) -> RpcResult<Page<Shown, Cursor>> {
		let limit = bounded(limit)?;
		let at = self.block(at)?;
		let page = self.ask(at, |api, at| question(api, at, limit))?;
		// Only whoever finds nothing has to be told whether there could have been something.
		if page.items.is_empty() && page.next.is_none() {
			exists(at)?;
		}
		let items = page.items.into_iter().map(Shown::from).collect();
		Ok(Page { items, next: page.next, at })
	}

	fn ensure_patient(&self, patient: PatientId, at: BlockRef) -> RpcResult<()> {
		let found = self.ask(at, |api, at| api.patient(at, patient))?;
		found.map(drop).ok_or_else(|| not_found("patient", patient))
	}

	fn ensure_doctor(&self, doctor: DoctorId, at: BlockRef) -> RpcResult<()> {
		let found = self.ask(at, |api, at| api.doctor(at, doctor))?;
		found.map(drop).ok_or_else(|| not_found("doctor", doctor))
	}

	fn ensure_both(&self, patient: PatientId, doctor: DoctorId, at: BlockRef) -> RpcResult<()> {
		self.ensure_patient(patient, at)?;
		self.ensure_doctor(doctor, at)
	}

	fn ensure_hospital(&self, hospital: HospitalId, at: BlockRef) -> RpcResult<()> {
		let before = hospital.0.checked_sub(1).map(HospitalId);
		let found = self.ask(at, |api, at| api.hospitals(at, before, 1))?;
		let known = found.first().is_some_and(|first| first.id == hospital);
		known.then_some(()).ok_or_else(|| not_found("hospital", hospital))
	}
}

#[async_trait]
impl<C, B> MedicalRecordsApiServer for MedicalRecords<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B> + BlockchainEvents<B> + Send + Sync + 'static,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32> + ConsortiumRuntimeApi<B, AccountId32>,
{
	fn doctors(
		&self,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>> {
		self.page(limit, at, |api, at, limit| api.doctors(at, after, limit), |_| Ok(()))
	}

	fn doctor(&self, doctor: DoctorId, at: Option<BlockHash>) -> RpcResult<Answer<Doctor>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| api.doctor(at, doctor))?;
		let value = found.ok_or_else(|| not_found("doctor", doctor))?.into();
		Ok(Answer { value, at })
	}

	fn doctor_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorId>>> {
		let at = self.block(at)?;
		let value = self.ask(at, |api, at| api.doctor_of(at, account.0))?;
		Ok(Answer { value, at })
	}

	fn encryption_key(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| {
			MedicalRecordsRuntimeApi::<B, AccountId32>::encryption_key(&*api, at, doctor)
		})?;
		if found.is_none() {
			self.ensure_doctor(doctor, at)?;
		}
		Ok(Answer { value: found.map(Into::into), at })
	}

	fn patient(&self, patient: PatientId, at: Option<BlockHash>) -> RpcResult<Answer<Patient>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| api.patient(at, patient))?;
		let value = found.ok_or_else(|| not_found("patient", patient))?.into();
		Ok(Answer { value, at })
	}

	fn patient_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<PatientId>>> {
		let at = self.block(at)?;
		let value = self.ask(at, |api, at| api.patient_of(at, account.0))?;
		Ok(Answer { value, at })
	}

	fn records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Record, RecordIndex>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.records(at, patient, after, limit),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn grants_of_patient(
		&self,
		patient: PatientId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, DoctorId>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.grants_of_patient(at, patient, after, limit),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn grants_to_doctor(
		&self,
		doctor: DoctorId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, PatientId>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.grants_to_doctor(at, doctor, after, limit),
			|at| self.ensure_doctor(doctor, at),
		)
	}

	fn access(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Access>> {
		let at = self.block(at)?;
		let access = self.ask(at, |api, at| api.access(at, patient, doctor, record))?;
		Ok(Answer { value: access.into(), at })
	}

	fn chart_keys(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<ChartKeys>>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| api.chart_keys(at, patient))?;
		if found.is_none() {
			self.ensure_patient(patient, at)?;
		}
		Ok(Answer { value: found.map(Into::into), at })
	}

	fn past_epochs(
		&self,
		patient: PatientId,
		after: Option<Epoch>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<PastEpoch, Epoch>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.past_epochs(at, patient, after, limit),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn grant_key(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Bytes>>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| api.grant_key(at, patient, doctor))?;
		if found.is_none() {
			self.ensure_both(patient, doctor, at)?;
		}
		Ok(Answer { value: found.map(Into::into), at })
	}

	fn share(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Share>> {
		let at = self.block(at)?;
		let found = self.ask(at, |api, at| api.share(at, patient, doctor))?;
		if found.key.is_none() && found.records.is_empty() {
			self.ensure_both(patient, doctor, at)?;
		}
		Ok(Answer { value: found.into(), at })
	}

	fn awaiting_patients(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.awaiting_patients(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn awaiting_doctors(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>> {
		self.page(
			limit,
			at,
			|api, at, limit| api.awaiting_doctors(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	async fn subscribe_inbox(
		&self,
		pending: PendingSubscriptionSink,
		doctor: DoctorId,
		after: Option<u32>,
	) -> SubscriptionCloseResponse {
		let exists = self.block(None).and_then(|at| self.ensure_doctor(doctor, at));
		let opened = match exists {
			Ok(()) => self.inbox.open(doctor, after).await,
			Err(why) => Err(why),
		};
		let mut reader = match opened {
			Ok(reader) => reader,
			Err(why) => {
				pending.reject(why).await;
				return SubscriptionCloseResponse::None;
			},
		};
		let Ok(sink) = pending.accept().await else { return SubscriptionCloseResponse::None };
		match reader.follow(&sink).await {
			Ok(()) => SubscriptionCloseResponse::None,
			Err(why) => closing(&why),
		}
	}
}

/// How many items a page may have.
pub(crate) fn bounded(limit: Option<u32>) -> RpcResult<u32> {
	let limit = limit.unwrap_or(DEFAULT_LIMIT);
	(1..=MAX_LIMIT).contains(&limit).then_some(limit).ok_or_else(bad_limit)
}

/// The last notification of a subscription that cannot go on.
pub(crate) fn closing(why: &ErrorObjectOwned) -> SubscriptionCloseResponse {
	match jsonrpsee::SubscriptionMessage::from_json(why) {
		Ok(message) => SubscriptionCloseResponse::NotifErr(message),
		Err(_) => SubscriptionCloseResponse::None,
	}
}
