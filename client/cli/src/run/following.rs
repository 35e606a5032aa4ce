//! `medblock doctor inbox --follow`: what happens, as it happens.

use super::charts;
use crate::{
	exit::{Code, Failure},
	session::Session,
};
use futures::StreamExt;
use medblock_client::{
	Client,
	chain::{Items, NotAnswered, RawValue},
	medblock_primitives::{DoctorId, PatientId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// Prints each change that concerns the doctor, until the program is interrupted, or nobody reads on.
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
	loop {
		let mut items = subscribed(&client, doctor, after).await?;
		let mut came = false;
		while let Some(item) = items.next().await {
			let Notification { block, events } = serde_json::from_str(item.get())
				.map_err(|why| Failure::new(Code::Unexpected, why))?;
			(came, after) = (true, block.number);
			for event in events {
				let patient = match session.output.is_json() {
					true => String::new(),
					false => patient_of(&client, &event).await,
				};
				let text = sentence(&event, &patient);
				let document = json!({ "block": block, "event": event });
				let text = format!("block {}: {text}", block.number);
				if !session.output.line(&document, text)? {
					return Ok(());
				}
			}
		}
		if !came {
			let url = client.chain().url();
			return Err(Failure::new(
				Code::Network,
				format!(
					"the node at {url} ends the inbox: it no longer has blocks that old, or is restarting"
				),
			));
		}
		session.output.note("The connection was lost. Asking again from where it was …");
	}
}

/// The doctor's inbox behind a block.
async fn subscribed(client: &Client, doctor: DoctorId, after: u32) -> Result<Items, Failure> {
	let params = json!({ "doctor": doctor.0, "after": after }).to_string();
	let params =
		RawValue::from_string(params).map_err(|why| Failure::new(Code::Unexpected, why))?;
	let (begin, end) = ("medicalRecords_subscribeInbox", "medicalRecords_unsubscribeInbox");
	client.chain().subscribe(begin, Some(params), end).await.map_err(|why| match why {
		NotAnswered::Lost(why) => why.into(),
		refused => Failure::new(Code::Refused, refused),
	})
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
}
