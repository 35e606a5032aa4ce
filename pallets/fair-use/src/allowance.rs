//! Allowances: buckets that refill with time.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The number of seconds in a day.
const DAY: u64 = 86_400;

/// An allowance: a bucket of units that refills evenly with time. A unit is a microsecond of the block's
/// computation; each byte of a transaction takes several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowance {
	/// The maximum number of units that can be used at once.
	pub capacity: u64,
	/// The time in which an empty bucket becomes full, in seconds.
	pub refill: u32,
}

impl Allowance {
	/// The number of units still in use when `seconds` have passed since `used` were.
	pub fn in_use_after(&self, used: u64, seconds: u32) -> u64 {
		// Where this saturates, it is far more than any capacity.
		let recovered = self.capacity.saturating_mul(seconds.into());
		used.saturating_sub(recovered.checked_div(self.refill.into()).unwrap_or(u64::MAX))
	}

	/// The number of units that come back in a day.
	pub fn a_day(&self) -> u64 {
		self.capacity.saturating_mul(DAY).checked_div(self.refill.into()).unwrap_or(u64::MAX)
	}
}

/// The allowances of all that use the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowances {
	/// The one allowance of all newcomers without a sponsor: the open lane.
	pub open_lane: Allowance,
	/// The allowance of the account of a person who waits to be verified, for correcting the profile.
	pub pending: Allowance,
	/// The allowance of a verified or suspended patient's account.
	pub patient: Allowance,
	/// The allowance of a verified doctor's account.
	pub doctor: Allowance,
	/// The one allowance of all accounts that act for the same hospital.
	pub hospital: Allowance,
	/// The additional units of a person's account that has used up its allowance, for revoking, rotating and
	/// stopping a change of account alone.
	pub revocation_reserve: u32,
	/// The additional units of a hospital that has used up its allowance, for its controller alone.
	pub controller_reserve: u32,
}

/// A hospital's share of each block: the maximum that the transactions for which it pays may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Share {
	/// The computation, in microseconds.
	pub computation: u32,
	/// The length of the transactions, in bytes.
	pub length: u32,
}

/// The cost of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
	/// The computation, in microseconds.
	pub computation: u32,
	/// The length, in bytes.
	pub length: u32,
	/// Both together, in units.
	pub units: u64,
}

impl Cost {
	/// The cost of this computation and length, at a price in units for each byte.
	pub fn new(computation: u32, length: u32, units_per_byte: u32) -> Self {
		let bytes = u64::from(length).saturating_mul(units_per_byte.into());
		Self { computation, length, units: bytes.saturating_add(computation.into()) }
	}
}

/// The use of the open lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct LaneUse {
	/// The number of units in use at `at`.
	pub used: u64,
	/// The time at which `used` was last brought up to date, in seconds since 1970.
	pub at: u32,
	/// The block in which accounts last began in the lane.
	pub block: u32,
	/// The number of accounts that began in that block.
	pub newcomers: u32,
}

impl LaneUse {
	/// The number of units in use at `now`.
	pub fn used_at(&self, now: u32, lane: &Allowance) -> u64 {
		lane.in_use_after(self.used, now.saturating_sub(self.at))
	}

	/// Counts another newcomer.
	pub(crate) fn debit(&mut self, units: u64, now: u32, block: u32, lane: &Allowance) {
		self.used = self.used_at(now, lane).saturating_add(units);
		self.at = now;
		if self.block != block {
			self.newcomers = 0;
		}
		self.block = block;
		self.newcomers = self.newcomers.saturating_add(1);
	}
}

/// The use of a hospital's allowance, and of its share of blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct HospitalUse {
	/// The number of units in use at `at`.
	pub used: u64,
	/// The time at which `used` was last brought up to date, in seconds since 1970.
	pub at: u32,
	/// The block in which `computation` and `length` were last brought up to date.
	pub block: u32,
	/// The computation that counts against the share of `block`, in microseconds. What exceeds one share
	/// counts against the next.
	pub computation: u32,
	/// The bytes that count against the share of `block`, likewise.
	pub length: u32,
}

impl HospitalUse {
	/// The number of units in use at `now`.
	pub fn used_at(&self, now: u32, allowance: &Allowance) -> u64 {
		allowance.in_use_after(self.used, now.saturating_sub(self.at))
	}

	/// The same use, with its share brought up to date for `block`.
	fn in_block(mut self, block: u32, share: &Share) -> Self {
		let blocks = block.saturating_sub(self.block);
		let passed = |used: u32, each: u32| used.saturating_sub(each.saturating_mul(blocks));
		self.computation = passed(self.computation, share.computation);
		self.length = passed(self.length, share.length);
		self.block = block;
		self
	}

	/// Whether the share of `block` has room for another transaction. A transaction larger than a share
	/// fits while nothing counts against it; the blocks after it pay for the rest.
	pub(crate) fn has_room(&self, cost: &Cost, block: u32, share: &Share) -> bool {
		let now = self.in_block(block, share);
		let fits = |used: u32, cost: u32, most: u32| used.saturating_add(cost) <= most;
		(now.computation == 0 && now.length == 0)
			|| (fits(now.computation, cost.computation, share.computation)
				&& fits(now.length, cost.length, share.length))
	}

	/// Counts a transaction.
	pub(crate) fn debit(
		&mut self,
		cost: &Cost,
		now: u32,
		block: u32,
		allowance: &Allowance,
		share: &Share,
	) {
		let used = self.used_at(now, allowance).saturating_add(cost.units);
		*self = self.in_block(block, share);
		self.used = used;
		self.at = now;
		self.computation = self.computation.saturating_add(cost.computation);
		self.length = self.length.saturating_add(cost.length);
	}

	/// Gives back computation that a transaction of this block did not take.
	pub(crate) fn give_back(&mut self, computation: u32) {
		self.used = self.used.saturating_sub(computation.into());
		self.computation = self.computation.saturating_sub(computation);
	}
}
