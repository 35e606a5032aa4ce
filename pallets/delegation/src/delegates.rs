//! What charts ask about people who act for their patients.

use crate::*;
use alloc::vec::Vec;

impl<T: Config> Delegates for Pallet<T> {
	/// A representative who was suspended or recovered has lost it already.
	fn hold(patient: PatientId, epoch: Epoch, now: Moment) -> Hold {
		let all = Representatives::<T>::get(patient);
		let mut held = Hold::No;
		for found in all.values().filter(|found| found.epoch == Some(epoch)) {
			held = match held {
				_ if has_come(found.until, now) => return Hold::Lost,
				Hold::Until(Some(before)) => {
					Hold::Until(Some(found.until.map_or(before, |until| until.min(before))))
				},
				_ => Hold::Until(found.until),
			};
		}
		held
	}

	fn recipients(patient: PatientId, now: Moment) -> Vec<(PatientId, u32)> {
		let all = Representatives::<T>::get(patient);
		all.iter()
			.filter(|(representative, found)| {
				found.confirmed
					&& found.scopes.include(Scopes::SEE)
					&& !has_come(found.until, now)
					&& Self::verified(Person::Patient(**representative)).is_ok()
					&& Self::has_confirmed_key(**representative, found)
			})
			.map(|(representative, found)| (*representative, found.key_version))
			.collect()
	}

	fn key_digest(representative: PatientId) -> Option<[u8; 32]> {
		Self::acting_key_of(representative).map(|key| Self::digest_of(&key.key))
	}

	fn emergency(patient: PatientId, doctor: DoctorId, now: Moment) -> Option<OpenEmergency> {
		let all = Emergencies::<T>::get(patient);
		let open = all.iter().rev().find(|one| one.doctor == doctor && one.is_open(now))?;
		let records = match EmergencySets::<T>::get(patient)? {
			EmergencySet::Chart(_) => None,
			EmergencySet::Records { records, .. } => Some(records.keys().copied().collect()),
		};
		Some(OpenEmergency { until: open.until, records })
	}

	fn suspended(patient: PatientId) {
		Self::lose_charts(patient, false);
	}

	fn awaits_hospital(patient: PatientId) -> bool {
		Representatives::<T>::get(patient).values().any(|found| !found.confirmed)
	}

	/// At most [`MAX_REPRESENTATIVES`] wait. Those who were confirmed stay so.
	fn moved(patient: PatientId, to: HospitalId) {
		let mut all = Representatives::<T>::get(patient);
		let mut is_changed = false;
		for (representative, naming) in all.iter_mut().filter(|(_, naming)| !naming.confirmed) {
			let waiting = (patient, *representative);
			AwaitingConfirmation::<T>::remove(naming.asked, waiting);
			AwaitingConfirmation::<T>::insert(to, waiting, ());
			naming.asked = to;
			is_changed = true;
		}
		if is_changed {
			Representatives::<T>::insert(patient, all);
		}
	}

	/// A plan that opens nothing any more stays, until the patient replaces it.
	fn withdrawn(patient: PatientId, records: &[RecordIndex]) {
		EmergencySets::<T>::mutate_extant(patient, |set| {
			if let EmergencySet::Records { records: chosen, .. } = set {
				for record in records {
					chosen.remove(record);
				}
			}
		});
	}
}
