//! The door to the hospital's node: JSON-RPC 2.0 over a WebSocket at [`RPC`](crate::paths::RPC).
//!
//! A client signs in by the request [`SIGN_IN`] with the vault's bearer token as its one parameter, and again
//! when that token has ended. An account that has not signed in gets what a newcomer needs to register. An
//! account that has gets what concerns it, as the gateway's documentation lists method by method. Batches are
//! refused. Everything else is passed on to the node, and the node's answer to the client.
//!
//! A refusal is a JSON-RPC error: a number, an English sentence, and [`Problem`] as `data`. The node's own
//! errors come as the node has them.

use medblock_primitives::Denied;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The method by which a client signs in: parameters `[token]`, answer `true`.
pub const SIGN_IN: &str = "door_signIn";

/// The method that looks for a transaction in a block: parameters `[block hash, transaction hash]`, answer
/// [`Found`] or `null`. The second hash is the Blake2-256 of the encoded transaction.
pub const TRANSACTION: &str = "door_transaction";

/// The largest message that a client may send, in bytes. The largest transaction that people make, a new key for 64
/// doctors, takes a fifth of it.
pub const MAX_MESSAGE: usize = 1024 * 1024;

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
	/// The transaction's place in the block.
	pub index: u32,
	/// The events of this transaction alone, as the chain's storage has the events of a block: a SCALE vector
	/// of event records, in hexadecimal with `0x`.
	pub events: String,
}

/// The `data` of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
	/// The refusal's name: [`Refused::as_str`].
	pub error: String,
	/// With [`Refused::TooManyRequests`], seconds after which trying again is worth it.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub retry_after: Option<u64>,
}

/// Defines the refusals: each with its number, its name and its sentence.
macro_rules! refusals {
	($($(#[$docs:meta])* $name:ident = $code:literal $text:literal $sentence:literal,)*) => {
		/// Why the door refuses a request.
		#[derive(Clone, Copy, Debug, PartialEq, Eq)]
		pub enum Refused {
			$($(#[$docs])* $name,)*
			/// The chain gives the doctor no access to the chart.
			Denied(Denied),
		}

		/// All refusals but those of the chain's.
		const OWN: &[Refused] = &[$(Refused::$name),*];

		impl Refused {
			/// The number of the JSON-RPC error. All refusals because of who asks have the same.
			pub const fn code(self) -> i32 {
				match self {
					$(Self::$name => $code,)*
					Self::Denied(_) => NOT_YOURS,
				}
			}

			/// The name by which programs know it. It never changes.
			pub fn as_str(self) -> &'static str {
				match self {
					$(Self::$name => $text,)*
					Self::Denied(why) => why.code(),
				}
			}

			/// The English sentence for people, without its first capital and full stop.
			pub fn sentence(self) -> &'static str {
				match self {
					$(Self::$name => $sentence,)*
					Self::Denied(why) => why.sentence(),
				}
			}
		}
	};
}

/// The number of all refusals because of who asks.
pub const NOT_YOURS: i32 = -32_022;

refusals! {
	/// The message is no JSON.
	NoJson = -32_700 "no-json" "the message is no JSON",
	/// The message is no request of JSON-RPC 2.0, or a batch of them.
	NoRequest = -32_600 "no-request" "the message is no single request of JSON-RPC 2.0",
	/// The parameters, or the encoded arguments of a runtime function, can't be read.
	NotUnderstood = -32_602 "not-understood" "the door can't read these parameters, so it does not pass them on",
	/// The account has not signed in, or its token has ended.
	NotSignedIn = -32_020 "not-signed-in" "sign in first: send door_signIn with a token that /v1/session gave",
	/// The method, runtime function or storage item is not passed on.
	NotPassedOn = -32_021 "not-passed-on" "this door does not pass that method on",
	/// The question is about another account.
	OtherAccount = -32_022 "other-account" "an account may ask this about itself only",
	/// The question is about a patient that the account has nothing to do with.
	OtherPatient = -32_022 "other-patient" "this is for the patient, doctors with access, and the patient's hospital",
	/// The question is about records, which the patient's hospital does not get.
	NotForHospitals = -32_022 "not-for-hospitals" "hospitals may not ask about records and grants",
	/// Only the patient may ask for it.
	PatientOnly = -32_022 "patient-only" "only the patient may ask this",
	/// Only the patient, and those who may add to the chart, may ask for it.
	AuthorsOnly = -32_022 "authors-only" "only the patient, and those who may add records, may ask this",
	/// The question is about another doctor.
	OtherDoctor = -32_022 "other-doctor" "only that doctor and the patient may ask this",
	/// The question is about another institution.
	OtherInstitution = -32_022 "other-institution" "only that institution and the patient may ask this",
	/// The question is about another hospital's people.
	OtherHospital = -32_022 "other-hospital" "this is for the registrars of that hospital",
	/// There were too many requests. [`Problem`] says when to try again.
	TooManyRequests = -32_023 "too-many-requests" "too many requests: try again in a moment",
	/// The connection, the account, or all accounts together have as many subscriptions as they may.
	TooManySubscriptions = -32_024 "too-many-subscriptions" "there are as many subscriptions as there may be: end one, or try again later",
	/// The gateway can't ask a node.
	NodeUnreachable = -32_025 "node-unreachable" "the hospital's node can't be asked now: try again later",
	/// The node's final block is too old to decide by, or the node follows another chain.
	NodeBehind = -32_026 "node-behind" "the hospital's node is behind, so nothing about people is answered: try again later",
	/// The block that the request names is old, or the node does not know it.
	OldBlock = -32_027 "old-block" "the door answers about recent blocks only, and the node has to know them",
	/// The client took a subscription's items too slowly, so that the subscription has ended.
	TooSlow = -32_028 "too-slow" "this client takes the items too slowly, so the subscription has ended: subscribe again",
}

impl Refused {
	/// All refusals.
	pub fn all() -> impl Iterator<Item = Self> {
		OWN.iter().copied().chain(Denied::ALL.into_iter().map(Self::Denied))
	}

	/// The refusal with this name.
	pub fn named(name: &str) -> Option<Self> {
		Self::all().find(|one| one.as_str() == name)
	}
}

impl fmt::Display for Refused {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str(self.sentence())
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use serde_json::{json, to_value};

	#[test]
	fn every_refusal_has_a_name_of_its_own_and_reads_back() {
		for one in Refused::all() {
			assert_eq!(Refused::named(one.as_str()), Some(one));
			let first = one.sentence().chars().next().unwrap();
			assert!(first.is_lowercase() && !one.sentence().ends_with('.'), "{one}");
			// Its numbers are none of the node's: docs of medblock-rpc's errors.
			let is_own = (-32_029..=-32_020).contains(&one.code());
			assert!(is_own || matches!(one.code(), -32_700 | -32_600 | -32_602), "{one}");
		}
		let names: std::collections::BTreeSet<_> = Refused::all().map(Refused::as_str).collect();
		assert_eq!(names.len(), OWN.len() + Denied::ALL.len());
	}

	#[test]
	fn bodies_have_their_documented_form() {
		let found = Found { index: 2, events: "0x04".into() };
		assert_eq!(to_value(found).unwrap(), json!({ "index": 2, "events": "0x04" }));
		let problem = Problem { error: "too-many-requests".into(), retry_after: Some(1) };
		let json = json!({ "error": "too-many-requests", "retryAfter": 1 });
		assert_eq!(to_value(problem).unwrap(), json);
	}
}
