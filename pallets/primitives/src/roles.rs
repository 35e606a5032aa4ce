//! The roles of accounts, on which their allowances depend.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A role that an account is verified or appointed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Role {
	/// The account controls a verified patient's chart.
	#[codec(index = 0)]
	Patient,
	/// The account acts for a verified doctor.
	#[codec(index = 1)]
	Doctor,
	/// The account verifies people for an active hospital.
	#[codec(index = 2)]
	Registrar,
	/// The account acts for an active hospital.
	#[codec(index = 3)]
	Controller,
	/// The account adds records for an institution of an active hospital.
	#[codec(index = 4)]
	Operator,
	/// The account is the vault's of an active hospital.
	#[codec(index = 5)]
	Vault,
}

/// A receiver of news about accounts that gain or lose a role.
pub trait Roles<AccountId> {
	/// The account has the role from now on. A new account may transact from now on.
	fn gained(who: &AccountId, role: Role);

	/// The account no longer has the role. A person whose account loses a person's role is suspended.
	fn lost(who: &AccountId, role: Role);

	/// The account `new` took over a person from `old`, with `role` if the person is verified. It
	/// inherits the allowance that `old` had used up.
	fn succeeded(old: &AccountId, new: &AccountId, role: Option<Role>);
}

impl<AccountId> Roles<AccountId> for () {
	fn gained(_: &AccountId, _: Role) {}
	fn lost(_: &AccountId, _: Role) {}
	fn succeeded(_: &AccountId, _: &AccountId, _: Option<Role>) {}
}
