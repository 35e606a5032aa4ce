//! Calls, decoded by the runtime's own metadata, so that people see what they vote for.

use crate::{AccountId, Error, Result, shape};
use subxt::{
	ext::scale_value::{Composite, Primitive, Value, ValueDef, Variant, scale::decode_as_type},
	metadata::Metadata,
};

/// A decoded call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
	/// The pallet, such as `Consortium`.
	pub pallet: String,
	/// The call, such as `admit_hospital`.
	pub name: String,
	/// The call's effect, in the runtime's words.
	pub about: String,
	/// The arguments, in order.
	pub arguments: Vec<(String, Argument)>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
	/// Another call.
	Call(Box<Decoded>),
	/// An account.
	Account(AccountId),
	/// A node, by the bytes of its peer id.
	Node(Vec<u8>),
	/// A number, or an id.
	Number(u128),
	/// Bytes: text, a hash, a program.
	Bytes(Vec<u8>),
	/// Any other value, in the notation of the runtime's types.
	Other(String),
}

impl Decoded {
	/// Decodes a call. `None` if the bytes are not exactly one call, or if calls are nested deeper in it than people
	/// could tell what it does.
	pub(crate) fn of(bytes: &[u8], metadata: &Metadata) -> Option<Self> {
		let kind = metadata.outer_enums().call_enum_ty();
		if !shape::is_value(bytes, kind, metadata.types()) {
			return None;
		}
		let value = decode_as_type(&mut &*bytes, kind, metadata.types()).ok()?;
		call(value, metadata)
	}

	/// The names of pallet and call, as one word.
	pub fn full_name(&self) -> String {
		format!("{}.{}", self.pallet, self.name)
	}
}

fn call(value: Value<u32>, metadata: &Metadata) -> Option<Decoded> {
	let ValueDef::Variant(Variant { name: pallet, values }) = value.value else { return None };
	let ValueDef::Variant(Variant { name, values }) = values.into_values().next()?.value else {
		return None;
	};
	let about = metadata
		.pallet_by_name(&pallet)
		.and_then(|found| found.call_variant_by_name(&name))
		.map_or_else(String::new, |found| first_paragraph(&found.docs));
	let named: Vec<(String, Value<u32>)> = match values {
		Composite::Named(fields) => fields,
		Composite::Unnamed(fields) => {
			fields.into_iter().enumerate().map(|(at, field)| (at.to_string(), field)).collect()
		},
	};
	let arguments =
		named.into_iter().map(|(name, field)| (name, argument(field, metadata))).collect();
	Some(Decoded { pallet, name, about, arguments })
}

/// The first paragraph of documentation, which may span several lines.
fn first_paragraph(lines: &[String]) -> String {
	let lines = lines.iter().map(|line| line.trim());
	lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn argument(value: Value<u32>, metadata: &Metadata) -> Argument {
	let kind = metadata.types().resolve(value.context);
	let kind = kind.and_then(|kind| kind.path.segments.last()).map_or("", String::as_str);
	let found = match kind {
		"RuntimeCall" => call(value.clone(), metadata).map(|inner| Argument::Call(Box::new(inner))),
		"AccountId32" => account(&value),
		"MultiAddress" => match &value.value {
			ValueDef::Variant(variant) if variant.name == "Id" => {
				variant.values.values().next().and_then(account)
			},
			_ => None,
		},
		"OpaquePeerId" => bytes(&value).map(Argument::Node),
		// A version of one letter, for instance, is no number.
		"BoundedVec" => bytes(&value).map(Argument::Bytes),
		_ => number(&value).map(Argument::Number).or_else(|| bytes(&value).map(Argument::Bytes)),
	};
	found.unwrap_or_else(|| Argument::Other(value.remove_context().to_string()))
}

fn account(value: &Value<u32>) -> Option<Argument> {
	let bytes: [u8; 32] = bytes(value)?.try_into().ok()?;
	Some(Argument::Account(AccountId::from(bytes)))
}

/// A number, or a value whose only field is a number, or an optional one that is there.
fn number(value: &Value<u32>) -> Option<u128> {
	match &value.value {
		ValueDef::Primitive(Primitive::U128(number)) => Some(*number),
		ValueDef::Composite(fields) if fields.len() == 1 => number(fields.values().next()?),
		ValueDef::Variant(option) if option.name == "Some" && option.values.len() == 1 => {
			number(option.values.values().next()?)
		},
		_ => None,
	}
}

/// A list of bytes, or a value whose only field is one.
fn bytes(value: &Value<u32>) -> Option<Vec<u8>> {
	let ValueDef::Composite(fields) = &value.value else { return None };
	if let (1, Some(only)) = (fields.len(), fields.values().next())
		&& let Some(inner) = bytes(only)
	{
		return Some(inner);
	}
	fields
		.values()
		.map(|one| match &one.value {
			ValueDef::Primitive(Primitive::U128(byte)) => u8::try_from(*byte).ok(),
			_ => None,
		})
		.collect()
}

impl Argument {
	/// A peer id in its usual notation.
	pub fn peer_id(bytes: &[u8]) -> String {
		bs58::encode(bytes).into_string()
	}
}

/// The bytes of a node's peer id, which begins with `12D3Koo`: a fixed prefix and an ed25519 key.
pub fn peer_id_bytes(text: &str) -> Result<Vec<u8>> {
	const PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
	/// More letters than 38 bytes take. Decoding takes time by the square of the length.
	const LONGEST: usize = 64;
	let short = (text.len() <= LONGEST).then_some(text);
	let bytes = short.and_then(|text| bs58::decode(text).into_vec().ok());
	bytes.filter(|bytes| bytes.len() == 38 && bytes.starts_with(&PREFIX)).ok_or(Error::BadPeerId)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn explanations_are_whole_sentences() {
		let lines = [" Puts a hospital", " out.", "", " For good."].map(String::from);
		assert_eq!(first_paragraph(&lines), "Puts a hospital out.");
		assert_eq!(first_paragraph(&lines[..1]), "Puts a hospital");
		assert_eq!(first_paragraph(&[]), "");
	}

	#[test]
	fn peer_ids_are_read_and_written() {
		let id = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
		let bytes = peer_id_bytes(id).unwrap();
		assert_eq!(Argument::peer_id(&bytes), id);
		for bad in ["", "12D3Koo", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "0OIl"] {
			assert!(peer_id_bytes(bad).is_err(), "{bad}");
		}
		let began = std::time::Instant::now();
		assert!(peer_id_bytes(&id.repeat(100_000)).is_err());
		assert!(began.elapsed() < std::time::Duration::from_secs(5));
	}
}
