//! What ends by itself, in the chain's spare time. Nothing waits for it: every decision asks the clock whether
//! something has ended. The agenda tells everybody, and clears away what is left.

use crate::*;
use frame_support::{pallet_prelude::*, weights::WeightMeter};

/// The milliseconds in an hour.
pub(crate) const HOUR: Moment = 3_600_000;

/// The maximum number of hours and tasks that one block looks at.
const STEPS: usize = 32;

/// The hour at whose beginning this moment has passed.
pub(crate) fn hour_after(moment: Moment) -> u64 {
	(moment / HOUR).saturating_add(1)
}

impl<T: Config> Pallet<T> {
	/// Puts a task on the agenda for the hour after its end.
	pub(crate) fn remind(task: Ending<T::AccountId>, end: Moment) {
		let hour = hour_after(end);
		// No earlier hour has anything to look at.
		FirstHour::<T>::mutate(|first| *first = Some(first.map_or(hour, |first| first.min(hour))));
		Agenda::<T>::insert(hour, task, ());
	}

	/// Takes a task off the agenda whose end may be far away, so that nothing stays there for what is over.
	pub(crate) fn no_longer_remind(task: &Ending<T::AccountId>, end: Moment) {
		Agenda::<T>::remove(hour_after(end), task);
	}

	/// Looks at the tasks whose hour has come.
	pub(crate) fn keep_agenda(limit: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(limit);
		if meter.try_consume(<T as Config>::WeightInfo::on_idle_base()).is_err() {
			return meter.consumed();
		}
		let Some(start) = FirstHour::<T>::get() else { return meter.consumed() };
		let present = Self::now() / HOUR;
		let mut hour = start;
		for _ in 0..STEPS {
			if hour > present || meter.try_consume(<T as Config>::WeightInfo::sweep()).is_err() {
				break;
			}
			match Agenda::<T>::iter_key_prefix(hour).next() {
				Some(task) => {
					Agenda::<T>::remove(hour, &task);
					Self::look_at(task);
				},
				None => hour = hour.saturating_add(1),
			}
		}
		if hour != start {
			FirstHour::<T>::put(hour);
		}
		meter.consumed()
	}

	/// Ends what has ended. What was prolonged has another entry on the agenda.
	fn look_at(task: Ending<T::AccountId>) {
		match task {
			Ending::Recovery(person, new) => Self::sweep_recovery(person, new),
			Ending::Representation(patient, representative) => {
				Self::sweep_representation(patient, representative)
			},
			Ending::Emergency(patient, doctor) => Self::sweep_emergency(patient, doctor),
		}
	}
}
