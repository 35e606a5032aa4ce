//! The weights of calls: what each declares, and what it used in the end. As in the pallet of charts, a call
//! declares the most that it may take, and gives back what it did not.

use crate::*;
use frame_support::{dispatch::DispatchResultWithPostInfo, traits::Get, weights::Weight};

/// The number of things that a call names.
pub(crate) fn count_of<Item>(named: &[Item]) -> u32 {
	u32::try_from(named.len()).unwrap_or(u32::MAX)
}

pub(crate) fn shares_in(divided: &Divided) -> u32 {
	count_of(&divided.shares)
}

pub(crate) fn records_in(set: &EmergencySet) -> u32 {
	match set {
		EmergencySet::Chart(_) => 0,
		EmergencySet::Records { records, .. } => {
			u32::try_from(records.len()).unwrap_or(MAX_EMERGENCY_RECORDS)
		},
	}
}

pub(crate) fn finish_recovery_weight<T: Config>(with: &NewSecrets) -> Weight {
	match with {
		NewSecrets::Patient(rotation) => {
			// The rotation looks at the doctors once more after the chart is settled.
			let looking = <T as Config>::WeightInfo::recipients(MAX_GRANTS);
			<T as Config>::WeightInfo::finish_recovery(count_of(&rotation.sealed))
				.saturating_add(looking)
		},
		NewSecrets::Doctor { .. } => <T as Config>::WeightInfo::finish_doctors_recovery(),
	}
}

/// One that is over may have to make room.
pub(crate) fn name_representative_weight<T: Config>() -> Weight {
	<T as Config>::WeightInfo::name_representative()
		.saturating_add(<T as Config>::WeightInfo::end_representation())
}

/// The same, after a look at all patients of the representative.
pub(crate) fn confirm_representative_weight<T: Config>() -> Weight {
	<T as Config>::WeightInfo::confirm_representative()
		.saturating_add(<T as Config>::WeightInfo::end_representation())
		.saturating_add(T::DbWeight::get().reads(MAX_REPRESENTED.into()))
}

pub(crate) fn add_records_for_weight<T: Config>(records: &NewRecords) -> Weight {
	<T as Config>::WeightInfo::add_records_for(count_of(records))
}

pub(crate) fn revoke_access_for_weight<T: Config>(doctors: &DoctorIds) -> Weight {
	<T as Config>::WeightInfo::revoke_access_for(count_of(doctors))
}

/// A call's weight, if it has to look at all of the chart's grants first.
pub(crate) fn with_settling<T: Config>(weight: Weight) -> Weight {
	weight.saturating_add(<T as Config>::WeightInfo::settle(MAX_GRANTS))
}

/// The weight that a call used after it looked at this many grants.
pub(crate) fn used<T: Config>(weight: Weight, looked_at: u32) -> DispatchResultWithPostInfo {
	let settling = match looked_at {
		0 => Weight::zero(),
		grants => <T as Config>::WeightInfo::settle(grants),
	};
	Ok(Some(weight.saturating_add(settling)).into())
}

/// A call's weight, if it has to look at as many grants as it may, as for the patient's own records.
pub(crate) fn with_sealing<T: Config>(
	weight: Weight,
	recipients: &Option<RecipientsDigest>,
) -> Weight {
	weight.saturating_add(match recipients {
		None => <T as Config>::WeightInfo::settle(MAX_LOOK),
		Some(NO_RECIPIENTS) => <T as Config>::WeightInfo::settle(MAX_GRANTS),
		Some(_) => <T as Config>::WeightInfo::recipients(MAX_GRANTS),
	})
}

/// The weight that a call used after it looked at these numbers of grants.
pub(crate) fn used_sealing<T: Config>(
	weight: Weight,
	looked: Looked,
) -> DispatchResultWithPostInfo {
	match looked.recipients {
		0 => used::<T>(weight, looked.settling),
		grants => {
			let looking = <T as Config>::WeightInfo::recipients(grants);
			Ok(Some(weight.saturating_add(looking)).into())
		},
	}
}
