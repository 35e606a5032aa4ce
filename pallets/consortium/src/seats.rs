//! The validators: the session manager, and its treatment of validators that fall silent or sign
//! conflicting votes.

use crate::*;
use alloc::vec::Vec;
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{ValidatorRegistration, ValidatorSet},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{Perbill, traits::Convert};
use sp_staking::{
	SessionIndex,
	offence::{OffenceDetails, OnOffenceHandler},
};

/// The number of seats that misconduct always leaves.
const LEAST_SEATS: u32 = 3;

impl<T: Config> Pallet<T> {
	/// The smallest number of ready hospitals that the council may leave.
	pub fn minimum_seats() -> u32 {
		ConsortiumSettings::<T>::get().minimum_seats
	}

	/// Whether the hospital's validator should be seated: the hospital is a member and has session
	/// keys, and the seat is neither benched nor suspended.
	pub(crate) fn is_ready(hospital: HospitalId) -> bool {
		Self::holds_seat(hospital, Seat::Ready)
			&& T::Sessions::is_registered(&Self::seat_account(hospital))
	}

	/// The number of seated hospitals that are ready. A hospital that waits for its seat does not
	/// count, because its node has proved nothing yet.
	pub(crate) fn ready_seats() -> u32 {
		Seats::<T>::get().iter().filter(|id| Self::is_ready(**id)).count() as u32
	}

	/// Whether the hospital is seated, and its departure would leave fewer than `floor` seats.
	pub(crate) fn is_needed(hospital: HospitalId, floor: u32) -> bool {
		Self::is_ready(hospital)
			&& Seats::<T>::get().contains(&hospital)
			&& Self::ready_seats().saturating_sub(1) < floor.max(1)
	}

	/// Whether the hospital's validator is in office, or will be.
	pub(crate) fn is_validating(hospital: HospitalId) -> bool {
		Seats::<T>::get().contains(&hospital)
			|| T::Sessions::validators().contains(&Self::seat_account(hospital))
	}

	/// Whether all other validators in office are ready. A hospital that leaves stops voting before the
	/// set shrinks. If several left at once, the remaining ones could miss two thirds of the old set,
	/// and the new set would never come.
	pub(crate) fn others_are_settled(hospital: HospitalId) -> bool {
		let in_office = T::Sessions::validators();
		in_office
			.iter()
			.filter_map(Self::hospital_of_seat)
			.chain(Seats::<T>::get())
			.all(|id| id == hospital || Self::is_ready(id))
	}

	pub(crate) fn do_reclaim_seat(hospital: HospitalId) -> DispatchResult {
		let mut found = Self::active(hospital)?;
		ensure!(found.seat == Seat::Benched, Error::<T>::NotBenched);
		found.seat = Seat::Ready;
		Hospitals::<T>::insert(hospital, found);
		// A hospital that asks before its seat is gone keeps the seat, and its silence counts anew.
		LastAuthored::<T>::mutate_extant(hospital, |last| *last = T::Sessions::session_index());
		Self::deposit_event(Event::SeatReclaimed { hospital });
		Ok(())
	}

	pub(crate) fn do_reinstate_seat(hospital: HospitalId) -> DispatchResult {
		let mut found = Self::active(hospital)?;
		ensure!(found.seat == Seat::Suspended, Error::<T>::NotSuspended);
		// While the validator is in office, reports of its old misconduct would look like new ones.
		ensure!(!Self::is_validating(hospital), Error::<T>::ValidatorsChanging);
		found.seat = Seat::Ready;
		found.cleared_before = T::Sessions::session_index();
		Hospitals::<T>::insert(hospital, found);
		Self::deposit_event(Event::SeatReinstated { hospital });
		Ok(())
	}

	fn holds_seat(hospital: HospitalId, seat: Seat) -> bool {
		Hospitals::<T>::get(hospital)
			.is_some_and(|found| found.standing == Standing::Active && found.seat == seat)
	}

	fn set_seat(hospital: HospitalId, seat: Seat) {
		Hospitals::<T>::mutate_extant(hospital, |found| found.seat = seat);
	}

	fn seat_accounts(seats: &[HospitalId]) -> Vec<(T::AccountId, ())> {
		seats.iter().map(|id| (Self::seat_account(*id), ())).collect()
	}

	/// Moves the validator set one step towards the hospitals that are ready. A set with many new
	/// members at once might not reach the two thirds that finality needs. Returns `None` when nothing
	/// changes, since GRANDPA would otherwise begin a new set in each session.
	fn plan_session(index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		let mut seats = Seats::<T>::get();
		let leaver = seats
			.iter()
			.position(|id| Self::holds_seat(*id, Seat::Suspended))
			.or_else(|| seats.iter().position(|id| !Self::is_ready(*id)))
			.filter(|_| seats.len() > 1);
		if let Some(position) = leaver {
			let hospital = seats.remove(position);
			LastAuthored::<T>::remove(hospital);
			Self::deposit_event(Event::SeatLeft { hospital });
		} else {
			let joiner = ActiveHospitals::<T>::get()
				.into_iter()
				.find(|id| !seats.contains(id) && Self::is_ready(*id));
			let Some(hospital) = joiner else {
				// New keys make a new set, and misconduct has to be provable against them.
				return T::History::keys_changed().then(|| Self::seat_accounts(&seats));
			};
			if seats.try_push(hospital).is_err() {
				// An inactive hospital still holds a seat, which the next session frees.
				return None;
			}
			LastAuthored::<T>::insert(hospital, index);
			Self::deposit_event(Event::SeatTaken { hospital });
		}
		Seats::<T>::put(&seats);
		Some(Self::seat_accounts(&seats))
	}

	/// Seats every founder that has session keys.
	fn seat_founders() -> Option<Vec<(T::AccountId, ())>> {
		let mut seats = ActiveHospitals::<T>::get();
		seats.retain(|id| Self::is_ready(*id));
		if seats.is_empty() {
			return None;
		}
		for hospital in &seats {
			LastAuthored::<T>::insert(hospital, 0);
		}
		Seats::<T>::put(&seats);
		Some(Self::seat_accounts(&seats))
	}

	/// Benches validators that authored nothing for too long, unless too few would remain.
	fn bench_silent(ending: SessionIndex) {
		let floor = Self::minimum_seats().max(1);
		// Counted once: to count again for each that is silent takes a tenth of a block.
		let mut ready = Self::ready_seats();
		for hospital in Seats::<T>::get() {
			let last = LastAuthored::<T>::get(hospital).unwrap_or(ending);
			if ending.saturating_sub(last) < T::SilenceLimit::get() || !Self::is_ready(hospital) {
				continue;
			}
			let remaining = ready.saturating_sub(1);
			if remaining < floor {
				Self::deposit_event(Event::SilenceTolerated { hospital });
			} else {
				ready = remaining;
				Self::set_seat(hospital, Seat::Benched);
				Self::deposit_event(Event::SeatBenched { hospital });
			}
		}
	}

	/// Suspends the seat of a validator that signed conflicting votes in `session`. One report comes
	/// for every round in which that happened; later ones change nothing.
	pub(crate) fn suspend_for_equivocation(hospital: HospitalId, session: SessionIndex) {
		let Some(found) = Hospitals::<T>::get(hospital) else { return };
		if found.standing != Standing::Active
			|| found.seat == Seat::Suspended
			|| session < found.cleared_before
		{
			return;
		}
		// Misconduct may leave fewer seats than the council's minimum: a cheat does more harm than a
		// missing seat. But three validators tolerate no offline one, and fewer tolerate no cheat.
		let floor = Self::minimum_seats().saturating_sub(1).min(LEAST_SEATS);
		if Self::is_needed(hospital, floor) {
			log::error!(
				target: LOG_TARGET,
				"hospital {} signed conflicting votes, and too few validators remain to suspend it: \
				the council has to act",
				hospital.0,
			);
			Self::deposit_event(Event::EquivocationTolerated { hospital });
			return;
		}
		Self::set_seat(hospital, Seat::Suspended);
		let ready = Self::ready_seats();
		log::error!(
			target: LOG_TARGET,
			"hospital {} signed conflicting votes and loses its seat; {ready} are ready to validate",
			hospital.0,
		);
		Self::deposit_event(Event::SeatSuspended { hospital, ready });
	}
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
	fn new_session(index: SessionIndex) -> Option<Vec<T::AccountId>> {
		let seats = Self::plan_session(index)?;
		Some(seats.into_iter().map(|(account, ())| account).collect())
	}

	fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
		let seats = Self::seat_founders()?;
		Some(seats.into_iter().map(|(account, ())| account).collect())
	}

	fn start_session(index: SessionIndex) {
		T::History::forget_before(index.saturating_sub(T::HistoryDepth::get()));
	}

	fn end_session(index: SessionIndex) {
		Self::bench_silent(index);
		T::Council::forget_void();
	}
}

impl<T: Config> pallet_session::historical::SessionManager<T::AccountId, ()> for Pallet<T> {
	fn new_session(index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		Self::plan_session(index)
	}

	fn new_session_genesis(_: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		Self::seat_founders()
	}

	fn start_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::start_session(index)
	}

	fn end_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::end_session(index)
	}
}

/// A controller sets the keys of its hospital's seat. No other account can set keys.
impl<T: Config> Convert<T::AccountId, Option<T::AccountId>> for Pallet<T> {
	fn convert(controller: T::AccountId) -> Option<T::AccountId> {
		ControllerOf::<T>::get(controller).map(Self::seat_account)
	}
}

/// The identification of a validator, which adds nothing to its seat account.
pub struct Unit;

impl<AccountId> Convert<AccountId, Option<()>> for Unit {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl<T: Config> pallet_authorship::EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T> {
	fn note_author(seat: T::AccountId) {
		let Some(hospital) = Self::hospital_of_seat(&seat) else {
			defensive!("only hospitals are seated");
			return;
		};
		Author::<T>::put(hospital);
		let session = T::Sessions::session_index();
		// Only an author's first block in a session writes this. A validator that has lost its seat
		// authors until the session ends, and must not get its entry back.
		if LastAuthored::<T>::get(hospital).is_some_and(|last| last < session) {
			LastAuthored::<T>::insert(hospital, session);
		}
	}
}

impl<T: Config, Reporter> OnOffenceHandler<Reporter, (T::AccountId, ()), Weight> for Pallet<T> {
	fn on_offence(
		offenders: &[OffenceDetails<Reporter, (T::AccountId, ())>],
		_: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		let mut weight = Weight::zero();
		for details in offenders {
			if let Some(hospital) = Self::hospital_of_seat(&details.offender.0) {
				Self::suspend_for_equivocation(hospital, session);
			}
			weight.saturating_accrue(<T as Config>::WeightInfo::suspend());
		}
		weight
	}
}
