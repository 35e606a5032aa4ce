//! A call on which the council votes, in words. The words come from the call itself, whatever the
//! proposer says about it.

use crate::{describe::words, output::harmless};
use medblock_client::{
	chain::{AccountId, Argument, Decoded, HospitalInfo, blake2_256},
	council::{Council, Standing},
};
use medblock_portal_files::Digest;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The number of bytes that are shown in full. Of longer values, only the length and the hash are
/// shown.
const SHOWN: usize = 64;

/// The call and its arguments, one to a line.
pub fn text(call: &Decoded, hospitals: &[HospitalInfo]) -> String {
	let mut text = String::new();
	write_call(&mut text, call, hospitals, 0);
	text
}

fn write_call(text: &mut String, call: &Decoded, hospitals: &[HospitalInfo], depth: usize) {
	let about = harmless(&call.about);
	// Writing to a string doesn't fail.
	let _ = write!(text, "{}: {about}", harmless(&call.full_name()));
	let indent = "  ".repeat(depth + 1);
	for (name, argument) in &call.arguments {
		let _ = write!(text, "\n{indent}{}: ", harmless(name));
		match argument {
			Argument::Call(inner) => write_call(text, inner, hospitals, depth + 1),
			Argument::Number(number)
				if matches!(name.as_str(), "hospital" | "left" | "successor") =>
			{
				let known = hospitals.iter().find(|one| u128::from(one.id.0) == *number);
				let known = known.map_or_else(|| "there is none".into(), |one| words(&one.name));
				let _ = write!(text, "{number} ({known})");
			},
			// As browsers and `medblock portal` show it, so that members can compare it.
			Argument::Bytes(bytes) if name == "digest" && is_about_portal(call) => {
				let digest =
					<[u8; 32]>::try_from(&bytes[..]).map(|bytes| Digest(bytes).to_string());
				let _ = write!(text, "{}", digest.unwrap_or_else(|_| shown(bytes)));
			},
			other => text.push_str(&value(other, hospitals)),
		}
	}
}

fn is_about_portal(call: &Decoded) -> bool {
	call.pallet == "Consortium"
		&& matches!(call.name.as_str(), "list_portal_release" | "withdraw_portal_release")
}

fn value(argument: &Argument, hospitals: &[HospitalInfo]) -> String {
	match argument {
		Argument::Call(call) => call.full_name(),
		Argument::Account(account) => named(account, hospitals),
		Argument::Node(bytes) => Argument::peer_id(bytes),
		Argument::Number(number) => number.to_string(),
		Argument::Bytes(bytes) => shown(bytes),
		Argument::Other(text) => harmless(text),
	}
}

/// An account, and its role in a hospital.
pub fn named(account: &AccountId, hospitals: &[HospitalInfo]) -> String {
	let known = hospitals.iter().find_map(|one| {
		let what = if one.controller == *account {
			"the controller"
		} else if one.seat_account == *account {
			"the seat"
		} else {
			return None;
		};
		Some(format!(" ({what} of hospital {}, {})", one.id.0, words(&one.name)))
	});
	format!("{account}{}", known.unwrap_or_default())
}

/// Bytes as text in quotation marks if they are text, otherwise in hexadecimal.
fn shown(bytes: &[u8]) -> String {
	let printable = |text: &&str| !text.is_empty() && harmless(text) == **text;
	match std::str::from_utf8(bytes).ok().filter(printable) {
		Some(text) if bytes.len() <= 2 * SHOWN => format!("\"{text}\""),
		_ if bytes.len() <= SHOWN => format!("0x{}", hex::encode(bytes)),
		_ => format!("{} bytes with the hash {:?}", bytes.len(), blake2_256(bytes)),
	}
}

/// The call as JSON.
pub fn document(call: &Decoded) -> Value {
	let arguments: Map<String, Value> = call
		.arguments
		.iter()
		.map(|(name, argument)| {
			let value = match argument {
				Argument::Call(inner) => document(inner),
				Argument::Account(account) => json!(account.to_string()),
				Argument::Node(bytes) => json!(Argument::peer_id(bytes)),
				Argument::Number(number) => match u64::try_from(*number) {
					Ok(number) => json!(number),
					Err(_) => json!(number.to_string()),
				},
				Argument::Bytes(bytes) => json!(format!("0x{}", hex::encode(bytes))),
				Argument::Other(text) => json!(text),
			};
			(name.clone(), value)
		})
		.collect();
	json!({ "call": call.full_name(), "about": call.about, "arguments": arguments })
}

/// The state of a motion.
pub fn standing(standing: Standing) -> &'static str {
	match standing {
		Standing::Approved => "approved",
		Standing::Rejected => "rejected",
		Standing::Ended => "ended",
		Standing::Open => "open",
	}
}

/// The effect of a motion or a pending decision; short enough for a table.
pub fn brief(decoded: Option<&Decoded>, council: &Council) -> String {
	let Some(call) = decoded else { return "can't be read by this runtime".into() };
	let mut text = call.full_name();
	for (name, argument) in &call.arguments {
		match argument {
			Argument::Call(inner) => return brief(Some(inner), council),
			other => {
				let value = match other {
					Argument::Account(account) => account.to_string(),
					other => value(other, &council.hospitals),
				};
				let _ = write!(text, " {name}={value}");
			},
		}
	}
	text
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bytes_are_text_only_if_nothing_is_hidden_in_them() {
		assert_eq!(shown(b"https://vault.example"), "\"https://vault.example\"");
		assert_eq!(shown(b"\x1b[2J"), "0x1b5b324a");
		assert_eq!(shown(b""), "0x");
		assert_eq!(shown("a\u{202e}b".as_bytes()), "0x61e280ae62");
		assert!(shown(&[0; 65]).starts_with("65 bytes with the hash 0x"));
	}

	#[test]
	fn portal_is_shown_by_the_digest_that_browsers_show() {
		let call = Decoded {
			pallet: "Consortium".into(),
			name: "list_portal_release".into(),
			about: "List a release.".into(),
			arguments: vec![
				("digest".into(), Argument::Bytes(Digest::of(b"").0.to_vec())),
				("version".into(), Argument::Bytes(b"1".to_vec())),
			],
		};
		assert_eq!(
			text(&call, &[]),
			"Consortium.list_portal_release: List a release.\n  digest: \
			 sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n  version: \"1\""
		);
	}

	#[test]
	fn hospitals_are_named() {
		let number = |name: &str, number| (name.to_owned(), Argument::Number(number));
		let call = Decoded {
			pallet: "MedicalRecords".into(),
			name: "set_successor".into(),
			about: "Let a hospital keep documents.".into(),
			arguments: vec![number("left", 3), number("successor", 0)],
		};
		assert_eq!(
			text(&call, &[]),
			"MedicalRecords.set_successor: Let a hospital keep documents.\n  left: 3 (there is none)\n  \
			 successor: 0 (there is none)"
		);
	}

	#[test]
	fn calls_inside_calls_are_shown() {
		let inner = Decoded {
			pallet: "System".into(),
			name: "authorize_upgrade".into(),
			about: "Authorize an upgrade.".into(),
			arguments: vec![("code_hash".into(), Argument::Bytes(vec![7; 32]))],
		};
		let outer = Decoded {
			pallet: "Consortium".into(),
			name: "enact".into(),
			about: "Have the chain make a call.".into(),
			arguments: vec![("call".into(), Argument::Call(Box::new(inner)))],
		};
		let hash = "07".repeat(32);
		assert_eq!(
			text(&outer, &[]),
			format!(
				"Consortium.enact: Have the chain make a call.\n  call: System.authorize_upgrade: \
				 Authorize an upgrade.\n    code_hash: 0x{hash}"
			)
		);
		let document = document(&outer);
		assert_eq!(document["arguments"]["call"]["arguments"]["code_hash"], format!("0x{hash}"));
	}
}
