//! What things look like as JSON, and which parameters are understood.

use crate::{scalars::LAST_MOMENT, server::bounded, *};
use medblock_primitives::{self as primitives, Denied, DoctorId, HospitalId, Minute, PatientId};
use pallet_medical_records_runtime_api::{GrantInfo, RecordInfo};
use serde_json::{from_value, json, to_value};
use sp_core::H256;
use sp_keyring_account::alice;

/// The first of the well-known accounts.
mod sp_keyring_account {
	use sp_core::crypto::Ss58Codec;
	use sp_runtime::AccountId32;

	pub const ADDRESS: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	/// The same account with Polkadot's prefix.
	pub const ELSEWHERE: &str = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

	pub fn alice() -> AccountId32 {
		AccountId32::from_ss58check(ADDRESS).unwrap()
	}
}

#[test]
fn accounts_have_the_chains_prefix_and_any_is_accepted() {
	let account = Account(alice());
	assert_eq!(to_value(&account).unwrap(), sp_keyring_account::ADDRESS);
	for address in [sp_keyring_account::ADDRESS, sp_keyring_account::ELSEWHERE] {
		assert_eq!(from_value::<Account>(json!(address)).unwrap(), account);
	}
	for wrong in [json!("5Grw"), json!(""), json!(5), json!(null), json!([1])] {
		assert!(from_value::<Account>(wrong.clone()).is_err(), "{wrong}");
	}
}

#[test]
fn hashes_are_0x_and_64_digits_and_nothing_else() {
	let hash = BlockHash(H256::repeat_byte(0xab));
	assert_eq!(to_value(hash).unwrap(), format!("0x{}", "ab".repeat(32)));
	let upper = format!("0x{}", "AB".repeat(32));
	assert_eq!(from_value::<BlockHash>(json!(upper)).unwrap(), hash);
	let (short, long) = ("ab".repeat(31), "ab".repeat(33));
	for wrong in [
		json!(format!("0x{short}")),
		json!(format!("0x{long}")),
		json!("ab".repeat(32)),
		json!(format!("0x{}zz", short)),
		json!("0x"),
		json!(""),
		json!(7),
	] {
		let why = from_value::<BlockHash>(wrong.clone()).unwrap_err().to_string();
		assert_eq!(why, "a block hash has to be a string of 0x and 64 hex digits", "{wrong}");
	}
}

#[test]
fn bytes_are_lower_case_hex_of_their_own_length() {
	assert_eq!(to_value(Hex([0xff; 2])).unwrap(), "0xffff");
	assert_eq!(to_value(Bytes(vec![])).unwrap(), "0x");
	assert_eq!(from_value::<Hex<2>>(json!("0xffff")).unwrap(), Hex([0xff; 2]));
	assert!(from_value::<Hex<2>>(json!("0xff")).is_err());
	assert!(from_value::<Bytes>(json!("0xf")).is_err());
}

#[test]
fn reasons_are_named_as_vaults_and_the_command_line_name_them() {
	for (denied, name) in [
		(Denied::PatientNotFound, "patient-not-found"),
		(Denied::DoctorNotFound, "doctor-not-found"),
		(Denied::DoctorNotVerified, "doctor-not-verified"),
		(Denied::LicenceExpired, "licence-expired"),
		(Denied::HospitalNotActive, "hospital-not-active"),
		(Denied::NotGranted, "not-granted"),
		(Denied::GrantExpired, "grant-expired"),
		(Denied::RecordNotFound, "record-not-found"),
		(Denied::RecordWithdrawn, "record-withdrawn"),
		(Denied::RecordNotShared, "record-not-shared"),
	] {
		assert_eq!(to_value(Denial::from(denied)).unwrap()["reason"], name);
	}
}

#[test]
fn access_is_either_allowed_or_denied() {
	let allowed = primitives::Allowed {
		scope: primitives::Scope::Records,
		may_append: true,
		until: Some(5),
		key: primitives::KeyStatus::AwaitingPatient,
	};
	let expected = json!({
		"allowed": {
			"scope": "single records", "mayAppend": true, "until": 5, "key": "awaiting-patient",
		},
		"denied": null,
	});
	assert_eq!(to_value(Access::from(Ok(allowed))).unwrap(), expected);
	let denied = to_value(Access::from(Err(Denied::GrantExpired))).unwrap();
	assert_eq!(denied["allowed"], json!(null));
	assert_eq!(denied["denied"]["message"], "the patient's grant has run out");
}

#[test]
fn record_says_who_and_when_in_milliseconds() {
	let record = primitives::Record {
		document: None,
		author: primitives::Author::Doctor(DoctorId(3)),
		sealed_to: 1,
		in_reply_to: Some(0),
		recorded_at: Minute(2),
	};
	let shown = Record::from(RecordInfo { index: 4, record });
	let expected = json!({
		"record": 4, "document": null, "author": { "doctor": 3 }, "sealedTo": 1, "inReplyTo": 0,
		"recordedAt": 120_000,
	});
	assert_eq!(to_value(&shown).unwrap(), expected);
	assert_eq!(from_value::<Record>(expected).unwrap(), shown);
	assert_eq!(to_value(Author::from(primitives::Author::Patient)).unwrap(), "patient");
}

#[test]
fn no_time_is_larger_than_a_double_can_tell() {
	let grant = GrantInfo {
		patient: PatientId(0),
		doctor: DoctorId(0),
		scope: primitives::Scope::Chart,
		may_append: false,
		expires_at: Some(u64::MAX),
		granted_at: 7,
		epoch: Some(0),
		key_version: Some(1),
		access: Err(Denied::NotGranted),
	};
	let shown = Grant::from(grant);
	assert_eq!(shown.expires_at, Some(LAST_MOMENT));
	assert_eq!(to_value(shown).unwrap()["expiresAt"], json!(9_007_199_254_740_991_u64));
}

#[test]
fn events_are_told_apart_by_their_type() {
	let event = InboxEvent::Granted {
		patient: PatientId(1),
		scope: Scope::Chart,
		records: None,
		may_append: true,
		expires_at: None,
	};
	let expected = json!({
		"type": "granted", "patient": 1, "scope": "whole chart", "records": null,
		"mayAppend": true, "expiresAt": null,
	});
	assert_eq!(to_value(&event).unwrap(), expected);
	assert_eq!(from_value::<InboxEvent>(expected).unwrap(), event);
	let moved = InboxEvent::Moved { doctor: DoctorId(1), from: HospitalId(0), to: HospitalId(2) };
	let expected = json!({ "type": "moved", "doctor": 1, "from": 0, "to": 2 });
	assert_eq!(to_value(moved).unwrap(), expected);
}

#[test]
fn limits_are_1_to_256_and_64_if_nothing_is_said() {
	assert_eq!(bounded(None).unwrap(), 64);
	for limit in [1, 64, 256] {
		assert_eq!(bounded(Some(limit)).unwrap(), limit);
	}
	for limit in [0, 257, 1_000_000_000, u32::MAX] {
		let refused = bounded(Some(limit)).unwrap_err();
		assert_eq!(refused.code(), errors::INVALID_PARAMS);
		assert_eq!(refused.message(), "limit has to be 1 to 256");
	}
}
