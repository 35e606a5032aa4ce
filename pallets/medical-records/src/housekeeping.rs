//! The chain's chores in its spare time: [carrying out changes of accounts](crate::account_changes) that are
//! due, deleting registrations that no hospital decided about, ending [requests to move](crate::moves) that no
//! hospital answered, [carrying out relocations](crate::relocation), clearing away grants and deposits that ran out, and [counting the
//! records](crate::recount) of old charts. Each block takes some steps, and accounts for the weight of each.

use crate::*;
use frame_support::{
	pallet_prelude::*,
	storage::{StorageMap as _, StorageValue as _},
	traits::{Get, GetStorageVersion},
	weights::WeightMeter,
};

/// The maximum number of people that one block looks at for each of the chores.
const STEPS: usize = 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn keep_house(limit: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(limit);
		// Entries of an older version could be taken for others.
		if meter.try_consume(<T as Config>::WeightInfo::on_idle_base()).is_ok()
			&& Self::on_chain_storage_version() == Self::in_code_storage_version()
		{
			Self::change_accounts(&mut meter);
			Self::sweep::<PatientId>(&mut meter);
			Self::sweep::<DoctorId>(&mut meter);
			Self::end_requests(&mut meter);
			Self::relocate(&mut meter);
			Self::clear_grants(&mut meter);
			Self::count_records(&mut meter);
		}
		meter.consumed()
	}

	/// Deletes registrations that have lapsed. Ids follow the time of registration, so the sweep ends
	/// at the first person whose hospital may still decide. One who was moved holds it back for longer.
	pub(crate) fn sweep<Id: PersonId<T>>(meter: &mut WeightMeter) {
		let start = Id::Oldest::get();
		let end = Id::Next::get();
		let mut at = start;
		for _ in 0..STEPS {
			if at >= end || meter.try_consume(Id::sweep_weight()).is_err() {
				break;
			}
			if let Some(entry) = Id::Entries::get(at) {
				let registration = entry.as_ref();
				if !registration.was_verified() {
					if !Self::has_lapsed(registration.registered_at) {
						break;
					}
					at.forget();
					Id::IdOf::remove(&registration.account);
					Self::deposit_event(Event::RegistrationLapsed { person: at.into() });
				}
			}
			at = at.following().unwrap_or(end);
		}
		if at != start {
			Id::Oldest::put(at);
		}
	}

	/// Looks at some more patients, and clears away those of their grants and deposits that ran out some
	/// time ago.
	/// Begins anew after the last patient.
	pub(crate) fn clear_grants(meter: &mut WeightMeter) {
		let start = NextCleared::<T>::get();
		let end = NextPatient::<T>::get();
		let mut at = start;
		for _ in 0..STEPS {
			if meter.try_consume(<T as Config>::WeightInfo::clear_grants(0)).is_err() {
				break;
			}
			if at >= end {
				at = PatientId::default();
				break;
			}
			if let Some(found) = Patients::<T>::get(at).filter(|found| found.chart.grants > 0) {
				let weight = <T as Config>::WeightInfo::clear_grants(found.chart.grants);
				if meter.try_consume(weight).is_err() {
					break;
				}
				Self::clear_expired(at, found);
			}
			if !Self::clear_deposits(at, meter) {
				break;
			}
			at = at.next().unwrap_or_default();
		}
		if at != start {
			NextCleared::<T>::put(at);
		}
	}

	/// Whether a registration lapses now, if no hospital has decided about it.
	pub(crate) fn has_lapsed(registered_at: Moment) -> bool {
		registered_at.saturating_add(T::RegistrationPeriod::get()) <= Self::now()
	}
}
