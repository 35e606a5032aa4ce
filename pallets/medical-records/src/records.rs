//! Records and notes, which are added and withdrawn, but never changed.

use crate::*;
use frame_support::{ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	/// Returns the numbers of grants looked at.
	pub(crate) fn do_add_records(
		who: T::AccountId,
		sealed_to: SealedTo,
		records: NewRecords,
	) -> Result<LookedAt, DispatchError> {
		let (patient, found) = Self::verified_patient_of(&who)?;
		Self::add(patient, found, Author::Patient, sealed_to, records, |index| {
			let record = Records::<T>::get(patient, index).ok_or(Error::<T>::RecordNotFound)?;
			ensure!(record.document.is_some(), Error::<T>::RecordWithdrawn);
			Ok(())
		})
	}

	/// Returns the numbers of grants looked at.
	pub(crate) fn do_append_records(
		who: T::AccountId,
		patient: PatientId,
		sealed_to: SealedTo,
		records: NewRecords,
	) -> Result<LookedAt, DispatchError> {
		let (doctor, acting): (DoctorId, _) = Self::person_of(&who)?;
		let found = Patients::<T>::get(patient).ok_or(Error::<T>::PatientNotFound)?;
		let grant = Grants::<T>::get(patient, doctor).ok_or(Error::<T>::NotGranted)?;
		Self::live(&acting, &grant, Self::now()).map_err(Error::<T>::from)?;
		ensure!(grant.may_append, Error::<T>::AppendNotAllowed);
		Self::add(patient, found, Author::Doctor(doctor), sealed_to, records, |index| {
			Self::reaches(patient, doctor, &grant, index).map_err(Error::<T>::from)
		})
	}

	/// Adds the records, if the chart has room for all, each note answers a record that its author may
	/// see, and no doctor who has lost access could open them.
	fn add(
		patient: PatientId,
		mut found: Patient<T::AccountId>,
		author: Author,
		sealed_to: SealedTo,
		records: NewRecords,
		ensure_answerable: impl Fn(RecordIndex) -> Result<(), Error<T>>,
	) -> Result<LookedAt, DispatchError> {
		ensure!(!records.is_empty(), Error::<T>::NothingToAdd);
		let now = Self::now();
		let epoch = sealed_to.epoch;
		let looked_at = Self::ensure_sealed_to(patient, &mut found.chart, sealed_to, now)?;
		let first = found.chart.records;
		let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
		let end = first.saturating_add(count);
		ensure!(end <= T::MaxRecords::get(), Error::<T>::MaxRecordsExceeded);
		for (index, new) in (first..end).zip(records) {
			Self::ensure_document(&new.document)?;
			if let Some(answered) = new.in_reply_to {
				ensure_answerable(answered)?;
			}
			let record = Record {
				document: Some(new.document),
				author,
				sealed_to: epoch,
				in_reply_to: new.in_reply_to,
				recorded_at: Minute::of(now),
			};
			Records::<T>::insert(patient, index, record);
		}
		found.chart.records = end;
		Patients::<T>::insert(patient, found);
		Self::deposit_event(Event::RecordsAdded { patient, author, first, count });
		Ok(looked_at)
	}

	pub(crate) fn do_withdraw_record(who: T::AccountId, index: RecordIndex) -> DispatchResult {
		let (patient, _) = Self::retracting_patient_of(&who)?;
		Records::<T>::try_mutate(patient, index, |slot| {
			let record = slot.as_mut().ok_or(Error::<T>::RecordNotFound)?;
			ensure!(record.document.is_some(), Error::<T>::RecordWithdrawn);
			record.document = None;
			Ok::<(), DispatchError>(())
		})?;
		for (doctor, _) in Grants::<T>::iter_prefix(patient) {
			SharedRecordsOf::<T>::mutate_exists(patient, doctor, |slot| {
				let Some(shared) = slot.as_mut() else { return };
				shared.remove(&index);
				if shared.is_empty() {
					*slot = None;
				}
			});
		}
		Self::deposit_event(Event::RecordWithdrawn { patient, record: index });
		Ok(())
	}
}
