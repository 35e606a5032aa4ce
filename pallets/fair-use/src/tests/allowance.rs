//! Allowances, and their recovery.

use super::*;
use codec::Encode;
use frame_support::assert_ok;
use medblock_primitives::{Role, Roles};

fn a_patient(who: AccountId) {
	FairUsage::gained(&who, Role::Patient);
}

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
		let capacity = || FairUsage::remaining(1).capacity;
		assert_ok!(apply(1, 0, &registration(), 1));
		assert_eq!(capacity(), 100);
		for (role, expected) in [
			(Role::Patient, 1_000),
			(Role::Doctor, 2_000),
			(Role::Registrar, 10_000),
			(Role::Controller, 10_000),
		] {
			FairUsage::gained(&1, role);
			assert_eq!(capacity(), expected);
		}
		for (role, expected) in [
			(Role::Controller, 10_000),
			(Role::Registrar, 2_000),
			(Role::Patient, 2_000),
			(Role::Doctor, 100),
		] {
			FairUsage::lost(&1, role);
			assert_eq!(capacity(), expected);
		}
	});
}

#[test]
fn spent_allowance_comes_back_block_by_block() {
	chain(|| {
		a_patient(1);
		for nonce in 0..10 {
			assert_ok!(apply(1, nonce, &remark(), 100));
		}
		assert_eq!(remaining(1), 0);
		refused(submit(1, 10, &remark(), 1), InvalidTransaction::ExhaustsResources);
		let in_block = InvalidTransaction::Custom(ALLOWANCE_SPENT);
		refused(apply(1, 10, &remark(), 1), in_block);
		at_block(2);
		assert_eq!(remaining(1), 10);
		refused(submit(1, 10, &remark(), 11), InvalidTransaction::ExhaustsResources);
		assert_ok!(submit(1, 10, &remark(), 10));
		assert_ok!(apply(1, 10, &remark(), 10));
		at_block(1_000);
		assert_eq!(remaining(1), 1_000);
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
fn bytes_count_as_well() {
	chain(|| {
		a_patient(1);
		let of_length = |len| {
			let source = TransactionSource::External;
			FairUse::<Test>(0)
				.validate(signed(1), &remark(), &costs(0), len, (), &TxBaseImplication(()), source)
				.map(|_| ())
		};
		assert_ok!(of_length(1_000));
		refused(of_length(1_001), InvalidTransaction::ExhaustsResources);
		refused(of_length(usize::MAX), InvalidTransaction::ExhaustsResources);
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
		// An unverified person hands over nothing but the used units.
		assert_ok!(apply(3, 0, &registration(), 60));
		FairUsage::succeeded(&3, &4, None);
		assert_eq!(remaining(4), 40);
	});
}

#[test]
fn losing_a_role_leaves_the_reserve_for_revocations() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1_000));
		FairUsage::lost(&1, Role::Patient);
		assert_eq!(remaining(1), 0);
		assert_eq!(FairUsage::remaining(1).left_for_revocation, 500);
		assert_ok!(submit(1, 1, &urgent(), 500));
	});
}
