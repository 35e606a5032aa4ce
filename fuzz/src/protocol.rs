//! The protocol between vaults and clients: bodies, paths, headers' values and answers.

use medblock_vault_protocol::{
	Address, ChallengeOffer, ChallengeQuery, Code, DisclosuresPage, DisclosuresQuery, Health,
	Limits, Problem, SignIn, SignedIn, UploadState, copies, emergencies,
	headers::{parse_flag, parse_number},
	heads::{self, HeadsQuery},
	paths, ranges,
	receipts::{
		ChartLog, ChartLogPage, ChartLogQuery, Growth, GrowthQuery, Log, Place, PlaceQuery,
		ReadRequest, VaultAccount, parse_receipt, receipt_header,
	},
};
use serde::{Serialize, de::DeserializeOwned};

/// What is read from JSON is written, read and written as the same.
fn reads_back<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
	if let Ok(value) = serde_json::from_slice::<T>(bytes) {
		let written = serde_json::to_string(&value).expect("it is JSON");
		let again: T = serde_json::from_str(&written).expect("it was written by its type");
		assert_eq!(serde_json::to_string(&again).expect("it is JSON"), written);
	}
}

/// Bodies of requests and of answers.
pub(crate) fn bodies(bytes: &[u8]) {
	reads_back::<ChallengeQuery>(bytes);
	reads_back::<ChallengeOffer>(bytes);
	reads_back::<SignIn>(bytes);
	reads_back::<SignedIn>(bytes);
	reads_back::<HeadsQuery>(bytes);
	reads_back::<DisclosuresQuery>(bytes);
	reads_back::<DisclosuresPage>(bytes);
	reads_back::<GrowthQuery>(bytes);
	reads_back::<PlaceQuery>(bytes);
	reads_back::<ChartLogQuery>(bytes);
	reads_back::<ChartLogPage>(bytes);
	reads_back::<ChartLog>(bytes);
	reads_back::<Log>(bytes);
	reads_back::<Growth>(bytes);
	reads_back::<Place>(bytes);
	reads_back::<VaultAccount>(bytes);
	reads_back::<Health>(bytes);
	reads_back::<Limits>(bytes);
	reads_back::<Problem>(bytes);
	if let Ok(query) = serde_json::from_slice::<HeadsQuery>(bytes)
		&& query.is_sound()
	{
		assert!(query.records.len() <= heads::MAX_HEADS);
	}
}

pub(crate) fn bodies_seeds() -> Vec<Vec<u8>> {
	let (hash, key) = (format!("0x{}", "ab".repeat(32)), format!("0x{}", "cd".repeat(64)));
	[
		r#"{"account":"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"}"#.to_owned(),
		r#"{"challenge":"a text","signature":"0x00","recovers":{"patient":5}}"#.to_owned(),
		r#"{"token":"a","expires":"2026-11-23T14:05:00.9Z"}"#.to_owned(),
		r#"{"records":[1,2,9]}"#.to_owned(),
		r#"{"after":1,"limit":18446744073709551615}"#.to_owned(),
		r#"{"from":0,"to":18446744073709551615}"#.to_owned(),
		format!(r#"{{"proof":["{hash}","{hash}"]}}"#),
		format!(
			r#"{{"genesis":"{hash}","hospital":1,"log":0,"size":2,"root":"{hash}","time":"9999-12-30T22:00:00.999Z","signature":"{key}"}}"#
		),
		format!(r#"{{"account":"5Grw","proof":"{key}"}}"#),
		r#"{"error":"not-signed-in","message":"sign in first"}"#.to_owned(),
	]
	.map(String::into_bytes)
	.into()
}

/// Values of headers, parts of paths, and addresses: whatever is taken has one way to be written.
pub(crate) fn values(bytes: &[u8]) {
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	for length in [1, 100, u64::MAX / 4] {
		if let Some(range) = ranges::parse(text, length) {
			assert!(range.start < range.end && range.end <= length);
			assert_eq!(ranges::parse(&ranges::header(&range), length), Some(range));
		}
	}
	assert!(parse_number(text).is_none_or(|number| number < 1_000_000_000_000_000));
	let _ = parse_flag(text);
	assert!(paths::parse_number(text).is_none_or(|number| number.to_string() == text));
	assert!(paths::parse_digest(text).is_none_or(|digest| hex::encode(digest) == text));
	if let Some(request) = ReadRequest::parse(text) {
		assert_eq!(request.header(), text);
	}
	if let Ok(slip) = parse_receipt(text) {
		assert!(receipt_header(&slip).eq_ignore_ascii_case(text));
	}
	if let Ok(code) = text.parse::<Code>() {
		assert_eq!(code.to_string(), text);
	}
	if let Ok(address) = text.parse::<Address>() {
		let again: Address = address.to_string().parse().expect("it was written");
		assert_eq!(again, address);
		assert!(matches!(address.as_url().scheme(), "http" | "https"));
		assert!(matches!(address.rpc().scheme(), "ws" | "wss"));
		let _ = address.domain();
	}
	let _ = Address::of_door(text);
}

pub(crate) fn values_seeds() -> Vec<Vec<u8>> {
	let read = format!("1795442700250.{}.{}", "ab".repeat(16), "cd".repeat(64));
	let slip = "00".repeat(4 + 8 + 16 + 1 + 8 + 8 + 8 + 4 + 32 + 32 + 64);
	let others = [
		"bytes=0-99",
		"bytes=-1",
		"?1",
		"4294967295",
		"https://vault.example:8443/a/",
		"not-signed-in",
	];
	let door = "wss://[::1]:1/v1/rpc".to_owned();
	others
		.map(str::to_owned)
		.into_iter()
		.chain([read, slip, door, "ab".repeat(32)])
		.map(String::into_bytes)
		.collect()
}

/// Answers that are no JSON, and files that carry something in front.
pub(crate) fn answers(bytes: &[u8]) {
	if let Some(heads) = heads::parse(bytes) {
		let mut written = Vec::new();
		for head in heads {
			let length = u32::try_from(head.bytes.len()).expect("it had such a length");
			written.extend_from_slice(&heads::frame(head.record, head.status, length));
			written.extend_from_slice(head.bytes);
		}
		assert_eq!(written, bytes);
	}
	if let Some((division, age)) = emergencies::parts(bytes) {
		assert!(copies::is_age_file(age) && division.len() + age.len() == bytes.len());
	}
	// Headers of an answer, a line each.
	let lines: Vec<Option<&str>> = bytes
		.split(|byte| *byte == b'\n')
		.take(8)
		.map(|line| std::str::from_utf8(line).ok())
		.collect();
	let header = |name: &str| {
		let values = lines.iter().flatten();
		values
			.filter_map(|line| line.split_once(':'))
			.find(|(one, _)| *one == name)
			.map(|(_, value)| value)
	};
	if let Some(state) = UploadState::read(header) {
		let written = state.headers();
		let again = |name: &str| {
			written.iter().find(|(one, _)| *one == name).map(|(_, value)| value.as_str())
		};
		assert_eq!(UploadState::read(again), Some(state));
	}
}

pub(crate) fn answers_seeds() -> Vec<Vec<u8>> {
	let heads = [&heads::frame(1, 200, 3)[..], b"abc", &heads::frame(2, 404, 0)].concat();
	let text = [&[7; 32][..], b"age-encryption.org/v1\n-> a"].concat();
	let state = b"upload-offset:1\nupload-length:2\nupload-complete:?0\nupload-storing:?1".to_vec();
	vec![heads, text, state]
}
