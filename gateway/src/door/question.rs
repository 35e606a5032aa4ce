//! What a request asks, and about which person. Every method that is passed on is in [`read`]; every other one is refused.

use super::arguments::{Arguments, Hash, Hexadecimal};
use codec::{Decode, DecodeAll};
use medblock_chain::AccountId;
use medblock_primitives::{DoctorId, Epoch, HospitalId, PatientId, RecordIndex};
use medblock_vault_protocol::door::Refused;
use medblock_views::Account;
use serde_json::Value;

/// The subject of a request, which decides who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
	/// What is public: hospitals, the directory, blocks' headers, metadata.
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
	/// All doctors with a patient's grant.
	Grants(PatientId),
	/// A patient's grant to a doctor.
	Between(PatientId, DoctorId),
	/// What was granted to a doctor, and the doctor's inbox.
	Doctor(DoctorId),
	/// A hospital's people, and those who wait for it.
	Queue(HospitalId),
}

/// A request that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
	pub(super) question: Question,
	/// The parameters for the node, written anew.
	pub(super) params: Vec<Value>,
	/// How many requests it counts for.
	pub(super) cost: u64,
}

/// What a request for metadata counts for: its answer has half a megabyte.
const METADATA: u64 = 20;
/// The longest key after a storage item's prefix.
const MAX_KEY: usize = 128;

/// Reads a request.
pub(super) fn read(method: &str, params: Value) -> Result<Asked, Refused> {
	let mut args = Arguments::new(params)?;
	let mut cost = 1;
	let question = match method {
		"chain_getFinalizedHead" | "system_localPeerId" => Question::Public,
		// The node has a limit of subscriptions, which strangers must not use up.
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
		"state_getRuntimeVersion" => {
			args.optional::<Hash>("at")?;
			Question::Public
		},
		"state_getMetadata" => {
			args.optional::<Hash>("at")?;
			cost = METADATA;
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
			args.optional::<Hash>("hash")?;
			if function.starts_with("Metadata_") {
				cost = METADATA;
			}
			of_function(&function, &bytes)?
		},
		"state_getStorage" => {
			let Hexadecimal(key) = args.required("key")?;
			args.optional::<Hash>("hash")?;
			of_storage(&key)?
		},
		_ if method.starts_with("consortium_") => of_consortium(method, &mut args)?,
		_ => of_records(method, &mut args)?,
	};
	Ok(Asked { question, params: args.finish()?, cost })
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
		"consortium_author" => Question::Public,
		"consortium_authorizedNodes" => Question::Network,
		_ => return Err(Refused::NotPassedOn),
	};
	args.optional::<Hash>("at")?;
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
		"medicalRecords_subscribeInbox" => {
			let doctor = args.required("doctor")?;
			args.optional::<u32>("after")?;
			return Ok(Question::Doctor(doctor));
		},
		_ => return Err(Refused::NotPassedOn),
	};
	args.optional::<Hash>("at")?;
	Ok(question)
}

/// The functions of the runtime, with their encoded arguments.
pub(super) fn of_function(function: &str, arguments: &[u8]) -> Result<Question, Refused> {
	Ok(match function {
		"Core_version" | "Metadata_metadata" | "Metadata_metadata_versions" => {
			decoded::<()>(arguments)?;
			Question::Public
		},
		"Metadata_metadata_at_version" => {
			decoded::<u32>(arguments)?;
			Question::Public
		},
		"AuraApi_slot_duration" | "ConsortiumApi_author" => {
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
		"ConsortiumApi_hospital" | "ConsortiumApi_encryption_key" => {
			decoded::<HospitalId>(arguments)?;
			Question::Public
		},
		// Registrars' accounts are not in the directory.
		"ConsortiumApi_registrar_of" => Question::Account(decoded(arguments)?),
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
		_ => return Err(Refused::NotPassedOn),
	})
}

/// Arguments, all of them: bytes that are left over would be arguments that were not understood.
fn decoded<T: Decode>(bytes: &[u8]) -> Result<T, Refused> {
	T::decode_all(&mut &bytes[..]).map_err(|_| Refused::NotUnderstood)
}

/// Twox-128 of `FairUse`, then of `remaining(T::AccountId) -> Remaining`: what is left of an account's allowance.
const REMAINING: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0xa9, 0x5e, 0x8e, 0xe8, 0x7c, 0x5d, 0xb3, 0x4b, 0x2d, 0x3b, 0x3b, 0x96, 0xf7, 0xb1, 0x9c, 0xb3,
];

fn of_view_function(arguments: &[u8]) -> Result<Question, Refused> {
	let (function, input): ([u8; 32], Vec<u8>) = decoded(arguments)?;
	match function {
		REMAINING => Ok(Question::Account(decoded(&input)?)),
		_ => Err(Refused::NotPassedOn),
	}
}

/// Twox-128 of `Timestamp`, then of `Now`: the chain's clock.
const CLOCK: [u8; 32] = [
	0xf0, 0xc3, 0x65, 0xc3, 0xcf, 0x59, 0xd6, 0x71, 0xeb, 0x72, 0xda, 0x0e, 0x7a, 0x41, 0x13, 0xc4,
	0x9f, 0x1f, 0x05, 0x15, 0xf4, 0x62, 0xcd, 0xcf, 0x84, 0xe0, 0xf1, 0xd6, 0x04, 0x5d, 0xfc, 0xbb,
];
/// Twox-128 of `System`, then of `Account`: nonces and allowances.
const ACCOUNTS: [u8; 32] = [
	0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7,
	0xb9, 0x9d, 0x88, 0x0e, 0xc6, 0x81, 0x79, 0x9c, 0x0c, 0xf3, 0x0e, 0x88, 0x86, 0x37, 0x1d, 0xa9,
];
/// Twox-128 of `FairUse`, then of `Sponsored`: newcomers that a hospital vouches for.
const SPONSORED: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0x49, 0x1c, 0x6e, 0xe2, 0x91, 0x05, 0x65, 0x06, 0xd4, 0xed, 0x42, 0x7b, 0xbf, 0x82, 0x1c, 0x17,
];
/// Twox-128 of `NodeAuthorization`, then of `Owners`: the hospitals of nodes, by which a client knows that two
/// nodes are not one hospital's.
const NODE_OWNERS: [u8; 32] = [
	0x6b, 0x21, 0x9f, 0xca, 0x3e, 0x05, 0x5e, 0x58, 0xd2, 0x6b, 0xd6, 0x9d, 0x8d, 0x9f, 0x7e, 0xdb,
	0x50, 0xca, 0xab, 0xec, 0xa3, 0xbd, 0x69, 0xd4, 0xa2, 0xa0, 0x67, 0x12, 0x06, 0x2f, 0x05, 0xc0,
];
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
