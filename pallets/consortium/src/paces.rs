//! The paces at which a hospital may decide about its people. A registrar who means harm, or a stolen key,
//! can't suspend all of them at once, write over all their profiles, or verify any number of people who do
//! not exist: the others have days in which to notice.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Time};
use medblock_primitives::{Capacity, Moment, Paced};

/// A day, in milliseconds.
const DAY: Moment = 86_400_000;

/// One of so many people may be suspended in a day, or have their profile replaced.
const ONE_IN: u32 = 100;

/// The number of decisions of one kind that a hospital with so many people of one kind may make about them in
/// a day. ADR 33 has the reasons for the numbers.
pub fn decisions_a_day(what: Paced, capacity: Capacity, people: u32) -> u32 {
	let a_hundredth = people.div_ceil(ONE_IN);
	match (what, capacity) {
		(Paced::Suspension, _) | (Paced::Correction, Capacity::Doctor) => a_hundredth.max(10),
		(Paced::Correction, Capacity::Patient) => a_hundredth.max(50),
		// The people who were made up count too, so a part of all would grow with each day.
		(Paced::Verification, Capacity::Patient) => 1_000,
		(Paced::Verification, Capacity::Doctor) => 100,
	}
}

/// The kinds of decisions, and of people.
const ALL: [(Paced, Capacity); 6] = [
	(Paced::Suspension, Capacity::Patient),
	(Paced::Suspension, Capacity::Doctor),
	(Paced::Verification, Capacity::Patient),
	(Paced::Verification, Capacity::Doctor),
	(Paced::Correction, Capacity::Patient),
	(Paced::Correction, Capacity::Doctor),
];

/// The time for which a permission to decide more often counts. Importing people takes a week.
fn permission(what: Paced) -> Moment {
	match what {
		Paced::Suspension | Paced::Correction => DAY,
		Paced::Verification => DAY.saturating_mul(7),
	}
}

impl Pace {
	/// Counts a decision at the time `now`, if there is room for one.
	///
	/// A day's decisions may come at once. Each keeps its share of a day busy, and the busy time may reach a
	/// day into the future.
	pub(crate) fn count(&mut self, now: Moment, a_day: u32) -> bool {
		let share = DAY.checked_div(a_day.into()).unwrap_or(DAY);
		let busy_until = self.busy_until.max(now).saturating_add(share);
		if busy_until <= now.saturating_add(DAY) {
			self.busy_until = busy_until;
			return true;
		}
		match self.extra.checked_sub(1).filter(|_| now < self.extra_until) {
			Some(extra) => {
				self.extra = extra;
				true
			},
			None => false,
		}
	}
}

#[cfg(any(feature = "try-runtime", test))]
impl Pace {
	/// Whether the busy time reaches further into the future than decisions can bring it.
	pub(crate) fn is_beyond(&self, now: Moment) -> bool {
		self.busy_until > now.saturating_add(DAY)
	}
}

impl<T: Config> Pallet<T> {
	/// Counts one decision of this kind by a hospital that has so many people of this kind, suspended ones
	/// included. Returns whether it was within the hospital's pace.
	pub fn count_decision(
		hospital: HospitalId,
		what: Paced,
		capacity: Capacity,
		people: u32,
	) -> bool {
		let (now, a_day) = (T::Time::now(), decisions_a_day(what, capacity, people));
		Paces::<T>::mutate(hospital, (what, capacity), |pace| pace.count(now, a_day))
	}

	pub(crate) fn do_allow_decisions(
		hospital: HospitalId,
		what: Paced,
		capacity: Capacity,
		number: u32,
	) -> DispatchResult {
		Self::active(hospital)?;
		let until = T::Time::now().saturating_add(permission(what));
		Paces::<T>::mutate(hospital, (what, capacity), |pace| {
			(pace.extra, pace.extra_until) = (number, until);
		});
		Self::deposit_event(Event::DecisionsAllowed { hospital, what, capacity, number, until });
		Ok(())
	}

	/// Ends what is left of all permissions to decide more often. What was decided still counts.
	pub(crate) fn end_permissions(hospital: HospitalId) {
		for kind in ALL {
			Paces::<T>::mutate_exists(hospital, kind, |slot| {
				if let Some(pace) = slot {
					(pace.extra, pace.extra_until) = (0, 0);
				}
			});
		}
	}
}
