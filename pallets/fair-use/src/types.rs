//! The pallet's part of an account's entry.

use crate::{Allowance, Allowances};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use medblock_primitives::{HospitalId, Role};
use scale_info::TypeInfo;

/// A set of [`Role`]s, as the bits of one byte, and the roles of the account's people who are suspended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RoleSet(u8);

/// The bits of accounts with a person who was verified, and is suspended.
const SUSPENDED: u8 = SUSPENDED_PATIENT | SUSPENDED_DOCTOR;
const SUSPENDED_PATIENT: u8 = 128;
const SUSPENDED_DOCTOR: u8 = 64;

impl RoleSet {
	/// The set with this role. A person who has it is not suspended.
	pub fn with(self, role: Role) -> Self {
		Self((self.0 & !suspended_bit(role)) | bit(role))
	}

	/// The set without this role.
	pub fn without(self, role: Role) -> Self {
		Self(self.0 & !bit(role))
	}

	/// The set without this role, of an account that keeps its person.
	pub fn suspended(self, role: Role) -> Self {
		Self(self.without(role).0 | suspended_bit(role))
	}

	/// The set of an account that takes over a suspended person.
	pub(crate) fn or_suspended_of(self, other: Self) -> Self {
		Self(self.0 | (other.0 & SUSPENDED))
	}

	/// The part of the set that says what the account's person is.
	pub(crate) fn of_person(self) -> Self {
		Self(self.0 & (bit(Role::Patient) | bit(Role::Doctor) | SUSPENDED))
	}

	/// Whether the role is in the set.
	pub fn contains(self, role: Role) -> bool {
		self.0 & bit(role) != 0
	}

	/// Whether the account may act for a hospital.
	pub fn is_staff(self) -> bool {
		[Role::Registrar, Role::Controller, Role::Operator, Role::Vault]
			.into_iter()
			.any(|one| self.contains(one))
	}

	/// Whether the account is a vault's, and acts for a hospital in no other way.
	pub fn is_vault_alone(self) -> bool {
		self.contains(Role::Vault) && !self.without(Role::Vault).is_staff()
	}

	/// Whether the account is a verified person's.
	pub fn is_person(self) -> bool {
		self.contains(Role::Doctor) || self.contains(Role::Patient)
	}
}

/// The bit of an account whose person is suspended; none of a role at a hospital.
fn suspended_bit(role: Role) -> u8 {
	match role {
		Role::Patient => SUSPENDED_PATIENT,
		Role::Doctor => SUSPENDED_DOCTOR,
		Role::Registrar | Role::Controller | Role::Operator | Role::Vault => 0,
	}
}

fn bit(role: Role) -> u8 {
	match role {
		Role::Patient => 1,
		Role::Doctor => 2,
		Role::Registrar => 4,
		Role::Controller => 8,
		Role::Operator => 16,
		Role::Vault => 32,
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
	/// The number of units of the account's own allowance in use at `at`.
	pub used: u32,
	/// The time at which `used` was last brought up to date, in seconds since 1970.
	pub at: u32,
	/// The roles that the account is verified or appointed for.
	pub roles: RoleSet,
}

impl AccountData {
	/// The account's own allowance. That of its hospital is apart from it.
	pub fn allowance(&self, all: &Allowances) -> Allowance {
		let roles = self.roles;
		if roles.contains(Role::Doctor) {
			all.doctor
		} else if roles.contains(Role::Patient) || roles.0 & SUSPENDED != 0 {
			all.patient
		} else {
			all.pending
		}
	}

	/// The number of units in use at `now`.
	pub fn used_at(&self, now: u32, all: &Allowances) -> u32 {
		let elapsed = now.saturating_sub(self.at);
		let used = self.allowance(all).in_use_after(self.used.into(), elapsed);
		u32::try_from(used).unwrap_or(u32::MAX)
	}

	/// Whether the account may run into debt, or further into it: by a full allowance beyond the reserve.
	pub fn may_owe(&self, now: u32, all: &Allowances) -> bool {
		let capacity = self.allowance(all).capacity;
		let most = capacity.saturating_mul(2).saturating_add(all.revocation_reserve.into());
		u64::from(self.used_at(now, all)) < most
	}

	/// Brings `used` up to date, and adds `units`.
	pub fn debit(&mut self, units: u64, now: u32, all: &Allowances) {
		let units = u32::try_from(units).unwrap_or(u32::MAX);
		self.used = self.used_at(now, all).saturating_add(units);
		self.at = now;
	}
}

/// The units that an account can still use, and their recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Remaining {
	/// The maximum number of units that can be used at once.
	pub capacity: u64,
	/// The number of units that can be used now.
	pub left: u64,
	/// The number of units that were used beyond `capacity`. They come back before any is left.
	pub debt: u64,
	/// The time in which an empty allowance becomes full, in seconds.
	pub refill: u32,
	/// The number of units of the account's own allowance that it can use now for revoking, rotating and
	/// stopping a change of account.
	pub left_for_revocation: u64,
	/// The number of units that were used beyond the account's own allowance and the reserve for these. They come back
	/// before any is left for revocation. If they are as many as the own allowance, nothing runs further into debt.
	pub debt_for_revocation: u64,
	/// The account's own allowance, which `left_for_revocation` is a part of.
	pub own: Allowance,
	/// The hospital whose allowance `left` is a part of; none if it is the account's own.
	pub hospital: Option<HospitalId>,
	/// The number of units that each byte of a transaction takes.
	pub units_per_byte: u32,
}
