//! The chain's chores in its spare time: [carrying out changes of accounts](crate::account_changes) that are
//! due, deleting registrations that no hospital decided about, and
//! [carrying out relocations](crate::relocation). Each block takes some steps, and accounts for the weight
//! of each.

use crate::*;
use frame_support::{
	pallet_prelude::*,
	storage::{StorageMap as _, StorageValue as _},
	traits::Get,
	weights::WeightMeter,
};

/// The maximum number of people that one block looks at for each of the chores.
const STEPS: usize = 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn keep_house(limit: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(limit);
		if meter.try_consume(<T as Config>::WeightInfo::on_idle_base()).is_ok() {
			Self::change_accounts(&mut meter);
			Self::sweep::<PatientId>(&mut meter);
			Self::sweep::<DoctorId>(&mut meter);
			Self::relocate(&mut meter);
		}
		meter.consumed()
	}

	/// Deletes registrations that have lapsed. Ids follow the time of registration, so the sweep ends
	/// at the first person whose hospital may still decide.
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

	fn has_lapsed(registered_at: Moment) -> bool {
		registered_at.saturating_add(T::RegistrationPeriod::get()) <= Self::now()
	}
}
