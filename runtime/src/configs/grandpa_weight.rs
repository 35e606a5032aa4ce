//! The weights of finality's calls: the SDK's, and what a report of misconduct does here.

use crate::{Runtime, limits::MAX_HOSPITALS, weights::DatabaseWeight};
use frame_support::weights::{
	Weight,
	constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_NANOS},
};
use pallet_consortium::WeightInfo as _;
use pallet_grandpa::WeightInfo;

/// The SDK's computation, with this chain's cost of database access. The SDK leaves out what the report's
/// receiver does: here it looks at all seats, and takes one. To be measured.
pub struct GrandpaWeight;

impl WeightInfo for GrandpaWeight {
	/// The number of validators is the reporter's claim, so it is not used.
	fn report_equivocation(_: u32, _: u32) -> Weight {
		// The proof of membership, two signatures, and the report.
		let fixed = WEIGHT_REF_TIME_PER_MICROS.saturating_mul(35 + 95 + 110);
		let each = WEIGHT_REF_TIME_PER_NANOS.saturating_mul(175);
		let computation = fixed.saturating_add(each.saturating_mul(MAX_HOSPITALS.into()));
		Weight::from_parts(computation, 0)
			.saturating_add(DatabaseWeight::get().reads_writes(21, 10))
			.saturating_add(<Runtime as pallet_consortium::Config>::WeightInfo::suspend())
	}

	fn note_stalled() -> Weight {
		<() as WeightInfo>::note_stalled()
	}
}
