//! The paths of the interface: a template of each, and what fills it.
//!
//! Templates are patterns as routers have them. `{patient}`, `{doctor}` and `{record}` stand for plain decimal numbers,
//! `{digest}` and `{leaf}` for the 64 lower-case hexadecimal digits of a SHA-256 (FIPS 180-4), and `{locator}` for
//! those of a [locator](crate::copies). Nothing else is a resource, so that each has one path.

use crate::copies::LOCATOR_LENGTH;
use medblock_primitives::{DoctorId, PatientId, RecordIndex};

/// Whether the vault can serve requests.
pub const HEALTH: &str = "/health";
/// How much the vault takes.
pub const LIMITS: &str = "/v1/limits";
/// The parts of a text to sign.
pub const CHALLENGE: &str = "/v1/challenge";
/// Signing in and out.
pub const SESSION: &str = "/v1/session";
/// A file on its way into a chart.
pub const UPLOAD: &str = "/v1/patients/{patient}/uploads/{digest}";
/// A record of a chart, encrypted.
pub const RECORD: &str = "/v1/patients/{patient}/records/{record}";
/// The beginnings of many records of a chart, encrypted.
pub const HEADS: &str = "/v1/patients/{patient}/heads";
/// A patient's profile, encrypted.
pub const PROFILE: &str = "/v1/patients/{patient}/profile";
/// A record of a chart, encrypted, for another vault that is to keep it.
pub const RECORD_FILE: &str = "/v1/patients/{patient}/records/{record}/file";
/// A patient's profile, encrypted, for another vault that is to keep it.
pub const PROFILE_FILE: &str = "/v1/patients/{patient}/profile/file";
/// What the vault gave out of a chart.
pub const DISCLOSURES: &str = "/v1/patients/{patient}/disclosures";
/// What the vault gave out of a chart, as its log has it.
pub const CHART_LOG: &str = "/v1/patients/{patient}/log";
/// The vault's log of everything that it gave out.
pub const LOG: &str = "/v1/log";
/// The account of the vault, for its hospital's controller.
pub const LOG_ACCOUNT: &str = "/v1/log/account";
/// That the log has grown, and nothing else.
pub const LOG_GROWTH: &str = "/v1/log/growth";
/// The place of a leaf in the log.
pub const LOG_LEAF: &str = "/v1/log/leaves/{leaf}";
/// What a doctor who asks for an emergency tells in words, encrypted.
pub const EMERGENCY_TEXT: &str = "/v1/patients/{patient}/emergencies/{doctor}/{digest}";
/// The door to the hospital's node.
pub const RPC: &str = "/v1/rpc";
/// All copies of the own account's keys.
pub const KEY_COPIES: &str = "/v1/keys";
/// The removal of all copies of an account's keys, signed by the account.
pub const KEY_COPIES_REMOVAL: &str = "/v1/keys/removal";
/// A copy of an account's keys. The path is a secret.
pub const KEY_COPY: &str = "/v1/keys/{locator}";

/// A document of a chart, as vaults are asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
	/// The encrypted profile.
	Profile,
	/// A record.
	Record(RecordIndex),
}

/// The path of a document.
pub fn document(patient: PatientId, item: Item) -> String {
	match item {
		Item::Profile => of(PROFILE, patient),
		Item::Record(index) => of(RECORD, patient).replace("{record}", &index.to_string()),
	}
}

/// The path of a document, for a vault that is to keep it.
pub fn file(patient: PatientId, item: Item) -> String {
	match item {
		Item::Profile => of(PROFILE_FILE, patient),
		Item::Record(index) => of(RECORD_FILE, patient).replace("{record}", &index.to_string()),
	}
}

/// The path of an upload, named by the SHA-256 of its bytes.
pub fn upload(patient: PatientId, digest: &[u8; 32]) -> String {
	of(UPLOAD, patient).replace("{digest}", &hex::encode(digest))
}

/// The path of the beginnings of a chart's records.
pub fn heads(patient: PatientId) -> String {
	of(HEADS, patient)
}

/// The path of a chart's disclosures.
pub fn disclosures(patient: PatientId) -> String {
	of(DISCLOSURES, patient)
}

/// The path of a chart's part of the log.
pub fn chart_log(patient: PatientId) -> String {
	of(CHART_LOG, patient)
}

/// The path of a leaf of the log, named by its hash.
pub fn log_leaf(leaf: &[u8; 32]) -> String {
	LOG_LEAF.replace("{leaf}", &hex::encode(leaf))
}

/// The path of what a doctor tells of an emergency, named by the SHA-256 of the file.
pub fn emergency_text(patient: PatientId, doctor: DoctorId, digest: &[u8; 32]) -> String {
	of(EMERGENCY_TEXT, patient)
		.replace("{doctor}", &doctor.to_string())
		.replace("{digest}", &hex::encode(digest))
}

/// The path of a copy of an account's keys. It is as secret as the locator.
pub fn key_copy(locator: &[u8; LOCATOR_LENGTH]) -> String {
	KEY_COPY.replace("{locator}", &hex::encode(locator))
}

fn of(template: &str, patient: PatientId) -> String {
	template.replace("{patient}", &patient.to_string())
}

/// Reads a number as a path has it: without sign, spaces and leading zeros.
pub fn parse_number(text: &str) -> Option<u32> {
	let number: u32 = text.parse().ok()?;
	(number.to_string() == text).then_some(number)
}

/// Reads a digest, a leaf or a locator as a path has it: 64 lower-case hexadecimal digits.
pub fn parse_digest(text: &str) -> Option<[u8; 32]> {
	let mut digest = [0; 32];
	hex::decode_to_slice(text, &mut digest).ok()?;
	(hex::encode(digest) == text).then_some(digest)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn paths_fill_their_templates() {
		let patient = PatientId(7);
		assert_eq!(document(patient, Item::Profile), "/v1/patients/7/profile");
		assert_eq!(document(patient, Item::Record(0)), "/v1/patients/7/records/0");
		for item in [Item::Profile, Item::Record(12)] {
			assert_eq!(file(patient, item), document(patient, item) + "/file");
		}
		assert_eq!(disclosures(patient), "/v1/patients/7/disclosures");
		assert_eq!(chart_log(patient), "/v1/patients/7/log");
		assert_eq!(log_leaf(&[0xab; 32]), format!("/v1/log/leaves/{}", "ab".repeat(32)));
		let digest = "ab".repeat(32);
		assert_eq!(upload(patient, &[0xab; 32]), format!("/v1/patients/7/uploads/{digest}"));
		assert_eq!(key_copy(&[0xab; 32]), format!("/v1/keys/{digest}"));
		let text = emergency_text(patient, DoctorId(3), &[0xab; 32]);
		assert_eq!(text, format!("/v1/patients/7/emergencies/3/{digest}"));
	}

	#[test]
	fn only_plain_numbers_and_lower_case_digests_are_names() {
		for text in ["", "+1", "01", " 1", "1 ", "-1", "4294967296", "..", "1/..", "0x1"] {
			assert_eq!(parse_number(text), None, "{text}");
		}
		let good = "ab".repeat(32);
		assert_eq!(parse_digest(&good), Some([0xab; 32]));
		let upper = good.to_uppercase();
		let long = format!("{good}0");
		let dots = format!("../{}", &good[3..]);
		for text in ["", &good[1..], &upper, &long, &dots] {
			assert_eq!(parse_digest(text), None, "{text}");
		}
	}

	proptest! {
		#[test]
		fn names_read_back(number: u32, digest: [u8; 32]) {
			prop_assert_eq!(parse_number(&number.to_string()), Some(number));
			prop_assert_eq!(parse_digest(&hex::encode(digest)), Some(digest));
		}
	}
}
