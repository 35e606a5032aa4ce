//! The record of what a vault gave out of a chart: one entry for each answer with bytes of a record or the
//! profile, written before the first byte is sent.

use crate::times;
use medblock_primitives::{DoctorId, HospitalId, Moment, PatientId, RecordIndex};
use serde::{Deserialize, Serialize};

/// The most entries on one page.
pub const MAX_DISCLOSURES: usize = 256;

/// The query of a request for disclosures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisclosuresQuery {
	/// The number after which the page begins; without one, it begins with the first entry.
	pub after: Option<u64>,
	/// How many entries the page has at most: 1 to [`MAX_DISCLOSURES`], which is also the default. Other
	/// numbers count as the nearest of these.
	pub limit: Option<usize>,
}

/// A page of a chart's disclosures, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisclosuresPage {
	/// The entries.
	pub items: Vec<Disclosure>,
	/// The number to ask for next with `after`; none on the last page.
	pub next: Option<u64>,
}

/// Bytes of a chart that the vault gave to an account, with the sign-in that proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
	/// The entry's number among the chart's disclosures at this vault, from 0.
	pub number: u64,
	/// The time by the vault's clock, in milliseconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::milliseconds")]
	pub time: Moment,
	/// The number of the final block in whose state the account was allowed to read.
	pub block: u32,
	/// That block's hash, in hexadecimal with `0x`.
	pub block_hash: String,
	/// The account, in SS58.
	pub account: String,
	/// The doctor that the account acted for, if it acted as a doctor's.
	pub doctor: Option<DoctorId>,
	/// The hospital that the account is a registrar of, if it acted as one.
	pub registrar: Option<HospitalId>,
	/// Whether the doctor could read it because of an emergency, and not by a grant. Left out in JSON if not.
	#[serde(default, skip_serializing_if = "std::ops::Not::not")]
	pub emergency: bool,
	/// The person who acts for the patient, by the number of their own chart, if the account acted as theirs.
	/// Vaults before this version said nothing.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub representative: Option<PatientId>,
	/// The record's index; none stands for the profile.
	pub record: Option<RecordIndex>,
	/// The first byte.
	pub from: u64,
	/// The byte after the last.
	pub to: u64,
	/// The text with which the account signed in.
	pub challenge: String,
	/// The account's signature over that text between `<Bytes>` and `</Bytes>`, in hexadecimal with `0x`.
	pub signature: String,
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use serde_json::{from_value, json, to_value};

	#[test]
	fn disclosure_is_camel_case_with_times_in_utc() {
		let entry = Disclosure {
			number: 12,
			time: 1_795_442_700_250,
			block: 4_711,
			block_hash: "0x12".into(),
			account: "5Account".into(),
			doctor: Some(DoctorId(5)),
			registrar: None,
			emergency: false,
			representative: None,
			record: None,
			from: 0,
			to: 10,
			challenge: "a text".into(),
			signature: "0x34".into(),
		};
		let json = json!({
			"number": 12,
			"time": "2026-11-23T14:05:00.25Z",
			"block": 4_711,
			"blockHash": "0x12",
			"account": "5Account",
			"doctor": 5,
			"registrar": null,
			"record": null,
			"from": 0,
			"to": 10,
			"challenge": "a text",
			"signature": "0x34",
		});
		assert_eq!(to_value(&entry).unwrap(), json);
		assert_eq!(from_value::<Disclosure>(json.clone()).unwrap(), entry);
		let mut told = json;
		told["emergency"] = json!(true);
		let in_emergency = Disclosure { emergency: true, ..entry.clone() };
		assert_eq!(to_value(&in_emergency).unwrap(), told);
		assert_eq!(from_value::<Disclosure>(told).unwrap(), in_emergency);
		let acting = Disclosure { doctor: None, representative: Some(PatientId(9)), ..entry };
		let json = to_value(&acting).unwrap();
		assert_eq!(json["representative"], 9);
		assert_eq!(from_value::<Disclosure>(json).unwrap(), acting);
	}
}
