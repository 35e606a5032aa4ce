//! Relocations: the council gives all people of a hospital that has left to another one, and the chain
//! carries that out in its spare time.
//!
//! Doctors come first, those of all relocations: until they have moved, they see no chart. Patients of a
//! hospital that has left keep their access, and can wait.

use crate::*;
use frame_support::{
	pallet_prelude::*,
	storage::StorageMap as _,
	traits::Get,
	weights::{Weight, WeightMeter},
};

/// Relocations take at most one part of so many of a block.
pub const SHARE_OF_BLOCK: u64 = 10;

/// The weights of a relocation's steps.
#[derive(Clone, Copy, Debug)]
pub struct RelocationWeights {
	/// A block's step, apart from the people.
	pub base: Weight,
	/// Looking at one person of another hospital.
	pub pass: Weight,
	/// Moving one patient who waits for no hospital, has named no one who does, and whose account is not about to change.
	pub patient: Weight,
	/// Moving anybody else.
	pub other: Weight,
}

impl Relocation {
	fn has_doctors(&self) -> bool {
		self.next_doctor < self.doctors_end
	}

	fn is_done(&self) -> bool {
		!self.has_doctors() && self.next_patient >= self.patients_end
	}
}

impl<T: Config> Pallet<T> {
	/// Goes on with one relocation, for a tenth of a block at most.
	pub(crate) fn relocate(meter: &mut WeightMeter) {
		let mut all = Relocations::<T>::get().into_inner();
		let at = all.iter().position(Relocation::has_doctors).unwrap_or_default();
		let Some(relocation) = all.get_mut(at) else { return };
		if meter.try_consume(Self::relocation_weights().base).is_err() {
			return;
		}
		let Relocation { from, to, .. } = *relocation;
		// Doctors who came to a hospital that is not active would lose access, unnoticed by any chart.
		if T::Hospitals::is_active(from) || !T::Hospitals::is_active(to) {
			all.remove(at);
			Relocations::<T>::put(BoundedVec::truncate_from(all));
			Self::deposit_event(Event::RelocationCalledOff { from, to });
			return;
		}
		let block = T::BlockWeights::get().max_block;
		let mut share = WeightMeter::with_limit(meter.remaining().min(block.div(SHARE_OF_BLOCK)));
		let Relocation { doctors_end, patients_end, .. } = *relocation;
		Self::relocate_people(&mut relocation.next_doctor, doctors_end, from, to, &mut share);
		if !relocation.has_doctors() {
			Self::relocate_people(&mut relocation.next_patient, patients_end, from, to, &mut share);
		}
		meter.consume(share.consumed());
		if relocation.is_done() {
			all.remove(at);
			Self::deposit_event(Event::RelocationDone { from, to });
		}
		Relocations::<T>::put(BoundedVec::truncate_from(all));
	}

	/// The weights of a relocation's steps.
	pub fn relocation_weights() -> RelocationWeights {
		let patients = <T as Config>::WeightInfo::relocate_patients;
		let waiting = <T as Config>::WeightInfo::relocate_waiting;
		let doctors = <T as Config>::WeightInfo::relocate_doctors;
		let each = |weight: fn(u32) -> Weight| weight(1).saturating_sub(weight(0));
		RelocationWeights {
			base: patients(0).max(doctors(0)),
			pass: each(<T as Config>::WeightInfo::pass_people),
			patient: each(patients),
			other: each(doctors).max(each(waiting)),
		}
	}

	/// Looks at people one by one, and moves those of the hospital, as long as the weight suffices.
	fn relocate_people<Id: PersonId<T>>(
		next: &mut Id,
		end: Id,
		from: HospitalId,
		to: HospitalId,
		meter: &mut WeightMeter,
	) {
		let RelocationWeights { pass, patient, other, .. } = Self::relocation_weights();
		let most = patient.max(other);
		let mut moved: u32 = 0;
		while *next < end && meter.can_consume(most) {
			let id = *next;
			let person: Person = id.into();
			match Id::Entries::get(id).filter(|entry| entry.as_ref().hospital == from) {
				Some(entry) => {
					// Few people wait, have named others who do, or have a change of account pending. They may be
					// heavier than a doctor.
					let is_plain = matches!(person, Person::Patient(patient)
						if !T::Delegates::awaits_hospital(patient))
						&& entry.as_ref().awaited().next().is_none()
						&& !AccountChanges::<T>::contains_key(from, person);
					meter.consume(if is_plain { patient } else { most });
					moved = moved.saturating_add(Self::move_to(to, id, entry).into());
				},
				None => meter.consume(pass),
			}
			*next = id.following().unwrap_or(end);
		}
		if moved > 0 {
			Self::count_moved::<Id>(from, to, moved);
		}
	}
}
