//! The outcome of a call, for people and for scripts.

use crate::{exit::Failure, output::Output};
use medblock_client::{
	Client, Done,
	chain::{Prepared, Until},
	medblock_primitives::Moment,
};
use medblock_views::{BlockHash, BlockRef};
use serde_json::{Map, Value, json};

/// Prints the outcome: the sentence, the block and the time until it was final; or the call for a
/// wallet to sign. `more` is added to the JSON document.
pub fn print(
	output: &Output,
	client: &Client,
	done: &Done,
	sentence: &str,
	more: Value,
) -> Result<(), Failure> {
	let mut document = document(client, done);
	if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
		document.extend(more);
	}
	output.result(&document, text(client, done, sentence))
}

/// The outcome as JSON.
pub fn document(client: &Client, done: &Done) -> Value {
	let mut fields = Map::new();
	match done {
		Done::Sent(receipt) => {
			fields.insert("call".into(), json!(receipt.call));
			let hash = BlockHash(receipt.block.0);
			fields.insert("block".into(), json!(BlockRef { number: receipt.number, hash }));
			match receipt.until {
				Until::Final => {
					fields.insert("finalityMs".into(), json!(milliseconds(receipt.took)))
				},
				Until::Included => {
					fields.insert("includedMs".into(), json!(milliseconds(receipt.took)))
				},
			};
		},
		Done::Prepared(prepared) => {
			fields.insert("call".into(), json!(prepared.name));
			fields.insert("data".into(), json!(data(prepared)));
			fields.insert("link".into(), json!(prepared.link(client.chain().url())));
		},
	}
	Value::Object(fields)
}

/// The outcome for people.
pub fn text(client: &Client, done: &Done, sentence: &str) -> String {
	match done {
		Done::Sent(receipt) => format!(
			"{sentence}\n{} {} after {:.1} s.",
			match receipt.until {
				Until::Final => "Final in block",
				Until::Included => "Not final yet; in block",
			},
			receipt.number,
			receipt.took.as_secs_f64(),
		),
		Done::Prepared(prepared) => format!(
			"Nothing has changed yet: this is for your wallet to sign.\n\nCall  {}\nData  {}\nLink  {}",
			prepared.name,
			data(prepared),
			prepared.link(client.chain().url()),
		),
	}
}

/// A number or id in the first event of this name.
pub fn number(done: &Done, event: &str, field: &str) -> Option<u32> {
	done.receipt()?.event(event)?.number(field)
}

/// A time from an event of a call that was carried out.
pub fn moment(done: &Done, event: &str, field: &str) -> Option<Moment> {
	done.receipt()?.event(event)?.moment(field)
}

fn data(prepared: &Prepared) -> String {
	format!("0x{}", hex::encode(&prepared.data))
}

fn milliseconds(took: std::time::Duration) -> u64 {
	u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
