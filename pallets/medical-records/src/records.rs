//! Records and notes, which are added and withdrawn, but never changed.

use crate::*;
use alloc::collections::BTreeSet;
use frame_support::{defensive, ensure, pallet_prelude::*, traits::Get};

impl<T: Config> Pallet<T> {
	/// Returns the numbers of grants looked at.
	pub(crate) fn do_add_records(
		who: T::AccountId,
		sealed_to: SealedTo,
		records: NewRecords,
	) -> Result<LookedAt, DispatchError> {
		let (patient, found) = Self::verified_patient_of(&who)?;
		Self::add_own(patient, found, Author::Patient, sealed_to, records)
	}

	/// Adds records by the patient, or by one who acts for the patient. A note answers any record of the chart.
	pub(crate) fn add_own(
		patient: PatientId,
		found: Patient<T::AccountId>,
		author: Author,
		sealed_to: SealedTo,
		records: NewRecords,
	) -> Result<LookedAt, DispatchError> {
		Self::add(patient, found, author, sealed_to, records, |index| {
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
		// The patient's account may have become the doctor's since the grant.
		ensure!(found.registration.account != who, Error::<T>::OwnChart);
		let mut grant = Grants::<T>::get(patient, doctor).ok_or(Error::<T>::NotGranted)?;
		Self::live(&acting, &grant, Self::now()).map_err(Error::<T>::from)?;
		ensure!(grant.may_append, Error::<T>::AppendNotAllowed);
		grant.appends_left = grant
			.appends_left
			.checked_sub(count_of(&records))
			.ok_or(Error::<T>::AppendBudgetSpent)?;
		Grants::<T>::insert(patient, doctor, &grant);
		// Read once, not for each note.
		let shared = Self::shared_by(patient, doctor, &grant);
		Self::add(patient, found, Author::Doctor(doctor), sealed_to, records, |index| {
			Self::reaches(patient, shared.as_ref(), index).map_err(Error::<T>::from)
		})
	}

	/// Adds the records, if the chart has room for all, each note answers a record that its author may
	/// see, and no doctor who has lost access could open them.
	pub(crate) fn add(
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
		let count = count_of(&records);
		Self::take_room(&mut found.chart, author, count)?;
		let choice = VaultChoices::<T>::get(patient);
		let first = found.chart.records;
		// Places are not reused, since keys and notes name them.
		let end = first.checked_add(count).ok_or(Error::<T>::IdsExhausted)?;
		// A batch's documents usually are in one vault. Each is asked about once, in whatever order they come.
		let mut kept_by = BTreeSet::new();
		for (index, new) in (first..end).zip(records) {
			match kept_by.insert(new.document.vault) {
				true => Self::ensure_kept(&choice, &new.document)?,
				false => Self::ensure_size(&new.document)?,
			}
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

	/// Takes up room for `count` more records. The last places are the patient's own, so that others
	/// can't fill the chart.
	fn take_room(chart: &mut Chart, author: Author, count: u32) -> Result<(), Error<T>> {
		let live = chart.live.saturating_add(count);
		let room = T::MaxRecords::get();
		ensure!(live <= room, Error::<T>::MaxRecordsExceeded);
		let is_reserved = live > room.saturating_sub(T::PatientsReserve::get());
		ensure!(author == Author::Patient || !is_reserved, Error::<T>::ReservedForPatient);
		chart.live = live;
		Ok(())
	}

	/// Erases the records' pointers and keys, and gives their room back. Returns the number of grants
	/// looked at.
	pub(crate) fn do_withdraw_records(
		who: T::AccountId,
		records: &RecordIndices,
	) -> Result<u32, DispatchError> {
		let (patient, mut found) = Self::verified_patient_of(&who)?;
		ensure!(!records.is_empty(), Error::<T>::NoRecordNamed);
		for index in records {
			Records::<T>::try_mutate(patient, index, |slot| {
				let record = slot.as_mut().ok_or(Error::<T>::RecordNotFound)?;
				ensure!(record.document.take().is_some(), Error::<T>::RecordWithdrawn);
				Ok::<(), DispatchError>(())
			})?;
			found.chart.live = found.chart.live.checked_sub(1).unwrap_or_else(|| {
				defensive!("each record was counted");
				0
			});
			Self::deposit_event(Event::RecordWithdrawn { patient, record: *index });
		}
		Self::note_withdrawn(patient, records);
		T::Delegates::withdrawn(patient, records);
		for (doctor, grant) in Grants::<T>::iter_prefix(patient) {
			if grant.scope() == Scope::Records {
				Self::forget_shared(patient, doctor, records);
			}
		}
		let looked_at = found.chart.grants;
		Patients::<T>::insert(patient, found);
		Ok(looked_at)
	}
}
