//! The methods. Their documentation is what `openrpc.json` says of them.

use jsonrpsee::{core::RpcResult, proc_macros::rpc, server::SubscriptionCloseResponse};
use medblock_primitives::{
	DoctorId, Epoch, HospitalId, InstitutionId, PatientId, Person, RecordIndex,
};
use medblock_views::{
	Access, Account, AccountChange, Answer, BlockHash, Bytes, ChartKeys, Deposit, Doctor,
	DoctorProfile, EncryptionKey, Grant, InboxNotification, Page, PastEpoch, Patient,
	ProposedProfile, Recipients, Record, Share, Succession,
};
use serde_json::value::RawValue;

/// The methods. `at` is a block hash, and the last finalized block if left out; `after` is `next` of
/// the page before, and the beginning if left out; `limit` is 1 to 256, and 64 if left out.
#[rpc(client, server)]
pub trait MedicalRecordsApi {
	/// Lists the public directory of doctors, in order of their ids.
	///
	/// Rejected doctors are left out. Pending and suspended ones are there.
	#[method(name = "medicalRecords_doctors", blocking)]
	fn doctors(
		&self,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>>;

	/// Gives a doctor's entry.
	#[method(name = "medicalRecords_doctor", blocking)]
	fn doctor(&self, doctor: DoctorId, at: Option<BlockHash>) -> RpcResult<Answer<Doctor>>;

	/// Gives the id of the doctor that an account acts for, or `null`.
	#[method(name = "medicalRecords_doctorOf", blocking)]
	fn doctor_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorId>>>;

	/// Gives the encryption key that a doctor has published, or `null` if the doctor was rejected.
	///
	/// Seal something to it only if its version is the doctor's `vouchedVersion`, and another hospital's
	/// node gives the same key.
	#[method(name = "medicalRecords_encryptionKey", blocking)]
	fn encryption_key(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>>;

	/// Gives a patient's entry: no name, and no content of records.
	#[method(name = "medicalRecords_patient", blocking)]
	fn patient(&self, patient: PatientId, at: Option<BlockHash>) -> RpcResult<Answer<Patient>>;

	/// Gives the id of the patient whose chart an account controls, or `null`.
	#[method(name = "medicalRecords_patientOf", blocking)]
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

	/// Gives a single record of a chart.
	#[method(name = "medicalRecords_record", blocking)]
	fn record(
		&self,
		patient: PatientId,
		record: RecordIndex,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Record>>;

	/// Lists a patient's grants in order of the doctors' ids, expired ones included.
	#[method(name = "medicalRecords_grantsOfPatient", blocking)]
	fn grants_of_patient(
		&self,
		patient: PatientId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, DoctorId>>;

	/// Lists the grants to a doctor in no particular order, expired ones included.
	#[method(name = "medicalRecords_grantsToDoctor", blocking)]
	fn grants_to_doctor(
		&self,
		doctor: DoctorId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Grant, PatientId>>;

	/// Gives a patient's grant to a doctor, expired or not, or `null` if there is none.
	#[method(name = "medicalRecords_grant", blocking)]
	fn grant(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Grant>>>;

	/// Lists the institutions that may add to a chart, in order of their ids, expired ones included. They can
	/// read nothing of it.
	///
	/// There are at most 32.
	#[method(name = "medicalRecords_deposits", blocking)]
	fn deposits(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Deposit>>>;

	/// Gives a patient's permission to an institution to add to the chart, expired or not, or `null` if there
	/// is none.
	#[method(name = "medicalRecords_deposit", blocking)]
	fn deposit(
		&self,
		patient: PatientId,
		institution: InstitutionId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Deposit>>>;

	/// Says whether a doctor may see a record and, if not, why. Without a record, any part of the chart
	/// is meant.
	///
	/// An unknown patient, doctor or record is a reason and no error. The ends of grants and licences
	/// are compared with the block's time.
	#[method(name = "medicalRecords_access", blocking)]
	fn access(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Access>>;

	/// Gives the public keys of a chart's current epoch and its standby, or `null` if the patient was
	/// rejected.
	#[method(name = "medicalRecords_chartKeys", blocking)]
	fn chart_keys(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<ChartKeys>>>;

	/// Lists what remains of a chart's earlier epochs, oldest first.
	#[method(name = "medicalRecords_pastEpochs", blocking)]
	fn past_epochs(
		&self,
		patient: PatientId,
		after: Option<Epoch>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<PastEpoch, Epoch>>;

	/// Gives the doctors to whose own keys a due chart's files are encrypted, besides the chart's key.
	///
	/// A transaction that names files names the `digest`, too. The chain refuses it if the doctors or their
	/// keys have changed since. Ask another hospital's node at the same block, and encrypt nothing if it
	/// answers otherwise.
	#[method(name = "medicalRecords_recipients", blocking)]
	fn recipients(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Recipients>>;

	/// Gives the epoch secret that came with a grant to the whole chart, sealed to the doctor; `null`
	/// if there is no such grant.
	#[method(name = "medicalRecords_grantKey", blocking)]
	fn grant_key(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Bytes>>>;

	/// Gives the keys to the single records that a doctor was granted.
	#[method(name = "medicalRecords_share", blocking)]
	fn share(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Share>>;

	/// Lists the patients who wait for a hospital to verify them, or to take them in from another.
	#[method(name = "medicalRecords_awaitingPatients", blocking)]
	fn awaiting_patients(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>>;

	/// Lists a hospital's patients in order of their ids, whatever their standing.
	#[method(name = "medicalRecords_patientsOfHospital", blocking)]
	fn patients_of_hospital(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Patient, PatientId>>;

	/// Lists the hospitals that keep the documents of those that have left.
	///
	/// It is taken account of in the `vaults` of records and profiles. A hospital that has come back keeps
	/// its own.
	#[method(name = "medicalRecords_successors", blocking)]
	fn successors(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<Succession>>>;

	/// Lists the doctors who wait for a hospital to verify them, or to take them in from another.
	#[method(name = "medicalRecords_awaitingDoctors", blocking)]
	fn awaiting_doctors(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Doctor, DoctorId>>;

	/// Gives the change that a doctor proposes to the directory entry. Patients do not see it before the
	/// hospital has confirmed it.
	#[method(name = "medicalRecords_proposedProfile", blocking)]
	fn proposed_profile(
		&self,
		doctor: DoctorId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<DoctorProfile>>>;

	/// Lists the changes that doctors of a hospital propose to their directory entries, in no particular
	/// order.
	#[method(name = "medicalRecords_proposedProfiles", blocking)]
	fn proposed_profiles(
		&self,
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<ProposedProfile, DoctorId>>;

	/// Gives the change of a person's account that is pending.
	#[method(name = "medicalRecords_accountChange", blocking)]
	fn account_change(
		&self,
		person: Person,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<AccountChange>>>;

	/// Lists the pending changes of account of a hospital's people, in no particular order.
	#[method(name = "medicalRecords_accountChanges", blocking)]
	fn account_changes(
		&self,
		hospital: HospitalId,
		after: Option<Person>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<AccountChange, Person>>;

	/// Tells what concerns a doctor, block by finalized block.
	///
	/// One notification comes for each block that brought something, in order. `after` is the number of
	/// the last block that the subscriber has dealt with. What happened since is sent first, so that each
	/// event comes once, also after a lost connection. `after` may lie 86,400 blocks back, as far as the
	/// node still has their state. Without it, the inbox begins behind the last finalized block, and a
	/// first notification without events says which that is. Another without events comes after 60 blocks
	/// that brought nothing, so that `after` can move on.
	///
	/// New and withdrawn records, new keys and profiles are announced only to a doctor who has access when
	/// the block ends; with a grant to single records, only those records are. The end of a grant or
	/// licence by the clock is not announced: see `until` of `medicalRecords_access`. If the node no longer
	/// has a block's state, the subscription ends with a notification whose `error` has the code -32002.
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
	/// Gives the OpenRPC document of `medicalRecords_*` and `consortium_*`.
	#[method(name = "rpc.discover")]
	fn discover(&self) -> RpcResult<Box<RawValue>>;
}
