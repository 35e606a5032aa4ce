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
			(Role::Controller, 100_000),
		] {
			FairUsage::gained(&900, role);
			assert_eq!(capacity(), expected);
		}
		for (role, expected) in [
			(Role::Controller, 100_000),
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
		refused(submit(1, 1, &retraction(), 1), InvalidTransaction::ExhaustsResources);
		pass(50);
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
			refill: 100,
			left_for_revocation: 1_100,
			hospital: None,
			units_per_byte: 4,
		};
		assert_eq!(FairUsage::remaining(1), expected);
	});
}
