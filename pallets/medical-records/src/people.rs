//! The common ground of patients and doctors, so that each rule about people is written once.

use crate::*;
use codec::FullCodec;
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	storage::{StorageMap, StorageValue},
	weights::Weight,
};
use sp_runtime::DispatchError;

/// The id of a patient or a doctor. Leads to the person's storage, and to all that is particular to
/// either.
pub(crate) trait PersonId<T: Config>: Copy + PartialOrd + FullCodec + Into<Person> {
	/// The entry of one person.
	type Entry: FullCodec + AsRef<Registration<T::AccountId>> + AsMut<Registration<T::AccountId>>;
	/// The entries, by id.
	type Entries: StorageMap<Self, Self::Entry, Query = Option<Self::Entry>>;
	/// The ids, by account.
	type IdOf: StorageMap<T::AccountId, Self, Query = Option<Self>>;
	/// The id of the next person.
	type Next: StorageValue<Self, Query = Self>;
	/// The first person whose registration can still lapse.
	type Oldest: StorageValue<Self, Query = Self>;
	/// The people who wait for a hospital.
	type Awaiting: Index;

	/// The capacity of such a person.
	const CAPACITY: Capacity;
	/// The role of a verified person's account.
	const ROLE: Role;
	/// The refusal of an account that is not registered as such a person.
	const NOT_REGISTERED: Error<T>;
	/// The refusal of an id that belongs to no person.
	const NOT_FOUND: Error<T>;
	/// The refusal of a person who is not verified.
	const NOT_VERIFIED: Error<T>;

	/// The id that is given out after this one, if any is left.
	fn following(self) -> Option<Self>;

	/// The person's place in the indices.
	fn place(self) -> Place;

	/// Lists the person among a hospital's people, if there is such an index; see [`Index::list`].
	fn list_at(hospital: HospitalId, place: Place, was: bool, listed: bool);

	/// The weight of looking at one person whose registration may have lapsed.
	fn sweep_weight() -> Weight;

	/// The event of a hospital's decision about the person.
	fn decided(self, decision: Decision) -> Event<T>;

	/// The event of a move to another hospital.
	fn moved(self, from: HospitalId, to: HospitalId) -> Event<T>;

	/// Carries out the consequences of a decision that are particular to this kind of person.
	fn follow(self, entry: &mut Self::Entry, decision: Decision);

	/// Prepares an entry for a move to another hospital, and takes along what belongs to it.
	fn leave_hospital(self, entry: &mut Self::Entry, to: HospitalId);

	/// Removes a person who was never verified, and so has neither records nor grants.
	fn forget(self);
}

/// A decision of a hospital about one of its people.
#[derive(Clone, Copy)]
pub(crate) enum Decision {
	Verify,
	Reject,
	Suspend,
	Reinstate,
}

impl Decision {
	/// The standing that a person needs to have.
	pub(crate) fn before(self) -> Standing {
		match self {
			Self::Verify | Self::Reject => Standing::Pending,
			Self::Suspend => Standing::Verified,
			Self::Reinstate => Standing::Suspended,
		}
	}

	/// The standing that the person then has.
	pub(crate) fn after(self) -> Standing {
		match self {
			Self::Verify | Self::Reinstate => Standing::Verified,
			Self::Reject => Standing::Rejected,
			Self::Suspend => Standing::Suspended,
		}
	}
}

impl<T: Config> PersonId<T> for PatientId {
	type Entry = Patient<T::AccountId>;
	type Entries = Patients<T>;
	type IdOf = PatientOf<T>;
	type Next = NextPatient<T>;
	type Oldest = OldestPatient<T>;
	type Awaiting = AwaitingPatients<T>;

	const CAPACITY: Capacity = Capacity::Patient;
	const ROLE: Role = Role::Patient;
	const NOT_REGISTERED: Error<T> = Error::NotPatient;
	const NOT_FOUND: Error<T> = Error::PatientNotFound;
	const NOT_VERIFIED: Error<T> = Error::PatientNotVerified;

	fn following(self) -> Option<Self> {
		self.next()
	}

	fn place(self) -> Place {
		self.0.into()
	}

	fn list_at(hospital: HospitalId, place: Place, was: bool, listed: bool) {
		PatientsOf::<T>::list(hospital, place, was, listed);
	}

	fn sweep_weight() -> Weight {
		<T as Config>::WeightInfo::sweep_patient()
	}

	fn decided(self, decision: Decision) -> Event<T> {
		let patient = self;
		match decision {
			Decision::Verify => Event::PatientVerified { patient },
			Decision::Reject => Event::PatientRejected { patient },
			Decision::Suspend => Event::PatientSuspended { patient },
			Decision::Reinstate => Event::PatientReinstated { patient },
		}
	}

	fn moved(self, from: HospitalId, to: HospitalId) -> Event<T> {
		Event::PatientMoved { patient: self, from, to }
	}

	fn follow(self, entry: &mut Self::Entry, decision: Decision) {
		match decision {
			Decision::Reject => {
				entry.profile = None;
				CurrentKeys::<T>::remove(self);
			},
			Decision::Verify | Decision::Suspend | Decision::Reinstate => (),
		}
	}

	fn leave_hospital(self, _: &mut Self::Entry, to: HospitalId) {
		T::Delegates::moved(self, to);
	}

	fn forget(self) {
		if let Some(found) = Patients::<T>::take(self) {
			Pallet::<T>::reindex(self, Some(&found.registration), None);
		}
		CurrentKeys::<T>::remove(self);
	}
}

impl<T: Config> PersonId<T> for DoctorId {
	type Entry = Doctor<T::AccountId>;
	type Entries = Doctors<T>;
	type IdOf = DoctorOf<T>;
	type Next = NextDoctor<T>;
	type Oldest = OldestDoctor<T>;
	type Awaiting = AwaitingDoctors<T>;

	const CAPACITY: Capacity = Capacity::Doctor;
	const ROLE: Role = Role::Doctor;
	const NOT_REGISTERED: Error<T> = Error::NotDoctor;
	const NOT_FOUND: Error<T> = Error::DoctorNotFound;
	const NOT_VERIFIED: Error<T> = Error::DoctorNotVerified;

	fn following(self) -> Option<Self> {
		self.next()
	}

	fn place(self) -> Place {
		self.0.into()
	}

	fn list_at(_: HospitalId, _: Place, _: bool, _: bool) {}

	fn sweep_weight() -> Weight {
		<T as Config>::WeightInfo::sweep_doctor()
	}

	fn decided(self, decision: Decision) -> Event<T> {
		let doctor = self;
		match decision {
			Decision::Verify => Event::DoctorVerified { doctor },
			Decision::Reject => Event::DoctorRejected { doctor },
			Decision::Suspend => Event::DoctorSuspended { doctor },
			Decision::Reinstate => Event::DoctorReinstated { doctor },
		}
	}

	fn moved(self, from: HospitalId, to: HospitalId) -> Event<T> {
		Event::DoctorMoved { doctor: self, from, to }
	}

	fn follow(self, entry: &mut Self::Entry, decision: Decision) {
		match decision {
			Decision::Suspend => Pallet::<T>::lapse(entry),
			Decision::Reject => {
				Directory::<T>::remove(self);
				EncryptionKeys::<T>::remove(self);
			},
			Decision::Verify | Decision::Reinstate => (),
		}
	}

	fn leave_hospital(self, entry: &mut Self::Entry, to: HospitalId) {
		Pallet::<T>::carry_lapses(entry);
		Pallet::<T>::carry_entry(self, entry.registration.hospital, to);
	}

	fn forget(self) {
		if let Some(found) = Doctors::<T>::take(self) {
			Pallet::<T>::reindex(self, Some(&found.registration), None);
		}
		Directory::<T>::remove(self);
		EncryptionKeys::<T>::remove(self);
	}
}

impl<T: Config> Pallet<T> {
	/// The person that the account controls.
	pub(crate) fn person_of<Id: PersonId<T>>(
		who: &T::AccountId,
	) -> Result<(Id, Id::Entry), Error<T>> {
		let id = Id::IdOf::get(who).ok_or(Id::NOT_REGISTERED)?;
		let entry = Id::Entries::get(id).ok_or(Id::NOT_REGISTERED)?;
		Ok((id, entry))
	}

	/// Changes a person of this hospital. Returns the account that controls them.
	pub(crate) fn change<Id: PersonId<T>>(
		hospital: HospitalId,
		id: Id,
		change: impl FnOnce(&mut Id::Entry) -> DispatchResult,
	) -> Result<T::AccountId, DispatchError> {
		Id::Entries::try_mutate(id, |slot| {
			let entry = slot.as_mut().ok_or(Id::NOT_FOUND)?;
			ensure!(entry.as_ref().hospital == hospital, Error::<T>::OtherHospital);
			change(entry)?;
			Ok(entry.as_ref().account.clone())
		})
	}
}
