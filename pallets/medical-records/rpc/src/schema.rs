//! JSON schemas of what is a plain number.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! number {
	($name:ident, $maximum:expr, $description:literal) => {
		#[doc = $description]
		pub struct $name;

		impl JsonSchema for $name {
			fn schema_name() -> Cow<'static, str> {
				stringify!($name).into()
			}

			fn json_schema(_: &mut SchemaGenerator) -> Schema {
				json_schema!({
					"description": $description,
					"type": "integer",
					"minimum": 0,
					"maximum": $maximum,
				})
			}
		}
	};
}

number!(PatientId, u32::MAX, "A patient's id: the same for ever, whichever account they use.");
number!(DoctorId, u32::MAX, "A doctor's id: the same for ever, whichever account they use.");
number!(HospitalId, u32::MAX, "A hospital's id, as `consortium_hospitals` lists it.");
number!(RecordIndex, u32::MAX, "A record's place in its chart: 0 for the first.");
number!(
	Epoch,
	u32::MAX,
	"Counts a chart's keys: even ones are given to doctors, the odd one after each is the patient's."
);
number!(BlockNumber, u32::MAX, "A block's number: 0 for the genesis.");
number!(
	Moment,
	crate::scalars::LAST_MOMENT,
	"Milliseconds since 1970 (UTC), by the chain's clock."
);
