//! What can be said of the document without a network.

use super::support::Promises;
use pallet_medical_records_rpc::OPENRPC;
use serde_json::{Value, json};

#[test]
fn examples_are_as_the_schemas_say() {
	let promises = Promises::new();
	let document: Value = serde_json::from_str(OPENRPC).unwrap();
	for method in document["methods"].as_array().unwrap() {
		let name = method["name"].as_str().unwrap();
		for example in method["examples"].as_array().unwrap() {
			promises.keeps(name, &example["result"]["value"]);
		}
		if let Some(subscription) = method.get("x-subscription") {
			promises.keeps_notifying(&subscription["example"]);
		}
	}
}

#[test]
#[should_panic(expected = "an inbox brought")]
fn schemas_refuse_what_is_something_else() {
	let block = json!({ "number": 1, "hash": format!("0x{}", "00".repeat(32)) });
	let event = json!({ "type": "revoked", "doctor": 1 });
	Promises::new().keeps_notifying(&json!({ "block": block, "events": [event] }));
}
