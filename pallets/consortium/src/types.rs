//! The types that the pallet stores, and its questions to the runtime around it.

use crate::Config;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
	pallet_prelude::*, traits::ConstU32,
};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::{
	BYTES_PER_CHARACTER, DisclosureAnchor, HospitalId, InstitutionKind, KeyForRegistrar, MAX_NAME,
	Moment, RegistrationMode, SealedKey,
};
use serde::{Deserialize, Serialize};
use sp_staking::SessionIndex;

/// A hospital's or an institution's name: one line of 1 to [`MAX_NAME`] characters in UTF-8. The chain counts
/// them.
pub type Name = BoundedVec<u8, ConstU32<{ MAX_NAME * BYTES_PER_CHARACTER }>>;

/// The address of a hospital's gateway: an `https://` URL of at most 128 bytes, or an `http://` one
/// for a machine's own loopback interface.
pub type Gateway = BoundedVec<u8, ConstU32<128>>;

/// A waiting council decision, as the SCALE encoding of its call.
pub type DelayedCall = BoundedVec<u8, ConstU32<512>>;

/// Whether a hospital belongs to the consortium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Standing {
	/// The hospital is a member: it votes on the council, its registrars verify people, and its
	/// validator may be seated.
	#[codec(index = 0)]
	Active,
	/// The council expelled the hospital, and can readmit it under the same id.
	#[codec(index = 1)]
	Expelled,
}

/// Whether a hospital's validator may be seated. A hospital whose node is down still verifies people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Seat {
	/// The validator is seated, or will be once its session keys are known.
	#[codec(index = 0)]
	Ready,
	/// The validator authored nothing for too long. The controller takes the seat back with one call
	/// when the node is up again.
	#[codec(index = 1)]
	Benched,
	/// The validator signed two conflicting votes. Only the council can give the seat back.
	#[codec(index = 2)]
	Suspended,
}

/// The small part of a hospital that decisions read. [`crate::Profiles`] holds its name and address.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Hospital<AccountId> {
	/// The account that acts for the hospital and votes for it on the council.
	pub controller: AccountId,
	/// Whether the hospital belongs to the consortium.
	pub standing: Standing,
	/// Whether the hospital's validator may be seated.
	pub seat: Seat,
	/// The session in which the hospital was last admitted or reinstated: misconduct before it is
	/// settled.
	pub cleared_before: SessionIndex,
	/// The hospital's way of accepting registrations.
	pub registration: RegistrationMode,
}

/// The public description of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Profile {
	/// The name, which the council decides.
	pub name: Name,
	/// The address at which clients find the hospital's vault.
	pub gateway: Gateway,
}

/// A hospital's offer to an account to become its registrar, or an operator of its institution. The
/// account has to accept it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Appointment<AccountId, BlockNumber> {
	/// The account.
	pub account: AccountId,
	/// The first block in which the account can no longer accept.
	pub until: BlockNumber,
}

/// A laboratory, an imaging or a records department of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Institution {
	/// The hospital to which it belongs, which pays for what it adds.
	pub hospital: HospitalId,
	/// Its kind.
	pub kind: InstitutionKind,
	/// Its name, in the hospital's words.
	pub name: Name,
	/// Whether it may add records where patients allow it. A closed institution never opens again.
	pub open: bool,
}

/// The secret of a hospital's current profile key, sealed to one of its registrars.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SealedProfileKey {
	/// The version of the registrar's own key that the secret is sealed to.
	pub key_version: u32,
	/// The sealed secret.
	pub key: SealedKey,
}

/// What decisions about a hospital's profile key read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ProfileKeyState {
	/// The newest version that was published; 0 if there is none.
	pub version: u32,
	/// The number of registrars who have the secret of the current version.
	pub holders: u32,
	/// Whether an account may know the secret that should not: a new version is due.
	pub due: bool,
}

/// The secret of a profile key, for each registrar who receives it.
pub type KeysForRegistrars<T> = BoundedVec<
	KeyForRegistrar<<T as frame_system::Config>::AccountId>,
	<T as Config>::MaxRegistrars,
>;

/// A council decision that takes effect only after a delay, during which it is public.
#[derive(CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct PendingEnactment<T: Config> {
	/// The call.
	pub call: DelayedCall,
	/// The first block in which it may be carried out.
	pub due: BlockNumberFor<T>,
	/// The time from which on it may no longer be carried out.
	pub void_at: Moment,
}

/// The pace of a hospital's decisions of one kind about people of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pace {
	/// The time until which the decisions so far fill the pace.
	pub busy_until: Moment,
	/// The number of decisions that are allowed beyond the pace.
	pub extra: u32,
	/// The end of that permission.
	pub extra_until: Moment,
}

/// The log of what a hospital's vault gave out, as far as the chain knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DisclosureLog {
	/// The number of the hospital's logs before this one.
	pub number: u32,
	/// The number of anchors so far, of all logs.
	pub anchors: u32,
	/// The last anchor. It may be of the log before.
	pub last: Option<DisclosureAnchor>,
}

/// The values that a consortium chooses once, in its genesis. No call can change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
	/// The time from one block to the next, in milliseconds: 500 or 1,000 in one city, for instance, or 2,000
	/// across a continent. Blocks of slots shorter than a second hold as much less.
	pub slot_duration: u64,
	/// The number of blocks in a session. The validator set changes by at most one seat in each
	/// session. The consortium never has more hospitals than that, so that each validator has a turn in
	/// every session: without turns it would be benched for its silence.
	pub session_length: u32,
	/// The number of blocks that a runtime upgrade waits between the council's decision and its
	/// authorization.
	pub upgrade_delay: u32,
	/// The number of hospitals that stay ready to validate, whatever the council decides.
	pub minimum_seats: u32,
	/// The number of blocks for which the council can vote on a motion.
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
	CloneNoBound,
	DebugNoBound,
	DefaultNoBound,
	PartialEqNoBound,
	EqNoBound,
	Serialize,
	Deserialize
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
	/// The hospital's first registrars. They have agreed outside the chain, and publish their own keys
	/// later.
	#[serde(default)]
	pub registrars: alloc::vec::Vec<AccountId>,
}

/// The root calls that the council may make, as the runtime decides.
pub trait Powers<Call, BlockNumber> {
	/// The number of blocks that the call has to wait, zero for none, or `None` if it is refused.
	fn delay(call: &Call) -> Option<BlockNumber>;
}

/// The end of the council's motions that no member has closed.
pub trait ForgetMotions {
	/// Removes the motions that were open to be closed for too long. Asked at the end of each session.
	fn forget_void();
}

/// The consequences of a hospital's departure, in the same block.
pub trait OnExpulsion<AccountId> {
	/// Carries them out. `seat` is the account of the hospital's validator.
	fn on_expulsion(hospital: HospitalId, seat: &AccountId);
	/// The maximum weight of that.
	fn weight() -> Weight;
}

impl<AccountId> OnExpulsion<AccountId> for () {
	fn on_expulsion(_: HospitalId, _: &AccountId) {}
	fn weight() -> Weight {
		Weight::zero()
	}
}

/// The session pallets' memory of validators.
pub trait SessionHistory<AccountId> {
	/// Forgets the sessions before `session`, whose misconduct can no longer be reported.
	fn forget_before(session: SessionIndex);
	/// Forgets the keys of a validator that is out of office.
	fn forget_keys(seat: &AccountId);
	/// Whether a validator in office has registered other keys since the last session.
	fn keys_changed() -> bool;
}
