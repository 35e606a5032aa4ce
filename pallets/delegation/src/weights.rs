//! The weights of `pallet_delegation`, written by `scripts/benchmark`; don't edit.
//!
//! None is measured yet. Each is composed from those of `pallet_medical_records` with the same work, and from the
//! reads and writes of the items that the call has.

#![allow(missing_docs, unused_parens)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};

/// What each call costs.
pub trait WeightInfo {
	fn set_acting_key() -> Weight;
	fn set_guardians(s: u32) -> Weight;
	fn remove_guardians() -> Weight;
	fn request_recovery() -> Weight;
	fn approve_recovery() -> Weight;
	fn withdraw_approval() -> Weight;
	fn hand_over_share() -> Weight;
	fn finish_recovery(d: u32) -> Weight;
	fn finish_doctors_recovery() -> Weight;
	fn veto_recovery() -> Weight;
	fn cancel_recovery() -> Weight;
	fn name_representative() -> Weight;
	fn confirm_representative() -> Weight;
	fn refuse_representative() -> Weight;
	fn seal_to_representative() -> Weight;
	fn end_representation() -> Weight;
	fn resign_representation() -> Weight;
	fn add_records_for(r: u32) -> Weight;
	fn grant_access_for() -> Weight;
	fn revoke_access_for(d: u32) -> Weight;
	fn set_emergency_plan(s: u32, r: u32) -> Weight;
	fn renew_emergency_key() -> Weight;
	fn remove_emergency_plan() -> Weight;
	fn request_emergency() -> Weight;
	fn confirm_emergency() -> Weight;
	fn end_emergency() -> Weight;
	fn withdraw_emergency_request() -> Weight;
	fn review_emergency() -> Weight;
	fn settle(g: u32) -> Weight;
	fn recipients(g: u32) -> Weight;
	fn on_idle_base() -> Weight;
	fn sweep() -> Weight;
}

/// As composed, with the runtime's cost of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! measured {
	($($generics:ident)? => $target:ty, $db:ty) => {
		impl$(<$generics: frame_system::Config>)? WeightInfo for $target {
			// As `set_encryption_key`; to be measured.
			fn set_acting_key() -> Weight {
				Weight::from_parts(45_000_000, 5000)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// For each share a person's entry and key, the desk of the person's account, an index entry and a share; the
			// former eight guardians, and eight requests with their shares; to be measured.
			fn set_guardians(s: u32) -> Weight {
				Weight::from_parts(150_000_000, 40_000)
					.saturating_add(Weight::from_parts(9_000_000, 3_732).saturating_mul(s.into()))
					.saturating_add(<$db>::get().reads(36_u64))
					.saturating_add(<$db>::get().reads(4_u64.saturating_mul(s.into())))
					.saturating_add(<$db>::get().writes(33_u64))
					.saturating_add(<$db>::get().writes(2_u64.saturating_mul(s.into())))
			}
			// The former eight guardians, and eight requests with their shares; to be measured.
			fn remove_guardians() -> Weight {
				Weight::from_parts(150_000_000, 40_000)
					.saturating_add(<$db>::get().reads(32_u64))
					.saturating_add(<$db>::get().writes(33_u64))
			}
			// As `change_account`, with the other requests, the end of those that have lapsed, and the agenda; to be measured.
			fn request_recovery() -> Weight {
				Weight::from_parts(235_000_000, 40_000)
					.saturating_add(<$db>::get().reads(43_u64))
					.saturating_add(<$db>::get().writes(19_u64))
			}
			// The guardian, the guardians, the other requests, and what else the account is; to be measured.
			fn approve_recovery() -> Weight {
				Weight::from_parts(70_000_000, 20_000)
					.saturating_add(<$db>::get().reads(23_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// As `approve_recovery`, with the shares of one request; to be measured.
			fn withdraw_approval() -> Weight {
				Weight::from_parts(70_000_000, 20_000)
					.saturating_add(<$db>::get().reads(16_u64))
					.saturating_add(<$db>::get().writes(11_u64))
			}
			// The guardian, the guardians and what became of each, the request and a share; to be measured.
			fn hand_over_share() -> Weight {
				Weight::from_parts(75_000_000, 15_000)
					.saturating_add(<$db>::get().reads(25_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// As `rotate_chart_key` and a change of account, with the guardians and what became of each, eight requests,
			// sixteen represented patients, and `remove_emergency_plan`; to be measured.
			fn finish_recovery(d: u32) -> Weight {
				Self::remove_emergency_plan()
					.saturating_add(Weight::from_parts(400_000_000, 100_000))
					.saturating_add(Weight::from_parts(27_000_000, 5_069).saturating_mul(d.into()))
					.saturating_add(<$db>::get().reads(111_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(d.into())))
					.saturating_add(<$db>::get().writes(100_u64))
					.saturating_add(<$db>::get().writes(2_u64.saturating_mul(d.into())))
			}
			// As a change of account, with a new key, the guardians and eight requests; to be measured.
			fn finish_doctors_recovery() -> Weight {
				Weight::from_parts(275_000_000, 45_000)
					.saturating_add(<$db>::get().reads(67_u64))
					.saturating_add(<$db>::get().writes(50_u64))
			}
			// A request, and its shares; to be measured.
			fn veto_recovery() -> Weight {
				Weight::from_parts(60_000_000, 15_000)
					.saturating_add(<$db>::get().reads(11_u64))
					.saturating_add(<$db>::get().writes(9_u64))
			}
			// As `veto_recovery`; to be measured.
			fn cancel_recovery() -> Weight {
				Weight::from_parts(60_000_000, 15_000)
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().writes(9_u64))
			}
			// Two people's entries, an item, an index and the agenda; to be measured.
			fn name_representative() -> Weight {
				Weight::from_parts(45_000_000, 5_000)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			// A registrar, two people's entries, a key, an item and two indices; to be measured.
			fn confirm_representative() -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// As `end_representation`, with a registrar; to be measured.
			fn refuse_representative() -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(<$db>::get().reads(8_u64))
					.saturating_add(<$db>::get().writes(7_u64))
			}
			// The patient's entry, an item, the representative's key, and the sealed secret; to be measured.
			fn seal_to_representative() -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// An item, two indices, the secret, two entries of the agenda and the chart; to be measured.
			fn end_representation() -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(7_u64))
			}
			// As `end_representation`; to be measured.
			fn resign_representation() -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(7_u64))
			}
			// As `add_records`, with the representative's entry and scopes; to be measured.
			fn add_records_for(r: u32) -> Weight {
				Weight::from_parts(55_000_000, 8_000)
					.saturating_add(Weight::from_parts(9_000_000, 2_600).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(12_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
			}
			// As `grant_access` and `make_room`, with the representative's entry and scopes; to be measured.
			fn grant_access_for() -> Weight {
				Weight::from_parts(700_000_000, 180_000)
					.saturating_add(<$db>::get().reads(82_u64))
					.saturating_add(<$db>::get().writes(12_u64))
			}
			// As `revoke_access`, with the representative's entry and scopes; to be measured.
			fn revoke_access_for(d: u32) -> Weight {
				Weight::from_parts(45_000_000, 8_000)
					.saturating_add(Weight::from_parts(26_000_000, 3_700).saturating_mul(d.into()))
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(d.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(5_u64.saturating_mul(d.into())))
			}
			// For each share a hospital's key, and a share; for each record a read; and `remove_emergency_plan`; to be
			// measured.
			fn set_emergency_plan(s: u32, r: u32) -> Weight {
				Self::remove_emergency_plan()
					.saturating_add(Weight::from_parts(60_000_000, 10_000))
					.saturating_add(Weight::from_parts(6_000_000, 3_732).saturating_mul(s.into()))
					.saturating_add(Weight::from_parts(3_000_000, 2_600).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(s.into())))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(s.into())))
			}
			// The patient's entry, the plan and what it opens; to be measured.
			fn renew_emergency_key() -> Weight {
				Weight::from_parts(45_000_000, 8_000)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// A plan with eight holders, eight requests with as many shares each, and sixteen open emergencies with as
			// many; to be measured.
			fn remove_emergency_plan() -> Weight {
				Weight::from_parts(500_000_000, 200_000)
					.saturating_add(<$db>::get().reads(240_u64))
					.saturating_add(<$db>::get().writes(300_u64))
			}
			// The doctor's entry, the access that the doctor has, the plan, eight requests and their doctors,
			// the end of one, the shares of an earlier emergency, and a list for each holder; to be measured.
			fn request_emergency() -> Weight {
				Weight::from_parts(230_000_000, 46_000)
					.saturating_add(<$db>::get().reads(58_u64))
					.saturating_add(<$db>::get().writes(36_u64))
			}
			// A registrar, the doctor's entry, the plan, the request, each hospital that has confirmed it, the chart, a list
			// for each holder, and the shares of an emergency that makes room; to be measured.
			fn confirm_emergency() -> Weight {
				Weight::from_parts(130_000_000, 40_000)
					.saturating_add(<$db>::get().reads(30_u64))
					.saturating_add(<$db>::get().writes(24_u64))
			}
			// A request or an emergency, its shares and a list for each holder; to be measured.
			fn end_emergency() -> Weight {
				Weight::from_parts(90_000_000, 20_000)
					.saturating_add(<$db>::get().reads(16_u64))
					.saturating_add(<$db>::get().writes(18_u64))
			}
			// As `end_emergency`: to close one that is open takes less than to end a request. To be measured.
			fn withdraw_emergency_request() -> Weight {
				Weight::from_parts(90_000_000, 20_000)
					.saturating_add(<$db>::get().reads(14_u64))
					.saturating_add(<$db>::get().writes(17_u64))
			}
			// The patient's entry and the emergencies; to be measured.
			fn review_emergency() -> Weight {
				Weight::from_parts(40_000_000, 8_000)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// As in `pallet_medical_records`; to be measured.
			fn settle(g: u32) -> Weight {
				Weight::from_parts(20_000_000, 3524)
					.saturating_add(Weight::from_parts(14_500_000, 5069).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(3_u64.saturating_mul(g.into())))
			}
			// As in `pallet_medical_records`; to be measured.
			fn recipients(g: u32) -> Weight {
				Self::settle(g)
					.saturating_add(Weight::from_parts(20_000_000, 0))
					.saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(8_u64))
			}
			// The first hour and the clock; to be measured.
			fn on_idle_base() -> Weight {
				Weight::from_parts(5_000_000, 1_500)
					.saturating_add(<$db>::get().reads(2_u64))
			}
			// A task, and the end of the largest of what can end: a request with eight shares, on the lists of
			// eight holders; to be measured.
			fn sweep() -> Weight {
				Weight::from_parts(100_000_000, 20_000)
					.saturating_add(<$db>::get().reads(16_u64))
					.saturating_add(<$db>::get().writes(20_u64))
			}
		}
	};
}

measured!(T => SubstrateWeight<T>, T::DbWeight);
measured!(=> (), ParityDbWeight);
