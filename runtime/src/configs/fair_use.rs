//! Allowances and shares. `pallets/fair-use/README.md` has a table of what they suffice for, and
//! `runtime/tests/allowances.rs` plays it through.

use super::{MAXIMUM_BLOCK_WEIGHT, NORMAL_RATIO, RuntimeBlockLength};
use crate::{
	Runtime, Timestamp,
	calls::{Staff, Transactable},
};
use frame_support::{
	dispatch::DispatchClass, parameter_types, traits::ConstU32,
	weights::constants::WEIGHT_REF_TIME_PER_MICROS,
};
use pallet_consortium::{BlockPart, EnsureRegistrar};
use pallet_fair_use::{Allowance, Allowances, Share};

/// The number of seconds in a day.
const DAY: u32 = 86_400;

/// The disk that one hospital's accounts may fill on every node in a day, in the long run: 100 MB, or 36
/// GB a year. A consortium of 64 hospitals that all do so for a year fills 2.3 TB.
pub const DISK_A_DAY: u64 = 100_000_000;

/// The number of bytes on disk for each byte of a transaction, at most: 412 for a record, which has 61 in
/// a call of 128. It is 3 for registrations, and 2 for grants (docs/operations/capacity.md).
pub const DISK_PER_BYTE: u64 = 7;

/// The number of units for each byte of a transaction. A hospital recovers 100 million units a day: 12.5
/// MB of transactions, and 87.5 MB on disk.
const UNITS_PER_BYTE: u32 = 8;

/// A hospital's part of an ordinary block: an eighth. Four hospitals that send all they can leave half of
/// each block to people, and one that does can verify 100 people or take in 700 results meanwhile.
const PARTS_OF_BLOCK: u32 = 8;

parameter_types! {
	/// The allowances. A unit is a microsecond of computation, and a byte is [`UNITS_PER_BYTE`] of them. A
	/// usual transaction takes 2,000 to 4,000, a registration 22,000, a full batch of 128 records 70,000,
	/// a grant 14,000, and a revocation with a rotation for the maximum number of doctors 640,000.
	pub const FairAllowances: Allowances = Allowances {
		// Sixty people at once, and then one every two seconds: 46,000 a day, or 130 MB. The rest of what
		// a flood leaves lapses within two weeks. Hospitals can answer a flood by accepting only people
		// that they sponsor.
		open_lane: Allowance { capacity: 1_500_000, refill: 125 },
		// Two corrections, and two more until the registration lapses.
		pending: Allowance { capacity: 10_000, refill: 14 * DAY },
		// A lifetime's 5,000 records in one evening, or five rotations for as many doctors as there can
		// be. In each day after that, seven rotations for five doctors.
		patient: Allowance { capacity: 3_600_000, refill: 7 * DAY },
		// Five notes on each of 40 patients a day, for ever, and four such days at once.
		doctor: Allowance { capacity: 3_600_000, refill: 3 * DAY },
		// One import: 100,000 people sponsored, registered, verified, and each with 50 records. In each
		// day after that, 10,000 results of a laboratory and a thousand new people.
		hospital: Allowance { capacity: 6_000_000_000, refill: 60 * DAY },
		// One rotation for as many doctors as there can be, and many revocations.
		revocation_reserve: 800_000,
		// Removing the maximum number of registrars, and the votes of a week.
		controller_reserve: 3_000_000,
	};
	pub HospitalShare: Share = Share {
		computation: part((NORMAL_RATIO * MAXIMUM_BLOCK_WEIGHT).ref_time() / WEIGHT_REF_TIME_PER_MICROS),
		length: part((*RuntimeBlockLength::get().max.get(DispatchClass::Normal)).into()),
	};
}

/// A hospital's part of a whole.
fn part(whole: u64) -> u32 {
	u32::try_from(whole / u64::from(PARTS_OF_BLOCK)).unwrap_or(u32::MAX)
}

impl pallet_fair_use::Config for Runtime {
	type RegistrarOrigin = EnsureRegistrar<Runtime>;
	type Calls = Transactable;
	type Payers = Staff;
	type Time = Timestamp;
	type Allowances = FairAllowances;
	type UnitsPerByte = ConstU32<UNITS_PER_BYTE>;
	type HospitalShare = HospitalShare;
	type BlockPart = BlockPart<Runtime>;
	// Twice what clients should have waiting. A node that is some blocks behind counts those transactions too that
	// are in these blocks, and a peer offers it each transaction only once.
	type NonceWindow = ConstU32<64>;
	// As many people as a hospital invites within some weeks.
	type MaxSponsored = ConstU32<16_384>;
	type WeightInfo = pallet_fair_use::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = super::people::benchmarks::Helper;
}
