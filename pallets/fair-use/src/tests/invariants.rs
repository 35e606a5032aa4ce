//! The checks find what they are there for: no call reaches these states, and no runtime has these constants.

use super::*;
use frame_support::traits::Hooks;
use std::{collections::BTreeMap, panic::catch_unwind};

#[track_caller]
fn broken(expected: &'static str, damage: impl FnOnce()) {
	externalities().execute_with(|| {
		FairUsage::do_sponsor(HospitalId(0), 1).unwrap();
		FairUsage::do_sponsor(HospitalId(1), 1).unwrap();
		FairUsage::do_sponsor(HospitalId(1), 2).unwrap();
		FairUsage::do_try_state().unwrap();
		damage();
		assert_eq!(FairUsage::do_try_state(), Err(expected.into()));
	});
}

#[test]
fn sponsored() {
	const WHY: &str = "sponsored: the counts differ";
	broken(WHY, || SponsoredBy::<Test>::insert(HospitalId(1), 1));
	broken(WHY, || SponsoredBy::<Test>::insert(HospitalId(2), 1));
	broken(WHY, || SponsoredBy::<Test>::remove(HospitalId(0)));
	broken(WHY, || Sponsorships::<Test>::insert(3, HospitalId(0), 0));
	broken(WHY, || Sponsorships::<Test>::remove(1, HospitalId(0)));
	broken(WHY, || Departures::<Test>::insert(HospitalId(1), 1));
	let why = "sponsored: after a departure that was not";
	broken(why, || Sponsorships::<Test>::insert(1, HospitalId(0), 1));
}

#[test]
fn within_capacity() {
	const WHY: &str = "within-capacity: more was used than there is";
	let of_hospital = |used| {
		HospitalUses::<Test>::insert(HospitalId(1), HospitalUse { used, ..Default::default() });
	};
	let of_lane = |used| OpenLane::<Test>::put(LaneUse { used, ..Default::default() });
	externalities().execute_with(|| {
		// As much as there is, and what is reserved for the controller.
		of_hospital(100_400);
		of_lane(100);
		FairUsage::do_try_state().unwrap();
	});
	broken(WHY, || of_hospital(100_401));
	broken(WHY, || of_lane(101));
}

#[test]
fn roles() {
	let none = RoleSet::default();
	let is = |role| none.with(role);
	let suspended = |role| none.suspended(role);
	externalities().execute_with(|| {
		FairUsage::gained(&1, Role::Patient);
		FairUsage::lost(&1, Role::Patient);
		FairUsage::gained(&2, Role::Registrar);
		let check = |one, other| {
			GIVEN.set(Some(BTreeMap::from([(1, one), (2, other)])));
			let found = FairUsage::do_try_state();
			GIVEN.set(None);
			found
		};
		let (patient, registrar) = (suspended(Role::Patient), is(Role::Registrar));
		assert_eq!(check(patient, registrar), Ok(()));
		for (one, other) in [
			(none, registrar),
			(is(Role::Patient), registrar),
			(suspended(Role::Doctor), registrar),
			(patient, none),
			(patient, is(Role::Operator)),
			(patient, registrar.with(Role::Controller)),
		] {
			let why = "roles: an account has others than it was given";
			assert_eq!(check(one, other), Err(why.into()), "{one:?}, {other:?}");
		}
		assert_eq!(FairUsage::do_try_state(), Ok(()), "nothing is known");
	});
}

/// What building a runtime with these constants says, if it fails.
fn verdict() -> Option<&'static str> {
	let why = catch_unwind(<FairUsage as Hooks<u64>>::integrity_test).err()?;
	Some(why.downcast_ref::<&'static str>().copied().unwrap_or("another panic"))
}

fn verdict_with(change: impl FnOnce(&mut Allowances)) -> Option<&'static str> {
	let fit = TestAllowances::get();
	let mut changed = fit;
	change(&mut changed);
	TestAllowances::set(changed);
	let verdict = verdict();
	TestAllowances::set(fit);
	verdict
}

#[test]
fn every_allowance_refills() {
	assert_eq!(verdict(), None);
	let changes: [fn(&mut Allowances); 5] = [
		|all| all.open_lane.capacity = 0,
		|all| all.pending.capacity = 0,
		|all| all.patient.capacity = 0,
		|all| all.doctor.capacity = 0,
		|all| all.hospital.capacity = 0,
	];
	for change in changes {
		let why = "an allowance that never refills locks people out";
		assert_eq!(verdict_with(change), Some(why));
	}
	// A day is what counts, not what an allowance holds.
	let slow = |all: &mut Allowances| all.open_lane.refill = 100 * 86_400 + 1;
	assert_eq!(verdict_with(slow), Some("an allowance that never refills locks people out"));
}

#[test]
fn more_trusted_accounts_have_more() {
	let changes: [fn(&mut Allowances); 3] = [
		|all| all.pending = all.patient,
		|all| all.patient = all.doctor,
		|all| all.doctor = all.hospital,
	];
	for change in changes {
		assert_eq!(verdict_with(change), Some("more trusted accounts may use more"));
	}
}

#[test]
fn debt_of_an_account_fits_into_its_entry() {
	let with = |capacity, reserve| {
		verdict_with(|all| {
			all.doctor.capacity = capacity;
			all.hospital.capacity = 1 << 40;
			all.revocation_reserve = reserve;
		})
	};
	// Twice this, and the reserve, are all of 32 bits.
	let most = 2_147_483_397;
	assert_eq!(with(most, 501), None);
	let why = Some("an account's used units have 32 bits");
	assert_eq!((with(most, 502), with(most + 1, 501)), (why, why));
}

#[test]
fn hospital_has_a_share() {
	for share in [Share { computation: 0, length: 1 }, Share { computation: 1, length: 0 }] {
		let fit = TestShare::get();
		TestShare::set(share);
		assert_eq!(verdict(), Some("a hospital without a share can't act"));
		TestShare::set(fit);
	}
}

/// Numbers that no runtime has.
#[test]
fn allowance_that_refills_at_once_is_always_whole() {
	let allowance = Allowance { capacity: 10, refill: 0 };
	assert_eq!(allowance.in_use_after(7, 0), 0);
	assert_eq!(allowance.a_day(), u64::MAX);
}
