//! How much a vault takes, for any caller: clients check it before they encrypt.

use medblock_views::Time;
use serde::{Deserialize, Serialize};

/// The limits of a vault. A vault of an earlier version names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
	/// The size limit of a file, in bytes.
	pub max_file: u64,
	/// The quota of an account's uploads that no final block names yet, in bytes.
	pub quota_per_account: u64,
	/// The quota of all files of a patient, in bytes.
	pub quota_per_patient: u64,
	/// The limit of an account's uploads at once.
	pub uploads_at_once: u64,
	/// The limit of an account's downloads at once.
	pub downloads_at_once: u64,
	/// The most records whose [`heads`](crate::heads) are given at once; 0 if the vault gives none.
	#[serde(default)]
	pub heads_at_once: u64,
	/// The time before which everything that the vault has is in its back-up, too; RFC 3339. None if its administrators
	/// don't say.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub backed_up: Option<Time>,
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use serde_json::{from_value, json, to_value};

	#[test]
	fn limits_are_camel_case_and_newer_ones_can_be_read() {
		let limits = Limits {
			max_file: 1,
			quota_per_account: 2,
			quota_per_patient: 3,
			uploads_at_once: 4,
			downloads_at_once: 5,
			heads_at_once: 6,
			backed_up: Some(Time::from(1_795_442_700_250)),
		};
		let mut json = json!({
			"maxFile": 1,
			"quotaPerAccount": 2,
			"quotaPerPatient": 3,
			"uploadsAtOnce": 4,
			"downloadsAtOnce": 5,
			"headsAtOnce": 6,
			"backedUp": "2026-11-23T14:05:00.25Z",
		});
		assert_eq!(to_value(limits).unwrap(), json);
		json["more"] = json!(7);
		assert_eq!(from_value::<Limits>(json.clone()).unwrap(), limits);
		for newer in ["headsAtOnce", "backedUp"] {
			json.as_object_mut().unwrap().remove(newer);
		}
		let earlier: Limits = from_value(json).unwrap();
		assert_eq!((earlier.heads_at_once, earlier.backed_up), (0, None));
	}
}
