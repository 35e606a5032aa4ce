//! `medblock doctor inbox --follow`: what happens, as it happens.

use super::charts;
use crate::{
	exit::{Code, Failure},
	session::Session,
};
use futures::StreamExt;
use medblock_client::{
	Client,
	chain::{NotAnswered, RawValue},
	medblock_primitives::{DoctorId, PatientId},
};
use medblock_platform::clock::{Duration, Instant, sleep};
use medblock_vault_protocol::door::Refused;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The methods that begin and end it.
const BEGIN: &str = "medicalRecords_subscribeInbox";
const END: &str = "medicalRecords_unsubscribeInbox";

/// The pause before the inbox is asked for again; twice as long before each further attempt, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The code of a node that has no inbox behind that block: too long ago, or not final there yet.
const AFTER_OUT_OF_RANGE: i32 = -32_005;

/// The codes of nodes that can't answer now: one that is stopping, a connection with too many subscriptions, and too many
/// calls (docs/doctors.md, "Errors").
const NODE_CANNOT: [i32; 3] = [-32_603, -32_006, -32_999];

/// The refusals of doors that can't answer now.
const DOOR_CANNOT: [Refused; 5] = [
	Refused::TooManyRequests,
	Refused::TooManySubscriptions,
	Refused::NodeUnreachable,
	Refused::NodeBehind,
	Refused::TooSlow,
];

/// What a final block brought. Newer nodes may know further kinds of events.
#[derive(Serialize, Deserialize)]
struct Notification {
	block: Block,
	events: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
struct Block {
	number: u32,
	hash: String,
}

/// Prints each change that concerns the doctor, until the program is interrupted, or its output is closed. What may pass,
/// such as a lost connection, does not end it.
pub async fn inbox(session: &Session<'_>, no_names: bool) -> Result<(), Failure> {
	// Without names, a locked account is enough.
	let client = match no_names {
		true => session.watcher().await?,
		false => session.reader().await?,
	};
	let at = client.chain().finalized().await?;
	let doctor = client.own_practice(&at).await?;
	session
		.output
		.note("Waiting for what patients grant, revoke, add or withdraw. Ctrl-C ends it.");
	let mut after = at.number();
	let mut outage = Outage::default();
	loop {
		let begun = Instant::now();
		let asked = client.chain().subscribe(BEGIN, Some(params(doctor, after)?), END).await;
		let why = match asked {
			Ok(mut items) => {
				while let Some(item) = items.next().await {
					let Notification { block, events } = serde_json::from_str(item.get())
						.map_err(|why| Failure::new(Code::Unexpected, why))?;
					after = block.number;
					outage.end();
					for event in events {
						if !is_read(session, &client, &block, &event).await? {
							return Ok(());
						}
					}
				}
				"the connection was lost".to_owned()
			},
			Err(why) if passes(&why, after) => why.to_string(),
			Err(why) => return Err(Failure::new(Code::Refused, why)),
		};
		// It was followed for a while, if quietly.
		if begun.elapsed() > LONGEST_PAUSE {
			outage.end();
		}
		let (is_first, pause) = outage.pause();
		if is_first {
			session.output.warn(format_args!(
				"the inbox is interrupted ({why}): the program asks again, after growing pauses, and goes on behind \
				 block {after}"
			));
		}
		sleep(pause).await;
	}
}

/// Asks for the doctor's inbox behind a block.
fn params(doctor: DoctorId, after: u32) -> Result<Box<RawValue>, Failure> {
	let params = json!({ "doctor": doctor.0, "after": after }).to_string();
	RawValue::from_string(params).map_err(|why| Failure::new(Code::Unexpected, why))
}

/// Prints an event. False if the output is closed.
async fn is_read(
	session: &Session<'_>,
	client: &Client,
	block: &Block,
	event: &Value,
) -> Result<bool, Failure> {
	let patient = match session.output.is_json() {
		true => String::new(),
		false => patient_of(client, event).await,
	};
	let text = format!("block {}: {}", block.number, sentence(event, &patient));
	session.output.line(&json!({ "block": block, "event": event }), text)
}

/// The time in which the inbox is not followed.
#[derive(Default)]
struct Outage {
	/// The pauses so far.
	pauses: u32,
}

impl Outage {
	/// The inbox is followed again.
	fn end(&mut self) {
		self.pauses = 0;
	}

	/// Whether this is the first pause, and its length.
	fn pause(&mut self) -> (bool, Duration) {
		let is_first = self.pauses == 0;
		let length = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.pauses));
		self.pauses = self.pauses.saturating_add(1);
		(is_first, length.min(LONGEST_PAUSE))
	}
}

/// Whether the same request may succeed later.
fn passes(why: &NotAnswered, after: u32) -> bool {
	/// The blocks behind which an inbox can begin.
	#[derive(Deserialize)]
	struct Range {
		highest: u32,
	}
	let NotAnswered::Refused { code, data, .. } = why else { return true };
	if *code == AFTER_OUT_OF_RANGE {
		// A node that is behind will reach that block. One that has forgotten it will not have it again.
		let range = data.as_ref().and_then(|data| serde_json::from_str::<Range>(data.get()).ok());
		return range.is_some_and(|range| after > range.highest);
	}
	NODE_CANNOT.contains(code) || DOOR_CANNOT.iter().any(|refused| refused.code() == *code)
}

/// The patient of an event, with the name if it was read before: what comes by itself reads none.
async fn patient_of(client: &Client, event: &Value) -> String {
	let number = event.get("patient").and_then(Value::as_u64);
	let Some(number) = number.and_then(|number| u32::try_from(number).ok()) else {
		return String::new();
	};
	match client.chain().finalized().await {
		Ok(at) => charts::if_known(client, &at, PatientId(number), false).await.to_string(),
		Err(_) => format!("patient {number}"),
	}
}

/// An event, for people.
fn sentence(event: &Value, patient: &str) -> String {
	let number = |name: &str| event.get(name).and_then(Value::as_u64);
	let kind = event.get("type").and_then(Value::as_str).unwrap_or("unknown");
	let records = |first: u64, count: u64| match count {
		0 | 1 => format!("record {first}"),
		_ => format!("records {first} to {}", first.saturating_add(count - 1)),
	};
	match (kind, number("first"), number("count"), number("record")) {
		("granted", ..) => {
			let what = match number("records") {
				None => "the whole chart".to_owned(),
				Some(1) => "1 record".to_owned(),
				Some(count) => format!("{count} records"),
			};
			let adds = event.get("mayAppend").and_then(Value::as_bool) == Some(true);
			let adds = if adds { ", and add to it" } else { "" };
			let until = event.get("expiresAt").and_then(Value::as_str);
			let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
			format!("{patient} lets you see {what}{adds}{until}")
		},
		("revoked", ..) => format!("{patient} took your access back"),
		("relinquished", ..) => format!("you gave up your access to the chart of {patient}"),
		("records-added", Some(first), Some(count), _) => {
			format!("{} of {patient}: new", records(first, count))
		},
		("record-withdrawn", _, _, Some(record)) => {
			format!("record {record} of {patient}: withdrawn")
		},
		("chart-key-rotated", ..) => format!("the chart of {patient} has new keys"),
		("patient-profile-updated", ..) => format!("the profile of {patient} was replaced"),
		("standing-changed", ..) => {
			let standing = event.get("standing").and_then(Value::as_str).unwrap_or("unknown");
			format!("your standing is now: {standing}")
		},
		(other, ..) => match patient.is_empty() {
			true => other.to_owned(),
			false => format!("{other}: {patient}"),
		},
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn events_are_told_to_people() {
		for (event, told) in [
			(
				json!({ "type": "granted", "patient": 7, "scope": "chart", "records": null, "mayAppend": true,
					"expiresAt": null }),
				"patient 7 lets you see the whole chart, and add to it",
			),
			(
				json!({ "type": "granted", "patient": 7, "scope": "records", "records": 2, "mayAppend": false,
					"expiresAt": "2030-12-31T00:00:00Z" }),
				"patient 7 lets you see 2 records, until 2030-12-31T00:00:00Z",
			),
			(json!({ "type": "revoked", "patient": 7 }), "patient 7 took your access back"),
			(
				json!({ "type": "records-added", "patient": 7, "first": 5, "count": 3 }),
				"records 5 to 7 of patient 7: new",
			),
			(
				json!({ "type": "record-withdrawn", "patient": 7, "record": 5 }),
				"record 5 of patient 7: withdrawn",
			),
			(json!({ "type": "not-known-yet", "patient": 7 }), "not-known-yet: patient 7"),
			(json!({ "type": "not-known-yet" }), "not-known-yet"),
			(json!({}), "unknown"),
		] {
			let patient = if event.get("patient").is_some() { "patient 7" } else { "" };
			assert_eq!(sentence(&event, patient), told);
		}
	}

	/// What a node or a door answers.
	fn refused(code: i32, data: Option<&str>) -> NotAnswered {
		let data = data.map(|data| RawValue::from_string(data.to_owned()).unwrap());
		NotAnswered::Refused { code, message: "no".to_owned(), data }
	}

	#[test]
	fn what_may_pass_is_waited_for_and_all_else_ends_the_inbox() {
		let (url, why) = ("ws://one".to_owned(), "it is away".to_owned());
		let lost = medblock_client::chain::Error::NodeUnreachable { url, why };
		assert!(passes(&NotAnswered::Lost(lost), 7));
		for code in [-32_603, -32_006, -32_999, -32_023, -32_024, -32_025, -32_026, -32_028] {
			assert!(passes(&refused(code, None), 7), "{code}");
		}
		// The state is pruned, there is no such doctor, or the door does not answer this account.
		for code in [-32_002, -32_004, -32_602, -32_601, -32_020, -32_021, -32_022] {
			assert!(!passes(&refused(code, None), 7), "{code}");
		}
		// A node that is behind, and one for which that is too long ago.
		assert!(passes(&refused(-32_005, Some(r#"{"lowest":0,"highest":6}"#)), 7));
		assert!(!passes(&refused(-32_005, Some(r#"{"lowest":8,"highest":9}"#)), 7));
		assert!(!passes(&refused(-32_005, None), 7));
	}

	#[test]
	fn pauses_grow_to_half_a_minute_and_an_outage_is_told_once() {
		let mut outage = Outage::default();
		assert_eq!(outage.pause(), (true, FIRST_PAUSE));
		assert_eq!(outage.pause(), (false, Duration::from_secs(1)));
		for _ in 0..70 {
			let (is_first, length) = outage.pause();
			assert!(!is_first && length > Duration::from_secs(1) && length <= LONGEST_PAUSE);
		}
		assert_eq!(outage.pause(), (false, LONGEST_PAUSE));
		outage.end();
		assert_eq!(outage.pause(), (true, FIRST_PAUSE));
	}
}
