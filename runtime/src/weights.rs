//! What each block and each transaction takes anyway, and what the database takes. Measured by
//! `scripts/benchmark runtime`, which writes the numbers into this file.

use frame_support::{
	parameter_types,
	weights::{RuntimeDbWeight, Weight, constants::WEIGHT_REF_TIME_PER_NANOS},
};

parameter_types! {
	/// A block without transactions.
	pub const BlockExecutionWeight: Weight =
		Weight::from_parts(WEIGHT_REF_TIME_PER_NANOS.saturating_mul(193_782), 0);
	/// A transaction that does nothing: signature, extensions, events.
	pub const ExtrinsicBaseWeight: Weight =
		Weight::from_parts(WEIGHT_REF_TIME_PER_NANOS.saturating_mul(95_590), 0);
	/// One item of a state of 200,000 records, read and written.
	pub const DatabaseWeight: RuntimeDbWeight = RuntimeDbWeight {
		read: 9_119 * WEIGHT_REF_TIME_PER_NANOS,
		write: 19_652 * WEIGHT_REF_TIME_PER_NANOS,
	};
}
