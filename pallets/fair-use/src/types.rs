//! Allowances, and what an account's entry says of its own.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::dispatch::DispatchResult;
use medblock_primitives::Role;
use scale_info::TypeInfo;

/// How much an account may use up: a bucket of `capacity` units that refills by `recovery` units a
/// block. A unit is a microsecond of the block's computation, or a byte of transaction.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Allowance {
	/// The most units that can be used at once.
	pub capacity: u32,
	/// The units that come back with each block.
	pub recovery: u32,
}

/// The allowances of all classes of accounts.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Allowances {
	/// Of an account that is registered, and verified as nobody yet.
	pub registered: Allowance,
	/// Of a verified patient's account.
	pub patient: Allowance,
	/// Of a verified doctor's account.
	pub doctor: Allowance,
	/// Of a hospital's controller or registrar.
	pub hospital: Allowance,
	/// What those who have used up all of theirs may use on top, to take access away.
	pub revocation_reserve: u32,
}

/// A set of [`Role`]s, as the bits of one byte.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
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

	/// Whether a hospital answers for this account as its own.
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

/// What the system's entry of each account says beyond its nonce. Wallets look for `free` and
/// `reserved`, and show what they find as the balance: nothing.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct AccountData {
	/// Always 0.
	pub free: u8,
	/// Always 0.
	pub reserved: u8,
	/// Units in use at block `at`.
	pub used: u32,
	/// The block in which `used` was last brought up to date.
	pub at: u32,
	/// What the account is verified or appointed as.
	pub roles: RoleSet,
}

impl AccountData {
	/// What an account with these roles may use.
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

	/// Units in use at block `now`.
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

/// What somebody may still use, and how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Remaining {
	/// The most units that this account can use at once.
	pub capacity: u32,
	/// The units that it can use now.
	pub left: u32,
	/// The units that come back with each block.
	pub recovery: u32,
	/// The units that it can use now to take access away.
	pub left_for_revocation: u32,
}

/// What the extension has to know of the runtime's calls.
pub trait CallPolicy<AccountId, Call> {
	/// Whether transactions may make this call at all.
	fn is_allowed(call: &Call) -> bool;

	/// Whether it takes access away that this account has given, and so goes before everything else.
	fn is_urgent(who: &AccountId, call: &Call) -> bool;

	/// Whether it is what an account may begin with.
	fn is_registration(call: &Call) -> bool;

	/// Whether this registration would succeed.
	fn can_register(who: &AccountId, call: &Call) -> DispatchResult;
}
