//! The numbers of the hospitals' people, and what they bound.

use crate::*;
use frame_support::{defensive, ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	/// Counts a decision of the hospital about one of its people: a verified one more, or a suspension,
	/// of which a hospital has only so many.
	pub(crate) fn count_decision<Id: PersonId<T>>(
		hospital: HospitalId,
		decision: Decision,
	) -> DispatchResult {
		match decision {
			Decision::Verify => Self::count_more::<Id>(hospital, 1),
			Decision::Suspend => {
				let people = *People::<T>::get(hospital).of(Id::CAPACITY);
				let in_time = T::Hospitals::count_suspension(hospital, Id::CAPACITY, people);
				ensure!(in_time, Error::<T>::SuspensionsExhausted);
			},
			Decision::Reject | Decision::Reinstate => (),
		}
		Ok(())
	}

	/// Counts people who were verified and have moved.
	pub(crate) fn count_moved<Id: PersonId<T>>(from: HospitalId, to: HospitalId, number: u32) {
		People::<T>::mutate(from, |people| {
			let count = people.of(Id::CAPACITY);
			match count.checked_sub(number) {
				Some(left) => *count = left,
				None => {
					defensive!("more people left than there were");
					*count = 0;
				},
			}
		});
		Self::count_more::<Id>(to, number);
	}

	/// Counts people who are verified, or were before they came.
	pub(crate) fn count_more<Id: PersonId<T>>(hospital: HospitalId, number: u32) {
		People::<T>::mutate(hospital, |people| {
			let count = people.of(Id::CAPACITY);
			*count = count.saturating_add(number);
		});
	}
}
