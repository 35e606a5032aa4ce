//! What things look like as JSON.

#![allow(clippy::unwrap_used)]

use crate::*;
use medblock_primitives::{
	self as primitives, DoctorId, HospitalId, InstitutionId, Minute, PatientId,
};
use pallet_consortium_runtime_api::{
	AppointmentInfo, DisclosureLogInfo, HospitalInfo, InstitutionInfo, ProfileKeyInfo,
	RegistrarInfo,
};
use pallet_medical_records_runtime_api::{DepositInfo, GrantInfo, RecordInfo};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, from_value, json, to_value};
use std::fmt::Debug;
use subxt_utils_accountid32::AccountId32;

/// The first of the well-known accounts.
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
/// The same account with Polkadot's prefix.
const ELSEWHERE: &str = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

/// Looks as it should, and is understood again.
fn looks<T: Serialize + DeserializeOwned + PartialEq + Debug>(thing: &T, expected: Value) {
	assert_eq!(to_value(thing).unwrap(), expected);
	assert_eq!(from_value::<T>(expected).unwrap(), *thing);
}

#[test]
fn accounts_have_the_chains_prefix_and_any_is_accepted() {
	let account: Account = from_value(json!(ELSEWHERE)).unwrap();
	looks(&account, json!(ALICE));
	let mistyped = ALICE.replace('F', "G");
	// The library that reads addresses panics on more than 132 of these.
	let zeros = "1".repeat(1_000);
	let wrong = [
		json!("5Grw"),
		json!(""),
		json!(mistyped),
		json!(zeros),
		json!(5),
		json!(null),
		json!([1]),
	];
	for wrong in wrong {
		assert!(from_value::<Account>(wrong.clone()).is_err(), "{wrong}");
	}
}

#[test]
fn hashes_are_0x_and_64_digits_and_nothing_else() {
	let hash = BlockHash([0xab; 32]);
	looks(&hash, json!(format!("0x{}", "ab".repeat(32))));
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
	looks(&Hex([0xff; 2]), json!("0xffff"));
	looks(&Bytes(vec![]), json!("0x"));
	assert!(from_value::<Hex<2>>(json!("0xff")).is_err());
	assert!(from_value::<Bytes>(json!("0xf")).is_err());
	assert!(from_value::<Bytes>(json!("ff")).is_err());
}

#[test]
fn times_are_rfc_3339_in_utc() {
	for (moment, text) in [
		(0, "1970-01-01T00:00:00Z"),
		(1_500, "1970-01-01T00:00:01.5Z"),
		(1_795_425_120_007, "2026-11-23T09:12:00.007Z"),
		(LAST, "9999-01-01T00:00:00Z"),
	] {
		looks(&Time::from(moment), json!(text));
	}
	assert_eq!(Time::from(u64::MAX), Time::from(LAST), "as good as never");
	let elsewhere = from_value::<Time>(json!("1970-01-01T01:00:00+01:00")).unwrap();
	assert_eq!(elsewhere, Time::from(0));
	for wrong in [json!(0), json!("1969-12-31T23:59:59Z"), json!("1970-01-01"), json!("soon")] {
		assert!(from_value::<Time>(wrong.clone()).is_err(), "{wrong}");
	}
}

#[test]
fn enums_are_words_in_kebab_case() {
	looks(&RegistrationMode::SponsoredOnly, json!("sponsored-only"));
	looks(&SeatStatus::Keyless, json!("keyless"));
	looks(&Standing::Verified, json!("verified"));
	looks(&KeyStatus::AwaitingPatient, json!("awaiting-patient"));
	looks(&KeyStatus::OwnKey, json!("own-key"));
	looks(&KeyStatus::EarlierKey, json!("earlier-key"));
	looks(&[Scope::Chart, Scope::Records], json!(["chart", "records"]));
	looks(&Author::Patient, json!("patient"));
	looks(&Author::Doctor(DoctorId(3)), json!({ "doctor": 3 }));
	looks(&Author::Institution(InstitutionId(2)), json!({ "institution": 2 }));
	looks(&Author::Representative(PatientId(5)), json!({ "representative": 5 }));
	looks(&Delegate::Desk(HospitalId(0)), json!({ "desk": 0 }));
	looks(&Scopes(9), json!(9));
	looks(&EmergencyReason::LifeThreatening, json!("life-threatening"));
	looks(&[Review::Justified, Review::Unjustified], json!(["justified", "unjustified"]));
	let next = Representing { patient: PatientId(7), representative: PatientId(8) };
	looks(&next, json!({ "patient": 7, "representative": 8 }));
	looks(&InstitutionKind::RecordsDepartment, json!("records-department"));
}

#[test]
fn deposit_says_who_may_add_until_when() {
	let info = DepositInfo {
		patient: PatientId(7),
		institution: InstitutionId(2),
		expires_at: None,
		allowed_at: 5,
		appends_left: 998,
		live: true,
	};
	let expected = json!({
		"patient": 7, "institution": 2, "expiresAt": null, "allowedAt": "1970-01-01T00:00:00.005Z",
		"appendsLeft": 998, "live": true,
	});
	looks(&Deposit::from(info), expected);
}

#[test]
fn institution_says_whose_it_is() {
	let info = InstitutionInfo {
		id: InstitutionId(2),
		hospital: HospitalId(0),
		kind: InstitutionKind::Imaging,
		name: b"X-rays".to_vec(),
		open: false,
	};
	let expected = json!({
		"institution": 2, "hospital": 0, "kind": "imaging", "name": "X-rays", "open": false,
	});
	looks(&Institution::from(info), expected);
}

#[test]
fn log_says_how_far_it_is_on_the_chain() {
	let anchor = primitives::DisclosureAnchor { log: 1, size: 7, root: [3; 32], at: 5 };
	let anchored = json!({
		"number": 12, "log": 1, "size": 7, "root": format!("0x{}", "03".repeat(32)),
		"anchoredAt": "1970-01-01T00:00:00.005Z",
	});
	let numbered = primitives::NumberedAnchor { number: 12, anchor };
	looks(&DisclosureAnchor::from(numbered), anchored.clone());
	let alice: Account = from_value(json!(ALICE)).unwrap();
	let (vault_account, last) = (Some(AccountId32(alice.0)), Some((12, anchor)));
	let info = DisclosureLogInfo { vault_account, number: 1, last };
	let expected = json!({ "vaultAccount": ALICE, "log": 1, "last": anchored });
	looks(&DisclosureLog::from(info), expected);
	let none = DisclosureLogInfo::<AccountId32> { vault_account: None, number: 0, last: None };
	let expected = json!({ "vaultAccount": null, "log": 0, "last": null });
	looks(&DisclosureLog::from(none), expected);
}

#[test]
fn reasons_are_the_codes_of_all_other_answers() {
	for denied in Denied::ALL {
		let expected = json!({ "reason": denied.code(), "message": denied.sentence() });
		looks(&Denial::from(denied), expected);
	}
}

#[test]
fn access_is_either_allowed_or_denied() {
	let allowed = primitives::Allowed {
		scope: Scope::Records,
		may_append: true,
		until: Some(5),
		key: KeyStatus::AwaitingPatient,
	};
	let expected = json!({
		"allowed": {
			"scope": "records", "mayAppend": true, "until": "1970-01-01T00:00:00.005Z",
			"key": "awaiting-patient",
		},
		"denied": null,
	});
	looks(&Access::from(Ok(allowed)), expected);
	let message = "the patient's grant has run out";
	let expected =
		json!({ "allowed": null, "denied": { "reason": "grant-expired", "message": message } });
	looks(&Access::from(Err(Denied::GrantExpired)), expected);
}

#[test]
fn record_says_who_and_when() {
	let record = primitives::Record {
		document: None,
		author: Author::Doctor(DoctorId(3)),
		sealed_to: 1,
		in_reply_to: Some(0),
		recorded_at: Minute(2),
	};
	let expected = json!({
		"record": 4, "document": null, "vaults": null, "author": { "doctor": 3 }, "sealedTo": 1,
		"inReplyTo": 0, "recordedAt": "1970-01-01T00:02:00Z",
	});
	looks(&Record::from(RecordInfo { index: 4, record, vaults: None }), expected);
}

#[test]
fn vaults_are_named_in_the_order_in_which_to_ask() {
	let vaults = Vaults { home: HospitalId(1), mirror: None, former: vec![HospitalId(0)] };
	looks(&vaults, json!({ "home": 1, "mirror": null, "former": [0] }));
	let moved = VaultMove { from: HospitalId(0), to: HospitalId(1) };
	looks(&moved, json!({ "from": 0, "to": 1 }));
	let succession = Succession { left: HospitalId(2), successor: HospitalId(1) };
	looks(&succession, json!({ "left": 2, "successor": 1 }));
}

#[test]
fn grant_without_an_end_that_anybody_will_see_has_the_last_that_is_shown() {
	let grant = GrantInfo {
		patient: PatientId(0),
		doctor: DoctorId(1),
		scope: Scope::Chart,
		may_append: false,
		expires_at: Some(u64::MAX),
		granted_at: 7,
		appends_left: 1_000,
		epoch: Some(0),
		key_version: Some(1),
		access: Err(Denied::NotGranted),
	};
	let shown = to_value(Grant::from(grant)).unwrap();
	assert_eq!(shown["expiresAt"], "9999-01-01T00:00:00Z");
	assert_eq!((&shown["patient"], &shown["doctor"]), (&json!(0), &json!(1)));
}

#[test]
fn hospital_is_told_by_the_same_words_as_people() {
	let info = HospitalInfo {
		id: HospitalId(2),
		name: b"South".to_vec(),
		gateway: b"https://south.example".to_vec(),
		controller: AccountId32([1; 32]),
		seat_account: AccountId32([2; 32]),
		seat: SeatStatus::Benched,
		registration: RegistrationMode::Open,
		registrars: 3,
	};
	let expected = json!({
		"hospital": 2, "name": "South", "gateway": "https://south.example",
		"controller": Account([1; 32]), "seatAccount": Account([2; 32]), "seat": "benched",
		"registration": "open", "registrars": 3,
	});
	looks(&Hospital::from(info), expected);
}

#[test]
fn registrars_and_profile_keys_are_told_with_nulls_for_what_is_missing() {
	let info = RegistrarInfo { account: AccountId32([1; 32]), key: None, holds_profile_key: false };
	let expected = json!({ "account": Account([1; 32]), "key": null, "holdsProfileKey": false });
	looks(&Registrar::from(info), expected);
	let registrar = AccountId32([2; 32]);
	let info = AppointmentInfo { hospital: HospitalId(3), registrar, until: 40 };
	let expected = json!({ "hospital": 3, "registrar": Account([2; 32]), "until": 40 });
	looks(&Appointment::from(info), expected);
	let info = ProfileKeyInfo { key: None, holders: 0, due: true };
	looks(&ProfileKey::from(info), json!({ "key": null, "holders": 0, "due": true }));
	let link = primitives::ProfileKeyVersion { key_digest: [4; 32], previous: None };
	let expected = json!({ "version": 1, "keyDigest": Hex([4; 32]), "previous": null });
	looks(&ProfileKeyVersion::from((1, link)), expected);
}

#[test]
fn portal_release_is_told_by_digest_and_name() {
	let release = primitives::PortalRelease {
		digest: [0xab; 32],
		version: b"1.4.0".to_vec().try_into().unwrap(),
		listed_at: 1_795_422_720_000,
	};
	let expected = json!({
		"digest": Hex([0xab; 32]), "version": "1.4.0", "listedAt": "2026-11-23T08:32:00Z",
	});
	looks(&PortalRelease::from(release), expected);
}

#[test]
fn pages_keep_order_and_cursor() {
	let at = BlockRef { number: 5, hash: BlockHash([5; 32]) };
	let page = primitives::Page { items: vec![Denied::NotGranted], next: Some(DoctorId(3)) };
	let expected = json!({
		"items": [{ "reason": "not-granted", "message": Denied::NotGranted.sentence() }],
		"next": 3,
		"at": { "number": 5, "hash": BlockHash([5; 32]) },
	});
	looks(&Page::<Denial, DoctorId>::new(page, at), expected);
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
		"type": "granted", "patient": 1, "scope": "chart", "records": null, "mayAppend": true,
		"expiresAt": null,
	});
	looks(&event, expected);
	let moved = InboxEvent::Moved { doctor: DoctorId(1), from: HospitalId(0), to: HospitalId(2) };
	looks(&moved, json!({ "type": "moved", "doctor": 1, "from": 0, "to": 2 }));
}
