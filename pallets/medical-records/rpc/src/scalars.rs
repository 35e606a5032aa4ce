//! Accounts, hashes and bytes, as JSON strings.

use medblock_primitives::Moment;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sp_core::{
	H256,
	bytes::{from_hex, to_hex},
	crypto::Ss58Codec,
};
use sp_runtime::AccountId32;
use std::borrow::Cow;

/// The latest time that is shown: later ones are as good as never, and a program that keeps numbers as
/// IEEE 754 doubles would misread them.
pub(crate) const LAST_MOMENT: Moment = (1 << 53) - 1;

/// A time as it is shown.
pub(crate) fn shown(moment: Option<Moment>) -> Option<Moment> {
	moment.map(|moment| moment.min(LAST_MOMENT))
}

/// An account, as an SS58 address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(pub AccountId32);

impl Serialize for Account {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&self.0.to_ss58check())
	}
}

impl<'de> Deserialize<'de> for Account {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Cow::<str>::deserialize(deserializer)?;
		AccountId32::from_ss58check(&text)
			.map(Self)
			.map_err(|_| D::Error::custom("an account has to be an SS58 address"))
	}
}

impl JsonSchema for Account {
	fn schema_name() -> Cow<'static, str> {
		"Account".into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		json_schema!({
			"description": "An account, as an SS58 address. Any prefix is accepted; the chain's own is given.",
			"type": "string",
			"pattern": "^[1-9A-HJ-NP-Za-km-z]{46,50}$",
		})
	}
}

/// The hash of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHash(pub H256);

impl Serialize for BlockHash {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&to_hex(self.0.as_bytes(), false))
	}
}

impl<'de> Deserialize<'de> for BlockHash {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let bytes = fixed::<32, D>(deserializer).map_err(|_| {
			D::Error::custom("a block hash has to be a string of 0x and 64 hex digits")
		})?;
		Ok(Self(bytes.into()))
	}
}

impl JsonSchema for BlockHash {
	fn schema_name() -> Cow<'static, str> {
		"BlockHash".into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		json_schema!({
			"description": "The BLAKE2b-256 hash of a block's header.",
			"type": "string",
			"pattern": "^0x[0-9a-f]{64}$",
		})
	}
}

/// As many bytes as its type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&to_hex(&self.0, false))
	}
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		fixed::<N, D>(deserializer).map(Self)
	}
}

impl<const N: usize> JsonSchema for Hex<N> {
	fn schema_name() -> Cow<'static, str> {
		format!("Hex{N}").into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		json_schema!({
			"description": format!("{N} bytes in hex."),
			"type": "string",
			"pattern": format!("^0x[0-9a-f]{{{}}}$", 2 * N),
		})
	}
}

/// Bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&to_hex(&self.0, false))
	}
}

impl<'de> Deserialize<'de> for Bytes {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Cow::<str>::deserialize(deserializer)?;
		digits(&text)
			.map(Self)
			.ok_or_else(|| D::Error::custom("bytes have to be 0x and pairs of hex digits"))
	}
}

impl JsonSchema for Bytes {
	fn schema_name() -> Cow<'static, str> {
		"Bytes".into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		json_schema!({
			"description": "Bytes in hex.",
			"type": "string",
			"pattern": "^0x([0-9a-f]{2})*$",
		})
	}
}

fn fixed<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error> {
	let text = Cow::<str>::deserialize(deserializer)?;
	digits(&text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
		D::Error::custom(format_args!("{N} bytes have to be 0x and {} hex digits", 2 * N))
	})
}

/// Strict where the library's own reading is not: it forgives a missing `0x`, and half a byte.
fn digits(text: &str) -> Option<Vec<u8>> {
	let is_whole = text.starts_with("0x") && text.len().is_multiple_of(2);
	is_whole.then(|| from_hex(text).ok()).flatten()
}
