//! Allowances, and the pallet's part of an account's entry.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::dispatch::DispatchResult;
use medblock_primitives::{HospitalId, Role};
use scale_info::TypeInfo;

/// An account's allowance: a bucket of `capacity` units that refills by `recovery` units a block. A
/// unit is a microsecond of the block's computation, or a byte of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowance {
	/// The maximum number of units that can be used at once.
	pub capacity: u32,
	/// The number of units that come back with each block.
	pub recovery: u32,
}

/// The allowances of all classes of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allowances {
	/// The allowance of a registered account that is not verified yet.
	pub registered: Allowance,
	/// The allowance of a verified patient's account.
	pub patient: Allowance,
	/// The allowance of a verified doctor's account.
	pub doctor: Allowance,
	/// The allowance of a hospital's controller or registrar.
	pub hospital: Allowance,
	/// The additional units of accounts that have used up their allowance, for revocations alone.
	pub revocation_reserve: u32,
}

/// A set of [`Role`]s, as the bits of one byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RoleSet(u8);

impl RoleSet {
	/// The set with this role.
	pub fn with(self, role: Role) -> Self {
		Self(self.0 | bit(role))
	}

	/// The set without this role.
	pub fn without(self, role: Role) -> Self {
		Self(self.0 & !bit(role))
	}

	/// Whether the role is in the set.
	pub fn contains(self, role: Role) -> bool {
		self.0 & bit(role) != 0
	}

	/// Whether the account acts for a hospital.
	pub fn is_hospital(self) -> bool {
		self.contains(Role::Registrar) || self.contains(Role::Controller)
	}
}

fn bit(role: Role) -> u8 {
	match role {
		Role::Patient => 1,
		Role::Doctor => 2,
		Role::Registrar => 4,
		Role::Controller => 8,
	}
}

/// The pallet's part of each account's entry. Wallets look for `free` and `reserved`, and show them as
/// the balance: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AccountData {
	/// Always 0.
	pub free: u8,
	/// Always 0.
	pub reserved: u8,
	/// The number of units in use at block `at`.
	pub used: u32,
	/// The block in which `used` was last brought up to date.
	pub at: u32,
	/// The roles that the account is verified or appointed for.
	pub roles: RoleSet,
}

impl AccountData {
	/// The allowance of an account with these roles.
	pub fn allowance(&self, all: &Allowances) -> Allowance {
		let roles = self.roles;
		if roles.is_hospital() {
			all.hospital
		} else if roles.contains(Role::Doctor) {
			all.doctor
		} else if roles.contains(Role::Patient) {
			all.patient
		} else {
			all.registered
		}
	}

	/// The number of units in use at block `now`.
	pub fn used_at(&self, now: u32, all: &Allowances) -> u32 {
		let recovered = now.saturating_sub(self.at).saturating_mul(self.allowance(all).recovery);
		self.used.saturating_sub(recovered)
	}

	/// Brings `used` up to date, and adds `cost`.
	pub fn debit(&mut self, cost: u32, now: u32, all: &Allowances) {
		self.used = self.used_at(now, all).saturating_add(cost);
		self.at = now;
	}
}

/// The units that an account can still use, and their recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Remaining {
	/// The maximum number of units that the account can use at once.
	pub capacity: u32,
	/// The number of units that the account can use now.
	pub left: u32,
	/// The number of units that come back with each block.
	pub recovery: u32,
	/// The number of units that the account can use now for revocations.
	pub left_for_revocation: u32,
}

/// The runtime's policy about calls.
pub trait CallPolicy<AccountId, Call> {
	/// Whether transactions may make this call at all.
	fn is_allowed(call: &Call) -> bool;

	/// Whether the call takes away access that this account has granted, and so precedes all others.
	fn is_urgent(who: &AccountId, call: &Call) -> bool;

	/// Whether the call is one with which an account may begin.
	fn is_registration(call: &Call) -> bool;

	/// The hospital that a person's registration names. `None` for other calls.
	fn registers_with(call: &Call) -> Option<HospitalId>;

	/// Whether a hospital waits for this registration of this very account. It then needs neither a
	/// sponsor nor a place in the open lane, and ends no sponsorship. Asked of registrations only.
	fn is_expected(who: &AccountId, call: &Call) -> bool;

	/// Whether this registration would succeed.
	fn can_register(who: &AccountId, call: &Call) -> DispatchResult;
}
