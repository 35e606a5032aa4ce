//! The methods. Their documentation is what `openrpc.json` says of them.

use crate::{
	Account, BlockHash, Bytes,
	types::{
		Access, Answer, ChartKeys, Doctor, EncryptionKey, Grant, InboxNotification, Page,
		PastEpoch, Patient, Record, Share,
	},
};
use jsonrpsee::{core::RpcResult, proc_macros::rpc, server::SubscriptionCloseResponse};
use medblock_primitives::{DoctorId, Epoch, HospitalId, PatientId, RecordIndex};
use serde_json::value::RawValue;

/// The most items in one answer.
pub const MAX_LIMIT: u32 = 256;

/// How many items an answer has if nothing is said.
pub const DEFAULT_LIMIT: u32 = 64;

/// The methods. `at` is a block hash, and the last finalized block if left out; `after` is `next` of
/// the page before, and the beginning if left out; `limit` is 1 to 256, and 64 if left out.
#[rpc(client, server)]
pub trait MedicalRecordsApi {
	/// Lists the public directory of doctors, in order of their ids.
	///
	/// Doctors whom their hospital has rejected are left out; those whom it has not verified yet, or
	/// has suspended, are there.
	#[method(name = "medicalRecords_doctors", blocking)]
	fn doctors(
		&self,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>>;

	/// Gives a doctor's entry.
	#[method(name = "medicalRecords_doctor")]
	fn doctor(&self, doctor: DoctorId, at: Option<BlockHash>) -> RpcResult<Answer<Doctor>>;

	/// Gives the id of the doctor whom an account acts for, or `null`.
	#[method(name = "medicalRecords_doctorOf")]
	fn doctor_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorId>>>;

	/// Gives the encryption key that a doctor has published, or `null` if they were rejected.
	///
	/// Seal nothing to it unless its version is the doctor's `vouchedVersion`, and another hospital's
	/// node gives the same.
	#[method(name = "medicalRecords_encryptionKey")]
	fn encryption_key(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>>;

	/// Gives a patient's entry: no name, and nothing of what the records say.
	#[method(name = "medicalRecords_patient")]
	fn patient(&self, patient: PatientId, at: Option<BlockHash>) -> RpcResult<Answer<Patient>>;

	/// Gives the id of the patient whose chart an account controls, or `null`.
	#[method(name = "medicalRecords_patientOf")]
	fn patient_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<PatientId>>>;

	/// Lists a chart's records, oldest first, withdrawn ones included.
	#[method(name = "medicalRecords_records", blocking)]
	fn records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Record, RecordIndex>>;

	/// Lists what a patient has granted, in order of the doctors' ids, expired grants included.
	#[method(name = "medicalRecords_grantsOfPatient", blocking)]
	fn grants_of_patient(
		&self,
		patient: PatientId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, DoctorId>>;

	/// Lists what a doctor was granted, in no particular order, expired grants included.
	#[method(name = "medicalRecords_grantsToDoctor", blocking)]
	fn grants_to_doctor(
		&self,
		doctor: DoctorId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, PatientId>>;

	/// Says whether a doctor may see a record, or with no record anything of the chart; if not, why.
	///
	/// An unknown patient, doctor or record is a reason like any other, and no error. The times by
	/// which grants and licences end are compared with the block's.
	#[method(name = "medicalRecords_access")]
	fn access(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Access>>;

	/// Gives the public keys of a chart's current epoch and its standby, or `null` if the patient was
	/// rejected.
	#[method(name = "medicalRecords_chartKeys")]
	fn chart_keys(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<ChartKeys>>>;

	/// Lists what is left of a chart's earlier epochs, oldest first.
	#[method(name = "medicalRecords_pastEpochs", blocking)]
	fn past_epochs(
		&self,
		patient: PatientId,
		after: Option<Epoch>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<PastEpoch, Epoch>>;

	/// Gives the epoch secret that came with a grant to the whole chart, sealed to the doctor; `null`
	/// if there is no such grant.
	#[method(name = "medicalRecords_grantKey")]
	fn grant_key(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Bytes>>>;

	/// Gives what opens the single records that a doctor was granted.
	#[method(name = "medicalRecords_share")]
	fn share(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Share>>;

	/// Lists the patients who wait for a hospital to verify them, or to take them in from another.
	///
	/// Looks at no more than 4,096 people for a page, which may therefore be short, or empty, without
	/// being the last.
	#[method(name = "medicalRecords_awaitingPatients", blocking)]
	fn awaiting_patients(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>>;

	/// Lists the doctors who wait for a hospital to verify them, or to take them in from another.
	///
	/// Looks at no more than 4,096 people for a page, which may therefore be short, or empty, without
	/// being the last.
	#[method(name = "medicalRecords_awaitingDoctors", blocking)]
	fn awaiting_doctors(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>>;

	/// Tells what concerns a doctor, block by finalized block.
	///
	/// One notification for each block that brought something, in order. `after` is the number of the
	/// last block that the subscriber has dealt with: whatever came since is sent first, so that
	/// nothing is lost and nothing comes twice, also after a lost connection. It may lie 86,400 blocks
	/// back, as far as the node still has their state. Without it, the inbox begins behind the last
	/// finalized block, and a first notification without events says which that is. Another without
	/// events comes after 60 blocks that brought nothing, so that `after` can move on.
	///
	/// New and withdrawn records, new keys and profiles are told only if the doctor has access when the
	/// block ends, and with a grant to single records only of those. What ends by the clock is not
	/// told: see `until` of `medicalRecords_access`. If the node no longer has a block's state, the
	/// subscription ends with a notification whose `error` is that of code -32002.
	#[subscription(
		name = "medicalRecords_subscribeInbox" => "medicalRecords_inbox",
		unsubscribe = "medicalRecords_unsubscribeInbox",
		item = InboxNotification
	)]
	async fn subscribe_inbox(
		&self,
		doctor: DoctorId,
		after: Option<u32>,
	) -> SubscriptionCloseResponse;
}

/// Service discovery, as OpenRPC has it.
#[rpc(server)]
pub trait Discovery {
	/// Gives the OpenRPC document of these methods.
	#[method(name = "rpc.discover")]
	fn discover(&self) -> RpcResult<Box<RawValue>>;
}
