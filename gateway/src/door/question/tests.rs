//! Every method of the node and every function of the runtime is in the table, or among those that are refused. A new one
//! is refused, and fails these tests until its row says what it is about.

use super::*;
use crate::door::table::{ACCOUNTS, CLOCK, DEPARTURES, NODE_OWNERS, REMAINING, SPONSORSHIPS};
use codec::Encode;
use serde_json::json;
use std::collections::BTreeSet;

mod refused;

use refused::{FUNCTIONS as REFUSED_FUNCTIONS, METHODS as REFUSED_METHODS};

/// The subject of a request about the people below; none if it is not passed on.
fn about(asked: Result<Question, Refused>) -> Option<About> {
	Some(match asked {
		Ok(Question::Public) => About::Public,
		Ok(Question::Network) => About::Network,
		Ok(Question::Account(id)) if id == account() => About::Account,
		Ok(Question::Entry(PATIENT)) => About::Entry,
		Ok(Question::Records(PATIENT)) => About::Records,
		Ok(Question::Epochs(PATIENT)) => About::Epochs,
		Ok(Question::Record(PATIENT, 5)) => About::Record,
		Ok(Question::Recipients(PATIENT)) => About::Recipients,
		Ok(Question::Grants(PATIENT)) => About::Grants,
		Ok(Question::Given(PATIENT)) => About::Given,
		Ok(Question::Between(PATIENT, DOCTOR)) => About::Between,
		Ok(Question::Representatives(PATIENT)) => About::Representatives,
		Ok(Question::Representation(PATIENT, REPRESENTATIVE)) => About::Representation,
		Ok(Question::Plan(PATIENT)) => About::Plan,
		Ok(Question::Emergencies(PATIENT)) => About::Emergencies,
		Ok(Question::Opened(PATIENT)) => About::Opened,
		Ok(Question::Held(PATIENT, HOSPITAL)) => About::Held,
		Ok(Question::Deposit(PATIENT, INSTITUTION)) => About::Deposit,
		Ok(Question::Own(Person::Patient(PATIENT))) => About::Own,
		Ok(Question::Guarded(Person::Patient(PATIENT))) => About::Guarded,
		Ok(Question::Delegate(Delegate::Desk(HOSPITAL))) => About::Delegate,
		Ok(Question::Doctor(DOCTOR)) => About::Doctor,
		Ok(Question::Queue(HOSPITAL)) => About::Queue,
		Ok(Question::Staff(HOSPITAL)) => About::Staff,
		Err(Refused::NotPassedOn) => return None,
		other => panic!("it is about others than the arguments say: {other:?}"),
	})
}

fn about_method(method: &str, params: Value) -> Option<About> {
	about(read(method, params).map(|asked| asked.question))
}

const PATIENT: PatientId = PatientId(7);
const REPRESENTATIVE: PatientId = PatientId(8);
const DOCTOR: DoctorId = DoctorId(3);
const HOSPITAL: HospitalId = HospitalId(2);
const INSTITUTION: InstitutionId = InstitutionId(4);

fn account() -> AccountId {
	AccountId::from([9; 32])
}

/// Arguments, encoded.
fn encoded(arguments: &[Argument]) -> Vec<u8> {
	let one = |argument: &Argument| match argument {
		Argument::OfPatient => PATIENT.encode(),
		Argument::OfDoctor => DOCTOR.encode(),
		Argument::OfRepresentative => REPRESENTATIVE.encode(),
		Argument::OfHospital => HOSPITAL.encode(),
		Argument::OfInstitution => INSTITUTION.encode(),
		Argument::OfAccount => account().encode(),
		Argument::OfPerson => Person::Patient(PATIENT).encode(),
		Argument::OfDelegate => Delegate::Desk(HOSPITAL).encode(),
		Argument::OfRecord => 5_u32.encode(),
		Argument::InRecord | Argument::After => Some(1_u32).encode(),
		Argument::AfterPerson => Some(Person::Doctor(DOCTOR)).encode(),
		Argument::AfterPair => Some((PATIENT, DOCTOR)).encode(),
		Argument::Limit => 64_u32.encode(),
		Argument::Version => 15_u32.encode(),
		Argument::Unread => vec![1, 2, 3],
		other => panic!("functions have no {other:?}"),
	};
	arguments.iter().flat_map(one).collect()
}

/// A parameter.
fn parameter(argument: &Argument) -> Value {
	match argument {
		Argument::OfPatient => json!(7),
		Argument::OfDoctor => json!(3),
		Argument::OfHospital => json!(2),
		Argument::OfInstitution => json!(4),
		Argument::OfAccount => json!(account().to_string()),
		Argument::OfPerson => json!({ "patient": 7 }),
		Argument::AfterPerson => json!({ "doctor": 3 }),
		Argument::AfterPair => json!({ "patient": 7, "doctor": 3 }),
		Argument::OfRecord | Argument::InRecord => json!(5),
		Argument::After | Argument::InboxAfter | Argument::HashOf => json!(1),
		Argument::Limit => json!(64),
		Argument::At | Argument::HeaderOf => json!(format!("0x{}", "ab".repeat(32))),
		Argument::Extrinsic => json!("0x0102"),
		other => panic!("methods have no {other:?}"),
	}
}

/// Names, of which none stands twice.
fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
	let mut names = BTreeSet::new();
	for name in all {
		assert!(names.insert(name), "{name} stands twice");
	}
	names
}

/// The interfaces and their functions in a source file: `trait` or `impl` lines, and the `fn` lines after each.
fn functions(source: &str) -> BTreeSet<String> {
	let mut interface = None;
	let mut found = BTreeSet::new();
	for line in source.lines() {
		if line == "}" {
			interface = None;
		}
		let line = line.trim();
		let of_trait = line.strip_prefix("pub trait ");
		let of_impl = line.strip_prefix("impl ").map(|rest| rest.split('<').next().unwrap_or(rest));
		if let Some(name) = of_trait.or(of_impl) {
			let name = name.rsplit("::").next().unwrap_or(name);
			interface = name.split(['<', ':', ' ']).next();
		} else if let (Some(interface), Some(rest)) = (interface, line.strip_prefix("fn ")) {
			let name = rest.split(['(', '<']).next().unwrap();
			found.insert(format!("{interface}_{name}"));
		}
	}
	found
}

#[test]
fn every_function_of_the_runtime_is_in_the_table_or_refused() {
	let own = [
		include_str!("../../../../pallets/consortium/runtime-api/src/lib.rs"),
		include_str!("../../../../pallets/delegation/runtime-api/src/lib.rs"),
		include_str!("../../../../pallets/medical-records/runtime-api/src/lib.rs"),
	];
	let own: BTreeSet<_> = own.into_iter().flat_map(functions).collect();
	let all = functions(include_str!("../../../../runtime/src/apis.rs"));
	assert!(all.len() > 50, "the source is read: {all:?}");
	let rows = FUNCTIONS.iter().map(|row| row.name).chain([VIEW]);
	let known = names(rows.chain(REFUSED_FUNCTIONS.iter().copied()));
	for name in own.union(&all) {
		assert!(known.contains(name.as_str()), "{name} is not in the table");
	}
	// Those of the SDK may be in builds with other features only.
	let is_own = |name: &&str| {
		["ConsortiumApi_", "DelegationApi_", "MedicalRecordsApi_"]
			.iter()
			.any(|api| name.starts_with(api))
	};
	for name in known.into_iter().filter(is_own) {
		assert!(own.contains(name), "there is no {name}");
	}
}

#[test]
fn every_method_of_the_nodes_own_is_in_the_table_or_refused() {
	let document = include_str!("../../../../pallets/medical-records/rpc/openrpc.json");
	let document: Value = serde_json::from_str(document).unwrap();
	let methods = document["methods"].as_array().unwrap();
	let declared = names(methods.iter().map(|one| one["name"].as_str().unwrap()));
	let rows = METHODS.iter().map(|row| row.name).chain([CALL, STORAGE]);
	let known = names(rows.chain(REFUSED_METHODS.iter().copied()));
	for name in &declared {
		assert!(known.contains(name), "{name} is not in the table");
	}
	let is_own = |name: &&str| {
		["consortium_", "delegation_", "medicalRecords_"].iter().any(|own| name.starts_with(own))
	};
	for name in known.into_iter().filter(is_own) {
		assert!(declared.contains(name), "there is no {name}");
	}
	for method in methods {
		let name = method["name"].as_str().unwrap();
		let Some(row) = METHODS.iter().find(|row| row.name == name) else { continue };
		let params = method["params"].as_array().unwrap();
		let params: Vec<_> = params.iter().map(|one| one["name"].as_str().unwrap()).collect();
		let of_row: Vec<_> = row.arguments.iter().map(|argument| argument.name()).collect();
		assert_eq!(of_row, params, "{name}");
	}
}

#[test]
fn each_row_is_about_whom_its_arguments_name() {
	for row in FUNCTIONS {
		let asked = of_function(row.name, &encoded(row.arguments));
		assert_eq!(about(asked), Some(row.about), "{}", row.name);
	}
	for row in METHODS {
		let by_position: Vec<_> = row.arguments.iter().map(parameter).collect();
		let by_name: serde_json::Map<_, _> = row
			.arguments
			.iter()
			.map(|argument| (argument.name().to_owned(), parameter(argument)))
			.collect();
		for given in [json!(by_position), json!(by_name)] {
			let asked = read(row.name, given).unwrap();
			assert_eq!(about(Ok(asked.question)), Some(row.about), "{}", row.name);
			assert_eq!(asked.params, by_position, "{} goes on as it was understood", row.name);
		}
	}
}

#[test]
fn what_the_table_does_not_list_is_refused() {
	for name in REFUSED_FUNCTIONS {
		assert_eq!(about(of_function(name, &[])), None, "{name}");
	}
	for name in REFUSED_METHODS {
		assert_eq!(about_method(name, json!([])), None, "{name}");
	}
}

#[test]
fn the_block_of_a_question_is_the_one_whose_state_answers_it() {
	let hash = format!("0x{}", "ab".repeat(32));
	let block = Some(BlockHash::from([0xab; 32]));
	let call = format!("0x{}", hex::encode(encoded(&[Argument::OfPatient])));
	let clock = format!("0x{}", hex::encode(CLOCK));
	for (method, params) in [
		("medicalRecords_patient", json!([7, hash])),
		("medicalRecords_patient", json!({ "patient": 7, "at": hash })),
		("medicalRecords_records", json!([7, null, null, hash])),
		("medicalRecords_access", json!([7, 3, null, hash])),
		("consortium_author", json!([hash])),
		("state_call", json!(["MedicalRecordsApi_patient", call, hash])),
		("state_getStorage", json!([clock, hash])),
		("state_getMetadata", json!([hash])),
		("state_getRuntimeVersion", json!([hash])),
	] {
		assert_eq!(read(method, params.clone()).unwrap().block, block, "{method} {params}");
	}
	// Headers say nothing about anybody.
	assert_eq!(read("chain_getHeader", json!([hash])).unwrap().block, None);
	assert_eq!(read("medicalRecords_patient", json!([7])).unwrap().block, None);
	let inbox = read("medicalRecords_subscribeInbox", json!([3, 100])).unwrap();
	assert_eq!((inbox.block, inbox.replays_after), (None, Some(100)));
}

#[test]
fn arguments_may_be_missing_where_the_node_takes_none() {
	for (method, params) in [
		("chain_getBlockHash", json!([])),
		("chain_getBlockHash", json!([null])),
		("chain_getHeader", json!([])),
		("state_getMetadata", json!([])),
		("system_localPeerId", Value::Null),
		("medicalRecords_doctors", json!([])),
	] {
		assert_eq!(about_method(method, params.clone()), Some(About::Public), "{method} {params}");
	}
}

#[test]
fn arguments_that_are_not_understood_are_refused() {
	let call = |bytes: &[u8]| {
		let bytes = format!("0x{}", hex::encode(bytes));
		read("state_call", json!(["MedicalRecordsApi_records", bytes]))
	};
	let good = encoded(&[Argument::OfPatient, Argument::After, Argument::Limit]);
	assert_eq!(call(&good).unwrap().question, Question::Records(PATIENT));
	let more = [good.as_slice(), &[0]].concat();
	let strange = [&good[..4], &[2], &good[5..]].concat();
	for bad in [&[][..], &good[..good.len() - 1], &more, &strange, &PATIENT.encode()] {
		assert_eq!(call(bad), Err(Refused::NotUnderstood), "{bad:?}");
	}
	for params in [
		json!([]),
		json!(["MedicalRecordsApi_patient"]),
		json!(["MedicalRecordsApi_patient", "07000000"]),
		json!(["MedicalRecordsApi_patient", [7, 0, 0, 0]]),
		json!(["MedicalRecordsApi_patient", "0x07000000", "latest"]),
		json!(["MedicalRecordsApi_patient", "0x07000000", null, "more"]),
		json!([7, "0x07000000"]),
	] {
		assert_eq!(read("state_call", params.clone()), Err(Refused::NotUnderstood), "{params}");
	}
}

#[test]
fn of_storage_clients_get_single_items_that_they_need() {
	let storage = |key: &[u8]| {
		let key = format!("0x{}", hex::encode(key));
		about_method(STORAGE, json!([key]))
	};
	let of_account = |item: [u8; 32]| [&item[..], &[1; 16], &account().0].concat();
	assert_eq!(storage(&CLOCK), Some(About::Public));
	assert_eq!(storage(&of_account(ACCOUNTS)), Some(About::Account));
	let sponsorship = [&of_account(SPONSORSHIPS)[..], &[1; 8], &HOSPITAL.encode()].concat();
	assert_eq!(storage(&sponsorship), Some(About::Public));
	// Not whether any hospital sponsors an account.
	assert_eq!(storage(&of_account(SPONSORSHIPS)), None);
	let departures = [&DEPARTURES[..], &[1; 8], &HOSPITAL.encode()].concat();
	assert_eq!(storage(&departures), Some(About::Public));
	let owners = [&NODE_OWNERS[..], &[1; 16], &[7; 39]].concat();
	assert_eq!(storage(&owners), Some(About::Public));
	let mut events = ACCOUNTS;
	events[16..].copy_from_slice(&hex::decode("80d41e5e16056765bc8461851072c9d7").unwrap());
	for key in [&[][..], &CLOCK[..31], &ACCOUNTS, &SPONSORSHIPS, &NODE_OWNERS, &events, b":code"] {
		assert_eq!(storage(key), None, "{key:?}");
	}
	assert_eq!(storage(&[&CLOCK[..], &[0]].concat()), None);
}

#[test]
fn view_functions_are_about_the_account_that_they_name() {
	let ask = |id: [u8; 32]| of_function(VIEW, &(id, account().encode()).encode());
	assert_eq!(about(ask(REMAINING)), Some(About::Account));
	let mut other = REMAINING;
	other[31] ^= 1;
	assert_eq!(ask(other), Err(Refused::NotPassedOn));
}

#[test]
fn metadata_counts_for_more() {
	let cost = |method, params| read(method, params).unwrap().cost;
	assert_eq!(cost("state_getMetadata", json!([])), METADATA);
	assert_eq!(cost("state_call", json!(["Metadata_metadata_versions", "0x"])), METADATA);
	assert_eq!(cost("chain_getFinalizedHead", json!([])), 1);
	let by_name = json!({ "name": "Metadata_metadata", "bytes": "0x" });
	assert_eq!(cost("state_call", by_name.clone()), METADATA);
	assert_eq!(expected_size("state_call", &by_name), METADATA_SIZE);
	assert_eq!(expected_size("state_call", &json!(["Core_version", "0x"])), USUAL_SIZE);
}
