//! `openrpc.json` is written from the code, and says what the code does.

mod document;
mod examples;
mod source;

use super::nobody::{UNDERSTOOD, module};
use crate::{OPENRPC, errors::INVALID_PARAMS};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn document_is_what_the_code_says() {
	let document = document::document();
	let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
	if std::env::var_os("UPDATE_OPENRPC").is_some() {
		let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openrpc.json");
		fs::write(path, text).unwrap();
		return;
	}
	assert!(
		text == OPENRPC,
		"openrpc.json is not what the code says any more. If the change is meant, and no client in use \
		breaks by it: UPDATE_OPENRPC=1 cargo test -p pallet-medical-records-rpc"
	);
}

fn methods() -> Vec<Value> {
	let document: Value = serde_json::from_str(OPENRPC).unwrap();
	document["methods"].as_array().unwrap().clone()
}

#[test]
fn document_and_module_have_the_same_methods() {
	let methods = methods();
	let documented: BTreeSet<_> =
		methods.iter().map(|method| method["name"].as_str().unwrap()).collect();
	let module = module();
	assert_eq!(documented, module.method_names().collect());
	assert_eq!(documented.len(), methods.len(), "none is documented twice");
}

/// Cursors are numbers, or objects of several.
#[test]
fn pages_give_what_the_next_question_takes() {
	for method in methods() {
		let mut next = method["result"]["schema"]["properties"]["next"].clone();
		let Some(fields) = next.as_object_mut() else { continue };
		fields.remove("description");
		let params = method["params"].as_array().unwrap();
		let after = params.iter().find(|param| param["name"] == "after").unwrap();
		assert_eq!(next, after["schema"], "{}", method["name"]);
	}
}

/// The server answers on a few threads. One that executes the runtime would keep all other requests waiting,
/// those of the node's own watchdogs included.
#[test]
fn methods_that_run_the_runtime_have_threads_of_their_own() {
	let asks_the_runtime =
		|method: &source::Method| method.subscription.is_none() && method.name != "rpc.discover";
	let holding_up = source::methods()
		.into_iter()
		.filter(|method| asks_the_runtime(method) && !method.blocking)
		.map(|method| method.name);
	assert_eq!(holding_up.collect::<Vec<_>>(), [""; 0]);
}

/// The parameters of a method's example.
fn example(method: &Value) -> Map<String, Value> {
	let params = method["examples"][0]["params"].as_array().unwrap();
	params
		.iter()
		.map(|param| (param["name"].as_str().unwrap().to_owned(), param["value"].clone()))
		.collect()
}

/// The code of the error that a request is answered with.
async fn code(method: &str, params: impl Into<Value>) -> i64 {
	let params: Value = params.into();
	let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
	let (answer, _) = module().raw_json_request(&request.to_string(), 1).await.unwrap();
	let answer: Value = serde_json::from_str(&answer).unwrap();
	answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"))
}

/// Methods of ours that take anything but a subscription's id.
fn asked() -> impl Iterator<Item = Value> {
	methods().into_iter().filter(|method| {
		let name = method["name"].as_str().unwrap();
		name != "rpc.discover" && !name.contains("_unsubscribe")
	})
}

#[tokio::test]
async fn examples_are_understood_by_name_and_by_position() {
	for method in asked() {
		let name = method["name"].as_str().unwrap();
		let example = example(&method);
		let in_order: Vec<_> = method["params"]
			.as_array()
			.unwrap()
			.iter()
			.map(|param| example.get(param["name"].as_str().unwrap()).cloned().unwrap_or_default())
			.collect();
		assert_eq!(code(name, example).await, i64::from(UNDERSTOOD), "{name} by name");
		assert_eq!(code(name, in_order).await, i64::from(UNDERSTOOD), "{name} by position");
	}
}

#[tokio::test]
async fn every_parameter_is_taken_by_its_documented_name() {
	for method in asked() {
		let name = method["name"].as_str().unwrap();
		for param in method["params"].as_array().unwrap() {
			let param_name = param["name"].as_str().unwrap();
			let mut malformed = example(&method);
			malformed.insert(param_name.into(), json!({ "malformed": true }));
			let refused = code(name, malformed).await;
			assert_eq!(refused, i64::from(INVALID_PARAMS), "{name} has no {param_name}");
			let mut without = example(&method);
			without.remove(param_name);
			let expected = match param["required"] == true {
				true => INVALID_PARAMS,
				false => UNDERSTOOD,
			};
			assert_eq!(
				code(name, without).await,
				i64::from(expected),
				"{name} without {param_name}"
			);
		}
	}
}
