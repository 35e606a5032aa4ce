//! The numbers of the hospitals' people, and what they bound.

use crate::*;
use frame_support::{defensive, ensure, pallet_prelude::*};

/// The time in which a hospital can notice that a licence will end earlier, and put that right: a week, in
/// milliseconds.
const NOTICE: Moment = 7 * 86_400_000;

impl<T: Config> Pallet<T> {
	/// Counts a decision of the hospital about one of its people: a verified one more, or a suspension.
	pub(crate) fn count_decision<Id: PersonId<T>>(
		hospital: HospitalId,
		decision: Decision,
	) -> DispatchResult {
		match decision {
			Decision::Verify => {
				Self::keep_pace::<Id>(hospital, Paced::Verification)?;
				Self::count_more::<Id>(hospital, 1);
			},
			Decision::Suspend => Self::keep_pace::<Id>(hospital, Paced::Suspension)?,
			Decision::Reject | Decision::Reinstate => (),
		}
		Ok(())
	}

	/// Counts an earlier end of a doctor's licence like a suspension, if it leaves others little time to
	/// notice: it takes all access, too.
	pub(crate) fn count_earlier_end(
		hospital: HospitalId,
		doctor: &Doctor<T::AccountId>,
		licence_expires: Option<Moment>,
	) -> DispatchResult {
		let now = Self::now();
		let has_access = doctor.registration.standing == Standing::Verified
			&& !has_come(doctor.licence_expires, now);
		let is_soon = has_come(licence_expires, now.saturating_add(NOTICE).saturating_sub(1));
		let is_earlier = earlier(doctor.licence_expires, licence_expires) != doctor.licence_expires;
		match has_access && is_soon && is_earlier {
			true => Self::keep_pace::<DoctorId>(hospital, Paced::Suspension),
			false => Ok(()),
		}
	}

	/// Counts a profile, an entry or details that the hospital puts in the place of a person's. One who waits to be
	/// verified can be rejected anyway.
	pub(crate) fn count_correction<Id: PersonId<T>>(
		person: &Registration<T::AccountId>,
	) -> DispatchResult {
		match person.was_verified() {
			true => Self::keep_pace::<Id>(person.hospital, Paced::Correction),
			false => Ok(()),
		}
	}

	/// Counts a decision of a kind of which a hospital makes only so many in a day.
	pub(crate) fn keep_pace<Id: PersonId<T>>(hospital: HospitalId, what: Paced) -> DispatchResult {
		let people = *People::<T>::get(hospital).of(Id::CAPACITY);
		let in_time = T::Hospitals::count_decision(hospital, what, Id::CAPACITY, people);
		ensure!(
			in_time,
			match what {
				Paced::Suspension => Error::<T>::SuspensionsExhausted,
				Paced::Verification => Error::<T>::VerificationsExhausted,
				Paced::Correction => Error::<T>::CorrectionsExhausted,
			}
		);
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
