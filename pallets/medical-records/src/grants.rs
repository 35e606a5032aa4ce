//! Granting, sharing, revoking, relinquishing, and clearing away what has run out.

use crate::*;
use alloc::vec::Vec;
use frame_support::{defensive, ensure, pallet_prelude::*};

impl<T: Config> Pallet<T> {
	/// Returns the number of grants looked at, and whether an expired one had to make room.
	pub(crate) fn do_grant_access(
		who: T::AccountId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<(u32, bool), DispatchError> {
		let (patient, found) = Self::verified_patient_of(&who)?;
		Self::grant_chart((patient, found), &who, epoch, key, may_append, expires_at)
	}

	/// As [`Self::do_grant_access`], by the patient or by one who acts for the patient.
	pub(crate) fn grant_chart(
		(patient, mut found): (PatientId, Patient<T::AccountId>),
		by: &T::AccountId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<(u32, bool), DispatchError> {
		let KeyForDoctor { doctor, key_version, key } = key;
		let now = Self::now();
		let trusted = Self::grantable(by, doctor, expires_at, now)?;
		ensure!(trusted.registration.account != found.registration.account, Error::<T>::OwnChart);
		Self::ensure_sealed(&trusted, key_version, &key)?;
		let looked_at = Self::settle(patient, &mut found.chart, now);
		ensure!(epoch == found.chart.epoch, Error::<T>::StaleEpoch);
		let seal = Seal { epoch, key_version, lapses: Lapses::<T>::get() };
		let grant = Self::new_grant(Some(seal), may_append, expires_at, now);
		let made_room = Self::put_grant(patient, doctor, &mut found.chart, grant)?;
		// The whole chart includes the records that were shared before.
		Self::end_share(patient, doctor);
		GrantKeys::<T>::insert(patient, doctor, key);
		let until = earlier(expires_at, trusted.licence_expires);
		found.chart.note_holder(trusted.registration.hospital, until);
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::AccessGranted { patient, doctor, may_append, expires_at });
		Ok((looked_at, made_room))
	}

	/// Returns the number of grants looked at, and whether an expired one had to make room.
	pub(crate) fn do_share_records(
		who: T::AccountId,
		doctor: DoctorId,
		under: ShareUnder,
		records: SharedRecords,
		may_append: bool,
		expires_at: Option<Moment>,
	) -> Result<(u32, bool), DispatchError> {
		let (patient, mut found) = Self::verified_patient_of(&who)?;
		let now = Self::now();
		let trusted = Self::grantable(&who, doctor, expires_at, now)?;
		let looked_at = Self::settle(patient, &mut found.chart, now);
		let mut shared = SharedRecordsOf::<T>::get(patient, doctor);
		match under {
			ShareUnder::New(key) => {
				Self::ensure_sealed(&trusted, key.key_version, &key.key)?;
				let next = found.chart.shares.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
				ensure!(key.generation == next, Error::<T>::StaleShare);
				found.chart.shares = next;
				ShareKeys::<T>::insert(patient, doctor, key);
				// The new key opens nothing that was wrapped under the previous one.
				shared.clear();
			},
			ShareUnder::Present(generation) => {
				let key = ShareKeys::<T>::get(patient, doctor).ok_or(Error::<T>::ShareKeyNeeded)?;
				ensure!(key.generation == generation, Error::<T>::StaleShare);
				// A doctor who has another key now may have lost the one that holds the share key.
				Self::ensure_sealed(&trusted, key.key_version, &key.key)?;
			},
			ShareUnder::Nothing => ensure!(records.is_empty(), Error::<T>::ShareKeyNeeded),
		}
		for SharedRecord { record, key } in records {
			let stored = Records::<T>::get(patient, record).ok_or(Error::<T>::RecordNotFound)?;
			ensure!(stored.document.is_some(), Error::<T>::RecordWithdrawn);
			shared.try_insert(record, key).map_err(|_| Error::<T>::MaxSharedExceeded)?;
		}
		ensure!(may_append || !shared.is_empty(), Error::<T>::NothingShared);
		let grant = Self::new_grant(None, may_append, expires_at, now);
		let made_room = Self::put_grant(patient, doctor, &mut found.chart, grant)?;
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
		Ok((looked_at, made_room))
	}

	/// The keys of the remaining records stay: the doctor had all of them anyway.
	pub(crate) fn do_unshare_records(
		who: T::AccountId,
		doctor: DoctorId,
		records: RecordIndices,
	) -> DispatchResult {
		let (patient, mut found) = Self::retracting_patient_of(&who)?;
		ensure!(!records.is_empty(), Error::<T>::NoRecordNamed);
		let grant = Grants::<T>::get(patient, doctor).ok_or(Error::<T>::NotGranted)?;
		let left =
			Self::forget_shared(patient, doctor, &records).ok_or(Error::<T>::RecordNotShared)?;
		// A share that was prepared before must not bring these records back.
		found.chart.shares = found.chart.shares.saturating_add(1);
		let Grant { may_append, expires_at, .. } = grant;
		if left > 0 || may_append {
			Patients::<T>::insert(patient, found);
			Self::deposit_event(Event::RecordsUnshared {
				patient,
				doctor,
				records: left,
				may_append,
				expires_at,
			});
			return Ok(());
		}
		// A grant to nothing is none.
		Self::take_grant(patient, doctor, &mut found.chart);
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::AccessRevoked { patient, doctor });
		Ok(())
	}

	/// Removes records from those that are shared with a doctor. Returns the number of the others, or
	/// `None` if none of the records was shared.
	pub(crate) fn forget_shared(
		patient: PatientId,
		doctor: DoctorId,
		records: &[RecordIndex],
	) -> Option<u32> {
		SharedRecordsOf::<T>::mutate_exists(patient, doctor, |slot| {
			let shared = slot.as_mut()?;
			let before = shared.len();
			for index in records {
				shared.remove(index);
			}
			let left = shared.len();
			if left == 0 {
				*slot = None;
			}
			(left < before).then_some(u32::try_from(left).unwrap_or(u32::MAX))
		})
	}

	pub(crate) fn do_renew_append_budget(who: T::AccountId, doctor: DoctorId) -> DispatchResult {
		let (patient, _) = Self::verified_patient_of(&who)?;
		Grants::<T>::try_mutate(patient, doctor, |slot| {
			let grant = slot.as_mut().ok_or(Error::<T>::NotGranted)?;
			ensure!(grant.may_append, Error::<T>::AppendNotAllowed);
			grant.appends_left = T::AppendBudget::get();
			Ok::<(), DispatchError>(())
		})?;
		Self::deposit_event(Event::AppendBudgetRenewed { patient, doctor });
		Ok(())
	}

	/// Takes access away from the doctors, and then rotates the chart's keys if the rotation fits.
	/// Returns the number of grants looked at beforehand, and the number that the rotation looked at.
	pub(crate) fn do_revoke_access(
		who: T::AccountId,
		doctors: DoctorIds,
		rotation: Option<Rotation>,
	) -> Result<(u32, u32), DispatchError> {
		let person = Self::retracting_patient_of(&who)?;
		Self::revoke(person, doctors, rotation)
	}

	/// As [`Self::do_revoke_access`], by the patient or by one who acts for the patient.
	pub(crate) fn revoke(
		(patient, mut found): (PatientId, Patient<T::AccountId>),
		doctors: DoctorIds,
		rotation: Option<Rotation>,
	) -> Result<(u32, u32), DispatchError> {
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
		let grants = found.chart.grants;
		Patients::<T>::insert(patient, found);
		Ok((looked_at, grants))
	}

	/// The charts need no look at their other doctors: what is added later is preceded by one.
	pub(crate) fn do_relinquish_access(who: T::AccountId, patients: PatientIds) -> DispatchResult {
		let (doctor, _): (DoctorId, _) = Self::person_of(&who)?;
		ensure!(!patients.is_empty(), Error::<T>::NobodyNamed);
		let mut had_access = false;
		for patient in patients {
			let ended = Patients::<T>::mutate(patient, |slot| {
				Self::take_grant(patient, doctor, &mut slot.as_mut()?.chart)
			});
			match ended {
				Some(_) => {
					had_access = true;
					Self::deposit_event(Event::AccessRelinquished { patient, doctor });
				},
				None => Self::deposit_event(Event::HadNoAccess { patient, doctor }),
			}
		}
		ensure!(had_access, Error::<T>::NotGranted);
		Ok(())
	}

	/// Clears away the patient's grants that ran out some time ago.
	pub(crate) fn clear_expired(patient: PatientId, mut found: Patient<T::AccountId>) {
		let now = Self::now();
		let is_over = |grant: &Grant| {
			let kept = T::ExpiredGrantsKept::get();
			has_come(grant.expires_at.map(|end| end.saturating_add(kept)), now)
		};
		let over: Vec<_> = Grants::<T>::iter_prefix(patient)
			.filter(|(_, grant)| is_over(grant))
			.map(|(doctor, _)| doctor)
			.collect();
		if over.is_empty() {
			return;
		}
		for doctor in over {
			Self::clear(patient, doctor, &mut found.chart);
		}
		Patients::<T>::insert(patient, found);
	}

	fn clear(patient: PatientId, doctor: DoctorId, chart: &mut Chart) {
		Self::take_grant(patient, doctor, chart);
		Self::deposit_event(Event::ExpiredGrantCleared { patient, doctor });
	}

	/// A grant that is given or changed now.
	fn new_grant(
		seal: Option<Seal>,
		may_append: bool,
		expires_at: Option<Moment>,
		now: Moment,
	) -> Grant {
		let appends_left = T::AppendBudget::get();
		Grant { seal, may_append, expires_at, granted_at: now, appends_left }
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
	/// has lost the chart. Returns whether an expired grant had to make room for it.
	fn put_grant(
		patient: PatientId,
		doctor: DoctorId,
		chart: &mut Chart,
		grant: Grant,
	) -> Result<bool, DispatchError> {
		let mut made_room = false;
		match Grants::<T>::get(patient, doctor) {
			Some(before) => {
				if before.holds(chart.epoch) && !grant.holds(chart.epoch) {
					chart.mark_lost();
				}
			},
			None => {
				if chart.grants >= MAX_GRANTS {
					Self::make_room(patient, chart)?;
					made_room = true;
				}
				chart.grants = chart.grants.saturating_add(1);
				GrantedTo::<T>::insert(doctor, patient, ());
			},
		}
		Grants::<T>::insert(patient, doctor, grant);
		Ok(made_room)
	}

	/// Clears away one of the patient's grants that has run out.
	pub(crate) fn make_room(patient: PatientId, chart: &mut Chart) -> DispatchResult {
		let now = Self::now();
		let (doctor, _) = Grants::<T>::iter_prefix(patient)
			.find(|(_, grant)| has_come(grant.expires_at, now))
			.ok_or(Error::<T>::MaxGrantsExceeded)?;
		Self::clear(patient, doctor, chart);
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
