//! A chart's records for a doctor who was given single ones: those, and nothing of the others.

use super::{
	arguments::Hexadecimal,
	message::{Failure, raw},
};
use codec::{DecodeAll, Encode};
use medblock_chain::RawValue;
use medblock_primitives::RecordIndex;
use medblock_vault_protocol::door::Refused;
use pallet_medical_records_runtime_api::{Page, RecordInfo, earlier::RecordInfoV3};
use serde_json::Value;
use std::collections::BTreeSet;

/// Takes all other records out of the node's answer, a page. The page's cursor stays.
pub(super) fn only(
	shared: &BTreeSet<RecordIndex>,
	method: &str,
	answer: &RawValue,
) -> Result<Box<RawValue>, Failure> {
	let strange = || Failure::from(Refused::NodeUnreachable);
	if method == "state_call" {
		let Hexadecimal(bytes) = serde_json::from_str(answer.get()).map_err(|_| strange())?;
		let left = only_in_page(shared, bytes).ok_or_else(strange)?;
		return raw(&Hexadecimal(left));
	}
	let mut page: Value = serde_json::from_str(answer.get()).map_err(|_| strange())?;
	let items = page.get_mut("items").and_then(Value::as_array_mut).ok_or_else(strange)?;
	items.retain(|one| {
		let index = one.get("record").and_then(Value::as_u64);
		index.and_then(|index| index.try_into().ok()).is_some_and(|index| shared.contains(&index))
	});
	raw(&page)
}

/// The same for a page of the runtime API, in the shape that it has. Gateways are upgraded before the chain.
/// A page that could be of two runtimes might show other records in one of them, and is not passed on.
fn only_in_page(shared: &BTreeSet<RecordIndex>, bytes: Vec<u8>) -> Option<Vec<u8>> {
	let now = Page::<RecordInfo, RecordIndex>::decode_all(&mut &bytes[..]).ok();
	let then = Page::<RecordInfoV3, RecordIndex>::decode_all(&mut &bytes[..]).ok();
	match (now, then) {
		(Some(mut now), None) => {
			now.items.retain(|one| shared.contains(&one.index));
			Some(now.encode())
		},
		(None, Some(mut then)) => {
			then.items.retain(|one| shared.contains(&one.index));
			Some(then.encode())
		},
		(Some(now), Some(then)) if now.items.is_empty() && then.items.is_empty() => Some(bytes),
		_ => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_primitives::{Author, Minute, Record};
	use pallet_medical_records_runtime_api::earlier::Present;
	use serde_json::json;

	#[test]
	fn other_records_are_left_out_of_pages_of_both_runtimes() {
		type Then = Page<RecordInfoV3, RecordIndex>;
		type Now = Page<RecordInfo, RecordIndex>;
		let record = |index| RecordInfoV3 {
			index,
			record: Record {
				document: None,
				author: Author::Patient,
				sealed_to: 0,
				in_reply_to: None,
				recorded_at: Minute(1),
			},
		};
		let page = |all: &[RecordIndex]| Then {
			items: all.iter().copied().map(record).collect(),
			next: Some(9),
		};
		let shared = BTreeSet::from([2]);
		for (all, left) in [(&[1, 2, 3][..], &[2][..]), (&[1], &[]), (&[], &[])] {
			let (all, left) = (page(all), page(left));
			assert_eq!(only_in_page(&shared, all.encode()), Some(left.encode()));
			let (all, left): (Now, Now) = (all.present(), left.present());
			assert_eq!(only_in_page(&shared, all.encode()), Some(left.encode()));
		}
	}

	#[test]
	fn other_records_are_left_out_of_a_page() {
		let shared = BTreeSet::from([2]);
		let page = json!({ "items": [{ "record": 1 }, { "record": 2 }, {}], "next": 2, "at": 7 });
		let answer = only(&shared, "medicalRecords_records", &raw(&page).unwrap()).unwrap();
		let left = json!({ "items": [{ "record": 2 }], "next": 2, "at": 7 });
		assert_eq!(serde_json::from_str::<Value>(answer.get()).unwrap(), left);
	}

	#[test]
	fn an_answer_of_another_form_is_not_passed_on() {
		let shared = BTreeSet::new();
		for (method, answer) in [
			("state_call", json!("0x")),
			("state_call", json!({ "items": [] })),
			("medicalRecords_records", json!([])),
			("medicalRecords_records", json!({ "other": [] })),
		] {
			let failure = only(&shared, method, &raw(&answer).unwrap()).unwrap_err();
			assert_eq!(failure.code, Refused::NodeUnreachable.code(), "{answer}");
		}
	}
}
