//! Every method of the node and every function of the runtime is classified here. A new one is refused, and fails
//! these tests until its line says what it is about.

use super::*;
use codec::Encode;
use serde_json::json;
use std::collections::BTreeSet;

mod classes;

use classes::{Class, Class::*, OWN_FUNCTIONS, OWN_METHODS, SDK_FUNCTIONS, SDK_METHODS};

fn class(asked: Result<Question, Refused>) -> Class {
	match asked {
		Ok(Question::Public) => Public,
		Ok(Question::Network) => Network,
		Ok(Question::Account(id)) if id == account() => Own,
		Ok(Question::Entry(PATIENT)) => Entry,
		Ok(Question::Records(PATIENT)) => Records,
		Ok(Question::Epochs(PATIENT)) => Epochs,
		Ok(Question::Record(PATIENT, 5)) => Record,
		Ok(Question::Grants(PATIENT)) => Grants,
		Ok(Question::Between(PATIENT, DOCTOR)) => Between,
		Ok(Question::Doctor(DOCTOR)) => Doctor,
		Ok(Question::Queue(HOSPITAL)) => Queue,
		Ok(Question::Staff(HOSPITAL)) => Staff,
		Err(Refused::NotPassedOn) => No,
		other => panic!("it is about others than the arguments say: {other:?}"),
	}
}

const PATIENT: PatientId = PatientId(7);
const DOCTOR: DoctorId = DoctorId(3);
const HOSPITAL: HospitalId = HospitalId(2);

fn account() -> AccountId {
	AccountId::from([9; 32])
}

/// The arguments with these names, encoded.
fn encoded(names: &[&str]) -> Vec<u8> {
	let one = |name: &&str| match *name {
		"patient" => PATIENT.encode(),
		"doctor" => DOCTOR.encode(),
		"hospital" => HOSPITAL.encode(),
		"account" => account().encode(),
		"record" => 5_u32.encode(),
		"person" => Person::Patient(PATIENT).encode(),
		"after" => Some(1_u32).encode(),
		"afterPerson" => Some(Person::Doctor(DOCTOR)).encode(),
		"limit" => 64_u32.encode(),
		other => panic!("{other}"),
	};
	names.iter().flat_map(one).collect()
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
fn every_function_of_the_runtimes_own_interfaces_is_classified() {
	let sources = [
		include_str!("../../../../pallets/consortium/runtime-api/src/lib.rs"),
		include_str!("../../../../pallets/medical-records/runtime-api/src/lib.rs"),
	];
	let declared: BTreeSet<_> = sources.into_iter().flat_map(functions).collect();
	let classified = OWN_FUNCTIONS.iter().map(|(name, ..)| (*name).to_owned()).collect();
	assert_eq!(declared, classified, "classify the functions that are on one side only");
	for (name, arguments, expected) in OWN_FUNCTIONS {
		assert_eq!(class(of_function(name, &encoded(arguments))), *expected, "{name}");
	}
}

#[test]
fn every_interface_that_the_runtime_has_is_classified() {
	let all = functions(include_str!("../../../../runtime/src/apis.rs"));
	let own = OWN_FUNCTIONS.iter().map(|(name, ..)| *name);
	let known: BTreeSet<_> = own.chain(SDK_FUNCTIONS.iter().map(|(name, _)| *name)).collect();
	assert!(all.len() > 50, "the source is read: {all:?}");
	for name in &all {
		assert!(known.contains(name.as_str()), "{name} is not classified");
	}
	for (name, expected) in SDK_FUNCTIONS {
		let arguments = match *name {
			"Metadata_metadata_at_version" => 15_u32.encode(),
			"AccountNonceApi_account_nonce" => account().encode(),
			"RuntimeViewFunction_execute_view_function" => (REMAINING, account().encode()).encode(),
			"TransactionPaymentApi_query_info" => vec![1, 2, 3],
			_ => Vec::new(),
		};
		assert_eq!(class(of_function(name, &arguments)), *expected, "{name}");
	}
}

#[test]
fn every_method_of_the_nodes_own_is_classified() {
	let document = include_str!("../../../../pallets/medical-records/rpc/openrpc.json");
	let document: Value = serde_json::from_str(document).unwrap();
	let methods = document["methods"].as_array().unwrap();
	let names: BTreeSet<_> = methods.iter().map(|one| one["name"].as_str().unwrap()).collect();
	let classified = OWN_METHODS.iter().map(|(name, _)| *name).collect();
	assert_eq!(names, classified, "classify the methods that are on one side only");
	for method in methods {
		let name = method["name"].as_str().unwrap();
		let value = |param: &Value| match param["name"].as_str().unwrap() {
			"patient" => json!(7),
			"doctor" => json!(3),
			"hospital" => json!(2),
			"record" => json!(5),
			"account" => json!(account().to_string()),
			"limit" => json!(64),
			"person" => json!({ "patient": 7 }),
			"after" if name == "medicalRecords_accountChanges" => json!({ "doctor": 1 }),
			"after" => json!(1),
			"at" => json!(format!("0x{}", "ab".repeat(32))),
			"subscription" => json!("1"),
			other => panic!("{name} has a parameter {other} that is not classified"),
		};
		let params = method["params"].as_array().unwrap();
		let by_position: Vec<_> = params.iter().map(value).collect();
		let by_name: serde_json::Map<_, _> = params
			.iter()
			.map(|param| (param["name"].as_str().unwrap().to_owned(), value(param)))
			.collect();
		let (_, expected) = OWN_METHODS.iter().find(|(known, _)| *known == name).unwrap();
		for given in [json!(by_position), json!(by_name)] {
			let asked = read(name, given);
			assert_eq!(
				class(asked.as_ref().map(|asked| asked.question).map_err(|why| *why)),
				*expected,
				"{name}"
			);
			if let Ok(asked) = asked {
				assert_eq!(asked.params, by_position, "{name} goes on as it was understood");
			}
		}
	}
}

#[test]
fn the_table_lists_what_is_passed_on_and_nothing_else() {
	let own = OWN_FUNCTIONS.iter().map(|(name, _, class)| (*name, *class));
	let functions = own.chain(SDK_FUNCTIONS.iter().copied());
	let passed: BTreeSet<_> =
		functions.filter(|(_, class)| *class != No).map(|(name, _)| name).collect();
	assert_eq!(passed, FUNCTIONS.iter().copied().collect());
	let own = OWN_METHODS.iter().filter(|(_, class)| *class != No).map(|(name, _)| *name);
	let passed: BTreeSet<_> = own.chain(SDK_METHODS).collect();
	assert_eq!(passed, METHODS.iter().copied().collect());
}

#[test]
fn the_block_of_a_question_is_the_one_whose_state_answers_it() {
	let hash = format!("0x{}", "ab".repeat(32));
	let block = Some(BlockHash::from([0xab; 32]));
	let call = format!("0x{}", hex::encode(encoded(&["patient"])));
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
fn of_the_sdks_methods_clients_get_those_that_they_need() {
	let hash = format!("0x{}", "ab".repeat(32));
	for (method, params) in [
		("chain_getFinalizedHead", json!([])),
		("chain_getBlockHash", json!([7])),
		("chain_getBlockHash", json!([])),
		("chain_getBlockHash", json!([null])),
		("chain_getHeader", json!([hash])),
		("state_getRuntimeVersion", json!([hash])),
		("state_getMetadata", json!([hash])),
		("system_accountNextIndex", json!([account().to_string()])),
		("system_localPeerId", Value::Null),
		("author_submitExtrinsic", json!(["0x0102"])),
	] {
		let asked = read(method, params.clone());
		assert_eq!(class(asked.map(|asked| asked.question)), Public, "{method} {params}");
	}
	for method in ["system_health", "chain_subscribeFinalizedHeads", "chain_subscribeNewHeads"] {
		let asked = read(method, json!([]));
		assert_eq!(class(asked.map(|asked| asked.question)), Network, "{method}");
	}
	for method in [
		"chain_getBlock",
		"state_getKeys",
		"state_getKeysPaged",
		"state_getPairs",
		"state_queryStorage",
		"state_queryStorageAt",
		"state_getReadProof",
		"state_traceBlock",
		"state_subscribeStorage",
		"childstate_getStorage",
		"author_pendingExtrinsics",
		"author_submitAndWatchExtrinsic",
		"author_rotateKeys",
		"author_removeExtrinsic",
		"system_peers",
		"system_addReservedPeer",
		"system_dryRun",
		"chainHead_v1_follow",
		"archive_v1_call",
		"archive_v1_storage",
		"transaction_v1_broadcast",
		"grandpa_roundState",
		"payment_queryInfo",
		"rpc_methods",
		"door_other",
		"STATE_CALL",
		"",
	] {
		assert_eq!(read(method, json!([])), Err(Refused::NotPassedOn), "{method}");
	}
}

#[test]
fn arguments_that_are_not_understood_are_refused() {
	let call = |bytes: &[u8]| {
		let bytes = format!("0x{}", hex::encode(bytes));
		read("state_call", json!(["MedicalRecordsApi_records", bytes]))
	};
	let good = encoded(&["patient", "after", "limit"]);
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
		class(read("state_getStorage", json!([key])).map(|asked| asked.question))
	};
	let of_account = |item: [u8; 32]| [&item[..], &[1; 16], &account().0].concat();
	assert_eq!(storage(&CLOCK), Public);
	assert_eq!(storage(&of_account(ACCOUNTS)), Own);
	assert_eq!(storage(&of_account(SPONSORED)), Public);
	assert_eq!(storage(&[&NODE_OWNERS[..], &[1; 16], &[7; 39]].concat()), Public);
	let mut events = ACCOUNTS;
	events[16..].copy_from_slice(&hex::decode("80d41e5e16056765bc8461851072c9d7").unwrap());
	for key in [&[][..], &CLOCK[..31], &ACCOUNTS, &SPONSORED, &NODE_OWNERS, &events, b":code"] {
		assert_eq!(storage(key), No, "{key:?}");
	}
	assert_eq!(storage(&[&CLOCK[..], &[0]].concat()), No);
}

#[test]
fn another_view_function_is_not_passed_on() {
	let mut other = REMAINING;
	other[31] ^= 1;
	let asked = of_function(
		"RuntimeViewFunction_execute_view_function",
		&(other, account().encode()).encode(),
	);
	assert_eq!(asked, Err(Refused::NotPassedOn));
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
