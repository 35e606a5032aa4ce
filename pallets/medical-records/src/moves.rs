//! Moves to another hospital: of one person, or of all people of a hospital that has left.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, storage::StorageMap as _};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_move(
		who: T::AccountId,
		capacity: Capacity,
		to: Option<HospitalId>,
	) -> DispatchResult {
		if let Some(to) = to {
			ensure!(T::Hospitals::is_active(to), Error::<T>::HospitalNotActive);
		}
		match capacity {
			Capacity::Patient => Self::note_move::<PatientId>(who, to),
			Capacity::Doctor => Self::note_move::<DoctorId>(who, to),
		}
	}

	fn note_move<Id: PersonId<T>>(who: T::AccountId, to: Option<HospitalId>) -> DispatchResult {
		let (id, mut entry) = Self::person_of::<Id>(&who)?;
		let before = entry.as_ref().clone();
		let registration = entry.as_mut();
		ensure!(Self::may_move(registration), Id::NOT_VERIFIED);
		ensure!(to != Some(registration.hospital), Error::<T>::SameHospital);
		registration.moving_to = to;
		Self::reindex(id, Some(&before), Some(&*registration));
		Id::Entries::insert(id, entry);
		Self::deposit_event(Event::MoveRequested { person: id.into(), to });
		Ok(())
	}

	pub(crate) fn do_accept<Id: PersonId<T>>(hospital: HospitalId, id: Id) -> DispatchResult {
		let entry = Id::Entries::get(id).ok_or(Id::NOT_FOUND)?;
		ensure!(entry.as_ref().moving_to == Some(hospital), Error::<T>::NotMoving);
		// The person's hospital may have come back since the person asked, and decides again.
		ensure!(Self::may_move(entry.as_ref()), Id::NOT_VERIFIED);
		let from = entry.as_ref().hospital;
		if Self::move_to(hospital, id, entry) {
			Self::count_moved::<Id>(from, hospital, 1);
		}
		Ok(())
	}

	pub(crate) fn do_move_people(from: HospitalId, to: HospitalId) -> DispatchResult {
		ensure!(T::Hospitals::is_known(from), Error::<T>::HospitalNotFound);
		ensure!(!T::Hospitals::is_active(from), Error::<T>::HospitalActive);
		ensure!(T::Hospitals::is_active(to), Error::<T>::HospitalNotActive);
		Relocations::<T>::try_append(Relocation {
			from,
			to,
			next_patient: PatientId(0),
			patients_end: NextPatient::<T>::get(),
			next_doctor: DoctorId(0),
			doctors_end: NextDoctor::<T>::get(),
		})
		.map_err(|_| Error::<T>::MaxRelocationsExceeded)?;
		Self::deposit_event(Event::RelocationBegun { from, to });
		Ok(())
	}

	/// Whether the person may choose another hospital. Unverified and suspended people may not escape
	/// the decision of their hospital while it can still decide.
	fn may_move(registration: &Registration<T::AccountId>) -> bool {
		match registration.standing {
			Standing::Verified => true,
			Standing::Pending | Standing::Suspended => {
				!T::Hospitals::is_active(registration.hospital)
			},
			Standing::Rejected => false,
		}
	}

	/// Gives a person to another hospital. Returns whether the person counts among a hospital's people.
	pub(crate) fn move_to<Id: PersonId<T>>(to: HospitalId, id: Id, mut entry: Id::Entry) -> bool {
		let from = entry.as_ref().hospital;
		id.leave_hospital(&mut entry, to);
		Self::carry_change(id.into(), from, to);
		let before = entry.as_ref().clone();
		let registration = entry.as_mut();
		let counts = registration.was_verified();
		registration.hospital = to;
		registration.moving_to = None;
		Self::reindex(id, Some(&before), Some(&*registration));
		Id::Entries::insert(id, entry);
		Self::deposit_event(id.moved(from, to));
		counts
	}
}
