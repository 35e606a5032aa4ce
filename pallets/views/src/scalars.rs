//! Accounts, hashes and bytes, as strings.

use medblock_primitives::may_be_address;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;
use subxt_utils_accountid32::AccountId32;

/// An account, as an SS58 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account(pub [u8; 32]);

impl Account {
	/// From an account's bytes, whichever library's type has them.
	pub fn new(account: impl AsRef<[u8; 32]>) -> Self {
		Self(*account.as_ref())
	}
}

impl Serialize for Account {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		AccountId32(self.0).serialize(serializer)
	}
}

impl<'de> Deserialize<'de> for Account {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Cow::<str>::deserialize(deserializer)?;
		let account = may_be_address(&text).then(|| text.parse::<AccountId32>().ok()).flatten();
		account
			.map(Self::new)
			.ok_or_else(|| D::Error::custom("an account has to be an SS58 address"))
	}
}

/// The hash of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHash(pub [u8; 32]);

impl Serialize for BlockHash {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		Hex(self.0).serialize(serializer)
	}
}

impl<'de> Deserialize<'de> for BlockHash {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		Hex::deserialize(deserializer).map(|Hex(hash)| Self(hash)).map_err(|_| {
			D::Error::custom("a block hash has to be a string of 0x and 64 hex digits")
		})
	}
}

/// As many bytes as its type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&shown(&self.0))
	}
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = Cow::<str>::deserialize(deserializer)?;
		let bytes = digits(&text).and_then(|bytes| bytes.try_into().ok());
		bytes.map(Self).ok_or_else(|| {
			D::Error::custom(format_args!("{N} bytes have to be 0x and {} hex digits", 2 * N))
		})
	}
}

/// Bytes, as hexadecimal digits after 0x.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&shown(&self.0))
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

fn shown(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

fn digits(text: &str) -> Option<Vec<u8>> {
	text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok())
}
