//! What the chain does with time to spare: forgets registrations that nobody decided, and carries
//! out relocations. Some steps a block, each paid for.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Get, weights::WeightMeter};

/// The most people that one block looks at for each of the chores.
const STEPS: usize = 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn keep_house(limit: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(limit);
		if meter.try_consume(<T as Config>::WeightInfo::on_idle_base()).is_ok() {
			Self::sweep_patients(&mut meter);
			Self::sweep_doctors(&mut meter);
			Self::relocate(&mut meter);
		}
		meter.consumed()
	}

	/// Ids follow the time of registration, so nobody behind one who may still be decided has to be
	/// looked at.
	pub(crate) fn sweep_patients(meter: &mut WeightMeter) {
		let start = OldestPatient::<T>::get();
		let end = NextPatient::<T>::get();
		let mut at = start;
		for _ in 0..STEPS {
			let step = <T as Config>::WeightInfo::sweep_patient();
			if at >= end || meter.try_consume(step).is_err() {
				break;
			}
			if let Some(found) = Patients::<T>::get(at) {
				if is_undecided(found.standing) {
					if !Self::has_lapsed(found.registered_at) {
						break;
					}
					Self::forget_patient(at);
					PatientOf::<T>::remove(found.account);
					Self::deposit_event(Event::RegistrationLapsed { person: Person::Patient(at) });
				}
			}
			at = at.next().unwrap_or(end);
		}
		if at != start {
			OldestPatient::<T>::put(at);
		}
	}

	pub(crate) fn sweep_doctors(meter: &mut WeightMeter) {
		let start = OldestDoctor::<T>::get();
		let end = NextDoctor::<T>::get();
		let mut at = start;
		for _ in 0..STEPS {
			let step = <T as Config>::WeightInfo::sweep_doctor();
			if at >= end || meter.try_consume(step).is_err() {
				break;
			}
			if let Some(found) = Doctors::<T>::get(at) {
				if is_undecided(found.standing) {
					if !Self::has_lapsed(found.registered_at) {
						break;
					}
					Self::forget_doctor(at);
					DoctorOf::<T>::remove(found.account);
					Self::deposit_event(Event::RegistrationLapsed { person: Person::Doctor(at) });
				}
			}
			at = at.next().unwrap_or(end);
		}
		if at != start {
			OldestDoctor::<T>::put(at);
		}
	}

	pub(crate) fn relocate(meter: &mut WeightMeter) {
		let mut all = Relocations::<T>::get().into_inner();
		let Some(relocation) = all.first_mut() else { return };
		let Relocation { from, to, .. } = *relocation;
		// Whoever came to a hospital that is not active would lose access, unnoticed by any chart.
		if T::Hospitals::is_active(from) || !T::Hospitals::is_active(to) {
			all.remove(0);
			Relocations::<T>::put(BoundedVec::truncate_from(all));
			Self::deposit_event(Event::RelocationCalledOff { from, to });
			return;
		}
		let mut is_done = false;
		for _ in 0..STEPS {
			if meter.try_consume(<T as Config>::WeightInfo::relocate_one()).is_err() {
				break;
			}
			is_done = !Self::relocate_one(relocation);
			if is_done {
				break;
			}
		}
		if is_done {
			all.remove(0);
			Self::deposit_event(Event::RelocationDone { from, to });
		}
		Relocations::<T>::put(BoundedVec::truncate_from(all));
	}

	fn has_lapsed(registered_at: Moment) -> bool {
		registered_at.saturating_add(T::RegistrationPeriod::get()) <= Self::now()
	}

	/// Removes a patient who was never verified, and so has neither records nor grants.
	pub(crate) fn forget_patient(patient: PatientId) {
		Patients::<T>::remove(patient);
		CurrentKeys::<T>::remove(patient);
	}

	/// Removes a doctor who was never verified, and so has no grants.
	pub(crate) fn forget_doctor(doctor: DoctorId) {
		Doctors::<T>::remove(doctor);
		Directory::<T>::remove(doctor);
		EncryptionKeys::<T>::remove(doctor);
	}
}

/// Whether nobody has verified the person.
fn is_undecided(standing: Standing) -> bool {
	matches!(standing, Standing::Pending | Standing::Rejected)
}
