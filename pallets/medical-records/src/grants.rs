//! Granting, sharing, revoking, relinquishing.

use crate::*;
use frame_support::{defensive, ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	/// Returns the number of grants looked at.
	pub(crate) fn do_grant_access(
		who: T::AccountId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<u32, DispatchError> {
		let KeyForDoctor { doctor, key_version, key } = key;
		let (patient, mut found) = Self::verified_patient_of(&who)?;
		let now = Self::now();
		let trusted = Self::grantable(&who, doctor, expires_at, now)?;
		Self::ensure_sealed(&trusted, key_version, &key)?;
		let looked_at = Self::settle(patient, &mut found.chart, now);
		ensure!(epoch == found.chart.epoch, Error::<T>::StaleEpoch);
		let seal = Seal { epoch, key_version, lapses: Lapses::<T>::get() };
		let grant = Grant { seal: Some(seal), may_append, expires_at, granted_at: now };
		Self::put_grant(patient, doctor, &mut found.chart, grant)?;
		// The whole chart includes the records that were shared before.
		Self::end_share(patient, doctor);
		GrantKeys::<T>::insert(patient, doctor, key);
		found.chart.note_expiry(earlier(expires_at, trusted.licence_expires));
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::AccessGranted { patient, doctor, may_append, expires_at });
		Ok(looked_at)
	}

	/// Returns the number of grants looked at.
	pub(crate) fn do_share_records(
		who: T::AccountId,
		doctor: DoctorId,
		key: Option<ShareKey>,
		records: SharedRecords,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<u32, DispatchError> {
		let (patient, mut found) = Self::verified_patient_of(&who)?;
		let now = Self::now();
		let trusted = Self::grantable(&who, doctor, expires_at, now)?;
		let looked_at = Self::settle(patient, &mut found.chart, now);
		let mut shared = SharedRecordsOf::<T>::get(patient, doctor);
		match key {
			Some(key) => {
				Self::ensure_sealed(&trusted, key.key_version, &key.key)?;
				let next = found.chart.shares.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
				ensure!(key.generation == next, Error::<T>::StaleShare);
				found.chart.shares = next;
				ShareKeys::<T>::insert(patient, doctor, key);
				// The new key opens nothing that was wrapped under the previous one.
				shared.clear();
			},
			None => ensure!(
				records.is_empty() || ShareKeys::<T>::contains_key(patient, doctor),
				Error::<T>::ShareKeyNeeded
			),
		}
		for SharedRecord { record, key } in records {
			let stored = Records::<T>::get(patient, record).ok_or(Error::<T>::RecordNotFound)?;
			ensure!(stored.document.is_some(), Error::<T>::RecordWithdrawn);
			shared.try_insert(record, key).map_err(|_| Error::<T>::MaxSharedExceeded)?;
		}
		ensure!(may_append || !shared.is_empty(), Error::<T>::NothingShared);
		let grant = Grant { seal: None, may_append, expires_at, granted_at: now };
		Self::put_grant(patient, doctor, &mut found.chart, grant)?;
		GrantKeys::<T>::remove(patient, doctor);
		let count = u32::try_from(shared.len()).unwrap_or(u32::MAX);
		if shared.is_empty() {
			SharedRecordsOf::<T>::remove(patient, doctor);
		} else {
			SharedRecordsOf::<T>::insert(patient, doctor, shared);
		}
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::RecordsShared {
			patient,
			doctor,
			records: count,
			may_append,
			expires_at,
		});
		Ok(looked_at)
	}

	/// Takes access away from the doctors, and then rotates the chart's keys if the rotation fits.
	/// Returns the number of grants looked at.
	pub(crate) fn do_revoke_access(
		who: T::AccountId,
		doctors: DoctorIds,
		rotation: Option<Rotation>,
	) -> Result<u32, DispatchError> {
		let (patient, mut found) = Self::retracting_patient_of(&who)?;
		ensure!(!doctors.is_empty(), Error::<T>::NobodyNamed);
		let now = Self::now();
		let looked_at = Self::settle(patient, &mut found.chart, now);
		for doctor in doctors {
			match Self::take_grant(patient, doctor, &mut found.chart) {
				Some(_) => Self::deposit_event(Event::AccessRevoked { patient, doctor }),
				None => Self::deposit_event(Event::HadNoAccess { patient, doctor }),
			}
		}
		if let Some(rotation) = rotation {
			match Self::rotate(patient, &mut found.chart, rotation, now) {
				Ok(epoch) => Self::deposit_event(Event::ChartKeyRotated { patient, epoch }),
				Err(why) => Self::deposit_event(Event::RotationDropped { patient, why }),
			}
		}
		Patients::<T>::insert(patient, found);
		Ok(looked_at)
	}

	/// Returns the number of grants looked at.
	pub(crate) fn do_relinquish_access(
		who: T::AccountId,
		patient: PatientId,
	) -> Result<u32, DispatchError> {
		let (doctor, _): (DoctorId, _) = Self::person_of(&who)?;
		let mut found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		let looked_at = Self::settle(patient, &mut found.chart, Self::now());
		Self::take_grant(patient, doctor, &mut found.chart).ok_or(Error::<T>::NotGranted)?;
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::AccessRelinquished { patient, doctor });
		Ok(looked_at)
	}

	/// The doctor, if a patient may grant them access until `expires_at`.
	fn grantable(
		who: &T::AccountId,
		doctor: DoctorId,
		expires_at: Option<Moment>,
		now: Moment,
	) -> Result<Doctor<T::AccountId>, Error<T>> {
		let found = Doctors::<T>::get(doctor).ok_or(Error::<T>::DoctorNotFound)?;
		// Notes by the patient's own hand would look like a second opinion.
		ensure!(found.registration.account != *who, Error::<T>::OwnChart);
		Self::practises(&found, now)?;
		ensure!(!has_come(expires_at, now), Error::<T>::ExpiryPassed);
		Ok(found)
	}

	/// Whether `key` is sealed to the encryption key that the doctor's hospital has confirmed.
	fn ensure_sealed(
		doctor: &Doctor<T::AccountId>,
		key_version: u32,
		key: &SealedKey,
	) -> Result<(), Error<T>> {
		ensure!(key_version == doctor.key_version, Error::<T>::KeyChanged);
		ensure!(doctor.is_key_vouched(), Error::<T>::KeyNotVouched);
		ensure!(key.is_well_formed(), Error::<T>::InvalidSealedKey);
		Ok(())
	}

	/// Stores a grant. If it replaces a grant to the whole chart by one to single records, the doctor
	/// has lost the chart.
	fn put_grant(
		patient: PatientId,
		doctor: DoctorId,
		chart: &mut Chart,
		grant: Grant,
	) -> DispatchResult {
		match Grants::<T>::get(patient, doctor) {
			Some(before) => {
				if before.holds(chart.epoch) && !grant.holds(chart.epoch) {
					chart.mark_lost();
				}
			},
			None => {
				ensure!(chart.grants < MAX_GRANTS, Error::<T>::MaxGrantsExceeded);
				chart.grants = chart.grants.saturating_add(1);
				GrantedTo::<T>::insert(doctor, patient, ());
			},
		}
		Grants::<T>::insert(patient, doctor, grant);
		Ok(())
	}

	/// Removes a grant with its keys. If the doctor held the distributed secret, that secret is lost.
	fn take_grant(patient: PatientId, doctor: DoctorId, chart: &mut Chart) -> Option<Grant> {
		let grant = Grants::<T>::take(patient, doctor)?;
		GrantedTo::<T>::remove(doctor, patient);
		GrantKeys::<T>::remove(patient, doctor);
		Self::end_share(patient, doctor);
		chart.grants = chart.grants.checked_sub(1).unwrap_or_else(|| {
			defensive!("each grant was counted");
			0
		});
		if grant.holds(chart.epoch) {
			chart.mark_lost();
		}
		Some(grant)
	}

	fn end_share(patient: PatientId, doctor: DoctorId) {
		ShareKeys::<T>::remove(patient, doctor);
		SharedRecordsOf::<T>::remove(patient, doctor);
	}
}
