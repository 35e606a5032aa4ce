//! The weights of calls: what each declares, and what it used in the end.
//!
//! A call declares the most that it may take, by its arguments alone. The pool, and the room in a block, go by
//! that. Afterwards it gives back what it did not take.

use crate::*;
use frame_support::{dispatch::DispatchResultWithPostInfo, weights::Weight};

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

/// A grant's weight, if an expired one has to make room for it.
pub(crate) fn with_room<T: Config>(weight: Weight, made_room: bool) -> Weight {
	let making = match made_room {
		true => <T as Config>::WeightInfo::make_room(),
		false => Weight::zero(),
	};
	weight.saturating_add(making)
}

pub(crate) fn withdraw_records_weight<T: Config>(records: &RecordIndices, grants: u32) -> Weight {
	<T as Config>::WeightInfo::withdraw_records(records.len() as u32, grants)
}

pub(crate) fn unshare_records_weight<T: Config>(records: &RecordIndices) -> Weight {
	<T as Config>::WeightInfo::unshare_records(records.len() as u32)
}

pub(crate) fn relinquish_access_weight<T: Config>(patients: &PatientIds) -> Weight {
	<T as Config>::WeightInfo::relinquish_access(patients.len() as u32)
}

pub(crate) fn verify_patients_weight<T: Config>(patients: &PatientBatch) -> Weight {
	<T as Config>::WeightInfo::verify_patients(count_of(patients))
}

/// A call's weight, if it has to look at as many grants as it may: first to settle the chart, and then for
/// the doctors to whose own keys its files are encrypted.
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
	looked_at: LookedAt,
) -> DispatchResultWithPostInfo {
	match looked_at.recipients {
		0 => used::<T>(weight, looked_at.settling),
		grants => {
			let looking = <T as Config>::WeightInfo::recipients(grants);
			Ok(Some(weight.saturating_add(looking)).into())
		},
	}
}

pub(crate) fn add_records_weight<T: Config>(records: &NewRecords) -> Weight {
	<T as Config>::WeightInfo::add_records(records.len() as u32)
}

/// A doctor may see the whole chart, or single records. The call does not tell.
pub(crate) fn append_records_weight<T: Config>(records: &NewRecords) -> Weight {
	let count = records.len() as u32;
	<T as Config>::WeightInfo::append_records(count)
		.max(<T as Config>::WeightInfo::append_to_shared(count))
}

pub(crate) fn deposit_records_weight<T: Config>(records: &NewRecords) -> Weight {
	<T as Config>::WeightInfo::deposit_records(records.len() as u32)
}

pub(crate) fn end_deposit_weight<T: Config>(institutions: &InstitutionIds) -> Weight {
	<T as Config>::WeightInfo::end_deposit(institutions.len() as u32)
}

/// The records replace those that were shared before, or are added to them. The number of those is unknown before.
pub(crate) fn share_records_weight<T: Config>(records: &SharedRecords) -> Weight {
	let count = records.len() as u32;
	<T as Config>::WeightInfo::share_records(count)
		.max(<T as Config>::WeightInfo::share_more_records(count))
}

/// The number of things that a call names.
pub(crate) fn count_of<Item>(named: &[Item]) -> u32 {
	u32::try_from(named.len()).unwrap_or(u32::MAX)
}

pub(crate) fn sealed_in(rotation: &Rotation) -> u32 {
	rotation.sealed.len() as u32
}

/// The weight of a rotation that gives the new secret to so many doctors, of so many with a grant.
pub(crate) fn rotate_weight<T: Config>(sealed: u32, grants: u32) -> Weight {
	<T as Config>::WeightInfo::rotate_chart_key(sealed, grants.saturating_sub(sealed))
}

pub(crate) fn revoke_access_weight<T: Config>(
	doctors: u32,
	sealed: Option<u32>,
	grants: u32,
) -> Weight {
	let revoking = <T as Config>::WeightInfo::revoke_access(doctors);
	let rotating = sealed.map_or(Weight::zero(), |sealed| rotate_weight::<T>(sealed, grants));
	revoking.saturating_add(rotating)
}
