//! Moves to another hospital: of one person, or of all people of a hospital that has left.

use crate::*;
use frame_support::{
	defensive, ensure, pallet_prelude::*, storage::StorageMap as _, traits::Get,
	weights::WeightMeter,
};

/// The maximum number of requests to move that one block looks at.
const STEPS: usize = 32;

/// The number of reads that a look at a request takes: of the next key, and of the end.
pub(crate) const LOOK_AT_MOVE: u64 = 2;

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
		if to.is_some() {
			// Also if the person asks the same hospital again.
			Self::date_request(id.into());
		}
		Self::deposit_event(Event::MoveRequested { person: id.into(), to });
		Ok(())
	}

	/// Notes when a person's request to move lapses, counted from now.
	pub(crate) fn date_request(person: Person) {
		let until = Self::now().saturating_add(T::RegistrationPeriod::get());
		MoveRequests::<T>::insert(person, until);
	}

	/// A person who has asked this hospital to take them in, and whose request has not lapsed.
	fn mover<Id: PersonId<T>>(hospital: HospitalId, id: Id) -> Result<Id::Entry, Error<T>> {
		let entry = Id::Entries::get(id).ok_or(Id::NOT_FOUND)?;
		ensure!(entry.as_ref().moving_to == Some(hospital), Error::<T>::NotMoving);
		// The blocks since then may have had no time to spare.
		let person: Person = id.into();
		let until = MoveRequests::<T>::get(person);
		ensure!(!has_come(until, Self::now()), Error::<T>::NotMoving);
		Ok(entry)
	}

	pub(crate) fn do_decline_move(hospital: HospitalId, person: Person) -> DispatchResult {
		match person {
			Person::Patient(patient) => Self::decline(hospital, patient),
			Person::Doctor(doctor) => Self::decline(hospital, doctor),
		}
	}

	fn decline<Id: PersonId<T>>(hospital: HospitalId, id: Id) -> DispatchResult {
		let entry = Self::mover(hospital, id)?;
		Self::end_request(id, entry);
		Self::deposit_event(Event::MoveDeclined { person: id.into(), hospital });
		Ok(())
	}

	/// Ends a person's request to move. The person stays where they are.
	fn end_request<Id: PersonId<T>>(id: Id, mut entry: Id::Entry) {
		let before = entry.as_ref().clone();
		let registration = entry.as_mut();
		registration.moving_to = None;
		Self::reindex(id, Some(&before), Some(&*registration));
		Id::Entries::insert(id, entry);
	}

	/// Looks at some more requests to move, and ends those that no hospital has answered in time. Begins anew after
	/// the last one.
	pub(crate) fn end_requests(meter: &mut WeightMeter) {
		let now = Self::now();
		let start = LastMove::<T>::get();
		let mut last = start;
		for _ in 0..STEPS {
			// Also the look that finds none.
			if meter.try_consume(T::DbWeight::get().reads(LOOK_AT_MOVE)).is_err() {
				break;
			}
			let next = match last {
				Some(last) => MoveRequests::<T>::iter_from_key(last).next(),
				None => MoveRequests::<T>::iter().next(),
			};
			let Some((person, until)) = next else {
				last = None;
				break;
			};
			let is_over = has_come(Some(until), now);
			if is_over && meter.try_consume(<T as Config>::WeightInfo::end_request()).is_err() {
				break;
			}
			last = Some(person);
			match person {
				Person::Patient(patient) if is_over => Self::lapse_request(patient),
				Person::Doctor(doctor) if is_over => Self::lapse_request(doctor),
				_ => (),
			}
		}
		if last != start {
			LastMove::<T>::set(last);
		}
	}

	fn lapse_request<Id: PersonId<T>>(id: Id) {
		let person: Person = id.into();
		let found = Id::Entries::get(id).and_then(|entry| {
			let hospital = entry.as_ref().moving_to?;
			Some((entry, hospital))
		});
		let Some((entry, hospital)) = found else {
			defensive!("a request to move is a person's");
			MoveRequests::<T>::remove(person);
			return;
		};
		Self::end_request(id, entry);
		Self::deposit_event(Event::MoveLapsed { person, hospital });
	}

	pub(crate) fn do_accept<Id: PersonId<T>>(hospital: HospitalId, id: Id) -> DispatchResult {
		let entry = Self::mover(hospital, id)?;
		// The person's hospital may have come back since the person asked, and decides first.
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
		let before = entry.as_ref().clone();
		Self::carry_change(id.into(), &before.account, from, to);
		let registration = entry.as_mut();
		let counts = registration.was_verified();
		registration.hospital = to;
		registration.moving_to = None;
		if registration.standing == Standing::Pending {
			// This hospital has as long to decide as the one before had.
			registration.registered_at = Self::now();
		}
		Self::reindex(id, Some(&before), Some(&*registration));
		Id::Entries::insert(id, entry);
		Self::deposit_event(id.moved(from, to));
		counts
	}
}
