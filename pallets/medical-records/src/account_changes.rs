//! Changes of the account that controls a person's entry.
//!
//! A change takes effect after [`AccountDelay`], in the spare time of a block. Until then the old
//! account keeps control, and can take the change back; the person's hospital can stop it. A thief of
//! an account's key therefore can't take the person over unnoticed. If the person moves meanwhile, the
//! delay begins anew.

use crate::*;
use frame_support::{
	defensive, ensure, pallet_prelude::*, storage::StorageMap as _, weights::WeightMeter,
};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::traits::Verify;

/// The maximum number of places in the queue that one block looks at.
const STEPS: usize = 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_change_account(
		old: T::AccountId,
		capacity: Capacity,
		new: T::AccountId,
		proof: T::Signature,
	) -> DispatchResult {
		match capacity {
			Capacity::Patient => Self::request_change::<PatientId>(old, new, proof),
			Capacity::Doctor => Self::request_change::<DoctorId>(old, new, proof),
		}
	}

	fn request_change<Id: PersonId<T>>(
		old: T::AccountId,
		new: T::AccountId,
		proof: T::Signature,
	) -> DispatchResult {
		let (id, entry) = Self::person_of::<Id>(&old)?;
		let registration = entry.as_ref();
		// Unknown people could otherwise create accounts past the open lane. A hospital suspends people
		// whose account may be in wrong hands.
		ensure!(registration.standing == Standing::Verified, Id::NOT_VERIFIED);
		let hospital = registration.hospital;
		// No registrar could stop the change.
		ensure!(T::Hospitals::is_active(hospital), Error::<T>::HospitalNotActive);
		let person: Person = id.into();
		let message = Self::change_account_message(person, &old, &new);
		ensure!(proof.verify(&message[..], &new), Error::<T>::InvalidProof);
		ensure!(!Id::IdOf::contains_key(&new), Error::<T>::AlreadyRegistered);
		let is_pending = AccountChanges::<T>::contains_key(hospital, person);
		ensure!(!is_pending, Error::<T>::AccountChangePending);
		Self::enqueue_change(hospital, person, old, new)?;
		Ok(())
	}

	/// Has a change wait for the whole delay, at the end of the queue.
	fn enqueue_change(
		hospital: HospitalId,
		person: Person,
		old: T::AccountId,
		new: T::AccountId,
	) -> Result<(), Error<T>> {
		let place = NextChange::<T>::get();
		NextChange::<T>::put(place.checked_add(1).ok_or(Error::<T>::IdsExhausted)?);
		let due = Self::now().saturating_add(AccountDelay::<T>::get());
		ChangeQueue::<T>::insert(place, person);
		let change = AccountChange { new: new.clone(), due, place };
		AccountChanges::<T>::insert(hospital, person, change);
		Self::deposit_event(Event::AccountChangeRequested { person, old, new, due });
		Ok(())
	}

	pub(crate) fn do_stop_account_change(origin: OriginFor<T>, person: Person) -> DispatchResult {
		match person {
			Person::Patient(patient) => Self::stop_change(origin, patient),
			Person::Doctor(doctor) => Self::stop_change(origin, doctor),
		}
	}

	fn stop_change<Id: PersonId<T>>(origin: OriginFor<T>, id: Id) -> DispatchResult {
		let entry = Id::Entries::get(id).ok_or(Id::NOT_FOUND)?;
		let registration = entry.as_ref();
		let why = match Self::ensure_self_or_registrar(origin, registration)? {
			true => ChangeStop::Refused,
			false => ChangeStop::TakenBack,
		};
		let is_stopped = Self::end_change(registration.hospital, id.into(), why);
		ensure!(is_stopped, Error::<T>::NoAccountChange);
		Ok(())
	}

	/// Ends a pending change without effect. Returns whether there was one.
	pub(crate) fn end_change(hospital: HospitalId, person: Person, why: ChangeStop) -> bool {
		let Some(change) = AccountChanges::<T>::take(hospital, person) else { return false };
		ChangeQueue::<T>::remove(change.place);
		Self::deposit_event(Event::AccountChangeStopped { person, why });
		true
	}

	/// Hands a pending change on to the hospital that a person moves to, which can stop it from now on. The delay
	/// begins anew: before, perhaps no hospital could.
	pub(crate) fn carry_change(
		person: Person,
		old: &T::AccountId,
		from: HospitalId,
		to: HospitalId,
	) {
		let Some(change) = AccountChanges::<T>::take(from, person) else { return };
		ChangeQueue::<T>::remove(change.place);
		if Self::enqueue_change(to, person, old.clone(), change.new).is_err() {
			let why = ChangeStop::Impossible;
			Self::deposit_event(Event::AccountChangeStopped { person, why });
		}
	}

	/// Carries out the changes that are due. All wait equally long, so they are due in the order of the
	/// queue.
	pub(crate) fn change_accounts(meter: &mut WeightMeter) {
		let (start, end) = (FirstChange::<T>::get(), NextChange::<T>::get());
		let mut at = start;
		for _ in 0..STEPS {
			if at >= end || meter.try_consume(<T as Config>::WeightInfo::change_accounts()).is_err()
			{
				break;
			}
			// A place is empty if the change was stopped.
			let is_over = ChangeQueue::<T>::get(at).is_none_or(|person| match person {
				Person::Patient(patient) => Self::complete_change(patient, at),
				Person::Doctor(doctor) => Self::complete_change(doctor, at),
			});
			if !is_over {
				break;
			}
			at = at.saturating_add(1);
		}
		if at != start {
			FirstChange::<T>::put(at);
		}
	}

	/// Carries out the change at this place of the queue, if it is due. Returns whether it is over.
	fn complete_change<Id: PersonId<T>>(id: Id, place: u64) -> bool {
		let person: Person = id.into();
		let found = Id::Entries::get(id).and_then(|entry| {
			let change = AccountChanges::<T>::get(entry.as_ref().hospital, person)?;
			Some((entry, change))
		});
		let Some((entry, AccountChange { new, due, .. })) = found else {
			defensive!("a change in the queue is pending");
			ChangeQueue::<T>::remove(place);
			return true;
		};
		if !has_come(Some(due), Self::now()) {
			return false;
		}
		let hospital = entry.as_ref().hospital;
		// No account could have stopped the change, or the new account is another person's by now.
		if !T::Hospitals::is_active(hospital) || Id::IdOf::contains_key(&new) {
			Self::end_change(hospital, person, ChangeStop::Impossible);
			return true;
		}
		AccountChanges::<T>::remove(hospital, person);
		ChangeQueue::<T>::remove(place);
		Self::replace_account(id, entry, new);
		true
	}

	/// Gives the person to another account, which controls no person of this kind.
	pub(crate) fn replace_account<Id: PersonId<T>>(
		id: Id,
		mut entry: Id::Entry,
		new: T::AccountId,
	) {
		let registration = entry.as_mut();
		let old = core::mem::replace(&mut registration.account, new.clone());
		let role = (registration.standing == Standing::Verified).then_some(Id::ROLE);
		Id::Entries::insert(id, entry);
		Id::IdOf::remove(&old);
		Id::IdOf::insert(&new, id);
		T::Roles::succeeded(&old, &new, role);
		Self::deposit_event(Event::AccountChanged { person: id.into(), old, new });
	}
}
