//! What the pallet stores, and what it asks of the runtime around it.

use crate::Config;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
	pallet_prelude::*, traits::ConstU32,
};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{HospitalId, RegistrationMode};
use serde::{Deserialize, Serialize};
use sp_staking::SessionIndex;

/// A hospital's name: 1 to 64 bytes of printable UTF-8.
pub type Name = BoundedVec<u8, ConstU32<64>>;

/// The address of a hospital's gateway: an `https://` URL of at most 128 bytes, or an `http://` one
/// for a machine's own loopback interface.
pub type Gateway = BoundedVec<u8, ConstU32<128>>;

/// A council decision that has to wait, as the SCALE encoding of its call.
pub type DelayedCall = BoundedVec<u8, ConstU32<512>>;

/// Whether a hospital belongs to the consortium.
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
pub enum Standing {
	/// A member: on the council, its registrars verify people, its validator may be seated.
	#[codec(index = 0)]
	Active,
	/// Expelled by the council. It can be readmitted under the same id.
	#[codec(index = 1)]
	Expelled,
}

/// Whether a hospital's validator may be seated. This says nothing about its registrars or its
/// patients: a hospital whose node is down still verifies people.
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
pub enum Seat {
	/// It will be seated once its session keys are known.
	#[codec(index = 0)]
	Ready,
	/// It authored nothing for too long: its controller takes it back with one call when the node
	/// is up again.
	#[codec(index = 1)]
	Benched,
	/// It signed two conflicting votes: only the council can give the seat back.
	#[codec(index = 2)]
	Suspended,
}

/// The small part of a hospital that decisions read. Its name and address are apart, in
/// [`crate::Profiles`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Hospital<AccountId> {
	/// The account that acts for the hospital, and its vote on the council.
	pub controller: AccountId,
	/// Whether it belongs to the consortium.
	pub standing: Standing,
	/// Whether its validator may be seated.
	pub seat: Seat,
	/// Misconduct in sessions before this one was settled when it was last let in.
	pub cleared_before: SessionIndex,
	/// How it takes in new patients and doctors.
	pub registration: RegistrationMode,
}

/// What people read about a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Profile {
	/// The name that the council admitted it under.
	pub name: Name,
	/// Where clients find its vault.
	pub gateway: Gateway,
}

/// A council decision that takes effect only after a delay, in which everybody can see it.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct PendingEnactment<T: Config> {
	/// The call.
	pub call: DelayedCall,
	/// The first block in which it may be carried out.
	pub due: BlockNumberFor<T>,
}

/// Values that a consortium chooses once, in its genesis, and that no call can change.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
	/// Milliseconds from one block to the next. 1,000 in one city; a wide-area consortium may
	/// choose 2,000.
	pub slot_duration: u64,
	/// Blocks in a session. The validator set changes by at most one seat in each.
	pub session_length: u32,
	/// Blocks that a runtime upgrade waits between the council's decision and its authorization.
	pub upgrade_delay: u32,
	/// The council never goes below this number of hospitals that are ready to validate.
	pub minimum_seats: u32,
	/// Blocks for which the council can vote on a motion.
	#[serde(default = "usual_motion_duration")]
	pub motion_duration: u32,
}

impl Default for Settings {
	fn default() -> Self {
		Self {
			slot_duration: 1_000,
			session_length: 600,
			upgrade_delay: 7 * 86_400,
			minimum_seats: 1,
			motion_duration: usual_motion_duration(),
		}
	}
}

/// Three days, at one second a block.
fn usual_motion_duration() -> u32 {
	3 * 86_400
}

/// A hospital that founds the chain.
#[derive(
	CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound, EqNoBound, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[serde(bound(serialize = "AccountId: Serialize", deserialize = "AccountId: Deserialize<'de>"))]
pub struct Founder<AccountId: Clone + core::fmt::Debug + PartialEq + Eq> {
	/// As [`Profile::name`].
	pub name: alloc::string::String,
	/// As [`Profile::gateway`].
	pub gateway: alloc::string::String,
	/// As [`Hospital::controller`]; `None` only in the pallet's own default.
	pub controller: Option<AccountId>,
	/// Its first registrars.
	#[serde(default)]
	pub registrars: alloc::vec::Vec<AccountId>,
}

/// Which root calls the council may make, decided by the runtime.
pub trait Powers<Call, BlockNumber> {
	/// `None` refuses the call. Otherwise how long it has to wait: zero for at once.
	fn delay(call: &Call) -> Option<BlockNumber>;
}

/// Told when a hospital leaves, so that whatever depends on it follows in the same block.
pub trait OnExpulsion<AccountId> {
	/// The hospital left; `seat` is the account its validator was known by.
	fn on_expulsion(hospital: HospitalId, seat: &AccountId);
	/// The most that one such call costs.
	fn weight() -> Weight;
}

impl<AccountId> OnExpulsion<AccountId> for () {
	fn on_expulsion(_: HospitalId, _: &AccountId) {}
	fn weight() -> Weight {
		Weight::zero()
	}
}

/// What the session pallets remember of validators.
pub trait SessionHistory<AccountId> {
	/// Forgets the sessions before `session`, in which misconduct can no longer be reported.
	fn forget_before(session: SessionIndex);
	/// Forgets the keys of a validator that is not in office.
	fn forget_keys(seat: &AccountId);
	/// Whether somebody in office has registered other keys since the last session.
	fn keys_changed() -> bool;
}
