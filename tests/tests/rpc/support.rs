//! Asking a node, and holding what it says against its own document.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use jsonrpsee::{
	core::{
		client::{ClientT, Error as ClientError},
		traits::ToRpcParams,
	},
	ws_client::{PingConfig, WsClient, WsClientBuilder},
};
use medblock_e2e::{Network, eventually};
use pallet_medical_records_rpc::OPENRPC;
use serde_json::{Value, value::RawValue};
use std::{collections::BTreeMap, time::Duration};

/// Why a node refused something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
	pub code: i32,
	pub message: String,
	pub data: Value,
}

/// Parameters, by position or by name.
pub struct Given(pub Value);

impl ToRpcParams for Given {
	fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
		RawValue::from_string(self.0.to_string()).map(Some)
	}
}

/// A node and what its methods promise to answer.
pub struct Node {
	pub client: WsClient,
	promises: Promises,
}

impl Node {
	/// Connects to a node once it listens.
	pub async fn connect(url: &str) -> Self {
		let client =
			eventually(&format!("{url} answers"), || async { connected(url).await.ok() }).await;
		Self { client, promises: Promises::new() }
	}

	/// What a method answers. Whatever it is has to be as documented.
	pub async fn try_ask(&self, method: &str, params: Value) -> Result<Value, Refusal> {
		match self.client.request::<Value, _>(method, Given(params)).await {
			Ok(answer) => {
				self.promises.keeps(method, &answer);
				Ok(answer)
			},
			Err(ClientError::Call(error)) => {
				let data = error.data().map(|data| serde_json::from_str(data.get()).unwrap());
				self.promises.names(method, error.code());
				Err(Refusal {
					code: error.code(),
					message: error.message().to_owned(),
					data: data.unwrap_or_default(),
				})
			},
			Err(why) => panic!("{method}: {why}"),
		}
	}

	/// As [`Node::try_ask`], and it has to be answered.
	pub async fn ask(&self, method: &str, params: Value) -> Value {
		let answer = self.try_ask(method, params.clone()).await;
		answer.unwrap_or_else(|why| panic!("{method} {params}: {why:?}"))
	}

	/// As [`Node::try_ask`], and it has to be refused with this code.
	pub async fn refuses(&self, code: i32, method: &str, params: Value) -> Refusal {
		match self.try_ask(method, params.clone()).await {
			Err(refusal) if refusal.code == code => refusal,
			other => panic!("{method} {params} is refused with {code}, not {other:?}"),
		}
	}

	/// All items of a list, page by page, at the block of the first.
	pub async fn all(&self, method: &str, mut params: Value) -> Vec<Value> {
		let mut items = Vec::new();
		loop {
			let page = self.ask(method, params.clone()).await;
			items.extend(page["items"].as_array().unwrap().iter().cloned());
			if page["next"].is_null() {
				return items;
			}
			params["after"] = page["next"].clone();
			params["at"] = page["at"]["hash"].clone();
		}
	}
}

/// A connection that notices soon when the node is gone.
pub async fn connected(url: &str) -> Result<WsClient, ClientError> {
	let ping = PingConfig::new().ping_interval(Duration::from_secs(2));
	WsClientBuilder::default().enable_ws_ping(ping).build(url).await
}

/// The schemas and error codes of the document.
pub struct Promises {
	schemas: Schemas,
	answers: BTreeMap<String, SchemaIndex>,
	notification: SchemaIndex,
	codes: BTreeMap<String, Vec<i64>>,
}

impl Promises {
	pub fn new() -> Self {
		let document: Value = serde_json::from_str(OPENRPC).unwrap();
		let methods = document["methods"].as_array().unwrap().clone();
		let mut compiler = Compiler::new();
		compiler.set_default_draft(Draft::V7);
		compiler.add_resource("file:///openrpc.json", document).unwrap();
		let mut schemas = Schemas::new();
		let (mut answers, mut codes) = (BTreeMap::new(), BTreeMap::new());
		for (index, method) in methods.iter().enumerate() {
			let name = method["name"].as_str().unwrap().to_owned();
			let place = format!("file:///openrpc.json#/methods/{index}/result/schema");
			answers.insert(name.clone(), compiler.compile(&place, &mut schemas).unwrap());
			let errors = method["errors"].as_array().unwrap();
			codes.insert(name, errors.iter().map(|one| one["code"].as_i64().unwrap()).collect());
		}
		let place = "file:///openrpc.json#/components/schemas/InboxNotification";
		let notification = compiler.compile(place, &mut schemas).unwrap();
		Self { schemas, answers, notification, codes }
	}

	/// Whether an answer is as documented.
	pub fn keeps(&self, method: &str, answer: &Value) {
		let Some(schema) = self.answers.get(method) else { return };
		if let Err(why) = self.schemas.validate(answer, *schema) {
			panic!("{method} answered {answer}: {why}");
		}
	}

	/// Whether a notification is as documented.
	pub fn keeps_notifying(&self, notification: &Value) {
		if let Err(why) = self.schemas.validate(notification, self.notification) {
			panic!("an inbox brought {notification}: {why}");
		}
	}

	/// Whether a method's errors name this code.
	pub fn names(&self, method: &str, code: i32) {
		let Some(codes) = self.codes.get(method) else { return };
		assert!(codes.contains(&code.into()), "{method} does not document {code}");
	}
}

/// None of the nodes has panicked, whatever it was asked. ("Essential task" is no sign of that: the SDK
/// may say so when a node is told to stop.)
pub fn nobody_panicked(network: &Network) {
	for node in ["north", "east", "south", "west"] {
		let log = std::fs::read_to_string(network.path().join(node).join("log")).unwrap();
		for word in ["panicked", "stack overflow"] {
			let line = log.lines().find(|line| line.contains(word));
			assert!(line.is_none(), "{node}'s log: {line:?}");
		}
	}
}
