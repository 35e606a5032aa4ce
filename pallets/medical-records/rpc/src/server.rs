//! Answers from a node's state.

use crate::{
	ConsortiumRuntimeApi, Inbox, MedicalRecordsRuntimeApi,
	api::{DiscoveryServer, MedicalRecordsApiServer},
	earlier,
};
use jsonrpsee::{
	core::{RpcResult, async_trait},
	server::{PendingSubscriptionSink, SubscriptionCloseResponse},
	types::ErrorObjectOwned,
};
use medblock_primitives::{
	DoctorId, Epoch, HospitalId, InstitutionId, PatientId, Person, RecordIndex,
};
use medblock_rpc::{
	State,
	errors::{internal, not_found},
};
use medblock_views::{
	Access, Account, AccountChange, Answer, BlockHash, BlockRef, Bytes, ChartKeys, Deposit, Doctor,
	DoctorProfile, EncryptionKey, Grant, Page, PastEpoch, Patient, ProposedProfile, Recipients,
	Record, Share, Succession,
};
use sc_client_api::BlockchainEvents;
use serde_json::value::RawValue;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};
use std::sync::Arc;

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
	state: State<C, B>,
	inbox: Arc<Inbox<C, B>>,
}

impl<C, B> MedicalRecords<C, B> {
	/// Serves from `client`, and subscriptions from `inbox`.
	pub fn new(client: Arc<C>, inbox: Arc<Inbox<C, B>>) -> Self {
		Self { state: State::new(client), inbox }
	}
}

impl<C, B> MedicalRecords<C, B>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32> + ConsortiumRuntimeApi<B, AccountId32>,
{
	fn ensure_patient(&self, patient: PatientId, at: BlockRef) -> RpcResult<()> {
		let found = self.state.ask(at, |api, at| earlier::patient::<B, _>(&*api, at, patient))?;
		found.map(drop).ok_or_else(|| not_found("patient", patient))
	}

	fn ensure_doctor(&self, doctor: DoctorId, at: BlockRef) -> RpcResult<()> {
		ensure_doctor(&self.state, doctor, at)
	}

	fn ensure_both(&self, patient: PatientId, doctor: DoctorId, at: BlockRef) -> RpcResult<()> {
		self.ensure_patient(patient, at)?;
		self.ensure_doctor(doctor, at)
	}

	fn ensure_hospital(&self, hospital: HospitalId, at: BlockRef) -> RpcResult<()> {
		let found = self.state.ask(at, |api, at| api.hospital(at, hospital))?;
		found.map(drop).ok_or_else(|| not_found("hospital", hospital))
	}
}

fn ensure_doctor<C, B>(state: &State<C, B>, doctor: DoctorId, at: BlockRef) -> RpcResult<()>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B> + HeaderBackend<B>,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32>,
{
	let found = state.ask(at, |api, at| api.doctor(at, doctor))?;
	found.map(drop).ok_or_else(|| not_found("doctor", doctor))
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
		self.state.page(limit, at, |api, at, limit| api.doctors(at, after, limit), |_| Ok(()))
	}

	fn doctor(&self, doctor: DoctorId, at: Option<BlockHash>) -> RpcResult<Answer<Doctor>> {
		let missing = |_| not_found("doctor", doctor);
		self.state.entry(at, |api, at| api.doctor(at, doctor), missing)
	}

	fn doctor_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorId>>> {
		self.state.answer(at, |api, at| api.doctor_of(at, account.0.into()))
	}

	fn encryption_key(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>> {
		self.state.optional(
			at,
			|api, at| MedicalRecordsRuntimeApi::<B, AccountId32>::encryption_key(&*api, at, doctor),
			|at| self.ensure_doctor(doctor, at),
		)
	}

	fn patient(&self, patient: PatientId, at: Option<BlockHash>) -> RpcResult<Answer<Patient>> {
		let missing = |_| not_found("patient", patient);
		self.state.entry(at, |api, at| earlier::patient::<B, _>(&*api, at, patient), missing)
	}

	fn patient_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<PatientId>>> {
		self.state.answer(at, |api, at| api.patient_of(at, account.0.into()))
	}

	fn records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Record, RecordIndex>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| earlier::records::<B, _>(&*api, at, patient, after, limit),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn record(
		&self,
		patient: PatientId,
		record: RecordIndex,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Record>> {
		let missing = |at| match self.ensure_patient(patient, at) {
			Ok(()) => not_found("record", record),
			Err(why) => why,
		};
		self.state.entry(at, |api, at| earlier::record::<B, _>(&*api, at, patient, record), missing)
	}

	fn grants_of_patient(
		&self,
		patient: PatientId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, DoctorId>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| earlier::grants_of_patient::<B, _>(&*api, at, patient, after, limit),
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
		self.state.page(
			limit,
			at,
			|api, at, limit| earlier::grants_to_doctor::<B, _>(&*api, at, doctor, after, limit),
			|at| self.ensure_doctor(doctor, at),
		)
	}

	fn grant(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Grant>>> {
		self.state.optional(
			at,
			|api, at| earlier::grant::<B, _>(&*api, at, patient, doctor),
			|at| self.ensure_both(patient, doctor, at),
		)
	}

	fn deposits(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Deposit>>> {
		let at = self.state.block(at)?;
		let found = self.state.ask(at, |api, at| api.deposits(at, patient))?;
		if found.is_empty() {
			self.ensure_patient(patient, at)?;
		}
		Ok(Answer { value: found.into_iter().map(Into::into).collect(), at })
	}

	fn deposit(
		&self,
		patient: PatientId,
		institution: InstitutionId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Deposit>>> {
		self.state.optional(
			at,
			|api, at| api.deposit(at, patient, institution),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn access(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Access>> {
		self.state.answer(at, |api, at| api.access(at, patient, doctor, record))
	}

	fn chart_keys(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<ChartKeys>>> {
		self.state.optional(
			at,
			|api, at| api.chart_keys(at, patient),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn past_epochs(
		&self,
		patient: PatientId,
		after: Option<Epoch>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<PastEpoch, Epoch>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.past_epochs(at, patient, after, limit),
			|at| self.ensure_patient(patient, at),
		)
	}

	fn recipients(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Recipients>> {
		let missing = |_| not_found("patient", patient);
		self.state.entry(at, |api, at| api.recipients(at, patient), missing)
	}

	fn grant_key(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Bytes>>> {
		self.state.optional(
			at,
			|api, at| api.grant_key(at, patient, doctor),
			|at| self.ensure_both(patient, doctor, at),
		)
	}

	fn share(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Share>> {
		let Answer { value, at } =
			self.state.answer::<_, Share>(at, |api, at| api.share(at, patient, doctor))?;
		if value.key.is_none() && value.records.is_empty() {
			self.ensure_both(patient, doctor, at)?;
		}
		Ok(Answer { value, at })
	}

	fn awaiting_patients(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| earlier::awaiting_patients::<B, _>(&*api, at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn patients_of_hospital(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| {
				earlier::patients_of_hospital::<B, _>(&*api, at, hospital, after, limit)
			},
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn successors(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<Succession>>> {
		self.state.answer(at, |api, at| api.successors(at))
	}

	fn awaiting_doctors(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.awaiting_doctors(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn proposed_profile(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorProfile>>> {
		self.state.optional(
			at,
			|api, at| api.proposed_profile(at, doctor),
			|at| self.ensure_doctor(doctor, at),
		)
	}

	fn proposed_profiles(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<ProposedProfile, DoctorId>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.proposed_profiles(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	fn account_change(
		&self,
		person: Person,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<AccountChange>>> {
		self.state.optional(
			at,
			|api, at| api.account_change(at, person),
			|at| match person {
				Person::Patient(patient) => self.ensure_patient(patient, at),
				Person::Doctor(doctor) => self.ensure_doctor(doctor, at),
			},
		)
	}

	fn account_changes(
		&self,
		hospital: HospitalId,
		after: Option<Person>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<AccountChange, Person>> {
		self.state.page(
			limit,
			at,
			|api, at, limit| api.account_changes(at, hospital, after, limit),
			|at| self.ensure_hospital(hospital, at),
		)
	}

	async fn subscribe_inbox(
		&self,
		pending: PendingSubscriptionSink,
		doctor: DoctorId,
		after: Option<u32>,
	) -> SubscriptionCloseResponse {
		// Subscriptions begin on the threads of connections, which must not execute the runtime.
		let state = self.state.clone();
		let asking = move || {
			let at = state.block(None)?;
			ensure_doctor(&state, doctor, at)
		};
		let opened = match self.inbox.threads().run(asking).await {
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

/// The last notification of a subscription that cannot go on.
pub(crate) fn closing(why: &ErrorObjectOwned) -> SubscriptionCloseResponse {
	match jsonrpsee::SubscriptionMessage::from_json(why) {
		Ok(message) => SubscriptionCloseResponse::NotifErr(message),
		Err(_) => SubscriptionCloseResponse::None,
	}
}
