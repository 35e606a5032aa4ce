//! What a gateway reads of clients that it does not know: headers, and messages at the door.

use http::{HeaderMap, HeaderName, HeaderValue};
use medblock_gateway::{
	door::{
		self,
		table::{CALL, FUNCTIONS, ITEMS, METHODS, STORAGE, VIEW, VIEW_FUNCTIONS},
	},
	http::request,
	proxies::{Network, client},
};
use medblock_vault_protocol::{
	TOKEN_LENGTH,
	headers::{PREPARED, UPLOAD_LENGTH, UPLOAD_OFFSET},
};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};

/// Headers are read strictly: a range lies within the file, a number has no sign, a token has its length.
pub(crate) fn headers(bytes: &[u8]) {
	let mut headers = HeaderMap::new();
	for line in bytes.split(|byte| *byte == b'\n').take(64) {
		let Some(at) = line.iter().position(|byte| *byte == b':') else { continue };
		let (name, value) =
			(HeaderName::from_bytes(&line[..at]), HeaderValue::from_bytes(&line[at + 1..]));
		if let (Ok(name), Ok(value)) = (name, value) {
			headers.append(name, value);
		}
	}
	for length in [0, 1, 100, u64::MAX] {
		if let Ok((range, is_part)) = request::range(&headers, length, "\"e\"") {
			assert!(range.start <= range.end && range.end <= length);
			assert!(!is_part || !range.is_empty());
		}
	}
	for name in [UPLOAD_LENGTH, UPLOAD_OFFSET] {
		if let Ok(Some(number)) = request::number(&headers, name) {
			assert!(number < 1_000_000_000_000_000);
		}
	}
	let _ = request::flag(&headers, PREPARED);
	if let Ok(token) = request::token(&headers) {
		assert_eq!(token.len(), TOKEN_LENGTH);
	}
	// Who comes through no proxy can't pass itself off as another.
	let stranger = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
	assert_eq!(client(stranger, &headers, &Network::LOOPBACK), stranger);
	let _ = client(IpAddr::V4(Ipv4Addr::LOCALHOST), &headers, &Network::LOOPBACK);
}

pub(crate) fn headers_seeds() -> Vec<Vec<u8>> {
	let token = format!(
		"authorization:Bearer {}\nupload-offset:0\nupload-length:4096\nprepared:?1",
		"a".repeat(64)
	);
	let range = "range:bytes=10-19\nif-range:\"e\"\nx-forwarded-for:198.51.100.7, 127.0.0.1";
	vec![
		token.into(),
		range.into(),
		"range:bytes=-5\nrange:bytes=0-".into(),
		"x-forwarded-for:::1, ::ffff:127.0.0.1".into(),
	]
}

/// What the door passes on is understood in the same way by everyone who reads it again.
fn passed_on(message: &str) -> Option<(String, Vec<Value>)> {
	let (method, params) = door::understood(message).ok()?;
	let again =
		json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
	assert_eq!(door::understood(&again), Ok((method.clone(), params.clone())));
	Some((method, params))
}

/// A message is refused, or passed on in the door's own words.
pub(crate) fn door_message(bytes: &[u8]) {
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Some((method, _)) = passed_on(text) {
		let is_listed = METHODS.iter().any(|row| row.name == method);
		assert!(is_listed || [CALL, STORAGE].contains(&&*method), "{method}");
	}
}

pub(crate) fn door_message_seeds() -> Vec<Vec<u8>> {
	let account = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	let block = format!("0x{}", "ab".repeat(32));
	let message = |method: &str, params: Value| {
		json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
			.to_string()
			.into_bytes()
	};
	let mut all = vec![
		message("medicalRecords_records", json!([7, null, 20, block])),
		message("medicalRecords_patientOf", json!({ "account": account })),
		message("medicalRecords_accountChange", json!([{ "patient": 5 }, block])),
		message("delegation_guardians", json!({ "person": { "doctor": 1 } })),
		message(
			"delegation_awaitingRepresentatives",
			json!([1, { "patient": 1, "representative": 2 }, 3]),
		),
		message("medicalRecords_subscribeInbox", json!([1, 4_711])),
		message("author_submitExtrinsic", json!(["0x00ff"])),
		message("state_getMetadata", Value::Null),
	];
	all.push([&b"["[..], &b"[".repeat(2_000)].concat());
	all
}

/// The door passes the runtime's functions on with the very bytes that it has understood.
pub(crate) fn door_call(bytes: &[u8]) {
	let Some((choice, arguments)) = bytes.split_first() else { return };
	let name = FUNCTIONS.get(usize::from(*choice)).map_or(VIEW, |row| row.name);
	let bytes = format!("0x{}", hex::encode(arguments));
	let message = json!({ "jsonrpc": "2.0", "id": 1, "method": CALL, "params": [name, bytes] });
	if let Some((_, params)) = passed_on(&message.to_string()) {
		assert_eq!(params, [json!(name), json!(bytes)]);
	}
}

pub(crate) fn door_call_seeds() -> Vec<Vec<u8>> {
	// Up to two ids, an account, and a person, in SCALE.
	let choices = (0..=u8::MAX).take(FUNCTIONS.len());
	let with = |count: usize| move |choice: u8| [&[choice][..], vec![0; count].as_slice()].concat();
	let called = [0, 4, 5, 8, 9, 13, 32, 36].into_iter();
	let view = [&[u8::MAX][..], &VIEW_FUNCTIONS[0].id, &[32 << 2], &[7; 32]].concat();
	called.flat_map(|count| choices.clone().map(with(count))).chain([view]).collect()
}

/// The same for keys of the storage.
pub(crate) fn door_storage(bytes: &[u8]) {
	let Some((choice, rest)) = bytes.split_first() else { return };
	let id = ITEMS.get(usize::from(*choice)).map_or(&[][..], |item| &item.id);
	let key = format!("0x{}", hex::encode([id, rest].concat()));
	let message = json!({ "jsonrpc": "2.0", "id": 1, "method": STORAGE, "params": [key] });
	if let Some((_, params)) = passed_on(&message.to_string()) {
		assert_eq!(params, [json!(key)]);
		assert!(rest.len() <= 32 + 128);
	}
}

pub(crate) fn door_storage_seeds() -> Vec<Vec<u8>> {
	[vec![0], vec![1; 49], vec![2; 61], vec![3; 50], ITEMS[1].id.to_vec()].into()
}
