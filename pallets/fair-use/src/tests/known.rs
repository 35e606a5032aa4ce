//! The nonce, the order, and who may send what.

use super::*;
use frame_support::assert_ok;
use sp_runtime::traits::AsTransactionAuthorizedOrigin;

#[test]
fn each_nonce_is_used_once_and_in_order() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1));
		refused(apply(1, 0, &remark(), 1), InvalidTransaction::Stale);
		refused(apply(1, 2, &remark(), 1), InvalidTransaction::Future);
		assert_ok!(apply(1, 1, &remark(), 1));
		assert_eq!(entry(1).nonce, 2);
	});
}

#[test]
fn transactions_wait_for_each_other_within_the_window() {
	chain(|| {
		a_patient(1);
		assert_ok!(apply(1, 0, &remark(), 1));
		let first = submit(1, 1, &remark(), 1).unwrap();
		assert!(first.requires.is_empty());
		let second = submit(1, 2, &remark(), 1).unwrap();
		assert_eq!(second.requires, first.provides);
		assert_ok!(submit(1, 17, &remark(), 1));
		refused(submit(1, 18, &remark(), 1), InvalidTransaction::Future);
	});
}

#[test]
fn tags_are_those_that_nodes_and_wallets_know() {
	use codec::Encode;
	chain(|| {
		a_patient(1);
		let valid = submit(1, 0, &remark(), 1).unwrap();
		assert_eq!(valid.provides, vec![(1u64, 0u32).encode()]);
		assert_eq!(FairUse::<Test>(300).encode(), codec::Compact(300u32).encode());
		assert_eq!(FairUse::<Test>::IDENTIFIER, "CheckNonce");
		assert_eq!(format!("{:?}", FairUse::<Test>(3)), "CheckNonce(3)");
	});
}

#[test]
fn calls_outside_the_list_get_nowhere() {
	chain(|| {
		FairUsage::gained(&900, Role::Controller);
		let call = frame_system::Call::set_code { code: vec![] }.into();
		refused(submit(900, 0, &call, 1), InvalidTransaction::Call);
		refused(apply(900, 0, &call, 1), InvalidTransaction::Call);
		assert_eq!(entry(900).nonce, 0);
	});
}

#[test]
fn more_trusted_accounts_come_earlier_and_revocations_first() {
	chain(|| {
		let priority = |who, call| submit(who, entry(who).nonce, &call, 1).unwrap().priority;
		let open = priority(1, registration());
		registers(1);
		let pending = priority(1, correction());
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 4));
		let sponsored = priority(4, registration());
		a_patient(1);
		let patient = priority(1, remark());
		FairUsage::gained(&2, Role::Doctor);
		assert_eq!(priority(2, remark()), patient);
		a_registrar(900);
		let hospital = priority(900, remark());
		let revocation = priority(1, urgent());
		assert_eq!([open, pending, sponsored, patient, hospital], [0, 1, 2, 3, 4]);
		assert_eq!(revocation, u64::MAX);
	});
}

#[test]
fn what_nobody_signed_is_none_of_its_business() {
	chain(|| {
		let none = RuntimeOrigin::none();
		assert!(!none.is_transaction_authorized());
		let extension = FairUse::<Test>(0);
		let info = costs(1);
		let source = TransactionSource::InBlock;
		let (valid, val, origin) = extension
			.validate(none, &remark(), &info, 0, (), &TxBaseImplication(()), source)
			.unwrap();
		assert_eq!(valid, ValidTransaction::default());
		let pre = extension.prepare(val, &origin, &remark(), &info, 0).unwrap();
		let post = PostDispatchInfo::default();
		assert_ok!(FairUse::<Test>::post_dispatch_details(pre, &info, &post, 0, &Ok(())));
	});
}

#[test]
fn last_nonce_is_never_followed_by_the_first() {
	chain(|| {
		a_patient(1);
		frame_system::Account::<Test>::mutate(1, |account| account.nonce = u32::MAX);
		refused(apply(1, u32::MAX, &remark(), 1), InvalidTransaction::Stale);
	});
}
