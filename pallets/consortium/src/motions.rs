//! The council's motions, which pallet-collective keeps: the votes that each of them needs, and the
//! members' shares of their places.
//!
//! The collective leaves the threshold to the proposer, and knows a motion by its call's hash alone. A
//! member could so propose the call that it wants to prevent, with a threshold that decides nothing: the
//! hash would be taken, and the votes of the others wasted. Here each motion needs two thirds of the
//! present council, from the proposal to its end.

use crate::*;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
	CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound, defensive,
	pallet_prelude::*,
	storage::unhashed,
	traits::{ChangeMembers, Consideration, Contains, InitializeMembers, MaybeConsideration},
};
use frame_system::pallet_prelude::BlockNumberFor;
use medblock_primitives::council_threshold;
use pallet_collective::{Call as CouncilCall, Members, Proposals, Voting};
use sp_runtime::Saturating;

/// A motion, as pallet-collective stores it with private fields.
#[derive(Encode, Decode)]
struct Votes<AccountId, BlockNumber> {
	index: u32,
	threshold: u32,
	ayes: Vec<AccountId>,
	nays: Vec<AccountId>,
	end: BlockNumber,
}

impl<AccountId, BlockNumber: PartialOrd> Votes<AccountId, BlockNumber> {
	/// Whether the time for votes is over.
	fn are_over(&self, now: BlockNumber) -> bool {
		now >= self.end
	}
}

/// The council, whose motions need two thirds of its members: the filter of the calls about motions, and
/// the council's members. A change of members changes the thresholds of all open motions.
pub struct Motions<T, I>(PhantomData<(T, I)>);

impl<T: Config + pallet_collective::Config<I>, I: 'static> Motions<T, I> {
	/// The number of votes that a motion needs.
	pub fn threshold() -> u32 {
		let members = Members::<T, I>::decode_len().unwrap_or_default();
		council_threshold(u32::try_from(members).unwrap_or(u32::MAX))
	}

	/// Whether a motion is still open. The collective itself ignores a motion's end, and would carry out
	/// a forgotten proposal that late votes approve. It refuses votes on unknown motions.
	fn can_be_voted_on(motion: T::Hash) -> bool {
		let now = frame_system::Pallet::<T>::block_number();
		Self::votes(motion).is_none_or(|votes| !votes.are_over(now))
	}

	/// Whether a motion was open to be closed for too long. It stays until the end of the session.
	fn is_void(motion: T::Hash) -> bool {
		let now = frame_system::Pallet::<T>::block_number();
		let slot = ConsortiumSettings::<T>::get().slot_duration;
		let period = T::EnactmentPeriod::get().checked_div(slot).unwrap_or_default();
		let period: BlockNumberFor<T> = u32::try_from(period).unwrap_or(u32::MAX).into();
		Self::votes(motion).is_some_and(|votes| votes.end.saturating_add(period) <= now)
	}

	fn votes(motion: T::Hash) -> Option<Votes<T::AccountId, BlockNumberFor<T>>> {
		unhashed::get(&Voting::<T, I>::hashed_key_for(motion))
	}

	/// Gives every motion the threshold of the present council. If the time for votes is over, the
	/// threshold never falls: a smaller council would otherwise approve by votes that were too few.
	pub fn adjust_thresholds() {
		let present = Self::threshold();
		let now = frame_system::Pallet::<T>::block_number();
		for motion in Proposals::<T, I>::get() {
			let Some(mut votes) = Self::votes(motion) else {
				defensive!("every motion has its votes");
				continue;
			};
			let threshold = match votes.are_over(now) {
				true => present.max(votes.threshold),
				false => present,
			};
			if votes.threshold != threshold {
				votes.threshold = threshold;
				unhashed::put(&Voting::<T, I>::hashed_key_for(motion), &votes);
			}
		}
	}

	/// Checks that the council's members are the active hospitals' controllers, that every open motion has the
	/// threshold of the present council, and that none whose time is over has a lower one.
	#[cfg(any(feature = "try-runtime", test))]
	pub fn check() -> Result<(), sp_runtime::TryRuntimeError> {
		let are_controllers = Members::<T, I>::get() == Pallet::<T>::controllers();
		ensure!(are_controllers, "motions: the council is not the controllers");
		let present = Self::threshold();
		let now = frame_system::Pallet::<T>::block_number();
		let is_right = |votes: Votes<T::AccountId, BlockNumberFor<T>>| match votes.are_over(now) {
			true => votes.threshold >= present,
			false => votes.threshold == present,
		};
		let all = Proposals::<T, I>::get().into_iter().filter_map(Self::votes).all(is_right);
		ensure!(all, "motions: another threshold");
		Ok(())
	}
}

/// The calls about motions that members may make: proposals with the threshold of the council, votes before
/// the end, and closing what is not void.
impl<T: Config + pallet_collective::Config<I>, I: 'static> Contains<CouncilCall<T, I>>
	for Motions<T, I>
{
	fn contains(call: &CouncilCall<T, I>) -> bool {
		match call {
			CouncilCall::propose { threshold, .. } => *threshold == Self::threshold(),
			CouncilCall::vote { proposal, .. } => Self::can_be_voted_on(*proposal),
			CouncilCall::close { proposal_hash, .. } => !Self::is_void(*proposal_hash),
			_ => false,
		}
	}
}

impl<T: Config + pallet_collective::Config<I>, I: 'static> ChangeMembers<T::AccountId>
	for Motions<T, I>
{
	fn change_members_sorted(
		incoming: &[T::AccountId],
		outgoing: &[T::AccountId],
		sorted_new: &[T::AccountId],
	) {
		pallet_collective::Pallet::<T, I>::change_members_sorted(incoming, outgoing, sorted_new);
		Self::adjust_thresholds();
	}
}

impl<T: Config + pallet_collective::Config<I>, I: 'static> InitializeMembers<T::AccountId>
	for Motions<T, I>
{
	fn initialize_members(members: &[T::AccountId]) {
		pallet_collective::Pallet::<T, I>::initialize_members(members);
	}
}

impl<T: Config + pallet_collective::Config<I>, I: 'static> ForgetMotions for Motions<T, I> {
	fn forget_void() {
		for motion in Proposals::<T, I>::get() {
			if Self::is_void(motion) {
				pallet_collective::Pallet::<T, I>::do_disapprove_proposal(motion);
			}
		}
	}
}

/// A new motion's place among the open ones. Each hospital has its share of the places, so that none can
/// keep the others from proposing. Costs nothing, and is never stored: [`Proposers`] knows who has one.
#[derive(CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(T, I))]
pub struct MotionPlace<T, I>(PhantomData<fn() -> (T, I)>);

impl<T: Config + pallet_collective::Config<I>, I: 'static> Consideration<T::AccountId, u32>
	for MotionPlace<T, I>
{
	/// Takes a place for the motion that was made last, which the collective has just listed.
	fn new(who: &T::AccountId, _: u32) -> Result<Self, DispatchError> {
		Pallet::<T>::note_motion(who, &Proposals::<T, I>::get())?;
		Ok(Self(PhantomData))
	}

	fn update(self, _: &T::AccountId, _: u32) -> Result<Self, DispatchError> {
		Ok(self)
	}

	fn drop(self, _: &T::AccountId) -> Result<(), DispatchError> {
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn ensure_successful(_: &T::AccountId, _: u32) {}
}

impl<T: Config + pallet_collective::Config<I>, I: 'static> MaybeConsideration<T::AccountId, u32>
	for MotionPlace<T, I>
{
	fn is_none(&self) -> bool {
		true
	}
}

impl<T: Config> Pallet<T> {
	/// The number of motions that one hospital may have open: its share of the places, and at least one.
	pub fn motions_each() -> u32 {
		let members = ActiveHospitals::<T>::decode_len().unwrap_or_default();
		let members = u32::try_from(members).unwrap_or(u32::MAX);
		T::MaxMotions::get().checked_div(members).unwrap_or_default().max(1)
	}

	/// Notes the hospital that proposed the last of the open motions, unless it has its share of places.
	fn note_motion(who: &T::AccountId, open: &[T::Hash]) -> DispatchResult {
		let hospital = ControllerOf::<T>::get(who).ok_or(Error::<T>::NotController)?;
		let Some(newest) = open.last() else {
			defensive!("the collective lists a motion before it takes a place");
			return Err(Error::<T>::MaxMotionsExceeded.into());
		};
		Proposers::<T>::try_mutate(|proposers| {
			// Those that were closed. The newest may be one that was, by another hospital.
			proposers.retain(|(motion, _)| motion != newest && open.contains(motion));
			let own = proposers.iter().filter(|(_, proposer)| *proposer == hospital).count();
			let has_place = u32::try_from(own).is_ok_and(|own| own < Self::motions_each());
			ensure!(has_place, Error::<T>::MaxMotionsExceeded);
			proposers
				.try_push((*newest, hospital))
				.map_err(|_| Error::<T>::MaxMotionsExceeded.into())
		})
	}
}
