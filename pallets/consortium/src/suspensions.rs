//! The pace at which a hospital may suspend its people. A registrar who means harm, or a stolen key, can
//! not suspend all of them at once: the others have days in which to notice.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Time};
use medblock_primitives::{Capacity, Moment};

/// A day, in milliseconds.
const DAY: Moment = 86_400_000;

/// The number of suspensions a day, of people of one kind, that even the smallest hospital may need.
const LEAST_A_DAY: u32 = 10;

/// One of so many people may be suspended in a day.
const ONE_IN: u32 = 100;

/// The number of people of one kind that a hospital with so many of them may suspend in a day.
fn suspensions_a_day(people: u32) -> u32 {
	people.div_ceil(ONE_IN).max(LEAST_A_DAY)
}

impl Pace {
	/// Counts a suspension at the time `now`, if there is room for one.
	///
	/// A day's suspensions may come at once. Each keeps its share of a day busy, and the busy time may
	/// reach a day into the future.
	pub(crate) fn count(&mut self, now: Moment, people: u32) -> bool {
		let share = DAY.checked_div(suspensions_a_day(people).into()).unwrap_or(DAY);
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

impl SuspensionPaces {
	fn of(&mut self, capacity: Capacity) -> &mut Pace {
		match capacity {
			Capacity::Patient => &mut self.patients,
			Capacity::Doctor => &mut self.doctors,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Counts one suspension by a hospital that has so many people of this kind, suspended ones included.
	/// Returns whether it was within the hospital's pace.
	pub fn count_suspension(hospital: HospitalId, capacity: Capacity, people: u32) -> bool {
		let now = T::Time::now();
		Suspensions::<T>::mutate(hospital, |paces| paces.of(capacity).count(now, people))
	}

	pub(crate) fn do_allow_suspensions(
		hospital: HospitalId,
		capacity: Capacity,
		number: u32,
	) -> DispatchResult {
		Self::active(hospital)?;
		let until = T::Time::now().saturating_add(DAY);
		Suspensions::<T>::mutate(hospital, |paces| {
			let pace = paces.of(capacity);
			(pace.extra, pace.extra_until) = (number, until);
		});
		Self::deposit_event(Event::SuspensionsAllowed { hospital, capacity, number, until });
		Ok(())
	}
}
