//! What a request asks, and about which person. What [`table`](super::table) does not list is refused.

use super::{
	arguments::{Arguments, Hash, Hexadecimal},
	table::{ACCOUNTS, CLOCK, FUNCTIONS, METHODS, NODE_OWNERS, REMAINING, SPONSORED},
};
use codec::{Decode, DecodeAll};
use medblock_chain::{AccountId, BlockHash};
use medblock_primitives::{DoctorId, Epoch, HospitalId, PatientId, Person, RecordIndex};
use medblock_vault_protocol::door::Refused;
use medblock_views::Account;
use serde_json::Value;

/// The subject of a request, which decides who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
	/// What newcomers need: hospitals, the directory, blocks' headers, metadata, an account's nonce.
	Public,
	/// No person, but of no use to newcomers.
	Network,
	/// An account.
	Account(AccountId),
	/// A patient's entry and public keys.
	Entry(PatientId),
	/// A chart's records.
	Records(PatientId),
	/// A chart's earlier epochs.
	Epochs(PatientId),
	/// One record of a chart.
	Record(PatientId, RecordIndex),
	/// All doctors with a patient's grant, or the pending change of the patient's account.
	Grants(PatientId),
	/// A patient's grant to a doctor.
	Between(PatientId, DoctorId),
	/// What was granted to a doctor, the doctor's inbox, and what the doctor has asked the hospital for.
	Doctor(DoctorId),
	/// A hospital's people, and those who wait for it.
	Queue(HospitalId),
	/// A hospital's registrars, its appointments, and its profile key's versions.
	Staff(HospitalId),
}

/// A request that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
	pub(super) question: Question,
	/// The parameters for the node, written anew.
	pub(super) params: Vec<Value>,
	/// The block in whose state it is answered, if it names one.
	pub(super) block: Option<BlockHash>,
	/// The block after which an inbox begins, if it names one.
	pub(super) replays_after: Option<u32>,
	/// How many requests it counts for.
	pub(super) cost: u64,
}

/// What a request for metadata counts for: its answer has half a megabyte.
const METADATA: u64 = 20;
/// The bytes that an answer with metadata may have.
const METADATA_SIZE: usize = 1024 * 1024;
/// The bytes that another answer seldom exceeds.
const USUAL_SIZE: usize = 64 * 1024;
/// The longest key after a storage item's prefix.
const MAX_KEY: usize = 128;

/// Whether the answer to a request contains metadata, as far as that can be told before the request is read.
fn is_for_metadata(method: &str, params: &Value) -> bool {
	let function = params.get(0).or_else(|| params.get("name")).and_then(Value::as_str);
	let is_function = function.is_some_and(|name| name.starts_with("Metadata_"));
	method == "state_getMetadata" || (method == "state_call" && is_function)
}

/// The bytes to reserve for the answer to a request.
pub(super) fn expected_size(method: &str, params: &Value) -> usize {
	if is_for_metadata(method, params) { METADATA_SIZE } else { USUAL_SIZE }
}

/// Reads a request.
pub(super) fn read(method: &str, params: Value) -> Result<Asked, Refused> {
	if !METHODS.contains(&method) {
		return Err(Refused::NotPassedOn);
	}
	let cost = if is_for_metadata(method, &params) { METADATA } else { 1 };
	let mut args = Arguments::new(params)?;
	let mut replays_after = None;
	let question = match method {
		"chain_getFinalizedHead" | "system_localPeerId" => Question::Public,
		"chain_subscribeFinalizedHeads" | "chain_subscribeNewHeads" => Question::Network,
		"system_health" | "rpc.discover" => Question::Network,
		"chain_getHeader" => {
			args.optional::<Hash>("hash")?;
			Question::Public
		},
		"chain_getBlockHash" => {
			args.optional::<u32>("hash")?;
			Question::Public
		},
		"state_getRuntimeVersion" | "state_getMetadata" => {
			args.state("at")?;
			Question::Public
		},
		"system_accountNextIndex" => {
			args.required::<Account>("account")?;
			Question::Public
		},
		"author_submitExtrinsic" => {
			args.required::<Hexadecimal>("extrinsic")?;
			Question::Public
		},
		"state_call" => {
			let function = args.required::<String>("name")?;
			let Hexadecimal(bytes) = args.required("bytes")?;
			args.state("hash")?;
			of_function(&function, &bytes)?
		},
		"state_getStorage" => {
			let Hexadecimal(key) = args.required("key")?;
			args.state("hash")?;
			of_storage(&key)?
		},
		"medicalRecords_subscribeInbox" => {
			let doctor = args.required("doctor")?;
			replays_after = args.optional::<u32>("after")?;
			Question::Doctor(doctor)
		},
		_ if method.starts_with("consortium_") => of_consortium(method, &mut args)?,
		_ => of_records(method, &mut args)?,
	};
	let block = args.block();
	Ok(Asked { question, params: args.finish()?, block, replays_after, cost })
}

/// The methods `consortium_*`.
fn of_consortium(method: &str, args: &mut Arguments) -> Result<Question, Refused> {
	let question = match method {
		"consortium_hospitals" => {
			args.page::<HospitalId>()?;
			Question::Public
		},
		"consortium_hospital" => {
			args.required::<HospitalId>("hospital")?;
			Question::Public
		},
		"consortium_author" | "consortium_portalReleases" => Question::Public,
		"consortium_profileKey" => {
			args.required::<HospitalId>("hospital")?;
			Question::Public
		},
		// An account that is about to accept can't sign in before.
		"consortium_appointmentsOf" => {
			args.required::<Account>("account")?;
			Question::Public
		},
		"consortium_registrars" | "consortium_appointments" => {
			Question::Staff(args.required("hospital")?)
		},
		"consortium_profileKeyVersions" => {
			let hospital = args.required("hospital")?;
			args.page::<u32>()?;
			Question::Staff(hospital)
		},
		"consortium_heldProfileKey" => {
			let Account(account) = args.required("account")?;
			Question::Account(AccountId::from(account))
		},
		"consortium_authorizedNodes" => Question::Network,
		_ => return Err(Refused::NotPassedOn),
	};
	args.state("at")?;
	Ok(question)
}

/// The methods `medicalRecords_*`.
fn of_records(method: &str, args: &mut Arguments) -> Result<Question, Refused> {
	let question = match method {
		"medicalRecords_doctors" => {
			args.page::<DoctorId>()?;
			Question::Public
		},
		"medicalRecords_doctor" | "medicalRecords_encryptionKey" => {
			args.required::<DoctorId>("doctor")?;
			Question::Public
		},
		"medicalRecords_doctorOf" => {
			args.required::<Account>("account")?;
			Question::Public
		},
		"medicalRecords_patientOf" => {
			let Account(account) = args.required("account")?;
			Question::Account(AccountId::from(account))
		},
		"medicalRecords_patient" | "medicalRecords_chartKeys" => {
			Question::Entry(args.required("patient")?)
		},
		"medicalRecords_records" => {
			let patient = args.required("patient")?;
			args.page::<RecordIndex>()?;
			Question::Records(patient)
		},
		"medicalRecords_pastEpochs" => {
			let patient = args.required("patient")?;
			args.page::<Epoch>()?;
			Question::Epochs(patient)
		},
		"medicalRecords_record" => {
			Question::Record(args.required("patient")?, args.required("record")?)
		},
		"medicalRecords_grantsOfPatient" => {
			let patient = args.required("patient")?;
			args.page::<DoctorId>()?;
			Question::Grants(patient)
		},
		"medicalRecords_grantsToDoctor" => {
			let doctor = args.required("doctor")?;
			args.page::<PatientId>()?;
			Question::Doctor(doctor)
		},
		"medicalRecords_grant" | "medicalRecords_grantKey" | "medicalRecords_share" => {
			Question::Between(args.required("patient")?, args.required("doctor")?)
		},
		"medicalRecords_access" => {
			let between = Question::Between(args.required("patient")?, args.required("doctor")?);
			args.optional::<RecordIndex>("record")?;
			between
		},
		"medicalRecords_awaitingPatients" | "medicalRecords_patientsOfHospital" => {
			let hospital = args.required("hospital")?;
			args.page::<PatientId>()?;
			Question::Queue(hospital)
		},
		"medicalRecords_awaitingDoctors" => {
			let hospital = args.required("hospital")?;
			args.page::<DoctorId>()?;
			Question::Queue(hospital)
		},
		"medicalRecords_proposedProfile" => Question::Doctor(args.required("doctor")?),
		"medicalRecords_proposedProfiles" => {
			let hospital = args.required("hospital")?;
			args.page::<DoctorId>()?;
			Question::Queue(hospital)
		},
		"medicalRecords_accountChange" => of_person(args.required("person")?),
		"medicalRecords_accountChanges" => {
			let hospital = args.required("hospital")?;
			args.page::<Person>()?;
			Question::Queue(hospital)
		},
		_ => return Err(Refused::NotPassedOn),
	};
	args.state("at")?;
	Ok(question)
}

/// What only the person may ask.
fn of_person(person: Person) -> Question {
	match person {
		Person::Patient(patient) => Question::Grants(patient),
		Person::Doctor(doctor) => Question::Doctor(doctor),
	}
}

/// The functions of the runtime, with their encoded arguments.
pub(super) fn of_function(function: &str, arguments: &[u8]) -> Result<Question, Refused> {
	if !FUNCTIONS.contains(&function) {
		return Err(Refused::NotPassedOn);
	}
	Ok(match function {
		"Core_version" | "Metadata_metadata" | "Metadata_metadata_versions" => {
			decoded::<()>(arguments)?;
			Question::Public
		},
		"Metadata_metadata_at_version" => {
			decoded::<u32>(arguments)?;
			Question::Public
		},
		"AuraApi_slot_duration" | "ConsortiumApi_author" | "ConsortiumApi_portal_releases" => {
			decoded::<()>(arguments)?;
			Question::Public
		},
		"AccountNonceApi_account_nonce" => {
			decoded::<AccountId>(arguments)?;
			Question::Public
		},
		// A transaction that the client made, in a form that only the runtime reads. The answer is its weight.
		"TransactionPaymentApi_query_info" => Question::Network,
		"RuntimeViewFunction_execute_view_function" => of_view_function(arguments)?,
		"ConsortiumApi_hospitals" => {
			decoded::<(Option<HospitalId>, u32)>(arguments)?;
			Question::Public
		},
		"ConsortiumApi_hospital" | "ConsortiumApi_encryption_key" | "ConsortiumApi_profile_key" => {
			decoded::<HospitalId>(arguments)?;
			Question::Public
		},
		// Registrars' accounts are not in the directory.
		"ConsortiumApi_registrar_of" | "ConsortiumApi_held_profile_key" => {
			Question::Account(decoded(arguments)?)
		},
		// An account that is about to accept can't sign in before.
		"ConsortiumApi_appointments_of" => {
			decoded::<AccountId>(arguments)?;
			Question::Public
		},
		"ConsortiumApi_registrars" | "ConsortiumApi_appointments" => {
			Question::Staff(decoded(arguments)?)
		},
		"ConsortiumApi_profile_key_versions" => {
			let (hospital, ..): (_, Option<u32>, u32) = decoded(arguments)?;
			Question::Staff(hospital)
		},
		"ConsortiumApi_authorized_nodes" => {
			decoded::<()>(arguments)?;
			Question::Network
		},
		"MedicalRecordsApi_doctors" => {
			decoded::<(Option<DoctorId>, u32)>(arguments)?;
			Question::Public
		},
		"MedicalRecordsApi_doctor" | "MedicalRecordsApi_encryption_key" => {
			decoded::<DoctorId>(arguments)?;
			Question::Public
		},
		"MedicalRecordsApi_doctor_of" => {
			decoded::<AccountId>(arguments)?;
			Question::Public
		},
		"MedicalRecordsApi_patient_of" => Question::Account(decoded(arguments)?),
		"MedicalRecordsApi_patient" | "MedicalRecordsApi_chart_keys" => {
			Question::Entry(decoded(arguments)?)
		},
		"MedicalRecordsApi_records" => {
			let (patient, ..): (_, Option<RecordIndex>, u32) = decoded(arguments)?;
			Question::Records(patient)
		},
		"MedicalRecordsApi_past_epochs" => {
			let (patient, ..): (_, Option<Epoch>, u32) = decoded(arguments)?;
			Question::Epochs(patient)
		},
		"MedicalRecordsApi_record" => {
			let (patient, record) = decoded(arguments)?;
			Question::Record(patient, record)
		},
		"MedicalRecordsApi_grants_of_patient" => {
			let (patient, ..): (_, Option<DoctorId>, u32) = decoded(arguments)?;
			Question::Grants(patient)
		},
		"MedicalRecordsApi_grants_to_doctor" => {
			let (doctor, ..): (_, Option<PatientId>, u32) = decoded(arguments)?;
			Question::Doctor(doctor)
		},
		"MedicalRecordsApi_grant" | "MedicalRecordsApi_grant_key" | "MedicalRecordsApi_share" => {
			let (patient, doctor) = decoded(arguments)?;
			Question::Between(patient, doctor)
		},
		"MedicalRecordsApi_access" => {
			let (patient, doctor, _): (_, _, Option<RecordIndex>) = decoded(arguments)?;
			Question::Between(patient, doctor)
		},
		"MedicalRecordsApi_awaiting_patients" | "MedicalRecordsApi_patients_of_hospital" => {
			let (hospital, ..): (_, Option<PatientId>, u32) = decoded(arguments)?;
			Question::Queue(hospital)
		},
		"MedicalRecordsApi_awaiting_doctors" => {
			let (hospital, ..): (_, Option<DoctorId>, u32) = decoded(arguments)?;
			Question::Queue(hospital)
		},
		"MedicalRecordsApi_proposed_profile" => Question::Doctor(decoded(arguments)?),
		"MedicalRecordsApi_proposed_profiles" => {
			let (hospital, ..): (_, Option<DoctorId>, u32) = decoded(arguments)?;
			Question::Queue(hospital)
		},
		"MedicalRecordsApi_account_change" => of_person(decoded(arguments)?),
		"MedicalRecordsApi_account_changes" => {
			let (hospital, ..): (_, Option<Person>, u32) = decoded(arguments)?;
			Question::Queue(hospital)
		},
		_ => return Err(Refused::NotPassedOn),
	})
}

/// Arguments, all of them: bytes that are left over would be arguments that were not understood.
fn decoded<T: Decode>(bytes: &[u8]) -> Result<T, Refused> {
	T::decode_all(&mut &bytes[..]).map_err(|_| Refused::NotUnderstood)
}

fn of_view_function(arguments: &[u8]) -> Result<Question, Refused> {
	let (function, input): ([u8; 32], Vec<u8>) = decoded(arguments)?;
	match function {
		REMAINING => Ok(Question::Account(decoded(&input)?)),
		_ => Err(Refused::NotPassedOn),
	}
}

/// The bytes of an account's key in a map by Blake2-128 with the key behind it.
const HASHED_ACCOUNT: usize = 16 + 32;

/// The storage items, by their whole keys.
fn of_storage(key: &[u8]) -> Result<Question, Refused> {
	let (Some(item), rest) = (key.first_chunk::<32>(), key.get(32..).unwrap_or_default()) else {
		return Err(Refused::NotPassedOn);
	};
	match (item, rest.len()) {
		(&CLOCK, 0) => Ok(Question::Public),
		(&ACCOUNTS, HASHED_ACCOUNT) => Ok(Question::Account(decoded(&rest[16..])?)),
		// A newcomer's client asks whether it may register. It can't sign in before.
		(&SPONSORED, HASHED_ACCOUNT) => Ok(Question::Public),
		(&NODE_OWNERS, 17..=MAX_KEY) => Ok(Question::Public),
		_ => Err(Refused::NotPassedOn),
	}
}

#[cfg(test)]
mod tests;
