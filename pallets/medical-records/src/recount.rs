//! The count of the records that charts from before version 2 of the storage have.
//!
//! That version began to count a chart's live records. Which records had been withdrawn before, only a look at
//! each tells, so the migration took all of them for live, and a chart that was full of withdrawn records was
//! full. Here idle blocks look at them, some in each, chart after chart. A chart's number is right as soon as its
//! records have been looked at. Records go on being added and withdrawn meanwhile.

use crate::*;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::weights::WeightMeter;
use scale_info::TypeInfo;

/// The maximum number of charts, or parts of them, that one block looks at.
const STEPS: u32 = 32;

/// The maximum number of records of one chart that a step looks at.
const RECORDS: u32 = MAX_BATCH;

/// How far the charts have been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Recount {
	/// The patient whose chart is counted.
	pub patient: PatientId,
	/// The next record to look at.
	pub record: RecordIndex,
	/// The number of records before that one that are withdrawn.
	pub withdrawn: u32,
	/// The end of the patients whose charts are counted.
	pub end: PatientId,
}

impl Recount {
	/// A count of the charts of all patients before `end`.
	pub(crate) fn until(end: PatientId) -> Self {
		Self { patient: PatientId::default(), record: 0, withdrawn: 0, end }
	}

	/// Whether the patient's chart may still have too high a number.
	#[cfg(any(feature = "std", feature = "try-runtime"))]
	pub(crate) fn is_ahead(&self, patient: PatientId) -> bool {
		(self.patient..self.end).contains(&patient)
	}

	/// Goes on with the next patient.
	fn pass(&mut self) {
		*self = Self { patient: self.patient.next().unwrap_or(self.end), ..Self::until(self.end) };
	}
}

impl<T: Config> Pallet<T> {
	/// Looks at some more records. After the last patient the item is gone.
	pub(crate) fn count_records(meter: &mut WeightMeter) {
		let Some(start) = Recounting::<T>::get() else { return };
		let mut recount = start;
		for _ in 0..STEPS {
			if recount.patient >= recount.end || !Self::count_some(&mut recount, meter) {
				break;
			}
		}
		if recount.patient >= recount.end {
			Recounting::<T>::kill();
		} else if recount != start {
			Recounting::<T>::put(recount);
		}
	}

	/// Looks at some records of one chart, and corrects its number after the last. Returns whether there was
	/// enough weight left for that.
	fn count_some(recount: &mut Recount, meter: &mut WeightMeter) -> bool {
		if meter.try_consume(<T as Config>::WeightInfo::count_records(0)).is_err() {
			return false;
		}
		let patient = recount.patient;
		let Some(mut found) = Patients::<T>::get(patient) else {
			recount.pass();
			return true;
		};
		let records = found.chart.records;
		let count = records.saturating_sub(recount.record).min(RECORDS);
		if count > 0 && meter.try_consume(<T as Config>::WeightInfo::count_records(count)).is_err()
		{
			return false;
		}
		let end = recount.record.saturating_add(count);
		for index in recount.record..end {
			let is_live =
				Records::<T>::get(patient, index).is_some_and(|record| record.document.is_some());
			recount.withdrawn = recount.withdrawn.saturating_add((!is_live).into());
		}
		recount.record = end;
		if end < records {
			return true;
		}
		let live = records.saturating_sub(recount.withdrawn);
		if found.chart.live != live {
			found.chart.live = live;
			Patients::<T>::insert(patient, found);
		}
		recount.pass();
		true
	}

	/// Notes that records were withdrawn that the count has looked at already.
	pub(crate) fn note_withdrawn(patient: PatientId, records: &[RecordIndex]) {
		let Some(mut recount) = Recounting::<T>::get().filter(|one| one.patient == patient) else {
			return;
		};
		let passed = records.iter().filter(|index| **index < recount.record).count();
		let passed = u32::try_from(passed).unwrap_or(u32::MAX);
		recount.withdrawn = recount.withdrawn.saturating_add(passed);
		Recounting::<T>::put(recount);
	}
}
