//! What an account may do beyond registering, for whoever has to bound what it does.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What an account is verified or appointed as.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Role {
	/// It controls a verified patient's chart.
	#[codec(index = 0)]
	Patient,
	/// It acts for a verified doctor.
	#[codec(index = 1)]
	Doctor,
	/// It verifies people for an active hospital.
	#[codec(index = 2)]
	Registrar,
	/// It acts for an active hospital.
	#[codec(index = 3)]
	Controller,
}

/// Is told when accounts get or lose a role.
pub trait Roles<AccountId> {
	/// The account has the role from now on. One that was never seen may transact now.
	fn gained(who: &AccountId, role: Role);

	/// The account no longer has the role.
	fn lost(who: &AccountId, role: Role);

	/// The person whom `old` acted for is now controlled by `new`, with `role` if they are verified.
	/// Whatever `old` had used up, `new` has used up too.
	fn succeeded(old: &AccountId, new: &AccountId, role: Option<Role>);
}

impl<AccountId> Roles<AccountId> for () {
	fn gained(_: &AccountId, _: Role) {}
	fn lost(_: &AccountId, _: Role) {}
	fn succeeded(_: &AccountId, _: &AccountId, _: Option<Role>) {}
}
