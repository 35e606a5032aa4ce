//! Allowances, and their recovery.

use super::*;
use codec::Encode;
use frame_support::assert_ok;

#[test]
fn wallets_find_a_balance_of_nothing() {
	chain(|| {
		a_patient(1);
		let data = entry(1).data;
		assert_eq!((data.free, data.reserved), (0, 0));
		// With its nonce and counters, of the chain's own types: below thirty bytes.
		let account = frame_system::AccountInfo {
			nonce: 0u32,
			consumers: 0,
			providers: 1,
			sufficients: 0,
			data,
		};
		assert_eq!(account.encode().len(), 27);
	});
}

#[test]
fn allowance_goes_by_the_highest_role() {
	chain(|| {
		let capacity = || FairUsage::remaining(900).capacity;
		registers(900);
		assert_eq!(capacity(), 100);
		for (role, expected) in [
			(Role::Patient, 1_000),
			(Role::Doctor, 2_000),
			(Role::Registrar, 100_000),
			(Role::Operator, 100_000),
			(Role::Vault, 100_000),
			(Role::Controller, 100_000),
		] {
			FairUsage::gained(&900, role);
			assert_eq!(capacity(), expected);
		}
		for (role, expected) in [
			(Role::Controller, 100_000),
			(Role::Vault, 100_000),
			(Role::Operator, 100_000),
			(Role::Registrar, 2_000),
			(Role::Patient, 2_000),
			// Suspended, which is more than never known.
			(Role::Doctor, 1_000),
		] {
			FairUsage::lost(&900, role);
			assert_eq!(capacity(), expected);
		}
	});
}

#[test]
fn spent_allowance_comes_back_with_time_whatever_the_number_of_blocks() {
	chain(|| {
		a_patient(1);
		for nonce in 0..10 {
			assert_ok!(apply(1, nonce, &remark(), 100));
		}
		assert_eq!(remaining(1), 0);
		refused(submit(1, 10, &remark(), 1), InvalidTransaction::ExhaustsResources);
		let in_block = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(1, 10, &remark(), 1), in_block);
		System::set_block_number(1_000);
		assert_eq!(remaining(1), 0, "blocks bring nothing back");
		pass(1);
		assert_eq!(remaining(1), 10);
		refused(submit(1, 10, &remark(), 11), InvalidTransaction::ExhaustsResources);
		assert_ok!(submit(1, 10, &remark(), 10));
		assert_ok!(apply(1, 10, &remark(), 10));
		pass(99);
		assert_eq!(remaining(1), 990);
		pass(1);
		assert_eq!(remaining(1), 1_000);
		pass(1_000_000);
		assert_eq!(remaining(1), 1_000);
	});
}

/// A chain that is upgraded from one that counted blocks, or whose clock stands still, locks no account out.
#[test]
fn units_used_at_any_number_come_back() {
	chain(|| {
		a_patient(1);
		frame_system::Account::<Test>::mutate(1, |account| {
			account.data.used = u32::MAX;
			account.data.at = 17;
		});
		assert_eq!(remaining(1), 1_000);
		frame_system::Account::<Test>::mutate(1, |account| {
			account.data.used = 400;
			account.data.at = u32::MAX;
		});
		assert_eq!(remaining(1), 600);
	});
}

#[test]
fn those_that_wait_count() {
	chain(|| {
		a_patient(1);
		assert_ok!(submit(1, 4, &remark(), 200));
		refused(submit(1, 5, &remark(), 200), InvalidTransaction::ExhaustsResources);
	});
}

#[test]
fn each_byte_takes_several_units() {
	chain(|| {
		a_patient(1);
		let of_length = |length| {
			validate_long(TransactionSource::External, 1, 0, &remark(), 0, length).map(|_| ())
		};
		assert_ok!(of_length(250));
		refused(of_length(251), InvalidTransaction::ExhaustsResources);
		refused(of_length(usize::MAX), InvalidTransaction::ExhaustsResources);
		assert_eq!(FairUsage::remaining(1).units_per_byte, 4);
	});
}

#[test]
fn what_a_call_did_not_take_is_given_back() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply_with(1, 0, &remark(), 900, Ok(()), Some(50)));
		assert_eq!(remaining(1), 950);
		assert_ok!(apply_with(1, 1, &remark(), 900, Ok(()), None));
		assert_eq!(remaining(1), 50);
	});
}

#[test]
fn reserve_is_for_revocations_alone() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1_000));
		refused(submit(1, 1, &remark(), 1), InvalidTransaction::ExhaustsResources);
		assert_eq!(FairUsage::remaining(1).left_for_revocation, 500);
		assert_ok!(submit(1, 1, &urgent(), 500));
		refused(submit(1, 1, &urgent(), 501), InvalidTransaction::ExhaustsResources);
		// Those before it count, or a queue of them would fill the pool.
		refused(submit(1, 2, &urgent(), 300), InvalidTransaction::ExhaustsResources);
		assert_ok!(apply(1, 1, &urgent(), 300));
		assert_ok!(apply(1, 2, &urgent(), 200));
		refused(apply(1, 3, &urgent(), 1), InvalidTransaction::Custom(ALLOWANCE_SPENT));
	});
}

/// A thief of the account's key used up the allowance, and the owner could not rotate.
#[test]
fn rotation_has_the_reserve_too() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1_000));
		refused(submit(1, 1, &retraction(), 501), InvalidTransaction::ExhaustsResources);
		assert_eq!(submit(1, 1, &retraction(), 500).unwrap().priority, 3);
		assert_ok!(apply(1, 1, &retraction(), 500));
		refused(apply(1, 2, &urgent(), 1), InvalidTransaction::Custom(ALLOWANCE_SPENT));
	});
}

/// A thief can spend the reserve as well, by calls that take nothing away.
#[test]
fn owner_undoes_what_a_thief_did_however_much_the_thief_spent() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1_000));
		assert_ok!(apply(1, 1, &urgent(), 500));
		refused(submit(1, 2, &undoing(), 100), InvalidTransaction::ExhaustsResources);
		can_undo(1, 1);
		assert_eq!(submit(1, 2, &undoing(), 100).unwrap().priority, u64::MAX);
		// Behind another one that could undo the same, as any other.
		refused(submit(1, 3, &undoing(), 100), InvalidTransaction::ExhaustsResources);
		assert_ok!(apply(1, 2, &undoing(), 100));
		can_undo(1, 0);
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(1, 3, &undoing(), 100), spent);
		// It is a debt, which is repaid first.
		assert_eq!(entry(1).data.used, 1_600);
		pass(60);
		refused(apply(1, 3, &remark(), 1), spent);
		pass(1);
		assert_eq!(remaining(1), 10);
	});
}

/// Otherwise undoing would be a free lane.
#[test]
fn account_that_does_and_undoes_gets_no_more_than_its_allowance() {
	chain(|| {
		a_patient(1);
		let (mut done, mut taken) = (0, 0);
		for _ in 0..1_000 {
			if apply(1, entry(1).nonce, &remark(), 100).is_ok() {
				(done, taken) = (done + 1, taken + 100);
			}
			can_undo(1, done);
			if done > 0 && apply(1, entry(1).nonce, &undoing(), 300).is_ok() {
				(done, taken) = (done - 1, taken + 300);
			}
			pass(1);
		}
		assert!(taken <= 1_000 + 10 * 1_000 + 500 + 300, "{taken}");
	});
}

/// A hospital pays for what its staff do, so their own allowance bounds none of it.
#[test]
fn staff_owe_no_more_than_a_full_allowance() {
	chain(|| {
		a_patient(900);
		a_registrar(900);
		can_undo(900, u32::MAX);
		let mut taken = 0;
		while apply(900, entry(900).nonce, &undoing(), 300).is_ok() {
			taken += 300;
			assert!(taken < 10_000, "the debt has no end");
		}
		// The allowance, the reserve, and a full allowance of debt, over which the last one may go.
		assert_eq!(taken, 2_700);
		let spent = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(900, entry(900).nonce, &undoing(), 300), spent);
		// It is repaid as any other.
		pass(21);
		assert_ok!(apply(900, entry(900).nonce, &undoing(), 300));
	});
}

/// An operator could leave and join again, and have the reserve anew each time.
#[test]
fn role_at_a_hospital_gives_nothing_back() {
	chain(|| {
		a_patient(900);
		assert_ok!(apply(900, 0, &urgent(), 1_400));
		let left = || FairUsage::remaining(900).left_for_revocation;
		FairUsage::gained(&900, Role::Operator);
		assert_eq!(left(), 100);
		FairUsage::lost(&900, Role::Operator);
		assert_eq!(left(), 100);
		// The hospital's decision about the person does: the account may be in wrong hands.
		FairUsage::lost(&900, Role::Patient);
		assert_eq!(left(), 500);
	});
}

/// A person could change the account again and again, and have the reserve anew each time.
#[test]
fn change_of_account_gives_nothing_back() {
	chain(|| {
		let left = |who| FairUsage::remaining(who).left_for_revocation;
		a_patient(1);
		assert_ok!(apply(1, 0, &urgent(), 1_400));
		FairUsage::succeeded(&1, &2, Some(Role::Patient));
		assert_eq!((left(2), entry(2).data.used), (100, 1_400));
		// A debt goes along, too.
		can_undo(2, 1);
		assert_ok!(apply(2, 0, &undoing(), 300));
		FairUsage::succeeded(&2, &4, Some(Role::Patient));
		assert_eq!(FairUsage::remaining(4).debt_for_revocation, 200);
		// The accounts before have nothing to do with it any more.
		assert!(entry(1).data.used < 1_000 && entry(2).data.used < 1_000);
	});
}

#[test]
fn another_account_inherits_what_was_used() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 800));
		FairUsage::succeeded(&1, &2, Some(Role::Patient));
		assert_eq!((remaining(1), remaining(2)), (0, 200));
		assert_eq!(entry(2).providers, 1);
		// A suspended person hands over what suspended people may use, and no role.
		FairUsage::lost(&2, Role::Patient);
		FairUsage::succeeded(&2, &4, None);
		assert_eq!(remaining(4), 200);
		refused(submit(4, 0, &remark(), 1), InvalidTransaction::Call);
	});
}

#[test]
fn suspended_person_keeps_the_allowance_for_taking_away_access() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1_000));
		FairUsage::lost(&1, Role::Patient);
		SUSPENDED.with_borrow_mut(|suspended| suspended.insert(1));
		refused(submit(1, 1, &remark(), 1), InvalidTransaction::Call);
		assert_eq!(FairUsage::remaining(1).left_for_revocation, 500);
		assert_ok!(submit(1, 1, &urgent(), 500));
		refused(submit(1, 1, &retraction(), 501), InvalidTransaction::ExhaustsResources);
		assert_eq!(submit(1, 1, &retraction(), 500).unwrap().priority, 3);
		assert_ok!(apply(1, 1, &retraction(), 500));
	});
}

#[test]
fn remaining_names_the_time_in_which_an_allowance_refills() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 400));
		let expected = Remaining {
			capacity: 1_000,
			left: 600,
			debt: 0,
			refill: 100,
			left_for_revocation: 1_100,
			debt_for_revocation: 0,
			own: Allowance { capacity: 1_000, refill: 100 },
			hospital: None,
			units_per_byte: 4,
		};
		assert_eq!(FairUsage::remaining(1), expected);
	});
}

/// Clients told a time in which less came back than had to.
#[test]
fn remaining_names_what_has_to_come_back_first() {
	chain(|| {
		a_patient(1);
		let debts = || {
			let Remaining { left, debt, left_for_revocation, debt_for_revocation, .. } =
				FairUsage::remaining(1);
			(left, debt, left_for_revocation, debt_for_revocation)
		};
		assert_ok!(apply(1, 0, &urgent(), 1_000));
		assert_eq!(debts(), (0, 0, 500, 0));
		assert_ok!(apply(1, 1, &urgent(), 500));
		assert_eq!(debts(), (0, 500, 0, 0));
		can_undo(1, 1);
		assert_ok!(apply(1, 2, &undoing(), 100));
		assert_eq!(debts(), (0, 600, 0, 100));
		pass(10);
		assert_eq!(debts(), (0, 500, 0, 0));
		pass(51);
		assert_eq!(debts(), (10, 0, 510, 0));
	});
}

#[test]
fn remaining_tells_a_hospitals_units_from_the_own_ones() {
	chain(|| {
		a_patient(900);
		a_registrar(900);
		HospitalUses::<Test>::mutate(HospitalId(0), |used| {
			used.used = 100_300;
			used.at = FairUsage::now();
		});
		assert_ok!(apply(900, 0, &urgent(), 1_400));
		let expected = Remaining {
			capacity: 100_000,
			left: 0,
			debt: 300,
			refill: 100,
			left_for_revocation: 100,
			debt_for_revocation: 0,
			own: Allowance { capacity: 1_000, refill: 100 },
			hospital: Some(HospitalId(0)),
			units_per_byte: 4,
		};
		assert_eq!(FairUsage::remaining(900), expected);
	});
}

/// The debt ends where it is as large as the allowance, and not one unit later.
#[test]
fn debt_ends_at_a_full_allowance() {
	for (first, may_go_on) in [(999, true), (1_000, false)] {
		chain(|| {
			a_patient(1);
			can_undo(1, u32::MAX);
			assert_ok!(apply(1, 0, &urgent(), 1_500));
			assert_ok!(apply(1, 1, &undoing(), first));
			assert_eq!(apply(1, 2, &undoing(), 1).is_ok(), may_go_on, "{first}");
		});
	}
}

/// Whatever the decision is, what is more than a full allowance ends.
#[test]
fn debt_ends_when_a_hospital_decides_about_the_person() {
	chain(|| {
		let left = |who| FairUsage::remaining(who).left_for_revocation;
		a_patient(1);
		FairUsage::lost(&1, Role::Patient);
		assert_ok!(apply(1, 0, &urgent(), 1_500));
		assert_eq!(left(1), 0);
		FairUsage::gained(&1, Role::Patient);
		assert_eq!((left(1), entry(1).data.used), (500, 1_000));

		FairUsage::gained(&2, Role::Doctor);
		assert_ok!(apply(2, 0, &urgent(), 2_500));
		FairUsage::lost(&2, Role::Doctor);
		assert_eq!((left(2), entry(2).data.used), (500, 1_000));
		assert_ok!(apply(2, 1, &urgent(), 500));
		FairUsage::gained(&2, Role::Doctor);
		assert_eq!((left(2), entry(2).data.used), (1_000, 1_500), "that is no more");
	});
}

/// Only that the person is suspended goes along.
#[test]
fn account_that_takes_over_a_suspended_person_gets_no_role_of_the_other() {
	chain(|| {
		a_patient(900);
		a_registrar(900);
		FairUsage::lost(&900, Role::Patient);
		FairUsage::succeeded(&900, &4, None);
		let roles = entry(4).data.roles;
		assert!(!roles.is_staff() && !roles.is_person());
		assert_eq!(FairUsage::remaining(4).own.capacity, 1_000);
		assert!(entry(900).data.roles.contains(Role::Registrar), "that stays");
		// One that was suspended, too, stays so.
		FairUsage::succeeded(&900, &4, None);
		assert_eq!(FairUsage::remaining(4).own.capacity, 1_000);
	});
}

/// Its person is another account's. If it registers again, it waits to be verified like any other.
#[test]
fn suspension_that_has_ended_leaves_nothing_to_an_account_without_a_person() {
	chain(|| {
		let capacity = |who| FairUsage::remaining(who).own.capacity;
		for (role, verified) in [(Role::Patient, 1_000), (Role::Doctor, 2_000)] {
			FairUsage::gained(&1, role);
			FairUsage::lost(&1, role);
			FairUsage::gained(&1, role);
			FairUsage::succeeded(&1, &2, Some(role));
			assert_eq!((capacity(1), capacity(2)), (100, verified));
		}
		// A suspended doctor stays with the account that hands its patient over.
		a_patient(3);
		FairUsage::gained(&3, Role::Doctor);
		FairUsage::lost(&3, Role::Doctor);
		FairUsage::succeeded(&3, &4, Some(Role::Patient));
		assert_eq!((capacity(3), capacity(4)), (1_000, 1_000));
		FairUsage::gained(&3, Role::Doctor);
		FairUsage::succeeded(&3, &4, Some(Role::Doctor));
		assert_eq!((capacity(3), capacity(4)), (100, 2_000));
	});
}

/// In a block nothing waits before it, so that its nonce is the reason.
#[test]
fn transaction_out_of_order_in_a_block_is_not_refused_for_its_cost() {
	chain(|| {
		a_patient(1);
		refused(apply(1, 5, &remark(), 200), InvalidTransaction::Future);
		refused(submit(1, 5, &remark(), 200), InvalidTransaction::ExhaustsResources);
	});
}
