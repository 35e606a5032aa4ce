//! Messages of JSON-RPC 2.0.

use medblock_chain::RawValue;
use medblock_vault_protocol::door::{Problem, Refused};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request's id, as the client wrote it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
	/// A number.
	Number(u64),
	/// A text.
	Text(String),
	/// None: the answer to what has no id.
	#[default]
	None,
}

/// A request.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
	pub(super) id: Id,
	pub(super) method: String,
	pub(super) params: Value,
}

/// The most letters of an id: it comes back in the answer.
const MAX_ID: usize = 128;

impl Request {
	/// Reads a message. Notifications are refused: no method of the door has any.
	pub(super) fn parse(text: &str) -> Result<Self, Refused> {
		#[derive(Deserialize)]
		#[serde(deny_unknown_fields)]
		struct Incoming {
			jsonrpc: String,
			id: Id,
			method: String,
			#[serde(default)]
			params: Value,
		}
		let is_json = |_| match serde_json::from_str::<serde::de::IgnoredAny>(text) {
			Ok(_) => Refused::NoRequest,
			Err(_) => Refused::NoJson,
		};
		let Incoming { jsonrpc, id, method, params } =
			serde_json::from_str(text).map_err(is_json)?;
		let is_short = match &id {
			Id::Number(_) => true,
			Id::Text(text) => text.len() <= MAX_ID,
			Id::None => false,
		};
		if jsonrpc != "2.0" || !is_short {
			return Err(Refused::NoRequest);
		}
		Ok(Self { id, method, params })
	}
}

/// The error of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
	pub(super) code: i32,
	pub(super) message: String,
	#[serde(skip_serializing_if = "Option::is_none")]
	pub(super) data: Option<Box<RawValue>>,
}

impl Failure {
	/// Whether the door refused, and not the node.
	pub(super) fn is_doors(&self) -> bool {
		Refused::all().any(|one| one.code() == self.code)
	}
}

impl From<Refused> for Failure {
	fn from(refused: Refused) -> Self {
		let retry_after = (refused == Refused::TooManyRequests).then_some(1);
		let problem = Problem { error: refused.as_str().to_owned(), retry_after };
		let data = serde_json::value::to_raw_value(&problem).ok();
		Self { code: refused.code(), message: refused.sentence().to_owned(), data }
	}
}

/// The text of an answer.
pub(super) fn answer(id: &Id, outcome: &Result<Box<RawValue>, Failure>) -> String {
	// Written by hand: the node's answer may be large, and is not read again.
	let id = text(id);
	match outcome {
		Ok(result) => format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{}}}"#, result.get()),
		Err(why) => format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{}}}"#, text(why)),
	}
}

fn text(value: &impl Serialize) -> String {
	serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// The text of a notification of a subscription.
pub(super) fn notification(method: &str, id: &str, item: Result<&RawValue, &Failure>) -> String {
	let (name, item) = match item {
		Ok(item) => ("result", item.get().to_owned()),
		Err(why) => ("error", text(why)),
	};
	format!(
		r#"{{"jsonrpc":"2.0","method":"{method}","params":{{"subscription":"{id}","{name}":{item}}}}}"#
	)
}

/// A value as it is sent.
pub(super) fn raw(value: &impl Serialize) -> Result<Box<RawValue>, Failure> {
	serde_json::value::to_raw_value(value).map_err(|_| Refused::NotUnderstood.into())
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::{from_str, json};

	#[test]
	fn requests_are_read_strictly() {
		let read = |text: &str| Request::parse(text).map(|request| request.method);
		let good = r#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#;
		assert_eq!(read(good), Ok("a".into()));
		assert_eq!(read(r#"{"jsonrpc":"2.0","id":"x","method":"a"}"#), Ok("a".into()));
		for (text, why) in [
			("", Refused::NoJson),
			("{", Refused::NoJson),
			("[]", Refused::NoRequest),
			("1", Refused::NoRequest),
			(r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#, Refused::NoRequest),
			(r#"{"id":1,"method":"a"}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","method":"a"}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","id":[],"method":"a"}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","id":1}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#, Refused::NoRequest),
			(r#"{"jsonrpc":"2.0","id":1,"method":"a","more":1}"#, Refused::NoRequest),
			(&format!("[{good}]"), Refused::NoRequest),
			(
				&format!(r#"{{"jsonrpc":"2.0","id":"{}","method":"a"}}"#, "x".repeat(129)),
				Refused::NoRequest,
			),
		] {
			assert_eq!(read(text), Err(why), "{text}");
		}
	}

	#[test]
	fn answers_have_their_requests_id() {
		let result = raw(&json!({ "a": 1 })).unwrap();
		let text = answer(&Id::Text("x\"y".into()), &Ok(result));
		assert_eq!(
			from_str::<Value>(&text).unwrap(),
			json!({ "jsonrpc": "2.0", "id": "x\"y", "result": { "a": 1 } })
		);
		let text = answer(&Id::None, &Err(Refused::TooManyRequests.into()));
		assert_eq!(
			from_str::<Value>(&text).unwrap(),
			json!({ "jsonrpc": "2.0", "id": null, "error": {
				"code": -32_023,
				"message": "too many requests: try again in a moment",
				"data": { "error": "too-many-requests", "retryAfter": 1 },
			} })
		);
	}

	#[test]
	fn notifications_name_their_subscription() {
		let item = raw(&json!([1])).unwrap();
		let text = notification("chain_newHead", "7", Ok(&item));
		assert_eq!(
			from_str::<Value>(&text).unwrap(),
			json!({ "jsonrpc": "2.0", "method": "chain_newHead",
				"params": { "subscription": "7", "result": [1] } })
		);
		let text = notification("chain_newHead", "7", Err(&Refused::OtherDoctor.into()));
		let error = &from_str::<Value>(&text).unwrap()["params"]["error"];
		assert_eq!(error["data"], json!({ "error": "other-doctor" }));
	}
}
