//! The rotation of a chart's keys.

use crate::*;
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, pallet_prelude::*};
use sp_io::hashing::sha2_256;

impl<T: Config> Pallet<T> {
	/// Returns the number of grants looked at beforehand, and the number that the rotation looked at.
	pub(crate) fn do_rotate_chart_key(
		who: T::AccountId,
		rotation: Rotation,
	) -> Result<(u32, u32), DispatchError> {
		let (patient, mut found) = Self::retracting_patient_of(&who)?;
		let now = Self::now();
		let looked_at = Self::settle(patient, &mut found.chart, now);
		let epoch =
			Self::rotate(patient, &mut found.chart, rotation, now).map_err(Error::<T>::from)?;
		let grants = found.chart.grants;
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::ChartKeyRotated { patient, epoch });
		Ok((looked_at, grants))
	}

	/// Replaces the chart's keys by the rotation's, if the rotation reaches exactly the right doctors.
	/// Otherwise returns the misfit, and changes nothing. The chart has to be settled.
	pub(crate) fn rotate(
		patient: PatientId,
		chart: &mut Chart,
		rotation: Rotation,
		now: Moment,
	) -> Result<Epoch, RotationMisfit> {
		let Rotation { epoch, keys, sealed } = rotation;
		ensure!(chart.epoch.checked_add(2) == Some(epoch), RotationMisfit::WrongEpoch);
		keys.check(epoch).map_err(|_| RotationMisfit::InvalidKeys)?;
		let before = CurrentKeys::<T>::get(patient).ok_or(RotationMisfit::InvalidKeys)?;
		let reached = Self::match_doctors(patient, sealed, now)?;

		chart.next_expiry = None;
		chart.hospitals = HospitalSet::default();
		chart.lapses_seen = Lapses::<T>::get();
		for Reached { key, mut grant, hospital, until } in reached {
			let KeyForDoctor { doctor, key_version, key } = key;
			grant.seal = Some(Seal { epoch, key_version, lapses: chart.lapses_seen });
			Grants::<T>::insert(patient, doctor, grant);
			GrantKeys::<T>::insert(patient, doctor, key);
			chart.note_holder(hospital, until);
		}
		let ended_at = chart.lost_from.take().unwrap_or(chart.records);
		let ChartKeys { distributed, standby, .. } = before;
		Self::retire(patient, chart.epoch, distributed, ended_at);
		Self::retire(patient, chart.epoch.saturating_add(1), standby, chart.records);
		CurrentKeys::<T>::insert(patient, keys);
		chart.epoch = epoch;
		Ok(epoch)
	}

	/// Pairs each doctor who is to have the new secret with the key that was sealed to them. Doctors
	/// whose own key is not confirmed are not to have it; their grants lie dormant.
	fn match_doctors(
		patient: PatientId,
		sealed: KeysForDoctors,
		now: Moment,
	) -> Result<Vec<Reached>, RotationMisfit> {
		let mut given = BTreeMap::new();
		for key in sealed {
			ensure!(key.key.is_well_formed(), RotationMisfit::InvalidSealedKey);
			ensure!(given.insert(key.doctor, key).is_none(), RotationMisfit::DoctorTwice);
		}
		let mut reached = Vec::new();
		for (doctor, grant) in Grants::<T>::iter_prefix(patient) {
			if grant.scope() != Scope::Chart {
				continue;
			}
			let Some(found) = Doctors::<T>::get(doctor) else { continue };
			let Ok(until) = Self::live(&found, &grant, now) else { continue };
			let key = given.remove(&doctor);
			if !found.is_key_vouched() {
				ensure!(key.is_none(), RotationMisfit::KeyChanged);
				continue;
			}
			let key = key.ok_or(RotationMisfit::DoctorMissing)?;
			ensure!(key.key_version == found.key_version, RotationMisfit::KeyChanged);
			let hospital = found.registration.hospital;
			reached.push(Reached { key, grant, hospital, until });
		}
		ensure!(given.is_empty(), RotationMisfit::DoctorUnexpected);
		Ok(reached)
	}

	/// Keeps the parts of an epoch's key that lead back to it.
	fn retire(patient: PatientId, epoch: Epoch, key: EpochKey, records_until: RecordIndex) {
		let EpochKey { key, salt, previous } = key;
		let past = PastEpoch { key_digest: sha2_256(&key), salt, previous, records_until };
		PastEpochs::<T>::insert(patient, epoch, past);
	}
}

/// A doctor who is reached by a rotation.
struct Reached {
	key: KeyForDoctor,
	grant: Grant,
	hospital: HospitalId,
	until: Option<Moment>,
}

impl<T> From<RotationMisfit> for Error<T> {
	fn from(why: RotationMisfit) -> Self {
		match why {
			RotationMisfit::WrongEpoch => Error::StaleEpoch,
			RotationMisfit::InvalidKeys => Error::InvalidChartKeys,
			RotationMisfit::InvalidSealedKey => Error::InvalidSealedKey,
			RotationMisfit::DoctorTwice => Error::DoctorTwice,
			RotationMisfit::DoctorMissing => Error::DoctorMissing,
			RotationMisfit::DoctorUnexpected => Error::DoctorUnexpected,
			RotationMisfit::KeyChanged => Error::KeyChanged,
		}
	}
}
