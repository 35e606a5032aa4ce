//! JSON schemas of what is a plain number or string.

use crate::{Account, BlockHash, Bytes, Hex, Time};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Implements the schema of a type by its name and the object.
macro_rules! schema {
	($type:ty, $name:expr, $schema:tt) => {
		impl JsonSchema for $type {
			fn schema_name() -> Cow<'static, str> {
				$name.into()
			}

			fn json_schema(_: &mut SchemaGenerator) -> Schema {
				json_schema!($schema)
			}
		}
	};
}

/// A schema for a number that is an alias in Rust.
macro_rules! number {
	($name:ident, $description:literal) => {
		#[doc = $description]
		pub struct $name;

		schema!($name, stringify!($name), {
			"description": $description,
			"type": "integer",
			"minimum": 0,
			"maximum": u32::MAX,
		});
	};
}

number!(RecordIndex, "A record's place in its chart: 0 for the first.");
number!(
	Epoch,
	"The number of a chart's key: even ones are given to doctors, the odd one after each is the \
	patient's."
);
number!(BlockNumber, "A block's number: 0 for the genesis.");

schema!(Time, "Time", {
	"description": "A time by the chain's clock: RFC 3339 in UTC, to the millisecond.",
	"type": "string",
	"format": "date-time",
	"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$",
});

schema!(Account, "Account", {
	"description": "An account, as an SS58 address. Any prefix is accepted; the chain's own is given.",
	"type": "string",
	"pattern": "^[1-9A-HJ-NP-Za-km-z]{46,50}$",
});

schema!(BlockHash, "BlockHash", {
	"description": "The BLAKE2b-256 hash of a block's header.",
	"type": "string",
	"pattern": "^0x[0-9a-f]{64}$",
});

schema!(Bytes, "Bytes", {
	"description": "Bytes in hex.",
	"type": "string",
	"pattern": "^0x([0-9a-f]{2})*$",
});

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
