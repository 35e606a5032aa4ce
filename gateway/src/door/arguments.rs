//! A request's parameters, read one by one and written anew for the node.

use medblock_chain::BlockHash;
use medblock_vault_protocol::door::Refused;
use serde::{
	Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _,
};
use serde_json::{Map, Value};

pub(super) use medblock_views::BlockHash as Hash;

/// Parameters, by position or by name. Each is read by its type, and only what was read goes on.
pub(super) struct Arguments {
	given: Given,
	read: Vec<Value>,
	block: Option<Hash>,
}

enum Given {
	ByPosition(std::vec::IntoIter<Value>),
	ByName(Map<String, Value>),
}

impl Arguments {
	pub(super) fn new(params: Value) -> Result<Self, Refused> {
		let given = match params {
			Value::Null => Given::ByPosition(Vec::new().into_iter()),
			Value::Array(values) => Given::ByPosition(values.into_iter()),
			Value::Object(values) => Given::ByName(values),
			_ => return Err(Refused::NotUnderstood),
		};
		Ok(Self { given, read: Vec::new(), block: None })
	}

	/// The next parameter.
	pub(super) fn required<T: DeserializeOwned + Serialize>(
		&mut self,
		name: &str,
	) -> Result<T, Refused> {
		self.optional(name)?.ok_or(Refused::NotUnderstood)
	}

	/// The next parameter, unless it is missing or `null`.
	pub(super) fn optional<T: DeserializeOwned + Serialize>(
		&mut self,
		name: &str,
	) -> Result<Option<T>, Refused> {
		let value = match &mut self.given {
			Given::ByPosition(values) => values.next(),
			Given::ByName(values) => values.remove(name),
		};
		let value = value.unwrap_or_default();
		let read: Option<T> = serde_json::from_value(value).map_err(|_| Refused::NotUnderstood)?;
		self.read.push(serde_json::to_value(&read).map_err(|_| Refused::NotUnderstood)?);
		Ok(read)
	}

	/// The block in whose state the question is answered, unless it is missing or `null`.
	pub(super) fn state(&mut self, name: &str) -> Result<(), Refused> {
		self.block = self.optional::<Hash>(name)?;
		Ok(())
	}

	/// The block that [`Self::state`] has read.
	pub(super) fn block(&self) -> Option<BlockHash> {
		self.block.map(|Hash(bytes)| bytes.into())
	}

	/// The parameters for the node, if none was given that was not read.
	pub(super) fn finish(self) -> Result<Vec<Value>, Refused> {
		let is_rest_empty = match self.given {
			Given::ByPosition(mut values) => values.next().is_none(),
			Given::ByName(values) => values.is_empty(),
		};
		let mut read = self.read;
		while read.last().is_some_and(Value::is_null) {
			read.pop();
		}
		is_rest_empty.then_some(read).ok_or(Refused::NotUnderstood)
	}
}

/// Bytes in hexadecimal after `0x`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hexadecimal(pub(super) Vec<u8>);

impl Serialize for Hexadecimal {
	fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
		to.serialize_str(&format!("0x{}", hex::encode(&self.0)))
	}
}

impl<'de> Deserialize<'de> for Hexadecimal {
	fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
		let text = String::deserialize(from)?;
		let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("no 0x"))?;
		hex::decode(digits).map(Self).map_err(D::Error::custom)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn read(params: Value) -> Result<Vec<Value>, Refused> {
		let mut args = Arguments::new(params)?;
		args.required::<u32>("patient")?;
		for page in ["after", "limit"] {
			args.optional::<u32>(page)?;
		}
		args.finish()
	}

	#[test]
	fn parameters_come_by_position_or_by_name_and_go_on_by_position() {
		assert_eq!(read(json!([1])), Ok(vec![json!(1)]));
		assert_eq!(read(json!([1, null, 5])), Ok(vec![json!(1), json!(null), json!(5)]));
		assert_eq!(read(json!({ "patient": 1, "limit": 5 })), read(json!([1, null, 5])));
	}

	#[test]
	fn parameters_that_were_not_read_are_refused() {
		for bad in [
			json!([]),
			json!([null]),
			json!(["1"]),
			json!([1.5]),
			json!([-1]),
			json!([4_294_967_296_u64]),
			json!([1, null, null, null]),
			json!([1, 2, 3, "more"]),
			json!({ "patient": 1, "other": 2 }),
			json!({ "Patient": 1 }),
			json!({}),
			json!(1),
			json!("1"),
			json!([[1]]),
			json!([{ "patient": 1 }]),
		] {
			assert_eq!(read(bad.clone()), Err(Refused::NotUnderstood), "{bad}");
		}
	}

	#[test]
	fn bytes_are_hexadecimal_after_0x() {
		let read = |text: &str| serde_json::from_value::<Hexadecimal>(json!(text)).ok();
		assert_eq!(read("0x00ff"), Some(Hexadecimal(vec![0, 255])));
		assert_eq!(read("0x"), Some(Hexadecimal(Vec::new())));
		for bad in ["", "00ff", "0x0", "0xgg", "0X00", " 0x00"] {
			assert_eq!(read(bad), None, "{bad}");
		}
	}
}
