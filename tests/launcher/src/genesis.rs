//! The genesis state of the runtime that this was built with, made by its native code.
//!
//! A node makes the same from a plain specification, but compiles the runtime for that, which takes one of two
//! processors for five seconds and more.

use crate::{Error, Result};
use medblock_runtime::{RuntimeGenesisConfig, WASM_BINARY};
use serde_json::{Map, Value, json};
use sp_core::storage::well_known_keys::CODE;
use sp_runtime::BuildStorage;
use std::fmt::Write;

/// The raw genesis for a plain one, `runtimeGenesis` of a specification with a patch of the settings. None if another
/// runtime than this one's makes it.
pub fn raw(plain: &Value) -> Result<Option<Value>> {
	let Some(code) = WASM_BINARY else { return Ok(None) };
	if plain["code"] != hexadecimal(code) || !plain["patch"].is_object() {
		return Ok(None);
	}
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default())?;
	merge(&mut config, plain["patch"].clone());
	let config: RuntimeGenesisConfig = serde_json::from_value(config)?;
	let mut storage = config.build_storage().map_err(Error::other)?;
	storage.top.insert(CODE.to_vec(), code.to_vec());
	let items = storage.top.iter();
	let top: Map<String, Value> =
		items.map(|(key, value)| (hexadecimal(key), hexadecimal(value).into())).collect();
	Ok(Some(json!({ "top": top, "childrenDefault": {} })))
}

/// Puts a patch into settings, as nodes do: what it names takes the place of what was there.
fn merge(settings: &mut Value, patch: Value) {
	match (settings, patch) {
		(Value::Object(settings), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(settings.entry(key).or_insert(Value::Null), value);
			}
		},
		(settings, value) => *settings = value,
	}
}

/// Bytes as specifications write them.
pub fn hexadecimal(bytes: &[u8]) -> String {
	let mut text = String::with_capacity(2 * bytes.len() + 2);
	text.push_str("0x");
	for byte in bytes {
		// A text takes all that is written to it.
		let _ = write!(text, "{byte:02x}");
	}
	text
}
