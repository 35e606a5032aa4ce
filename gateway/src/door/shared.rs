//! A chart's records for a doctor who was given single ones: those, and nothing of the others.

use super::{
	arguments::Hexadecimal,
	message::{Failure, raw},
};
use codec::{DecodeAll, Encode};
use medblock_chain::RawValue;
use medblock_primitives::RecordIndex;
use medblock_vault_protocol::door::Refused;
use pallet_medical_records_runtime_api::{Page, RecordInfo};
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
		let mut page =
			Page::<RecordInfo, RecordIndex>::decode_all(&mut &bytes[..]).map_err(|_| strange())?;
		page.items.retain(|one| shared.contains(&one.index));
		return raw(&Hexadecimal(page.encode()));
	}
	let mut page: Value = serde_json::from_str(answer.get()).map_err(|_| strange())?;
	let items = page.get_mut("items").and_then(Value::as_array_mut).ok_or_else(strange)?;
	items.retain(|one| {
		let index = one.get("record").and_then(Value::as_u64);
		index.and_then(|index| index.try_into().ok()).is_some_and(|index| shared.contains(&index))
	});
	raw(&page)
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

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
